"""The app as a server: `streamlit run asgi.py`, `streamlit run app.py`, or any ASGI server with `asgi:app`.

The same app.py, and around it: headers that keep the browser to this server, no metrics for strangers, and the slow
imports done while the server starts instead of in front of the first visitor.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import logging
import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime import Runtime

from lib.ui import memory

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_UPLOADED = 200_000_000
"""Bytes of uploads that one session may hold at a time."""
PRELOAD = (b"link", b"<app/static/plotly-cartesian.min.js>; rel=preload; as=script")
"""Beside every page: the browser fetches what draws the charts while the page is still being made."""
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
CLOSED = re.compile(r"/_stcore/(metrics|agent)(/|$)")
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_security_policy() -> str:
    """Nothing from or to elsewhere, in nobody's frame. Streamlit's page has one inline script: its hash is allowed."""
    page = Path(st.__file__).with_name("static") / "index.html"
    scripts = _INLINE.findall(page.read_text("utf-8"))
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *(f"'sha256-{found}'" for found in hashes)]),
            "style-src 'self' 'unsafe-inline'",  # Streamlit and plotly.js write style attributes
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


HEADERS = {
    "content-security-policy": content_security_policy(),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def without_query(record: logging.LogRecord) -> bool:
    """Uvicorn's access log: (client, method, path, version, status). The query holds the filter; it is not logged."""
    if isinstance(record.args, tuple):
        record.args = tuple(a.partition("?")[0] if isinstance(a, str) else a for a in record.args)
    return True


def same_origin(scope: Scope) -> bool:
    """Whether a WebSocket is asked for by a page of this very server (or by no page); another port is another site."""
    headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope.get("headers", [])}
    origin = headers.get("origin")
    own = urlsplit(origin).netloc == headers.get("host") if origin else True
    return own or origin in st.get_option("server.corsAllowedOrigins")


def room_left(path: str, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether an upload still fits into what one session may hold."""
    found = UPLOAD.search(path)
    if found is None or not Runtime.exists():
        return True
    stored = getattr(Runtime.instance().uploaded_file_mgr, "file_storage", {}).get(found.group(1), {})
    declared = [int(v) for k, v in headers if k.lower() == b"content-length" and v.isdigit()]
    return sum(len(f.data) for f in list(stored.values())) + sum(declared) <= MOST_UPLOADED


class Guard:
    """Adds the headers to every answer and closes the paths that are nobody's business."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; a WebSocket only for a page of this server."""
        if scope["type"] == "websocket" and not same_origin(scope):
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = str(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message.get("headers", []) if k.decode("latin-1").lower() not in HEADERS]
                kept += [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                if any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in kept):
                    kept.append(PRELOAD)
                if "/media/" in path:  # what a visitor downloads is no matter for a shared cache
                    kept = [(k, v) for k, v in kept if k.lower() != b"cache-control"] + [
                        (b"cache-control", b"no-store")
                    ]
                message = {**message, "headers": kept}
            await send(message)

        if CLOSED.search(path):
            await with_headers({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["method"] in ("PUT", "POST") and not room_left(path, scope["headers"]):
            await with_headers({"type": "http.response.start", "status": 413, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, with_headers)


@asynccontextmanager
async def prepared(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor: import what pages need, read the sample, keep both out of the search for garbage."""
    from lib.ui import session

    reading = Thread(target=session.sample)  # in a process of its own, beside the imports
    reading.start()
    for name in ("analysis", "present", "ui"):
        package = importlib.import_module(f"lib.{name}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    reading.join()
    session.sample()
    memory.freeze()
    yield {}


memory.keep_own_address()
memory.uploads_stay_in_memory()
memory.log_no_texts()
memory.look_for_no_console()
logging.getLogger("uvicorn.access").addFilter(without_query)
AROUND = [Middleware(Guard)]
app = st.App("app.py", lifespan=prepared, middleware=AROUND)
