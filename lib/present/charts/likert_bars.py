"""Likert bars: one row per statement or group, as 100%, diverging around neutral, or with neutral aside.

As 100% the favourable end stands at the left, so that the share one looks for starts at a common zero and its interval
lies under its end; around neutral the unfavourable end does. So it is whichever way a statement is worded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lib.cohort.cohort import Statement
from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.theme import PALETTE, SCREEN, Medium, likert_ramp
from lib.present.wording import count, for_plotly, number, percent
from lib.settings import FEWEST_FOR_PERCENT, FEWEST_TO_TEST
from lib.stats.likert import LikertResult
from lib.stats.results import Interval, NotComputed

ROW = 60
Layout = Literal["diverging", "aside", "100%"]
LAYOUTS: tuple[Layout, ...] = ("100%", "diverging", "aside")
MISSING = "missing"
DONT_KNOW = "don’t know"
_SMALLEST_LABEL = 0.04  # narrower segments have no number on any screen; Plotly hides what does not fit
_SMALLEST_TEXT = 11
_GAP = 0.06
_RIGHT, _RIGHT_WIDE = 92, 136
_FOUR_DIGITS = 1000
_FEW_ANSWERS = 20  # a bar of so few is labelled with whole patients
_UNDER = 0.4
"""From the middle of a row down to its interval, in rows."""
_SQUARES = 24  # patients that fill the width where one square is one patient


def shown_levels(statement: Statement) -> tuple[str, ...]:
    """The levels from the least to the most favourable, as they stand in the bar and in its key."""
    return statement.levels[::-1] if statement.reverse else statement.levels


def likert_data(
    rows: tuple[tuple[str, LikertResult | NotComputed], ...],
    statement: Statement,
    title: str,
    finding: str,
    *,
    with_missing: bool = False,
) -> ChartData:
    """Statements (or groups) that share one answer scale: counts and whole percents per level, top two per row.

    `statement` gives the names of the levels and whether they are worded in reverse; every row must have been answered
    on them. `with_missing` adds who did not answer and who said "don't know", for readers inside.
    """
    found = [r if isinstance(r, LikertResult) else None for _, r in rows]
    places = list(range(len(statement.levels)))
    series = [
        Series(
            level,
            f"level:{k}",
            tuple(float(r.counts[place]) if r else None for r in found),
            n=tuple(r.n if r else 0 for r in found),
            labels=tuple(f"{r.whole_percents[place]}%" if r else "" for r in found),
        )
        for k, (level, place) in enumerate(
            zip(shown_levels(statement), places[::-1] if statement.reverse else places, strict=True)
        )
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
            labels=tuple(f"{count(r.top_two.count)} of {count(r.n)}" if r else "no answers" for r in found),
        )
    )
    if with_missing:
        series.append(Series("No answer", MISSING, tuple(float(r.missing) if r else None for r in found)))
        if any(r.dont_know for r in found if r):
            series.append(Series("Don’t know", DONT_KNOW, tuple(float(r.dont_know) if r else None for r in found)))
    names = tuple(name for name, _ in rows)
    return ChartData("stacked bars", title, finding, names, tuple(series), max((r.n for r in found if r), default=0))


@dataclass(frozen=True, slots=True)
class _Bars:
    """Shares of every level (outer) in every row (inner), and where each segment begins."""

    shares: list[list[float]]
    starts: list[list[float]]
    low: float
    high: float
    aside: float | None


def likert_figure(
    data: ChartData, medium: Medium = SCREEN, *, layout: Layout = "diverging", row: int = ROW
) -> dict[str, Any]:
    """60 px a row: the name above its bar, numbers on the segments where they fit, "25 of 29" at the right.

    As 100% the interval of the best answers lies under its bar; of fewer than 10 patients each is a square instead.
    """
    levels = [s for s in data.series if s.role.startswith("level:")]
    rows = len(data.categories)
    ranked = layout == "100%"
    bars = _place(levels, rows, layout, best_first=ranked)
    squares = ranked and data.n < FEWEST_FOR_PERCENT
    colors = likert_ramp(len(levels))
    traces = [
        _segment(s, bars.shares[j], bars.starts[j], colors[j].fill, colors[j].label, rows, medium)
        for j, s in enumerate(levels)
    ]
    if ranked and not squares:
        traces += _intervals(data, rows, medium)
    right = round(medium.shift(_RIGHT_WIDE if data.n >= _FOUR_DIGITS else _RIGHT))
    far = medium.name == "projector"
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = rows - 1 - i
        left = {"x": 0, "xref": "paper", "xanchor": "left"}
        missing = _missing_words(data, i) if ranked else ""
        words = (
            f"{for_plotly(name)}  <span style='color:{PALETTE.muted}'>{missing}</span>" if missing else for_plotly(name)
        )
        notes.append(_note(words, left, y + 0.3, medium.text, PALETTE.ink))
        notes += _right_column(data, i, y, right, medium, ranked=ranked)
        if any(share[i] for share in bars.shares):
            shapes += _ticks(bars, y)
    if squares:
        shapes += _as_squares(traces, data)
    return {
        "data": traces,
        "layout": theme.layout(
            medium,
            height=row * rows + 8,
            margin={"l": 2, "r": right, "t": 4, "b": 4},
            barmode="overlay",
            uniformtext={"minsize": medium.axis if far else _SMALLEST_TEXT, "mode": "hide"},
            xaxis={"range": [bars.low, _SQUARES if squares else bars.high], "visible": False},
            yaxis={"range": [-0.5, rows - 0.5], "visible": False},
            annotations=notes,
            shapes=shapes,
        ),
    }


def _intervals(data: ChartData, rows: int, medium: Medium) -> list[dict[str, Any]]:
    """Under each bar the interval of the best answers, a dot at their share: the end of the favourable side."""
    top = next(s for s in data.series if s.role == "top two")
    ink = {"hoverinfo": "skip", "type": "scatter"}
    x: list[float | None] = []
    y: list[float | None] = []
    for i, (low, high) in enumerate(zip(top.low or (), top.high or (), strict=True)):
        x += [low, high, None]
        y += [rows - 1 - i - _UNDER] * 2 + [None]
    places = [rows - 1 - i - _UNDER for i in range(rows)]
    line, dot = {"color": PALETTE.ink, "width": medium.mark(2)}, {"color": PALETTE.ink, "size": medium.mark(6)}
    return [
        ink | {"mode": "lines", "x": x, "y": y, "line": line},
        ink | {"mode": "markers", "x": list(top.values), "y": places, "marker": dot},
    ]


def _as_squares(traces: list[dict[str, Any]], data: ChartData) -> list[dict[str, Any]]:
    """Widths become patients, and lines of the page's colour part them; a square is as wide in every row."""
    ns = next(s for s in data.series if s.role == "top two").n or ()
    for trace in traces:
        for part in ("x", "base"):
            trace[part] = [round(v * n, 6) for v, n in zip(trace[part], ns, strict=True)]
        trace["text"] = [""] * len(ns)
    line = {"type": "line", "line": {"color": PALETTE.page, "width": 3}}
    return [
        line | {"x0": k, "x1": k, "y0": len(ns) - 1 - i - 0.32, "y1": len(ns) - 1 - i + 0.12}
        for i, n in enumerate(ns)
        for k in range(1, n)
    ]


def _place(levels: list[Series], rows: int, layout: Layout, *, best_first: bool) -> _Bars:
    totals = [sum((s.values[i] or 0) for s in levels) for i in range(rows)]
    shares = [[(s.values[i] or 0) / totals[i] if totals[i] else 0.0 for i in range(rows)] for s in levels]
    k, middle = len(levels), len(levels) // 2
    odd = k % 2 == 1
    starts = [[0.0] * rows for _ in range(k)]
    for i in range(rows):
        below = sum(shares[j][i] for j in range(middle))
        neutral = shares[middle][i] if odd else 0.0
        left = {"100%": 0.0, "aside": -below, "diverging": -below - neutral / 2}[layout]
        for j in reversed(range(k)) if best_first else range(k):
            if odd and j == middle and layout == "aside":
                starts[j][i] = 1 + _GAP
                continue
            starts[j][i] = left
            left += shares[j][i]
    if layout == "100%":
        return _Bars(shares, starts, 0.0, 1.0, None)
    if layout == "aside" and odd:
        # the widest neutral may be everybody; half the plot is enough for what is usual, and nothing is ever cut off
        widest = max([0.5, *shares[middle]])
        return _Bars(shares, starts, -1.0, 1 + _GAP + widest, 1 + _GAP)
    return _Bars(shares, starts, -1.0, 1.0, None)


def _right_column(
    data: ChartData, i: int, y: float, width: int, medium: Medium, *, ranked: bool = False
) -> list[dict[str, Any]]:
    """ "25 of 29", its percent, and under it the interval (ranked) or who did not answer."""
    top = next(s for s in data.series if s.role == "top two")
    place = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": width - 4, "align": "right"}
    words = (top.labels or ())[i]
    value, n = top.values[i], (top.n or ())[i]
    low, high = ((ends or (None,) * (i + 1))[i] for ends in (top.low, top.high))
    if ranked:
        third = ""
        if low is not None and high is not None and n >= FEWEST_FOR_PERCENT:
            third = f"{number(low * 100, 0)} to {number(high * 100, 0)}%"
    else:
        third = _missing_words(data, i)
    first = y + (0.16 if third else 0.06)
    notes = [_note(f"<b>{words}</b>", place, first, medium.text, PALETTE.ink)]
    if medium.name == "projector":  # one line only can be read from the back row
        return notes
    if value is not None and n >= FEWEST_FOR_PERCENT:
        notes.append(_note(percent(round(value * n), n), place, first - 0.25, medium.note, PALETTE.muted))
    if third:
        notes.append(_note(third, place, first - 0.5, medium.note, PALETTE.muted))
    return notes


def _missing_words(data: ChartData, i: int) -> str:
    """ "3 missing, n/a 2"; empty where the chart does not know."""
    parts = []
    for role, words in ((MISSING, "{} missing"), (DONT_KNOW, "n/a {}")):
        found = next((s for s in data.series if s.role == role), None)
        value = found.values[i] if found else None
        if value:
            parts.append(words.format(count(int(value))))
    return ", ".join(parts)


def _segment(
    series: Series, widths: list[float], base: list[float], fill: str, ink: str, rows: int, medium: Medium
) -> dict[str, Any]:
    few = [n < _FEW_ANSWERS for n in (series.n or ())]
    texts = []
    for i, width in enumerate(widths):
        label = count(int(series.values[i] or 0)) if few[i] else (series.labels or ())[i].removesuffix("%")
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
        "name": for_plotly(series.name),
        "customdata": [[int(v or 0), p] for v, p in zip(series.values, series.labels or [""] * rows, strict=True)],
        "hovertemplate": f"{for_plotly(series.name)}: %{{customdata[0]}} (%{{customdata[1]}})<extra></extra>",
    }


def _note(text: str, place: dict[str, Any], y: float, size: int, color: str) -> dict[str, Any]:
    return place | {"y": y, "text": text, "font": {"size": size, "color": color}}


def _ticks(bars: _Bars, y: float) -> list[dict[str, Any]]:
    """Where the middle lies, above and below the bar only: through it the tick would strike out a number."""
    if bars.low == 0.0:
        return []
    line = {"type": "line", "x0": 0, "x1": 0, "line": {"color": PALETTE.muted, "width": 1}}
    found = [line | {"y0": y + low, "y1": y + high} for low, high in ((0.11, 0.17), (-0.37, -0.31))]
    if bars.aside is not None:
        edge = {"type": "line", "x0": bars.aside, "x1": bars.aside, "y0": y - 0.37, "y1": y + 0.17}
        found.append(edge | {"line": {"color": PALETTE.border, "width": 1}})
    return found


# Overview: the best two answers per statement as a thin bar on a grey track.

BAR_ROW = 38


def _squares(top: Series, i: int, y: float, medium: Medium) -> dict[str, Any]:
    """A square per patient, of one size in every row; filled are those in the best answers."""
    n = (top.n or ())[i]
    best = round((top.values[i] or 0) * n)
    colors = [PALETTE.follow_up] * best + [PALETTE.unchanged_fill] * (n - best)
    return {"type": "scatter", "mode": "markers", "x": [0.02 + 0.07 * k for k in range(n)], "y": [y] * n} | {
        "marker": {"symbol": "square", "size": medium.mark(11), "color": colors},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def top_two_figure(data: ChartData, medium: Medium = SCREEN, *, row: int = BAR_ROW) -> dict[str, Any]:
    """38 px a row, from the ChartData of `likert_bars.likert_data`: name above, "25 of 29 86.2%" at the right.

    Fewer than ten who answered are a square each.
    """
    top = next(s for s in data.series if s.role == "top two")
    rows = len(data.categories)
    places = [rows - 1 - i - 0.22 for i in range(rows)]
    few = [0 < n < FEWEST_TO_TEST for n in top.n or [0] * rows]
    notes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = rows - 1 - i
        at_left = {"x": 0, "xref": "paper", "xanchor": "left", "y": y + 0.2, "text": for_plotly(name)}
        notes.append(at_left | {"font": {"size": medium.axis, "color": PALETTE.ink}})
        count, value, n = (top.labels or ())[i], top.values[i], (top.n or ())[i]
        at_right = {"x": 1, "xref": "paper", "y": y - 0.22, "xanchor": "right"}
        shown = count if few[i] else f"<b>{count}</b>"
        notes.append(at_right | {"xshift": medium.shift(88), "text": shown, "font": {"size": medium.axis}})
        if value is not None and n >= FEWEST_FOR_PERCENT:
            words = percent(round(value * n), n)
            quiet = {"size": medium.axis, "color": PALETTE.muted}
            notes.append(at_right | {"xshift": medium.shift(146), "text": words, "font": quiet})
    bar = {"type": "bar", "orientation": "h", "y": places, "width": 0.2, "hoverinfo": "skip"}
    return {
        "data": [
            bar | {"x": [0 if f else 1 for f in few], "marker": {"color": PALETTE.unchanged_fill}},
            bar
            | {
                "x": [0 if f else v or 0 for v, f in zip(top.values, few, strict=True)],
                "marker": {"color": PALETTE.follow_up},
            },
            *[_squares(top, i, places[i], medium) for i in range(rows) if few[i]],
        ],
        "layout": theme.layout(
            medium,
            height=row * rows + 6,
            margin=medium.margin(2, 150, 2, 2),
            barmode="overlay",
            xaxis={"range": [0, 1], "visible": False},
            yaxis={"range": [-0.5, rows - 0.5], "visible": False},
            annotations=notes,
        ),
    }
