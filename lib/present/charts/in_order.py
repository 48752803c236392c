"""Centers in order: as measured above, shrunken below, the same centers at the same x."""

from __future__ import annotations

from typing import Any

from lib.analysis.groups.centers import MeansOf
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, for_plotly, signed
from lib.settings import FEWEST_TO_SCALE
from lib.stats.centers import Z95, Shrunken

HEIGHT = 520
MOST_CENTERS = 400


def in_order_data(found: MeansOf, shrunken: Shrunken, measure: Measure, finding: str) -> ChartData:
    """Both series in the order of the shrunken means; above 400 centers every so-many-th, the outermost always."""
    of = found.found
    order = sorted(range(len(of.means)), key=lambda k: shrunken.means[k])
    if len(order) > MOST_CENTERS:
        step = len(order) / MOST_CENTERS
        order = sorted(
            {order[min(int(i * step), len(order) - 1)] for i in range(MOST_CENTERS)} | {order[-1]}, key=order.index
        )
    names = tuple(found.members.labels[k] for k in order)
    half = [Z95 * of.sd / of.ns[k] ** 0.5 for k in order]
    error = [Z95 * shrunken.errors[k] for k in order]
    own = [of.means[k] for k in order]
    less = [shrunken.means[k] for k in order]
    ns = tuple(of.ns[k] for k in order)
    low = min(m - h for m, h, n in zip(own, half, ns, strict=True) if n >= FEWEST_TO_SCALE or n == max(ns))
    high = max(m + h for m, h, n in zip(own, half, ns, strict=True) if n >= FEWEST_TO_SCALE or n == max(ns))
    step_y = nice_step(high - low, 5)
    ticks = tuple(round(k * step_y, 10) for k in range(int(low // step_y), int(-(-high // step_y)) + 1))
    return ChartData(
        "dots",
        "Centers in order of their shrunken means",
        finding,
        names,
        (
            _series("As measured", "group:0", own, half, ns),
            _series("Shrunken", "group:1", less, error, ns),
        ),
        sum(of.ns),
        y=Axis(f"gain, {measure.unit or 'points'}", low, high, ticks=ticks),
        references=(Reference(of.average, f"average {signed(of.average, measure.decimals)}", "y", "overall"),),
    )


def _series(name: str, role: str, values: list[float], half: list[float], ns: tuple[int, ...]) -> Series:
    low, high = (tuple(v + side * h for v, h in zip(values, half, strict=True)) for side in (-1, 1))
    return Series(name, role, tuple(values), low=low, high=high, n=ns)


def in_order_figure(data: ChartData, medium: Medium = SCREEN, *, mine: str = "") -> dict[str, Any]:
    """Two panels; an interval that misses the average is ink; my center is a petrol line through both."""
    assert data.y is not None
    traces: list[dict[str, Any]] = []
    average = data.references[0]
    for panel, s in enumerate(data.series):
        axis: dict[str, Any] = {} if panel == 0 else {"xaxis": "x2", "yaxis": "y2"}
        for misses, color in ((False, "#B9C4C9"), (True, PALETTE.ink)):
            x: list[float | None] = []
            y: list[float | None] = []
            for k, (low, high) in enumerate(zip(s.low or (), s.high or (), strict=True)):
                assert low is not None
                assert high is not None
                if (low > average.value or high < average.value) == misses:
                    x += [k, k, None]
                    y += [low, high, None]
            traces.append(
                {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", **axis}
                | {"line": {"color": color, "width": medium.mark(1.2)}, "name": s.name}
            )
        traces.append(
            {"type": "scatter", "mode": "markers", "x": list(range(len(s.values))), "y": list(s.values), **axis}
            | {"text": [for_plotly(name) for name in data.categories], "name": s.name}
            | {"hovertemplate": "%{text}: %{y:.2f}<extra></extra>"}
            | {
                "marker": {
                    "size": [medium.mark(9 if name == mine else 3.6) for name in data.categories],
                    "color": [PALETTE.follow_up if name == mine else PALETTE.muted for name in data.categories],
                }
            }
        )
    heads = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom"}
    notes: list[dict[str, Any]] = [
        heads | {"y": 1.0, "text": "As measured, 95% CI", "font": {"size": medium.text, "weight": 600}},
        heads | {"y": 0.45, "text": "Shrunken towards the average", "font": {"size": medium.text, "weight": 600}},
    ]
    shapes: list[dict[str, Any]] = []
    for y_of in ("y", "y2"):
        shapes.append(
            {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": average.value, "y1": average.value, "yref": y_of}
            | {"line": {"color": PALETTE.ink, "width": medium.mark(1.2)}}
        )
        notes.append(
            {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": average.value, "yref": y_of}
            | {"text": average.label, "font": {"size": medium.axis, "color": PALETTE.ink}}
        )
    if mine in data.categories:
        at = data.categories.index(mine)
        shapes.append(
            {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
            | {"line": {"color": PALETTE.follow_up, "width": 1}}
        )
        notes.append(
            {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "left", "text": for_plotly(mine)}
            | {"font": {"size": medium.axis, "color": PALETTE.follow_up, "weight": 600}}
        )
    y_axis = {
        "range": [data.y.low, data.y.high],
        "tickvals": list(data.y.ticks),
        "ticktext": [compact(t) for t in data.y.ticks],
        "showgrid": True,
    }
    x_axis = {"range": [-1, len(data.categories)], "visible": False}
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=HEIGHT,
            margin=medium.margin(52, 96, 30, 12),
            xaxis=x_axis,
            xaxis2={**x_axis, "anchor": "y2"},
            yaxis={**y_axis, "domain": [0.56, 1.0]},
            yaxis2={**y_axis, "domain": [0.0, 0.44], "anchor": "x2"},
            shapes=shapes,
            annotations=notes,
        ),
    }
