"""EQ-5D dimensions: levels before above levels after, and at the right who moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.analysis.eq5d import Dimensions
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium, label_on, likert_ramp
from lib.present.wording import count, for_plotly, plural
from lib.stats.health_states import PchcResult
from lib.stats.likert import whole_percents
from lib.stats.results import NotComputed
from lib.stats.yes_no import DimensionMoves

ROW, HEAD = 86, 4
LEVEL_WORDS = ("3 serious trouble", "2 some trouble", "1 no trouble")
"""Levels as they stand in the bar, the worst at the left, in our own words."""
LEVEL_WORDS_OF_FIVE = (
    "5 the worst trouble",
    "4 serious trouble",
    "3 moderate trouble",
    "2 slight trouble",
    LEVEL_WORDS[-1],
)
MOVED = ("moved better", "moved nowhere", "moved worse")
_LEFT, _RIGHT = 96, 84
_BAR = 21
_NAME_AT, _BEFORE_AT, _AFTER_AT = 12, 36, 61
_SMALLEST_LABEL = 0.07
_LONGEST = 14


def level_words(levels: int) -> tuple[str, ...]:
    """The key of the bars, the worst level first."""
    return LEVEL_WORDS_OF_FIVE if levels > len(LEVEL_WORDS) else LEVEL_WORDS


def dimensions_data(
    found: Dimensions, names: Sequence[str], time_points: tuple[str, str], title: str, finding: str
) -> ChartData:
    """Two categories per dimension ("Mobility: Before", "Mobility: 12 months"); every level, and who moved."""
    moves = [r.moves if isinstance(r.moves, DimensionMoves) else None for r in found.rows]
    levels = next((len(m.before) for m in moves if m), 3)
    bars = [side for m in moves for side in ((m.before, m.after) if m else (None, None))]
    labels = [whole_percents(b) if b else () for b in bars]
    series = [
        Series(
            words,
            f"level:{k}",
            tuple(float(b[levels - 1 - k]) if b else None for b in bars),
            n=tuple(sum(b) if b else 0 for b in bars),
            labels=tuple(f"{p[levels - 1 - k]}%" if p else "" for p in labels),
        )
        for k, words in enumerate(level_words(levels))
    ]
    for role, name, pick in zip(MOVED, ("Better", "Same", "Worse"), ("better", "same", "worse"), strict=True):
        values = [v for m in moves for v in (None, float(getattr(m, pick)) if m else None)]
        series.append(Series(name, role, tuple(values)))
    categories = tuple(f"{name}: {o}" for name in names for o in time_points)
    n = max((m.n for m in moves if m), default=0)
    return ChartData("stacked bars", title, finding, categories, tuple(series), n)


def dimensions_figure(
    data: ChartData, names: Sequence[str], time_points: tuple[str, str], medium: Medium = SCREEN
) -> dict[str, Any]:
    """86 px a dimension: name, bar before, bar after; "14 better, 11 same, 4 worse" at the right in their colours."""
    levels = [s for s in data.series if s.role.startswith("level:")]
    places = [HEAD + ROW * d + at for d in range(len(names)) for at in (_BEFORE_AT, _AFTER_AT)]
    totals = [sum((s.values[i] or 0.0) for s in levels) for i in range(len(places))]
    left = [0.0] * len(places)
    traces = []
    for s, color in zip(levels, likert_ramp(len(levels)), strict=True):
        widths = [(v or 0) / t if t else 0.0 for v, t in zip(s.values, totals, strict=True)]
        traces.append(_segments(s, places, widths, left, totals, color.fill, color.label, medium))
        left = [a + w for a, w in zip(left, widths, strict=True)]
    notes: list[dict[str, Any]] = []
    for d, name in enumerate(names):
        top = HEAD + ROW * d
        at = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -_LEFT + 2}
        notes.append(at | {"y": top + _NAME_AT, "text": f"<b>{for_plotly(name)}</b>", "font": {"size": medium.text}})
        at = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -8}
        for words, y in zip(time_points, (_BEFORE_AT, _AFTER_AT), strict=True):
            font = {"size": medium.note, "color": PALETTE.muted}
            notes.append(at | {"y": top + y, "text": for_plotly(_cut(words)), "font": font})
        notes += _moved(data, d, top, medium)
    height = HEAD + ROW * len(names)
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin={"l": _LEFT, "r": _RIGHT, "t": 0, "b": 0},
            barmode="overlay",
            uniformtext={"minsize": 11, "mode": "hide"},
            xaxis={"range": [0, 1], "visible": False},
            yaxis={"range": [height, 0], "visible": False},
            annotations=notes,
        ),
    }


def _moved(data: ChartData, d: int, top: float, medium: Medium) -> list[dict[str, Any]]:
    colors = {"moved better": PALETTE.improved, "moved nowhere": PALETTE.muted, "moved worse": PALETTE.worsened}
    words = {"moved better": "better", "moved nowhere": "same", "moved worse": "worse"}
    notes = []
    for line, role in enumerate(MOVED):
        values = next((s.values for s in data.series if s.role == role), None)
        value = None if values is None else values[2 * d + 1]
        if value is None:
            continue
        at = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": _RIGHT - 4, "y": top + 30 + 18 * line}
        text = f"<b>{count(int(value))}</b> {words[role]}"
        notes.append(at | {"text": text, "font": {"size": medium.axis, "color": colors[role]}})
    return notes


def _segments(
    series: Series,
    y: Sequence[float],
    widths: list[float],
    base: list[float],
    totals: Sequence[float],
    fill: str,
    ink: str,
    medium: Medium,
) -> dict[str, Any]:
    texts = [
        (count(int(v or 0)) if t < 20 else label.removesuffix("%")) if w >= _SMALLEST_LABEL else ""
        for v, w, t, label in zip(series.values, widths, totals, series.labels or (), strict=True)
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(y),
        "x": widths,
        "base": list(base),
        "width": _BAR,
        "text": texts,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": medium.axis, "color": ink},
        "marker": {"color": fill},
        "customdata": [[int(v or 0), p] for v, p in zip(series.values, series.labels or (), strict=True)],
        "hovertemplate": f"Level {series.name}: %{{customdata[0]}} (%{{customdata[1]}})<extra></extra>",
    }


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


# Paretian change of health states: worse, mixed, same, better, for all and per group.

CHANGE_ROW = 58
CLASSES: tuple[tuple[str, str, str], ...] = (
    ("worse", "Worse", PALETTE.worsened),
    ("mixed", "Mixed", "#E8CDB8"),
    ("same_with_problems", "Same, with problems", PALETTE.unchanged_fill),
    ("no_problems", "No problems at both", "#A9D0D8"),
    ("better", "Better", PALETTE.improved),
)
"""Field of `PchcResult`, name and colour, from the left; order and names are signs beside the colours."""

_SMALLEST_CHANGE_LABEL = 0.05


def changes_data(rows: Sequence[tuple[str, PchcResult | NotComputed]], title: str, finding: str) -> ChartData:
    """One row for all and one per group; a count per class."""
    found = [r if isinstance(r, PchcResult) else None for _, r in rows]
    series = tuple(
        Series(
            name,
            f"level:{k}",
            tuple(float(getattr(r, field)) if r else None for r in found),
            n=tuple(r.n if r else 0 for r in found),
        )
        for k, (field, name, _) in enumerate(CLASSES)
    )
    names = tuple(name for name, _ in rows)
    return ChartData("stacked bars", title, finding, names, series, max((r.n for r in found if r), default=0))


def changes_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """58 px a row: name and n above the bar, counts in it."""
    rows = len(data.categories)
    n = [(data.series[0].n or ())[i] for i in range(rows)]
    left = [0.0] * rows
    traces = []
    for s, (_, name, fill) in zip(data.series, CLASSES, strict=True):
        widths = [(v or 0) / k if k else 0.0 for v, k in zip(s.values, n, strict=True)]
        texts = [
            count(int(v or 0)) if w >= _SMALLEST_CHANGE_LABEL else "" for v, w in zip(s.values, widths, strict=True)
        ]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [CHANGE_ROW * i + 38 for i in range(rows)],
                "x": widths,
                "base": list(left),
                "width": 25,
                "text": texts,
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"size": medium.text, "color": label_on(fill)},
                "marker": {"color": fill},
                "customdata": [int(v or 0) for v in s.values],
                "hovertemplate": f"{name}: %{{customdata}}<extra></extra>",
            }
        )
        left = [a + w for a, w in zip(left, widths, strict=True)]
    notes = []
    for i, name in enumerate(data.categories):
        at = {"xref": "paper", "y": CHANGE_ROW * i + 13}
        notes.append(at | {"x": 0, "xanchor": "left", "text": for_plotly(name), "font": {"size": medium.text}})
        words = plural(n[i], "patient") if n[i] else "nobody with both states"
        font = {"size": medium.axis, "color": PALETTE.muted}
        notes.append(at | {"x": 1, "xanchor": "right", "text": words, "font": font})
    height = CHANGE_ROW * rows
    layout = theme.layout(
        medium,
        height=height,
        margin={"l": 2, "r": 2, "t": 0, "b": 0},
        barmode="overlay",
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"range": [height, 0], "visible": False},
        annotations=notes,
    )
    return {"data": traces, "layout": layout}
