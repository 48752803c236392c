"""The hidden part of a stacked bar: hatched, which means nothing else anywhere (see `lib.present.disclosure`)."""

from __future__ import annotations

from typing import Any

from lib.present.chart_data import ChartData, Series
from lib.present.theme import PALETTE, Medium

HIDDEN_ROLE = "hidden"


def masked(data: ChartData, row: int) -> bool:
    """Whether part of this row's bar is hidden."""
    return any(s.values[row] for s in data.series if s.role == HIDDEN_ROLE)


def hidden_segment(
    series: Series, widths: list[float], starts: list[float] | None, y: list[float], width: float, medium: Medium
) -> dict[str, Any]:
    """One hatched segment per row, from `starts`, or on top of the segments before it; in shares of the bar."""
    base = {} if starts is None else {"base": starts}
    return base | {
        "type": "bar",
        "orientation": "h",
        "y": y,
        "x": widths,
        "width": width,
        "text": ["hidden" if w > 0.1 else "" for w in widths],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": medium.axis, "color": PALETTE.muted},
        "marker": {
            "color": PALETTE.page,
            "line": {"width": 1, "color": PALETTE.hatch},
            "pattern": {"shape": "/", "fgcolor": PALETTE.hatch, "bgcolor": PALETTE.page, "solidity": 0.15},
        },
        "name": series.name,
        "hovertemplate": "hidden: small numbers<extra></extra>",
    }
