"""Which function draws which figure of a report: the same ones that pages use."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from lib.present.chart_data import ChartData
from lib.present.charts.alluvial import alluvial_figure
from lib.present.charts.baseline_scatter import scatter_figure
from lib.present.charts.completeness import bars_figure, periods_figure
from lib.present.charts.eq5d_dimensions import changes_figure, dimensions_figure
from lib.present.charts.event_bars import event_bars_figure
from lib.present.charts.flow import flow_figure
from lib.present.charts.forest import forest_figure
from lib.present.charts.funnel import funnel_figure
from lib.present.charts.improvements import improvements_figure
from lib.present.charts.in_order import in_order_figure
from lib.present.charts.incidence import incidence_figure
from lib.present.charts.likert_bars import likert_figure
from lib.present.charts.lines import lines_figure
from lib.present.charts.mini import mini_figure
from lib.present.charts.outcome_bars import outcome_figure
from lib.present.charts.responder_curve import curve_figure
from lib.present.charts.trend import trend_figure
from lib.present.charts.watch import watch_figure
from lib.present.charts.waterfall import waterfall_figure
from lib.present.theme import SCREEN, Medium


def _forest(data: ChartData, medium: Medium) -> dict[str, Any]:
    return forest_figure(data, medium=medium)


def _dimensions(data: ChartData, medium: Medium) -> dict[str, Any]:
    # "Mobility: Baseline", "Mobility: 12 months", …
    pairs = [category.split(": ", 1) for category in data.categories]
    names, time_points = [name for name, _ in pairs[::2]], (pairs[0][1], pairs[1][1])
    return dimensions_figure(data, names, time_points, medium)


FIGURES: Mapping[str, Callable[..., dict[str, Any]]] = {
    "means": mini_figure,
    "lines": lines_figure,
    "improvements": improvements_figure,
    "curve": curve_figure,
    "outcomes": outcome_figure,
    "statements": likert_figure,
    "eq5d_dimensions": _dimensions,
    "eq5d_changes": changes_figure,
    "forest": _forest,
    "flow": flow_figure,
    "waterfall": waterfall_figure,
    "scatter": scatter_figure,
    "alluvial": alluvial_figure,
    "event_bars": event_bars_figure,
    "completeness": bars_figure,
    "periods": periods_figure,
    "incidence": incidence_figure,
    "funnel": funnel_figure,
    "in_order": in_order_figure,
    "trend": trend_figure,
    "watch": watch_figure,
}
"""Name of a figure → what draws it from its data for a medium."""
_OF_SCORES = ("means", "lines", "improvements")
"""These print scores, with the decimals of the measure."""


def draw(figure: str, data: ChartData, decimals: int = 2, medium: Medium = SCREEN) -> dict[str, Any]:
    """A Plotly figure as a plain dict. Raises KeyError for a name that is not in FIGURES."""
    more = {"decimals": decimals} if figure in _OF_SCORES else {}
    drawn = FIGURES[figure](data, medium, **more)
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
        found["text"] = "<br>".join(_in_room(line, room) for line in text.split("<br>"))
    elif note.get("xref") == "paper" and note.get("x") == 0:
        found["text"] = _cut(text, _NAME)
    return found


def _in_room(line: str, room: int) -> str:
    """Folded between its words into two lines, what is longer cut: "Before treatment" stays whole beside its dots."""
    if "<" in line or len(line) <= room:
        return _cut(line, room)
    first, *rest = textwrap.wrap(line, room, break_long_words=False, break_on_hyphens=False)
    return "<br>".join(_cut(part, room) for part in (first, " ".join(rest)) if part)


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
