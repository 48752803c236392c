"""Table 1 on one slide: the rows a listener needs; the whole table stands in the appendix."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from lib.export.table_shape import column_widths, row_heights
from lib.present.table import Cell, Table

IN_APPENDIX = "Chosen rows; the whole table is in the appendix at the end of this deck."
_MOST_LEVELS = 6
_FEWEST_ROWS = 4


def key_rows(table: Table, width: float, height: float, points: float) -> Table | None:
    """The table with as many of its rows as the box holds: long lists of levels go first, then variables from the end.

    None where all of it fits, or where fewer than four rows would be left.
    """
    if _tall(table, width, points) <= height:
        return None
    rows = _without_long_lists(table.rows)
    variable = min((i for i in map(_indent, rows) if i), default=0)
    starts = [i for i, row in enumerate(rows) if _indent(row) == variable and i > _FEWEST_ROWS]
    for end in (len(rows), *reversed(starts)) if rows else ():
        end -= not _indent(rows[end - 1])  # a section of nothing
        found = replace(table, rows=rows[:end], notes=(IN_APPENDIX,))
        if _tall(found, width, points) <= height:
            return found
    return None


def _tall(table: Table, width: float, points: float) -> float:
    return sum(row_heights(table, column_widths(table, width, points), points))


def _indent(row: tuple[Cell, ...]) -> int:
    return len(row[0].text) - len(row[0].text.lstrip())


def _without_long_lists(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Without a category of many levels, whose name alone would say nothing."""
    rows_shown: list[tuple[Cell, ...]] = []
    heads = [i for i, (a, b) in enumerate(pairwise(rows)) if _indent(a) and _indent(b) > _indent(a)]
    skip: set[int] = set()
    for head in heads:
        levels = 0
        while head + 1 + levels < len(rows) and _indent(rows[head + 1 + levels]) > _indent(rows[head]):
            levels += 1
        if levels > _MOST_LEVELS:
            skip |= set(range(head, head + 1 + levels))
    rows_shown = [row for i, row in enumerate(rows) if i not in skip]
    return tuple(
        row
        for i, row in enumerate(rows_shown)
        if _indent(row) or (i + 1 < len(rows_shown) and _indent(rows_shown[i + 1]))
    )
