"""A wire between browser and server that can be cut and joined again: a socket that drops, a server that is away."""

from __future__ import annotations

import contextlib
import socket
import threading
import urllib.parse
from collections.abc import Iterator


class Wire:
    """Passes every connection to its own port on to a server; cut, it drops all and takes none."""

    def __init__(self, url: str) -> None:
        self.port = 0
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self.lead_to(url)
        self.join()

    @property
    def url(self) -> str:
        """The address for the browser; it stays the same."""
        return f"http://127.0.0.1:{self.port}"

    def lead_to(self, url: str) -> None:
        """Another server from now on."""
        self._target = int(urllib.parse.urlsplit(url).port or 80)

    def join(self) -> None:
        """Take connections again, at the same address."""
        self._door = socket.socket()
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._door.bind(("127.0.0.1", self.port))
        self._door.listen(64)
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        _close(self._door)
        with self._lock:
            gone, self._ends = self._ends, []
        for end in gone:
            _close(end)

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        _close(end)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextlib.contextmanager
def wire(url: str) -> Iterator[Wire]:
    """A wire to this server, cut for good at the end."""
    made = Wire(url)
    try:
        yield made
    finally:
        made.cut()
