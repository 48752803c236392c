"""The STROBE flow: a box per step downwards, and beside each arrow who left and why."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from lib.analysis.attrition import MeasureFlow
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.tables.attrition import STATE_WORDS, flow_words
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, for_plotly

ROW = 104
_BOX = 0.58
_MAIN, _SIDE = (0.0, 0.5), (0.58, 1.0)
_MAIN_WIDTH, _SIDE_WIDTH = 24, 19


def flow_data(flow: MeasureFlow, time_points: tuple[str, str], finding: str) -> ChartData:
    """One category per step; a series with who is in it, and one per reason with who left just before it.

    "Follow-up due" is a step only where somebody is not yet due, or died before.
    """
    steps = [s for s in flow.steps if s.key != "due" or any(n for _, n in s.left)]
    words = flow_words(time_points, flow.treated)
    reasons = dict.fromkeys(reason for s in steps for reason, n in s.left if n)
    series = [Series("Patients", "all", tuple(float(s.n) for s in steps), n=tuple(s.n for s in steps))]
    for reason in reasons:
        left = [dict(s.left).get(reason, 0) for s in steps]
        series.append(Series(STATE_WORDS[reason], "unchanged", tuple(float(k) for k in left), n=tuple(left)))
    return ChartData(
        "flow", "Who is analysed", finding, tuple(words[s.key] for s in steps), tuple(series), flow.operated
    )


def flow_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """104 px a step; the text wraps inside its box, so the same drawing fits 390 px."""
    inside, *left = data.series
    rows = len(data.categories)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = float(rows - 1 - i)
        last = i == rows - 1
        shapes.append(_box(_MAIN, y, PALETTE.tint if last else PALETTE.page))
        number = count(int(inside.values[i] or 0))
        notes.append(_text([f"<b>{number}</b>", *wrap(name, _MAIN_WIDTH)], _MAIN, y, medium))
        if i:
            notes.append(_arrow(y))
        lines = [f"{count(int(s.values[i] or 0))} {s.name}" for s in left if s.values[i]]
        if lines:
            middle = (_MAIN[0] + _MAIN[1]) / 2
            shapes.append(_line(middle, _SIDE[0], y + 0.5))
            wrapped = [part for line in lines for part in wrap(line, _SIDE_WIDTH)]
            notes.append(_text(wrapped, _SIDE, y + 0.5, medium, muted=True))
    layout = theme.layout(
        medium,
        height=ROW * rows + 8 if medium is SCREEN else None,
        margin=medium.margin(2, 2, 4, 4),
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"range": [-0.5, rows - 0.5], "visible": False},
        shapes=shapes,
        annotations=notes,
    )
    # a trace without marks: Plotly draws no axes, and so no shapes on them, in an empty figure
    blank = {"type": "scatter", "mode": "markers", "x": [0], "y": [0], "marker": {"opacity": 0}, "hoverinfo": "skip"}
    return {"data": [blank], "layout": layout}


def _box(span: tuple[float, float], y: float, fill: str) -> dict[str, Any]:
    return {"type": "rect", "x0": span[0], "x1": span[1], "y0": y - _BOX / 2, "y1": y + _BOX / 2} | {
        "fillcolor": fill,
        "line": {"color": PALETTE.axis, "width": 1.5},
        "layer": "below",
    }


def _line(x0: float, x1: float, y: float) -> dict[str, Any]:
    return {"type": "line", "x0": x0, "x1": x1, "y0": y, "y1": y, "line": {"color": PALETTE.axis, "width": 1.5}}


def _arrow(y: float) -> dict[str, Any]:
    middle = (_MAIN[0] + _MAIN[1]) / 2
    return {"x": middle, "y": y + _BOX / 2, "ax": middle, "ay": y + 1 - _BOX / 2, "axref": "x", "ayref": "y"} | {
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 1.5,
        "arrowcolor": PALETTE.axis,
    }


def _text(
    lines: list[str], span: tuple[float, float], y: float, medium: Medium, *, muted: bool = False
) -> dict[str, Any]:
    texts = [line if line.startswith("<b>") else for_plotly(line) for line in lines]
    place = (
        {"x": span[0], "xanchor": "left", "xshift": medium.shift(6), "align": "left"}
        if muted
        else {"x": (span[0] + span[1]) / 2}
    )
    color = PALETTE.muted if muted else PALETTE.ink
    return {
        "y": y,
        "text": "<br>".join(texts),
        "font": {"size": medium.axis if muted else medium.text, "color": color},
    } | place
