"""A line per patient from baseline (left) to follow-up (right); above 150 patients bands of quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.cohort.pairs import Pairs
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, for_plotly, number
from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.results import Interval, NotComputed

MANY_LINES = 150
OUTCOME_WORDS = {1: "improved", 0: "unchanged", -1: "worsened", -2: "not evaluable"}
_BANDS = ((5, 95, "5–95% of patients"), (25, 75, "middle half of patients"))


def lines_data(
    result: PairedResult | NotComputed,
    pairs: Pairs,
    outcomes: NDArray[np.int8] | None,
    axis: Axis,
    time_points: tuple[str, str],
    finding: str,
) -> ChartData:
    """One series of two values per patient (or quantile bands), then the means with their intervals.

    `outcomes` as `Analysis.outcomes` gives them, None without a threshold: then better and worse by any amount.
    """
    series = _bands(pairs) if pairs.n > MANY_LINES else _patients(pairs, outcomes)
    if isinstance(result, PairedResult) and result.n >= FEWEST_COMPARED:
        cis = (result.baseline_mean_ci, result.follow_up_mean_ci)
        series.append(
            Series(
                "Mean",
                "mean",
                (result.baseline.mean, result.follow_up.mean),
                low=tuple(ci.low if isinstance(ci, Interval) else None for ci in cis),
                high=tuple(ci.high if isinstance(ci, Interval) else None for ci in cis),
                n=(result.n, result.n),
            )
        )
    return ChartData(
        "lines per patient", "Every patient, before and after", finding, time_points, tuple(series), pairs.n, y=axis
    )


def _patients(pairs: Pairs, outcomes: NDArray[np.int8] | None) -> list[Series]:
    if outcomes is None:
        outcomes = np.sign(pairs.improvement_counts).astype(np.int8)
    before, after, rows = pairs.baseline, pairs.follow_up, pairs.source_rows
    # worsened last, so that the few lie on top of the many
    order = np.argsort(-outcomes.astype(np.int64), kind="stable")
    return [
        Series(
            OUTCOME_WORDS[int(outcomes[i])].capitalize(),
            OUTCOME_WORDS[int(outcomes[i])],
            (float(before[i]), float(after[i])),
            rows=(int(rows[i]), int(rows[i])),
        )
        for i in order
    ]


def _bands(pairs: Pairs) -> list[Series]:
    series = []
    for low, high, name in _BANDS:
        ends = [np.percentile(values, [low, 50, high]) for values in (pairs.baseline, pairs.follow_up)]
        series.append(
            Series(
                name,
                "band",
                tuple(float(e[1]) for e in ends),
                low=tuple(float(e[0]) for e in ends),
                high=tuple(float(e[2]) for e in ends),
                n=(pairs.n, pairs.n),
            )
        )
    return series


_STYLE = {
    "improved": (PALETTE.improved, 0.5),
    "unchanged": (PALETTE.unchanged, 0.5),
    "not evaluable": (PALETTE.unchanged, 0.3),
    "worsened": (PALETTE.worsened, 0.95),
}


def lines_figure(data: ChartData, medium: Medium = SCREEN, *, decimals: int = 2, height: int = 386) -> dict[str, Any]:
    """Means outside the bundle, hollow at baseline and filled at follow-up, with value and interval beside them.

    Below ten pairs the patients are louder than their means, which are hollow, grey and thin. An interval ends at the
    scale's end, with an arrow where it goes on.
    """
    assert data.y is not None
    patients = [s for s in data.series if s.role in _STYLE]
    few = data.n < FEWEST_TO_TEST
    traces: list[dict[str, Any]] = []
    for role, (color, opacity) in _STYLE.items():
        shown = [s for s in patients if s.role == role]
        traces += _bundle(shown, color, 1 if few else opacity, medium, _spread(data.y), 9 if few else 5)
    for band in (s for s in data.series if s.role == "band"):
        traces.append(_band(band))
    notes: list[dict[str, Any]] = [
        {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "text": for_plotly(name), "font": {"size": medium.text}}
        for x, name in enumerate(data.categories)
    ]
    for mean in (s for s in data.series if s.role == "mean"):
        traces += _means(mean, medium, data.y, few)
        notes += _mean_labels(mean, medium, decimals, few)
    span = data.y.high - data.y.low
    ticks = data.y.ticks
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin=medium.margin(34, 44, 30, 12),
            xaxis={"range": [-0.62, 1.62], "visible": False},
            yaxis={
                "range": [data.y.low - 0.03 * span, data.y.high + 0.03 * span],
                "tickvals": list(ticks),
                "ticktext": [compact(round(t, 4)) for t in ticks],
                "showgrid": True,
            },
            annotations=notes,
        ),
    }


def _spread(axis: Axis) -> float:
    return (axis.high - axis.low) * 0.012


def _bundle(
    series: list[Series], color: str, opacity: float, medium: Medium, spread: float, dot: float
) -> list[dict[str, Any]]:
    """All lines of one outcome as one trace; ties are parted by a small fixed offset taken from the row number."""
    if not series:
        return []
    x: list[float | None] = []
    y: list[float | None] = []
    text: list[str] = []
    rows: list[int | None] = []
    for s in series:
        row = s.rows[0] if s.rows else 0
        offset = ((row * 7) % 5 - 2) / 2 * spread
        before, after = s.values[0] or 0.0, s.values[1] or 0.0
        x += [0, 1, None]
        y += [before + offset, after + offset, None]
        words = f"row {row}: {compact(before)} to {compact(after)}"
        text += [words, words, ""]
        rows += [row, row, None]
    return [
        {"type": "scatter", "mode": "lines+markers", "x": x, "y": y, "text": text, "opacity": opacity}
        | {"line": {"color": color, "width": medium.mark(1.5)}, "marker": {"size": medium.mark(dot), "color": color}}
        | {"hovertemplate": "%{text}<extra></extra>", "name": series[0].name, "customdata": rows, "meta": "patients"}
    ]


def _band(series: Series) -> dict[str, Any]:
    low, high = series.low or (), series.high or ()
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1, 1, 0],
        "y": [low[0], low[1], high[1], high[0]],
        "fill": "toself",
        "fillcolor": "rgba(15,92,115,0.14)",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "name": series.name,
    }


_MEAN_X = (-0.09, 1.09)
ONE_LINE = 14
"""Letters of an interval that fit beside the mean on a phone; a longer one takes two lines."""


def _means(series: Series, medium: Medium, axis: Axis, few: bool) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    color, width = (PALETTE.baseline, 1.5) if few else (PALETTE.ink, 3.0)
    for i, x in enumerate(_MEAN_X):
        low, high = (series.low or (None, None))[i], (series.high or (None, None))[i]
        if low is not None and high is not None:
            ends = [max(low, axis.low), min(high, axis.high)]
            traces.append(
                {"type": "scatter", "mode": "lines", "x": [x, x], "y": ends, "hoverinfo": "skip"}
                | {"line": {"color": color, "width": medium.mark(width)}}
            )
            beyond = (("triangle-down", ends[0], low < axis.low), ("triangle-up", ends[1], high > axis.high))
            traces += [
                {"type": "scatter", "mode": "markers", "x": [x], "y": [end], "hoverinfo": "skip", "cliponaxis": False}
                | {"marker": {"symbol": symbol, "size": medium.mark(8 if few else 10), "color": color}}
                for symbol, end, goes_on in beyond
                if goes_on
            ]
        fill = PALETTE.page if i == 0 or few else color
        face = {"size": medium.mark(9 if few else 13), "color": fill}
        face["line"] = {"color": color, "width": 1.5 if few else 2.5}
        traces.append(
            {"type": "scatter", "mode": "markers", "x": [x], "y": [series.values[i]], "hoverinfo": "skip"}
            | {"marker": face}
        )
    return traces


def _mean_labels(series: Series, medium: Medium, decimals: int, few: bool) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = []
    for i, (x, anchor, shift) in enumerate(((_MEAN_X[0], "right", -12), (_MEAN_X[1], "left", 12))):
        value = series.values[i]
        if value is None:
            continue
        low, high = (series.low or (None, None))[i], (series.high or (None, None))[i]
        text = number(value, decimals) if few else f"<b>{number(value, decimals)}</b>"
        place = {"x": x, "y": value, "xanchor": anchor, "xshift": shift, "align": anchor}
        big = {"size": medium.text, "color": PALETTE.muted} if few else {"size": medium.number, "color": PALETTE.ink}
        notes.append(place | {"text": text, "yshift": medium.shift(9), "font": big})
        if low is not None and high is not None:
            ends = number(low, decimals), number(high, decimals)
            long = len(" to ".join(ends)) > ONE_LINE
            words = f"{ends[0]}{'<br>' if long else ' '}to {ends[1]}"
            small = {"size": medium.note, "color": PALETTE.muted}
            notes.append(place | {"text": words, "yshift": medium.shift(-18 if long else -11), "font": small})
    return notes
