"""A table on a slide: real cells, as large as fits, on as many slides as it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lib.export.pptx.style import rgb
from lib.export.table_shape import column_widths, row_heights, words_whole
from lib.present.table import Table
from lib.present.theme import PALETTE
from lib.present.wording import NBSP

_LARGE, _SMALL = (20.0, 18.0, 16.0, 15.0, 14.0), (13.0, 12.0, 11.0, 10.0)
_LEAST, _APART = 12.0, 14.0


def best_size(table: Table, width: float, height: float, scale: float = 1.0) -> tuple[float, list[float], list[float]]:
    """The size, the widths of columns and the heights of rows.

    The largest size at which the whole table fits without broken words; a longer table goes on over several slides in
    14 points. Smaller only where a word would be broken. On a slide less tall than 7.5 inches all of this in `scale`.
    """
    sizes = [round(p * scale * 2) / 2 for p in (*_LARGE, *_SMALL)]
    whole = [p for p in sizes if words_whole(table, width, p)] or [sizes[-1]]
    for points in whole:
        widths = column_widths(table, width, points)
        heights = row_heights(table, widths, points)
        if sum(heights) <= height or points <= _APART * scale:
            break
    return points, widths, heights


def columns_apart(table: Table, width: float, scale: float = 1.0) -> list[Table]:
    """A table too wide for 12 points as several of 14 points: the first column with a part of the others each."""
    if words_whole(table, width, _LEAST * scale) or len(table.columns) < 3:
        return [table]
    others = range(1, len(table.columns))

    def filled(most: int) -> list[list[int]]:
        parts: list[list[int]] = [[]]
        for c in others:
            wanted = [*parts[-1], c]
            if parts[-1] and (len(wanted) > most or not words_whole(_only(table, wanted), width, _APART * scale)):
                parts.append([])
            parts[-1].append(c)
        return parts

    most = len(others)
    fewest = len(filled(most))
    while most > 1 and len(filled(most - 1)) == fewest:
        most -= 1
    return [_only(table, part) for part in filled(most)]


def without_groups(table: Table) -> Table:
    """Everybody's columns of a table with a column per group: those before the second that says its n."""
    counted = [c for c, column in enumerate(table.columns) if f"(n{NBSP}={NBSP}" in column.name]
    if len(counted) < 2 or counted[1] < 2:
        return table
    return _only(table, list(range(1, counted[1])))


def _only(table: Table, columns: list[int]) -> Table:
    """The first column and these."""
    chosen = (0, *columns)
    rows = tuple(tuple(row[c] for c in chosen) for row in table.rows)
    return replace(table, columns=tuple(table.columns[c] for c in chosen), rows=rows)


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
