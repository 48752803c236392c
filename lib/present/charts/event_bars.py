"""Patients with each adverse event: a thin bar per line, the exact interval under it."""

from __future__ import annotations

from typing import Any

from lib.analysis.safety import SafetyOf
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, for_plotly, number
from lib.stats.proportions import Proportion
from lib.stats.results import Interval

ROW = 46


def event_bars_data(
    found: SafetyOf, whole: SafetyOf, finding: str, kinds: tuple[str, ...] = ("Type", "Timing")
) -> ChartData:
    """Any event and one line per name of these kinds: patients with it, share, Clopper–Pearson interval.

    The axis comes from `whole`, the unfiltered cohort: half as long again as its widest interval, at least 20%.
    """
    names, rates = ["Any event"], [found.any.patients]
    for tally in found.tallies:
        if tally.kind in kinds:
            names += tally.names
            rates += [entry.patients for entry in tally.summary.by_type]
    reach = whole.any.patients.interval
    high = min(1.0, max(0.2, 1.5 * reach.high if isinstance(reach, Interval) else 0.2))
    step = nice_step(high, 4)
    ticks = tuple(round(k * step, 10) for k in range(int(high / step + 1e-9) + 1))
    series = Series(
        "Patients",
        "event",
        tuple(r.share for r in rates),
        low=tuple(_end(r, "low") for r in rates),
        high=tuple(_end(r, "high") for r in rates),
        n=tuple(r.count for r in rates),
        labels=tuple(f"{count(r.count)} of {count(r.n)}" for r in rates),
    )
    axis = Axis("share of patients", 0.0, high, ticks=ticks)
    return ChartData("bars", "Patients with an adverse event", finding, tuple(names), (series,), found.n, x=axis)


def _end(rate: Proportion, side: str) -> float | None:
    ci = rate.interval
    return float(getattr(ci, side)) if isinstance(ci, Interval) else None


def event_bars_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """46 px a line; an interval that leaves the axis ends in an arrow."""
    assert data.x is not None
    (series,) = data.series
    rows = len(data.categories)
    high = data.x.high
    y = [float(rows - 1 - i) for i in range(rows)]
    track = _bars([high] * rows, y, PALETTE.panel)
    bar = _bars([min(v or 0.0, high) for v in series.values], y, PALETTE.muted)
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    notes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        low, top = (series.low or ())[i], (series.high or ())[i]
        if low is not None and top is not None:
            lines_x += [min(low, high), min(top, high), None]
            lines_y += [y[i] - 0.34, y[i] - 0.34, None]
            if top > high:
                notes.append(_note("→", high, "right", y[i] - 0.34, medium.note, PALETTE.muted))
        notes.append(_note(for_plotly(name), 0, "left", y[i] + 0.22, medium.text, PALETTE.ink))
        value = f"<b>{(series.labels or ())[i]}</b>"
        notes.append(_note(value, high, "right", y[i] + 0.22, medium.text, PALETTE.ink))
    intervals = {"type": "scatter", "mode": "lines", "x": lines_x, "y": lines_y, "hoverinfo": "skip"} | {
        "line": {"color": PALETTE.muted, "width": medium.mark(2)}
    }
    layout = theme.layout(
        medium,
        height=ROW * rows + 34 if medium is SCREEN else None,
        margin=medium.margin(12, 12, 4, 28),
        barmode="overlay",
        xaxis={
            "range": [0, high],
            "tickvals": list(data.x.ticks),
            "ticktext": [f"{number(t * 100, 0)}%" for t in data.x.ticks],
        },
        yaxis={"range": [-0.55, rows - 0.45], "visible": False},
        annotations=notes,
    )
    return {"data": [track, bar, intervals], "layout": layout}


def _bars(x: list[float], y: list[float], color: str) -> dict[str, Any]:
    return {"type": "bar", "orientation": "h", "x": x, "y": [v - 0.1 for v in y], "width": 0.18} | {
        "marker": {"color": color},
        "hoverinfo": "skip",
    }


def _note(text: str, x: float, anchor: str, y: float, size: int, color: str) -> dict[str, Any]:
    return {"x": x, "xanchor": anchor, "y": y, "text": text, "font": {"size": size, "color": color}}
