"""One number against another: a dot per patient with a smooth and its band; above 500 patients counts per cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.analysis.association_of import Association
from lib.cohort.cohort import Cohort
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import improvement_axis, nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, count, for_plotly, signed_tick
from lib.stats.results import NotComputed

MANY_PATIENTS = 500
CELLS = (36, 24)
HEIGHT = 420


def number_axis(title: str, whole_cohort: NDArray[np.float64], unit: str = "") -> Axis:
    """An axis over every value of the cohort (NaN left out), so that it stays where it is when the filter moves."""
    known = whole_cohort[~np.isnan(whole_cohort)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    step = nice_step(high - low or 1.0, 6)
    first, last = int(np.floor(low / step)), int(np.ceil(high / step))
    ticks = tuple(round(k * step, 10) for k in range(first, max(last, first + 1) + 1))
    return Axis(f"{title}, {unit}" if unit else title, ticks[0], ticks[-1], ticks=ticks)


def gain_axis(cohort: Cohort, measure: Measure, follow_up: str) -> Axis:
    """Improvement over the whole cohort, its ends in the words of the measure."""
    axis = improvement_axis(cohort, measure, follow_up)
    return replace(axis, low_words=measure.worse_words, high_words=measure.better_words)


def association_data(found: Association, measure: Measure, x: Axis, y: Axis, finding: str) -> ChartData:
    """Series: patients (x, improvement, row number) or cells, then the smooth with its band."""
    many = len(found.x) > MANY_PATIENTS
    series = [_cells(found, x, y) if many else _dots(found)]
    if not isinstance(found.smooth, NotComputed):
        curve = found.smooth
        series.append(Series("Smooth", "smooth", curve.fit, x=curve.x, low=curve.low, high=curve.high))
    return ChartData(
        "scatter",
        f"Improvement of {measure.label} against {found.label}",
        finding,
        (),
        tuple(series),
        len(found.x),
        x=x,
        y=y,
        references=(Reference(0.0, "no change", "y", "zero"),),
    )


def _dots(found: Association) -> Series:
    return Series(
        "Patients",
        "patients",
        tuple(found.y.tolist()),
        x=tuple(found.x.tolist()),
        rows=tuple(int(r) for r in found.source_rows),
    )


def _cells(found: Association, x: Axis, y: Axis) -> Series:
    across, up = np.linspace(x.low, x.high, CELLS[0] + 1), np.linspace(y.low, y.high, CELLS[1] + 1)
    tally, _, _ = np.histogram2d(found.x, found.y, (across, up))
    i, j = np.nonzero(tally)
    middle_x, middle_y = (across[:-1] + across[1:]) / 2, (up[:-1] + up[1:]) / 2
    return Series(
        "Patients in a cell",
        "cells",
        tuple(middle_y[j].tolist()),
        x=tuple(middle_x[i].tolist()),
        n=tuple(int(k) for k in tally[i, j]),
    )


def association_figure(data: ChartData, medium: Medium = SCREEN, *, height: int = HEIGHT) -> dict[str, Any]:
    """Ties are parted by a small fixed offset taken from the row number; zero is "no change"."""
    assert data.x is not None
    assert data.y is not None
    spans = (data.x.high - data.x.low, data.y.high - data.y.low)
    traces = []
    for s in data.series:
        if s.role == "smooth":
            traces += _smooth(s, medium)
        else:
            traces.append(_points(s, spans, medium) if s.rows is not None else _bubbles(s, medium))
    zero = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "layer": "between"}
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin={"l": 52, "r": 12, "t": 12, "b": 52},
            xaxis=_axis(data.x, spans[0]) | {"title": {"text": for_plotly(data.x.title)}},
            yaxis=_axis(data.y, spans[1])
            | {"showgrid": True, "ticktext": [signed_tick(round(t, 6)) for t in data.y.ticks]},
            shapes=[zero | {"line": {"color": PALETTE.ink, "width": 1.5}}],
            annotations=_ends(data.y, medium),
        ),
    }


def _axis(axis: Axis, span: float) -> dict[str, Any]:
    return {
        "range": [axis.low - 0.03 * span, axis.high + 0.03 * span],
        "tickvals": list(axis.ticks),
        "ticktext": [compact(round(t, 6)) for t in axis.ticks],
    }


def _ends(axis: Axis, medium: Medium) -> list[dict[str, Any]]:
    place = {"xref": "paper", "yref": "paper", "x": 0.005, "xanchor": "left", "bgcolor": PALETTE.page}
    return [
        place | {"y": y, "yanchor": anchor, "text": for_plotly(words), "font": {"size": medium.axis, "color": color}}
        for y, anchor, words, color in (
            (1, "top", f"↑ {axis.high_words}", PALETTE.improved),
            (0, "bottom", f"↓ {axis.low_words}", PALETTE.worsened),
        )
        if words[2:]
    ]


def _points(s: Series, spans: tuple[float, float], medium: Medium) -> dict[str, Any]:
    rows = s.rows or ()
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [v + ((r * 3) % 5 - 2) / 2 * 0.006 * spans[0] for v, r in zip(s.x or (), rows, strict=True)],
        "y": [(v or 0) + ((r * 7) % 5 - 2) / 2 * 0.006 * spans[1] for v, r in zip(s.values, rows, strict=True)],
        "customdata": [[0, r, x, y] for r, x, y in zip(rows, s.x or (), s.values, strict=True)],
        "hovertemplate": "row %{customdata[1]}: %{customdata[2]}, improvement %{customdata[3]}<extra></extra>",
        "name": s.name,
        "marker": {"size": medium.mark(9), "color": PALETTE.improved, "opacity": 0.6},
    }


def _bubbles(s: Series, medium: Medium) -> dict[str, Any]:
    most = max(s.n or (1,))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(s.x or ()),
        "y": list(s.values),
        "text": [count(n) for n in s.n or ()],
        "hovertemplate": "%{text} patients<extra></extra>",
        "marker": {"size": [medium.mark(3 + 13 * (n / most) ** 0.5) for n in s.n or ()], "color": PALETTE.improved}
        | {"opacity": 0.45},
    }


def _smooth(s: Series, medium: Medium) -> list[dict[str, Any]]:
    x = list(s.x or ())
    return [
        {"type": "scatter", "mode": "lines", "x": x + x[::-1], "y": [*(s.high or ()), *(s.low or ())[::-1]]}
        | {"fill": "toself", "fillcolor": "rgba(22,36,43,0.10)", "line": {"width": 0}, "hoverinfo": "skip"},
        {"type": "scatter", "mode": "lines", "x": x, "y": list(s.values), "hoverinfo": "skip", "name": s.name}
        | {"line": {"color": PALETTE.ink, "width": medium.mark(2.5)}},
    ]
