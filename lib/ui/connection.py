"""A lost connection: the page says so while it lasts, and is drawn afresh when it is over.

A session outlives a lost connection by `server.disconnectedSessionTTL`. After that, or when the server was started
anew, the browser is given another session and its page is run again: an uploaded cohort is gone then, and the page says
so (lib/ui/view.py); a sample comes back with what the address holds, and one line says what it does not hold.
"""

from __future__ import annotations

import secrets

import streamlit as st

from lib.ui.browser_parts import part

_MARK = "_session_mark"
LOST = (
    "The connection was lost and this page was started anew. The filter and the choices in its address are kept; "
    "names you gave to groups are not."
)


def watch(*, sample: bool) -> None:
    """Watch the connection from this page on. Once per run, in the frame; it takes no room.

    The browser tells a new session by its mark, which means nothing and is in no address and no log. (A new session
    itself cannot tell: what the browser says of a part it has not drawn yet is dropped.)

    sample: whether a sample cohort is open, so that nothing on the page says yet what was lost.
    """
    mark = st.session_state.setdefault(_MARK, secrets.token_hex(4))
    mount = part("connection")
    if mount is not None:
        with st.container(key="connection_watch"):
            mount(key="connection", data={"mark": mark, "anew": LOST if sample else ""}, on_back_change=_nothing)


def _nothing() -> None:
    """Streamlit offers a trigger's value only where it has a callback."""
