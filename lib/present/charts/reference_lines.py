"""Lines and words that several charts share: no change, threshold, the ends of an axis in words."""

from __future__ import annotations

from typing import Any

from lib.present.chart_data import Axis, Reference
from lib.present.escape import for_plotly
from lib.present.theme import PALETTE, Medium

_LINES = {
    "zero": (PALETTE.ink, "solid", 1.5),
    "threshold": (PALETTE.accent, "dash", 1.5),
    "overall": (PALETTE.muted, "dot", 1.5),
}


def vertical_line(reference: Reference, medium: Medium, y1: float = 1.0) -> dict[str, Any]:
    """The shape of a reference at an x, over the height of the plot (up to y1 of it)."""
    color, dash, width = _LINES[reference.role]
    return {"type": "line", "x0": reference.value, "x1": reference.value, "y0": 0, "y1": y1, "yref": "paper"} | {
        "line": {"color": color, "dash": dash, "width": medium.mark(width)}
    }


def label_above(reference: Reference, medium: Medium, side: str) -> dict[str, Any]:
    """Its name above the plot, pointing to `side` ("left" or "right") so that two names never meet."""
    color = PALETTE.accent if reference.role == "threshold" else PALETTE.muted
    anchor, shift = ("right", -2) if side == "left" else ("left", 2)
    return {"x": reference.value, "y": 1, "yref": "paper", "yanchor": "bottom", "text": reference.label} | {
        "xanchor": anchor,
        "xshift": shift,
        "font": {"size": medium.axis, "color": color},
    }


def end_words(axis: Axis, medium: Medium, y: float) -> list[dict[str, Any]]:
    """ "← worse" at the left and "better →" at the right of an axis, with its title between them."""
    place = {"xref": "paper", "yref": "paper", "y": y, "yanchor": "top"}
    return [
        place
        | {"x": 0, "xanchor": "left", "text": f"← {for_plotly(axis.low_words)}"}
        | _font(medium, PALETTE.worsened),
        place | {"x": 0.5, "xanchor": "center", "text": for_plotly(axis.title)} | _font(medium, PALETTE.muted),
        place
        | {"x": 1, "xanchor": "right", "text": f"{for_plotly(axis.high_words)} →"}
        | _font(medium, PALETTE.improved),
    ]


def _font(medium: Medium, color: str) -> dict[str, Any]:
    return {"font": {"size": medium.axis, "color": color}}
