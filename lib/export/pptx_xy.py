"""Native charts of two numbers: curve, dots, scatter, forest, each an XY chart with error bars."""

from __future__ import annotations

import math
from dataclasses import replace
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
    rgb,
    value_axis,
)
from lib.export.pptx_text import cut_to_fit, fitting
from lib.export.pptx_xml import error_bars, hide_in_legend, lopsided, plot_area
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.theme import CATEGORY_COLORS, PALETTE
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
        if s.role.startswith("group:"):  # the limits of several groups over each other cannot be read
            continue
        for name, ends in (("lower limit", s.low), ("upper limit", s.high)):
            if ends is not None:
                add_points(chart_data, place, f"{s.name}, {name}", *_steps(s.x or (), ends))
    references = _reference_points(chart_data, data, place, 0.0, tallest)
    lines = [index for index, s in styled if s.role != "current"]
    chart = _xy_chart(slide, chart_data, place, legend=len(lines) > 1)
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
            line_series(series[index], place.color(s, _line_of(s, data)), 2.5)
    _draw_references(series, references, data, chart)
    if chart.has_legend:
        hide_in_legend(chart, [k for k in range(len(series)) if k not in {*lines, *(r[0] for r in references)}])
    _xy_axes(chart, data.x, Axis("", 0.0, 1.0, ticks=(0.0, 0.25)), place)
    chart.value_axis.tick_labels.number_format = "0%"
    chart.value_axis.major_unit = 0.25
    return chart


def _line_of(s: Series, data: ChartData) -> str:
    """A curve's colour without the page: everybody dark beside groups, each group its own."""
    groups = [each for each in data.series if each.role.startswith("group:")]
    if not groups:
        return PALETTE.follow_up
    return CATEGORY_COLORS[groups.index(s) % len(CATEGORY_COLORS)] if s in groups else PALETTE.ink


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
    groups = _longest_first([s for s in data.series if s.role != "all mean"])
    means = [s for s in data.series if s.role == "all mean"]
    tallest = max((v or 0 for s in groups for v in s.values), default=0) + 1
    lane = -0.14 * max(tallest, 6)
    chart_data, found, intervals = _xy_data(), [], []
    for s in groups:
        found.append((add_points(chart_data, place, s.name, s.x or (), [0.5 + (v or 0) for v in s.values]), s))
    for s in means:
        found.append((add_points(chart_data, place, s.name, [s.values[0] or 0.0], [lane]), s))
        if lopsided(*_row(s, 0)):
            ends = [(s.low or ())[0], (s.high or ())[0]]
            intervals.append(add_points(chart_data, place, f"{s.name}, interval", ends, [lane, lane]))
    references = _reference_points(chart_data, data, place, math.floor(lane * 2.6), max(tallest, 6) + 0.5)
    chart = _xy_chart(slide, chart_data, place, legend=bool(groups))
    series = list(chart.plots[0].series)
    for index, s in found:
        line_series(series[index], None, 0)
        if s.role == "all mean":
            mark_series(series[index], PALETTE.ink, 12, diamond=True)
            if not intervals:
                _xy_error(series[index], s, "x", PALETTE.ink)
            _mean_below(series[index], s, place)
        else:
            mark_series(series[index], LINE.get(s.role, PALETTE.unchanged), 11, diamond=s.role == "worsened")
    for index in intervals:
        line_series(series[index], PALETTE.ink, 3)
        mark_series(series[index], None, 0)
    if intervals and chart.has_legend:
        hide_in_legend(chart, intervals)
    _draw_references(series, references, data, chart)
    _xy_axes(chart, data.x, Axis("", math.floor(lane * 2.6), max(tallest, 6) + 0.5), place)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    return chart


def _longest_first(series: list[Series]) -> list[Series]:
    """In the order given but for the one with most points: LibreOffice drops those that come before a longer one."""
    if not series:
        return series
    longest = max(series, key=lambda s: len(s.values))
    return [longest, *(s for s in series if s is not longest)]


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
    drawn = _longest_first([s for s in data.series if s.x])
    for s in drawn:
        add_points(chart_data, place, s.name, s.x or (), s.values)
    chart = _xy_chart(slide, chart_data, place, legend=len(drawn) > 1)
    for series, s in zip(chart.plots[0].series, drawn, strict=True):
        if s.role == "smooth":
            line_series(series, PALETTE.ink, 2.25)
            mark_series(series, None, 0)
        else:
            line_series(series, None, 0)
            color = LINE.get(s.role, place.color(s, PALETTE.follow_up))
            mark_series(series, color, 8)
            for i, n in enumerate(s.n or ()):
                if n > 1:  # the area of a mark grows with its patients
                    mark_series(series.points[i], color, min(48, round(8 * math.sqrt(n))))
    _xy_axes(chart, data.x, data.y, place)
    return chart


def forest(slide: Any, data: ChartData, place: Place) -> Any:
    """One row per category: its name at the left, estimate and interval along x, reference lines."""
    rows = len(data.categories)
    # a share has another scale than the means beside it; it stays in the table
    drawn = [s for s in data.series if len(s.values) == rows and s.rows is None and s.role != "rate"]
    axis = data.x or _axis_of(drawn)
    chart_data, marks, intervals = _xy_data(), [], []
    add_points(chart_data, place, "Rows", [axis.low] * (rows + 2), [0.0] * (rows + 2))  # unseen; see _longest_first
    # a series per row: each can have an interval of its own in every program
    for s in drawn:
        for i, value in enumerate(s.values):
            if value is None:
                continue
            name, y = f"{s.name}: {data.categories[i]}", float(rows - 1 - i)
            marks.append((add_points(chart_data, place, name, [value], [y]), s, i))
            if lopsided(*_row(s, i)):
                ends = [(s.low or ())[i], (s.high or ())[i]]
                intervals.append(add_points(chart_data, place, f"{name}, interval", ends, [y, y]))
    references = _reference_points(chart_data, data, place, -0.6, rows - 0.4)
    names = replace(place, width=place.width * _NAMES)
    _row_names(slide, data, drawn, names)
    chart = _xy_chart(slide, chart_data, replace(place, left=place.left + names.width, width=place.width - names.width))
    series = list(chart.plots[0].series)
    line_series(series[0], None, 0)
    mark_series(series[0], None, 0)
    for index in intervals:
        line_series(series[index], PALETTE.ink, 2.25)
        mark_series(series[index], None, 0)
    for index, s, i in marks:
        overall = s.role == "all" and i == 0
        line_series(series[index], None, 0)
        mark_series(series[index], PALETTE.ink if overall else PALETTE.follow_up, 10, diamond=overall)
        if s.low and s.high and not lopsided(*_row(s, i)):
            error_bars(series[index], *_row(s, i), direction="x", color=PALETTE.ink)
    _draw_references(series, references, data, chart)
    _xy_axes(chart, axis, Axis("", -0.7, rows - 0.3), place)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = -0.7, rows - 0.3
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot_area(chart, 0.02, _TOP, 0.95, _TALL)
    return chart


_NAMES, _TOP, _TALL = 0.32, 0.06, 0.77
"""Share of the width for the names; where the plot begins and how tall it is, as shares of the chart."""


def _row(s: Series, i: int) -> tuple[list[float | None], list[float | None], list[float | None]]:
    """Value and limits of one row, as lists of one."""
    return [s.values[i]], [(s.low or s.values)[i]], [(s.high or s.values)[i]]


def _row_numbers(place: Place, drawn: list[Series], i: int) -> str:
    """Patients, estimate and interval of a row, as on screen; "" for a series without labels, or where hidden."""
    told = next((s for s in drawn if s.labels is not None), None)
    if told is None or told.values[i] is None:
        return ""
    people = f"n = {told.n[i]}:  " if told.n is not None and told.n[i] else ""
    return place.text(f"{people}{(told.labels or ())[i]}")


def _row_names(slide: Any, data: ChartData, drawn: list[Series], place: Place) -> None:
    """A text box beside each row, its numbers under its name: labels inside a chart are folded at will and would lie
    over each other.
    """
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    rows = len(data.categories)
    pitch = place.height * _TALL / (rows + 0.4)
    names = [place.text(name) for name in data.categories]
    numbers = [_row_numbers(place, drawn, i) for i in range(rows)]
    tall = min(pitch, 0.9) - 0.01
    points = min(
        (
            fitting(f"{name}\n{said}" if said else name, place.width - 0.2, tall, _NAME_SIZES)
            for name, said in zip(names, numbers, strict=True)
        ),
        default=LABEL,
    )
    line = points * 1.25 / 72
    for i, name in enumerate(names):
        middle = place.top + place.height * _TOP + pitch * (i + 0.7)
        shape = slide.shapes.add_textbox(*(Inches(v) for v in (place.left, middle - tall / 2, place.width, tall)))
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        run = paragraph.add_run()
        run.text = cut_to_fit(name, place.width - 0.2, tall - (line if numbers[i] else 0), points)
        run.font.size = Pt(points)
        run.font.color.rgb = rgb(PALETTE.ink)
        if numbers[i]:
            paragraph.add_line_break()
            under = paragraph.add_run()
            under.text = numbers[i]
            under.font.size = Pt(points)
            under.font.color.rgb = rgb(PALETTE.muted)


_NAME_SIZES = (14.0, 13.0, 12.0, 11.0, 10.0)


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
        if any(abs(reference.value - other) < (0.07 if data.kind == "curve" else 0.1) * span for other in named):
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
