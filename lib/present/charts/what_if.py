"""What if the missing differ: a forest of the assumptions, and the estimate against the shift of the missing."""

from __future__ import annotations

import math
from typing import Any

from lib.analysis.what_if import Assumptions, Shift, WhatIf
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step, vertical_line
from lib.present.charts.forest import GAP, ForestRow, forest_data
from lib.present.charts.forest_rows import SHARES
from lib.present.sentences.what_if import COMPLETE, IMPUTED, WEIGHTED, values_of
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, for_plotly, number, signed, signed_tick
from lib.stats.pooling import Pooled, Tip
from lib.stats.results import Interval, NotComputed
from lib.stats.weighting import Weighted

HEIGHT = 250


def assumptions_data(
    measure: Measure, found: WhatIf, finding: str, *, share: bool = False, moved: tuple[str, Pooled] | None = None
) -> ChartData:
    """A row per assumption, last that of the slider (`moved`: its name and estimate)."""
    outcome = found.share if share else found.mean
    assert isinstance(outcome, Assumptions)
    weights = outcome.weighted
    sizes = {
        COMPLETE: found.people.pairs,
        WEIGHTED: weights.n if isinstance(weights, Weighted) else 0,
        IMPUTED: found.people.due,
    }
    known = values_of(outcome)
    rows = [_row(name, n, known.get(name), measure, share) for name, n in sizes.items()]
    if moved is not None:
        name, pooled = moved
        estimate = pooled.estimate
        rows.append(_row(name, found.people.due, (estimate.value, estimate.interval), measure, share))
    title = "Share improved" if share else "Mean improvement"
    axis = SHARES if share else _axis(measure, rows)
    references = () if share else (Reference(0.0, "no change", "x", "zero"),)
    return forest_data(
        rows, axis, references, title=f"{title}, by what is assumed of the missing", finding=finding, name=title
    )


def _row(
    name: str, n: int, found: tuple[float, Interval | NotComputed] | None, measure: Measure, share: bool
) -> ForestRow:
    if found is None:
        return ForestRow(name, n, None, None, None, "not computed")
    value, ends = found
    low, high = (ends.low, ends.high) if isinstance(ends, Interval) else (None, None)
    words = f"{number(100 * value, 1)}%" if share else signed(value, measure.decimals)
    if low is not None and high is not None:
        digits, factor = (1, 100.0) if share else (measure.decimals, 1.0)
        words += f"{GAP}{number(factor * low, digits)} to {number(factor * high, digits)}{'%' if share else ''}"
    return ForestRow(name, n, value, low, high, words)


def _axis(measure: Measure, rows: list[ForestRow]) -> Axis:
    ends = [0.0, *(v for r in rows[:3] for v in (r.low, r.high, r.value) if v is not None)]
    step = nice_step(max(ends) - min(ends), 5)
    first, last = math.floor(min(ends) / step), math.ceil(max(ends) / step)
    ticks = tuple(round(k * step, 10) for k in range(first, last + 1))
    low, high = ticks[0] - step * 0.1, ticks[-1] + step * 0.1
    return Axis("improvement", low, high, measure.worse_words, measure.better_words, ticks)


def shift_data(
    measure: Measure, found: WhatIf, curve: tuple[Shift, ...], delta: float, finding: str, *, share: bool = False
) -> ChartData:
    """The estimate and its band for every shift, the value at the slider, and where the answer changes."""
    ends = [s.share if share else s.mean for s in curve]
    values = [p.estimate for p in ends if p is not None]
    limits = [e.interval for e in values]
    low = tuple(i.low if isinstance(i, Interval) else None for i in limits)
    high = tuple(i.high if isinstance(i, Interval) else None for i in limits)
    x = tuple(s.delta for s in curve)
    line = Series("If the missing improved by so much less", "follow-up", tuple(e.value for e in values), x, low, high)
    at = min(range(len(x)), key=lambda k: abs(x[k] - delta))
    series = [line, Series("At the slider", "current", (values[at].value,), (x[at],), (low[at],), (high[at],))]
    outcome = found.share if share else found.mean
    tips = outcome.tips if isinstance(outcome, Assumptions) else ()
    marks = [t for t in tips if isinstance(t, Tip) and not t.already and t.delta <= x[-1]]
    references = [
        Reference(t.value, "", "y", "zero" if t.value == 0 else "threshold") for t in tips if isinstance(t, Tip)
    ]
    if marks:
        labels = tuple(_tip_words(t, measure, share=share) for t in marks)
        series.append(
            Series(
                "Where the answer changes",
                "tip",
                tuple(t.value for t in marks),
                tuple(t.delta for t in marks),
                labels=labels,
            )
        )
    known = [v for v in (*low, *high, *(r.value for r in references)) if v is not None]
    step = nice_step(max(known) - min(known), 4)
    first, last = math.floor(min(known) / step), math.ceil(max(known) / step)
    ticks = tuple(round(k * step, 10) for k in range(first, last + 1))
    unit = measure.unit or "points"
    return ChartData(
        "curve",
        "Suppose the missing improved by less",
        finding,
        (),
        tuple(series),
        found.people.due,
        x=Axis(f"{unit} less improvement in the missing", 0.0, x[-1]),
        y=Axis("share improved" if share else "mean improvement", ticks[0], ticks[-1], ticks=ticks),
        references=tuple(references),
    )


def _tip_words(tip: Tip, measure: Measure, *, share: bool) -> str:
    if share:
        return f"under {compact(round(100 * tip.value, 6))}% from {number(tip.delta, measure.decimals)}"
    return f"interval reaches {compact(round(tip.value, 6))} at {number(tip.delta, measure.decimals)}"


def shift_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """The x axis runs from end to end of the card, so that the slider above it points at the line."""
    assert data.x is not None
    assert data.y is not None
    line, current = data.series[0], data.series[1]
    share = data.y.title.startswith("share")
    x, low, high = list(line.x or ()), list(line.low or ()), list(line.high or ())
    base: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip"}
    shape = "hv" if share else "linear"
    value = "%{y:.1%}" if share else "%{y:.2f}"
    traces = [
        base | {"y": high, "line": {"width": 0, "shape": shape}},
        base | {"y": low, "line": {"width": 0, "shape": shape}, "fill": "tonexty", "fillcolor": PALETTE.tint},
        base
        | {"y": list(line.values), "line": {"width": medium.mark(2.5), "color": PALETTE.follow_up, "shape": shape}}
        | {"hoverinfo": "all", "hovertemplate": f"%{{x}} less: {value}<extra></extra>"},
        {"type": "scatter", "mode": "markers", "x": list(current.x or ()), "y": list(current.values)}
        | {"marker": {"size": medium.mark(10), "color": PALETTE.ink}, "hoverinfo": "skip"},
    ]
    notes: list[dict[str, Any]] = []
    for s in data.series[2:]:
        traces.append(
            {"type": "scatter", "mode": "markers", "x": list(s.x or ()), "y": list(s.values), "hoverinfo": "skip"}
            | {"marker": {"size": medium.mark(10), "color": PALETTE.page, "line": {"color": PALETTE.ink, "width": 2}}}
        )
        for at, y, words in zip(s.x or (), s.values, s.labels or (), strict=True):
            right = at > 0.5 * data.x.high
            notes.append(
                {"x": at, "y": y, "text": for_plotly(words), "showarrow": False, "yanchor": "top", "yshift": -8}
                | {"xanchor": "right" if right else "left", "font": {"size": medium.axis, "color": PALETTE.ink}}
                | {"bgcolor": PALETTE.page, "borderpad": 1}
            )
    at = (current.x or (0.0,))[0]
    shapes = [vertical_line(Reference(at, "", "x", "zero"), medium)]
    shapes += [
        {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": r.value, "y1": r.value}
        | {
            "line": {
                "width": 1.3 if r.role == "zero" else 1,
                "color": PALETTE.ink if r.role == "zero" else PALETTE.accent,
            }
        }
        for r in data.references
    ]
    step = nice_step(data.x.high, 6)
    ticks = [round(k * step, 10) for k in range(math.floor(data.x.high / step + 1e-9) + 1)]
    inner = [t for t in ticks if 0 < t < data.x.high - 0.4 * step]
    for t in data.y.ticks:
        words = f"{compact(round(100 * t, 6))}%" if share else signed_tick(t)
        notes.append(
            {"x": 1, "xref": "paper", "y": t, "xanchor": "right", "yanchor": "bottom", "text": words}
            | {"font": {"size": medium.axis, "color": PALETTE.muted}}
        )
    for t, anchor in ((0.0, "left"), (data.x.high, "right")):
        notes.append(
            {"x": t, "y": 0, "yref": "paper", "xanchor": anchor, "yanchor": "top", "yshift": -medium.shift(7)}
            | {"text": compact(round(t, 6)), "font": {"size": medium.axis, "color": PALETTE.muted}}
        )
    layout = theme.layout(
        medium,
        height=HEIGHT,
        margin={"l": 6, "r": 6, "t": 8, "b": medium.shift(44)},
        xaxis={
            "range": [0, data.x.high],
            "tickvals": inner,
            "ticktext": [compact(t) for t in inner],
            "ticks": "outside",
            "tickcolor": PALETTE.axis,
            "showline": True,
            "title": {"text": for_plotly(data.x.title), "standoff": medium.shift(8)},
        },
        yaxis={
            "range": [data.y.low, data.y.high + 0.08 * (data.y.high - data.y.low)],
            "tickvals": list(data.y.ticks),
            "showticklabels": False,
            "showgrid": True,
        },
        shapes=shapes,
        annotations=notes,
    )
    return {"data": traces, "layout": layout}
