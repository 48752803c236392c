"""The menu, and the guard that keeps the frame around every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

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


# The pages of the app, in the order of the menu. Adding a page is one file in pages/ and one row here.


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page: its file, its name in the menu and its address ("" is the page that opens first)."""

    file: str
    title: str
    url_path: str

    @property
    def name(self) -> str:
        """The name by which links and tests call the page."""
        return self.url_path or "overview"


PAGES: tuple[PageRecord, ...] = (
    PageRecord("pages/overview.py", "Overview", ""),
    PageRecord("pages/before_after.py", "Before and after", "before_after"),
    PageRecord("pages/responders.py", "Responders", "responders"),
    PageRecord("pages/statements.py", "Statements", "statements"),
    PageRecord("pages/eq5d.py", "EQ-5D", "eq5d"),
    PageRecord("pages/compare.py", "Compare", "compare"),
    PageRecord("pages/patients.py", "Patients", "patients"),
    PageRecord("pages/safety.py", "Safety and opioids", "safety"),
    PageRecord("pages/data_check.py", "Data check", "data_check"),
)
