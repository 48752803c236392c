"""Complete pairs and what is missing: stacked columns over time, stacked bars per center."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.analysis.attrition import COMPLETE, STATES, Completeness, Periods
from lib.present import theme
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.axes import nice_step
from lib.present.tables.attrition import STATE_WORDS
from lib.present.theme import PALETTE, SCREEN, Medium, label_on
from lib.present.wording import count, for_plotly, share

HEIGHT = 300
ROW = 62
_FILL = {
    "complete": PALETTE.follow_up,
    "no_baseline": PALETTE.baseline,
    "no_follow_up": PALETTE.unchanged_fill,
    "neither": "#444E57",
    "illegal": PALETTE.worsened,
    "not_yet_due": PALETTE.page,
    "died": PALETTE.hairline,
}
_NAMES = {STATE_WORDS[state].capitalize(): state for state in STATES}


def completeness_data(
    rows: Sequence[Completeness], occurring: Sequence[int], title: str, finding: str, tallest: int | None = None
) -> ChartData:
    """One series per state that occurs in the cohort, one value per center or period.

    `tallest`: the end of the axis, most patients in one period of the whole cohort.
    """
    series = tuple(
        Series(
            STATE_WORDS[STATES[k]].capitalize(),
            STATES[k],
            tuple(float(row.states[k]) for row in rows),
            n=tuple(row.states[k] for row in rows),
            labels=tuple(_words(row, k) for row in rows),
        )
        for k in occurring
    )
    y = None if tallest is None else Axis("patients", 0.0, float(tallest))
    return ChartData(
        "stacked bars", title, finding, tuple(row.label for row in rows), series, sum(row.n for row in rows), y=y
    )


def _words(row: Completeness, state: int) -> str:
    """Complete pairs are a share of those due, as in the table and in the flow; other states one of everybody."""
    if not row.n:
        return "nobody"
    if state != COMPLETE or row.due == row.n:
        return share(row.states[state], row.n)
    return f"{share(row.states[state], row.due)} due" if row.due else "nobody due"


def periods_data(periods: Periods, occurring: Sequence[int], finding: str) -> ChartData:
    """Completeness per month, quarter or year of treatment."""
    return completeness_data(periods.rows, occurring, f"By {periods.unit} of treatment", finding, periods.tallest)


def periods_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """A column per period, complete pairs at its foot; what is missing stands on it."""
    assert data.y is not None
    x = list(range(len(data.categories)))
    traces = [
        {
            "type": "bar",
            "x": x,
            "y": [v or 0 for v in s.values],
            "name": s.name,
            "width": 0.78,
            "marker": _marker(s.role),
            "customdata": [for_plotly(c) for c in data.categories],
            "hovertemplate": f"%{{customdata}}: %{{y}} {for_plotly(s.name.lower())}<extra></extra>",
        }
        for s in data.series
    ]
    top = max(data.y.high, 1.0)
    step = max(1.0, nice_step(top, 4))
    ticks = [k * step for k in range(int(top // step) + 1)]
    shown = _spread(len(x))
    lines = (len(data.series) + 1) // 2
    layout = theme.layout(
        medium,
        height=HEIGHT if medium is SCREEN else None,
        margin=medium.margin(32, 4, 20 * lines + 10, 40),
        barmode="stack",
        xaxis={
            "range": [-0.6, len(x) - 0.4],
            "tickvals": shown,
            "ticktext": [_short(data.categories[i]) for i in shown],
            "tickangle": 0,
        },
        # the 0 stands clear of the first period's name under the axis
        yaxis={"range": [0, top * 1.04], "tickvals": ticks, "showgrid": True, "ticklabelstandoff": 6},
        annotations=_key(data, medium),
    )
    return {"data": traces, "layout": layout}


def bars_figure(data: ChartData, medium: Medium = SCREEN) -> dict[str, Any]:
    """62 px a row: the name above its bar, the complete pairs at the right of its line, counts in the segments."""
    rows = len(data.categories)
    totals = [sum(s.values[i] or 0 for s in data.series) for i in range(rows)]
    traces = []
    for s in data.series:
        shares = [(v or 0) / t if t else 0.0 for v, t in zip(s.values, totals, strict=True)]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [rows - 1 - i - 0.12 for i in range(rows)],
                "x": shares,
                "width": 0.4,
                "name": s.name,
                "marker": _marker(s.role),
                "text": [count(int(v or 0)) if w >= 0.07 else "" for v, w in zip(s.values, shares, strict=True)],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"size": medium.axis, "color": label_on(_FILL[s.role])},
                "customdata": [int(v or 0) for v in s.values],
                "hovertemplate": f"%{{customdata}} {for_plotly(s.name.lower())}<extra></extra>",
            }
        )
    complete = next(s for s in data.series if s.role == "complete")
    notes = _key(data, medium)
    for i, name in enumerate(data.categories):
        y = rows - 1 - i + 0.3
        notes.append(_label(for_plotly(name), 0, "left", y, medium))
        notes.append(_label(f"<b>{(complete.labels or ())[i]}</b>", 1, "right", y, medium))
    lines = (len(data.series) + 1) // 2
    layout = theme.layout(
        medium,
        height=ROW * rows + 20 * lines + 22 if medium is SCREEN else None,
        margin=medium.margin(2, 2, 20 * lines + 14, 4),
        barmode="stack",
        xaxis={"range": [0, 1.002], "visible": False},  # the last bar may be an outline: keep its edge
        yaxis={"range": [-0.5, rows - 0.5], "visible": False},
        annotations=notes,
    )
    return {"data": traces, "layout": layout}


def _marker(role: str) -> dict[str, Any]:
    edge = PALETTE.axis if role in ("not_yet_due", "died") else PALETTE.page
    return {"color": _FILL[role], "line": {"color": edge, "width": 1}}


def _key(data: ChartData, medium: Medium) -> list[dict[str, Any]]:
    """Two names a line above the plot, each behind a square of its colour."""
    notes = []
    lines = (len(data.series) + 1) // 2
    for k, s in enumerate(data.series):
        square = PALETTE.axis if s.role == "not_yet_due" else _FILL[s.role]
        sign = "□" if s.role == "not_yet_due" else "■"
        notes.append(
            {"x": 0.5 * (k % 2), "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
            | {
                "yshift": medium.shift(20 * (lines - 1 - k // 2) + 6),
                "text": f'<span style="color:{square}">{sign}</span> {for_plotly(s.name)}',
                "font": {"size": medium.note, "color": PALETTE.ink},
            }
        )
    return notes


def _label(text: str, x: float, anchor: str, y: float, medium: Medium) -> dict[str, Any]:
    return {"x": x, "xref": "paper", "xanchor": anchor, "y": y, "text": text} | {
        "font": {"size": medium.text, "color": PALETTE.ink}
    }


def _spread(n: int) -> list[int]:
    """Which of n labels to write: at most six, evenly spaced, so that they fit a phone."""
    step = max(1, -(-n // 6))
    return list(range(0, n, step))


def _short(label: str) -> str:
    """ "2020-03" as "Mar<br>2020"; quarters and years as they are, on two lines."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    year, _, rest = label.partition("-")
    if rest.isdigit() and 1 <= int(rest) <= 12:
        return f"{months[int(rest) - 1]}<br>{year}"
    return for_plotly(label).replace(" ", "<br>")
