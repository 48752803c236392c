"""The STROBE flow on paper: a box per step downwards, beside each arrow who left and why."""

from __future__ import annotations

from typing import Any

from lib.export.print_words import LETTER, folded
from lib.present.chart_data import ChartData
from lib.present.theme import PALETTE
from lib.present.wording import count
from lib.report.plan import Item

_STEP = 19.0
"""Millimetres of a step."""
_BOX, _SIDE = 0.5, 0.56
"""Width of a box, and where the words beside an arrow begin, as shares of the picture."""


def height(chart: ChartData) -> float:
    """Millimetres of a flow of so many steps."""
    return _STEP * len(chart.categories)


def flow(axes: Any, chart: ChartData, item: Item) -> None:
    """Boxes of ink lines; black on white, so that any copy reads alike."""
    inside, *left = chart.series
    rows, wide = len(chart.categories), float(axes.figure.get_figwidth()) * 25.4
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.55, rows - 0.45)
    for i, name in enumerate(chart.categories):
        y = rows - 1 - i
        words = f"{_number(inside.values[i])}\n{folded(name, _BOX * wide - 2 * LETTER, 2)}"
        box = {"boxstyle": "square,pad=0", "facecolor": "none", "edgecolor": "none"}
        axes.add_patch(_rectangle(y))
        axes.text(_BOX / 2, y, words, ha="center", va="center", bbox=box)
        if not i:
            continue
        arrow = {"arrowstyle": "-|>", "color": PALETTE.ink, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (_BOX / 2, y + 0.33), (_BOX / 2, y + 0.67), arrowprops=arrow)
        lines = [f"{_number(s.values[i])} {s.name}" for s in left if s.values[i] is None or s.values[i]]
        if lines:
            axes.plot([_BOX / 2, _SIDE - 0.01], [y + 0.5, y + 0.5], color=PALETTE.ink, linewidth=0.6)
            room = (1 - _SIDE) * wide
            axes.text(_SIDE, y + 0.5, "\n".join(folded(line, room, 2) for line in lines), ha="left", va="center")


def _rectangle(y: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((0.0, y - 0.33), _BOX, 0.66, fill=False, edgecolor=PALETTE.ink, linewidth=0.6, clip_on=False)


def _number(value: float | None) -> str:
    return count(int(value or 0))
