"""Tables of centers whose cells hold pictures: position between the limits, trend; and what did not come back."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence

import streamlit as st

from lib.analysis.trends import Due, Response
from lib.present.charts.cells import Picture
from lib.present.table import Cell, Column, Table
from lib.present.tables.over_time import MOST_ROWS, in_order_of_missing
from lib.present.theme import PALETTE
from lib.present.wording import count, share

Pictures = Mapping[str, Sequence[Picture | str]]
_RAMP = ("#F6F8F8", "#D5E3E7", "#7FAEBC", "#0F5C73")
_STEPS = (0.4, 0.7, 1.0)


def show(table: Table, pictures: Pictures, *, before: str, mine: bool) -> None:
    """The table with a column per entry of `pictures` in front of the column `before`; my center's row is tinted."""
    at = next(k for k, c in enumerate(table.columns) if c.name == before)
    columns = (*table.columns[:at], *(Column(name) for name in pictures), *table.columns[at:])
    body = ""
    for place, row in enumerate(table.rows):
        drawn = "".join(f"<td>{_picture(cells[place])}</td>" for cells in pictures.values())
        cells = [_cell(c, cell) for c, cell in zip(table.columns[1:], row[1:], strict=True)]
        tint = f' style="background:{PALETTE.tint}"' if mine and place == 0 else ""
        name = f'<th scope="row"{tint}>{html.escape(row[0].text)}</th>'
        body += f"<tr{tint}>{name}{''.join(cells[: at - 1])}{drawn}{''.join(cells[at - 1 :])}</tr>"
    heads = "".join(f'<th scope="col"{_side(c)}>{html.escape(c.name)}</th>' for c in columns)
    _draw(table.title, f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>", table.notes)


def show_response(found: Response, point: Due, mine: str) -> None:
    """Centers × months: the colour is the share that came back, the number how many did not; · none due."""
    order = in_order_of_missing(found, point, mine)
    heads = "".join(f'<th scope="col">{m[2:].replace("-", "/")}</th>' for m in point.months)
    body = ""
    for k in order[:MOST_ROWS]:
        due, gone = sum(point.due[k]), sum(point.missing[k])
        fields = "".join(_field(d, g) for d, g in zip(point.due[k], point.missing[k], strict=True))
        body += (
            f'<tr><th scope="row">{html.escape(found.centers[k])}</th>{fields}'
            f'<td class="t">{share(due - gone, due)}</td></tr>'
        )
    key = "".join(
        f'<span style="background:{color};border:1px solid {PALETTE.hairline}"></span>{words}'
        for color, words in zip(_RAMP, ("under 40%", "under 70%", "under 100%", "all came back"), strict=True)
    )
    first = '<th scope="col" style="text-align:left">Center</th>'
    notes = [f"{MOST_ROWS} of {count(len(order))} centers shown, those with most not answered."]
    note = f'<div class="key">A number is how many did not come back; · none due.{key}</div>'
    more = f"<p>{notes[0]}</p>" if len(order) > MOST_ROWS else ""
    st.html(
        f'<div class="ct heat" tabindex="0" role="region" aria-label="{html.escape(point.label, quote=True)}: not '
        f'answered"><table><thead><tr>{first}{heads}<th class="t" scope="col">answered</th></tr>'
        f"</thead><tbody>{body}</tbody></table>{note}{more}</div>"
    )


def _field(due: int, gone: int) -> str:
    if not due:
        return '<td title="none due">·</td>'
    back = (due - gone) / due
    step = sum(back >= s for s in _STEPS)
    ink = PALETTE.page if step == 3 else PALETTE.ink
    words = f"{count(gone)} of {count(due)} did not come back"
    return f'<td style="background:{_RAMP[step]};color:{ink}" title="{words}">{count(gone) if gone else ""}</td>'


def _picture(cell: Picture | str) -> str:
    if isinstance(cell, str):
        return f'<span style="color:{PALETTE.muted}">{html.escape(cell)}</span>'
    data = base64.b64encode(cell.svg.encode("utf-8")).decode("ascii")
    words = html.escape(cell.words, quote=True)
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{words}" title="{words}" style="vertical-align:middle">'


def _cell(column: Column, cell: Cell) -> str:
    return f"<td{_side(column)}>{html.escape(cell.text)}</td>"


def _side(column: Column) -> str:
    return ' class="r"' if column.align == "right" else ""


def _draw(title: str, inside: str, notes: Sequence[str]) -> None:
    below = "".join(f"<p>{html.escape(n)}</p>" for n in notes)
    st.html(
        f'<div class="ct" style="font-size:.875rem" tabindex="0" role="region" '
        f'aria-label="{html.escape(title, quote=True)}"><table>{inside}</table>{below}</div>'
    )
