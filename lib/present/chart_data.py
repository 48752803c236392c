"""What a chart shows, before anyone draws it. Screen, slide, sheet and text alternative read the same object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "pairs of means",
    "lines per patient",
    "dots",
    "histogram",
    "curve",
    "stacked bars",
    "bars",
    "forest",
    "scatter",
    "waterfall",
    "flow",
    "incidence",
    "trend",
    "watch",
    "funnel",
    "in order",
]


@dataclass(frozen=True, slots=True)
class Axis:
    """A fixed axis. The range comes from the whole cohort or the scale, never from the selection: nothing jumps."""

    title: str
    low: float
    high: float
    low_words: str = ""
    high_words: str = ""
    ticks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A line at a value: no change, a threshold, the overall mean."""

    value: float
    label: str
    axis: Literal["x", "y"]
    role: str = "zero"


@dataclass(frozen=True, slots=True)
class Series:
    """One series. All tuples have one length.

    Attributes:
        name: shown to the user.
        role: what the theme colours it as ("baseline", "follow-up", "improved", "unchanged", "worsened", "all",
            "level:0" for an answer, "group:0" for a category).
        values: the value of each category, or the y of each point; None where not computed.
        x: the x of each point, for charts whose x is a number.
        low, high: interval of each value.
        n: number of patients behind each value.
        labels: the text beside each value.
        rows: row number (as Excel shows it) when each value is one patient; never an id.
    """

    name: str
    role: str
    values: tuple[float | None, ...]
    x: tuple[float, ...] | None = None
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None
    n: tuple[int, ...] | None = None
    labels: tuple[str, ...] | None = None
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChartData:
    """A chart as data.

    Attributes:
        kind: which of the few anatomies draws it.
        title: what is drawn ("Individual changes"); the heading of its card.
        finding: one neutral sentence with its numbers: text alternative, slide title.
        categories: names along the category axis, () for charts of two numbers.
        n: patients in the chart.
        notes: short sentences under the chart.
    """

    kind: Kind
    title: str
    finding: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    n: int
    x: Axis | None = None
    y: Axis | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
