"""Native charts of two numbers: curve, dots, scatter, forest, each an XY chart with error bars."""

from __future__ import annotations

import math
from typing import Any

from lib.export.pptx_style import (
    AXIS,
    LABEL,
    LINE,
    Place,
    add_points,
    along,
    axis_title,
    label_point,
    line_series,
    mark_series,
    new_chart,
    value_axis,
)
from lib.export.pptx_xml import error_bars, hide_in_legend, plot_area
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.theme import PALETTE
from lib.present.wording import compact, number


def curve(slide: Any, data: ChartData, place: Place) -> Any:
    """Steps (each belongs to its right edge), their limits as thin lines, the rate at the threshold with its bar."""
    chart_data, styled = _xy_data(), []
    tallest = 1.0
    for s in data.series:
        if s.role == "current":
            styled.append((add_points(chart_data, place, s.name, s.x or (), s.values), s))
            continue
        add_points(chart_data, place, s.name, *_steps(s.x or (), s.values))
        styled.append((len(chart_data) - 1, s))
        for name, ends in (("lower limit", s.low), ("upper limit", s.high)):
            if ends is not None:
                add_points(chart_data, place, f"{s.name}, {name}", *_steps(s.x or (), ends))
    references = _reference_points(chart_data, data, place, 0.0, tallest)
    chart = _xy_chart(slide, chart_data, place)
    series = list(chart.plots[0].series)
    for each in series:
        line_series(each, PALETTE.axis, 1.0, dashed=True)
        mark_series(each, None, 0)
    for index, s in styled:
        if s.role == "current":
            line_series(series[index], None, 0)
            mark_series(series[index], PALETTE.ink, 11)
            _xy_error(series[index], s, "y", PALETTE.ink)
            value = s.values[0]
            if value is not None:
                from pptx.enum.chart import XL_LABEL_POSITION

                words = place.text(f"{number(value * 100, 1)}%")
                label_point(series[index].points[0], words, PALETTE.ink, XL_LABEL_POSITION.RIGHT, bold=True, size=LABEL)
        else:
            line_series(series[index], PALETTE.follow_up, 2.5)
    _draw_references(series, references, data, chart)
    _xy_axes(chart, data.x, Axis("", 0.0, 1.0, ticks=(0.0, 0.25)), place)
    chart.value_axis.tick_labels.number_format = "0%"
    chart.value_axis.major_unit = 0.25
    return chart


def _steps(x: tuple[float, ...], y: tuple[float | None, ...]) -> tuple[list[float], list[float | None]]:
    xs: list[float] = []
    ys: list[float | None] = []
    for i, (a, b) in enumerate(zip(x, y, strict=True)):
        if i:
            xs.append(xs[-1])
            ys.append(b)
        xs.append(a)
        ys.append(b)
    return xs, ys


def dots(slide: Any, data: ChartData, place: Place) -> Any:
    """A dot per patient in columns, the mean with its interval in a lane below them."""
    groups = [s for s in data.series if s.role != "all mean"]
    means = [s for s in data.series if s.role == "all mean"]
    tallest = max((v or 0 for s in groups for v in s.values), default=0) + 1
    lane = -0.14 * max(tallest, 6)
    chart_data, found = _xy_data(), []
    for s in groups:
        found.append((add_points(chart_data, place, s.name, s.x or (), [0.5 + (v or 0) for v in s.values]), s))
    for s in means:
        found.append((add_points(chart_data, place, s.name, [s.values[0] or 0.0], [lane]), s))
    references = _reference_points(chart_data, data, place, math.floor(lane * 2.6), max(tallest, 6) + 0.5)
    chart = _xy_chart(slide, chart_data, place, legend=bool(groups))
    series = list(chart.plots[0].series)
    for index, s in found:
        line_series(series[index], None, 0)
        if s.role == "all mean":
            mark_series(series[index], PALETTE.ink, 12, diamond=True)
            _xy_error(series[index], s, "x", PALETTE.ink)
            _mean_below(series[index], s, place)
        else:
            mark_series(series[index], LINE.get(s.role, PALETTE.unchanged), 11, diamond=s.role == "worsened")
    _draw_references(series, references, data, chart)
    _xy_axes(chart, data.x, Axis("", math.floor(lane * 2.6), max(tallest, 6) + 0.5), place)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    return chart


def _mean_below(series: Any, s: Series, place: Place) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    value, low, high = s.values[0], (s.low or (None,))[0], (s.high or (None,))[0]
    if value is None:
        return
    words = place.number(value)
    if low is not None and high is not None:
        words += f"\n{place.number(low)} to {place.number(high)}"
    label_point(series.points[0], words, PALETTE.ink, XL_LABEL_POSITION.BELOW, bold=True, size=LABEL)


def scatter(slide: Any, data: ChartData, place: Place) -> Any:
    """Markers of two numbers."""
    chart_data = _xy_data()
    drawn = [s for s in data.series if s.x is not None]
    for s in drawn:
        add_points(chart_data, place, s.name, s.x or (), s.values)
    chart = _xy_chart(slide, chart_data, place, legend=len(drawn) > 1)
    for series, s in zip(chart.plots[0].series, drawn, strict=True):
        if s.rows is None and len(s.values) > 2:
            line_series(series, PALETTE.ink, 2.25)
            mark_series(series, None, 0)
        else:
            line_series(series, None, 0)
            mark_series(series, LINE.get(s.role, PALETTE.follow_up), 8)
    _xy_axes(chart, data.x, data.y, place)
    return chart


def forest(slide: Any, data: ChartData, place: Place) -> Any:
    """One row per category: estimate with an error bar along x, its name left of the plot, reference lines."""
    from pptx.enum.chart import XL_LABEL_POSITION

    rows = len(data.categories)
    drawn = [s for s in data.series if len(s.values) == rows and s.rows is None]
    axis = data.x or _axis_of(drawn)
    chart_data = _xy_data()
    add_points(chart_data, place, "Rows", [axis.low] * rows, [float(rows - 1 - i) for i in range(rows)])
    found = []
    # a series per row: each can have an interval of its own in every program
    for s in drawn:
        for i, value in enumerate(s.values):
            if value is not None:
                name = f"{s.name}: {data.categories[i]}"
                found.append((add_points(chart_data, place, name, [value], [float(rows - 1 - i)]), s, i))
    references = _reference_points(chart_data, data, place, -0.6, rows - 0.4)
    chart = _xy_chart(slide, chart_data, place)
    series = list(chart.plots[0].series)
    line_series(series[0], None, 0)
    mark_series(series[0], None, 0)
    for i, name in enumerate(data.categories):
        label_point(series[0].points[i], place.text(name), PALETTE.ink, XL_LABEL_POSITION.LEFT, size=LABEL)
    for index, s, i in found:
        overall = s.role == "all" and i == 0
        line_series(series[index], None, 0)
        mark_series(series[index], PALETTE.ink if overall else PALETTE.follow_up, 10, diamond=overall)
        if s.low and s.high:
            ends = ([values[i]] for values in (s.values, s.low, s.high))
            error_bars(series[index], *ends, direction="x", color=PALETTE.ink)
    _draw_references(series, references, data, chart)
    _xy_axes(chart, axis, Axis("", -0.7, rows - 0.3), place)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot_area(chart, 0.3, 0.05, 0.66, 0.78)
    return chart


def _axis_of(drawn: list[Series]) -> Axis:
    ends = [v for s in drawn for found in (s.values, s.low or (), s.high or ()) for v in found if v is not None]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    pad = (high - low) * 0.08 or 1.0
    return Axis("", low - pad, high + pad)


def _xy_data() -> Any:
    from pptx.chart.data import XyChartData

    return XyChartData(number_format="General")


def _xy_chart(slide: Any, chart_data: Any, place: Place, *, legend: bool = False) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    return new_chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES, chart_data, place, legend=legend)


def _reference_points(
    chart_data: Any, data: ChartData, place: Place, low: float, high: float
) -> list[tuple[int, int, str]]:
    found = []
    for k, reference in enumerate(data.references):
        if reference.axis == "x":
            ends = ([reference.value] * 2, [low, high])
            found.append((add_points(chart_data, place, reference.label, *ends), k, place.text(reference.label)))
    return found


def _draw_references(series: list[Any], references: list[tuple[int, int, str]], data: ChartData, chart: Any) -> None:
    """Vertical lines, out of the legend; names that would meet are left to the notes."""
    from pptx.enum.chart import XL_LABEL_POSITION

    span = (data.x.high - data.x.low) if data.x else 1.0
    named: list[float] = []
    for index, k, words in references:
        reference = data.references[k]
        threshold = reference.role == "threshold"
        color = PALETTE.accent if threshold else PALETTE.muted
        line_series(series[index], color, 1.5, dashed=threshold)
        mark_series(series[index], None, 0)
        if data.kind == "curve":
            words = compact(round(reference.value, 6))
            if any(abs(reference.value - other) < 0.07 * span for other in named):
                continue
        named.append(reference.value)
        side = XL_LABEL_POSITION.RIGHT if threshold else XL_LABEL_POSITION.LEFT
        label_point(series[index].points[1], words, color, side, size=AXIS)
    if chart.has_legend:
        hide_in_legend(chart, [index for index, _, _ in references])


def _xy_axes(chart: Any, x: Axis | None, y: Axis | None, place: Place) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    value_axis(chart.category_axis, x, place, grid=False)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    value_axis(chart.value_axis, y, place)
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if x is not None:
        axis_title(chart.category_axis, place.text(along(x)))


def _xy_error(series: Any, s: Series, direction: Any, color: str) -> None:
    if s.low and s.high and s.low[0] is not None:
        error_bars(series, s.values, s.low, s.high, direction=direction, color=color, points=3)
