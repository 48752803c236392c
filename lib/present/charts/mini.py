"""Overview card: every patient before and after as dots, the mean with its interval below them."""

from __future__ import annotations

from typing import Any

from lib.analysis.norms import BesideNorm
from lib.cohort.pairs import Pairs
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import interval_traces
from lib.present.charts.distribution import MANY_DOTS, binned, stacked
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, for_plotly, number
from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.results import Interval, NotComputed

COLUMNS = 46
BINS = 30


def mini_data(
    result: PairedResult | NotComputed,
    pairs: Pairs,
    axis: Axis,
    time_points: tuple[str, str],
    finding: str,
    norms: tuple[BesideNorm | NotComputed, ...] = (),
) -> ChartData:
    """Two rows, baseline and follow-up: the patients of the pairs, and mean with CI where there is one.

    `norms`: before and after, what people of their age and sex have on average: a mark in each row.
    """
    series: list[Series] = []
    for role, name, values in (
        ("baseline", time_points[0], pairs.baseline),
        ("follow-up", time_points[1], pairs.follow_up),
    ):
        if pairs.n > MANY_DOTS:
            centres, counts = binned(values, axis.low, axis.high, BINS)
            series.append(Series(f"{name}, patients", f"{role} density", tuple(map(float, counts)), x=tuple(centres)))
        else:
            heights = stacked(values, axis.low, axis.high, COLUMNS)
            series.append(
                Series(
                    f"{name}, patients",
                    f"{role} patients",
                    tuple(float(h) for h in heights),
                    x=tuple(float(v) for v in values),
                    rows=tuple(int(r) for r in pairs.source_rows),
                )
            )
    if isinstance(result, PairedResult):
        for role, name, mean, found in (
            ("baseline", time_points[0], result.baseline.mean, result.baseline_mean_ci),
            ("follow-up", time_points[1], result.follow_up.mean, result.follow_up_mean_ci),
        ):
            low, high = (found.low, found.high) if isinstance(found, Interval) else (None, None)
            series.append(Series(f"{name}, mean", f"{role} mean", (mean,), low=(low,), high=(high,), n=(result.n,)))
    for role, name, norm in zip(("baseline", "follow-up"), time_points, norms, strict=False):
        if isinstance(norm, BesideNorm):
            series.append(Series(f"{name}, norm", f"{role} norm", (norm.expected,), n=(norm.n,)))
    return ChartData("pairs of means", pairs.measure.label, finding, (), tuple(series), pairs.n, x=axis)


NORM = "Norm of the general population"
"""Name of the diamonds in a key."""
_ROW = {"baseline": 1.0, "follow-up": 0.0}


def mini_figure(data: ChartData, medium: Medium = SCREEN, *, decimals: int = 2, height: int = 138) -> dict[str, Any]:
    """138 px high: two rows with dots above and the mean below, names and means in a fixed left margin."""
    assert data.x is not None
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    shapes = [
        {"type": "line", "x0": t, "x1": t, "y0": 0.02, "y1": 1, "yref": "paper", "layer": "below"}
        | {"line": {"color": PALETTE.hairline, "width": 1}}
        for t in data.x.ticks
    ]
    tallest = max((v or 0.0 for s in data.series if s.x for v in s.values), default=0.0) or 1.0
    few = data.n < FEWEST_TO_TEST
    for series in data.series:
        kind, what = series.role.rsplit(" ", 1)
        base = _ROW[kind]
        color = PALETTE.baseline if kind == "baseline" else PALETTE.follow_up
        if what == "patients":
            traces.append(_dots(series, base, color, medium, 0.14 if few else min(0.075, 0.5 / max(tallest, 1))))
        elif what == "density":
            traces.append(_density(series, base, color, tallest))
        elif what == "norm":
            traces.append(_norm(series, base, medium, decimals))
        else:
            pen = (PALETTE.baseline, 1.5) if few else (color, 3.0)
            if data.n >= FEWEST_COMPARED:
                traces += _mean(series, base, pen, medium, data.x, hollow=few or kind == "baseline")
    # a chart for readers outside has no patients, only means
    names = {s.role.rsplit(" ", 1)[0]: s for s in reversed(data.series)}
    for kind, series in names.items():
        mean = next((s.values[0] for s in data.series if s.role == f"{kind} mean"), None)
        label = for_plotly(series.name.removesuffix(", patients").removesuffix(", mean"))
        if data.n < FEWEST_COMPARED:
            mean = None
        value = "" if mean is None else number(mean, decimals)
        text = label if mean is None else f"{label}<br>{value if few else f'<b>{value}</b>'}"
        notes.append(
            {"x": 0, "xref": "paper", "xanchor": "right", "xshift": medium.shift(-8), "y": _ROW[kind] + 0.1}
            | {
                "text": text,
                "align": "right",
                "font": {"size": medium.axis, "color": PALETTE.muted if mean is None or few else PALETTE.ink},
            }
        )
    axis = {
        "range": [data.x.low - 0.03 * (data.x.high - data.x.low), data.x.high + 0.03 * (data.x.high - data.x.low)],
        "tickvals": list(data.x.ticks),
        "ticktext": [compact(round(t, 4)) for t in data.x.ticks],
    }
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin=medium.margin(104, 10, 2, 22),
            xaxis=axis,
            yaxis={"range": [-0.38, 1.62], "visible": False},
            shapes=shapes,
            annotations=notes,
        ),
    }


def _dots(series: Series, base: float, color: str, medium: Medium, step: float) -> dict[str, Any]:
    few = len(series.values) < FEWEST_TO_TEST
    size = 5.5 if not few else 9 if medium is SCREEN else 15
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(series.x or ()),
        "y": [base + 0.12 + step * (v or 0) for v in series.values],
        "marker": {
            "size": medium.mark(size),
            "color": color,
            "opacity": 1 if few else 0.5,
        },
        "customdata": list(series.rows or ()),
        "hovertemplate": "row %{customdata}: %{x}<extra></extra>",
        "cliponaxis": False,
    }


def _norm(series: Series, base: float, medium: Medium, decimals: int) -> dict[str, Any]:
    value = series.values[0] or 0.0
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [value],
        "y": [base - 0.08],
        "marker": {"size": medium.mark(11), "symbol": "diamond-open", "color": PALETTE.ink, "line": {"width": 1.5}},
        "hovertemplate": f"norm: {number(value, decimals)}<extra></extra>",
    }


def _density(series: Series, base: float, color: str, tallest: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": list(series.x or ()),
        "y": [0.55 * (v or 0) / tallest for v in series.values],
        "base": base + 0.1,
        "customdata": [int(v or 0) for v in series.values],
        "marker": {"color": color, "opacity": 0.45},
        "hovertemplate": "%{customdata} patients<extra></extra>",
    }


def _mean(
    series: Series, base: float, pen: tuple[str, float], medium: Medium, axis: Axis, *, hollow: bool
) -> list[dict[str, Any]]:
    """The interval ends at the scale's end, with an arrow where it goes beyond."""
    traces: list[dict[str, Any]] = []
    y, (color, width) = base - 0.08, pen
    low, high = ((ends or (None,))[0] for ends in (series.low, series.high))
    if low is not None and high is not None:
        traces += interval_traces((low, high), y, axis, pen, medium)
    fill = PALETTE.page if hollow else color
    size, rim = (9.0, 1.5) if width < 3 else (11.0, 2.5)
    traces.append(
        {"type": "scatter", "mode": "markers", "x": [series.values[0]], "y": [y], "hoverinfo": "skip"}
        | {"marker": {"size": medium.mark(size), "color": fill, "line": {"color": color, "width": medium.mark(rim)}}}
    )
    return traces
