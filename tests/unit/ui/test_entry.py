"""The entry that `make run` starts: who may talk to it, what it logs, how much one session may upload."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

import asgi
from lib.ui import memory


def _socket(origin: str | None) -> list[dict[str, Any]]:
    """What a WebSocket from a page of this origin is answered; the inner app accepts everybody."""
    sent: list[dict[str, Any]] = []

    async def inner(_scope: object, _receive: object, send: Any) -> None:
        await send({"type": "websocket.accept"})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost:8501")] + ([(b"origin", origin.encode())] if origin else [])
    asyncio.run(asgi.Guard(inner)({"type": "websocket", "path": "/x", "headers": headers}, None, send))  # type: ignore[arg-type]
    return sent


@pytest.mark.parametrize("origin", ["http://localhost:9999", "http://127.0.0.1:8501", "https://evil.example", "null"])
def test_a_page_of_another_port_gets_no_websocket(origin: str) -> None:
    assert _socket(origin) == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("origin", ["http://localhost:8501", "https://localhost:8501", None])
def test_its_own_page_gets_one(origin: str | None) -> None:
    assert _socket(origin) == [{"type": "websocket.accept"}]


def test_the_access_log_has_no_query() -> None:
    args = ("1.2.3.4:5", "GET", "/before_after?f.age=30..40", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)
    assert asgi.without_query(record)
    assert record.getMessage() == '1.2.3.4:5 - "GET /before_after HTTP/1.1" 200'


def test_uploads_of_one_session_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = {"s1": {"a": SimpleNamespace(data=b"x" * 150_000), "b": SimpleNamespace(data=b"x" * 40_000)}}
    runtime = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=stored))
    monkeypatch.setattr(asgi.Runtime, "exists", lambda: True)
    monkeypatch.setattr(asgi.Runtime, "instance", lambda: runtime)
    monkeypatch.setattr(asgi, "MOST_UPLOADED", 200_000)
    assert asgi.room_left("/_stcore/upload_file/s1/c", [(b"content-length", b"10000")])
    assert not asgi.room_left("/_stcore/upload_file/s1/c", [(b"Content-Length", b"10001")])
    assert asgi.room_left("/_stcore/upload_file/s2/c", [(b"content-length", b"200000")])
    assert asgi.room_left("/_stcore/health", [(b"content-length", b"900000")])


def test_a_traceback_says_where_and_not_what() -> None:
    try:
        try:
            raise KeyError("Jan Jansen")
        except KeyError as first:
            raise ValueError("born 1970-01-01") from first
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "Uncaught app execution", None, (type(error), error, None)
        )
        assert memory._without_texts.filter(record)
    shown = logging.Formatter().format(record)
    assert "ValueError" in shown
    assert "KeyError" in shown
    assert "test_entry.py" in shown
    assert "Jan Jansen" not in shown.replace('raise KeyError("Jan Jansen")', ""), "the line of code is no patient's"
    assert record.exc_info is None
