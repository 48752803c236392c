"""Waterfall: every patient's improvement, sorted, coloured by outcome; above 500 patients 500 evenly spaced ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.cohort.pairs import Pairs
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.sentences.responders import threshold_mark
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import signed

MANY_BARS = 500
_NAMES = {1: "improved", 0: "unchanged", -1: "worsened", -2: "not evaluable"}
_COLOR = {
    "improved": PALETTE.improved,
    "unchanged": PALETTE.unchanged,
    "worsened": PALETTE.worsened,
    "not evaluable": PALETTE.unchanged_fill,
}


def waterfall_data(
    pairs: Pairs, outcomes: NDArray[np.int8], threshold: Decimal | None, axis: Axis, finding: str
) -> ChartData:
    """One value per patient, best first; x is the place in the order. Several patients a bar above 500."""
    order = np.argsort(-pairs.improvement_counts, kind="stable")
    notes: tuple[str, ...] = ()
    if len(order) > MANY_BARS:
        order = order[np.linspace(0, len(order) - 1, MANY_BARS).astype(int)]
        notes = (f"{MANY_BARS} of {pairs.n} patients, evenly spaced in the order",)
    values, rows = pairs.improvement[order], pairs.source_rows[order]
    sorted_outcomes = outcomes[order]
    series = []
    for code, name in _NAMES.items():
        here = np.flatnonzero(sorted_outcomes == code)
        if len(here):
            series.append(
                Series(
                    name.capitalize(),
                    name,
                    tuple(float(values[i]) for i in here),
                    x=tuple(float(i + 1) for i in here),
                    rows=tuple(int(rows[i]) for i in here),
                )
            )
    references = [Reference(0.0, "no change", "y", "zero")]
    if threshold is not None:
        references.append(Reference(float(threshold), threshold_mark(pairs.measure, threshold), "y", "threshold"))
    y = replace(axis, title="improvement", low_words=pairs.measure.worse_words, high_words=pairs.measure.better_words)
    return ChartData(
        "waterfall",
        "Every patient's improvement, sorted",
        finding,
        (),
        tuple(series),
        pairs.n,
        x=Axis("patients, best first", 0.0, float(max(len(order), 1)) + 1),
        y=y,
        references=tuple(references),
        notes=notes,
    )


def waterfall_figure(data: ChartData, medium: Medium = SCREEN, *, height: int = 320) -> dict[str, Any]:
    """A bar per patient; patients without change get a dot, so that nobody is invisible."""
    assert data.x is not None
    assert data.y is not None
    traces: list[dict[str, Any]] = []
    flat_x: list[float] = []
    flat_rows: list[int] = []
    for s in data.series:
        traces.append(
            {
                "type": "bar",
                "x": list(s.x or ()),
                "y": list(s.values),
                "name": s.name,
                "width": 0.8,
                "meta": "patients",
                "customdata": list(s.rows or ()),
                "marker": {"color": _COLOR[s.role]},
                "hovertemplate": "row %{customdata}: %{y:+}<extra></extra>",
            }
        )
        for x, v, r in zip(s.x or (), s.values, s.rows or (), strict=True):
            if v == 0:
                flat_x.append(x)
                flat_rows.append(r)
    traces.append(
        {"type": "scatter", "mode": "markers", "x": flat_x, "y": [0.0] * len(flat_x)}
        | {"customdata": flat_rows, "meta": "patients"}
        | {"marker": {"color": PALETTE.unchanged, "size": medium.mark(6)}}
        | {"hovertemplate": "row %{customdata}: no change<extra></extra>"}
    )
    shapes = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": r.value, "y1": r.value}
        | {"line": {"color": PALETTE.ink if r.role == "zero" else PALETTE.accent, "width": 1.5}}
        | ({} if r.role == "zero" else {"line": {"color": PALETTE.accent, "width": 1.5, "dash": "dash"}})
        for r in data.references
    ]
    ticks = list(data.y.ticks)
    layout = theme.layout(
        medium,
        height=height,
        margin=medium.margin(46, 8, 12, 34),
        barmode="overlay",
        xaxis={"range": [0, data.x.high], "tickvals": [], "title": {"text": data.x.title}},
        yaxis={
            "range": [data.y.low, data.y.high],
            "tickvals": ticks,
            "ticktext": [signed(t, 0 if float(t).is_integer() else 2) for t in ticks],
            "showgrid": True,
        },
        shapes=shapes,
    )
    return {"data": traces, "layout": layout}
