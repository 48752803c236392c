"""Put on PYTHONPATH of the server under test: writes down every connection it or a child tries to open elsewhere."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

LOG = os.environ.get("COHORTLENS_CALLS_LOG", "")


def _watch(name: str) -> None:
    real = getattr(socket.socket, name)

    def watched(self: socket.socket, address: Any) -> Any:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if host and host != "localhost" and host != "::1" and not host.startswith("127."):
            with open(LOG, "a", encoding="utf-8") as log:
                log.write(f"{address!r} from {' '.join(sys.argv)}\n")
        return real(self, address)

    setattr(socket.socket, name, watched)


if LOG:
    _watch("connect")
    _watch("connect_ex")
