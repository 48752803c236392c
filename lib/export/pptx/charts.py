"""Native, editable PowerPoint charts from ChartData; a kind without one in `lib/export/forms.py` becomes a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lib.export.forms import FORMS
from lib.export.pptx.style import Place
from lib.present.chart_data import ChartData

__all__ = ["Place", "add_chart", "has_native", "pieces"]


def add_chart(slide: Any, data: ChartData, place: Place) -> Any | None:
    """The native chart on the slide, or None when this chart has none (no native form, or nothing left to draw)."""
    if not has_native(data):
        return None
    texts_stay_texts()
    native = FORMS[data.kind].native
    return native(slide, data, place) if native else None


def texts_stay_texts() -> None:
    """The workbook behind a chart: python-pptx 1.0.2 writes it with xlsxwriter's defaults, which make a formula of a
    label "=1+1" and a link of "http://…". Its module gets a workbook that makes neither; asked again, nothing changes.
    """
    from pptx.chart import xlsx

    vars(xlsx)["Workbook"] = _workbook_of_texts


def _workbook_of_texts(file: Any, options: Mapping[str, Any]) -> Any:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    return Workbook(file, {**options, "strings_to_formulas": False, "strings_to_urls": False})


def has_native(data: ChartData) -> bool:
    """Whether `add_chart` draws all that it says; a figure of roles it does not know becomes a table."""
    roles = {s.role for s in data.series}
    match data.kind:
        case "pairs of means":
            return any(role.endswith(" mean") for role in roles)
        case "dots":
            return bool(roles) and not any(role.startswith("group:") for role in roles)
        case "scatter":
            return bool(roles) and roles <= _SCATTERED
        case "bars":
            return len(data.series) == 1
        case "stacked bars" if "complete" in roles:  # who is missing: its states have no colours here
            return False
    return FORMS[data.kind].native is not None and bool(roles)


_SCATTERED = frozenset(
    {"improved", "unchanged", "worsened", "patients", "smooth", "better", "mixed", "same", "no_problems", "worse"}
)
"""What a native scatter can be made of."""


# A chart of more rows than a slide holds becomes several charts.


def pieces(data: ChartData) -> list[ChartData]:
    """The chart in pieces of rows that a slide can hold, of nearly one size."""
    rows, most = len(data.categories), FORMS[data.kind].slide_rows
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
