"""What the projector shows of a report: one finding a page, each with as much as can be read from the back row.

A figure of many rows and a table that does not fit become several pages; nothing is written smaller and nothing is lost
but the notes under tables, which are in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lib.export.pptx.charts import rows_of
from lib.export.table_shape import column_widths, figure_table, row_heights, trimmed, words_whole
from lib.present.table import Cell, Table
from lib.present.theme import PROJECTOR
from lib.present.wording import NBSP
from lib.report.plan import Item
from lib.report.report import Report

_FROM_AFAR = frozenset({"means", "lines", "improvements", "curve", "outcomes", "statements", "funnel"})
"""Figures that can be drawn with type of 24 points; of others the numbers are shown."""
_ROWS = {"stacked bars": 4}
POINTS = 24.0
_WIDTH, _HEIGHT = 12.3, PROJECTOR.height / 96
"""Of the stage in inches of a screen (96 px)."""
_LETTERS = 118
"""Of a title of two lines at 1280 px."""
_LEVEL = 4
"""Spaces before the name of an answer; a question has fewer."""
_LARGER = (33.0, 30.0, 27.0)
_AIR, _MARGIN = 1.1, 0.12
_Row = tuple[Cell, ...]
_SPARED = ("z", "Test", "p", "mean (SD)")
"""Columns that a room can do without, in this order, where a table is too wide for one screen: "p" only beside the
corrected one; means stand with the finding of each measure."""


@dataclass(frozen=True, slots=True)
class Page:
    """A finding as the projector shows it: its key stays while the filter moves; `part` is "2 of 3" or ""."""

    key: str
    item: Item
    part: str = ""

    @property
    def title(self) -> str:
        """The finding, no longer than two lines: what does not fit is counted."""
        room = _LETTERS - len(self.part)
        clauses = self.item.finding.split("; ")
        kept = len(clauses)
        while kept > 1 and len("; ".join(clauses[:kept])) > room:
            kept -= 1
        left = len(clauses) - kept
        words = "; ".join(clauses[:kept]) + (f"; and {left} more" if left else "")
        return words + (f" ({self.part})" if self.part else "")


def pages(report: Report) -> list[Page]:
    """Every usual item of the report, in order, on as many pages as it needs."""
    found = []
    for item in report.items:
        if not item.usual or (item.key == "safety" and report.plan.analysis.cohort.events is None):
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
    ends = [round(rows * k / pieces) for k in range(pieces + 1)]
    # a sentence with a clause for each row says those of its own page
    head, colon, told = item.finding.partition(": ")
    clauses = told.split("; ")
    own = bool(colon) and len(clauses) == rows
    return [
        replace(
            item,
            chart=rows_of(item.chart, first, end),
            finding=head + colon + "; ".join(clauses[first:end]) if own else item.finding,
        )
        for first, end in pairwise(ends)
    ]


def _tables(item: Item) -> list[Item]:
    """Columns that fit side by side, the first one repeated; then rows."""
    table = item.table or (figure_table(item.chart) if item.chart is not None else None)
    if table is None or not table.rows:
        return []
    table = _fitting(replace(_telling(trimmed(table)), notes=(), people=()))
    plain = replace(item, chart=None, figure="")
    return [replace(plain, table=part) for wide in _side_by_side(table) for part in _below(wide)]


def _telling(table: Table) -> Table:
    """Without missing values where there are none, and without an n that is the same in all rows: the strip says it."""

    def says_nothing(c: int, name: str) -> bool:
        if name == "Missing":
            return not any(row[c].value for row in table.rows)
        return name == "n" and len(table.rows) > 1 and len({row[c].text for row in table.rows}) == 1

    kept = [c for c, column in enumerate(table.columns) if not c or not says_nothing(c, column.name)]
    return table if len(kept) == len(table.columns) else _chosen(table, kept)


def _fitting(table: Table) -> Table:
    """Without columns that a room can do without, until the rest stands side by side."""
    for name in _SPARED:
        if words_whole(table, _WIDTH, POINTS):
            break
        gone = {c for c, column in enumerate(table.columns) if c and column.name.endswith(name)}
        if name != "p" or any(c.name == "corrected" for c in table.columns):
            table = _chosen(table, [c for c in range(len(table.columns)) if c not in gone])
    return table


def _side_by_side(table: Table) -> list[Table]:
    parts, first = [], 1
    while first < len(table.columns):
        end = len(table.columns)
        while end > first + 1 and not words_whole(_columns(table, first, end), _WIDTH, POINTS):
            end -= 1
        parts.append(_columns(table, first, end))
        first = end
    return parts or [table]


def _columns(table: Table, first: int, end: int) -> Table:
    return _chosen(table, (0, *range(first, end)))


def _chosen(table: Table, chosen: Sequence[int]) -> Table:
    rows = tuple(tuple(row[c] for c in chosen) for row in table.rows)
    return replace(table, columns=tuple(table.columns[c] for c in chosen), rows=rows)


def _below(table: Table) -> list[Table]:
    """On as few pages as it needs and as evenly as they can be: a heading and its first row, a question and its answers
    stay together."""
    head, *heights = _heights(table, POINTS)
    room = _HEIGHT - head
    fewest = _packed(table.rows, heights, room)
    # the same number of pages, filled alike
    for share in range(10, 20):
        even = _packed(table.rows, heights, min(room, sum(heights) / len(fewest) * share / 10))
        if len(even) == len(fewest):
            return [replace(table, rows=rows) for rows in even]
    return [replace(table, rows=rows) for rows in fewest]


def points(table: Table) -> float:
    """The largest type in which a table fits its screen without folding more: few numbers are written large."""
    lines = [round(h / _heights(table, POINTS)[0]) for h in _heights(table, POINTS)]
    for size in _LARGER:
        heights = _heights(table, size)
        unfolded = [round(h / heights[0]) for h in heights] == lines
        if words_whole(table, _WIDTH, size) and unfolded and sum(heights) * _AIR <= _HEIGHT:
            return size
    return POINTS


def _heights(table: Table, size: float) -> list[float]:
    # the margin of a slide's cell is wider than that of a cell here
    return row_heights(table, [w + _MARGIN for w in column_widths(table, _WIDTH, size)], size)


def _packed(rows: Sequence[_Row], heights: Sequence[float], room: float) -> list[tuple[_Row, ...]]:
    pages: list[tuple[_Row, ...]] = []
    page: tuple[_Row, ...] = ()
    used = 0.0
    for first, end in _blocks(rows):
        need = sum(heights[first:end])
        if page and used + need > room:
            pages, page, used = [*pages, page], (), 0.0
        for row, height in zip(rows[first:end], heights[first:end], strict=True):
            if page and used + height > room:  # more than a page by itself
                pages, page, used = [*pages, page], (), 0.0
            page, used = (*page, row), used + height
    return [*pages, page]


def _blocks(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    """Rows that stay together, as (first, after the last): a row with those set in further, a heading with the next."""
    starts = []
    for i, row in enumerate(rows):
        above = rows[i - 1] if i else None
        level = above is not None and _depth(row) >= _LEVEL
        under_heading = above is not None and _heading(above)
        if not level and not under_heading:
            starts.append(i)
    return list(pairwise([*starts, len(rows)]))


def _depth(row: _Row) -> int:
    return len(row[0].text) - len(row[0].text.lstrip(NBSP))


def _heading(row: _Row) -> bool:
    return _depth(row) == 0 and not any(cell.text for cell in row[1:])
