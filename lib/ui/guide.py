"""The guide as a dialog: first steps for a new user, then every number of the app, by page and by word."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from lib.present.guide import ENTRIES, FRAME_ENTRIES, PAGE_GUIDES, GuideEntry, body, entry, first_steps
from lib.present.wording import for_markdown
from lib.ui.navigation import PAGES

_REQUESTED = "_guide_asked"
_PAGE = "guide.page"
_SEARCH = "guide.search"
_EVERYTHING = "all"
_FRAME = "frame"


def guide_button(label: str = "Guide") -> None:
    """A button that opens the guide on its next run; for the sidebar or anywhere in the frame."""
    st.button(label, icon=":material/help:", key="guide-open", on_click=ask, width="stretch")


def ask() -> None:
    """Open the guide on the next run, on the page that is shown. For use as a callback."""
    st.session_state[_REQUESTED] = True
    st.session_state[_PAGE] = _current_page()
    st.session_state[_SEARCH] = ""


def show_if_requested() -> None:
    """Draw the guide when somebody asked for it. Once per run, in the frame, after the upload."""
    if st.session_state.pop(_REQUESTED, False):
        open_guide()


@st.dialog("Guide", width="medium", icon=":material/help:")
def open_guide() -> None:
    """First steps in one tab, the numbers in the other. Everything can be reached with the keyboard alone.

    Medium width: at 1280 px a line of text would hold 150 characters.
    """
    start, numbers = st.tabs(["First steps", "What is this number?"], default=None, key="guide.tabs")
    with start:
        _first_steps()
    with numbers:
        _numbers()


def _first_steps() -> None:
    for step in first_steps():
        st.markdown(f"**{for_markdown(step.title)}**  \n{for_markdown(step.text)}")


def _numbers() -> None:
    pages = {record.name: record.title for record in PAGES if record.name in PAGE_GUIDES}
    names = {_EVERYTHING: "Everything", _FRAME: "On every page", **pages}
    if st.session_state.get(_PAGE) not in names:
        st.session_state[_PAGE] = _current_page()
    left, right = st.columns(2, gap="small")
    with left:
        page = str(st.selectbox("Page", list(names), format_func=names.__getitem__, key=_PAGE))
    with right:
        wanted = st.text_input("Word to look for", key=_SEARCH, placeholder="for example opioid")
    if page in PAGE_GUIDES and not wanted.strip():
        guide = PAGE_GUIDES[page]
        st.markdown(f"**{for_markdown(guide.question)}**  \n{for_markdown(guide.read)}")
    found = matching(keys_of(page), wanted)
    if not found and wanted.strip():
        found = matching(keys_of(_EVERYTHING), wanted)
        where = "not on this page, but elsewhere" if found else "nothing in the guide; try a shorter word"
        st.markdown(f":gray[“{for_markdown(wanted.strip())}”\\: {where}.]")
    with st.container(gap="xsmall"):
        for one in found:
            with st.expander(for_markdown(one.title)):
                st.markdown(body(one, r=True))


def keys_of(page: str) -> tuple[str, ...]:
    """Keys of the numbers of a page by name, of the frame ("frame"), or all ("all")."""
    if page == _EVERYTHING:
        return tuple(ENTRIES)
    return FRAME_ENTRIES if page == _FRAME else PAGE_GUIDES[page].keys


def matching(keys: tuple[str, ...], wanted: str) -> tuple[GuideEntry, ...]:
    """The entries in which every word of `wanted` occurs, those with it in the title first; all for no word."""
    words = wanted.casefold().split()
    entries = [entry(key) for key in keys]
    found = [e for e in entries if all(w in f"{e.title} {e.plain} {e.formula} {e.when_not}".casefold() for w in words)]
    return tuple(sorted(found, key=lambda e: not all(w in e.title.casefold() for w in words)))


def _current_page() -> str:
    """Name of the page in the address; the first page where the address names none."""
    last = urlsplit(st.context.url or "").path.rstrip("/").rsplit("/", 1)[-1]
    return next((record.name for record in PAGES if record.url_path == last), PAGES[0].name)
