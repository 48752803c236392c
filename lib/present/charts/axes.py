"""Axes that do not move: their range comes from the scale or the whole cohort, never from the selection."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lib.analysis import default_threshold
from lib.cohort.cohort import BASELINE, Cohort, Statement
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.present.chart_data import Axis, Reference
from lib.present.theme import PALETTE, Medium
from lib.present.wording import for_plotly
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed


def score_axis(cohort: Cohort, measure: Measure, follow_up: str) -> Axis:
    """The axis of a score: the ends of its scale, or the cohort's smallest and largest value where they are open."""
    low, high = _span(cohort, measure, follow_up)
    if measure.low is not None and measure.high is not None:
        low, high = float(measure.low), float(measure.high)
        return Axis(measure.label, low, high, ticks=_three(low, high))
    step = nice_step(high - low, 4)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return Axis(measure.label, low, high, ticks=_three(low, high))


def improvement_axis(cohort: Cohort, measure: Measure, follow_up: str) -> Axis:
    """The axis of an individual improvement over the whole cohort; worse at the left, better at the right."""
    pairs = cohort.pairs(measure.key, BASELINE, follow_up)
    threshold = default_threshold(measure)
    reach = float(threshold.value) if threshold else 0.0
    values = pairs.improvement
    low = min(float(values.min()) if pairs.n else 0.0, -reach)
    high = max(float(values.max()) if pairs.n else 0.0, reach)
    step = nice_step(high - low, 7)
    ticks = tuple(round(k * step, 10) for k in range(math.floor(low / step), math.ceil(high / step) + 1))
    pad = step * 0.6
    return Axis("improvement", min(low, ticks[0]) - pad, max(high, ticks[-1]) + pad, "worse", "better", ticks)


def nice_step(span: float, parts: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that cuts `span` into at most about `parts` parts."""
    if span <= 0:
        return 1.0
    rough = span / parts
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999))


def _span(cohort: Cohort, measure: Measure, follow_up: str) -> tuple[float, float]:
    ends: list[float] = []
    for time_point in (BASELINE, follow_up):
        if cohort.has_scores(measure.key, time_point):
            counts = cohort.counts(measure.key, time_point)
            known = counts[counts != MISSING]
            if len(known):
                ends += [float(known.min()), float(known.max())]
    scale = float(measure.resolution)
    return (min(ends) * scale, max(ends) * scale) if ends else (0.0, 1.0)


def _three(low: float, high: float) -> tuple[float, ...]:
    """Both ends and a round middle: enough to read a dot by."""
    if low < 0 < high:
        return (0.0, high / 2, high)
    middle = (low + high) / 2
    if high - low > 2 and round(middle, 1) != middle:  # 23.5668 is no number to read a dot by
        middle = round(middle / nice_step(high - low, 4)) * nice_step(high - low, 4)
    return (low, middle, high)


# Which statements share a chart, and in which order they stand.

Order = Literal["file", "agreement", "name"]


def same_scale(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Statements with the same levels together, groups in the order of their first statement."""
    groups: dict[tuple[tuple[str, ...], bool], list[Statement]] = {}
    for statement in statements:
        groups.setdefault((statement.levels, statement.reverse), []).append(statement)
    return list(groups.values())


def sorted_rows(
    statements: Sequence[Statement], results: Mapping[str, LikertResult | NotComputed], order: Order
) -> tuple[tuple[str, LikertResult | NotComputed], ...]:
    """(name, result) rows in that order."""
    return tuple((s.short or s.label, results[s.key]) for s in in_order(statements, results, order))


def in_order(
    statements: Sequence[Statement], results: Mapping[str, LikertResult | NotComputed], order: Order
) -> tuple[Statement, ...]:
    """Statements as the file has them, by falling agreement (no answers last), or by name."""
    if order == "name":
        return tuple(sorted(statements, key=lambda s: (s.short or s.label).casefold()))
    if order == "agreement":

        def agreement(statement: Statement) -> float:
            found = results[statement.key]
            return -found.top_two.share if isinstance(found, LikertResult) else 1.0

        return tuple(sorted(statements, key=agreement))
    return tuple(statements)


# Lines and words that several charts share: no change, threshold, the ends of an axis in words.

_LINES = {
    "zero": (PALETTE.ink, "solid", 1.5),
    "threshold": (PALETTE.accent, "dash", 1.5),
    "overall": (PALETTE.muted, "dot", 1.5),
}


def vertical_line(reference: Reference, medium: Medium, y1: float = 1.0) -> dict[str, Any]:
    """The shape of a reference at an x, over the height of the plot (up to y1 of it)."""
    color, dash, width = _LINES[reference.role]
    return {"type": "line", "x0": reference.value, "x1": reference.value, "y0": 0, "y1": y1, "yref": "paper"} | {
        "line": {"color": color, "dash": dash, "width": medium.mark(width)}
    }


def hairline(y: float) -> dict[str, Any]:
    """Between two rows, over the whole width, under everything: marks belong to one label only."""
    return {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y, "layer": "below"} | {
        "line": {"color": PALETTE.hairline, "width": 1}
    }


def label_above(reference: Reference, medium: Medium, side: str) -> dict[str, Any]:
    """Its name above the plot, pointing to `side` ("left" or "right") so that two names never meet."""
    color = PALETTE.accent if reference.role == "threshold" else PALETTE.muted
    anchor, shift = ("right", -2) if side == "left" else ("left", 2)
    return {"x": reference.value, "y": 1, "yref": "paper", "yanchor": "bottom", "text": reference.label} | {
        "xanchor": anchor,
        "xshift": shift,
        "font": {"size": medium.axis, "color": color},
    }


def end_words(axis: Axis, medium: Medium, y: float) -> list[dict[str, Any]]:
    """ "← worse" at the left and "better →" at the right of an axis, with its title between them."""
    place = {"xref": "paper", "yref": "paper", "y": y, "yanchor": "top"}
    return [
        place
        | {"x": 0, "xanchor": "left", "text": f"← {for_plotly(axis.low_words)}"}
        | _font(medium, PALETTE.worsened),
        place | {"x": 0.5, "xanchor": "center", "text": for_plotly(axis.title)} | _font(medium, PALETTE.muted),
        place
        | {"x": 1, "xanchor": "right", "text": f"{for_plotly(axis.high_words)} →"}
        | _font(medium, PALETTE.improved),
    ]


def axis_title(led_by: str, measure: Measure) -> str:
    """Of an axis of improvement, with the estimate that is drawn where it is not the mean."""
    name = "pseudomedian improvement" if led_by == "pseudomedian" else "improvement"
    return f"{name}, {measure.unit}" if measure.unit else name


def _font(medium: Medium, color: str) -> dict[str, Any]:
    return {"font": {"size": medium.axis, "color": color}}


def interval_traces(
    interval: tuple[float, float], y: float, axis: Axis, pen: tuple[str, float], medium: Medium
) -> list[dict[str, Any]]:
    """An interval as a line of this colour and width; it ends where the scale ends, with an arrow."""
    low, high = max(interval[0], axis.low), min(interval[1], axis.high)
    if low > high:
        return []
    color, width = pen
    place = {"type": "scatter", "y": [y], "hoverinfo": "skip", "cliponaxis": False}
    line = place | {"mode": "lines", "x": [low, high], "y": [y, y]}
    arrows = (("triangle-left", low, interval[0] < axis.low), ("triangle-right", high, interval[1] > axis.high))
    return [line | {"line": {"color": color, "width": medium.mark(width)}}] + [
        place
        | {"mode": "markers", "x": [end]}
        | {"marker": {"symbol": symbol, "size": medium.mark(10 if width > 2 else 8), "color": color}}
        for symbol, end, beyond in arrows
        if beyond
    ]


LEAST_PLOT = 270
"""In px: names and values stand in columns of their own where as much is left for the plot between them."""


def in_columns(
    layout: dict[str, Any], notes: Sequence[dict[str, Any]], shapes: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The layout with what takes its place where there is room: notes at the left end (x 0) and the right end (x 1) of
    the paper move into columns as wide as their longest text. A phone keeps them above the marks.

    lib/ui/live_chart/live_chart.js chooses; a picture made elsewhere has the narrow form.
    """
    columns = {
        side: max((_letters(n["text"]) * 6.8 for n in notes if _ends_at(n, x)), default=0) + 14
        for side, x in (("l", 0), ("r", 1))
    }
    moved = [
        n | {"xshift": -columns["l"] if _ends_at(n, 0) else columns["r"]} if _ends_at(n, 0) or _ends_at(n, 1) else n
        for n in notes
    ]
    wide = {"margin": {**layout["margin"], **columns}, "annotations": moved, "shapes": list(shapes)}
    return {**layout, "meta": {"wide": {"from": LEAST_PLOT + sum(columns.values()), "layout": wide}}}


def _ends_at(note: Mapping[str, Any], x: int) -> bool:
    anchor = "right" if x else "left"
    return note.get("xref") == "paper" and note.get("x") == x and note.get("xanchor") == anchor and "yref" not in note


def _letters(text: str) -> int:
    return len(re.sub("<[^>]*>", "", html.unescape(text)))
