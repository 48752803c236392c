"""Individual improvements, worse at the left, better at the right: a dot per patient, bars where dots would not fit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.cohort.pairs import Pairs
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import axis_title, end_words, interval_traces, label_above, vertical_line
from lib.present.charts.distribution import stacked
from lib.present.sentences.leading import leading_improvement
from lib.present.sentences.responders import threshold_mark
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, number, signed
from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.results import Estimate, Interval, NotComputed

MANY_CHANGES = 500
TALLEST = 14
"""Dots that can stand on each other in the height of the card."""
COLUMNS = 23
_ANY_AMOUNT = {"improved": "Better", "unchanged": "The same", "worsened": "Worse"}
"""Without a threshold nobody has improved by enough: the words say the direction only."""
_BY_THRESHOLD = {"unchanged": "Changed by less"}
"""Less than the threshold either way: some of them are worse than before."""
_GROUPS = ((1, "improved"), (0, "unchanged"), (-1, "worsened"), (-2, "not evaluable"))


def improvements_data(
    result: PairedResult | NotComputed,
    pairs: Pairs,
    outcomes: NDArray[np.int8] | None,
    threshold: Decimal | None,
    axis: Axis,
    finding: str,
) -> ChartData:
    """Series by outcome (x = improvement, values = place in the stack or count of the bin), then what leads, with CI.

    That is the mean or the pseudomedian; where the counts lead, they stand above the dots and nothing is added.

    Without a threshold, `outcomes` is None and patients are better, the same or worse by any amount.
    """
    rule_given = outcomes is not None
    if outcomes is None:
        outcomes = np.sign(pairs.improvement_counts).astype(np.int8)
    values = pairs.improvement
    heights = stacked(values, axis.low, axis.high, _columns(axis))
    many = pairs.n > MANY_CHANGES or int(heights.max(initial=0)) >= TALLEST
    if many:
        series = _histogram(values, outcomes, axis, float(pairs.measure.resolution))
    else:
        series = _dots(pairs, values, outcomes, heights)
    names = _ANY_AMOUNT if threshold is None and not rule_given else _BY_THRESHOLD if threshold is not None else {}
    series = [replace(s, name=names.get(s.role, s.name)) for s in series]
    led_by = ""
    if isinstance(result, PairedResult) and result.choice != "counts" and pairs.n >= FEWEST_COMPARED:
        led_by, estimate = leading_improvement(pairs.measure, result)
        series.append(_led(led_by, estimate, result.n))
    references = [Reference(0.0, "no change", "x", "zero")]
    if threshold is not None:
        references.append(Reference(float(threshold), threshold_mark(pairs.measure, threshold), "x", "threshold"))
    words = replace(axis, low_words=pairs.measure.worse_words, high_words=pairs.measure.better_words)
    words = replace(words, title=axis_title(led_by, pairs.measure))
    return ChartData(
        "histogram" if many else "dots",
        "Individual improvements",
        finding,
        (),
        tuple(series),
        pairs.n,
        x=words,
        references=tuple(references),
    )


def _dots(
    pairs: Pairs, values: NDArray[np.float64], outcomes: NDArray[np.int8], heights: NDArray[np.int64]
) -> list[Series]:
    series = []
    for code, name in _GROUPS:
        here = outcomes == code
        if code == -2 and not here.any():
            continue
        series.append(
            Series(
                name.capitalize(),
                name,
                tuple(float(h) for h in heights[here]),
                x=tuple(float(v) for v in values[here]),
                rows=tuple(int(r) for r in pairs.source_rows[here]),
            )
        )
    return series


def _columns(axis: Axis) -> int:
    """One column per tick part where the ticks are few, so that whole-number scores never share a column."""
    if len(axis.ticks) < 2:
        return COLUMNS
    step = axis.ticks[1] - axis.ticks[0]
    parts = round((axis.high - axis.low) / step)
    return max(COLUMNS, parts * 2)


def _histogram(values: NDArray[np.float64], outcomes: NDArray[np.int8], axis: Axis, resolution: float) -> list[Series]:
    """Bins whose edges include every tick; each outcome counted in the same bins.

    Where a bin would be finer than the score, a bar stands on each value instead.
    """
    step = (axis.ticks[1] - axis.ticks[0]) / 4 if len(axis.ticks) > 1 else (axis.high - axis.low) / 40
    half = resolution / 2 if step <= resolution else 0.0
    step = max(step, resolution)
    # edges are whole multiples of the step, so that 0 and every tick is an edge and no bin straddles it
    edges = np.arange(np.floor(axis.low / step) - 1, np.ceil(axis.high / step) + 2) * step - half
    centres = (edges[:-1] + edges[1:]) / 2
    series = []
    for code, name in _GROUPS:
        found, _ = np.histogram(values[outcomes == code], edges)
        used = np.flatnonzero(found)
        if len(used):
            counts = tuple(float(found[i]) for i in used)
            series.append(Series(name.capitalize(), name, counts, x=tuple(float(centres[i]) for i in used)))
    return series


def _led(name: str, estimate: Estimate, n: int) -> Series:
    """What leads with its interval, named: "Pseudomedian improvement"."""
    found = estimate.interval
    low, high = (found.low, found.high) if isinstance(found, Interval) else (None, None)
    called = f"{name.capitalize()} improvement"
    return Series(called, "all mean", (estimate.value,), low=(low,), high=(high,), n=(n,))


_MARK = {
    "improved": (PALETTE.improved, "circle"),
    "unchanged": (PALETTE.unchanged, "circle"),
    "worsened": (PALETTE.worsened, "diamond"),
    "not evaluable": (PALETTE.unchanged_fill, "circle"),
}


def improvements_figure(
    data: ChartData, medium: Medium = SCREEN, *, decimals: int = 2, height: int = 386
) -> dict[str, Any]:
    """Counts of the three outcomes on top, dots in the middle, what leads with its interval in a lane below them."""
    assert data.x is not None
    groups = [s for s in data.series if s.role in _MARK]
    tallest = max((v or 0.0 for s in groups for v in s.values), default=0.0) + 1
    lane = -0.16 * max(tallest, 6)
    few = data.n < FEWEST_TO_TEST
    traces = [_group(s, medium, data.kind == "histogram", few) for s in groups]
    notes = _totals(groups, medium, data.kind == "histogram", few) + end_words(data.x, medium, -0.1)
    for mean in (s for s in data.series if s.role == "all mean"):
        found, label = _lane(mean, lane, medium, decimals, data.x, few)
        traces += found
        notes.append(label)
    shapes = [vertical_line(r, medium) for r in data.references]
    threshold = next((r for r in data.references if r.role == "threshold"), None)
    if threshold:
        shapes.insert(0, _tint(threshold.value, data.x.high))
    notes += [label_above(r, medium, "right" if r.role == "threshold" else "left") for r in data.references]
    layout = theme.layout(
        medium,
        height=height,
        margin=medium.margin(8, 8, 58, 50),
        barmode="stack",
        bargap=0.05,
        xaxis={
            "range": [data.x.low, data.x.high],
            "tickvals": list(data.x.ticks),
            "ticktext": [signed(t, _tick_decimals(data.x)) for t in data.x.ticks],
        },
        yaxis={"range": [lane * 1.6, max(tallest, 6) - 0.2], "visible": False},
        shapes=shapes,
        annotations=notes,
    )
    return {"data": traces, "layout": layout}


def _tick_decimals(axis: Axis) -> int:
    step = axis.ticks[1] - axis.ticks[0] if len(axis.ticks) > 1 else 1
    return max(0, -Decimal(repr(round(step, 6))).normalize().as_tuple().exponent) if step < 1 else 0  # type: ignore[operator]


def _group(series: Series, medium: Medium, bars: bool, few: bool) -> dict[str, Any]:
    color, symbol = _MARK[series.role]
    if bars:
        return {
            "type": "bar",
            "x": list(series.x or ()),
            "y": list(series.values),
            "marker": {"color": color},
            "name": series.name,
            "hovertemplate": f"%{{y}} patients, {series.name.lower()}<extra></extra>",
        }
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(series.x or ()),
        "y": [0.5 + (v or 0) for v in series.values],
        "customdata": list(series.rows or ()),
        "meta": "patients",
        "name": series.name,
        "marker": {
            "size": medium.mark(18 if few else 15),
            "color": color,
            "symbol": symbol,
            "line": {"color": PALETTE.page, "width": 1},
        },
        "hovertemplate": "row %{customdata}: %{x:+}<extra></extra>",
        "cliponaxis": False,
    }


def _totals(groups: list[Series], medium: Medium, bars: bool, few: bool) -> list[dict[str, Any]]:
    """Worse at the left, as on the axis below; of fewer than ten without colour."""
    places = {"worsened": (0, "left"), "unchanged": (0.5, "center"), "improved": (1, "right")}
    notes = []
    for s in groups:
        if s.role not in places:
            continue
        x, anchor = places[s.role]
        total = int(sum(v or 0 for v in s.values)) if bars else len(s.values)
        color = PALETTE.muted if few or s.role == "unchanged" else _MARK[s.role][0]
        number_of = count(total) if few else f"<b>{count(total)}</b>"
        short = s.role == "unchanged" and medium.name == "projector" and len(count(total)) > 2
        name = "by less" if short else s.name.lower()  # three heads of hundreds do not fit one line of a slide
        notes.append(
            {"x": x, "xref": "paper", "xanchor": anchor, "y": 1, "yref": "paper", "yanchor": "bottom"}
            | {
                "yshift": medium.shift(28),
                "text": f"{number_of} {name}",
                "font": {"size": medium.text, "color": color},
            }
        )
    return notes


def _lane(
    mean: Series, y: float, medium: Medium, decimals: int, axis: Axis, few: bool
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What leads with its interval, which ends at the scale's end with an arrow; of fewer than ten thin and grey.

    The words stand at the side with more room; from afar without the interval, which the line under the title has.
    """
    value = mean.values[0] or 0.0
    low, high = (mean.low or (None,))[0], (mean.high or (None,))[0]
    traces: list[dict[str, Any]] = []
    called = "pseudomedian " if mean.name.startswith("Pseudomedian") else ""
    words = f"{called}{signed(value, decimals)}" if few else f"{called}<b>{signed(value, decimals)}</b>"
    color, quiet = (PALETTE.baseline, PALETTE.muted) if few else (PALETTE.ink, PALETTE.ink)
    ends = (value, value)
    if low is not None and high is not None:
        ends = (max(low, axis.low), min(high, axis.high))
        traces = interval_traces((low, high), y, axis, (color, 1.5 if few else 3.0), medium)
        if medium.name != "projector":
            words += f"  {number(low, decimals)} to {number(high, decimals)}"
    traces.append(
        {"type": "scatter", "mode": "markers", "x": [value], "y": [y], "hoverinfo": "skip", "name": mean.name}
        | {"marker": {"symbol": "diamond", "size": medium.mark(9 if few else 13), "color": color}}
    )
    right = axis.high - ends[1] >= ends[0] - axis.low
    label = {"x": ends[right], "y": y, "text": words, "xanchor": "left" if right else "right"}
    label |= {"xshift": 8 if right else -8}
    return traces, label | {"font": {"size": medium.text, "color": quiet}, "bgcolor": PALETTE.page}


def _tint(start: float, end: float) -> dict[str, Any]:
    return {"type": "rect", "x0": start, "x1": end, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"} | {
        "fillcolor": PALETTE.tint,
        "line": {"width": 0},
    }
