"""The figures of a report beyond the overview: EQ-5D, groups, every patient, events, who is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lib.present.chart_data import ChartData
from lib.present.theme import Medium

Draw = Callable[[ChartData, Medium, int], dict[str, Any]]


def _dimensions(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.eq5d_dimensions import dimensions_figure

    # "Mobility: Baseline", "Mobility: 12 months", …
    pairs = [category.split(": ", 1) for category in data.categories]
    names, occasions = [name for name, _ in pairs[::2]], (pairs[0][1], pairs[1][1])
    return dimensions_figure(data, names, occasions, medium)


def _changes(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.eq5d_changes import changes_figure

    return changes_figure(data, medium)


def _forest(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.forest import forest_figure

    return forest_figure(data, medium=medium)


def _flow(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.flow import flow_figure

    return flow_figure(data, medium)


def _waterfall(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.waterfall import waterfall_figure

    return waterfall_figure(data, medium)


def _scatter(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.baseline_scatter import scatter_figure

    return scatter_figure(data, medium)


def _alluvial(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.alluvial import alluvial_figure

    return alluvial_figure(data, medium)


def _event_bars(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.event_bars import event_bars_figure

    return event_bars_figure(data, medium)


def _completeness(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.completeness import bars_figure

    return bars_figure(data, medium)


def _periods(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.completeness import periods_figure

    return periods_figure(data, medium)


MORE_FIGURES: Mapping[str, Draw] = {
    "eq5d_dimensions": _dimensions,
    "eq5d_changes": _changes,
    "forest": _forest,
    "flow": _flow,
    "waterfall": _waterfall,
    "scatter": _scatter,
    "alluvial": _alluvial,
    "event_bars": _event_bars,
    "completeness": _completeness,
    "periods": _periods,
}
