"""A table as real HTML: headings are headings, numbers stand at the right, text from the file is escaped."""

from __future__ import annotations

import html

import streamlit as st

from lib.present.table import Cell, Table
from lib.present.theme import PALETTE
from lib.present.wording import NBSP

_CELL = f"padding:.35rem .75rem .35rem 0;border-bottom:1px solid {PALETTE.hairline};vertical-align:top;"
_HEAD = (
    f"padding:.35rem .75rem .35rem 0;border-bottom:1px solid {PALETTE.border};color:{PALETTE.muted};font-weight:400;"
)
_TABLE = "border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums"


def show(table: Table, *, size: str = ".875rem") -> None:
    """Draw it with its notes in text of this size; it scrolls sideways by itself where the screen is narrow."""
    heads = "".join(
        f'<th scope="col" style="{_HEAD}text-align:{c.align}">{html.escape(c.name)}</th>' for c in table.columns
    )
    body = "".join(f"<tr>{_first(row)}{_others(table, row)}</tr>" for row in table.rows)
    notes = "".join(f'<p style="margin:.5rem 0 0;color:{PALETTE.muted}">{_text(n)}</p>' for n in table.notes)
    head = f"<thead><tr>{heads}</tr></thead>" if any(c.name for c in table.columns[1:]) else ""
    st.html(
        f'<div style="overflow-x:auto;font-size:{size};line-height:1.4" tabindex="0" role="region" '
        f'aria-label="{html.escape(table.title, quote=True)}">'
        f'<table style="{_TABLE}">{head}<tbody>{body}</tbody></table>{notes}</div>'
    )


def _first(row: tuple[Cell, ...]) -> str:
    """The name of a row; a line with nothing else in it is the heading of those under it, set in by their spaces."""
    text = row[0].text
    name = text.lstrip(NBSP)
    depth = len(text) - len(name)
    inside = f"padding-left:{depth * 0.35:g}rem;min-width:9rem;" if depth else ""
    heading = len(row) > 1 and not depth and not any(cell.text for cell in row[1:])
    weight = 600 if heading else 400
    return f'<th scope="row" style="{_CELL}{inside}text-align:left;font-weight:{weight}">{_text(name)}</th>'


def _others(table: Table, row: tuple[Cell, ...]) -> str:
    cells = zip(table.columns[1:], row[1:], strict=True)
    return "".join(f'<td style="{_CELL}text-align:{c.align}">{_text(cell.text)}</td>' for c, cell in cells)


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
