"""Every time point: mean of each group with its interval, patients as faint lines, answered of due under the axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from lib.analysis.groups.time_points import Trajectories, Trajectory
from lib.cohort.cohort import TimePoint
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.theme import PALETTE, SCREEN, CategoryStyle, Medium
from lib.present.wording import compact, count, for_plotly, number
from lib.settings import FEWEST_COMPARED
from lib.stats.results import Interval
from lib.stats.scores import Summary

MANY_LINES = 150
PLOT = 320
N_ROW = 20
LEFT = 118
PHONE_PLOT, LETTER = 155, 6.6
"""Width of the plot on a phone and of a letter of the axis, in px."""
A_LINE, LETTERS = 15, 24
"""Letters of a group's name on one line of the left margin, and at the right end."""
TOP, APART, NAMES, WIDE, ANSWERED = 10, 19, 190, 700, 50
"""px above the plot, between two names at the right ends, for the names, from which width they stand there at the
soonest, and what "352/382" needs: on a phone stands n alone, and no name at the ends."""


def trajectories_data(found: Trajectories, axis: Axis, title: str, finding: str) -> ChartData:
    """A series of means per group (x = months, or the place of a time point), then a series per patient line."""
    x = _places(found.time_points)
    series = [_means(line, x, k) for k, line in enumerate(found.lines)]
    if sum(len(line.values) for line in found.lines) <= MANY_LINES:
        for k, line in enumerate(found.lines):
            for row, values in zip(line.source_rows, line.values, strict=True):
                known = tuple(None if np.isnan(v) else float(v) for v in values)
                series.append(Series("Patient", f"patient:{k}", known, x=x, rows=(int(row),) * len(x)))
    labels = tuple(o.label for o in found.time_points)
    n = sum(len(line.values) for line in found.lines)
    notes = (
        "Means with intervals of everybody who has a value; under the axis how many answered/are due. The "
        "patients of one time point are not all those of the next.",
    )
    return ChartData("pairs of means", title, finding, labels, tuple(series), n, y=axis, notes=notes)


def _places(time_points: tuple[TimePoint, ...]) -> tuple[float, ...]:
    """Months where every time point has its own, else equal steps."""
    months = [o.months for o in time_points]
    known = [m for m in months if m is not None]
    if len(known) == len(months) and len(set(known)) == len(known):
        return tuple(float(m) for m in known)
    return tuple(float(i) for i in range(len(time_points)))


def _means(line: Trajectory, x: tuple[float, ...], k: int) -> Series:
    shown = [p.summary if isinstance(p.summary, Summary) and p.n >= FEWEST_COMPARED else None for p in line.points]
    ends = [
        p.mean_ci if s and isinstance(p.mean_ci, Interval) else None for p, s in zip(line.points, shown, strict=True)
    ]
    return Series(
        line.label,
        f"group:{k}",
        tuple(s.mean if s else None for s in shown),
        x=x,
        low=tuple(e.low if e else None for e in ends),
        high=tuple(e.high if e else None for e in ends),
        n=tuple(p.n for p in line.points),
        labels=tuple(f"{count(p.n)}/{count(due)}" for p, due in zip(line.points, line.due, strict=True)),
    )


def trajectories_figure(
    data: ChartData, styles: Mapping[str, CategoryStyle] | None = None, medium: Medium = SCREEN
) -> dict[str, Any]:
    """The plot keeps its height; under it a row per group with its n at each time point."""
    assert data.y is not None
    groups = [s for s in data.series if s.role.startswith("group:")]
    looks = [_look(s.name, styles or {}) for s in groups]
    x = groups[0].x or () if groups else ()
    wide = [*_under(data, groups, looks, medium, due=True), *_ends(data.y, groups, medium)]
    span = (x[-1] - x[0]) or 1.0
    least = min((b - a for a, b in pairwise(x)), default=span) / (1.1 * span)
    traces = []
    for s in data.series:
        if s.role.startswith("patient:"):
            traces.append(_patient(s, looks[int(s.role.split(":")[1])].color))
    for k, s in enumerate(groups):
        shift = (k - (len(groups) - 1) / 2) * span * 0.008
        traces += _group(s, looks[k], shift, medium)
    row = _row_height([s.name for s in groups])
    under = 30 + N_ROW * (1 + any(_lower(x, data.categories))) + row * len(groups)
    height = PLOT + under
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin={"l": LEFT, "r": 24, "t": TOP, "b": under},
            xaxis={"range": [x[0] - span * 0.05, x[-1] + span * 0.05], "visible": False} if x else {"visible": False},
            yaxis={
                "range": [data.y.low, data.y.high],
                "tickvals": list(data.y.ticks),
                "ticktext": [compact(round(t, 4)) for t in data.y.ticks],
                "showgrid": True,
            },
            annotations=_under(data, groups, looks, medium, due=False),
            meta={
                "wide": {
                    "from": max(WIDE, LEFT + NAMES + round(ANSWERED / least)),
                    "layout": {
                        "margin": {"l": LEFT, "r": NAMES, "t": TOP, "b": under},
                        "annotations": wide,
                    },
                }
            },
        ),
    }


def _look(name: str, styles: Mapping[str, CategoryStyle]) -> CategoryStyle:
    return styles.get(name, CategoryStyle(PALETTE.ink, "diamond"))


def _patient(s: Series, color: str) -> dict[str, Any]:
    rows = s.rows or (0,)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(s.x or ()),
        "y": list(s.values),
        "connectgaps": True,
        "customdata": [[0, rows[0]]] * len(s.values),
        "hovertemplate": "row %{customdata[1]}: %{y}<extra></extra>",
        "line": {"color": color, "width": 1},
        "opacity": 0.22,
    }


def _group(s: Series, look: CategoryStyle, shift: float, medium: Medium) -> list[dict[str, Any]]:
    x = [v + shift for v in s.x or ()]
    bars_x: list[float | None] = []
    bars_y: list[float | None] = []
    for at, low, high in zip(x, s.low or (), s.high or (), strict=True):
        if low is not None and high is not None:
            bars_x += [at, at, None]
            bars_y += [low, high, None]
    return [
        {"type": "scatter", "mode": "lines", "x": bars_x, "y": bars_y, "hoverinfo": "skip"}
        | {"line": {"color": look.color, "width": medium.mark(2)}},
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": x,
            "y": list(s.values),
            "name": for_plotly(s.name),
            "text": [f"{for_plotly(s.name)}, n {count(n)}" for n in s.n or ()],
            "hovertemplate": "%{text}: mean %{y:.2f}<extra></extra>",
            "line": {"color": look.color, "width": medium.mark(2)},
            "marker": {"size": medium.mark(9), "symbol": look.symbol, "color": look.color},
        },
    ]


def _last(s: Series) -> float:
    """The mean at the right end; −inf where there is none, so that such a group comes last."""
    end = s.values[-1] if s.values else None
    return -math.inf if end is None else end


def _ends(axis: Axis, groups: list[Series], medium: Medium) -> list[dict[str, Any]]:
    """Name and last mean of each group at its right end, a grey hairline between; the common start once."""
    font = {"size": medium.note, "color": PALETTE.ink}
    px = (PLOT - TOP) / (axis.high - axis.low)
    notes: list[dict[str, Any]] = []
    above = math.inf
    for s in sorted(groups, key=_last, reverse=True):
        last = _last(s)
        if last == -math.inf:
            continue
        own = (last - axis.low) * px
        above = min(own, above - APART)
        name = s.name if len(s.name) <= LETTERS else f"{s.name[: LETTERS - 1]}…"
        notes.append(
            {"x": (s.x or (0,))[-1], "y": last, "xanchor": "left", "ax": 30, "ay": own - above, "font": font}
            | {"text": f"{for_plotly(name)} <b>{number(last, 1)}</b>", "showarrow": True, "arrowhead": 0}
            | {"arrowwidth": 1, "arrowcolor": PALETTE.muted, "standoff": 7}
        )
    starts = [s.values[0] for s in groups if s.values and s.values[0] is not None]
    if len(starts) > 1:
        top = max(v for s in groups for v in ((s.high or (None,))[0], s.values[0]) if v is not None)
        words = f"{number(min(starts), 1)} to {number(max(starts), 1)}"
        notes.append(
            {"x": (groups[0].x or (0,))[0], "y": top, "xanchor": "left", "yanchor": "bottom", "xshift": 8, "font": font}
            | {"text": words, "showarrow": False}
        )
    return notes


def _under(
    data: ChartData, groups: list[Series], looks: list[CategoryStyle], medium: Medium, *, due: bool
) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = []
    row = _row_height([s.name for s in groups])
    x = groups[0].x or () if groups else ()
    lower = _lower(x, data.categories)
    for at, label, low in zip(x, data.categories, lower, strict=True):
        notes.append(_beside(for_plotly(label), at, "x", "center", N_ROW * low, medium.axis, PALETTE.ink))
    first = N_ROW * (1 + any(lower))
    in_order = sorted(zip(groups, looks, strict=True), key=lambda each: _last(each[0]), reverse=True)
    for k, (s, look) in enumerate(in_order, start=1):
        lines = [for_plotly(line) for line in _lines(s.name)]
        words = f'<span style="color:{look.color}">■</span> {"<br>".join(lines)}'
        at_left = _beside(words, 0, "paper", "left", row * (k - 1) + first, medium.note, PALETTE.ink)
        notes.append(at_left | {"xshift": 4 - LEFT, "align": "left"})
        for at, answered in zip(x, (s.labels if due else [count(n) for n in s.n or ()]) or (), strict=True):
            below = row * (k - 1) + first
            notes.append(_beside(answered, at, "x", "center", below, medium.note, PALETTE.muted))
    return notes


def _lower(x: tuple[float, ...], labels: tuple[str, ...]) -> list[bool]:
    """Which names of time points stand one line lower, because beside the one before there is no room on a phone."""
    span = (x[-1] - x[0]) or 1.0 if x else 1.0
    found: list[bool] = []
    for k in range(len(x)):
        gap = (x[k] - x[k - 1]) / span * PHONE_PLOT if k else PHONE_PLOT
        needed = (len(labels[k]) + len(labels[k - 1])) / 2 * LETTER + LETTER if k else 0
        found.append(gap < needed and not found[-1])
    return found


def _lines(name: str) -> list[str]:
    """A name on one line, or on two where it is longer than the margin; what does not fit there is cut."""
    if len(name) <= A_LINE:
        return [name]
    cut = name.rfind(" ", 0, A_LINE + 1)
    first, rest = (name[:cut], name[cut + 1 :]) if cut > 0 else (name[:A_LINE], name[A_LINE:])
    return [first, rest if len(rest) <= A_LINE else rest[: A_LINE - 1] + "…"]


def _row_height(names: list[str]) -> int:
    return max(N_ROW, *(len(_lines(name)) * 17 for name in names)) if names else N_ROW


def _beside(text: str, x: float, ref: str, anchor: str, below: int, size: int, color: str) -> dict[str, Any]:
    return {"x": x, "xref": ref, "y": 0, "yref": "paper", "xanchor": anchor, "yanchor": "top"} | {
        "yshift": -8 - below,
        "text": text,
        "font": {"size": size, "color": color},
    }
