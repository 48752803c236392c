"""What every test shares: no test can reach the network, slow machines are no failure, public data may be absent."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Machines are slow now and then: a deadline would fail for no fault of the code. CI must give the same answer twice.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def is_local(address: Any) -> bool:
    """Whether a socket address stays on this machine: a Unix socket, localhost or a loopback number."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The promise "no outgoing request, ever", kept in every test: a connection elsewhere is an error."""
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
            if not is_local(address):
                raise AssertionError(f"the program tried to reach {address!r}; it must never call out")
            return real(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets; tests that need it skip where it is not set."""
    folder = os.environ.get("COHORTLENS_PUBLIC_DATA")
    if not folder:
        pytest.skip("COHORTLENS_PUBLIC_DATA is not set: public data sets are not on this machine")
    path = Path(folder)
    if not path.is_dir():
        pytest.skip(f"COHORTLENS_PUBLIC_DATA names no folder: {folder}")
    return path


PROOF = "COHORTLENS_PROOF"
"""Names the file of findings while `make proof` runs: then nothing may be absent."""


@pytest.fixture
def program() -> Callable[[str], str]:
    """The path of another program; without it the test skips, and fails where `make proof` runs it."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if found is None:
            if PROOF in os.environ:
                pytest.fail(f"{name} is not installed, and a proof leaves nothing out")
            pytest.skip(f"{name} is not installed: `make proof` installs it and runs this test")
        return found

    return find


@pytest.fixture
def proven() -> Callable[[str], None]:
    """Adds a line to the file that `make proof` writes."""

    def add(line: str) -> None:
        if PROOF in os.environ:
            with Path(os.environ[PROOF]).open("a", encoding="utf-8") as file:
                file.write(f"- {line}\n")

    return add
