"""Native charts with a category axis: stacked bars, two means, a line per patient, columns."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from lib.export.pptx.style import (
    AXIS,
    LABEL,
    LINE,
    OUTCOME,
    Place,
    arrows,
    axis_line,
    axis_title,
    axis_words,
    fill_series,
    ink_on,
    label_point,
    line_series,
    mark_series,
    new_chart,
    number_pattern,
    upright_goes_on,
    value_axis,
)
from lib.export.pptx.text import text_width
from lib.export.pptx.xml import error_bars, every_label, hide_in_legend
from lib.present.chart_data import ChartData, Series
from lib.present.charts.mini import NORM
from lib.present.theme import PALETTE, likert_ramp
from lib.present.wording import NBSP, compact, number
from lib.settings import FEWEST_TO_TEST

_SMALLEST_LABEL = 0.05
_FEW_STEPS = 9
"""Counts up to this have an axis of whole numbers."""
_FEW_ROWS, _SMALL_NAME = 7, 12
"""Long names of more rows than this are written in this size."""
_MOST_BINS = 120
_TALLEST_BAR = 0.75
"""Inches; a chart of few rows has thin bars with room between them."""
_PAIRED_UP = ("complete", "no_baseline", "no_follow_up")
"""Roles of a bar of patients with and without a complete pair."""


def stacked_bars(slide: Any, data: ChartData, place: Place) -> Any:
    """100% bars of counts; the label of a row ends with its top two or its rate."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    parts = [s for s in data.series if s.role.startswith("level:") or s.role in (*OUTCOME, *_PAIRED_UP)]
    # the good end begins at the common zero
    parts = [s for s in parts if s.role.startswith("level:")][::-1] or parts
    labelled = next((s for s in data.series if s.role in ("top two", "rate")), None)
    chart_data = CategoryChartData(number_format="0")
    names = [_row_name(data, i, labelled, place) for i in range(len(data.categories))]
    chart_data.categories = names
    for s in parts:
        chart_data.add_series(place.text(s.name), s.values)
    chart = new_chart(slide, XL_CHART_TYPE.BAR_STACKED_100, chart_data, place, legend=True)
    every_label(chart.category_axis)
    longest = max((text_width(name, AXIS) for name in names), default=0.0)
    if len(names) > _FEW_ROWS and longest > place.width * 0.3:  # folded names of many rows would be left out
        chart.category_axis.tick_labels.font.size = Pt(_SMALL_NAME)
    plot = chart.plots[0]
    plot.gap_width = min(500, max(45, round(100 * ((place.height - 0.5) / len(data.categories) / _TALLEST_BAR - 1))))
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis_line(chart.category_axis, None)
    colors = _stack_colors(parts, place)
    totals = [sum(s.values[i] or 0 for s in parts) for i in range(len(data.categories))]
    for series, s, (fill, ink) in zip(plot.series, parts, colors, strict=True):
        fill_series(series, fill)
        for i, value in enumerate(s.values):
            if value and totals[i] and value / totals[i] >= _SMALLEST_LABEL:
                label_point(series.points[i], place.text(number(value, 0)), ink, XL_LABEL_POSITION.CENTER, size=LABEL)
    return chart


def _row_name(data: ChartData, i: int, labelled: Series | None, place: Place) -> str:
    name = place.text(data.categories[i])
    words = place.text((labelled.labels or ("",) * (i + 1))[i]) if labelled else ""
    if labelled is None or not words:
        return name
    low, high = _ends(labelled, i)
    if labelled.role == "rate" and low is not None and high is not None and data.n >= FEWEST_TO_TEST:
        return f"{name}\n{words}, 95% CI {place.text(f'{number(low * 100, 1)} to {number(high * 100, 1)}%')}"
    return f"{name}: {words}"


def _ends(share: Series, i: int) -> tuple[float | None, float | None]:
    """The interval of a rate; none of fewer than ten patients, as on the slides that Present shows."""
    if share.n is not None and share.n[i] < FEWEST_TO_TEST:
        return None, None
    low, high = share.low or (None,) * (i + 1), share.high or (None,) * (i + 1)
    return low[i], high[i]


def _stack_colors(parts: list[Series], place: Place) -> list[tuple[str, str]]:
    levels = [s for s in parts if s.role.startswith("level:")]
    ramp = likert_ramp(len(levels)) if 2 <= len(levels) <= 11 else ()
    found = []
    for s in parts:
        if s.name in place.colors:
            found.append((place.colors[s.name], ink_on(place.colors[s.name])))
        elif s.role in OUTCOME:
            found.append(OUTCOME[s.role])
        else:
            color = ramp[int(s.role.split(":")[1])] if ramp else None
            found.append((color.fill, color.label) if color else (PALETTE.unchanged_fill, PALETTE.ink))
    return found


def two_means(slide: Any, data: ChartData, place: Place) -> Any:
    """Two means with error bars on the whole scale, joined by a line; diamonds for the norm where there is one."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    means = [s for s in data.series if s.role.endswith(" mean")]
    norms = {s.role.removesuffix(" norm"): s.values[0] for s in data.series if s.role.endswith(" norm")}
    chart_data = CategoryChartData(number_format=number_pattern(place.decimals))
    chart_data.categories = [place.text(s.name.removesuffix(", mean")) for s in means]
    chart_data.add_series(place.text(f"Mean {data.title}"), [s.values[0] for s in means])
    if norms:
        chart_data.add_series(place.text(NORM), [norms.get(s.role.removesuffix(" mean")) for s in means])
    lows, highs = [(s.low or (None,))[0] for s in means], [(s.high or (None,))[0] for s in means]
    beyond = upright_goes_on(chart_data, place, lows, highs, data.x)
    chart = new_chart(slide, XL_CHART_TYPE.LINE_MARKERS, chart_data, place, legend=bool(norms))
    arrows(list(chart.plots[0].series), beyond)
    if beyond and norms:
        hide_in_legend(chart, sorted({index for index, *_ in beyond}))
    series = chart.plots[0].series[0]
    few = data.n < FEWEST_TO_TEST  # a quiet mean: grey, thin, small
    color = PALETTE.muted if few else PALETTE.ink
    line_series(series, color, 1.0 if few else 2.25)
    mark_series(series, color, 9 if few else 13)
    if norms:
        line_series(chart.plots[0].series[1], None, 0)
        mark_series(chart.plots[0].series[1], PALETTE.baseline, 11, diamond=True)
    error_bars(
        series, [s.values[0] for s in means], lows, highs, direction="y", color=color, points=1.25 if few else 2.5
    )
    for i, s in enumerate(means):
        _mean_label(series.points[i], s.values[0], lows[i], highs[i], place, left=i == 0)
    value_axis(chart.value_axis, data.x, place)
    return chart


def _mean_label(
    point: Any, value: float | None, low: float | None, high: float | None, place: Place, *, left: bool
) -> None:
    """The mean and, under it, its interval, outside the bundle of lines."""
    from pptx.enum.chart import XL_LABEL_POSITION

    if value is None:
        return
    words = place.number(value)
    if low is not None and high is not None:
        words += f"\n{place.number(low)} to {place.number(high)}"
    side = XL_LABEL_POSITION.LEFT if left else XL_LABEL_POSITION.RIGHT
    label_point(point, words, PALETTE.ink, side, bold=True, size=LABEL)


def patient_lines(slide: Any, data: ChartData, place: Place) -> Any:
    """A line per patient (or the lines of a band), then the means with error bars on top."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    means = [s for s in data.series if s.role == "mean"]
    drawn = [s for s in data.series if s.role != "mean"]
    chart_data = CategoryChartData(number_format=number_pattern(place.decimals))
    chart_data.categories = [place.text(c) for c in data.categories]
    for s in drawn:
        if s.role == "band":
            chart_data.add_series(place.text(f"{s.name}, lower"), s.low or s.values)
            chart_data.add_series(place.text(f"{s.name}, upper"), s.high or s.values)
        else:
            name = f"{s.name}, row {s.rows[0]}" if s.rows else s.name
            chart_data.add_series(place.text(name), s.values)
    for s in means:
        chart_data.add_series(place.text(s.name), s.values)
    beyond = [upright_goes_on(chart_data, place, s.low or (), s.high or (), data.y) for s in means]
    chart = new_chart(slide, XL_CHART_TYPE.LINE_MARKERS, chart_data, place)
    arrows(list(chart.plots[0].series), [arrow for found in beyond for arrow in found])
    colors = [LINE.get(s.role, PALETTE.baseline) for s in drawn for _ in range(2 if s.role == "band" else 1)]
    all_series = list(chart.plots[0].series)
    for series, color in zip(all_series, colors, strict=False):
        line_series(series, color, 1.25, transparent=40)
        mark_series(series, color, 4)
    for series, s in zip(all_series[len(colors) :], means, strict=False):
        line_series(series, PALETTE.ink, 3)
        mark_series(series, PALETTE.ink, 12)
        if s.low and s.high:
            error_bars(series, s.values, s.low, s.high, direction="y", color=PALETTE.ink, points=2.5)
        for i, value in enumerate(s.values):
            ends = (s.low or (None, None))[i], (s.high or (None, None))[i]
            _mean_label(series.points[i], value, *ends, place, left=i == 0)
    value_axis(chart.value_axis, data.y, place)
    return chart


def lying_bars(slide: Any, data: ChartData, place: Place) -> Any:
    """One share per named row along a percent axis, with its interval; the row's name ends with its words."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    s = data.series[0]
    chart_data = CategoryChartData(number_format="General")
    chart_data.categories = [_row_name(data, i, s, place) for i in range(len(data.categories))]
    chart_data.add_series(place.text(s.name), s.values)
    chart = new_chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, chart_data, place)
    every_label(chart.category_axis)
    chart.plots[0].gap_width = 60
    series = chart.plots[0].series[0]
    fill_series(series, place.color(s, PALETTE.follow_up))
    if s.low and s.high:
        error_bars(series, s.values, s.low, s.high, direction="y", color=PALETTE.ink, points=1.5)
    chart.category_axis.reverse_order = True
    axis_line(chart.category_axis, None)
    value_axis(chart.value_axis, data.x, place)
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if data.x is not None and data.x.high <= 1:
        chart.value_axis.tick_labels.number_format = "0%"
    return chart


def columns(slide: Any, data: ChartData, place: Place) -> Any:
    """Histogram, waterfall or plain bars: columns in the order given, series stacked in their colours."""
    if data.kind == "bars" and data.categories and data.x is not None and data.y is None:
        return lying_bars(slide, data, place)
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION

    drawn = [s for s in data.series if s.role not in ("all mean", "rate", "top two")]
    names, columns = _bins(data, drawn, place.width)
    names = [place.text(name) for name in names]
    chart_data = CategoryChartData(number_format="General")
    chart_data.categories = names
    for s, values in zip(drawn, columns, strict=True):
        chart_data.add_series(place.text(s.name), values)
    chart = new_chart(slide, XL_CHART_TYPE.COLUMN_STACKED, chart_data, place, legend=len(drawn) > 1)
    plot = chart.plots[0]
    plot.gap_width = 12 if len(names) > 8 else 60
    plot.overlap = 100
    for series, s in zip(plot.series, drawn, strict=True):
        fill_series(series, OUTCOME.get(s.role, (place.color(s, PALETTE.follow_up), ""))[0])
        series.invert_if_negative = False
        if data.kind == "bars" and s.low and s.high:
            error_bars(series, s.values, s.low, s.high, direction="y", color=PALETTE.ink)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if data.x is not None and not data.categories:
        words = axis_words(data.x, place.width)
        if names and not names[0].count("to"):
            words = words.replace(data.x.title, f"{data.x.title}; each bar begins at its number")
        axis_title(chart.category_axis, place.text(words))
    value_axis(chart.value_axis, data.y, place)
    if data.y is None and max((v or 0 for s in drawn for v in s.values), default=0) <= _FEW_STEPS:
        chart.value_axis.major_unit = 1
    if data.kind == "waterfall":
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    return chart


def _bins(data: ChartData, drawn: list[Series], width: float) -> tuple[list[str], list[list[float | None]]]:
    """Category names and one column of values per series; bins of a number are joined by their x."""
    if data.categories:
        return list(data.categories), [list(s.values) for s in drawn]
    if all(s.x is not None for s in drawn):
        places = _every_bin(sorted({v for s in drawn for v in s.x or ()}))
        columns = []
        for s in drawn:
            at = dict(zip(s.x or (), s.values, strict=True))
            columns.append([at.get(p) for p in places])
        return _ranges(places, width), columns
    length = sum(len(s.values) for s in drawn)
    columns, start = [], 0
    for s in drawn:
        columns.append([None] * start + list(s.values) + [None] * (length - start - len(s.values)))
        start += len(s.values)
    return [str(i + 1) for i in range(length)], columns


def _every_bin(middles: list[float]) -> list[float]:
    """The bins with those in which nobody is: a gap of four steps is four bars wide, not one."""
    steps = [b - a for a, b in pairwise(middles)]
    step = min(steps, default=0.0)
    counts = [round(s / step) for s in steps] if step else []
    if sum(counts) > _MOST_BINS or any(abs(s - k * step) > 1e-6 * step for s, k in zip(steps, counts, strict=True)):
        return middles
    filled: list[float] = []
    for start, k in zip(middles, counts, strict=False):
        filled += [start, *(start + step * j for j in range(1, k))]
    return [*filled, *middles[-1:]]


def _ranges(middles: list[float], width: float) -> list[str]:
    """Bins by their ends, "20 to 25" for the middle 22.5; by where they begin where there is no room for both."""
    steps = [b - a for a, b in pairwise(middles)]
    half = min(steps) / 2 if steps else 0.0
    if not half:
        return [compact(round(m, 6)) for m in middles]
    ends = [(compact(round(m - half, 6)), compact(round(m + half, 6))) for m in middles]
    both = [f"{low}{NBSP}to{NBSP}{high}" for low, high in ends]
    room = (width - 1.0) / len(middles)
    return both if max(text_width(t, AXIS) for t in both) < room else [low for low, _ in ends]
