"""A native forest: an XY chart with a row per category, its name and n at the left, its numbers at the right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lib.export.pptx_style import Place, add_points, line_series, mark_series, rgb
from lib.export.pptx_text import LINE, cut_to_fit, fitting, text_width
from lib.export.pptx_xml import error_bars, lopsided, plot_area
from lib.export.pptx_xy import draw_references, one_row, reference_points, xy_axes, xy_chart, xy_data
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.forest import GAP
from lib.present.theme import PALETTE
from lib.settings import DEFAULTS

_NAMES, _NUMBERS = 0.34, 0.3
"""The most of the width that names and numbers take."""
_TOP, _UNDER, _TALLEST_ROW = 0.34, 0.85, 0.62
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
    references = reference_points(chart_data, data, place, -0.6, rows - 0.4)
    plot = replace(place, left=place.left + left, width=place.width - left - right)
    _column(slide, names, replace(place, width=left), points, PALETTE.ink)
    numbered = replace(place, left=place.left + place.width - right, width=right)
    _column(slide, numbers, numbered, points, PALETTE.muted)
    chart = xy_chart(slide, chart_data, plot)
    series = list(chart.plots[0].series)
    line_series(series[0], None, 0)
    mark_series(series[0], None, 0)
    for index in intervals:
        line_series(series[index], PALETTE.ink, 2.25)
        mark_series(series[index], None, 0)
    for index in dots:
        line_series(series[index], None, 0)
        mark_series(series[index], PALETTE.unchanged, 6)
    for index, s, i in marks:
        overall = s.role in ("all", "forest") and i == 0 and data.categories[0].startswith("All")
        line_series(series[index], None, 0)
        mark_series(series[index], PALETTE.ink if overall else PALETTE.follow_up, 11, diamond=overall)
        if not overall and s.n is not None and s.n[i] < DEFAULTS.few_pairs:
            _hollow(series[index])
        if s.low and s.high and not lopsided(*one_row(s, i)):
            error_bars(series[index], *one_row(s, i), direction="x", color=PALETTE.ink)
    draw_references(series, references, data, chart, plot.width)
    xy_axes(chart, axis, Axis("", -0.7, rows - 0.3), plot)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = -0.7, rows - 0.3
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot_area(chart, 0.03, _TOP / place.height, 0.94, 1 - (_TOP + _UNDER) / place.height)
    return chart


def _hollow(series: Any) -> None:
    from pptx.util import Pt

    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = rgb(PALETTE.page)
    series.marker.format.line.color.rgb = rgb(PALETTE.follow_up)
    series.marker.format.line.width = Pt(2)


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
    said = next((s.labels[i] for s in drawn if s.labels is not None and s.labels[i]), "")
    value, gap, ends = said.partition(GAP)
    return place.text(f"{value} ({ends.strip()})" if gap else said)


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
    tall = max(pitch - 0.01, points * LINE / 72 if len(texts) == 1 else 0.0)
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
