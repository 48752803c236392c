"""The way of the patients as shapes: a box per step, beside each the patients who left before it."""

from __future__ import annotations

from typing import Any

from lib.export.pptx.style import Place, rgb
from lib.present.chart_data import ChartData
from lib.present.theme import PALETTE
from lib.present.wording import count

_GAP, _SIDE, _POINTS = 0.32, 0.42, 16.0
"""Inches between boxes; part of the width for those who left; size of the letters."""


def flow_boxes(slide: Any, data: ChartData, place: Place) -> None:
    """Boxes with their words inside, joined by lines that stay joined when a box is moved."""
    inside, *left = data.series
    rows = len(data.categories)
    tall = min(1.0, (place.height - _GAP * (rows - 1)) / rows)
    wide = place.width * (1 - _SIDE) - 0.4
    before = None
    for i, name in enumerate(data.categories):
        top = place.top + i * (tall + _GAP)
        number = "hidden" if inside.values[i] is None else count(int(inside.values[i] or 0))
        last = i == rows - 1
        box = _box(slide, (place.left, top, wide, tall), f"{number} · {name}", place, bold=last)
        gone = [
            f"{'hidden' if s.values[i] is None else count(int(s.values[i] or 0))} {s.name}"
            for s in left
            if s.values[i] != 0
        ]
        if i and gone:
            side = (place.left + wide + 0.4, top - _GAP / 2 - 0.05, place.width * _SIDE, min(tall, 0.8))
            _box(slide, side, "; ".join(gone), place, bold=False, quiet=True)
        if before is not None:
            line = slide.shapes.add_connector(1, 0, 0, 0, 0)
            line.begin_connect(before, 2)
            line.end_connect(box, 0)
            line.line.color.rgb = rgb(PALETTE.axis)
        before = box


def _box(
    slide: Any, at: tuple[float, float, float, float], words: str, place: Place, *, bold: bool, quiet: bool = False
) -> Any:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches, Pt

    box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(v) for v in at))
    box.shadow.inherit = False
    box.fill.solid()
    box.fill.fore_color.rgb = rgb(PALETTE.page if quiet else PALETTE.tint)
    box.line.color.rgb = rgb(PALETTE.hairline)
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    run = frame.paragraphs[0].add_run()
    run.text = place.text(words)
    run.font.size, run.font.bold = Pt(_POINTS * place.scale if not quiet else 14 * place.scale), bold
    run.font.color.rgb = rgb(PALETTE.muted if quiet else PALETTE.ink)
    return box
