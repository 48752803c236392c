"""A table made ready for paper: columns nobody filled are left out, widths follow the texts."""

from __future__ import annotations

import re
from dataclasses import replace

from lib.catalog.spreadsheet import safe_text
from lib.export.pptx.text import text_height, text_width
from lib.present.chart_data import ChartData, Series
from lib.present.table import Cell, Column, Table, chart_table
from lib.present.wording import number

_PAD = 0.16
_SHARE_OF_LONG = 0.42
_BOLDER = 1.15
"""Room for a heading in the wider bold of a program that lacks our font."""


def trimmed(table: Table) -> Table:
    """Without the columns in which no row has a text."""
    used = [c for c in range(len(table.columns)) if any(row[c].text for row in table.rows)]
    if len(used) == len(table.columns) or not used:
        return table
    columns = tuple(table.columns[c] for c in used)
    return replace(table, columns=columns, rows=tuple(tuple(row[c] for c in used) for row in table.rows))


def figure_table(data: ChartData) -> Table:
    """The table of a figure as a slide can hold it: a row per category and a column per series where they run alike.

    Single patients are left out where the figure holds anything else.
    """
    overall = tuple(s for s in data.series if s.rows is None) or data.series
    rows = len(data.categories)
    alike = tuple(s for s in overall if len(s.values) == rows and s.x is None)
    if rows < 2 or not alike:
        row_names = () if all(len(s.values) != rows for s in overall) else data.categories
        return chart_table(replace(data, series=overall, categories=row_names))
    columns = (Column(""), *(Column(s.name, "right") for s in alike))
    cells = tuple((Cell(name), *(_value(s, i) for s in alike)) for i, name in enumerate(data.categories))
    return Table(data.title, columns, cells, data.notes)


_MOST_LETTERS = 900
"""Letters of numbers in a text alternative; a screen reader cannot skip in it."""


def numbers_as_text(data: ChartData) -> str:
    """The numbers of a figure as one text, row by row, for who does not see it; "" where there are none."""
    table = figure_table(data)
    heads = [column.name for column in table.columns]
    rows = [
        ", ".join(f"{head} {cell.text}".strip() for head, cell in zip(heads, row, strict=True) if cell.text)
        for row in table.rows
    ]
    words = ""
    for row in rows:
        if len(words) + len(row) > _MOST_LETTERS:
            return f"{words}More rows in the data of the chart. "
        words += f"{row}. "
    return words


def _value(series: Series, i: int) -> Cell:
    """A value with its interval; the label that the figure prints beside it where it has one."""
    value = series.values[i]
    if series.labels and series.labels[i]:
        return Cell(series.labels[i], value)
    if value is None:
        return Cell("")
    words = _short(value)
    low, high = (series.low or (None,) * (i + 1))[i], (series.high or (None,) * (i + 1))[i]
    if low is not None and high is not None:
        words += f" ({_short(low)} to {_short(high)})"
    return Cell(words, value)


def _short(value: float) -> str:
    text = number(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def column_widths(table: Table, width: float, points: float) -> list[float]:
    """Widths in inches that add up to `width`: as the texts need, the long ones folded first, numbers never."""
    needs, floors, words = _needs(table, width, points)
    if sum(needs) <= width:
        spare = (width - sum(needs)) / len(needs)
        return [need + spare for need in needs]
    if sum(floors) < width:
        return _between(floors, needs, width)
    if sum(words) < width:  # too many columns: then numbers with spaces inside are folded too, but no word is broken
        return _between(words, floors, width)
    return [width * word / sum(words) for word in words]


def _between(least: list[float], most: list[float], width: float) -> list[float]:
    """Each column the same part of its way from its least to its most, so that all together are `width`."""
    give = (width - sum(least)) / (sum(most) - sum(least))
    return [low + (high - low) * give for low, high in zip(least, most, strict=True)]


def words_whole(table: Table, width: float, points: float) -> bool:
    """Whether at this size no word and no number is broken."""
    return sum(_needs(table, width, points)[1]) <= width


def _needs(table: Table, width: float, points: float) -> tuple[list[float], list[float], list[float]]:
    """What each column would like; the least with which texts are folded but no number; and its longest word."""
    needs, floors, words = [], [], []
    for c, column in enumerate(table.columns):
        texts = [row[c].text for row in table.rows]
        longest = max((text_width(t, points) for t in texts), default=0.0)
        word = max((text_width(w, points) for t in texts for w in t.split(" ")), default=0.0)
        head = _BOLDER * max((text_width(w, points, bold=True) for w in column.name.split(" ")), default=0.0)
        need = max(longest, head, 0.3) + _PAD
        whole = column.align == "right" and longest < width * 0.2
        needs.append(need if whole else min(need, width * _SHARE_OF_LONG))
        words.append(min(need, max(word, head, 0.3) + _PAD))
        floors.append(need if whole else words[-1])
    return needs, floors, words


def row_heights(table: Table, widths: list[float], points: float) -> list[float]:
    """Heights in inches of the heading and of each row."""
    heights = []
    for texts, bold in [([c.name for c in table.columns], True), *(([x.text for x in r], False) for r in table.rows)]:
        tallest = max(text_height(t, w - _PAD, points, bold=bold) for t, w in zip(texts, widths, strict=True))
        heights.append(tallest + 0.09)
    return heights


# Text on its way into an Office file: no characters that XML forbids, no direction tricks, a decimal comma on request.
#
# Labels come from uploaded files; a form feed in one of them would otherwise make the whole document unreadable.

# not inside a version (2.4.6), a DOI (10.1007/…), a file name or a word
_DECIMAL = re.compile(r"(?<![\w./])(\d+)\.(\d+)(?![\w/]|\.\w)")


def one_line(text: str) -> str:
    """The same on one line: tabs and line breaks become spaces, a non-breaking space stays one."""
    return re.sub(r"[\t\n\r ]+", " ", safe_text(text)).strip(" ")


def with_comma(text: str) -> str:
    """Decimal points as commas, 2.86 → 2,86; versions, DOIs and file names stay."""
    return _DECIMAL.sub(r"\1,\2", text)
