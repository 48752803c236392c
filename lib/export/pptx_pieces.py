"""A chart of more rows than a slide holds becomes several charts."""

from __future__ import annotations

from dataclasses import replace

from lib.present.chart_data import ChartData

_MOST_ROWS = {"stacked bars": 14, "forest": 14}
"""Rows of a native chart that are still read on a slide; more become further slides."""


def pieces(data: ChartData) -> list[ChartData]:
    """The chart in pieces of rows that a slide can hold, of nearly one size."""
    rows, most = len(data.categories), _MOST_ROWS.get(data.kind, 0)
    if not most or rows <= most:
        return [data]
    size = -(-rows // -(-rows // most))
    return [rows_of(data, first, min(first + size, rows)) for first in range(0, rows, size)]


def rows_of(data: ChartData, first: int, end: int) -> ChartData:
    """The chart with the categories from `first` up to before `end`; what does not run along them is left out,
    but for the patients of a row of a forest.
    """
    rows = len(data.categories)
    series = tuple(
        replace(
            s,
            values=s.values[first:end],
            x=s.x and s.x[first:end],
            low=s.low and s.low[first:end],
            high=s.high and s.high[first:end],
            n=s.n and s.n[first:end],
            labels=s.labels and s.labels[first:end],
        )
        for s in data.series
        if len(s.values) == rows and s.rows is None
    )
    patients = tuple(
        replace(s, role=f"patients:{row - first}")
        for s in data.series
        if s.role.startswith("patients:") and first <= (row := int(s.role.split(":")[1])) < end
    )
    return replace(data, categories=data.categories[first:end], series=(*series, *patients))
