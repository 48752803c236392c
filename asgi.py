"""The app as a server for more than one's own desk: `streamlit run asgi.py`, or any ASGI server with `asgi:app`.

The same app.py, and around it: headers that keep the browser to this server, no metrics for strangers, and the slow
imports done while the server starts instead of in front of the first visitor.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.middleware import Middleware

from lib.ui import memory

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class Guard:
    """Adds the headers to every answer and closes the paths that are nobody's business."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; WebSockets pass untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = str(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message.get("headers", []) if k.decode("latin-1").lower() not in HEADERS]
                kept += [(k.encode(), v.encode()) for k, v in HEADERS.items()]
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
        await self.app(scope, receive, with_headers)


@asynccontextmanager
async def prepared(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor: import what pages need, read the sample, keep both out of the search for garbage."""
    for name in ("analysis", "present", "ui"):
        package = importlib.import_module(f"lib.{name}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    from lib.ui import memory, session

    session.sample()
    memory.freeze()
    yield {}


memory.keep_own_address()
memory.uploads_stay_in_memory()
app = st.App("app.py", lifespan=prepared, middleware=[Middleware(Guard)])
