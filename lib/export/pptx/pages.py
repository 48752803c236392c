"""What stands on which slide: a long table and a long text laid out before a slide is made, and the slides counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib.export.pptx.key_rows import IN_APPENDIX, key_rows
from lib.export.pptx.table import best_size, columns_apart, pages_of, without_groups
from lib.export.pptx.template import Frame
from lib.export.pptx.text import spread
from lib.export.table_shape import figure_table, trimmed
from lib.present.table import Table
from lib.report.plan import Item

SMALLEST = 14.0
"""Nothing but the footer is smaller, unless a word would be broken."""
TABLE_1 = "table_1"
_PARTS_AT_MOST = 3
"""A wide table is set on as many slides side by side; of a wider one the first columns, the rest is in documents."""
_ELSEWHERE = "The columns of each group are in the Word report and in the workbook."

Page = tuple[Table, tuple[int, int], float, list[float], list[float]]
"""Part of a table, first row and end of what one slide holds, size of letters, widths, heights."""


def table_of(frame: Frame, item: Item, *, brief: bool) -> tuple[Table | None, bool]:
    """The table of an item that has no native figure, and whether it is the whole one.

    `brief`: a long Table 1 is cut to the rows that one slide holds.
    """
    table = item.table if item.chart is None or item.table is not None else figure_table(item.chart)
    if table is None:
        return None, True
    if not table.rows:
        table = replace(table, notes=table.notes or (item.chart.notes if item.chart else ()))
    table = trimmed(table)
    if not brief or item.key != TABLE_1:
        return table, True
    _, _, width, height = frame.body
    short = key_rows(table, width, height - 0.5, SMALLEST * frame.scale)
    return short or table, short is None


def pages_of_table(frame: Frame, printed: Table) -> tuple[tuple[str, ...], list[Page]]:
    """What says where the rest is, and which rows of which part stand on each slide."""
    _, _, width, height = frame.body
    apart = columns_apart(printed, width, frame.scale)
    whole = len(apart) <= _PARTS_AT_MOST
    shown = apart if whole else columns_apart(without_groups(printed), width, frame.scale)[:1]
    elsewhere = (_ELSEWHERE,) if len(shown) < len(apart) else ()
    room = height - (0.5 if elsewhere or IN_APPENDIX in printed.notes else 0.0)
    laid: list[Page] = []
    for part in shown:
        points, widths, heights = best_size(part, width, room, frame.scale)
        if not laid or not _nothing_in(part):
            laid += [(part, rows, points, widths, heights) for rows in pages_of(heights, room)]
    return elsewhere, laid


def pages_of_text(frame: Frame, lines: Sequence[str]) -> list[list[str]]:
    """A text slide by slide."""
    _, _, width, height = frame.body
    return spread(list(lines), width, height, SMALLEST * frame.scale)


def _nothing_in(table: Table) -> bool:
    """Whether there is nothing but the names of the rows."""
    return all(cell.text == "" for row in table.rows for cell in row[1:])
