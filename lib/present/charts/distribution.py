"""What lies behind a row of Table 1: every patient as a dot with mean and quartiles, or a bar per answer; by group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.analysis.table_one import Group, TableOneRow
from lib.analysis.variables import Variable
from lib.cohort.selection import Mask
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import hairline, in_columns, nice_step
from lib.present.tables.table_one import level_words, numeric_words
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, for_plotly, number
from lib.settings import FEWEST_TO_TEST
from lib.stats.results import NotComputed
from lib.stats.table_one import CategoricalSummary, NumericSummary

ROW = 88
BAR_ROW = 30
HEAD_ROW = 26
COLUMNS = 60
BINS = 40


def distribution_data(
    row: TableOneRow, people: Mask, groups: Sequence[Group], finding: str, source_rows: NDArray[np.int64]
) -> ChartData:
    """Numbers: dots (x the value, values the place in the stack) or bins, then quartiles and mean, for each group.

    Categories: one series per group, the share of each answer. Without groups there is one, "All".
    """
    parts = [("All", people)] if not groups else [(g.label, g.mask & people) for g in groups]
    summaries = row.groups if groups else (row.overall,)
    variable = row.variable
    n = int(np.count_nonzero(people))
    if variable.kind == "category":
        series = tuple(
            _shares(label, variable, s, k)
            for k, ((label, _), s) in enumerate(zip(parts, summaries, strict=True))
            if isinstance(s, CategoricalSummary)
        )
        return ChartData("bars", variable.label, finding, variable.levels, series, n)
    axis = _axis(variable)
    found: list[Series] = []
    for k, ((label, mask), summary) in enumerate(zip(parts, summaries, strict=True)):
        assert isinstance(summary, NumericSummary)
        shown = row.display.shown if row.display else "mean (SD)"
        words = f"n {count(summary.n)}, {numeric_words(summary, shown, variable.decimals)}"
        found += _values(label, k, variable.values, mask, axis, source_rows)
        found += _summary(label, k, summary, words)
    kind = "histogram" if any(s.role.endswith("density") for s in found) else "dots"
    return ChartData(
        "histogram" if kind == "histogram" else "dots",
        variable.label,
        finding,
        tuple(label for label, _ in parts),
        tuple(found),
        n,
        x=axis,
    )


def _axis(variable: Variable) -> Axis:
    """Over all patients of the file, so that it stays when the filter moves."""
    known = variable.values[~np.isnan(variable.values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    step = nice_step(high - low, 5)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    high = high if high > low else low + step
    ticks = tuple(round(low + k * step, 10) for k in range(round((high - low) / step) + 1))
    return Axis(variable.unit or variable.label, low, high, ticks=ticks)


def _values(
    label: str, k: int, values: NDArray[np.float64], mask: Mask, axis: Axis, rows: NDArray[np.int64]
) -> list[Series]:
    inside = mask & ~np.isnan(values)
    found = values[inside]
    if len(found) > MANY_DOTS:
        centres, counts = binned(found, axis.low, axis.high, BINS)
        return [Series(label, f"group:{k} density", tuple(float(c) for c in counts), x=tuple(centres))]
    heights = stacked(found, axis.low, axis.high, COLUMNS)
    return [
        Series(
            label,
            f"group:{k} dots",
            tuple(float(h) for h in heights),
            x=tuple(float(v) for v in found),
            rows=tuple(int(r) for r in rows[inside]),
        )
    ]


def _summary(label: str, k: int, found: NumericSummary, words: str) -> list[Series]:
    v = found.values
    if isinstance(v, NotComputed):
        return [Series(f"{label}, median and quartiles", f"group:{k} median", (None,), n=(0,), labels=(words,))]
    return [
        Series(
            f"{label}, median and quartiles",
            f"group:{k} median",
            (v.median,),
            low=(v.q1,),
            high=(v.q3,),
            n=(found.n,),
            labels=(words,),
        ),
        Series(f"{label}, mean", f"group:{k} mean", (v.mean,), n=(found.n,)),
    ]


def _shares(label: str, variable: Variable, found: CategoricalSummary, k: int) -> Series:
    return Series(
        label,
        f"group:{k}",
        tuple(c / found.n if found.n else None for c in found.counts),
        n=found.counts,
        labels=tuple(level_words(found, level) for level in range(len(variable.levels))),
    )


def distribution_figure(data: ChartData, colors: Sequence[str] = (), medium: Medium = SCREEN) -> dict[str, Any]:
    """A lane of 88 px per group for numbers; for categories a line per answer and group. `colors`: one per group."""
    if data.kind == "bars":
        return _bars(data, colors, medium)
    assert data.x is not None
    lanes = len(data.categories)
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    dots = [s for s in data.series if s.role.endswith(("dots", "density"))]
    sizes = {s.role: (s.n or (0,))[0] for s in data.series if s.role.endswith("median")}
    tallest = max((v or 0 for s in dots for v in s.values), default=0) + 1
    for k, name in enumerate(data.categories):
        base = float(lanes - 1 - k)
        # of fewer than ten grey and thin, whatever the colour of the group
        few = lanes > 1 and (sizes.get(f"group:{k} median") or 0) < FEWEST_TO_TEST
        color = PALETTE.baseline if few else colors[k] if k < len(colors) else PALETTE.follow_up
        pen = (PALETTE.baseline, 1.5) if few else (PALETTE.ink, 2.0)
        for s in data.series:
            if s.role == f"group:{k} dots":
                traces.append(_dots(s, base, color, tallest, medium))
            elif s.role == f"group:{k} density":
                traces.append(_density(s, base, color, tallest))
            elif s.role == f"group:{k} median":
                traces += _middle(s, base, pen, medium)
                words = for_plotly((s.labels or ("",))[0])
                called = for_plotly(name) if few else f"<b>{for_plotly(name)}</b>"
                font = {"font": {"size": medium.axis, "color": PALETTE.muted if few else PALETTE.ink}}
                title = f"{called}  {words}" if lanes > 1 or name != "All" else words
                notes.append(_words(title, 0, "left", base + 0.9, medium.axis) | font)
                of, _, found = words.partition(", ")
                beside.append(_words(f"{called}  {of}", 0, "left", base + 0.26, medium.axis) | font)
                beside.append(_words(found, 1, "right", base + 0.26, medium.axis) | font)
            elif s.role == f"group:{k} mean":
                traces.append(_mean(s, base, pen, medium))
    span = data.x.high - data.x.low
    layout = theme.layout(
        medium,
        height=ROW * lanes + 44 if medium is SCREEN else None,
        margin=medium.margin(8, 8, 6, 40),
        barmode="overlay",
        xaxis={
            "range": [data.x.low - span * 0.02, data.x.high + span * 0.02],
            "tickvals": list(data.x.ticks),
            "showgrid": True,
            "title": {"text": for_plotly(data.x.title)},
        },
        yaxis={"range": [-0.02, lanes], "visible": False},
        annotations=notes,
        shapes=[hairline(k) for k in range(1, lanes)],
    )
    if medium is SCREEN and lanes > 1:
        layout = in_columns(layout, beside, layout["shapes"])
    return {"data": traces, "layout": layout}


def _dots(series: Series, base: float, color: str, tallest: float, medium: Medium) -> dict[str, Any]:
    step = min(0.09, 0.48 / tallest)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(series.x or ()),
        "y": [base + 0.28 + (v or 0) * step for v in series.values],
        "customdata": list(series.rows or ()),
        "hovertemplate": "row %{customdata}: %{x}<extra></extra>",
        "marker": {"size": medium.mark(7), "color": color, "opacity": 0.55},
        "cliponaxis": False,
    }


def _density(series: Series, base: float, color: str, tallest: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": list(series.x or ()),
        "y": [0.55 * (v or 0) / tallest for v in series.values],
        "base": base + 0.24,
        "customdata": [int(v or 0) for v in series.values],
        "hovertemplate": "%{customdata} patients<extra></extra>",
        "marker": {"color": color, "opacity": 0.5},
    }


def _middle(series: Series, base: float, pen: tuple[str, float], medium: Medium) -> list[dict[str, Any]]:
    """Quartiles as a line, the median as a short upright stroke on it."""
    median = series.values[0]
    if median is None:
        return []
    y, (color, width) = base + 0.13, pen
    low, high = (series.low or (None,))[0], (series.high or (None,))[0]
    return [
        {"type": "scatter", "mode": "lines", "x": [low, high], "y": [y, y], "hoverinfo": "skip"}
        | {"line": {"color": color, "width": medium.mark(width)}},
        {"type": "scatter", "mode": "lines", "x": [median, median], "y": [y - 0.06, y + 0.06]}
        | {"line": {"color": color, "width": medium.mark(width + 1)}}
        | {"hovertemplate": f"median {number(median, 2)}<extra></extra>"},
    ]


def _mean(series: Series, base: float, pen: tuple[str, float], medium: Medium) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "x": [series.values[0]], "y": [base + 0.13]} | {
        "marker": {"symbol": "diamond", "size": medium.mark(9), "color": PALETTE.page}
        | {"line": {"color": pen[0], "width": medium.mark(pen[1])}},
        "hovertemplate": f"mean {number(series.values[0] or 0, 2)}<extra></extra>",
        "cliponaxis": False,
    }


def _bars(data: ChartData, colors: Sequence[str], medium: Medium) -> dict[str, Any]:
    groups, levels = len(data.series), len(data.categories)
    unit = HEAD_ROW + BAR_ROW * groups
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for i, level in enumerate(data.categories):
        top = float((levels - i) * unit)
        notes.append(_words(f"<b>{for_plotly(level)}</b>", 0, "left", top - HEAD_ROW / 2, medium.text))
        for k, s in enumerate(data.series):
            alone = groups == 1
            y = top - HEAD_ROW - (4 if alone else BAR_ROW * (k + 1) - 8)
            color = colors[k] if k < len(colors) else PALETTE.follow_up
            for width, fill in ((1.0, PALETTE.panel), (s.values[i] or 0.0, color)):
                traces.append(
                    {"type": "bar", "orientation": "h", "x": [width], "y": [y], "width": 7, "hoverinfo": "skip"}
                    | {"marker": {"color": fill}}
                )
            place = top - HEAD_ROW / 2 if alone else y + 13
            notes.append(_words(for_plotly((s.labels or ())[i]), 1, "right", place, medium.axis))
            if not alone:
                notes.append(_words(for_plotly(s.name), 0, "left", place, medium.axis))
    layout = theme.layout(
        medium,
        height=unit * levels + 12 if medium is SCREEN else None,
        margin=medium.margin(2, 2, 6, 6),
        barmode="overlay",
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"range": [0, unit * levels], "visible": False},
        annotations=notes,
    )
    return {"data": traces, "layout": layout}


def _words(text: str, x: float, anchor: str, y: float, size: int) -> dict[str, Any]:
    return {"x": x, "xref": "paper", "xanchor": anchor, "y": y, "text": text} | {
        "font": {"size": size, "color": PALETTE.ink}
    }


# Dots stacked on ties, and their summary where there are too many to draw.

MANY_DOTS = 300
"""Above this many patients dots become a histogram: they would overlap, and the page would grow with n."""


def stacked(values: NDArray[np.float64], low: float, high: float, columns: int) -> NDArray[np.int64]:
    """How high each dot stands above the first of its column, in dots; shape of `values`, in its order.

    Dots whose values fall into the same of `columns` equal parts of low–high stand on each other (Wilkinson).
    """
    width = (high - low) / columns or 1.0
    place = np.floor((values - low) / width + 0.5).astype(np.int64)
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    starts = np.r_[0, np.flatnonzero(np.diff(ordered)) + 1] if len(ordered) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(ordered)])
    heights = np.arange(len(ordered)) - np.repeat(starts, lengths)
    result = np.empty(len(values), dtype=np.int64)
    result[order] = heights
    return result


def binned(values: NDArray[np.float64], low: float, high: float, bins: int) -> tuple[list[float], list[int]]:
    """Centres and counts of equal bins from low to high; values outside fall into the end bins."""
    edges = np.linspace(low, high, bins + 1)
    found, _ = np.histogram(np.clip(values, low, high), edges)
    centres = (edges[:-1] + edges[1:]) / 2
    return [float(c) for c in centres], [int(k) for k in found]
