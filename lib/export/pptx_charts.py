"""Native, editable PowerPoint charts from ChartData. `NATIVE` says which kinds have one; the others become a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.export.plain_text import one_line, with_comma
from lib.export.pptx_xml import error_bars, hide_in_legend, plot_area
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, likert_ramp
from lib.present.wording import compact, number

_LABEL, _AXIS = 14, 13
_OUTCOME = {
    "improved": (PALETTE.improved, PALETTE.page),
    "unchanged": (PALETTE.unchanged_fill, PALETTE.ink),
    "worsened": (PALETTE.worsened, PALETTE.page),
    "not evaluable": (PALETTE.hairline, PALETTE.ink),
    "hidden": (PALETTE.page, PALETTE.muted),
}
_LINE = {"improved": PALETTE.improved, "unchanged": PALETTE.unchanged, "worsened": PALETTE.worsened}
_SMALLEST_LABEL = 0.05
_GAP = "\u00a0" * 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chart goes, in inches, and how its numbers are written."""

    left: float
    top: float
    width: float
    height: float
    decimals: int = 2
    comma: bool = False

    def text(self, words: str) -> str:
        """A label as it is printed."""
        return one_line(with_comma(words) if self.comma else words)

    def number(self, value: float) -> str:
        """A number of the measure as it is printed."""
        return self.text(number(value, self.decimals))


def add_chart(slide: Any, data: ChartData, place: Place) -> Any | None:
    """The native chart on the slide, or None when this chart has none (no native form, or nothing left to draw)."""
    return NATIVE[data.kind](slide, data, place) if has_native(data) else None


def has_native(data: ChartData) -> bool:
    """Whether `add_chart` draws it."""
    if data.kind == "pairs of means":
        return any(s.role.endswith(" mean") for s in data.series)
    return data.kind in NATIVE and bool(data.series)


# --- stacked bars ----------------------------------------------------------------------------------------------------


def _stacked(slide: Any, data: ChartData, place: Place) -> Any:
    """100% bars of counts; the label of a row ends with its top two or its rate."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION

    parts = [s for s in data.series if s.role.startswith("level:") or s.role in _OUTCOME]
    told = next((s for s in data.series if s.role in ("top two", "rate")), None)
    chart_data = CategoryChartData(number_format="0")
    chart_data.categories = [_row_name(data, i, told, place) for i in range(len(data.categories))]
    for s in parts:
        chart_data.add_series(place.text(s.name), s.values)
    chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED_100, chart_data, place, legend=True)
    plot = chart.plots[0]
    plot.gap_width = 45
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _axis_line(chart.category_axis, None)
    colors = _stack_colors(parts)
    totals = [sum(s.values[i] or 0 for s in parts) for i in range(len(data.categories))]
    for series, s, (fill, ink) in zip(plot.series, parts, colors, strict=True):
        _fill(series, fill, hatched=s.role == "hidden")
        for i, value in enumerate(s.values):
            if value and totals[i] and value / totals[i] >= _SMALLEST_LABEL:
                words = "hidden" if s.role == "hidden" else place.text(number(value, 0))
                _label(series.points[i], words, ink, XL_LABEL_POSITION.CENTER, size=_LABEL)
    return chart


def _row_name(data: ChartData, i: int, told: Series | None, place: Place) -> str:
    name = place.text(data.categories[i])
    words = place.text((told.labels or ("",) * (i + 1))[i]) if told else ""
    return f"{name}: {words}" if words else name


def _stack_colors(parts: list[Series]) -> list[tuple[str, str]]:
    levels = [s for s in parts if s.role.startswith("level:")]
    ramp = likert_ramp(len(levels)) if 2 <= len(levels) <= 11 else ()
    found = []
    for s in parts:
        if s.role in _OUTCOME:
            found.append(_OUTCOME[s.role])
        else:
            color = ramp[int(s.role.split(":")[1])] if ramp else None
            found.append((color.fill, color.label) if color else (PALETTE.unchanged_fill, PALETTE.ink))
    return found


# --- before and after ------------------------------------------------------------------------------------------------


def _means(slide: Any, data: ChartData, place: Place) -> Any:
    """Two means with error bars on the whole scale, joined by a line."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    means = [s for s in data.series if s.role.endswith(" mean")]
    chart_data = CategoryChartData(number_format=_format(place.decimals))
    chart_data.categories = [place.text(s.name.removesuffix(", mean")) for s in means]
    chart_data.add_series(place.text(f"Mean {data.title}"), [s.values[0] for s in means])
    chart = _chart(slide, XL_CHART_TYPE.LINE_MARKERS, chart_data, place)
    series = chart.plots[0].series[0]
    _line(series, PALETTE.ink, 2.25)
    _marker(series, PALETTE.ink, 13)
    lows, highs = [(s.low or (None,))[0] for s in means], [(s.high or (None,))[0] for s in means]
    error_bars(series, [s.values[0] for s in means], lows, highs, direction="y", color=PALETTE.ink, points=2.5)
    for i, s in enumerate(means):
        _mean_label(series.points[i], s.values[0], lows[i], highs[i], place, left=i == 0)
    _value_axis(chart.value_axis, data.x, place)
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
    _label(point, words, PALETTE.ink, side, bold=True, size=_LABEL)


def _lines(slide: Any, data: ChartData, place: Place) -> Any:
    """A line per patient (or the lines of a band), then the means with error bars on top."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    means = [s for s in data.series if s.role == "mean"]
    drawn = [s for s in data.series if s.role != "mean"]
    chart_data = CategoryChartData(number_format=_format(place.decimals))
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
    chart = _chart(slide, XL_CHART_TYPE.LINE_MARKERS, chart_data, place)
    colors = [_LINE.get(s.role, PALETTE.baseline) for s in drawn for _ in range(2 if s.role == "band" else 1)]
    all_series = list(chart.plots[0].series)
    for series, color in zip(all_series, colors, strict=False):
        _line(series, color, 1.25, transparent=40)
        _marker(series, color, 4)
    for series, s in zip(all_series[len(colors) :], means, strict=True):
        _line(series, PALETTE.ink, 3)
        _marker(series, PALETTE.ink, 12)
        if s.low and s.high:
            error_bars(series, s.values, s.low, s.high, direction="y", color=PALETTE.ink, points=2.5)
        for i, value in enumerate(s.values):
            ends = (s.low or (None, None))[i], (s.high or (None, None))[i]
            _mean_label(series.points[i], value, *ends, place, left=i == 0)
    _value_axis(chart.value_axis, data.y, place)
    return chart


# --- two numbers -----------------------------------------------------------------------------------------------------


def _curve(slide: Any, data: ChartData, place: Place) -> Any:
    """Steps (each belongs to its right edge), their limits as thin lines, the rate at the threshold with its bar."""
    chart_data, styled = _xy_data(), []
    tallest = 1.0
    for s in data.series:
        if s.role == "current":
            styled.append((_points(chart_data, place, s.name, s.x or (), s.values), s))
            continue
        _points(chart_data, place, s.name, *_steps(s.x or (), s.values))
        styled.append((len(chart_data) - 1, s))
        for name, ends in (("lower limit", s.low), ("upper limit", s.high)):
            if ends is not None:
                _points(chart_data, place, f"{s.name}, {name}", *_steps(s.x or (), ends))
    references = _reference_points(chart_data, data, place, 0.0, tallest)
    chart = _xy_chart(slide, chart_data, place)
    series = list(chart.plots[0].series)
    for each in series:
        _line(each, PALETTE.axis, 1.0, dashed=True)
        _marker(each, None, 0)
    for index, s in styled:
        if s.role == "current":
            _line(series[index], None, 0)
            _marker(series[index], PALETTE.ink, 11)
            _xy_error(series[index], s, "y", PALETTE.ink)
            value = s.values[0]
            if value is not None:
                from pptx.enum.chart import XL_LABEL_POSITION

                words = place.text(f"{number(value * 100, 1)}%")
                _label(series[index].points[0], words, PALETTE.ink, XL_LABEL_POSITION.RIGHT, bold=True, size=_LABEL)
        else:
            _line(series[index], PALETTE.follow_up, 2.5)
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


def _dots(slide: Any, data: ChartData, place: Place) -> Any:
    """A dot per patient in columns, the mean with its interval in a lane below them."""
    groups = [s for s in data.series if s.role != "all mean"]
    means = [s for s in data.series if s.role == "all mean"]
    tallest = max((v or 0 for s in groups for v in s.values), default=0) + 1
    lane = -0.14 * max(tallest, 6)
    chart_data, found = _xy_data(), []
    for s in groups:
        found.append((_points(chart_data, place, s.name, s.x or (), [0.5 + (v or 0) for v in s.values]), s))
    for s in means:
        found.append((_points(chart_data, place, s.name, [s.values[0] or 0.0], [lane]), s))
    references = _reference_points(chart_data, data, place, math.floor(lane * 2.6), max(tallest, 6) + 0.5)
    chart = _xy_chart(slide, chart_data, place, legend=bool(groups))
    series = list(chart.plots[0].series)
    for index, s in found:
        _line(series[index], None, 0)
        if s.role == "all mean":
            _marker(series[index], PALETTE.ink, 12, diamond=True)
            _xy_error(series[index], s, "x", PALETTE.ink)
            _mean_below(series[index], s, place)
        else:
            _marker(series[index], _LINE.get(s.role, PALETTE.unchanged), 11, diamond=s.role == "worsened")
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
    _label(series.points[0], words, PALETTE.ink, XL_LABEL_POSITION.BELOW, bold=True, size=_LABEL)


def _scatter(slide: Any, data: ChartData, place: Place) -> Any:
    """Markers of two numbers."""
    chart_data = _xy_data()
    drawn = [s for s in data.series if s.x is not None]
    for s in drawn:
        _points(chart_data, place, s.name, s.x or (), s.values)
    chart = _xy_chart(slide, chart_data, place, legend=len(drawn) > 1)
    for series, s in zip(chart.plots[0].series, drawn, strict=True):
        if s.rows is None and len(s.values) > 2:
            _line(series, PALETTE.ink, 2.25)
            _marker(series, None, 0)
        else:
            _line(series, None, 0)
            _marker(series, _LINE.get(s.role, PALETTE.follow_up), 8)
    _xy_axes(chart, data.x, data.y, place)
    return chart


def _forest(slide: Any, data: ChartData, place: Place) -> Any:
    """One row per category: estimate with an error bar along x, its name left of the plot, reference lines."""
    from pptx.enum.chart import XL_LABEL_POSITION

    rows = len(data.categories)
    drawn = [s for s in data.series if len(s.values) == rows and s.rows is None]
    axis = data.x or _axis_of(drawn)
    chart_data = _xy_data()
    _points(chart_data, place, "Rows", [axis.low] * rows, [float(rows - 1 - i) for i in range(rows)])
    found = []
    for s in drawn:
        known = [i for i, v in enumerate(s.values) if v is not None]
        x = [s.values[i] or 0.0 for i in known]
        found.append((_points(chart_data, place, s.name, x, [float(rows - 1 - i) for i in known]), s, known))
    references = _reference_points(chart_data, data, place, -0.6, rows - 0.4)
    chart = _xy_chart(slide, chart_data, place)
    series = list(chart.plots[0].series)
    _line(series[0], None, 0)
    _marker(series[0], None, 0)
    for i, name in enumerate(data.categories):
        _label(series[0].points[i], place.text(name), PALETTE.ink, XL_LABEL_POSITION.LEFT, size=_LABEL)
    for index, s, known in found:
        _line(series[index], None, 0)
        _marker(series[index], PALETTE.ink if s.role == "all" else PALETTE.follow_up, 10, diamond=s.role == "all")
        if s.low and s.high and known:
            picked = ([ends[i] for i in known] for ends in (s.values, s.low, s.high))
            error_bars(series[index], *picked, direction="x", color=PALETTE.ink)
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


# --- columns ---------------------------------------------------------------------------------------------------------


def _columns(slide: Any, data: ChartData, place: Place) -> Any:
    """Histogram, waterfall or plain bars: columns in the order given, series stacked in their colours."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION

    drawn = [s for s in data.series if s.role not in ("all mean", "rate", "top two")]
    names, columns = _bins(data, drawn)
    chart_data = CategoryChartData(number_format="General")
    chart_data.categories = [place.text(name) for name in names]
    for s, values in zip(drawn, columns, strict=True):
        chart_data.add_series(place.text(s.name), values)
    chart = _chart(slide, XL_CHART_TYPE.COLUMN_STACKED, chart_data, place, legend=len(drawn) > 1)
    plot = chart.plots[0]
    plot.gap_width = 12 if len(names) > 8 else 60
    plot.overlap = 100
    for series, s in zip(plot.series, drawn, strict=True):
        _fill(series, _OUTCOME.get(s.role, (PALETTE.follow_up, PALETTE.page))[0])
        series.invert_if_negative = False
        if data.kind == "bars" and s.low and s.high:
            error_bars(series, s.values, s.low, s.high, direction="y", color=PALETTE.ink)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if data.x is not None and not data.categories:
        _title(chart.category_axis, place.text(_along(data.x)))
    _value_axis(chart.value_axis, data.y, place)
    if data.kind == "waterfall":
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    return chart


def _bins(data: ChartData, drawn: list[Series]) -> tuple[list[str], list[list[float | None]]]:
    """Category names and one column of values per series; bins of a number are joined by their x."""
    if data.categories:
        return list(data.categories), [list(s.values) for s in drawn]
    if all(s.x is not None for s in drawn):
        places = sorted({v for s in drawn for v in s.x or ()})
        columns = []
        for s in drawn:
            at = dict(zip(s.x or (), s.values, strict=True))
            columns.append([at.get(p) for p in places])
        return [compact(round(p, 6)) for p in places], columns
    length = sum(len(s.values) for s in drawn)
    columns, start = [], 0
    for s in drawn:
        columns.append([None] * start + list(s.values) + [None] * (length - start - len(s.values)))
        start += len(s.values)
    return [str(i + 1) for i in range(length)], columns


# --- shared ----------------------------------------------------------------------------------------------------------


def _chart(slide: Any, kind: Any, chart_data: Any, place: Place, *, legend: bool = False) -> Any:
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    box = [Inches(v) for v in (place.left, place.top, place.width, place.height)]
    frame = slide.shapes.add_chart(kind, *box, chart_data)
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = legend
    if legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(_AXIS)
        chart.legend.font.color.rgb = _rgb(PALETTE.ink)
    chart.font.size = Pt(_AXIS)
    chart.font.color.rgb = _rgb(PALETTE.ink)
    return chart


def _xy_data() -> Any:
    from pptx.chart.data import XyChartData

    return XyChartData(number_format="General")


def _points(chart_data: Any, place: Place, name: str, x: Any, y: Any) -> int:
    """Add a series; returns its index. A point without a value is left out."""
    series = chart_data.add_series(place.text(name))
    for a, b in zip(x, y, strict=True):
        if a is not None and b is not None:
            series.add_data_point(a, b)
    return len(chart_data) - 1


def _xy_chart(slide: Any, chart_data: Any, place: Place, *, legend: bool = False) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    return _chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES, chart_data, place, legend=legend)


def _reference_points(
    chart_data: Any, data: ChartData, place: Place, low: float, high: float
) -> list[tuple[int, int, str]]:
    found = []
    for k, reference in enumerate(data.references):
        if reference.axis == "x":
            ends = ([reference.value] * 2, [low, high])
            found.append((_points(chart_data, place, reference.label, *ends), k, place.text(reference.label)))
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
        _line(series[index], color, 1.5, dashed=threshold)
        _marker(series[index], None, 0)
        if data.kind == "curve":
            words = compact(round(reference.value, 6))
            if any(abs(reference.value - other) < 0.07 * span for other in named):
                continue
        named.append(reference.value)
        side = XL_LABEL_POSITION.RIGHT if threshold else XL_LABEL_POSITION.LEFT
        _label(series[index].points[1], words, color, side, size=_AXIS)
    if chart.has_legend:
        hide_in_legend(chart, [index for index, _, _ in references])


def _xy_axes(chart: Any, x: Axis | None, y: Axis | None, place: Place) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    _value_axis(chart.category_axis, x, place, grid=False)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _value_axis(chart.value_axis, y, place)
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if x is not None:
        _title(chart.category_axis, place.text(_along(x)))


def _along(axis: Axis) -> str:
    if axis.low_words and axis.high_words:
        return f"← {axis.low_words}{_GAP}{axis.title}{_GAP}{axis.high_words} →"
    return axis.title


def _value_axis(axis: Any, scale: Axis | None, place: Place, *, grid: bool = True) -> None:
    from pptx.enum.chart import XL_AXIS_CROSSES
    from pptx.util import Pt

    axis.has_major_gridlines = grid
    if grid:
        axis.major_gridlines.format.line.color.rgb = _rgb(PALETTE.hairline)
        axis.major_gridlines.format.line.width = Pt(0.75)
    axis.tick_labels.font.size = Pt(_AXIS)
    axis.tick_labels.font.color.rgb = _rgb(PALETTE.muted)
    _axis_line(axis, PALETTE.axis if not grid else None)
    if scale is None:
        return
    axis.crosses = XL_AXIS_CROSSES.MINIMUM
    low, high = scale.low, scale.high
    if len(scale.ticks) > 1:
        step, tick = scale.ticks[1] - scale.ticks[0], scale.ticks[0]
    else:
        step, tick = nice_step(high - low, 6), 0.0
    # the first tick of an Office axis is its minimum: start on one of ours
    low = min(_down_to(low, tick, step), tick) if len(scale.ticks) > 1 else _down_to(low, tick, step)
    axis.major_unit = step
    axis.minimum_scale, axis.maximum_scale = low, high
    axis.tick_labels.number_format = "General"
    axis.tick_labels.number_format_is_linked = False


def _down_to(low: float, tick: float, step: float) -> float:
    """The last of tick ± k · step at or below `low`."""
    return round(tick + math.floor((low - tick) / step + 1e-9) * step, 10)


def _title(axis: Any, words: str) -> None:
    from pptx.util import Pt

    axis.has_title = bool(words)
    if not words:
        return
    axis.axis_title.text_frame.text = words
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(_AXIS), False
    font.color.rgb = _rgb(PALETTE.muted)


def _axis_line(axis: Any, color: str | None) -> None:
    if color is None:
        axis.format.line.fill.background()
    else:
        axis.format.line.color.rgb = _rgb(color)


def _fill(series: Any, color: str, *, hatched: bool = False) -> None:
    fill = series.format.fill
    if hatched:
        from pptx.enum.dml import MSO_PATTERN

        fill.patterned()
        fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        fill.fore_color.rgb, fill.back_color.rgb = _rgb(PALETTE.hatch), _rgb(PALETTE.page)
        return
    fill.solid()
    fill.fore_color.rgb = _rgb(color)


def _line(series: Any, color: str | None, points: float, *, dashed: bool = False, transparent: int = 0) -> None:
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.smooth = False
    if color is None:
        series.format.line.fill.background()
        return
    series.format.line.color.rgb = _rgb(color)
    series.format.line.width = Pt(points)
    series.format.line.dash_style = MSO_LINE.DASH if dashed else MSO_LINE.SOLID
    if transparent:
        from lxml import etree

        space = "http://schemas.openxmlformats.org/drawingml/2006/main"
        solid = series.format.line._ln.find(f".//{{{space}}}srgbClr")
        etree.SubElement(solid, f"{{{space}}}alpha").set("val", str((100 - transparent) * 1000))


def _marker(series: Any, color: str | None, size: int, *, diamond: bool = False) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    if color is None:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style = XL_MARKER_STYLE.DIAMOND if diamond else XL_MARKER_STYLE.CIRCLE
    series.marker.size = size
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = _rgb(color)
    series.marker.format.line.color.rgb = _rgb(PALETTE.page)


def _xy_error(series: Any, s: Series, direction: Any, color: str) -> None:
    if s.low and s.high and s.low[0] is not None:
        error_bars(series, s.values, s.low, s.high, direction=direction, color=color, points=3)


def _label(point: Any, words: str, color: str, position: Any, *, bold: bool = False, size: int = _LABEL) -> None:
    from pptx.util import Pt

    label = point.data_label
    label.has_text_frame = True
    label.text_frame.text = words
    label.position = position
    for place, paragraph in enumerate(label.text_frame.paragraphs):
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size if place == 0 else size - 2), bold and place == 0
            run.font.color.rgb = _rgb(color)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color.removeprefix("#"))


def _format(decimals: int) -> str:
    return "0." + "0" * decimals if decimals else "0"


Draw = Callable[[Any, ChartData, Place], Any]
NATIVE: Mapping[str, Draw] = {
    "stacked bars": _stacked,
    "pairs of means": _means,
    "lines per patient": _lines,
    "curve": _curve,
    "dots": _dots,
    "scatter": _scatter,
    "forest": _forest,
    "histogram": _columns,
    "waterfall": _columns,
    "bars": _columns,
}
"""Kinds of chart with a native form; "flow" has none and is offered as its table."""
