"""A table as data: text for people, the unrounded number beside it for the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lib.present.chart_data import ChartData, Series
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
    """The same numbers as the chart: the view beside every picture. One row per value, or per patient for lines."""
    if data.kind == "lines per patient":
        return _lines_table(data)
    fields = _fields(data)
    columns = tuple(Column(name, "left" if name in ("Series", "Category") else "right") for name in fields)
    rows = [
        row for series in data.series for row in zip(*(_cells(field, data, series) for field in fields), strict=True)
    ]
    return Table(data.title, columns, tuple(rows), data.notes)


def _fields(data: ChartData) -> list[str]:
    """Which columns the table of this chart needs, in order."""
    fields = ["Series"]
    if data.categories:
        fields.append("Category")
    if any(s.rows for s in data.series):
        fields.append("Row")
    if any(s.x for s in data.series):
        fields.append("x")
    fields.append("Value")
    if any(s.low for s in data.series):
        fields += ["Lower", "Upper"]
    if any(s.n for s in data.series):
        fields.append("n")
    return fields


def _cells(field: str, data: ChartData, series: Series) -> list[Cell]:
    """One field of every value of a series."""
    size = len(series.values)
    match field:
        case "Series":
            return [Cell(series.name)] * size
        case "Category":
            names = _names(data, series)[:size]
            return [Cell(name) for name in names] + [Cell("")] * (size - len(names))
        case "Row":
            return _counts(series.rows, size)
        case "x":
            return _numbers(series.x, size)
        case "Value":
            return _numbers(series.values, size)
        case "Lower":
            return _numbers(series.low, size)
        case "Upper":
            return _numbers(series.high, size)
        case _:
            return _counts(series.n, size)


def _names(data: ChartData, series: Series) -> tuple[str, ...]:
    """The categories along a series: one for all of it where it is a part of one group ("group:1 density"); none for
    patients and limits, which do not run along the categories.
    """
    if series.rows or series.role.startswith("limits:"):
        return ()
    group, _, part = series.role.removeprefix("group:").partition(" ")
    if part and group.isdigit() and int(group) < len(data.categories):
        return (data.categories[int(group)],) * len(series.values)
    return data.categories


def _lines_table(data: ChartData) -> Table:
    columns = (Column("Series"), Column("Row", "right"), *(Column(c, "right") for c in data.categories))
    wide = len(data.categories)
    rows = [(Cell(s.name), _counts(s.rows, 1)[0], *_numbers(s.values[:wide], wide)) for s in data.series]
    return Table(data.title, columns, tuple(rows), data.notes)


def _numbers(values: tuple[float | None, ...] | tuple[float, ...] | None, size: int) -> list[Cell]:
    return [Cell("")] * size if values is None else [_number(value) for value in values]


def _number(value: float | None) -> Cell:
    if value is None:
        return Cell("")
    text = number(value, 4)
    return Cell(text.rstrip("0").rstrip(".") if "." in text else text, value)


def _counts(values: tuple[int, ...] | None, size: int) -> list[Cell]:
    return [Cell("")] * size if values is None else [Cell(str(value), value) for value in values]
