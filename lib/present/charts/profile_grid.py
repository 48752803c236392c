"""The health profile grid: rank of the state before against rank after; above the diagonal is better."""

from __future__ import annotations

from typing import Any

from lib.catalog.eq5d import describe
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import at_time, count, plural, share
from lib.stats.health_states import CommonStates, ProfileChange, ProfileGrid
from lib.stats.results import NotComputed

HEIGHT = 420
_LOOK: dict[ProfileChange, tuple[str, str, str]] = {
    ProfileChange.BETTER: ("Better", "circle", PALETTE.improved),
    ProfileChange.MIXED: ("Mixed", "square", PALETTE.axis),
    ProfileChange.SAME: ("Same, with problems", "circle-open", PALETTE.unchanged),
    ProfileChange.NO_PROBLEMS: ("No problems at both", "circle-open", PALETTE.improved),
    ProfileChange.WORSE: ("Worse", "diamond", PALETTE.worsened),
}


def grid_data(found: ProfileGrid | NotComputed, time_points: tuple[str, str], title: str, finding: str) -> ChartData:
    """One series per kind of change; x the rank before, y the rank after, 1 the best of all states."""
    points = () if isinstance(found, NotComputed) else found.points
    series = []
    for kind, (name, _, _) in _LOOK.items():
        here = [p for p in points if p.change is kind]
        series.append(
            Series(
                name,
                kind.name.lower(),
                tuple(p.after_rank for p in here),
                x=tuple(p.before_rank for p in here),
                n=tuple(p.count for p in here),
            )
        )
    worst = 243 if isinstance(found, NotComputed) else found.states
    ticks = (1.0, *(float(worst * k // 4 + (k < 4)) for k in (1, 2, 3, 4)))
    x = Axis(f"rank {at_time(time_points[0])}", worst, 1, "worst state", "best state", ticks)
    y = Axis(f"rank {at_time(time_points[1])}", worst, 1, "worst state", "best state", ticks)
    n = 0 if isinstance(found, NotComputed) else found.n
    return ChartData("scatter", title, finding, (), tuple(series), n, x=x, y=y)


def grid_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """420 px high whatever it holds; the area of a mark grows with its patients."""
    assert data.x is not None
    assert data.y is not None
    looks = {name: (symbol, color) for name, symbol, color in _LOOK.values()}
    traces = []
    for s in data.series:
        symbol, color = looks[s.name]
        counts = s.n or ()
        words = [
            f"{s.name}: {plural(k, 'patient')}<br>rank {x:g} before, {y:g} after"
            for k, x, y in zip(counts, s.x or (), s.values, strict=True)
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": list(s.x or ()),
                "y": list(s.values),
                "marker": {
                    "symbol": symbol,
                    "color": color,
                    "opacity": 0.8,
                    "size": [medium.mark(min(9 * k**0.5, 40)) for k in counts],
                    "line": {"width": 1.5, "color": color if symbol.endswith("open") else PALETTE.page},
                },
                "text": words,
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    room = float(data.x.low) / 27
    ends = [float(data.x.low) + room, -room + 1]
    axis = {"range": ends, "tickvals": list(data.x.ticks), "showgrid": True, "showline": False}
    corner = {"xref": "paper", "yref": "paper", "font": {"size": medium.note, "color": PALETTE.improved}}
    notes = [
        corner | {"x": 0.01, "y": 0.99, "xanchor": "left", "yanchor": "top", "text": "better after"},
        corner
        | {"x": 0.99, "y": 0.01, "xanchor": "right", "yanchor": "bottom", "text": "worse after"}
        | {"font": {"size": medium.note, "color": PALETTE.worsened}},
    ]
    titles = {"font": {"size": medium.note, "color": PALETTE.muted}}
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=HEIGHT,
            margin={"l": 40, "r": 8, "t": 8, "b": 48},
            xaxis=axis | {"title": {"text": f"{data.x.title}: worst left, best right"} | titles},
            yaxis=axis,
            annotations=notes,
            shapes=[
                {"type": "line", "x0": ends[0], "x1": ends[1], "y0": ends[0], "y1": ends[1], "layer": "below"}
                | {"line": {"color": PALETTE.ink, "width": 1}}
            ],
        ),
    }


# The commonest health states at one time point: digits, a bar, patients; on hover in our own plain words.

ROW, MOST = 30, 10
_LEFT, _RIGHT = 58, 34


def states_data(found: CommonStates | NotComputed, title: str, finding: str, five: bool = False) -> ChartData:
    """Categories are the states; values and n the patients in each, labels the state in plain words."""
    states = () if isinstance(found, NotComputed) else found.states
    series = Series(
        "Patients",
        "all",
        tuple(float(s.count) for s in states),
        labels=tuple(plain_words(s.state, five) for s in states),
        n=tuple(s.count for s in states),
    )
    n = 0 if isinstance(found, NotComputed) else found.n
    notes = () if isinstance(found, NotComputed) or not found.others else (others_words(found),)
    return ChartData("bars", title, finding, tuple(s.state for s in states), (series,), n, notes=notes)


def others_words(found: CommonStates) -> str:
    """ "9 of 29 (31.0%) are in one of 8 other states"."""
    left = found.distinct - len(found.states)
    other = "another state" if left == 1 else f"one of {count(left)} other states"
    return f"{share(found.others, found.n)} are in {other}"


def plain_words(state: str, five: bool = False) -> str:
    """A state as five digits in plain words."""
    levels = [int(digit) for digit in state]
    return describe(levels, 5 if five else 3)


def states_figure(data: ChartData, widest: int, color: str, medium: Medium = SCREEN) -> dict[str, Any]:
    """Ten rows of 30 px whatever it holds. `widest`: patients that fill the width, shared by both time points."""
    values = data.series[0].n or ()
    places = [ROW * i + ROW / 2 for i in range(len(values))]
    notes = []
    for y, state, k in zip(places, data.categories, values, strict=True):
        at = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -8, "y": y, "text": state}
        notes.append(at | {"font": {"size": medium.text, "color": PALETTE.ink}})
        at = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": _RIGHT - 2, "y": y, "text": f"<b>{count(k)}</b>"}
        notes.append(at | {"font": {"size": medium.text, "color": PALETTE.ink}})
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": list(values),
        "width": 16,
        "marker": {"color": color},
        "customdata": [
            [state, words.replace("; ", "<br>")]
            for state, words in zip(data.categories, data.series[0].labels or (), strict=True)
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    }
    return {
        "data": [bars],
        "layout": theme.layout(
            medium,
            height=ROW * MOST,
            margin={"l": _LEFT, "r": _RIGHT, "t": 0, "b": 0},
            xaxis={"range": [0, max(widest, 1)], "visible": False},
            yaxis={"range": [ROW * MOST, 0], "visible": False},
            annotations=notes,
        ),
    }
