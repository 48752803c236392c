"""A table on a slide: real cells, as large as fits, on as many slides as it needs."""

from __future__ import annotations

from typing import Any

from lib.export.pptx_style import rgb
from lib.export.table_shape import column_widths, row_heights, words_whole
from lib.present.table import Table
from lib.present.theme import PALETTE

_TABLE_SIZES = (20.0, 18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0)


def best_size(table: Table, width: float, height: float) -> tuple[float, list[float], list[float]]:
    """The largest size at which the table fits without broken words, else the smallest; widths and heights with it."""
    for points in _TABLE_SIZES:
        widths = column_widths(table, width, points)
        heights = row_heights(table, widths, points)
        if sum(heights) <= height and words_whole(table, width, points):
            break
    return points, widths, heights


def pages_of(heights: list[float], height: float) -> list[tuple[int, int]]:
    """Rows (first, after the last) of each slide, the heading repeated."""
    pages, first, used = [], 0, heights[0]
    for row, need in enumerate(heights[1:]):
        if used + need > height and row > first:
            pages.append((first, row))
            first, used = row, heights[0]
        used += need
    return [*pages, (first, len(heights) - 1)]


def _cell(cell: Any, words: str, points: float, right: bool, *, bold: bool = False, fill: str = "") -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    cell.margin_left = cell.margin_right = Inches(0.07)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    if words:
        run = paragraph.add_run()
        run.text = words
        run.font.size, run.font.bold = Pt(points), bold
        run.font.color.rgb = rgb(PALETTE.ink)
    # the end of a paragraph has a size too, 18 points unless told: it would make the rows of empty cells too tall
    paragraph._p.get_or_add_endParaRPr().set("sz", str(round(points * 100)))
    if fill:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(fill)
    else:
        cell.fill.background()


def _plain_style(shape: Any) -> None:
    """Thin lines under the rows, no colours: Office's "Light Style 1"."""
    style = shape._element.graphic.graphicData.tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    )
    if style is not None:
        style.text = "{9D7B030F-B1BA-407E-8F2B-6B1D1C7F6C5A}"
    shape.table.horz_banding = False


def add_table(
    slide: Any,
    table: Table,
    corner: tuple[float, float],
    widths: list[float],
    heights: list[float],
    points: float,
) -> None:
    """A table of native cells on the slide; widths of columns, heights of the heading and of each row, in inches."""
    from pptx.util import Inches

    size = (Inches(sum(widths)), Inches(sum(heights)))
    shape = slide.shapes.add_table(len(table.rows) + 1, len(table.columns), Inches(corner[0]), Inches(corner[1]), *size)
    grid = shape.table
    _plain_style(shape)
    for c, width in enumerate(widths):
        grid.columns[c].width = Inches(width)
    for r, height in enumerate(heights):
        grid.rows[r].height = Inches(height)
    for c, column in enumerate(table.columns):
        right = column.align == "right"
        _cell(grid.cell(0, c), column.name, points, right, bold=True, fill=PALETTE.panel)
        for r, row in enumerate(table.rows, 1):
            _cell(grid.cell(r, c), row[c].text, points, right)
