"""Baseline against follow-up: one dot per patient, the line of no change, the MCID band, the PASS region."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.cohort.pairs import Pairs
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.sentences.responders import threshold_mark
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, count, for_plotly

MANY_PATIENTS = 500
BINS = 20
_GROUPS = ((1, "improved"), (0, "unchanged"), (-1, "worsened"), (-2, "not evaluable"))
_MARK = {
    "improved": (PALETTE.improved, "circle"),
    "unchanged": (PALETTE.unchanged, "circle"),
    "worsened": (PALETTE.worsened, "diamond"),
    "not evaluable": (PALETTE.unchanged_fill, "circle"),
}


def scatter_data(
    pairs: Pairs,
    outcomes: NDArray[np.int8],
    axis: Axis,
    time_points: tuple[str, str],
    threshold: Decimal | None,
    state: Decimal | None,
    finding: str,
) -> ChartData:
    """Dots by outcome (x baseline, y follow-up); above 500 patients counts per cell of a grid of 20 × 20."""
    series = _cells(pairs, axis) if pairs.n > MANY_PATIENTS else _dots(pairs, outcomes)
    references = []
    if threshold is not None:
        shift = float(threshold) * pairs.measure.sign
        references.append(Reference(shift, threshold_mark(pairs.measure, threshold), "y", "threshold"))
    if state is not None:
        references.append(Reference(float(state), f"PASS {compact(state)}", "y", "state"))
    x = Axis(time_points[0], axis.low, axis.high, ticks=axis.ticks)
    y = Axis(time_points[1], axis.low, axis.high, ticks=axis.ticks)
    title = "Baseline against follow-up"
    return ChartData("scatter", title, finding, (), tuple(series), pairs.n, x=x, y=y, references=tuple(references))


def _dots(pairs: Pairs, outcomes: NDArray[np.int8]) -> list[Series]:
    before, after = pairs.baseline, pairs.follow_up
    return [
        Series(
            name.capitalize(),
            name,
            tuple(float(v) for v in after[outcomes == code]),
            x=tuple(float(v) for v in before[outcomes == code]),
            rows=tuple(int(r) for r in pairs.source_rows[outcomes == code]),
        )
        for code, name in _GROUPS
        if code >= -1 or (outcomes == code).any()
    ]


def _cells(pairs: Pairs, axis: Axis) -> list[Series]:
    edges = np.linspace(axis.low, axis.high, BINS + 1)
    found, _, _ = np.histogram2d(pairs.baseline, pairs.follow_up, (edges, edges))
    centres = (edges[:-1] + edges[1:]) / 2
    i, j = np.nonzero(found)
    return [
        Series(
            "Patients in a cell",
            "cells",
            tuple(float(centres[k]) for k in j),
            x=tuple(float(centres[k]) for k in i),
            n=tuple(int(v) for v in found[i, j]),
        )
    ]


def scatter_figure(data: ChartData, medium: Medium = SCREEN, *, height: int = 420) -> dict[str, Any]:
    """Ties are parted by a small fixed offset taken from the row number; the diagonal is "no change"."""
    assert data.x is not None
    assert data.y is not None
    span = data.x.high - data.x.low
    ends = [data.x.low - 0.04 * span, data.x.high + 0.04 * span]
    traces = [_group(s, medium, span) if s.rows is not None else _bubbles(s, medium) for s in data.series]
    shapes = [_line(ends[0], ends[0], ends[1], ends[1], PALETTE.ink, "solid")]
    notes = [_note("no change", data.x.high, data.x.high, PALETTE.muted, medium, "right")]
    for r in data.references:
        if r.role == "threshold":
            shapes.append(_line(ends[0], ends[0] + r.value, ends[1], ends[1] + r.value, PALETTE.accent, "dash"))
            # at the end of the line that lies inside the plot
            x, side = (data.x.high, "right") if r.value < 0 else (data.x.low, "left")
            notes.append(_note(r.label, x, x + r.value, PALETTE.accent, medium, side))
        else:
            shapes.append(_line(ends[0], r.value, ends[1], r.value, PALETTE.accent, "dot"))
            notes.append(_note(r.label, data.x.low, r.value, PALETTE.accent, medium, "left"))
    ticks = {"tickvals": list(data.x.ticks), "ticktext": [compact(round(t, 4)) for t in data.x.ticks]}
    layout = theme.layout(
        medium,
        height=height,
        margin=medium.margin(58, 12, 12, 52),
        xaxis={"range": ends, "title": {"text": for_plotly(data.x.title)}, "showgrid": True, **ticks},
        yaxis={"range": ends, "title": {"text": for_plotly(data.y.title)}, "showgrid": True, **ticks},
        shapes=shapes,
        annotations=notes,
    )
    return {"data": traces, "layout": layout}


def _group(series: Series, medium: Medium, span: float) -> dict[str, Any]:
    color, symbol = _MARK[series.role]
    rows = series.rows or ()
    shift = [((r * 7) % 5 - 2) / 2 * 0.012 * span for r in rows]
    across = [((r * 3) % 5 - 2) / 2 * 0.012 * span for r in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [v + s for v, s in zip(series.x or (), across, strict=True)],
        "y": [(v or 0) + s for v, s in zip(series.values, shift, strict=True)],
        "name": series.name,
        "meta": "patients",
        "customdata": [[r, b, a] for r, b, a in zip(rows, series.x or (), series.values, strict=True)],
        "marker": {"size": medium.mark(10), "color": color, "symbol": symbol, "opacity": 0.8}
        | {"line": {"color": PALETTE.page, "width": 1}},
        "hovertemplate": "row %{customdata[0]}: %{customdata[1]} to %{customdata[2]}<extra></extra>",
    }


def _bubbles(series: Series, medium: Medium) -> dict[str, Any]:
    most = max(series.n or (1,))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(series.x or ()),
        "y": list(series.values),
        "customdata": [count(n) for n in series.n or ()],
        "marker": {"size": [medium.mark(3 + 17 * (n / most) ** 0.5) for n in series.n or ()], "color": PALETTE.improved}
        | {"opacity": 0.6},
        "hovertemplate": "%{customdata} patients<extra></extra>",
    }


def _line(x0: float, y0: float, x1: float, y1: float, color: str, dash: str) -> dict[str, Any]:
    return {"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "layer": "below"} | {
        "line": {"color": color, "dash": dash, "width": 1.5}
    }


def _note(text: str, x: float, y: float, color: str, medium: Medium, anchor: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "xanchor": anchor, "yanchor": "bottom", "bgcolor": PALETTE.page} | {
        "font": {"size": medium.note, "color": color},
        "borderpad": 1,
        "yshift": medium.shift(2),
    }
