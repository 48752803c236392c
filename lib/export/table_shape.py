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
    """Widths in inches that add up to `width`: as the texts need, the long ones folded first."""
    needs = []
    for c, column in enumerate(table.columns):
        texts = [row[c].text for row in table.rows]
        longest = max((text_width(t, points) for t in texts), default=0.0)
        word = max((text_width(w, points, bold=True) for w in column.name.split(" ")), default=0.0)
        needs.append(max(longest, word, 0.3) + _PAD)
    short = [min(need, width * _SHARE_OF_LONG) for need in needs]
    floor = [min(need, _widest_word(table, c, points) + _PAD) for c, need in enumerate(short)]
    if sum(short) <= width:
        spare = (width - sum(short)) / len(short)
        return [need + spare for need in short]
    if sum(floor) >= width:
        return [width * f / sum(floor) for f in floor]
    give = (width - sum(floor)) / (sum(short) - sum(floor))
    return [f + (s - f) * give for f, s in zip(floor, short, strict=True)]


def _widest_word(table: Table, c: int, points: float) -> float:
    words = [w for row in table.rows for w in row[c].text.split(" ")]
    head = [text_width(w, points, bold=True) for w in table.columns[c].name.split(" ")]
    return max([text_width(w, points) for w in words] + head, default=0.3)


def row_heights(table: Table, widths: list[float], points: float) -> list[float]:
    """Heights in inches of the heading and of each row."""
    heights = []
    for texts, bold in [([c.name for c in table.columns], True), *(([x.text for x in r], False) for r in table.rows)]:
        tallest = max(text_height(t, w - _PAD, points, bold=bold) for t, w in zip(texts, widths, strict=True))
        heights.append(tallest + 0.09)
    return heights
