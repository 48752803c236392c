"""Native charts of centers: funnel, centers in order, an outcome over time, patient by patient."""

from __future__ import annotations

from typing import Any

from lib.export.pptx.style import AXIS, Place, add_points, label_point, line_series, mark_series
from lib.export.pptx.xml import error_bars, hide_in_legend
from lib.export.pptx.xy_charts import xy_axes, xy_chart, xy_data
from lib.present.chart_data import Axis, ChartData
from lib.present.charts.funnel import BEYOND_95, BEYOND_998, INSIDE, NOT_JUDGED, named_centers
from lib.present.theme import PALETTE

_INSIDE = "#B9C4C9"
_SIDES = (
    (INSIDE, "inside", _INSIDE),
    (BEYOND_95, "outside 95%", PALETTE.muted),
    (BEYOND_998, "outside 99.8%", PALETTE.ink),
    (NOT_JUDGED, "fewer than 10 patients, not judged", PALETTE.hairline),
)


def funnel(slide: Any, data: ChartData, place: Place) -> Any:
    """Limits as lines, centers in greys by distance; x is logarithmic, as Office has no square-root scale."""
    by_role = {s.role: s for s in data.series}
    center, side = by_role["center"], by_role["side"]
    assert data.x is not None
    assert data.y is not None
    chart_data, lines, marks = xy_data(), [], []
    for role, dashed in (("99.8", False), ("95", True), ("wide 99.8", False), ("wide 95", True)):
        s = by_role[f"limits:{role}"]
        for ends in (s.low or (), s.high or ()):
            inside = [None if v is None or not data.y.low <= v <= data.y.high else v for v in ends]
            color = "#C9D3D8" if role.startswith("wide") else PALETTE.axis
            lines.append((add_points(chart_data, place, s.name, s.x or (), inside), color, dashed))
    average = data.references[0]
    line = add_points(chart_data, place, average.label, (1.0, data.x.high), (average.value,) * 2)
    for value, name, color in _SIDES:
        mine = [k for k, v in enumerate(side.values) if v == value]
        if mine:
            x, y = [(center.x or ())[k] for k in mine], [center.values[k] for k in mine]
            marks.append((add_points(chart_data, place, name, x, y), color, mine))
    own = by_role.get("mine")
    if own is not None:
        marks.append((add_points(chart_data, place, own.name, own.x or (), own.values), PALETTE.follow_up, []))
    chart = xy_chart(slide, chart_data, place, legend=True)
    series = list(chart.plots[0].series)
    for index, color, dashed in (*lines, (line, PALETTE.ink, False)):
        line_series(series[index], color, 1.5, dashed=dashed)
        mark_series(series[index], None, 0)
    named = set(named_centers(data))
    for index, color, of_side in marks:
        line_series(series[index], None, 0)
        mark_series(series[index], color, 8 if of_side else 12)
        for point, k in enumerate(of_side):
            if k in named:
                _name(series[index].points[point], place.text(data.categories[k]), PALETTE.ink)
    if own is not None:
        _name(series[marks[-1][0]].points[0], place.text((own.labels or (own.name,))[0]), PALETTE.follow_up)
    hide_in_legend(chart, [k for k in range(len(series)) if k not in {index for index, _, _ in marks}])
    first = min((x for x in center.x or (1.0,)), default=1.0)
    xy_axes(chart, Axis("patients (logarithmic scale)", 10.0 if first >= 10 else 1.0, data.x.high), data.y, place)
    _logarithmic(chart.category_axis)
    _percent(chart, data)
    return chart


def in_order(slide: Any, data: ChartData, place: Place) -> Any:
    """The shrunken means with their intervals, and as measured as hollow marks at the same places."""
    measured, shrunken = (next(s for s in data.series if s.role == f"group:{k}") for k in (0, 1))
    size, chart_data = len(data.categories), xy_data()
    x = [float(k + 1) for k in range(size)]
    average = data.references[0]
    plain = add_points(chart_data, place, measured.name, x, measured.values)
    less = add_points(chart_data, place, f"{shrunken.name}, 95% interval", x, shrunken.values)
    line = add_points(chart_data, place, average.label, (0.0, size + 1.0), (average.value,) * 2)
    own = next((s for s in data.series if s.role == "mine"), None)
    at = None
    if own is not None:
        at = add_points(chart_data, place, own.name, [(own.x or (0.0,))[0] + 1], own.values[1:])
    chart = xy_chart(slide, chart_data, place, legend=True)
    series = list(chart.plots[0].series)
    line_series(series[line], PALETTE.ink, 1.5)
    mark_series(series[line], None, 0)
    for index, color, mark in ((plain, "#B9C4C9", 5), (less, PALETTE.muted, 6)):
        line_series(series[index], None, 0)
        mark_series(series[index], color, mark)
    error_bars(
        series[less],
        shrunken.values,
        shrunken.low or (),
        shrunken.high or (),
        direction="y",
        color=PALETTE.axis,
        points=1,
    )
    if at is not None and own is not None:
        line_series(series[at], None, 0)
        mark_series(series[at], PALETTE.follow_up, 11)
        _name(series[at].points[0], place.text(own.name), PALETTE.follow_up)
    hide_in_legend(chart, [line])
    xy_axes(chart, Axis("centers in order of their shrunken means", 0.0, size + 1.0), data.y, place)
    return chart


def trend(slide: Any, data: ChartData, place: Place) -> Any:
    """Smoothed lines and periods with their intervals; how many answered is in the table beside it."""
    by_role = {s.role: s for s in data.series}
    x = [float(k + 1) for k in range(len(data.categories))]
    chart_data, styled = xy_data(), []
    for role, color, width, dot in (
        ("others smooth", PALETTE.baseline, 2.25, 0),
        ("own smooth", PALETTE.follow_up, 2.75, 0),
        ("own", PALETTE.follow_up, 0.0, 9),
    ):
        s = by_role.get(role)
        if s is not None:
            styled.append((add_points(chart_data, place, s.name, x, s.values), s, color, width, dot))
    beside = [r for r in data.references if r.role == "overall"]
    lines = [add_points(chart_data, place, r.label, (0.5, len(x) + 0.5), (r.value,) * 2) for r in beside]
    chart = xy_chart(slide, chart_data, place, legend=True)
    series = list(chart.plots[0].series)
    for index, s, color, width, dot in styled:
        line_series(series[index], color if width else None, width)
        mark_series(series[index], color if dot else None, dot)
        if dot:
            known = [k for k, v in enumerate(s.values) if v is not None]
            ends = [_picked(each, known) for each in (s.values, s.low or s.values, s.high or s.values)]
            error_bars(series[index], *ends, direction="y", color="#A9C7D1", points=1.5)
    for index in lines:
        line_series(series[index], PALETTE.accent, 1.5, dashed=True)
        mark_series(series[index], None, 0)
    first, last = (data.categories[0], data.categories[-1]) if data.categories else ("", "")
    axis = Axis(f"{data.title.lower()}: 1 is {first}, {len(x)} is {last}", 0.5, len(x) + 0.5)
    xy_axes(chart, axis, data.y, place)
    _percent(chart, data)
    return chart


def watch(slide: Any, data: ChartData, place: Place) -> Any:
    """Observed less expected, added up, with the band of 95% by chance; the CUSUM is in the notes."""
    own = next(s for s in data.series if s.role == "vlad")
    chart_data = xy_data()
    add_points(chart_data, place, own.name, own.x or (), own.values)
    for name, ends in (("95% by chance, one look", own.low), ("95% by chance, one look", own.high)):
        add_points(chart_data, place, name, own.x or (), ends or own.values)
    add_points(chart_data, place, "as expected", (0.0, (own.x or (0.0,))[-1]), (0.0, 0.0))
    chart = xy_chart(slide, chart_data, place, legend=True)
    for index, (color, width, dashed) in enumerate(
        (
            (PALETTE.follow_up, 2.75, False),
            (PALETTE.axis, 1.5, True),
            (PALETTE.axis, 1.5, True),
            (PALETTE.ink, 1.25, False),
        )
    ):
        line_series(chart.plots[0].series[index], color, width, dashed=dashed)
        mark_series(chart.plots[0].series[index], None, 0)
    hide_in_legend(chart, [2])
    shown = [v for values in (own.values, own.low or (), own.high or ()) for v in values if v is not None]
    y = Axis("observed less expected", min(shown), max(shown))
    xy_axes(chart, data.x, y, place)
    return chart


def _picked(values: tuple[float | None, ...], known: list[int]) -> list[float | None]:
    return [values[k] for k in known]


def _name(point: Any, words: str, color: str) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    label_point(point, words, color, XL_LABEL_POSITION.RIGHT, size=AXIS)


def _logarithmic(axis: Any) -> None:
    """Powers of ten along the axis."""
    from lxml import etree

    space = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    scaling = axis._element.find(f"{{{space}}}scaling")
    base = etree.Element(f"{{{space}}}logBase")
    base.set("val", "10")
    scaling.insert(0, base)
    for name in ("majorUnit", "minorUnit"):
        for old in axis._element.findall(f"{{{space}}}{name}"):
            axis._element.remove(old)


def _percent(chart: Any, data: ChartData) -> None:
    if data.y is not None and data.y.title.startswith("share"):
        chart.value_axis.tick_labels.number_format = "0%"
        chart.value_axis.tick_labels.number_format_is_linked = False
