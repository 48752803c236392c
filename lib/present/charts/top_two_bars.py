"""Overview: the best two answers per statement as a thin bar on a grey track."""

from __future__ import annotations

from typing import Any

from lib.present import theme
from lib.present.chart_data import ChartData
from lib.present.escape import for_plotly
from lib.present.theme import PALETTE, SCREEN, Medium
from lib.present.wording import percent

ROW = 38


def top_two_figure(data: ChartData, medium: Medium = SCREEN, *, row: int = ROW) -> dict[str, Any]:
    """38 px a row, from the ChartData of `likert_bars.likert_data`: name above, "25 of 29 86.2%" at the right."""
    top = next(s for s in data.series if s.role == "top two")
    rows = len(data.categories)
    places = [rows - 1 - i - 0.22 for i in range(rows)]
    notes: list[dict[str, Any]] = []
    for i, name in enumerate(data.categories):
        y = rows - 1 - i
        at_left = {"x": 0, "xref": "paper", "xanchor": "left", "y": y + 0.2, "text": for_plotly(name)}
        notes.append(at_left | {"font": {"size": medium.axis, "color": PALETTE.ink}})
        count, value, n = (top.labels or ())[i], top.values[i], (top.n or ())[i]
        at_right = {"x": 1, "xref": "paper", "y": y - 0.22, "xanchor": "right"}
        notes.append(at_right | {"xshift": medium.shift(88), "text": f"<b>{count}</b>", "font": {"size": medium.axis}})
        if value is not None and n >= 10:
            words = percent(round(value * n), n)
            quiet = {"size": medium.axis, "color": PALETTE.muted}
            notes.append(at_right | {"xshift": medium.shift(146), "text": words, "font": quiet})
    bar = {"type": "bar", "orientation": "h", "y": places, "width": 0.2, "hoverinfo": "skip"}
    return {
        "data": [
            bar | {"x": [1] * rows, "marker": {"color": PALETTE.unchanged_fill}},
            bar | {"x": [v or 0 for v in top.values], "marker": {"color": PALETTE.follow_up}},
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
