"""Native charts of two numbers: curve, dots, scatter, and the parts they share with a forest."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from lib.export.pptx.style import (
    AXIS,
    LABEL,
    LINE,
    Place,
    add_points,
    arrows,
    axis_title,
    axis_words,
    goes_on,
    hollow,
    label_point,
    line_series,
    mark_series,
    new_chart,
    rgb,
    value_axis,
)
from lib.export.pptx.text import LINE_HEIGHT, cut_to_fit, fitting, text_width
from lib.export.pptx.xml import error_bars, hide_in_legend, lopsided, one_row, plot_area
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.forest import GAP
from lib.present.theme import CATEGORY_COLORS, PALETTE
from lib.present.wording import compact, number
from lib.settings import FEWEST_TO_TEST


def curve(slide: Any, data: ChartData, place: Place) -> Any:
    """Steps (each belongs to its right edge), their limits as thin lines, the rate at the threshold with its bar."""
    chart_data, styled = xy_data(), []
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
    references = reference_points(chart_data, data, place, 0.0, tallest)
    lines = [index for index, s in styled if s.role != "current"]
    chart = xy_chart(slide, chart_data, place, legend=len(lines) > 1)
    series = list(chart.plots[0].series)
    for each in series:
        line_series(each, PALETTE.axis, 1.0, dashed=True)
        mark_series(each, None, 0)
    for index, s in styled:
        if s.role == "current":
            line_series(series[index], None, 0)
            mark_series(series[index], PALETTE.ink, 11)
            xy_error(series[index], s, "y", PALETTE.ink)
            value = s.values[0]
            if value is not None:
                from pptx.enum.chart import XL_LABEL_POSITION

                words = place.text(f"{number(value * 100, 1)}%")
                label_point(series[index].points[0], words, PALETTE.ink, XL_LABEL_POSITION.RIGHT, bold=True, size=LABEL)
        else:
            line_series(series[index], place.color(s, _line_of(s, data)), 2.5)
    draw_references(series, references, data, chart, place.width)
    if chart.has_legend:
        hide_in_legend(chart, [k for k in range(len(series)) if k not in {*lines, *(r[0] for r in references)}])
    xy_axes(chart, data.x, Axis("", 0.0, 1.0, ticks=(0.0, 0.25)), place)
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
    # a series without a patient would shift the entries of the legend
    groups = _longest_first([s for s in data.series if s.role != "all mean" and s.values])
    means = [s for s in data.series if s.role == "all mean"]
    tallest = max((v or 0 for s in groups for v in s.values), default=0) + 1
    lane = -0.14 * max(tallest, 6)
    size = max(3, min(11, round(place.height * 0.6 * 72 / (max(tallest, 6) - lane * 2.6))))  # dots that do not overlap
    chart_data, found, intervals = xy_data(), [], []
    for s in groups:
        found.append((add_points(chart_data, place, s.name, s.x or (), [0.5 + (v or 0) for v in s.values]), s))
    for s in means:
        found.append((add_points(chart_data, place, s.name, [s.values[0] or 0.0], [lane]), s))
        if lopsided(*one_row(s, 0)):
            ends = [(s.low or ())[0], (s.high or ())[0]]
            intervals.append(add_points(chart_data, place, f"{s.name}, interval", ends, [lane, lane]))
    beyond = [arrow for s in means for arrow in goes_on(chart_data, place, s, 0, lane, data.x)]
    references = reference_points(chart_data, data, place, lane * 1.3, max(tallest, 6) + 0.5)
    chart = xy_chart(slide, chart_data, place, legend=bool(groups))
    series = list(chart.plots[0].series)
    for index, s in found:
        line_series(series[index], None, 0)
        if s.role == "all mean":
            few = data.n < FEWEST_TO_TEST  # of so few the patients are louder
            mark_series(series[index], PALETTE.muted if few else PALETTE.ink, 9 if few else 12, diamond=True)
            if not intervals:
                xy_error(series[index], s, "x", PALETTE.ink)
            _mean_below(series[index], s, place)
        else:
            mark_series(series[index], LINE.get(s.role, PALETTE.unchanged), size, diamond=s.role == "worsened")
    for index in intervals:
        line_series(series[index], PALETTE.ink, 3)
        mark_series(series[index], None, 0)
    arrows(series, beyond)
    if (intervals or beyond) and chart.has_legend:
        hide_in_legend(chart, [*intervals, *(index for index, *_ in beyond)])
    draw_references(series, references, data, chart, place.width)
    xy_axes(chart, data.x, Axis("", math.floor(lane * 2.6), max(tallest, 6) + 0.5), place)
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
    chart_data = xy_data()
    drawn = _longest_first([s for s in data.series if s.x])
    for s in drawn:
        add_points(chart_data, place, s.name, s.x or (), s.values)
    chart = xy_chart(slide, chart_data, place, legend=len(drawn) > 1)
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
    xy_axes(chart, data.x, data.y, place)
    return chart


def xy_data() -> Any:
    """Empty data of an XY chart."""
    from pptx.chart.data import XyChartData

    return XyChartData(number_format="General")


def xy_chart(slide: Any, chart_data: Any, place: Place, *, legend: bool = False) -> Any:
    """The chart on the slide, series still with lines and markers of their own."""
    from pptx.enum.chart import XL_CHART_TYPE

    return new_chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES, chart_data, place, legend=legend)


def reference_points(
    chart_data: Any, data: ChartData, place: Place, low: float, high: float
) -> list[tuple[int, int, str]]:
    """A series per vertical reference line: its index, its place among the references, its words."""
    found = []
    for k, reference in enumerate(data.references):
        if reference.axis == "x":
            ends = ([reference.value] * 2, [low, high])
            found.append((add_points(chart_data, place, reference.label, *ends), k, place.text(reference.label)))
    return found


def draw_references(
    series: list[Any], references: list[tuple[int, int, str]], data: ChartData, chart: Any, width: float
) -> None:
    """Vertical lines, out of the legend; names that would meet are left to the notes."""
    from pptx.enum.chart import XL_LABEL_POSITION

    span, wide = (data.x.high - data.x.low) if data.x else 1.0, max(1.0, width - 0.5)
    taken: list[tuple[float, float]] = []
    for index, k, words in references:
        reference = data.references[k]
        threshold = reference.role == "threshold"
        color = PALETTE.accent if threshold else PALETTE.muted
        line_series(series[index], color, 1.5, dashed=threshold)
        mark_series(series[index], None, 0)
        if data.kind == "curve":
            words = compact(round(reference.value, 6))
        # "no change" and the threshold point away from each other, whatever their distance
        long, right = (text_width(words, AXIS) + 0.1) / wide * span, reference.role in ("threshold", "overall")
        ends = (reference.value, reference.value + long) if right else (reference.value - long, reference.value)
        if any(ends[0] < high and low < ends[1] for low, high in taken):
            continue
        taken.append(ends)
        side = XL_LABEL_POSITION.RIGHT if right else XL_LABEL_POSITION.LEFT
        label_point(series[index].points[1], words, color, side, size=AXIS)
    if chart.has_legend:
        hide_in_legend(chart, [index for index, _, _ in references])


def xy_axes(chart: Any, x: Axis | None, y: Axis | None, place: Place) -> None:
    """Both axes, their numbers at the edges, the ends of x in words."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    value_axis(chart.category_axis, x, place, grid=False, lying=True)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    value_axis(chart.value_axis, y, place)
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if x is not None:
        axis_title(chart.category_axis, place.text(axis_words(x, place.width)))


def xy_error(series: Any, s: Series, direction: Any, color: str) -> None:
    """The interval of a series of one value as error bars."""
    if s.low and s.high and s.low[0] is not None:
        error_bars(series, s.values, s.low, s.high, direction=direction, color=color, points=3)


# A native forest: an XY chart with a row per category, its name and n at the left, its numbers at the right.

_NAMES, _NUMBERS = 0.34, 0.3
"""The most of the width that names and numbers take."""
_TOP, _UNDER, _TALLEST_ROW = 0.34, 0.85, 1.05
"""Inches above the rows, for the names of lines; under them, for the axis; and of a row at most."""
_SIZES = (16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0)
_DOTS = 0.3
"""Patients of a row lie so much of a row below its estimate."""


def forest(slide: Any, data: ChartData, place: Place) -> Any:
    """One row per category, "all" first as a diamond; hollow marks below 10 patients, few patients as dots."""
    rows = len(data.categories)
    # a share has another scale than the means beside it; it stays in the table
    drawn = [s for s in data.series if len(s.values) == rows and s.rows is None and s.role != "rate"]
    axis = data.x or _axis_of(drawn)
    place = replace(place, height=min(place.height, (rows + 0.4) * _TALLEST_ROW + _TOP + _UNDER))
    names, numbers = _names(data, drawn, place), [_numbers(place, drawn, i) for i in range(rows)]
    left, right, points = _sides(names, numbers, place, rows)
    chart_data, marks, intervals, dots = xy_data(), [], [], []
    longest = max([rows + 2, *(len(s.values) for s in data.series)])
    add_points(chart_data, place, "Rows", [axis.low] * longest, [0.0] * longest)  # unseen: LibreOffice, see dots
    # a series per row: each can have an interval of its own in every program
    for s in drawn:
        for i, value in enumerate(s.values):
            if value is None:
                continue
            name, y = f"{s.name}: {data.categories[i]}", float(rows - 1 - i)
            marks.append((add_points(chart_data, place, name, [value], [y]), s, i))
            if lopsided(*one_row(s, i)):
                ends = [(s.low or ())[i], (s.high or ())[i]]
                intervals.append(add_points(chart_data, place, f"{name}, interval", ends, [y, y]))
    for s in data.series:
        if s.role.startswith("patients:"):
            row = int(s.role.split(":")[1])
            y = rows - 1 - row - (_DOTS if any(d.values[row] is not None for d in drawn) else 0.0)
            dots.append(add_points(chart_data, place, s.name, s.values, [y] * len(s.values)))
    plot = replace(place, left=place.left + left, width=place.width - left - right)
    beyond = [arrow for _, s, i in marks for arrow in goes_on(chart_data, plot, s, i, float(rows - 1 - i), axis)]
    references = reference_points(chart_data, data, place, -0.6, rows - 0.4)
    _column(slide, names, replace(place, width=left), points, PALETTE.ink)
    _column(slide, numbers, replace(place, left=plot.left + plot.width, width=right), points, PALETTE.muted)
    chart = xy_chart(slide, chart_data, plot)
    series = list(chart.plots[0].series)
    line_series(series[0], None, 0)
    mark_series(series[0], None, 0)
    for index in intervals:
        line_series(series[index], PALETTE.ink, 2.25)
        mark_series(series[index], None, 0)
    arrows(series, beyond)
    for index in dots:
        line_series(series[index], None, 0)
        mark_series(series[index], PALETTE.unchanged, 6)
    for index, s, i in marks:
        overall = s.role in ("all", "forest") and i == 0 and data.categories[0].startswith("All")
        line_series(series[index], None, 0)
        mark_series(series[index], PALETTE.ink if overall else PALETTE.follow_up, 11, diamond=overall)
        if not overall and s.n is not None and s.n[i] < FEWEST_TO_TEST:
            hollow(series[index])
        if s.low and s.high and not lopsided(*one_row(s, i)):
            error_bars(series[index], *one_row(s, i), direction="x", color=PALETTE.ink)
    draw_references(series, references, data, chart, plot.width)
    xy_axes(chart, axis, Axis("", -0.7, rows - 0.3), plot)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = -0.7, rows - 0.3
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot_area(chart, 0.03, _TOP / place.height, 0.94, 1 - (_TOP + _UNDER) / place.height)
    return chart


def _names(data: ChartData, drawn: list[Series], place: Place) -> list[str]:
    """The categories with their patients: "Postpartum (n = 13)"."""
    counted = next((s for s in drawn if s.labels is not None and s.n is not None), None)
    found = []
    for i, name in enumerate(data.categories):
        n = (counted.n or ())[i] if counted is not None else 0
        found.append(place.text(f"{name} (n\u00a0=\u00a0{n})" if n else name))
    return found


def _numbers(place: Place, drawn: list[Series], i: int) -> str:
    """Estimate and interval of a row, as on screen: "+3.54 (1.41 to 5.67)"; why there is none where there is none."""
    own_label = next((s.labels[i] for s in drawn if s.labels is not None and s.labels[i]), "")
    value, gap, ends = own_label.partition(GAP)
    return place.text(f"{value} ({ends.strip()})" if gap else own_label)


def _sides(names: list[str], numbers: list[str], place: Place, rows: int) -> tuple[float, float, float]:
    """Widths of names and numbers, as wide as they need and no wider, and the size of their letters."""
    tall = _pitch(place, rows) - 0.02
    for points in (p * place.scale for p in _SIZES):
        sides = [
            min(most * place.width, max((text_width(t, points) for t in texts), default=0.0) + 0.34)
            for texts, most in ((names, _NAMES), (numbers, _NUMBERS))
        ]
        fits = all(
            fitting(t, side - 0.2, tall, (points, 0.0)) == points
            for texts, side in zip((names, numbers), sides, strict=True)
            for t in texts
        )
        if fits:
            break
    return sides[0], max(sides[1], 0.3), points


def _pitch(place: Place, rows: int) -> float:
    return (place.height - _TOP - _UNDER) / (rows + 0.4)


def _column(slide: Any, texts: list[str], place: Place, points: float, color: str) -> None:
    """A text box beside each row: labels inside a chart are folded at will and would lie over each other."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    pitch = _pitch(place, len(texts))
    tall = max(pitch - 0.01, points * LINE_HEIGHT / 72 if len(texts) == 1 else 0.0)
    for i, words in enumerate(texts):
        if not words:
            continue
        middle = place.top + _TOP + pitch * (i + 0.7)
        box = (place.left, middle - tall / 2, place.width, tall)
        frame = slide.shapes.add_textbox(*(Inches(v) for v in box)).text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_top = frame.margin_bottom = 0
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        run = frame.paragraphs[0].add_run()
        run.text = cut_to_fit(words, place.width - 0.2, tall, points)
        run.font.size = Pt(points)
        run.font.color.rgb = rgb(color)


def _axis_of(drawn: list[Series]) -> Axis:
    ends = [v for s in drawn for found in (s.values, s.low or (), s.high or ()) for v in found if v is not None]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    pad = (high - low) * 0.08 or 1.0
    return Axis("", low - pad, high + pad)
