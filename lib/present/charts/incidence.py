"""Share with the event as it grows, upwards from 0: steps with their band, numbers at risk under the axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lib.analysis.survival import Group, TimeToEvent
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import nice_step
from lib.present.theme import CATEGORY_COLORS, PALETTE, SCREEN, CategoryStyle, Medium, rgb
from lib.present.wording import compact, count, for_plotly, number
from lib.settings import FEWEST_AT_RISK
from lib.stats.results import NotComputed
from lib.stats.survival import DAYS_PER_YEAR, Incidence, Moment

HEIGHT = 420
MOST_DRAWN = 7
MOST_BANDS = 3
"""Bands of more groups over each other cannot be told apart; their limits are in the table."""
ROW = 40

AtRisk = Mapping[str, Sequence[tuple[int, int, int]]]


def incidence_data(found: TimeToEvent, at_risk: AtRisk, finding: str, *, plain: bool = False) -> ChartData:
    """One series of steps per group (of everybody without groups), then numbers at risk per group at whole years.

    `plain`: Kaplan–Meier in place of Aalen–Johansen. `at_risk`: per group, at year 0, 1, 2 …: at risk, event, died.
    """
    groups = [g for g in (found.groups or (found.everybody,)) if _curve_of(g, plain) is not None][:MOST_DRAWN]
    series: list[Series] = []
    top, end = 0.0, 0.0
    for g in groups:
        curve = _curve_of(g, plain)
        assert curve is not None
        last = _last_year(at_risk[g.label])
        shown = [k for k, day in enumerate(curve.steps) if day <= last * DAYS_PER_YEAR]
        values = (0.0, *(curve.values[k] for k in shown))
        low, high = ((0.0, *(ends[k] for k in shown)) for ends in (curve.low, curve.high))
        x = (0.0, *(curve.steps[k] / DAYS_PER_YEAR for k in shown))
        role = f"group:{g.label}" if found.groups else "all"
        series.append(Series(g.label, role, (*values, values[-1]), (*x, last), (*low, low[-1]), (*high, high[-1])))
        ends = high if len(groups) <= MOST_BANDS else values
        top = max(top, *(h if h is not None else v for h, v in zip(ends, values, strict=True)))
        end = max(end, last)
    for g in groups:
        own = at_risk[g.label]
        counts = tuple(n for n, _, _ in own)
        series.append(
            Series(
                f"{g.label}, at risk",
                f"at risk:{g.label}",
                tuple(float(n) for n in counts),
                x=tuple(float(k) for k in range(len(own))),
                n=counts,
                labels=tuple(f"{count(e)} · {count(d)}" if found.competes else count(e) for _, e, d in own),
            )
        )
    step = nice_step(max(top, 0.005), 5)
    high_end = step * math.ceil(max(top, 0.005) / step - 1e-9)
    ticks = tuple(round(k * step, 10) for k in range(round(high_end / step) + 1))
    name = "Kaplan–Meier" if plain or not found.competes else "Aalen–Johansen, death competes"
    return ChartData(
        "incidence",
        f"{found.event.capitalize()} so far ({name})",
        finding,
        (),
        tuple(series),
        found.everybody.incidence.n,
        x=Axis("years", 0, max(end, 1e-6), ticks=tuple(float(k) for k in range(math.floor(end) + 1))),
        y=Axis(f"share with {found.event}", 0, high_end, ticks=ticks),
        notes=_notes(found, len(groups)),
    )


def _notes(found: TimeToEvent, drawn: int) -> tuple[str, ...]:
    notes = [f"Lines end where fewer than {FEWEST_AT_RISK} are at risk."]
    if drawn > MOST_BANDS:
        notes.append("Intervals of so many groups are in the table.")
    if len(found.groups) > drawn:
        notes.append(f"{drawn} of {len(found.groups)} groups are drawn, the first ones; the table has all.")
    return tuple(notes)


def _curve_of(g: Group, plain: bool) -> Incidence | None:
    found = g.kaplan_meier if plain else g.incidence
    return None if isinstance(found, NotComputed) else found


def _last_year(own: Sequence[tuple[int, int, int]]) -> float:
    """The last whole year with enough at risk; in a small group the last one with anybody."""
    enough = [k for k, (n, _, _) in enumerate(own) if n >= FEWEST_AT_RISK]
    known = [k for k, (n, _, _) in enumerate(own) if n]
    return float((enough if len(enough) > 1 else known or [0])[-1])


def incidence_figure(
    data: ChartData, medium: Medium = SCREEN, *, styles: Mapping[str, CategoryStyle] | None = None
) -> dict[str, Any]:
    """Names at the ends of the lines, at risk (and event · died so far) under the same ticks."""
    assert data.x is not None
    assert data.y is not None
    lines = [s for s in data.series if not s.role.startswith("at risk:")]
    rows = [s for s in data.series if s.role.startswith("at risk:")]
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    ends: list[float] = []
    for place, s in enumerate(lines):
        color = _color(s, place, styles)
        x, y = steps(s.x or (), s.values)
        below, above = (steps(s.x or (), ends_of or s.values) for ends_of in (s.low, s.high))
        both = [(a, b, c) for a, b, c in zip(below[0], below[1], above[1], strict=True) if None not in (b, c)]
        if len(lines) <= MOST_BANDS:
            traces.append(
                {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"width": 0}, "fill": "toself"}
                | {"x": [a for a, _, _ in both] + [a for a, _, _ in reversed(both)], "name": f"{s.name}, 95% CI"}
                | {"y": [b for _, b, _ in both] + [c for _, _, c in reversed(both)], "fillcolor": _faint(color)}
            )
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": x,
                "y": y,
                "name": s.name,
                "line": {"color": color, "width": medium.mark(2.5)},
            }
            | {"hovertemplate": f"{for_plotly(s.name)}: %{{y:.1%}} at %{{x:.1f}} years<extra></extra>"}
        )
        last = s.values[-1] or 0.0
        ends.append(last)
        notes.append(
            {"x": (s.x or (0.0,))[-1], "y": last, "xanchor": "left", "xshift": 6, "text": for_plotly(s.name)}
            | {"font": {"size": medium.text, "color": color, "weight": 600}}
        )
    _apart(notes, ends, data.y.high, medium)
    for k, s in enumerate(rows):
        line = -46 - k * ROW
        head = {"xref": "paper", "x": 0, "xanchor": "right", "xshift": -36, "yref": "paper", "y": 0, "yanchor": "top"}
        notes.append(
            head
            | {
                "yshift": line,
                "text": for_plotly(_short(s.name.removesuffix(", at risk"))),
                "font": {"size": medium.axis},
            }
        )
        small = {"size": medium.note, "color": PALETTE.muted}
        notes.append(head | {"yshift": line - 17, "text": "so far", "font": small})
        for year, value, label in zip(s.x or (), s.values, s.labels or (), strict=True):
            if year > data.x.high + 1e-9:
                continue
            place_at = {"x": year, "yref": "paper", "y": 0, "yanchor": "top"}
            notes.append(place_at | {"yshift": line, "text": count(int(value or 0)), "font": {"size": medium.axis}})
            notes.append(place_at | {"yshift": line - 17, "text": label, "font": small})
    bottom = 50 + ROW * len(rows) + 12
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=HEIGHT - 60 + bottom,
            margin={"l": 136, "r": 120, "t": 12, "b": bottom},
            xaxis={
                "tickangle": 0,
                "range": [0, data.x.high * 1.001],
                "tickvals": list(data.x.ticks),
                "ticktext": [f"{compact(t)} years" if t == data.x.ticks[-1] else compact(t) for t in data.x.ticks],
            },
            yaxis={
                "range": [0, data.y.high * 1.02],
                "tickvals": list(data.y.ticks),
                "ticktext": [f"{compact(round(100 * t, 6))}%" for t in data.y.ticks],
                "showgrid": True,
            },
            annotations=notes,
        ),
    }


def steps(x: Sequence[float], y: Sequence[float | None]) -> tuple[list[float], list[float | None]]:
    """Corners of a function that keeps each value until the next x."""
    xs: list[float] = []
    ys: list[float | None] = []
    for k, (a, b) in enumerate(zip(x, y, strict=True)):
        if k:
            xs.append(a)
            ys.append(ys[-1])
        xs.append(a)
        ys.append(b)
    return xs, ys


def _color(s: Series, place: int, styles: Mapping[str, CategoryStyle] | None) -> str:
    if not s.role.startswith("group:"):
        return PALETTE.follow_up
    style = (styles or {}).get(s.name)
    return style.color if style else CATEGORY_COLORS[place % len(CATEGORY_COLORS)]


def _faint(color: str) -> str:
    red, green, blue = rgb(color)
    return f"rgba({red},{green},{blue},0.13)"


def _short(name: str, most: int = 14) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _apart(notes: list[dict[str, Any]], ends: list[float], top: float, medium: Medium) -> None:
    """Names at the ends at least 1.35 of their size apart, in the order of the ends."""
    px = (HEIGHT - 80) / max(top, 1e-9)
    lowest = -math.inf
    for k in sorted(range(len(ends)), key=ends.__getitem__):
        at = max(ends[k] * px, lowest + 1.35 * medium.text)
        notes[k]["yshift"] = at - ends[k] * px
        lowest = at


def _moment(m: Moment) -> str:
    years = round(m.days / DAYS_PER_YEAR)
    ends = "" if m.low is None or m.high is None else f" (95% CI {number(100 * m.low, 1)} to {number(100 * m.high, 1)})"
    return f"{number(100 * m.value, 1)}%{ends} at {years} year{'' if years == 1 else 's'}"
