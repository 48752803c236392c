"""Paretian change of health states: worse, mixed, same, better, for all and per group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.present import theme
from lib.present.chart_data import ChartData, Series
from lib.present.escape import for_plotly
from lib.present.theme import PALETTE, SCREEN, Medium, label_on
from lib.present.wording import count, plural
from lib.stats.profiles import PchcResult
from lib.stats.results import NotComputed

ROW = 58
CLASSES: tuple[tuple[str, str, str], ...] = (
    ("worse", "Worse", PALETTE.worsened),
    ("mixed", "Mixed", "#E8CDB8"),
    ("same_with_problems", "Same, with problems", PALETTE.unchanged_fill),
    ("no_problems", "No problems at both", "#A9D0D8"),
    ("better", "Better", PALETTE.improved),
)
"""Field of `PchcResult`, name and colour, from the left; order and names are signs beside the colours."""

_SMALLEST_LABEL = 0.05


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
        texts = [count(int(v or 0)) if w >= _SMALLEST_LABEL else "" for v, w in zip(s.values, widths, strict=True)]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [ROW * i + 38 for i in range(rows)],
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
        at = {"xref": "paper", "y": ROW * i + 13}
        notes.append(at | {"x": 0, "xanchor": "left", "text": for_plotly(name), "font": {"size": medium.text}})
        words = plural(n[i], "patient") if n[i] else "nobody with both states"
        font = {"size": medium.axis, "color": PALETTE.muted}
        notes.append(at | {"x": 1, "xanchor": "right", "text": words, "font": font})
    height = ROW * rows
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
