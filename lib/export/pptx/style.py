"""How native charts look: places, axes, fillings, lines, markers and labels from the theme."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lib.export.pptx.text import text_width
from lib.export.table_shape import one_line, with_comma
from lib.present import theme
from lib.present.chart_data import Axis, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, brightness
from lib.present.wording import number

LABEL, AXIS = 16, 14
OUTCOME = {
    "improved": (PALETTE.improved, PALETTE.page),
    "unchanged": (PALETTE.unchanged_fill, PALETTE.ink),
    "worsened": (PALETTE.worsened, PALETTE.page),
    "not evaluable": (PALETTE.hairline, PALETTE.ink),
}
LINE = {"improved": PALETTE.improved, "unchanged": PALETTE.unchanged, "worsened": PALETTE.worsened}
_GAP = "\u00a0" * 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chart goes, in inches, how its numbers are written, the colours of series by name, the scale of
    letters outside the chart.
    """

    left: float
    top: float
    width: float
    height: float
    decimals: int = 2
    comma: bool = False
    colors: Mapping[str, str] = field(default_factory=dict)
    scale: float = 1.0

    def text(self, words: str) -> str:
        """A label as it is printed."""
        return one_line(with_comma(words) if self.comma else words)

    def color(self, series: Series, otherwise: str) -> str:
        """The colour the page draws the series in, or else this one."""
        return self.colors.get(series.name, otherwise)

    def number(self, value: float) -> str:
        """A number of the measure as it is printed."""
        return self.text(number(value, self.decimals))


def ink_on(color: str) -> str:
    """The colour of a label on this filling: dark on light, light on dark."""
    return PALETTE.ink if brightness(color) > 140 else PALETTE.page


def new_chart(slide: Any, kind: Any, chart_data: Any, place: Place, *, legend: bool = False) -> Any:
    """A chart on the slide, in our type, without a title (the slide has it)."""
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
        chart.legend.font.size = Pt(AXIS)
        chart.legend.font.color.rgb = rgb(PALETTE.ink)
    chart.font.size = Pt(AXIS)
    chart.font.color.rgb = rgb(PALETTE.ink)
    return chart


def add_points(chart_data: Any, place: Place, name: str, x: Any, y: Any) -> int:
    """Add a series; returns its index. A point without a value is left out."""
    series = chart_data.add_series(place.text(name))
    for a, b in zip(x, y, strict=True):
        if a is not None and b is not None:
            series.add_data_point(a, b)
    return len(chart_data) - 1


def goes_on(
    chart_data: Any, place: Place, s: Series, i: int, y: float, axis: Axis | None
) -> list[tuple[int, int, str]]:
    """A point at the end of the scale where an interval goes on; its numbers behind the chart stay whole.

    Series, place in it, sign: as `arrows` takes them.
    """
    low, high = (s.low or (None,) * (i + 1))[i], (s.high or (None,) * (i + 1))[i]
    if axis is None or low is None or high is None:
        return []
    least, _ = office_scale(axis, place, lying=True)
    ends = ((least, "◀", low < least), (axis.high, "▶", high > axis.high))
    name = f"{s.name}, goes on"
    return [(add_points(chart_data, place, name, [end], [y]), 0, sign) for end, sign, outside in ends if outside]


def upright_goes_on(
    chart_data: Any, place: Place, low: Sequence[float | None], high: Sequence[float | None], axis: Axis | None
) -> list[tuple[int, int, str]]:
    """The same for upright intervals over categories: series, place in it, sign."""
    found: list[tuple[int, int, str]] = []
    if axis is None:
        return found
    least, most = sorted((axis.low, axis.high))
    least, _ = office_scale(replace(axis, low=least, high=most), place, lying=False)
    for end, sign, outside in (
        (least, "▼", [v is not None and v < least for v in low]),
        (most, "▲", [v is not None and v > most for v in high]),
    ):
        if any(outside):
            chart_data.add_series(place.text("Interval goes on"), [end if o else None for o in outside])
            found += [(len(chart_data) - 1, k, sign) for k, o in enumerate(outside) if o]
    return found


def arrows(series: Sequence[Any], beyond: Sequence[tuple[int, int, str]]) -> None:
    """The signs of intervals that go on beyond the scale."""
    from pptx.enum.chart import XL_LABEL_POSITION

    for index, k, sign in beyond:
        line_series(series[index], None, 0)
        mark_series(series[index], None, 0)
        label_point(series[index].points[k], sign, PALETTE.ink, XL_LABEL_POSITION.CENTER, size=AXIS)


def axis_words(axis: Axis, width: float) -> str:
    """The title of an axis between its ends in words; the ends alone where there is no room for more."""
    if not axis.low_words or not axis.high_words:
        return axis.title
    whole = f"← {axis.low_words}{_GAP}{axis.title}{_GAP}{axis.high_words} →"
    ends = f"← {axis.low_words}{_GAP}{axis.high_words} →"
    return next((t for t in (whole, ends) if text_width(t, AXIS) < width - 0.5), f"{axis.high_words} →")


def value_axis(axis: Any, scale: Axis | None, place: Place, *, grid: bool = True, lying: bool = False) -> None:
    """Range and ticks from our axis, so that a slide does not jump with the selection either.

    `lying`: along x, where numbers can meet; then every second tick is left out.
    """
    from pptx.enum.chart import XL_AXIS_CROSSES
    from pptx.util import Pt

    axis.has_major_gridlines = grid
    if grid:
        axis.major_gridlines.format.line.color.rgb = rgb(PALETTE.hairline)
        axis.major_gridlines.format.line.width = Pt(0.75)
    axis.tick_labels.font.size = Pt(AXIS)
    axis.tick_labels.font.color.rgb = rgb(PALETTE.muted)
    axis_line(axis, PALETTE.axis if not grid else None)
    if scale is None:
        return
    axis.crosses = XL_AXIS_CROSSES.MINIMUM
    if scale.low > scale.high:  # the best is at the end though its number is the smallest
        axis.reverse_order = True
        scale = replace(scale, low=scale.high, high=scale.low)
    axis.minimum_scale, axis.major_unit = office_scale(scale, place, lying=lying)
    axis.maximum_scale = scale.high
    axis.tick_labels.number_format = "General"
    axis.tick_labels.number_format_is_linked = False


def office_scale(scale: Axis, place: Place, *, lying: bool) -> tuple[float, float]:
    """Where an Office axis begins, at one of our ticks or steps, and its step."""
    low, high = scale.low, scale.high
    if len(scale.ticks) > 1:
        step, tick = scale.ticks[1] - scale.ticks[0], scale.ticks[0]
    else:
        step, tick = nice_step(high - low, 6), 0.0
    if lying and (high - low) / step * (text_width(number(low, 1), AXIS)) > place.width - 0.6:
        step *= 2
        tick = 0.0 if low <= 0 <= high else tick
    # the first tick of an Office axis is its minimum: start on one of ours
    low = min(_down_to(low, tick, step), tick) if len(scale.ticks) > 1 else _down_to(low, tick, step)
    return low, step


def _down_to(low: float, tick: float, step: float) -> float:
    """The last of tick ± k · step at or below `low`."""
    return round(tick + math.floor((low - tick) / step + 1e-9) * step, 10)


def axis_title(axis: Any, words: str) -> None:
    """What stands along an axis, quiet."""
    from pptx.util import Pt

    axis.has_title = bool(words)
    if not words:
        return
    axis.axis_title.text_frame.text = words
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(AXIS), False
    font.color.rgb = rgb(PALETTE.muted)


def axis_line(axis: Any, color: str | None) -> None:
    """The line of an axis, or none."""
    if color is None:
        axis.format.line.fill.background()
    else:
        axis.format.line.color.rgb = rgb(color)


def fill_series(series: Any, color: str) -> None:
    """The filling of bars."""
    fill = series.format.fill
    fill.solid()
    fill.fore_color.rgb = rgb(color)


def line_series(series: Any, color: str | None, points: float, *, dashed: bool = False, transparent: int = 0) -> None:
    """The line of a series, or none; `transparent` in percent."""
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.smooth = False
    if color is None:
        series.format.line.fill.background()
        return
    series.format.line.color.rgb = rgb(color)
    series.format.line.width = Pt(points)
    series.format.line.dash_style = MSO_LINE.DASH if dashed else MSO_LINE.SOLID
    if transparent:
        from lxml import etree

        space = "http://schemas.openxmlformats.org/drawingml/2006/main"
        solid = series.format.line._ln.find(f".//{{{space}}}srgbClr")
        etree.SubElement(solid, f"{{{space}}}alpha").set("val", str((100 - transparent) * 1000))


def mark_series(series: Any, color: str | None, size: int, *, diamond: bool = False) -> None:
    """The marker of a series, or none."""
    from pptx.enum.chart import XL_MARKER_STYLE

    if color is None:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style = XL_MARKER_STYLE.DIAMOND if diamond else XL_MARKER_STYLE.CIRCLE
    series.marker.size = size
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = rgb(color)
    series.marker.format.line.color.rgb = rgb(PALETTE.page)


def hollow(series: Any, color: str = PALETTE.follow_up) -> None:
    """A marker without a filling: of fewer than ten patients."""
    from pptx.util import Pt

    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = rgb(PALETTE.page)
    series.marker.format.line.color.rgb = rgb(color)
    series.marker.format.line.width = Pt(2)


def label_point(point: Any, words: str, color: str, position: Any, *, bold: bool = False, size: int = LABEL) -> None:
    """The words at a point: the first line large, the others as an axis."""
    from pptx.util import Pt

    label = point.data_label
    label.has_text_frame = True
    label.text_frame.text = words
    label.position = position
    for place, paragraph in enumerate(label.text_frame.paragraphs):
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size if place == 0 else AXIS), bold and place == 0
            run.font.color.rgb = rgb(color)


def rgb(color: str) -> Any:
    """A colour of the theme for python-pptx."""
    from pptx.dml.color import RGBColor

    return RGBColor(*theme.rgb(color))


def number_pattern(decimals: int) -> str:
    """An Office number format with that many decimals."""
    return "0." + "0" * decimals if decimals else "0"
