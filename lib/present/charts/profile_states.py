"""The commonest health states at one time point: digits, a bar, patients; on hover in our own plain words."""

from __future__ import annotations

from typing import Any

from lib.measures.eq5d import describe
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, share
from lib.stats.profiles import CommonStates
from lib.stats.results import NotComputed

ROW, MOST = 30, 10
_LEFT, _RIGHT = 58, 34


def states_data(found: CommonStates | NotComputed, title: str, finding: str) -> ChartData:
    """Categories are the states; values the share of patients, n the patients."""
    states = () if isinstance(found, NotComputed) else found.states
    series = Series(
        "Patients",
        "all",
        tuple(float(s.count) for s in states),
        labels=tuple(plain_words(s.state) for s in states),
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


def plain_words(state: str) -> str:
    """A state as five digits in plain words."""
    return describe([int(digit) for digit in state])


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
