"""What the projector shows of a report: one finding a page, each with as much as can be read from the back row.

A figure of many rows and a table that does not fit become several pages; nothing is written smaller and nothing is lost
but the notes under tables, which are in the report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.export.pptx_pieces import rows_of
from lib.export.table_shape import column_widths, figure_table, row_heights, trimmed, words_whole
from lib.present.plan import Item
from lib.present.report import Report
from lib.present.table import Cell, Table

_FROM_AFAR = frozenset({"means", "lines", "improvements", "curve", "outcomes", "statements"})
"""Figures that can be drawn with type of 24 points; of others the numbers are shown."""
_ROWS = {"stacked bars": 3}
_POINTS = 24.0
_WIDTH, _HEIGHT = 11.6, 5.4
"""Of the stage in inches of a screen (96 px); rows are estimated a fifth too tall, so the height may be generous."""


@dataclass(frozen=True, slots=True)
class Page:
    """A finding as the projector shows it: its key stays while the filter moves; `part` is "2 of 3" or ""."""

    key: str
    item: Item
    part: str = ""


def pages(report: Report) -> list[Page]:
    """Every usual item of the report, in order, on as many pages as it needs."""
    found = []
    for item in report.items:
        if not item.usual:
            continue
        parts = _figures(item) if item.chart is not None and item.figure in _FROM_AFAR else _tables(item)
        for k, part in enumerate(parts):
            words = f"{k + 1} of {len(parts)}" if len(parts) > 1 else ""
            found.append(Page(f"{item.key}#{k}", part, words))
    return found


def _figures(item: Item) -> list[Item]:
    assert item.chart is not None
    most, rows = _ROWS.get(item.chart.kind, 0), len(item.chart.categories)
    if not most or rows <= most:
        return [item]
    pieces = -(-rows // most)
    size = -(-rows // pieces)
    return [replace(item, chart=rows_of(item.chart, k, min(k + size, rows))) for k in range(0, rows, size)]


def _tables(item: Item) -> list[Item]:
    """Columns that fit side by side, the first one repeated; then as many rows as fit."""
    table = item.table or (figure_table(item.chart) if item.chart is not None else None)
    if table is None or not table.rows:
        return []
    table = replace(trimmed(table), notes=(), people=())
    plain = replace(item, chart=None, figure="")
    return [replace(plain, table=part) for wide in _side_by_side(table) for part in _below(wide)]


def _side_by_side(table: Table) -> list[Table]:
    parts, first = [], 1
    while first < len(table.columns):
        end = len(table.columns)
        while end > first + 1 and not words_whole(_columns(table, first, end), _WIDTH, _POINTS):
            end -= 1
        parts.append(_columns(table, first, end))
        first = end
    return parts or [table]


def _columns(table: Table, first: int, end: int) -> Table:
    chosen = (0, *range(first, end))
    rows = tuple(tuple(row[c] for c in chosen) for row in table.rows)
    return replace(table, columns=tuple(table.columns[c] for c in chosen), rows=rows)


def _below(table: Table) -> list[Table]:
    heights = row_heights(table, column_widths(table, _WIDTH, _POINTS), _POINTS)
    parts: list[Table] = []
    rows: list[tuple[Cell, ...]] = []
    used = heights[0]
    for row, need in zip(table.rows, heights[1:], strict=True):
        if rows and used + need > _HEIGHT:
            parts.append(replace(table, rows=tuple(rows)))
            rows, used = [], heights[0]
        rows.append(row)
        used += need
    return [*parts, replace(table, rows=tuple(rows))]
