"""A table made ready for paper: columns nobody filled are left out, widths follow the texts."""

from __future__ import annotations

from dataclasses import replace

from lib.export.pptx_text import text_height, text_width
from lib.present.table import Table

_PAD = 0.16
_SHARE_OF_LONG = 0.42


def trimmed(table: Table) -> Table:
    """Without the columns in which no row has a text."""
    used = [c for c in range(len(table.columns)) if any(row[c].text for row in table.rows)]
    if len(used) == len(table.columns) or not used:
        return table
    columns = tuple(table.columns[c] for c in used)
    return replace(table, columns=columns, rows=tuple(tuple(row[c] for c in used) for row in table.rows))


def column_widths(table: Table, width: float, points: float) -> list[float]:
    """Widths in inches that add up to `width`: as the texts need, the long ones folded first, numbers never."""
    needs, floors = _needs(table, width, points)
    if sum(needs) <= width:
        spare = (width - sum(needs)) / len(needs)
        return [need + spare for need in needs]
    if sum(floors) >= width:
        return [width * floor / sum(floors) for floor in floors]
    give = (width - sum(floors)) / (sum(needs) - sum(floors))
    return [floor + (need - floor) * give for floor, need in zip(floors, needs, strict=True)]


def words_whole(table: Table, width: float, points: float) -> bool:
    """Whether at this size no word and no number is broken."""
    return sum(_needs(table, width, points)[1]) <= width


def _needs(table: Table, width: float, points: float) -> tuple[list[float], list[float]]:
    """What each column would like, and the least with which only spaces between words are folded."""
    needs, floors = [], []
    for c, column in enumerate(table.columns):
        texts = [row[c].text for row in table.rows]
        longest = max((text_width(t, points) for t in texts), default=0.0)
        word = max((text_width(w, points) for t in texts for w in t.split(" ")), default=0.0)
        head = max((text_width(w, points, bold=True) for w in column.name.split(" ")), default=0.0)
        need = max(longest, head, 0.3) + _PAD
        whole = column.align == "right" and longest < width * 0.2
        needs.append(need if whole else min(need, width * _SHARE_OF_LONG))
        floors.append(need if whole else min(need, max(word, head, 0.3) + _PAD))
    return needs, floors


def row_heights(table: Table, widths: list[float], points: float) -> list[float]:
    """Heights in inches of the heading and of each row."""
    heights = []
    for texts, bold in [([c.name for c in table.columns], True), *(([x.text for x in r], False) for r in table.rows)]:
        tallest = max(text_height(t, w - _PAD, points, bold=bold) for t, w in zip(texts, widths, strict=True))
        heights.append(tallest + 0.09)
    return heights
