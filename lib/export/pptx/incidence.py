"""Native chart of time to an event: the steps of every group, their limits thin and dashed beside a single one."""

from __future__ import annotations

from typing import Any

from lib.export.pptx.style import Place, add_points, line_series, mark_series
from lib.export.pptx.xml import hide_in_legend
from lib.export.pptx.xy_charts import xy_axes, xy_chart, xy_data
from lib.present.chart_data import ChartData
from lib.present.charts.incidence import steps
from lib.present.theme import CATEGORY_COLORS, PALETTE


def incidence(slide: Any, data: ChartData, place: Place) -> Any:
    """Lines over years; numbers at risk are in the table of the same slide's notes and of the document."""
    chart_data = xy_data()
    lines = [s for s in data.series if not s.role.startswith("at risk:")]
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
    return chart
