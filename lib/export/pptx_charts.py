"""Native, editable PowerPoint charts from ChartData. `NATIVE` says which kinds have one; the others become a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lib.export.pptx_categories import columns, patient_lines, stacked_bars, two_means
from lib.export.pptx_forest import forest
from lib.export.pptx_style import Place
from lib.export.pptx_xy import curve, dots, scatter
from lib.present.chart_data import ChartData

__all__ = ["NATIVE", "Place", "add_chart", "has_native"]


def add_chart(slide: Any, data: ChartData, place: Place) -> Any | None:
    """The native chart on the slide, or None when this chart has none (no native form, or nothing left to draw)."""
    return NATIVE[data.kind](slide, data, place) if has_native(data) else None


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
    return data.kind in NATIVE and bool(roles)


Draw = Callable[[Any, ChartData, Place], Any]
NATIVE: Mapping[str, Draw] = {
    "stacked bars": stacked_bars,
    "pairs of means": two_means,
    "lines per patient": patient_lines,
    "curve": curve,
    "dots": dots,
    "scatter": scatter,
    "forest": forest,
    "histogram": columns,
    "waterfall": columns,
    "bars": columns,
}
"""Kinds of chart with a native form; "flow" has none and is offered as its table."""
_SCATTERED = frozenset(
    {"improved", "unchanged", "worsened", "patients", "smooth", "better", "mixed", "same", "no_problems", "worse"}
)
"""What a native scatter can be made of; limits and centers of a funnel are not."""
