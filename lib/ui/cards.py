"""The pieces every page is laid out with: a card, a table, a quiet line, and the one look of an absence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.present.escape import for_markdown
from lib.present.table import Table
from lib.ui import html_table


def card(key: str, title: str = "", *, tip: str | None = None, **more: Any) -> Any:
    """A bordered card; `with card("why", "Why this test"):`. `tip` explains its number, from the guide."""
    container = st.container(border=True, key=f"card_{key}", **more)
    if title:
        container.header(for_markdown(title), anchor=False, help=tip)
    return container


def show_table(table: Table) -> None:
    """A table as real HTML, its notes under it."""
    html_table.show(table)


def choose_view(names: Sequence[str], key: str) -> str:
    """Which of several views below is open, the first one at first; the page computes and draws that one only.

    Not `st.tabs`: its panels look for what can be focused inside at every step of a redraw, and each look makes the
    browser lay the page out anew (docs/performance.md).
    """
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    st.segmented_control("View", names, key=key, required=True, label_visibility="collapsed")
    chosen: str = st.session_state[key]
    return chosen


def muted(text: str) -> None:
    """A quiet line."""
    st.markdown(f":gray[:small[{for_markdown(text)}]]")


def quiet_lines(*texts: str) -> None:
    """Quiet lines that keep their height when one is empty, so that a card does not jump."""
    lines = (for_markdown(text) if text else "\u00a0" for text in texts)
    st.markdown("  \n".join(f":gray[:small[{line}]]" for line in lines))


def not_computed(reason: str, key: str) -> None:
    """The one look of an absence: the words, the reason, no alarm."""
    with card(key):
        st.markdown(f":gray[Not computed: {for_markdown(reason)}.]")
