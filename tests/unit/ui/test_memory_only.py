"""An upload of any size stays in memory: the form parser that receives it never rolls over to a file."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from lib.ui.memory import uploads_stay_in_memory

SIZE = 3_000_000


def _stays_in_memory() -> bool:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"1" * SIZE + b"\r\n--x--\r\n"
    )
    scope: dict[str, Any] = {"type": "http", "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def read() -> bool:
        async with Request(scope, receive).form() as form:
            file: Any = form["file"]
            assert len(await file.read()) == SIZE
            return not file.file._rolled

    return asyncio.run(read())


def test_three_megabytes_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024 * 1024)
    assert not _stays_in_memory(), "Starlette no longer uses a file: lib/ui/memory.py may go"
    uploads_stay_in_memory()
    assert _stays_in_memory()


def test_the_server_takes_what_the_limits_promise() -> None:
    import tomllib

    from lib.importing.files.limits import Limits
    from tests.app_pages import ROOT

    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["server"]["maxUploadSize"]
    assert told * 1_000_000 == Limits().bytes
