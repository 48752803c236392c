"""Cumulative responder curve: the share of patients who improved by at least x, for every x."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step, vertical_line
from lib.present.theme import PALETTE, SCREEN, CategoryStyle, Medium
from lib.present.wording import compact, for_plotly, number
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderCurve, Rule
from lib.stats.results import Interval, NotComputed

MANY_STEPS = 600


def curve_data(
    curve: ResponderCurve | NotComputed,
    measure: Measure,
    slider: tuple[Decimal, Decimal],
    rule: Rule | None,
    rate: Proportion | NotComputed,
    finding: str,
    groups: tuple[tuple[str, ResponderCurve], ...] = (),
) -> ChartData:
    """The step function between the ends of the slider, the rate at the threshold, published thresholds as ticks.

    `groups` adds a curve per group (name, its curve), without a band: one band among many lines cannot be read.
    """
    low, high = float(slider[0]), float(slider[1])
    if rule is not None and rule.kind == "reliable" and rule.threshold is not None:
        high = max(high, float(rule.threshold))  # measurement error may be wider than any slider
    kind = "percent" if rule is not None and rule.kind == "percent" else "absolute"
    series: list[Series] = []
    if isinstance(curve, ResponderCurve):
        series.append(_steps(curve, low, high))
    series += [replace(_steps(its, low, high), name=name, role=f"group:{name}") for name, its in groups]
    if isinstance(rate, Proportion) and rule is not None:
        found = rate.interval
        ends = (found.low, found.high) if isinstance(found, Interval) else (None, None)
        series.append(
            Series(
                "At the threshold",
                "current",
                (rate.share,),
                x=(float(rule.threshold or 0),),
                low=(ends[0],),
                high=(ends[1],),
                n=(rate.n,),
            )
        )
    n = curve.n if isinstance(curve, ResponderCurve) else 0
    published = tuple(
        Reference(float(t.value), t.name, "x", "threshold")
        for t in measure.thresholds
        if t.kind == kind and slider[0] <= t.value <= slider[1]
    )
    unit = "percent of baseline" if kind == "percent" else measure.unit
    axis = Axis(f"improvement of at least, {unit}" if unit else "improvement of at least", low, high)
    return ChartData(
        "curve", "Share improved by at least …", finding, (), tuple(series), n, x=axis, references=published
    )


def _steps(curve: ResponderCurve, low: float, high: float) -> Series:
    """Corners of the curve inside low–high; thinned evenly above a few hundred, the ends kept."""
    inside = np.flatnonzero((curve.x >= low) & (curve.x <= high))
    if len(inside) > MANY_STEPS:
        inside = inside[np.unique(np.linspace(0, len(inside) - 1, MANY_STEPS).astype(int))]
    x, share = [float(curve.x[i]) for i in inside], [float(curve.share[i]) for i in inside]
    band_low, band_high = [float(curve.low[i]) for i in inside], [float(curve.high[i]) for i in inside]
    for edge in (low, high):
        if edge in x:
            continue
        # between two corners the share is that of the next larger improvement, and 0 above the last
        after = int(np.searchsorted(curve.x, edge))
        known = after < len(curve.x)
        at = 0 if edge == low else len(x)
        x.insert(at, edge)
        share.insert(at, float(curve.share[after]) if known else 0.0)
        band_low.insert(at, float(curve.low[after]) if known else 0.0)
        band_high.insert(at, float(curve.high[after]) if known else float(curve.high[-1]) if len(curve.high) else 0.0)
    return Series(
        "Share improved by at least x",
        "follow-up",
        tuple(share),
        x=tuple(x),
        low=tuple(band_low),
        high=tuple(band_high),
    )


def curve_figure(
    data: ChartData, medium: Medium = SCREEN, *, height: int = 300, styles: Mapping[str, CategoryStyle] | None = None
) -> dict[str, Any]:
    """The x axis runs from end to end of the card, so that a slider above it points at the curve.

    With groups the curve of all patients becomes ink and every group has its own colour (`styles` by name).
    """
    assert data.x is not None
    traces: list[dict[str, Any]] = []
    for series in data.series:
        if series.role == "current":
            traces += _current(series, medium)
        elif series.role.startswith("group:"):
            style = (styles or {}).get(series.name)
            traces.append(_line(series, style.color if style else PALETTE.muted, medium.mark(2)))
        else:
            grouped = any(s.role.startswith("group:") for s in data.series)
            traces += _curve(series, medium, PALETTE.ink if grouped else PALETTE.follow_up)
    current = next((s for s in data.series if s.role == "current"), None)
    shapes = []
    if current and current.x:
        shapes.append(vertical_line(Reference(current.x[0], "", "x", "zero"), medium))
    span = data.x.high - data.x.low
    step = nice_step(span, 5)
    round_values = [k * step for k in range(math.ceil(data.x.low / step), math.floor(data.x.high / step) + 1)]
    ticks = _apart([data.x.low, data.x.high, *(r.value for r in data.references), *round_values], span)
    words = [compact(round(t, 6)) for t in ticks]
    layout = theme.layout(
        medium,
        height=height,
        annotations=[*_share_labels(medium), *_end_labels(data.x.low, data.x.high, medium)],
        margin={"l": 6, "r": 6, "t": 8, "b": medium.shift(44)},
        xaxis={
            "range": [data.x.low, data.x.high],
            "tickvals": ticks,
            # the ends have no room around them: Plotly would leave their labels out
            "ticktext": [w if data.x.low < t < data.x.high else "" for t, w in zip(ticks, words, strict=True)],
            "ticks": "outside",
            "tickangle": 0,
            "tickcolor": PALETTE.axis,
            "showline": True,
            "title": {"text": for_plotly(data.x.title), "standoff": medium.shift(8)},
        },
        yaxis={
            "range": [-0.03, 1.03],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "showticklabels": False,
            "showgrid": True,
        },
        shapes=shapes,
    )
    return {"data": traces, "layout": layout}


def _share_labels(medium: Medium) -> list[dict[str, Any]]:
    """The shares inside the plot, at its right end, each on a plate: a curve that runs there does not strike them."""
    return [
        {"x": 1, "xref": "paper", "y": share, "yref": "y", "xanchor": "right", "showarrow": False}
        | {"text": f"{share:.0%}", "bgcolor": PALETTE.page, "borderpad": 1}
        # over its line, the last one under it: above there is no room
        | ({"yanchor": "top", "yshift": -1} if share == 1 else {"yanchor": "bottom", "yshift": 1})
        | {"font": {"size": medium.axis, "color": PALETTE.muted}}
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]


def _end_labels(low: float, high: float, medium: Medium) -> list[dict[str, Any]]:
    """Both ends of the slider under the axis, each written inwards from its end."""
    return [
        {"x": value, "xanchor": anchor, "y": 0, "yref": "paper", "yanchor": "top", "showarrow": False}
        | {"text": compact(round(value, 6)), "yshift": -medium.shift(7)}
        | {"font": {"size": medium.axis, "color": PALETTE.muted}}
        for value, anchor in ((low, "left"), (high, "right"))
    ]


def _apart(values: list[float], span: float) -> list[float]:
    """The values that can be named without touching on a phone; earlier ones have precedence."""
    spaced: list[float] = []
    for value in values:
        if all(abs(value - other) >= 0.09 * span for other in spaced):
            spaced.append(value)
    return sorted(spaced)


def _curve(series: Series, medium: Medium, color: str) -> list[dict[str, Any]]:
    x, low, high = list(series.x or ()), list(series.low or ()), list(series.high or ())
    line = {"width": 0, "shape": "vh"}
    base = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip"}
    return [
        base | {"y": high, "line": line},
        base | {"y": low, "line": line, "fill": "tonexty", "fillcolor": PALETTE.tint},
        _line(series, color, medium.mark(2.5)),
    ]


def _line(series: Series, color: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(series.x or ()),
        "y": list(series.values),
        "name": for_plotly(series.name),
        "customdata": [number((v or 0) * 100, 1) for v in series.values],
        # the step belongs to its right edge, so that an improvement of exactly the threshold counts
        "line": {"color": color, "width": width, "shape": "vh"},
        "hovertemplate": "%{customdata}% improved by at least %{x}<extra>%{fullData.name}</extra>",
    }


def _current(series: Series, medium: Medium) -> list[dict[str, Any]]:
    x, traces = list(series.x or ()), []
    if series.low and series.low[0] is not None and series.high:
        traces.append(
            {"type": "scatter", "mode": "lines", "x": [x[0], x[0]], "y": [series.low[0], series.high[0]]}
            | {"line": {"color": PALETTE.ink, "width": medium.mark(3)}, "hoverinfo": "skip"}
        )
    traces.append(
        {"type": "scatter", "mode": "markers", "x": x, "y": list(series.values), "hoverinfo": "skip"}
        | {"marker": {"color": PALETTE.ink, "size": medium.mark(11)}}
    )
    return traces
