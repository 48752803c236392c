"""Funnel: each center's share around the pooled one, with exact limits; ring: the share adjusted for baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lib.analysis.groups.centers import CenterFunnel
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, CategoryStyle, Medium
from lib.present.wording import compact, for_plotly, number, percent, share
from lib.stats.funnel import FunnelLimits
from lib.stats.results import NotComputed

HEIGHT = 420


def funnel_data(found: CenterFunnel, finding: str) -> ChartData:
    """Series: both limits (x = n), the centers as they are, and adjusted; categories name the centers."""
    ns = found.funnel.ns
    series = [
        _curve(found.alarm, "99.8% limits", "limits:alarm"),
        _curve(found.warning, "95% limits", "limits:warning"),
        Series(
            "As it is",
            "center",
            found.funnel.rates,
            x=tuple(float(n) for n in ns),
            n=ns,
            labels=tuple(
                f"{label}: {share(k, n)}" for label, k, n in zip(found.labels, found.funnel.responders, ns, strict=True)
            ),
        ),
    ]
    series.append(
        Series(
            "Outside the 95% limits",
            "outside",
            tuple(float(side) for side in found.outside_warning),
            x=tuple(float(n) for n in ns),
            n=ns,
        )
    )
    notes = ["Filled: as it is. Limits are exact (binomial) around the pooled rate."]
    if isinstance(found.adjusted, NotComputed):
        notes.append(f"Not adjusted: {found.adjusted.reason}.")
    else:
        labels = [
            f"{label}, adjusted for baseline: {number(rate * 100, 1)}%"
            for label, rate in zip(found.labels, found.adjusted.rates, strict=True)
        ]
        series.append(
            Series(
                "Adjusted for baseline",
                "center adjusted",
                found.adjusted.rates,
                x=tuple(float(n) for n in ns),
                n=ns,
                labels=tuple(labels),
            )
        )
        notes.append("Ring: adjusted, observed / expected × pooled, expected from a logistic regression on baseline.")
    if found.without:
        notes.append(f"Nobody to count: {', '.join(found.without)}.")
    step = nice_step(found.largest, 6)
    reach = step * (int(found.largest * 1.05 / step) + 1)
    ticks = tuple(round(k * step, 6) for k in range(int(reach / step) + 1))
    pooled = percent(sum(found.funnel.responders), sum(ns))
    return ChartData(
        "scatter",
        "Groups around the pooled rate",
        finding,
        found.labels,
        tuple(series),
        sum(ns),
        x=Axis("evaluable pairs", 0, reach, ticks=ticks),
        y=Axis("share improved enough", 0, 1, ticks=(0.0, 0.25, 0.5, 0.75, 1.0)),
        references=(Reference(found.funnel.pooled, f"pooled {pooled}", "y", "overall"),),
        notes=tuple(notes),
    )


def _curve(limits: FunnelLimits, name: str, role: str) -> Series:
    xs = tuple(float(n) for n in limits.ns)
    middle: tuple[float | None, ...] = (limits.pooled,) * len(xs)
    return Series(name, role, middle, x=xs, low=limits.low, high=limits.high)


def funnel_figure(
    data: ChartData,
    styles: Mapping[str, CategoryStyle] | None = None,
    medium: Medium = SCREEN,
    *,
    places: Sequence[int],
    height: int = HEIGHT,
) -> dict[str, Any]:
    """Names stand beside the centers outside the 95% limits only; the others say theirs when pointed at.

    `places` are `CenterFunnel.places`. A mark carries its row of the comparison (0 is everybody) in `customdata` as
    [row, 0], as in a forest, so that a click can name its patients.
    """
    assert data.x is not None
    assert data.y is not None
    traces: list[dict[str, Any]] = []
    for s in data.series:
        if s.role.startswith("limits:"):
            traces += _limit_lines(s, medium)
    plain = next(s for s in data.series if s.role == "center")
    adjusted = next((s for s in data.series if s.role == "center adjusted"), None)
    if adjusted is not None:
        traces += [_links(plain, adjusted), _dots(adjusted, data, styles or {}, medium, places, hollow=True)]
    traces.append(_dots(plain, data, styles or {}, medium, places, hollow=False))
    pooled = data.references[0]
    line = {"type": "line", "x0": data.x.low, "x1": data.x.high, "y0": pooled.value, "y1": pooled.value}
    name = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": pooled.value, "align": "left"}
    notes: list[dict[str, Any]] = [
        name | {"text": pooled.label.replace(" ", "<br>"), "font": {"size": medium.axis, "color": PALETTE.muted}}
    ]
    notes += _outside(plain, data, medium)
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin={"l": 52, "r": 62, "t": 12, "b": 52},
            xaxis={
                "range": [data.x.low, data.x.high],
                "tickvals": list(data.x.ticks),
                "ticktext": [compact(t) for t in data.x.ticks],
                "title": {"text": data.x.title},
            },
            yaxis={
                "range": [-0.02, 1.02],
                "tickvals": list(data.y.ticks),
                "ticktext": [f"{compact(t * 100)}%" for t in data.y.ticks],
                "showgrid": True,
            },
            shapes=[line | {"line": {"color": PALETTE.muted, "dash": "dot", "width": 1.5}}],
            annotations=notes,
        ),
    }


def _limit_lines(s: Series, medium: Medium) -> list[dict[str, Any]]:
    dash = "solid" if s.role.endswith("alarm") else "dash"
    return [
        {"type": "scatter", "mode": "lines", "x": list(s.x or ()), "y": list(ends or ()), "hoverinfo": "skip"}
        | {"line": {"color": PALETTE.axis, "dash": dash, "width": medium.mark(1.5)}, "name": s.name}
        for ends in (s.low, s.high)
    ]


def _links(plain: Series, adjusted: Series) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for at, a, b in zip(plain.x or (), plain.values, adjusted.values, strict=True):
        if a is not None and b is not None:
            x += [at, at, None]
            y += [a, min(b, 1.0), None]
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip"} | {
        "line": {"color": PALETTE.border, "width": 1}
    }


def _dots(
    s: Series,
    data: ChartData,
    styles: Mapping[str, CategoryStyle],
    medium: Medium,
    places: Sequence[int],
    *,
    hollow: bool,
) -> dict[str, Any]:
    colors = [styles[c].color if c in styles else PALETTE.follow_up for c in data.categories]
    symbols = [styles[c].symbol if c in styles else "circle" for c in data.categories]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(s.x or ()),
        "y": [None if v is None else min(v, 1.0) for v in s.values],
        "text": [for_plotly(t) for t in s.labels or ()],
        "customdata": [[place + 1, 0] for place in places],
        "hovertemplate": "%{text}<extra></extra>",
        "name": s.name,
        "marker": {
            "size": medium.mark(16 if hollow else 10),
            "symbol": symbols,
            "color": PALETTE.page if hollow else colors,
            "line": {"color": colors, "width": 1.5},
        },
    }


def _outside(s: Series, data: ChartData, medium: Medium) -> list[dict[str, Any]]:
    marked = next(o for o in data.series if o.role == "outside")
    return [
        _name(data.categories[i], at, value, medium, PALETTE.ink)
        for i, (at, value, side) in enumerate(zip(s.x or (), s.values, marked.values, strict=True))
        if value is not None and side
    ]


def _name(text: str, x: float, y: float, medium: Medium, color: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": for_plotly(text), "xanchor": "left", "xshift": 9, "yanchor": "bottom"} | {
        "font": {"size": medium.axis, "color": color},
        "bgcolor": PALETTE.page,
    }
