"""Error bars and labels of a native chart bound to its workbook, so that who edits the data moves them too.

python-pptx 1.0.2 has neither: error bars carry their numbers as literals, labels their words. Here both are written
into columns of the embedded workbook, and the chart refers to the cells (`c:numRef`; for labels of one line the "value
from cells" of Office 2013, which others show as the words they are).
"""

from __future__ import annotations

import io
from typing import Any

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C15 = "http://schemas.microsoft.com/office/drawing/2012/chart"
_RANGE = "{02D57815-91ED-43cb-92C2-25804820EDAC}"
_SHEET = "Sheet1"


def bind(chart: Any) -> None:
    """Write every error bar and every label of words into the chart's workbook and refer to the cells."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    space = chart._chartSpace
    literals = list(space.iter(f"{{{_C}}}numLit"))
    labelled = [ser for ser in space.iter(f"{{{_C}}}ser") if _words_of(ser)]
    if not literals and not labelled:
        return
    part = chart.part.chart_workbook.xlsx_part
    book = load_workbook(io.BytesIO(part.blob))
    sheet = book.worksheets[0]
    column = sheet.max_column + 2
    for literal in literals:
        points = [float(v.text) for v in literal.iter(f"{{{_C}}}v")]
        side = literal.getparent().tag.rpartition("}")[2]
        _fill(sheet, column, f"{_name(literal)}, {'up' if side == 'plus' else 'down'}", dict(enumerate(points)))
        letter = get_column_letter(column)
        literal.tag = f"{{{_C}}}numCache"
        reference = literal.makeelement(f"{{{_C}}}numRef", {}, None)
        formula = reference.makeelement(f"{{{_C}}}f", {}, None)
        formula.text = f"{_SHEET}!${letter}$2:${letter}${len(points) + 1}"
        literal.addprevious(reference)
        reference.append(formula)
        reference.append(literal)
        column += 1
    for ser in labelled:
        words = _words_of(ser)
        _fill(sheet, column, f"{_name(ser)}, labels", words)
        letter, last = get_column_letter(column), max(words) + 2
        _from_cells(ser, words, f"{_SHEET}!${letter}$2:${letter}${last}")
        column += 1
    out = io.BytesIO()
    book.save(out)
    part._blob = out.getvalue()


def _fill(sheet: Any, column: int, title: str, values: dict[int, Any]) -> None:
    sheet.cell(1, column, title).data_type = "s"
    for place, value in values.items():
        cell = sheet.cell(2 + place, column, value)
        if isinstance(value, str):
            cell.data_type = "s"  # a label that begins with "=" stays a text


def _name(element: Any) -> str:
    """Name of the series an element stands in."""
    ser = element if element.tag == f"{{{_C}}}ser" else next(element.iterancestors(f"{{{_C}}}ser"))
    found = ser.find(f"{{{_C}}}tx")
    texts = [] if found is None else [v.text or "" for v in found.iter(f"{{{_C}}}v")]
    return texts[0] if texts else "Series"


def _words_of(ser: Any) -> dict[int, str]:
    """Place of a point → the words of its label, lines joined by a line break."""
    words = {}
    for label in ser.iterfind(f"{{{_C}}}dLbls/{{{_C}}}dLbl"):
        lines = ["".join(t.text or "" for t in p.iter(f"{{{_A}}}t")) for p in label.iter(f"{{{_A}}}p")]
        if any(lines):
            words[int(label.find(f"{{{_C}}}idx").get("val"))] = "\n".join(lines)
    return words


def _from_cells(ser: Any, words: dict[int, str], formula: str) -> None:
    """The label's first run becomes the field "value from cells" where it is one line; the series names the cells."""
    from lxml import etree

    for label in ser.iterfind(f"{{{_C}}}dLbls/{{{_C}}}dLbl"):
        runs = list(label.iter(f"{{{_A}}}r"))
        if len(runs) == 1:
            run = runs[0]
            run.tag = f"{{{_A}}}fld"
            run.set("id", "{5B7C3B1E-0000-4000-8000-000000000001}")
            run.set("type", "CELLRANGE")
    cells = "".join(f'<c:pt idx="{k}"><c:v/></c:pt>' for k in words)
    extension = etree.fromstring(
        f'<c:ext xmlns:c="{_C}" xmlns:c15="{_C15}" uri="{_RANGE}"><c15:datalabelsRange><c15:f>{formula}</c15:f>'
        f'<c15:dlblRangeCache><c:ptCount val="{max(words) + 1}"/>{cells}</c15:dlblRangeCache>'
        "</c15:datalabelsRange></c:ext>"
    )
    for point, text in zip(extension.iter(f"{{{_C}}}v"), words.values(), strict=True):
        point.text = text
    listed = ser.find(f"{{{_C}}}extLst")
    if listed is None:
        listed = etree.SubElement(ser, f"{{{_C}}}extLst")
    listed.append(extension)
    for label in ser.iterfind(f"{{{_C}}}dLbls/{{{_C}}}dLbl"):
        if next(label.iter(f"{{{_A}}}fld"), None) is None:
            continue
        own = label.find(f"{{{_C}}}extLst")
        if own is None:
            own = etree.SubElement(label, f"{{{_C}}}extLst")
        own.append(
            etree.fromstring(
                f'<c:ext xmlns:c="{_C}" xmlns:c15="{_C15}" uri="{{CE6537A1-D6FC-4f65-9D91-7224C49458BB}}">'
                '<c15:dlblFieldTable/><c15:showDataLabelsRange val="1"/></c:ext>'
            )
        )
