"""An outcome by period of treatment above, how many answered of those due under it, on one x."""

from __future__ import annotations

from typing import Any

from lib.analysis.trends import TARGET, Trend
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Reference, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import compact, count, for_plotly
from lib.settings import FEWEST_TO_TEST
from lib.stats.proportions import Proportion
from lib.stats.results import Interval, NotComputed

HEIGHT = 560
_LINE_CI = "#A9C7D1"


def trend_data(
    own: Trend,
    others: Trend | None,
    names: tuple[str, str],
    measure: Measure,
    finding: str,
    *,
    rate: bool,
    beside: tuple[float, str] | None = None,
) -> ChartData:
    """Series: own values with intervals, own smooth line, the others' smooth line with intervals, answered, due.

    `beside`: a target or a published result, and its name.
    """
    labels = tuple(p.label for p in own.periods)
    values, low, high = _values(own)
    series = [
        Series(names[0], "own", values, low=low, high=high, n=tuple(p.n for p in own.periods)),
        Series(f"{names[0]}, smoothed", "own smooth", own.smooth),
    ]
    if others is not None:
        mean, other_low, other_high = _values(others)
        n = tuple(p.n for p in others.periods)
        series.append(Series(names[1], "others", mean, low=other_low, high=other_high, n=n))
        series.append(Series(f"{names[1]}, smoothed", "others smooth", others.smooth))
    due = tuple(p.due for p in own.periods)
    answered = tuple(p.answered / p.due if p.due else None for p in own.periods)
    series.append(Series("Answered, of those due", "answered", answered, n=due))
    waiting = tuple(float(p.treated - p.due) for p in own.periods)
    series.append(Series("Treated, not yet due or died before", "waiting", waiting))
    shown = [v for s in series[: len(series) - 2] if s.role != "others" for v in (*s.values,) if v is not None]
    shown += [
        v
        for p, a, b in zip(own.periods, low, high, strict=True)
        if p.n >= FEWEST_TO_TEST
        for v in (a, b)
        if v is not None
    ]
    shown += [] if beside is None else [beside[0]]
    bottom, top = (min(shown), max(shown)) if shown else (0.0, 1.0)
    step = nice_step(max(top - bottom, 1e-9), 4)
    ticks = tuple(round(k * step, 10) for k in range(int(bottom // step), int(-(-top // step)) + 1))
    title = "share improved enough" if rate else f"mean improvement, {measure.unit or 'points'}"
    least, most = (0.0, 1.0) if rate else (ticks[0], ticks[-1])
    ticks = tuple(t for t in ticks if not rate or 0 <= t <= 1)
    return ChartData(
        "trend",
        f"By {own.unit} of treatment",
        finding,
        labels,
        tuple(series),
        sum(p.n for p in own.periods),
        y=Axis(title, max(least, ticks[0]), min(most, ticks[-1]), ticks=ticks),
        references=(
            Reference(TARGET, "60% asked for by registries", "y", "answered"),
            *(() if beside is None else (Reference(*beside, "y", "overall"),)),
        ),
        notes=(f"Hollow: fewer than {FEWEST_TO_TEST} pairs. Vertical lines: 95% intervals.",),
    )


def _values(
    found: Trend,
) -> tuple[tuple[float | None, ...], tuple[float | None, ...], tuple[float | None, ...]]:
    values: list[float | None] = []
    low: list[float | None] = []
    high: list[float | None] = []
    for p in found.periods:
        v = p.value
        values.append(None if isinstance(v, NotComputed) else v.share if isinstance(v, Proportion) else v.value)
        ends = None if isinstance(v, NotComputed) else v.interval
        low.append(ends.low if isinstance(ends, Interval) else None)
        high.append(ends.high if isinstance(ends, Interval) else None)
    return tuple(values), tuple(low), tuple(high)


def trend_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """Petrol dots and line for the own center, grey line and band for the others, bars of completeness below."""
    assert data.y is not None
    by_role = {s.role: s for s in data.series}
    own, smooth = by_role["own"], by_role["own smooth"]
    x = list(range(len(data.categories)))
    traces: list[dict[str, Any]] = []
    others = by_role.get("others smooth")
    if others is not None:
        traces += [_band(by_role["others"], x), _line(others, x, PALETTE.baseline, 2.0, medium)]
    bars_x: list[float | None] = []
    bars_y: list[float | None] = []
    for k, low, high in zip(x, own.low or (), own.high or (), strict=True):
        if low is not None and high is not None:
            bars_x += [k, k, None]
            bars_y += [low, high, None]
    traces.append(
        {"type": "scatter", "mode": "lines", "x": bars_x, "y": bars_y, "hoverinfo": "skip", "name": "95% CI"}
        | {"line": {"color": _LINE_CI, "width": medium.mark(1.5)}}
    )
    traces.append(_line(smooth, x, PALETTE.follow_up, 2.5, medium))
    small = [n < FEWEST_TO_TEST for n in own.n or ()]
    number = ".1%" if data.y.title.startswith("share") else ".2f"
    traces.append(
        {"type": "scatter", "mode": "markers", "x": x, "y": list(own.values), "name": own.name}
        | {"text": [f"{for_plotly(c)}, {n} pairs" for c, n in zip(data.categories, own.n or (), strict=True)]}
        | {"hovertemplate": f"%{{text}}: %{{y:{number}}}<extra></extra>"}
        | {
            "marker": {
                "size": medium.mark(8),
                "color": [PALETTE.page if few else PALETTE.follow_up for few in small],
                "line": {"color": PALETTE.follow_up, "width": 1.5},
            }
        }
    )
    traces += _completeness(by_role["answered"], x, data, medium)
    shapes, notes = _below(by_role, x, data, medium)
    head = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "yanchor": "bottom"}
    notes.append(head | {"y": 0.245, "text": "Answered, of those due", "font": {"size": medium.text, "weight": 600}})
    ends = [(s, c) for s, c in ((smooth, PALETTE.follow_up), (others, PALETTE.muted)) if s is not None]
    notes += _ends(ends, data, medium)
    shapes += [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": r.value, "y1": r.value, "layer": "below"}
        | {"line": {"color": PALETTE.accent, "width": medium.mark(1.3), "dash": "dash"}}
        for r in data.references
        if r.role == "overall"
    ]
    percent = data.y.title.startswith("share")
    every = max(1, -(-len(x) // 16))
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=HEIGHT if medium is SCREEN else medium.height,
            margin=medium.margin(56, 130, 16, 44),
            xaxis={
                "tickangle": 0,
                "range": [-0.6, len(x) - 0.4],
                "tickvals": x[::every],
                "ticktext": [_two(c) for c in data.categories[::every]],
                "anchor": "y2",
            },
            yaxis={
                "domain": [0.34, 1.0],
                "range": [data.y.low, data.y.high],
                "tickvals": list(data.y.ticks),
                "ticktext": [f"{compact(round(100 * t, 6))}%" if percent else compact(t) for t in data.y.ticks],
                "showgrid": True,
            },
            yaxis2={
                "domain": [0.0, 0.2],
                "range": [0, 1],
                "tickvals": [0, TARGET, 1],
                "ticktext": ["0", "60%", "100%"],
            },
            shapes=shapes,
            annotations=notes,
            bargap=0.25,
        ),
    }


def _two(label: str) -> str:
    """ "2023 Q2" over two lines, the year under its quarter."""
    year, _, part = label.partition(" ")
    return f"{part}<br>{year}" if part else label


def _line(s: Series, x: list[int], color: str, width: float, medium: Medium) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": x, "y": list(s.values), "hoverinfo": "skip", "name": s.name} | {
        "line": {"color": color, "width": medium.mark(width), "shape": "spline"}
    }


def _band(s: Series, x: list[int]) -> dict[str, Any]:
    both = [(k, a, b) for k, a, b in zip(x, s.low or (), s.high or (), strict=True) if a is not None and b is not None]
    outline = [(k, a) for k, a, _ in both] + [(k, b) for k, _, b in reversed(both)]
    return {"type": "scatter", "mode": "lines", "x": [k for k, _ in outline], "y": [v for _, v in outline]} | {
        "fill": "toself",
        "fillcolor": "rgba(124,139,146,0.16)",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "name": f"{s.name}, 95% CI",
    }


def _completeness(s: Series, x: list[int], data: ChartData, medium: Medium) -> list[dict[str, Any]]:
    shares = [v or 0.0 for v in s.values]
    due = list(s.n or ())
    track = {"type": "bar", "x": x, "y": [1 if n else 0 for n in due], "yaxis": "y2", "hoverinfo": "skip"}
    colors = [PALETTE.ink if v < TARGET else PALETTE.baseline for v in shares]
    words = [
        f"{for_plotly(c)}: {round(v * n)} of {n} answered" for c, v, n in zip(data.categories, shares, due, strict=True)
    ]
    return [
        {**track, "marker": {"color": PALETTE.hairline}, "name": "due", "offsetgroup": "1"},
        {"type": "bar", "x": x, "y": shares, "yaxis": "y2", "name": s.name, "text": words, "offsetgroup": "1"}
        | {"marker": {"color": colors}, "hovertemplate": "%{text}<extra></extra>", "textposition": "none"},
    ]


def _below(
    by_role: dict[str, Series], x: list[int], data: ChartData, medium: Medium
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The line at 60%, the numbers due over the bars, and the pale column of periods not yet due."""
    answered, waiting = by_role["answered"], by_role["waiting"]
    due = list(answered.n or ())
    shapes: list[dict[str, Any]] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y2", "y0": TARGET, "y1": TARGET}
        | {"line": {"color": PALETTE.ink, "width": 1.2}}
    ]
    notes: list[dict[str, Any]] = [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "yref": "y2", "y": TARGET, "align": "left"}
        | {"text": "60% asked for<br>by registries", "font": {"size": medium.note, "color": PALETTE.muted}}
    ]
    every = max(1, -(-len(x) // 24))
    for k, n in list(enumerate(due))[::every]:
        share = answered.values[k]
        below = share is not None and share < TARGET
        text = f"{round(share * n)} of {n}" if below and share is not None and len(x) <= 10 else count(n)
        notes.append(
            {"x": k, "yref": "y2", "y": 1, "yanchor": "bottom", "text": text}
            | {"font": {"size": medium.note, "color": PALETTE.ink if below else PALETTE.muted}}
        )
    # a period counts as not yet due when nobody of it is due
    later = [k for k in x if due[k] == 0 and (waiting.values[k] or 0) > 0]
    if later:
        shapes.append(
            {"type": "rect", "x0": later[0] - 0.5, "x1": later[-1] + 0.5, "yref": "paper", "y0": 0, "y1": 1}
            | {"fillcolor": PALETTE.panel, "line": {"width": 0}, "layer": "below"}
        )
        notes.append(
            {"x": (later[0] + later[-1]) / 2, "yref": "paper", "y": 0.99, "yanchor": "top", "text": "not yet due"}
            | {"font": {"size": medium.axis, "color": PALETTE.muted}}
        )
    return shapes, notes


def _ends(lines: list[tuple[Series, str]], data: ChartData, medium: Medium) -> list[dict[str, Any]]:
    """Names of the lines and of the reference at their right ends, apart from each other."""
    assert data.y is not None
    apart = 0.06 * (data.y.high - data.y.low)
    ends = [(r.value, r.label, PALETTE.accent) for r in data.references if r.role == "overall"]
    for s, color in lines:
        last = next((v for v in reversed(s.values) if v is not None), None)
        if last is not None:
            ends.append((last, s.name.removesuffix(", smoothed"), color))
    found: list[dict[str, Any]] = []
    taken: list[float] = []
    for last, name, color in ends:
        y = last
        while any(abs(y - t) < apart for t in taken):
            y -= apart / 2
        taken.append(y)
        found.append(
            {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": y, "text": for_plotly(_fold(name))}
            | {"align": "left", "font": {"size": medium.axis, "color": color, "weight": 600}}
        )
    return found


def _fold(name: str, most: int = 18) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
