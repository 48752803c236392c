"""Native chart of time to an event: the steps of every group, their limits thin and dashed beside a single one, and the
numbers at risk under it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lib.export.pptx.style import AXIS, Place, add_points, line_series, mark_series, rgb
from lib.export.pptx.text import cut_to_fit
from lib.export.pptx.xml import hide_in_legend, plot_area
from lib.export.pptx.xy_charts import xy_axes, xy_chart, xy_data
from lib.present.chart_data import ChartData, Series
from lib.present.charts.incidence import steps
from lib.present.theme import CATEGORY_COLORS, PALETTE
from lib.present.wording import count

_NAMES, _ROW, _RIGHT = 1.7, 0.3, 0.3
"""Inches: names of groups left of the plot, a row of numbers, the edge right of it."""
_MOST_ROWS = 7


def incidence(slide: Any, data: ChartData, place: Place) -> Any:
    """Lines over years, and the numbers at risk under the same ticks."""
    chart_data = xy_data()
    lines = [s for s in data.series if not s.role.startswith("at risk:")]
    rows = [s for s in data.series if s.role.startswith("at risk:")][:_MOST_ROWS]
    under = _ROW * (len(rows) + 1)
    place = replace(place, height=place.height - under)
    main = []
    for s in lines:
        main.append(len(chart_data))
        add_points(chart_data, place, s.name, *steps(s.x or (), s.values))
        if len(lines) == 1:
            for name, ends in (("lower limit", s.low), ("upper limit", s.high)):
                if ends is not None:
                    add_points(chart_data, place, f"{s.name}, {name}", *steps(s.x or (), ends))
    chart = xy_chart(slide, chart_data, place, legend=len(lines) > 1)
    series = list(chart.plots[0].series)
    for each in series:
        line_series(each, PALETTE.axis, 1.0, dashed=True)
        mark_series(each, None, 0)
    for number, (index, s) in enumerate(zip(main, lines, strict=True)):
        color = CATEGORY_COLORS[number % len(CATEGORY_COLORS)] if s.role.startswith("group:") else PALETTE.follow_up
        line_series(series[index], place.color(s, color), 2.5)
    if chart.has_legend:
        hide_in_legend(chart, [k for k in range(len(series)) if k not in main])
    xy_axes(chart, data.x, data.y, place)
    chart.value_axis.tick_labels.number_format = "0%" if data.y is not None and data.y.high >= 0.05 else "0.0%"
    chart.value_axis.tick_labels.number_format_is_linked = False
    _at_risk(slide, chart, data, rows, place)
    return chart


def _at_risk(slide: Any, chart: Any, data: ChartData, rows: list[Series], place: Place) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    assert data.x is not None
    wide = place.width - _NAMES - _RIGHT
    plot_area(chart, _NAMES / place.width, 0.12, wide / place.width, 0.66)
    span = max(data.x.high, 1e-9)

    def write(x: float, y: float, width: float, words: str, *, middle: bool) -> None:
        box = slide.shapes.add_textbox(Inches(x), Inches(y), Inches(width), Inches(_ROW))
        frame = box.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.MIDDLE, False
        frame.text = words
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER if middle else PP_ALIGN.LEFT
        paragraph.runs[0].font.size, paragraph.runs[0].font.color.rgb = Pt(AXIS), rgb(PALETTE.ink)

    top = place.top + place.height
    write(place.left, top, _NAMES, "At risk", middle=False)
    for k, s in enumerate(rows):
        y = top + _ROW * (k + 1)
        name = s.name.removesuffix(", at risk")
        write(place.left, y, _NAMES - 0.3, place.text(cut_to_fit(name, _NAMES - 0.3, _ROW, AXIS)), middle=False)
        for year, n in zip(s.x or (), s.n or (), strict=True):
            if year <= span + 1e-9:
                at = place.left + _NAMES + wide * year / span
                write(at - 0.4, y, 0.8, count(n), middle=True)
