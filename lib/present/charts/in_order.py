"""Centers in order: as measured above, shrunken below, the same centers at the same x."""

from __future__ import annotations

from typing import Any

from lib.analysis.groups.centers import MeansOf
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, count, for_plotly, signed
from lib.settings import FEWEST_TO_SCALE, FEWEST_TO_TEST
from lib.stats.centers import Z95, Shrunken

HEIGHT = 520
MOST_CENTERS = 400
_ORDER = f"Both panels stand in the order of the shrunken means; hollow: fewer than {FEWEST_TO_TEST} patients."


def in_order_data(found: MeansOf, shrunken: Shrunken, measure: Measure, finding: str, mine: str = "") -> ChartData:
    """Both series in the order of the shrunken means; above 400 centers every so-many-th, the outermost always."""
    of = found.found
    order = sorted(range(len(of.means)), key=lambda k: shrunken.means[k])
    if len(order) > MOST_CENTERS:
        place = {k: i for i, k in enumerate(order)}
        step = len(order) / MOST_CENTERS
        shown = {order[min(int(i * step), len(order) - 1)] for i in range(MOST_CENTERS)} | {order[-1]}
        shown |= {k for k in order if found.members.labels[k] == mine}
        order = sorted(shown, key=place.__getitem__)
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
    own_place = tuple(
        Series(mine, "mine", (of.means[k], shrunken.means[k]), x=(float(order.index(k)),) * 2)
        for k in order
        if found.members.labels[k] == mine
    )
    return ChartData(
        "in order",
        "Centers in order of their shrunken means",
        finding,
        names,
        (
            _series("As measured", "group:0", own, half, ns),
            _series("Shrunken", "group:1", less, error, ns),
            *own_place,
        ),
        sum(of.ns),
        y=Axis(f"gain, {measure.unit or 'points'}", low, high, ticks=ticks),
        references=(Reference(of.average, f"average {signed(of.average, measure.decimals)}", "y", "overall"),),
        notes=(_ORDER,),
    )


def _series(name: str, role: str, values: list[float], half: list[float], ns: tuple[int, ...]) -> Series:
    low, high = (tuple(v + side * h for v, h in zip(values, half, strict=True)) for side in (-1, 1))
    return Series(name, role, tuple(values), low=low, high=high, n=ns)


def in_order_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """Two panels; an interval that misses the average is ink; my center is a petrol line through both."""
    assert data.y is not None
    mine = next((s for s in data.series if s.role == "mine"), None)
    size = len(data.categories)
    dot = 3.6 if size > 120 else 5.0 if size > 40 else 7.0
    traces: list[dict[str, Any]] = []
    average = data.references[0]
    for panel, s in enumerate(s for s in data.series if s.role != "mine"):
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
        few = [n < FEWEST_TO_TEST for n in s.n or ()]
        traces.append(
            {"type": "scatter", "mode": "markers", "x": list(range(size)), "y": list(s.values), **axis}
            | {"text": [for_plotly(name) for name in data.categories], "name": s.name}
            | {"hovertemplate": "%{text}: %{y:.2f}<extra></extra>"}
            | {
                "marker": {
                    "size": [medium.mark(dot + 1.5 if hollow else dot) for hollow in few],
                    "color": [PALETTE.page if hollow else PALETTE.muted for hollow in few],
                    "line": {"color": PALETTE.muted, "width": [1.2 if hollow else 0 for hollow in few]},
                }
            }
        )
        if mine is not None:
            at, own = int((mine.x or (0.0,))[0]), mine.values[panel]
            traces.append(
                {"type": "scatter", "mode": "lines+markers", "x": [at] * 3, **axis, "name": mine.name}
                | {"y": [(s.low or ())[at], own, (s.high or ())[at]], "hoverinfo": "skip"}
                | {"line": {"color": PALETTE.follow_up, "width": medium.mark(2.5)}}
                | {"marker": {"color": PALETTE.follow_up, "size": [0, medium.mark(max(9.0, dot + 3)), 0]}}
            )
    heads = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "yshift": 4}
    notes: list[dict[str, Any]] = [
        heads | {"y": _TOP, "text": "As measured, 95% CI", "font": {"size": medium.text, "weight": 600}},
        heads | {"y": _MIDDLE, "text": "Shrunken towards the average", "font": {"size": medium.text, "weight": 600}},
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
    if mine is not None:
        at = int((mine.x or (0.0,))[0])
        side = "left" if at < size / 2 else "right"
        decimals = 2 if data.y.high - data.y.low < 10 else 1
        for axis_of, (low, high), value in zip(("x", "x2"), ((_UNDER, _TOP), (0.0, _MIDDLE)), mine.values, strict=True):
            shapes.append(
                {"type": "line", "x0": at, "x1": at, "xref": axis_of, "y0": low, "y1": high, "yref": "paper"}
                | {"line": {"color": PALETTE.follow_up, "width": 1}, "layer": "below"}
            )
            notes.append(
                {"x": at, "xref": axis_of, "y": high, "yref": "paper", "yanchor": "top", "xanchor": side}
                | {
                    "xshift": 5 if side == "left" else -5,
                    "text": f"{for_plotly(mine.name)}  {signed(value or 0.0, decimals)}",
                }
                | {"font": {"size": medium.axis, "color": PALETTE.follow_up, "weight": 600}}
            )
    under = {
        "yref": "paper",
        "y": 0,
        "yanchor": "top",
        "yshift": -6,
        "font": {"size": medium.axis, "color": PALETTE.muted},
    }
    notes.append(under | {"x": 0, "xanchor": "left", "xref": "paper", "text": f"1st of {count(size)}, lowest"})
    notes.append(under | {"x": 1, "xanchor": "right", "xref": "paper", "text": "last, highest"})
    y_axis = {
        "range": [data.y.low, data.y.high],
        "tickvals": list(data.y.ticks),
        "ticktext": [compact(t) for t in data.y.ticks],
        "showgrid": True,
    }
    x_axis = {"range": [-1, size], "visible": False}
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=HEIGHT if medium is SCREEN else medium.height,
            margin=medium.margin(52, 104, 30, 30),
            xaxis=x_axis,
            xaxis2={**x_axis, "anchor": "y2"},
            yaxis={**y_axis, "domain": [_UNDER, _TOP]},
            yaxis2={**y_axis, "domain": [0.0, _MIDDLE], "anchor": "x2"},
            shapes=shapes,
            annotations=notes,
        ),
    }


_TOP, _UNDER, _MIDDLE = 1.0, 0.55, 0.45
"""Where the upper panel begins and ends, and where the lower one begins, as shares of the height."""
