"""A table as real HTML: headings are headings, numbers stand at the right, text from the file is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from lib.present.table import Cell, Column, Table
from lib.present.theme import PALETTE
from lib.present.wording import NBSP

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
@media (max-width: 640px) {{
  .ct tr > th:first-child:not(.r) {{ min-width: 7.5rem; }}
  .ct td.r {{ min-width: 4.5rem; }}
}}
.ct p {{ margin: .5rem 0 0; font-size: inherit; color: {PALETTE.muted}; }}
"""
"""For `lib.ui.style`: classes, because the browser checks every attribute of every cell on every run."""


def show(table: Table, *, size: str = ".875rem", under: Sequence[str] = ()) -> None:
    """Draw it with its notes in text of this size; it scrolls sideways by itself where the screen is narrow.

    `under`: a second line of headings, one for each column.
    """
    heads = "".join(f'<th scope="col"{_side(c)}>{html.escape(c.name)}</th>' for c in table.columns)
    if under:
        heads += '</tr><tr class="u">' + "".join(f'<th scope="col">{html.escape(text)}</th>' for text in under)
    body = "".join(f"<tr>{_first(row)}{_others(table, row)}</tr>" for row in table.rows)
    notes = "".join(f"<p>{_text(n)}</p>" for n in table.notes)
    # without a row the headings would head nothing: the notes say why there is none
    head = f"<thead><tr>{heads}</tr></thead>" if table.rows and any(c.name for c in table.columns[1:]) else ""
    st.html(
        f'<div class="ct" style="font-size:{size}" tabindex="0" role="region" '
        f'aria-label="{html.escape(table.title, quote=True)}">'
        f"<table>{head}<tbody>{body}</tbody></table>{notes}</div>"
    )


def _side(column: Column) -> str:
    return ' class="r"' if column.align == "right" else ""


def _first(row: tuple[Cell, ...]) -> str:
    """The name of a row; a line with nothing else in it is the heading of those under it, set in by their spaces."""
    text = row[0].text
    name = text.lstrip(NBSP)
    depth = len(text) - len(name)
    inside = f' style="padding-left:{depth * 0.35:g}rem;min-width:9rem"' if depth else ""
    heading = len(row) > 1 and not depth and not any(cell.text for cell in row[1:])
    bold = ' class="h"' if heading else ""
    return f'<th scope="row"{bold}{inside}>{_text(name)}</th>'


def _others(table: Table, row: tuple[Cell, ...]) -> str:
    cells = zip(table.columns[1:], row[1:], strict=True)
    return "".join(f"<td{_side(c)}>{_text(cell.text)}</td>" for c, cell in cells)


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
