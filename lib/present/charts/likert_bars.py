"""Likert bars: one row per statement, diverging around neutral or as 100%, top two and n at the right."""

from __future__ import annotations

from typing import Any, Literal

from lib.cohort.cohort import Statement
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.escape import for_plotly
from lib.present.theme import PALETTE, SCREEN, Medium, likert_ramp
from lib.present.wording import percent
from lib.stats.likert import LikertResult
from lib.stats.results import Interval, NotComputed

ROW = 60
Layout = Literal["diverging", "100%"]
_SMALLEST_LABEL = 0.08


def likert_data(
    rows: tuple[tuple[str, LikertResult | NotComputed], ...], statement: Statement, title: str, finding: str
) -> ChartData:
    """Statements (or categories) that share one answer scale: counts and whole percents per level, top two per row.

    `statement` gives the names of the levels; every row must have been answered on them.
    """
    found = [r if isinstance(r, LikertResult) else None for _, r in rows]
    series = [
        Series(
            level,
            f"level:{k}",
            tuple(float(r.counts[k]) if r else None for r in found),
            n=tuple(r.n if r else 0 for r in found),
            labels=tuple(f"{r.whole_percents[k]}%" if r else "" for r in found),
        )
        for k, level in enumerate(statement.levels)
    ]
    ends = [r.top_two.interval if r and isinstance(r.top_two.interval, Interval) else None for r in found]
    series.append(
        Series(
            "Best two answers" if len(statement.levels) > 3 else "Best answer",
            "top two",
            tuple(r.top_two.share if r else None for r in found),
            low=tuple(i.low if i else None for i in ends),
            high=tuple(i.high if i else None for i in ends),
            n=tuple(r.n if r else 0 for r in found),
            labels=tuple(f"{r.top_two.count} of {r.n}" if r else "no answers" for r in found),
        )
    )
    names = tuple(name for name, _ in rows)
    return ChartData("stacked bars", title, finding, names, tuple(series), max((r.n for r in found if r), default=0))


def likert_figure(
    data: ChartData, medium: Medium = SCREEN, *, layout: Layout = "diverging", row: int = ROW
) -> dict[str, Any]:
    """60 px a row: the statement above its bar, numbers on the segments where they fit, "25 of 29" at the right."""
    levels = [s for s in data.series if s.role.startswith("level:")]
    top = next(s for s in data.series if s.role == "top two")
    rows, k = len(data.categories), len(levels)
    colors = likert_ramp(k)
    totals = [sum((s.values[i] or 0) for s in levels) for i in range(rows)]
    shares = [[(s.values[i] or 0) / totals[i] if totals[i] else 0.0 for i in range(rows)] for s in levels]
    starts = _starts(shares, layout)
    traces = [
        _segment(
            levels[j], shares[j], [starts[j][i] for i in range(rows)], colors[j].fill, colors[j].label, rows, medium
        )
        for j in range(k)
    ]
    low, high = (-1.0, 1.0) if layout == "diverging" else (0.0, 1.0)
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = rows - 1 - i
        notes.append(
            _note(for_plotly(name), {"x": 0, "xref": "paper", "xanchor": "left"}, y + 0.3, medium.text, PALETTE.ink)
        )
        place = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": medium.shift(78), "align": "right"}
        count = (top.labels or ())[i]
        notes.append(_note(f"<b>{count}</b>", place, y + 0.06, medium.text, PALETTE.ink))
        value, n = top.values[i], (top.n or ())[i]
        if value is not None and n >= 10:
            words = percent(round(value * n), n)
            notes.append(_note(words, place, y - 0.26, medium.note, PALETTE.muted))
        if layout == "diverging" and totals[i]:
            shapes.append(_tick(y))
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=row * rows + 8,
            margin=medium.margin(2, 82, 4, 4),
            barmode="overlay",
            xaxis={"range": [low, high], "visible": False},
            yaxis={"range": [-0.5, rows - 0.5], "visible": False},
            annotations=notes,
            shapes=shapes,
        ),
    }


def _starts(shares: list[list[float]], layout: Layout) -> list[list[float]]:
    """Left end of every segment: from 0, or so that the middle of the scale lies on 0."""
    rows = len(shares[0]) if shares else 0
    k = len(shares)
    starts = [[0.0] * rows for _ in range(k)]
    for i in range(rows):
        left = 0.0
        if layout == "diverging":
            left = -sum(shares[j][i] for j in range(k // 2)) - (shares[k // 2][i] / 2 if k % 2 else 0.0)
        for j in range(k):
            starts[j][i] = left
            left += shares[j][i]
    return starts


def _segment(
    series: Series, widths: list[float], base: list[float], fill: str, ink: str, rows: int, medium: Medium
) -> dict[str, Any]:
    few = [(n or 0) < 20 for n in (series.n or ())]
    texts = []
    for i, width in enumerate(widths):
        label = str(int(series.values[i] or 0)) if few[i] else (series.labels or ())[i].removesuffix("%")
        texts.append(label if width >= _SMALLEST_LABEL else "")
    return {
        "type": "bar",
        "orientation": "h",
        "y": [rows - 1 - i - 0.1 for i in range(rows)],
        "x": widths,
        "base": base,
        "width": 0.42,
        "text": texts,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": medium.axis, "color": ink},
        "marker": {"color": fill},
        "name": series.name,
        "customdata": [[int(v or 0), p] for v, p in zip(series.values, series.labels or [""] * rows, strict=True)],
        "hovertemplate": f"%{{customdata[0]}} {for_plotly(series.name.lower())} (%{{customdata[1]}})<extra></extra>",
    }


def _note(text: str, place: dict[str, Any], y: float, size: int, color: str) -> dict[str, Any]:
    return place | {"y": y, "text": text, "font": {"size": size, "color": color}}


def _tick(y: float) -> dict[str, Any]:
    return {"type": "line", "x0": 0, "x1": 0, "y0": y - 0.36, "y1": y + 0.16} | {
        "line": {"color": PALETTE.muted, "dash": "dot", "width": 1}
    }
