"""Which function draws which figure of a report: the same ones that pages use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lib.present.chart_data import ChartData
from lib.present.charts.improvements import improvements_figure
from lib.present.charts.likert_bars import likert_figure
from lib.present.charts.lines import lines_figure
from lib.present.charts.mini import mini_figure
from lib.present.charts.outcome_bars import outcome_figure
from lib.present.charts.responder_curve import curve_figure
from lib.present.theme import SCREEN, Medium

# The figures of a report beyond the overview: EQ-5D, groups, every patient, events, who is missing.

DrawMore = Callable[[ChartData, Medium, int], dict[str, Any]]


def _dimensions(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.eq5d_dimensions import dimensions_figure

    # "Mobility: Baseline", "Mobility: 12 months", …
    pairs = [category.split(": ", 1) for category in data.categories]
    names, time_points = [name for name, _ in pairs[::2]], (pairs[0][1], pairs[1][1])
    return dimensions_figure(data, names, time_points, medium)


def _changes(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.eq5d_dimensions import changes_figure

    return changes_figure(data, medium)


def _forest(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.forest import forest_figure

    return forest_figure(data, medium=medium)


def _flow(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.flow import flow_figure

    return flow_figure(data, medium)


def _waterfall(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.waterfall import waterfall_figure

    return waterfall_figure(data, medium)


def _scatter(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.baseline_scatter import scatter_figure

    return scatter_figure(data, medium)


def _alluvial(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.alluvial import alluvial_figure

    return alluvial_figure(data, medium)


def _event_bars(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.event_bars import event_bars_figure

    return event_bars_figure(data, medium)


def _completeness(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.completeness import bars_figure

    return bars_figure(data, medium)


def _incidence(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.incidence import incidence_figure

    return incidence_figure(data, medium)


def _periods(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.completeness import periods_figure

    return periods_figure(data, medium)


def _funnel(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.funnel import funnel_figure

    return funnel_figure(data, medium)


def _in_order(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.in_order import in_order_figure

    return in_order_figure(data, medium)


def _trend(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.trend import trend_figure

    return trend_figure(data, medium)


def _watch(data: ChartData, medium: Medium, decimals: int) -> dict[str, Any]:
    from lib.present.charts.watch import watch_figure

    return watch_figure(data, medium)


MORE_FIGURES: Mapping[str, DrawMore] = {
    "eq5d_dimensions": _dimensions,
    "eq5d_changes": _changes,
    "forest": _forest,
    "flow": _flow,
    "waterfall": _waterfall,
    "scatter": _scatter,
    "alluvial": _alluvial,
    "event_bars": _event_bars,
    "completeness": _completeness,
    "periods": _periods,
    "incidence": _incidence,
    "funnel": _funnel,
    "in_order": _in_order,
    "trend": _trend,
    "watch": _watch,
}


Draw = Callable[[ChartData, Medium, int], dict[str, Any]]

FIGURES: Mapping[str, Draw] = {
    "means": lambda data, medium, decimals: mini_figure(data, medium, decimals=decimals),
    "lines": lambda data, medium, decimals: lines_figure(data, medium, decimals=decimals),
    "improvements": lambda data, medium, decimals: improvements_figure(data, medium, decimals=decimals),
    "curve": lambda data, medium, decimals: curve_figure(data, medium),
    "outcomes": lambda data, medium, decimals: outcome_figure(data, medium),
    "statements": lambda data, medium, decimals: likert_figure(data, medium),
    **MORE_FIGURES,
}


def draw(figure: str, data: ChartData, decimals: int = 2, medium: Medium = SCREEN) -> dict[str, Any]:
    """A Plotly figure as a plain dict. Raises KeyError for a name that is not in FIGURES."""
    drawn = FIGURES[figure](data, medium, decimals)
    return from_afar(drawn, medium) if medium.name == "projector" else drawn


def from_afar(figure: dict[str, Any], medium: Medium) -> dict[str, Any]:
    """For the back row: every number as large as the words or left out, long names folded, few ticks, no overlaps."""
    layout = dict(figure["layout"])
    margin = layout.get("margin", {})
    left = float(margin.get("l", 0))
    # names of lines stand above the plot
    layout["margin"] = {**margin, "t": max(float(margin.get("t", 0)), 1.5 * medium.text)}
    layout["annotations"] = [_large(note, left, medium) for note in layout.get("annotations", ())]
    for name in ("xaxis", "yaxis"):
        if "tickvals" in layout.get(name, {}):
            layout[name] = _fewer(layout[name])
    layout.setdefault("uniformtext", {"minsize": medium.text, "mode": "hide"})
    return {"data": [_taller(trace) for trace in figure["data"]], "layout": layout}


def _taller(trace: dict[str, Any]) -> dict[str, Any]:
    """Bars of a row tall enough for their numbers."""
    width = trace.get("width")
    return {**trace, "width": max(width, 0.44)} if trace.get("type") == "bar" and isinstance(width, float) else trace


def _large(note: dict[str, Any], left: float, medium: Medium) -> dict[str, Any]:
    text = str(note.get("text", ""))
    found = dict(note)
    if note.get("yref") == "paper" and note.get("y") == -0.1:  # words under the axis: below its numbers
        found |= {"y": 0, "yshift": -1.4 * medium.axis, "text": _cut(text, _END)}
    elif note.get("xref") == "paper" and note.get("xanchor") == "right" and note.get("x") == 0:
        room = max(6, int((left - medium.shift(8)) / (0.47 * medium.axis)))
        found["text"] = "<br>".join(_cut(line, room) for line in text.split("<br>"))
    elif note.get("xref") == "paper" and note.get("x") == 0:
        found["text"] = _cut(text, _NAME)
    return found


_NAME, _END = 54, 22
"""Most letters of a row's name and of the words at the end of an axis."""


def _cut(text: str, most: int) -> str:
    """At most so many letters; tags and entities count as nothing and are kept whole."""
    pieces = re.findall(r"<[^>]*>|&[^;\s]{1,10};|.", text, re.DOTALL)
    shortened, letters = [], 0
    for piece in pieces:
        tag = piece.startswith("<") and len(piece) > 1
        if not tag:
            letters += 1
            if letters == most and sum(1 for p in pieces if not (p.startswith("<") and len(p) > 1)) > most:
                shortened.append("…")
        if tag or letters < most or (letters == most and shortened[-1] != "…"):
            shortened.append(piece)
    return "".join(shortened)


def _fewer(axis: dict[str, Any]) -> dict[str, Any]:
    """Every second number where more than eight would stand side by side; zero, if there is one, stays."""
    values, words = list(axis["tickvals"]), list(axis.get("ticktext", ()))
    if len(values) <= 8 or len(words) != len(values):
        return axis
    start = values.index(0) % 2 if 0 in values else 0
    return {**axis, "tickvals": values[start::2], "ticktext": words[start::2]}
