"""The pieces every page is laid out with: a card, a table, a quiet line, and the one look of an absence."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from lib.present.table import Cell, Column, Table
from lib.present.theme import PALETTE, CategoryStyle, likert_ramp
from lib.present.wording import NBSP, count, for_markdown


def card(key: str, title: str = "", *, tip: str | None = None, **more: Any) -> Any:
    """A bordered card; `with card("why", "Why this test"):`. `tip` explains its number, from the guide."""
    container = st.container(border=True, key=f"card_{key}", **more)
    if title:
        container.header(for_markdown(title), anchor=False, help=tip)
    return container


def show_table(table: Table) -> None:
    """A table as real HTML, its notes under it; a long one page by page."""
    show(_page_of(table))


def show_small(table: Table) -> None:
    """The same in the small text of a card."""
    show(_page_of(table), size=".8125rem")


MOST_ROWS = 50
"""A longer table is shown page by page; copied and exported it is whole."""


def _page_of(table: Table) -> Table:
    pages = -(-len(table.rows) // MOST_ROWS)
    if pages <= 1:
        return table
    words = f"Page of {count(pages)}, {count(len(table.rows))} rows"
    at = (
        int(
            st.number_input(
                words, 1, pages, key=f"page-{table.title}-{len(table.rows)}-{len(table.columns)}", width=240
            )
        )
        - 1
    )
    return replace(table, rows=table.rows[at * MOST_ROWS : (at + 1) * MOST_ROWS])


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


def choose_more(names: Sequence[str], key: str, first: str = "") -> str:
    """Which of several further views is open: `first` at first, "" for none and when a second click has closed it."""
    if key not in st.session_state or st.session_state[key] not in (*names, None):
        st.session_state[key] = first or None
    st.segmented_control("More", names, key=key)
    return st.session_state[key] or ""


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


# The key of a chart with groups: one coloured field and its name per group.


def show_groups(styles: Mapping[str, CategoryStyle], *, everybody: str = "All") -> None:
    """A line per group and one for everybody (ink), wrapping on a narrow screen."""
    colors = {everybody: PALETTE.ink, **{name: style.color for name, style in styles.items()}}
    cells = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:.4rem;margin-right:1rem">'
        f'<span style="width:1.25rem;height:.2rem;background:{color}"></span>{html.escape(name)}</span>'
        for name, color in colors.items()
    )
    st.html(f'<div style="font-size:.875rem;line-height:1.6;color:{PALETTE.muted}">{cells}</div>')


# The key of a Likert chart: one strip of its colours with the name of every answer.


def show_key(levels: tuple[str, ...], fills: tuple[str, ...] = ()) -> None:
    """A coloured field and its name per level, in order, wrapping on a narrow screen; `fills` in place of the ramp."""
    fills = fills or tuple(color.fill for color in likert_ramp(len(levels)))
    cells = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:.4rem;margin-right:1rem">'
        f'<span style="width:1rem;height:.75rem;border-radius:2px;background:{fill}"></span>'
        f"{html.escape(level)}</span>"
        for level, fill in zip(levels, fills, strict=True)
    )
    st.html(f'<div style="font-size:.875rem;line-height:1.6;color:{PALETTE.muted}">{cells}</div>')


# A table as real HTML: headings are headings, numbers stand at the right, text from the file is escaped.

CSS = f"""
.ct {{
  overflow-x: auto; line-height: 1.4;
  background:
    linear-gradient(to right, {PALETTE.page} 40%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, {PALETTE.page} 40%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to left, {PALETTE.border}, transparent) right / 1rem 100% no-repeat scroll;
}}
.ct tr > :first-child {{ position: sticky; left: 0; background: {PALETTE.page}; z-index: 1; }}
.ct p {{ position: sticky; left: 0; }}
.ct table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
.ct th, .ct td {{ padding: .35rem .75rem .35rem 0; border-bottom: 1px solid {PALETTE.hairline}; vertical-align: top; }}
.ct th {{ text-align: left; font-weight: 400; }}
.ct thead th {{ border-bottom-color: {PALETTE.border}; color: {PALETTE.muted}; }}
.ct thead .u th {{ color: {PALETTE.accent}; }}
.ct thead tr:has(+ .u) th {{ border-bottom: 0; padding-bottom: 0; }}
.ct .r {{ text-align: right; }}
.ct .h {{ font-weight: 600; }}
.ct.w {{ font-size: .75rem !important; }}
.ct.w th, .ct.w td {{ padding-right: .4rem; }}
@media (max-width: 640px) {{
  .ct tr > th:first-child:not(.r) {{ min-width: 7.5rem; }}
  .ct td.r {{ min-width: 4.5rem; }}
}}
.ct p {{ margin: .5rem 0 0; font-size: inherit; color: {PALETTE.muted}; }}
"""
"""For `lib.ui.style`: classes, because the browser checks every attribute of every cell on every run."""


MOST_AT_EASE = 7
"""More columns stand in smaller letters, and a range under its middle: case mix of six groups fits a laptop."""


def show(table: Table, *, size: str = ".875rem", under: Sequence[str] = ()) -> None:
    """Draw it with its notes in text of this size; it scrolls sideways by itself where the screen is narrow.

    `under`: a second line of headings, one for each column.
    """
    heads = "".join(f'<th scope="col"{_side(c)}>{html.escape(c.name)}</th>' for c in table.columns)
    if under:
        heads += '</tr><tr class="u">' + "".join(f'<th scope="col">{html.escape(text)}</th>' for text in under)
    body = "".join(f"<tr>{_heading(row) or _first(row) + _others(table, row)}</tr>" for row in table.rows)
    notes = "".join(f"<p>{_text(n)}</p>" for n in table.notes)
    # without a row the headings would head nothing: the notes say why there is none
    head = f"<thead><tr>{heads}</tr></thead>" if table.rows and any(c.name for c in table.columns[1:]) else ""
    kind = "ct w" if len(table.columns) > MOST_AT_EASE else "ct"
    st.html(
        f'<div class="{kind}" style="font-size:{size}" tabindex="0" role="region" '
        f'aria-label="{html.escape(table.title, quote=True)}">'
        f"<table>{head}<tbody>{body}</tbody></table>{notes}</div>"
    )


_P_HEAD, _P = re.compile(r"\bp\b|corrected"), re.compile(rf"p{NBSP}[=<>]{NBSP}[\d.]+")


def _side(column: Column) -> str:
    return ' class="r"' if column.align == "right" else ""


def _heading(row: tuple[Cell, ...]) -> str:
    """A line with nothing but its name is the heading of those under it, over the whole width; '' for any other."""
    if len(row) == 1 or row[0].text.startswith(NBSP) or any(cell.text for cell in row[1:]):
        return ""
    return f'<th scope="row" class="h" colspan="{len(row)}">{_text(row[0].text)}</th>'


def _first(row: tuple[Cell, ...]) -> str:
    """The name of a row, set in by its spaces."""
    text = row[0].text
    name = text.lstrip(NBSP)
    depth = len(text) - len(name)
    inside = f' style="padding-left:{depth * 0.35:g}rem;min-width:9rem"' if depth else ""
    return f'<th scope="row"{inside}>{_text(name)}</th>'


def _others(table: Table, row: tuple[Cell, ...]) -> str:
    cells = zip(table.columns[1:], row[1:], strict=True)
    texts = [(c, _under(c, cell.text)) for c, cell in cells]
    if len(table.columns) > MOST_AT_EASE:
        texts = [(c, text.replace(f"{NBSP}[", " [")) for c, text in texts]
    return "".join(f"<td{_side(c)}>{_text(text)}</td>" for c, text in texts)


def _under(column: Column, text: str) -> str:
    """Under a head that says p stands the number alone: "0.340", "< 0.001"."""
    if not _P_HEAD.search(column.name):
        return text
    return text.removeprefix(f"p{NBSP}=").removeprefix(f"p{NBSP}").lstrip(NBSP) if _P.fullmatch(text) else text


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
