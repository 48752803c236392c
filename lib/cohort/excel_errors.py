"""Cells of an .xlsx that hold an Excel error (#N/A, #DIV/0!) or a formula nobody calculated: the reader blanks them.

They are looked for in the sheets' own text, because a blank that once was a number must be told apart from a blank.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile

from lib.cohort import archive
from lib.cohort.findings import Finding, Severity, quoted_list, rows_in_words
from lib.cohort.headings import Heading, column_letter

Cells = dict[tuple[int, int], str]
NOT_CALCULATED = "formula"
MOST = 300_000

_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]{0,200}\bt=[\"']e[\"'][^>]{0,200})>"
    rb"(?:\s*<(?:\w+:)?f\b[^>]{0,300}>(?:[^<]{0,2000}</(?:\w+:)?f>)?)?\s*<(?:\w+:)?v>([^<]{1,20})<"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\b([^>]{1,300})>\s*<(?:\w+:)?f\b[^>]{0,300}>(?:[^<]{0,2000}</(?:\w+:)?f>)?"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TEXT_RESULT = re.compile(rb"\bt=[\"'](?:str|s|inlineStr|e)[\"']")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*\"([^\"]*)\"|([\w:]+)\s*=\s*'([^']*)'")


def error_cells(zipped: zipfile.ZipFile) -> dict[str, Cells]:
    """Sheet name → (row, column) from 0 → the error's text, or NOT_CALCULATED. Empty for what is no .xlsx."""
    names = set(zipped.namelist())
    found: dict[str, Cells] = {}
    for sheet, part in _parts(zipped, names).items():
        if part in names:
            cells = _of_part(zipped, part)
            if cells:
                found[sheet] = cells
    return found


def _parts(zipped: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Sheet name → its file in the archive."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if book not in names or links not in names:
        return {}
    targets = {}
    for record in _records(zipped, links, "Relationship"):
        target = record.get("Target", "")
        targets[record.get("Id", "")] = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return {
        html.unescape(r.get("name", "")): posixpath.normpath(targets.get(r.get("r:id", ""), ""))
        for r in _records(zipped, book, "sheet")
    }


def _records(zipped: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    text = b"".join(piece for piece, _ in archive.pieces(zipped, part, overlap=0)).decode("utf-8", "replace")
    return [
        {a or b: c or d for a, c, b, d in _ATTRIBUTE.findall(attributes)}
        for attributes in re.findall(rf"<(?:\w+:)?{tag}\b([^>]*)>", text)
    ]


def _of_part(zipped: zipfile.ZipFile, part: str) -> Cells:
    found: Cells = {}
    for piece, _ in archive.pieces(zipped, part):
        if b't="e"' in piece or b"t='e'" in piece:
            for cell in _ERROR.finditer(piece):
                _keep(found, cell.group(1), cell.group(2).decode("ascii", "replace"))
        if _HAS_FORMULA.search(piece):
            for cell in _NO_RESULT.finditer(piece):
                if not _TEXT_RESULT.search(cell.group(1)):
                    _keep(found, cell.group(1), NOT_CALCULATED)
    return found


def _keep(found: Cells, attributes: bytes, told: str) -> None:
    place = _PLACE.search(attributes)
    if place is not None and len(found) < MOST:
        found[int(place.group(2)) - 1, _column(place.group(1).decode())] = told


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def findings(cells: Cells, heading: Heading, name: str) -> list[Finding]:
    """What to tell of the error cells below a heading, one finding per kind."""
    out = []
    below = {place: told for place, told in sorted(cells.items()) if place[0] >= heading.data_from}
    for formula in (False, True):
        own = {place: told for place, told in below.items() if (told == NOT_CALCULATED) is formula}
        if not own:
            continue
        columns = list(dict.fromkeys(_named(heading, column) for _, column in own))
        rows = sorted({row + 1 for row, _ in own})
        out.append(
            Finding(
                "not_calculated" if formula else "excel_error",
                Severity.WARNING,
                _sentence(columns, rows, list(own.values()), formula),
                sheet=name,
                column=columns[0],
                count=len(own),
                rows=tuple(rows[:1000]),
            )
        )
    return out


def _sentence(columns: list[str], rows: list[int], told: list[str], formula: bool) -> str:
    many = len(told) > 1
    where = rows_in_words(rows)
    count = "They count" if many else "It counts"
    if formula:
        what = f"{len(told)} formula{'s' if many else ''} without a stored result ({where})"
        advice = " Open the workbook in Excel, save it and upload it again."
    else:
        what = f"{len(told)} cell{'s hold' if many else ' holds'} an Excel error "
        what += f"({', '.join(dict.fromkeys(told))}; {where})"
        advice = ""
    return f"{quoted_list(columns)}: {what}. {count} as blank.{advice}"


def _named(heading: Heading, column: int) -> str:
    named = heading.names[column] if column < len(heading.names) else ""
    return named or f"column {column_letter(column)}"
