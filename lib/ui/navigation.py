"""The menu, and the guard that keeps the frame around every page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.ui.registry import PAGES

_FRAMED = "_framed"


def build(*, hidden: bool = False) -> Any:
    """The menu over all pages, or none in Present mode; returns the page that the address names."""
    pages = [st.Page(p.file, title=p.title, url_path=p.url_path, default=not p.url_path) for p in PAGES]
    return st.navigation(pages, position="hidden" if hidden else "top")


def framed() -> None:
    """app.py calls this just before it runs a page."""
    st.session_state[_FRAMED] = True


def guard() -> None:
    """First line of every page.

    The first request to a new server runs a file in pages/ without app.py (Streamlit 1.67 knows nothing of
    st.navigation before it was called once); then the menu is declared and the run starts again, framed.
    """
    if not st.session_state.pop(_FRAMED, False):
        build()
        st.rerun()
