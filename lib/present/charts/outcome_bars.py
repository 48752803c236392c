"""Improved, unchanged, worsened: one bar per measure or per category, one white notch per patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.sentences.responders import between_words
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import count, for_plotly, share
from lib.settings import FEWEST_TO_TEST
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult
from lib.stats.results import Interval, NotComputed

ROW = 78
MANY_NOTCHES = 60
ONE_LINE = 48
"""Letters of a name and its rate that fit one line of a phone; a longer name is cut (the table has it whole)."""
_BAR = 0.36
"""Height of a bar in rows; its label stands on it."""


def outcome_data(rows: tuple[tuple[str, ResponderResult | NotComputed], ...], title: str, finding: str) -> ChartData:
    """Counts of the three outcomes per row, and the rate with its interval; None where not computed.

    A rule with a state has two parts, met or not: nobody worsens by it, and nothing lies between.
    """
    found = [r if isinstance(r, ResponderResult) else None for _, r in rows]
    rates = [r.rate if r and isinstance(r.rate, Proportion) else None for r in found]
    ends = [r.interval if r and isinstance(r.interval, Interval) else None for r in rates]
    between = between_words([r.rule for r in found if r])
    series = [
        Series("Improved", "improved", tuple(_parts(r)[0] if r else None for r in found)),
        Series(between, "unchanged", tuple(_parts(r)[1] if r else None for r in found)),
        Series("Worsened", "worsened", tuple(_parts(r)[2] if r else None for r in found)),
        Series(
            "Improved, share",
            "rate",
            tuple(r.share if r else None for r in rates),
            low=tuple(i.low if i else None for i in ends),
            high=tuple(i.high if i else None for i in ends),
            n=tuple(r.evaluable if r else 0 for r in found),
            labels=tuple(_words(r) for _, r in rows),
        ),
    ]
    names = tuple(name for name, _ in rows)
    return ChartData("stacked bars", title, finding, names, tuple(series), max((r.n for r in found if r), default=0))


def _parts(result: ResponderResult) -> tuple[float, float, float]:
    if result.rule.state is not None:
        return float(result.responders), float(result.evaluable - result.responders), 0.0
    return float(result.improved), float(result.unchanged), float(result.worsened)


def _words(result: ResponderResult | NotComputed) -> str:
    if isinstance(result, NotComputed):
        return "not computed"
    if isinstance(result.rate, NotComputed):
        return "nobody to count"
    return share(result.rate.count, result.rate.n)


_FILL = {"improved": PALETTE.improved, "unchanged": PALETTE.unchanged_fill, "worsened": PALETTE.worsened}
_INK = {"improved": PALETTE.page, "unchanged": PALETTE.ink, "worsened": PALETTE.page}


def outcome_figure(
    data: ChartData, medium: Medium = SCREEN, *, row: int = ROW, worse: Sequence[int | None] = ()
) -> dict[str, Any]:
    """One row of 78 px each: name and rate above the bar, counts in it, the interval of the rate under it.

    `worse`: patients below zero in each row, also those who changed by less than the rule: the bracket at the right.
    """
    rows = len(data.categories)
    outcomes = [s for s in data.series if s.role in _INK]
    rate = next(s for s in data.series if s.role == "rate")
    totals = [sum((s.values[i] or 0) for s in outcomes) for i in range(rows)]
    traces: list[dict[str, Any]] = []
    for s in outcomes:
        traces.append(_segments(s, totals, rows, medium))
    traces += _intervals(rate, totals, rows, medium)
    notes: list[dict[str, Any]] = []
    under: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = rows - 1 - i
        label = (rate.labels or ())[i]
        below = worse[i] if i < len(worse) and totals[i] else None
        if below is not None and medium is not SCREEN:
            # from afar the words are as high as the gap between two bars: they stand above, at the bar's end
            words = f"{count(below)} worse than before"
            notes.append(_label(f"<b>{for_plotly(name)}</b>  {label}", 0, "left", y, medium, PALETTE.ink))
            notes.append(_label(words, 1, "right", y, medium, PALETTE.worsened if below else PALETTE.muted))
            shapes += _below(below, totals[i], y + _BAR / 2 + 0.02, medium)
            shapes += _notches(int(totals[i]), y) if totals[i] <= MANY_NOTCHES else []
            continue
        room = ONE_LINE - len(label)
        shown = name if len(name) <= room else name[: room - 1].rstrip() + "…"
        notes.append(_label(f"<b>{for_plotly(shown)}</b>", 0, "left", y, medium, PALETTE.ink))
        notes.append(_label(f"<b>{label}</b>", 1, "right", y, medium, PALETTE.ink))
        if below is not None:
            words = f"{count(below)} worse than before"
            place = {"x": 1, "xref": "paper", "xanchor": "right", "y": y - 0.31, "yanchor": "top", "borderpad": 0}
            under.append(place | {"text": words, "font": {"size": medium.note, "color": PALETTE.muted}})
            shapes += _below(below, totals[i], y - 0.215, medium)
        if 0 < totals[i] <= MANY_NOTCHES:
            shapes += _notches(int(totals[i]), y)
    layout = theme.layout(
        medium,
        height=row * rows + 16,
        margin=medium.margin(2, 2, 4, 12),
        barmode="stack",
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"range": [-0.5, rows - 0.5], "visible": False},
        annotations=notes + under,
        shapes=shapes,
    )
    return {"data": traces, "layout": layout}


def _segments(series: Series, totals: list[float], rows: int, medium: Medium) -> dict[str, Any]:
    values = [(v or 0) / t if t else 0 for v, t in zip(series.values, totals, strict=True)]
    texts = [count(int(v or 0)) if w >= 0.035 else "" for v, w in zip(series.values, values, strict=True)]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [rows - 1 - i for i in range(rows)],
        "x": values,
        "width": _BAR,
        "text": texts,
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "textfont": {"size": medium.text, "color": _INK[series.role]},
        "marker": {"color": _FILL[series.role]},
        "customdata": [int(v or 0) for v in series.values],
        "name": series.name,
        "hovertemplate": f"%{{customdata}} {series.name.lower()}<extra></extra>",
    }


def _intervals(rate: Series, totals: Sequence[float], rows: int, medium: Medium) -> list[dict[str, Any]]:
    """Under each bar; of fewer than ten patients thin, grey and hollow."""
    traces: list[dict[str, Any]] = []
    for few, color, width in ((False, PALETTE.ink, 2.0), (True, PALETTE.baseline, 1.25)):
        x: list[float | None] = []
        y: list[float | None] = []
        dots: list[tuple[float, float]] = []
        for i, value in enumerate(rate.values):
            low, high = (rate.low or ())[i], (rate.high or ())[i]
            place = rows - 1 - i - 0.27
            if value is None or low is None or high is None or (totals[i] < FEWEST_TO_TEST) is not few:
                continue
            x += [low, high, None]
            y += [place, place, None]
            dots.append((value, place))
        if not dots:
            continue
        face = {"color": PALETTE.page if few else color, "size": medium.mark(7)}
        face["line"] = {"color": color, "width": medium.mark(1.25 if few else 0)}
        traces += [
            {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip"}
            | {"line": {"color": color, "width": medium.mark(width)}},
            {"type": "scatter", "mode": "markers", "x": [d[0] for d in dots], "y": [d[1] for d in dots]}
            | {"marker": face, "hoverinfo": "skip"},
        ]
    return traces


def _notches(total: int, y: float) -> list[dict[str, Any]]:
    return [
        {"type": "line", "x0": k / total, "x1": k / total, "y0": y - _BAR / 2, "y1": y - _BAR / 4}
        | {"line": {"color": PALETTE.page, "width": 1}}
        for k in range(1, total)
    ]


def _below(below: int, total: float, y: float, medium: Medium) -> list[dict[str, Any]]:
    """A line at the right end of the bar, as wide as those are many who are worse than before."""
    pen = {"type": "line", "line": {"color": PALETTE.worsened, "width": medium.mark(1.5)}}
    return [pen | {"x0": 1 - below / total, "x1": 1.0, "y0": y, "y1": y}] if below else []


def _label(text: str, x: float, anchor: str, y: float, medium: Medium, color: str) -> dict[str, Any]:
    return {"x": x, "xref": "paper", "xanchor": anchor, "y": y + _BAR / 2, "yanchor": "bottom", "text": text} | {
        "font": {"size": medium.text, "color": color}
    }
