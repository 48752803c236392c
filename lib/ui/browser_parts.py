"""The app's own parts in the browser: small components whose files lie in a folder beside this module.

Streamlit serves files of a component only from an installed package, or from a manifest given to its manager, which is
not public: hence the wide guard, and hence streamlit is pinned. Each runtime has its own manager (AppTest makes one per
test), so the manifest is given to whichever runs now. Scripts written into Python would need no files, but a strict
content-security policy forbids them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

_PROJECT = "cohortlens"
_FOLDERS = {"chart": "live_chart", "connection": "connection_watch"}
"""Name of a part → its folder, in which the script and the style are called like the folder."""


def part(name: str) -> Callable[..., Any] | None:
    """What mounts this part on a page, or None when this Streamlit cannot."""
    try:
        from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
        from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

        manager = get_bidi_component_manager()
        if manager.get_component_asset_root(f"{_PROJECT}.{name}") is None:
            parts = [ComponentConfig(one, folder) for one, folder in _FOLDERS.items()]
            manager.register_from_manifest(ComponentManifest(_PROJECT, "1", parts), Path(__file__).parent)
        return _mount(name)
    except Exception:
        return None


@lru_cache(maxsize=len(_FOLDERS))
def _mount(name: str) -> Callable[..., Any]:
    # isolate_styles=False: plotly.js puts its CSS into the page's head, out of reach of a shadow root.
    from streamlit.components.v2 import component

    file = _FOLDERS[name]
    return component(f"{_PROJECT}.{name}", js=f"{file}.js", css=f"{file}.css", isolate_styles=False)


# A lost connection: the page says so while it lasts, and is drawn afresh when it is over.
#
# A session outlives a lost connection by `server.disconnectedSessionTTL`. After that, or when the server was started
# anew, the browser is given another session and its page is run again: an uploaded cohort is gone then, and the page
# says so (lib/ui/view.py); a sample comes back with what the address holds, and one line says what it does not hold.

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
