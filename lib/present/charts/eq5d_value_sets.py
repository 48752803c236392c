"""The sensitivity strip: mean improvement with its interval and the responders, under several value sets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lib.analysis.eq5d import SetResult
from lib.catalog.value_sets import value_set
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import in_columns, nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, for_plotly, number, signed, signed_tick
from lib.settings import FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult
from lib.stats.results import Interval, NotComputed

ROW, NAME, FOOT = 58, 24, 30
"""Heights in px of a row, of the name in it, and of the axis."""
_RIGHT = 96


def value_set_axis(whole_cohort: Sequence[SetResult]) -> Axis:
    """The axis of a mean improvement: one SD of change around the whole cohort's means, 0 always inside."""
    low, high = -0.05, 0.1
    for found in whole_cohort:
        if isinstance(found.paired, PairedResult) and not isinstance(found.paired.change.sd, NotComputed):
            mean, sd = found.paired.mean_change.value, found.paired.change.sd
            low, high = min(low, mean - sd), max(high, mean + sd)
    step = nice_step(high - low, 5)
    ticks = tuple(round(k * step, 10) for k in range(math.ceil(low / step), math.floor(high / step) + 1))
    pad = step / 4
    return Axis("mean improvement", low - pad, high + pad, "worse", "better", ticks)


def value_sets_data(
    found: Sequence[SetResult], axis: Axis, threshold: float | None, title: str, finding: str
) -> ChartData:
    """Mean improvement per value set with its t interval, and the responder rate."""
    paired = [f.paired if isinstance(f.paired, PairedResult) else None for f in found]
    ends = [p.mean_change.interval if p and isinstance(p.mean_change.interval, Interval) else None for p in paired]
    rates = [f.responders.rate if isinstance(f.responders, ResponderResult) else None for f in found]
    known = [r if isinstance(r, Proportion) else None for r in rates]
    n = tuple(p.n if p else 0 for p in paired)
    series = (
        Series(
            "Mean improvement",
            "all",
            tuple(p.mean_change.value if p else None for p in paired),
            low=tuple(i.low if i else None for i in ends),
            high=tuple(i.high if i else None for i in ends),
            n=n,
            labels=tuple(signed(p.mean_change.value, 3) if p else "not computed" for p in paired),
        ),
        Series(
            "Responders",
            "rate",
            tuple(r.share if r else None for r in known),
            n=tuple(r.n if r else 0 for r in known),
            labels=tuple(f"{count(r.count)} of {count(r.n)}" if r else "" for r in known),
        ),
    )
    lines = [Reference(0.0, "no change", "x")]
    if threshold is not None:
        lines.append(Reference(threshold, number(threshold, 3), "x", "threshold"))
    names = tuple(value_set(f.value_set).label for f in found)
    return ChartData("forest", title, finding, names, series, max(n, default=0), x=axis, references=tuple(lines))


def value_sets_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """58 px a row: the set above its mark; mean and responders at the right. A CI beyond the axis ends in an arrow."""
    assert data.x is not None
    low, high = data.x.low, data.x.high
    means, rates = data.series
    rows = len(data.categories)
    notes: list[dict[str, Any]] = []
    traces: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        top = ROW * i
        label = {"x": 0, "xref": "paper", "xanchor": "left", "y": top + 14, "text": for_plotly(name)}
        notes.append(label | {"font": {"size": medium.axis, "color": PALETTE.ink}, "bgcolor": PALETTE.page})
        at = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": _RIGHT - 2}
        text = f"<b>{(means.labels or ())[i]}</b>"
        notes.append(at | {"y": top + 14, "text": text, "font": {"size": medium.text}})
        font = {"size": medium.axis, "color": PALETTE.muted}
        notes.append(at | {"y": top + 38, "text": (rates.labels or ())[i], "font": font})
        traces += _mark(means, rates, i, top + 38, low, high, medium)
    height = ROW * rows + FOOT
    lines = [r for r in data.references if low <= r.value <= high]
    pens = [{"color": PALETTE.ink, "width": 1.5} if r.role == "zero" else _THRESHOLD for r in lines]
    shapes = [
        {"type": "line", "x0": r.value, "x1": r.value, "y0": ROW * i + NAME, "y1": ROW * (i + 1), "layer": "below"}
        | {"line": pen}
        for r, pen in zip(lines, pens, strict=True)
        for i in range(rows)  # not through the names
    ]
    layout = theme.layout(
        medium,
        height=height,
        margin={"l": 2, "r": _RIGHT, "t": 0, "b": FOOT},
        xaxis={
            "range": [low, high],
            "tickvals": list(data.x.ticks),
            "ticktext": [signed_tick(t) for t in data.x.ticks],
            "tickfont": {"size": medium.note},
        },
        yaxis={"range": [ROW * rows, 0], "visible": False},
        annotations=notes,
        shapes=shapes,
    )
    if medium is SCREEN:
        whole = [s | {"y0": 0, "y1": ROW * rows} for s in shapes[::rows]] if rows else []
        beside = [n | {"y": n["y"] + 24} if n["x"] == 0 else n for n in notes]
        layout = in_columns(layout, beside, whole)
    return {"data": traces, "layout": layout}


_THRESHOLD = {"color": PALETTE.follow_up, "width": 1.5, "dash": "dash"}


def _mark(
    means: Series, rates: Series, i: int, y: float, low: float, high: float, medium: Medium
) -> list[dict[str, Any]]:
    value = means.values[i]
    if value is None:
        return []
    start, end = (means.low or ())[i], (means.high or ())[i]
    made: list[dict[str, Any]] = []
    if start is not None and end is not None:
        line = {"color": PALETTE.ink, "width": medium.mark(2)}
        made.append(
            {"type": "scatter", "mode": "lines", "x": [max(start, low), min(end, high)], "y": [y, y]}
            | {"line": line, "hoverinfo": "skip"}
        )
        beyond = [(low, "triangle-left")] * (start < low) + [(high, "triangle-right")] * (end > high)
        made += [
            {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "hoverinfo": "skip"}
            | {"marker": {"symbol": symbol, "size": medium.mark(9), "color": PALETTE.ink}}
            for x, symbol in beyond
        ]
    if low <= value <= high:
        words = f"{(means.labels or ())[i]}"
        if start is not None and end is not None:
            words += f"<br>{number(start, 3)} to {number(end, 3)}"
        if (rates.labels or ())[i]:
            words += f"<br>responders {(rates.labels or ())[i]}"
        n = (means.n or ())[i]
        hollow = {"color": PALETTE.page, "line": {"color": PALETTE.ink, "width": 1.5}}
        marker = {"symbol": "diamond", "size": medium.mark(12)} | (
            {"color": PALETTE.ink} if n >= FEWEST_TO_TEST else hollow
        )
        made.append(
            {"type": "scatter", "mode": "markers", "x": [value], "y": [y], "marker": marker, "text": [words]}
            | {"hovertemplate": "%{text}<extra></extra>"}
        )
    return made
