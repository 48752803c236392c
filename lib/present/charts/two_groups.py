"""Two groups for the back row: patients above, mean and interval below them, under a rule the difference they make."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.scores import BetweenScores
from lib.cohort.measure import Measure
from lib.present import theme
from lib.present.chart_data import ChartData, Reference
from lib.present.charts.axes import hairline, interval_traces, label_above, vertical_line
from lib.present.charts.distribution import stacked
from lib.present.charts.forest import GAP
from lib.present.theme import PALETTE, PROJECTOR, CategoryStyle, Medium
from lib.present.wording import NBSP, count, for_plotly, improvement, number, signed, signed_tick
from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST
from lib.stats.results import Estimate, Interval, NotComputed

MOST_DOTS = 60
"""Of a group: more of them would be a cloud."""
_COLUMNS = 23
_RULE, _TALLEST = 0.52, 2.72
"""Places along the rows: of the rule above the difference and of the upper end."""
_LONGEST_NAME, _LONGEST_LINE = 15, 42
_LEFT, _RIGHT, _TOP, _BOTTOM = 250, 215, 48, 44


@dataclass(frozen=True, slots=True)
class Difference:
    """Improvement of `second` minus that of `first`, adjusted for baseline; `reason` where there is no estimate."""

    first: str
    second: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    reason: str = ""


def difference_of(found: BetweenScores, measure: Measure) -> Difference:
    """The one contrast of two groups, positive where the second improved more, or the reason why there is none.

    Its interval is that of STATISTICS section 6, the same as in the title.
    """
    first, second = (*found.labels, "", "")[:2]
    if isinstance(found.ancova, NotComputed) or not found.contrasts:
        reason = found.ancova.reason if isinstance(found.ancova, NotComputed) else "too few to compare"
        return Difference(first, second, None, None, None, "", reason)
    contrast = found.contrasts[0]
    first = found.labels[contrast.first or 0]
    second = found.labels[contrast.second]
    if isinstance(contrast.difference, NotComputed):
        return Difference(first, second, None, None, None, "", contrast.difference.reason)
    gain: Estimate = improvement(contrast.difference, measure.sign)
    ends = gain.interval if isinstance(gain.interval, Interval) else None
    low, high = (ends.low, ends.high) if ends else (None, None)
    words = signed(gain.value, measure.decimals)
    if ends:
        words += f"{GAP}{number(ends.low, measure.decimals)} to {number(ends.high, measure.decimals)}"
    return Difference(first, second, gain.value, low, high, words)


def two_groups_figure(
    data: ChartData,
    comparison: Comparison,
    measure: str,
    follow_up: str,
    difference: Difference,
    styles: Mapping[str, CategoryStyle],
    medium: Medium = PROJECTOR,
) -> dict[str, Any]:
    """Both groups of a forest without its row of all, and the difference on the same axis under a rule.

    Below ten pairs a group is grey, thin and hollow, its patients large; below three there are the patients only.
    """
    assert data.x is not None
    own = data.series[0]
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for k, (label, analysis) in enumerate(comparison.groups):
        pairs = analysis.pairs(measure, follow_up)
        row, few = 2 - k, pairs.n < FEWEST_TO_TEST
        style = styles.get(label)
        color = style.color if style else PALETTE.follow_up
        if 0 < pairs.n <= MOST_DOTS:
            traces.append(_dots(pairs.improvement, pairs.source_rows, row, color, few, data, medium))
        place = data.categories.index(label)
        value = own.values[place]
        if value is not None and pairs.n >= FEWEST_COMPARED:
            ends = ((own.low or ())[place], (own.high or ())[place])
            pen = (PALETTE.baseline if few else color, 1.5 if few else 3.0)
            traces += _mark(value, ends, row - 0.24, pen, "square", few, data, medium)
        words = (own.labels or ("",) * len(data.categories))[place]
        notes += _row_words(label, f"n{NBSP}{count(pairs.n)}", words, row, few, medium)
    shapes = [_line(r, difference, medium) for r in data.references if r.role != "overall"]
    shapes.append(hairline(_RULE) | {"line": {"color": PALETTE.axis, "width": 2}, "layer": "above"})
    few = any(a.pairs(measure, follow_up).n < FEWEST_TO_TEST for _, a in comparison.groups)
    if difference.value is None:
        notes.append(
            _words(0.0, 0, "left", _folded(f"Difference not computed: {difference.reason}"), PALETTE.muted, medium)
        )
    else:
        if difference.low is not None and difference.high is not None:
            shapes.insert(0, _band(difference.low, difference.high, data))
        pen = (PALETTE.baseline if few else PALETTE.ink, 1.5 if few else 3.0)
        traces += _mark(difference.value, (difference.low, difference.high), 0.12, pen, "diamond", few, data, medium)
        notes += _row_words(
            "Difference,", "<b>adjusted</b>" if not few else "adjusted", difference.words, 0, few, medium
        )
        notes += _who_improved_more(difference, data, medium)
    named = sorted((r for r in data.references if r.role != "overall"), key=lambda r: r.value)
    notes += [label_above(r, medium, "left" if k == 0 and len(named) > 1 else "right") for k, r in enumerate(named)]
    layout = theme.layout(
        medium,
        height=medium.height,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        xaxis={
            "range": [data.x.low, data.x.high],
            "tickvals": list(data.x.ticks),
            "ticktext": [signed_tick(round(t, 4)) for t in data.x.ticks],
        },
        yaxis={"range": [-0.62, _TALLEST], "visible": False},
        shapes=shapes,
        annotations=notes,
    )
    return {"data": traces, "layout": layout}


def _dots(values: Any, rows: Any, row: int, color: str, few: bool, data: ChartData, medium: Medium) -> dict[str, Any]:
    """A dot per patient above the mean; equal values stand on each other, closer where there are many."""
    assert data.x is not None
    heights = stacked(values, data.x.low, data.x.high, _COLUMNS)
    step = min(0.17, 0.62 / max(1, int(np.max(heights, initial=0))))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(v) for v in values],
        "y": [row + step * float(h) for h in heights],
        "customdata": [int(r) for r in rows],
        "marker": {
            "size": medium.mark(14 if few else 10),
            "color": PALETTE.baseline if few else color,
            "opacity": 1 if few else 0.5,
        },
        "hovertemplate": "row %{customdata}: %{x:+}<extra></extra>",
        "cliponaxis": False,
    }


def _mark(
    value: float,
    ends: tuple[float | None, float | None],
    y: float,
    pen: tuple[str, float],
    symbol: str,
    few: bool,
    data: ChartData,
    medium: Medium,
) -> list[dict[str, Any]]:
    assert data.x is not None
    low, high = ends
    line = [] if low is None or high is None else interval_traces((low, high), y, data.x, pen, medium)
    if not data.x.low <= value <= data.x.high:
        return line
    face = {"size": medium.mark(10 if few else 14), "symbol": symbol, "color": PALETTE.page if few else pen[0]}
    face["line"] = {"color": pen[0], "width": medium.mark(1.5)}
    return [*line, {"type": "scatter", "mode": "markers", "x": [value], "y": [y], "marker": face, "hoverinfo": "skip"}]


def _line(reference: Reference, difference: Difference, medium: Medium) -> dict[str, Any]:
    """No change holds for the difference too, the threshold of a patient does not; words are never crossed."""
    line = vertical_line(reference, medium)
    whole = reference.role == "zero" and difference.value is not None
    return line if whole else line | {"yref": "y", "y0": _RULE, "y1": _TALLEST}


def _band(low: float, high: float, data: ChartData) -> dict[str, Any]:
    assert data.x is not None
    ends = (max(low, data.x.low), min(high, data.x.high))
    return {"type": "rect", "x0": ends[0], "x1": ends[1], "y0": -0.1, "y1": 0.34, "layer": "below"} | {
        "line": {"width": 0},
        "fillcolor": PALETTE.hairline,
    }


def _row_words(name: str, under: str, words: str, row: int, few: bool, medium: Medium) -> list[dict[str, Any]]:
    """Name with what stands under it at the left, estimate over its interval at the right."""
    value, _, interval = for_plotly(words).partition(GAP)
    color = PALETTE.muted if few else PALETTE.ink
    bold = ("", "") if few else ("<b>", "</b>")
    left = f"{bold[0]}{for_plotly(_cut(name))}{bold[1]}<br>{under}"
    right = "<br>".join(_fold(value, 13)) if not interval else f"{bold[0]}{value}{bold[1]}<br>{interval}"
    return [
        _words(row, 0, "left", left, color, medium) | {"xref": "paper", "xshift": -_LEFT},
        _words(row, 1, "right", right, color, medium) | {"xref": "paper", "xshift": _RIGHT, "align": "right"},
    ]


def _words(y: float, x: float, side: str, text: str, color: str, medium: Medium) -> dict[str, Any]:
    place = {"x": x, "xref": "paper", "xanchor": side, "y": y, "align": side, "text": text}
    return place | {"font": {"size": medium.text, "color": color}, "xshift": -_LEFT if side == "left" else 0}


def _who_improved_more(difference: Difference, data: ChartData, medium: Medium) -> list[dict[str, Any]]:
    """Under the difference: whose side of zero is which, pointing away from zero."""
    font = {"font": {"size": medium.axis, "color": PALETTE.muted}, "y": -0.42, "x": 0, "xref": "x"}
    return [
        font | {"xanchor": "right", "xshift": -8, "text": f"← {for_plotly(_cut(difference.first))}"},
        font | {"xanchor": "left", "xshift": 8, "text": f"{for_plotly(_cut(difference.second))} improved more →"},
    ]


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"


def _folded(text: str) -> str:
    return "<br>".join(for_plotly(line) for line in _fold(text, _LONGEST_LINE + 22))


def _fold(text: str, most: int) -> list[str]:
    return textwrap.wrap(text, most) or [""]
