"""Words of a printed figure, folded to the millimetres they have."""

from __future__ import annotations

import textwrap

from lib.present.chart_data import ChartData, Series

LETTER, _SHARE_OF_NAMES, _MOST_LINES = 1.5, 0.42, 3
"""Millimetres that a letter takes; the part of the width that names of rows take; lines of a name."""


def folded(words: str, width: float, lines: int = _MOST_LINES) -> str:
    """The words on lines of so many millimetres; what has no room ends with an ellipsis."""
    return "\n".join(textwrap.wrap(words, max(8, int(width / LETTER)), max_lines=lines, placeholder="…"))


def row_names(chart: ChartData, width: float) -> list[str]:
    """Names of rows, folded to their part of the picture's width, with the words that belong to each row."""
    rows = len(chart.categories)
    if chart.kind == "forest":
        drawn = estimates(chart)
        counted = [f"{name} (n = {drawn.n[i]})" if drawn.n else name for i, name in enumerate(chart.categories)]
        return [folded(name, _SHARE_OF_NAMES * width) for name in counted]
    words = next((s.labels for s in chart.series if s.role in ("rate", "top two") or chart.kind == "bars"), None)
    folded_words = [folded(w, _SHARE_OF_NAMES * width, 2) for w in words or ("",) * rows]
    names = [folded(name, _SHARE_OF_NAMES * width) for name in chart.categories]
    return ["\n".join(filter(None, pair)) for pair in zip(names, folded_words, strict=True)]


def estimates(chart: ChartData) -> Series:
    """The series of a forest with a value per row."""
    rows = len(chart.categories)
    return next(s for s in chart.series if len(s.values) == rows and s.rows is None and s.role != "rate")
