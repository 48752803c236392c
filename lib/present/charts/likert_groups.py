"""Statements by group: a thin bar for all and one per group, so that 13 patients stand beside 4 honestly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import Statement
from lib.present import theme
from lib.present.chart_data import ChartData
from lib.present.charts.likert_bars import likert_data
from lib.present.theme import PALETTE, SCREEN, Medium, likert_ramp
from lib.present.wording import count, for_plotly
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed

HEADING, BAR, GAP = 28, 28, 12
_THICKNESS = 21
_LEFT, _RIGHT, _RIGHT_WIDE = 132, 74, 96
_LINE, _LONGEST = 19, 38
_SMALLEST_LABEL = 0.08

Block = tuple[str, Sequence[tuple[str, LikertResult | NotComputed]]]


def statement_blocks(comparison: Comparison, statements: Sequence[Statement], time: str) -> list[Block]:
    """A block per statement: its short name, and the answers of all and of every group."""
    return [
        (s.short or s.label, [(label, group.statement(s.key, time)) for label, group in comparison.rows])
        for s in statements
    ]


def groups_data(blocks: Sequence[Block], statement: Statement, title: str, finding: str) -> ChartData:
    """One block per statement: its name and (group, result) rows, "all" first. All share the scale of `statement`.

    Categories are "statement: group"; every block must have the same groups.
    """
    rows = tuple((f"{name}: {group}", found) for name, listed in blocks for group, found in listed)
    return likert_data(rows, statement, title, finding)


def groups_figure(data: ChartData, blocks: Sequence[Block], medium: Medium = SCREEN) -> dict[str, Any]:
    """Height depends on the number of statements and groups only. 100% bars: groups differ in n, shares compare."""
    levels = [s for s in data.series if s.role.startswith("level:")]
    top = next(s for s in data.series if s.role == "top two")
    tops = [_top(b, blocks) for b in range(len(blocks) + 1)]
    places = [tops[b] + HEADING + BAR * i + BAR / 2 for b, (_, listed) in enumerate(blocks) for i in range(len(listed))]
    totals = [sum((s.values[i] or 0) for s in levels) for i in range(len(places))]
    traces = []
    left = [0.0] * len(places)
    for s, color in zip(levels, likert_ramp(len(levels)), strict=True):
        widths = [(v or 0) / t if t else 0.0 for v, t in zip(s.values, totals, strict=True)]
        # patients everywhere: percent beside counts in one column of bars would be misread
        texts = [count(int(v or 0)) if w >= _SMALLEST_LABEL else "" for v, w in zip(s.values, widths, strict=True)]
        traces.append(_segments(s.name, places, widths, left, texts, color.fill, color.label, medium, s.values))
        left = [a + w for a, w in zip(left, widths, strict=True)]
    right = _RIGHT_WIDE if max((n for n in (top.n or ())), default=0) >= 1000 else _RIGHT
    notes = []
    for b, (name, _) in enumerate(blocks):
        at = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -_LEFT + 2}
        notes.append(_note(f"<b>{for_plotly(name)}</b>", at, tops[b] + HEADING / 2, medium.text, PALETTE.ink))
    groups = [group for _, listed in blocks for group, _ in listed]
    for i, (group, y) in enumerate(zip(groups, places, strict=True)):
        at = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -8}
        notes.append(
            _note("<br>".join(map(for_plotly, _lines(group))), at, y, _size(group, medium), PALETTE.ink)
            | {"hovertext": for_plotly(group), "align": "right"}
        )
        words = (top.labels or ())[i]
        at = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": right - 4}
        notes.append(_note(words, at, y, medium.note + 1, PALETTE.ink if totals[i] >= 10 else PALETTE.muted))
    height = int(tops[-1])
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=height,
            margin={"l": _LEFT, "r": right, "t": 0, "b": 0},
            barmode="overlay",
            uniformtext={"minsize": 10, "mode": "hide"},
            xaxis={"range": [0, 1], "visible": False},
            yaxis={"range": [height, 0], "visible": False},
            annotations=notes,
        ),
    }


def _top(block: int, blocks: Sequence[Block]) -> float:
    """Where a block begins, in px from the top; the last number is the height."""
    return sum(HEADING + BAR * len(listed) + GAP for _, listed in blocks[:block])


def _segments(
    name: str,
    y: list[float],
    widths: list[float],
    base: list[float],
    texts: list[str],
    fill: str,
    ink: str,
    medium: Medium,
    values: tuple[float | None, ...],
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": y,
        "x": widths,
        "base": list(base),
        "width": _THICKNESS,
        "text": texts,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": medium.note, "color": ink},
        "marker": {"color": fill},
        "customdata": [int(v or 0) for v in values],
        "hovertemplate": f"{for_plotly(name)}: %{{customdata}}<extra></extra>",
    }


def _lines(name: str) -> tuple[str, ...]:
    """A long name in two lines, broken between words where it can be; only what fills both is cut."""
    if len(name) <= _LINE:
        return (name,)
    cut = name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
    space = cut.rfind(" ", 0, _LINE + 1)
    first = cut[:space] if space > 0 else cut[:_LINE]
    rest = cut[len(first) :].strip()
    return (first, rest if len(rest) <= _LINE else rest[: _LINE - 1].rstrip() + "…")


def _size(name: str, medium: Medium) -> int:
    """Two lines stand within the height of one bar."""
    return medium.note + 1 if len(name) <= _LINE else medium.note - 1


def _note(text: str, place: dict[str, Any], y: float, size: int, color: str) -> dict[str, Any]:
    return place | {"y": y, "text": text, "font": {"size": size, "color": color}}
