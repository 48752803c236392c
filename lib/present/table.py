"""A table as data: text for people, the unrounded number beside it for the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lib.present.chart_data import ChartData
from lib.present.wording import number


@dataclass(frozen=True, slots=True)
class Cell:
    """What is read, and the unrounded number when the cell is one."""

    text: str
    value: float | int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the side on which its cells stand."""

    name: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table. Every row has as many cells as there are columns; notes stand under it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {len(row)} cells in a table of {len(self.columns)} columns")

    def records(self) -> list[dict[str, str]]:
        """Rows as dicts of text, heading → cell, for a screen that shows text only."""
        return [{c.name: cell.text for c, cell in zip(self.columns, row, strict=True)} for row in self.rows]


def chart_table(data: ChartData) -> Table:
    """The same numbers as the chart, one row per value: the view beside every picture."""
    by_category = bool(data.categories)
    has_interval = any(s.low for s in data.series)
    has_n = any(s.n for s in data.series)
    has_rows = any(s.rows for s in data.series)
    has_x = any(s.x for s in data.series)
    columns = [Column("Series")]
    if by_category:
        columns.append(Column(""))
    if has_rows:
        columns.append(Column("Row", "right"))
    if has_x:
        columns.append(Column(data.x.title if data.x and data.x.title else "x", "right"))
    columns.append(Column(data.y.title if data.y and data.y.title else "Value", "right"))
    if has_interval:
        columns += [Column("Lower", "right"), Column("Upper", "right")]
    if has_n:
        columns.append(Column("n", "right"))
    rows: list[tuple[Cell, ...]] = []
    for series in data.series:
        for i, value in enumerate(series.values):
            row = [Cell(series.name)]
            if by_category:
                row.append(Cell(data.categories[i] if i < len(data.categories) else ""))
            if has_rows:
                row.append(_count(series.rows, i))
            if has_x:
                row.append(_number(series.x[i] if series.x else None))
            row.append(_number(value))
            if has_interval:
                row += [_number(series.low[i] if series.low else None), _number(series.high[i] if series.high else None)]
            if has_n:
                row.append(_count(series.n, i))
            rows.append(tuple(row))
    return Table(data.title, tuple(columns), tuple(rows), data.notes)


def _number(value: float | None) -> Cell:
    if value is None:
        return Cell("")
    return Cell(number(value, 4).rstrip("0").rstrip(".") if value != int(value) else number(value, 0), value)


def _count(values: tuple[int, ...] | None, i: int) -> Cell:
    return Cell("") if values is None else Cell(str(values[i]), values[i])
