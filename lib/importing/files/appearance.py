"""What somebody sees in Excel and a reader of values does not: hidden rows and columns, cells struck out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lib.importing.files import archive
from lib.importing.files.arrow import ReadSheet
from lib.importing.files.headings import column_letter
from lib.importing.files.rows import parts_of, records
from lib.importing.findings import Finding, Severity, quoted_list, rows_in_words

_HIDDEN_ROW = re.compile(rb"<(?:\w{1,40}:)?row\b[^<>]{0,300}\bhidden=[\"'](?:1|true)[\"'][^<>]{0,300}>")
_ROW_NUMBER = re.compile(rb"\sr=[\"'](\d{1,7})[\"']")
_FONT = re.compile(r"<(?:\w{1,40}:)?font\b[^<>]{0,300}?(?:/>|>(.{0,2000}?)</(?:\w{1,40}:)?font>)", re.DOTALL)
_STRIKE = re.compile(r"<(?:\w{1,40}:)?strike\b(?![^<>]{0,60}val=[\"'](?:0|false)[\"'])")
_FONTS = re.compile(r"<(?:\w{1,40}:)?fonts\b.{0,400000}?</(?:\w{1,40}:)?fonts>", re.DOTALL)
_FORMATS = re.compile(r"<(?:\w{1,40}:)?cellXfs\b.{0,2000000}?</(?:\w{1,40}:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(r"<(?:\w{1,40}:)?xf\b([^<>]{0,600})>")
_FONT_ID = re.compile(r"\bfontId=[\"'](\d{1,6})[\"']")
_STYLED = re.compile(rb"<(?:\w{1,40}:)?c\b([^<>]{0,300})>")
_STYLE = re.compile(rb"\bs=[\"'](\d{1,6})[\"']")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
STYLES = "xl/styles.xml"
MOST_COLUMNS = 16_384


@dataclass(slots=True)
class Appearance:
    """Of one sheet: hidden rows and hidden columns as Excel names them, and (column, row) of cells struck out."""

    rows: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    struck: set[tuple[str, int]] = field(default_factory=set)


def appearances(zipped: zipfile.ZipFile) -> dict[str, Appearance]:
    """Sheet name → what is hidden or struck out there. Empty for what is no .xlsx."""
    names = set(zipped.namelist())
    struck = _struck_formats(zipped) if STYLES in names else set()
    found: dict[str, Appearance] = {}
    for sheet, part in parts_of(zipped, names).items():
        if part not in names:
            continue
        seen = found.setdefault(sheet, Appearance())
        for piece, _ in archive.pieces(zipped, part):
            if b"hidden" in piece:
                seen.rows |= {int(r) for tag in _HIDDEN_ROW.findall(piece) for r in _ROW_NUMBER.findall(tag)}
            if struck:
                seen.struck |= set(_cells_of(piece, struck))
        for record in records(zipped, part, "col"):
            if record.get("hidden") in ("1", "true") and record.get("min", "").isdigit():
                last = min(int(record.get("max") or record["min"]), MOST_COLUMNS)
                seen.columns |= {column_letter(i - 1) for i in range(int(record["min"]), last + 1)}
    return found


def _struck_formats(zipped: zipfile.ZipFile) -> set[bytes]:
    """Numbers of the cell formats whose font is struck through."""
    text = b"".join(piece for piece, _ in archive.pieces(zipped, STYLES, overlap=0)).decode("utf-8", "replace")
    fonts, formats = _FONTS.search(text), _FORMATS.search(text)
    if fonts is None or formats is None:
        return set()
    struck = {str(i) for i, m in enumerate(_FONT.finditer(fonts.group())) if _STRIKE.search(m.group())}
    own = [_FONT_ID.search(attributes) for attributes in _FORMAT.findall(formats.group())]
    return {str(i).encode() for i, m in enumerate(own) if m and m.group(1) in struck}


def _cells_of(piece: bytes, formats: set[bytes]) -> Iterator[tuple[str, int]]:
    for attributes in _STYLED.findall(piece):
        style, place = _STYLE.search(attributes), _PLACE.search(attributes)
        if style and place and style.group(1) in formats:
            yield place.group(1).decode(), int(place.group(2))


def appearance_findings(sheet: ReadSheet, seen: Appearance, names: dict[str, str]) -> Iterator[Finding]:
    """What to say of the rows and columns of the table. `names`: Excel's letter of a column → its name."""
    numbers = sheet.row_numbers
    rows = [r for r in numbers if r in seen.rows]
    if rows:
        one = len(rows) == 1
        yield _found(
            "hidden_rows",
            f"{len(rows):,} of {len(numbers):,} rows {'is' if one else 'are'} hidden in Excel, by a filter or by hand "
            f"({rows_in_words(rows)}). {'It counts' if one else 'They count'} here like the others; delete them in "
            "the file if they should not.",
            sheet, rows,
        )  # fmt: skip
    hidden = [names[letter] for letter in names if letter in seen.columns]
    if hidden:
        one = len(hidden) == 1
        yield _found(
            "hidden_columns",
            f"{len(hidden):,} column{' is' if one else 's are'} hidden in Excel: {quoted_list(hidden)}. "
            f"{'It is' if one else 'They are'} read like the others; say that {'it is' if one else 'they are'} not "
            "used if that is meant.",
            sheet, [], hidden[0], len(hidden),
        )  # fmt: skip
    within = set(numbers)
    struck = sorted(
        (row, names.get(letter, letter)) for letter, row in seen.struck if row in within and letter in names
    )
    if struck:
        lines = sorted({row for row, _ in struck})
        columns = list(dict.fromkeys(name for _, name in struck))
        yield _found(
            "struck_out",
            f"{len(struck):,} cell{' is' if len(struck) == 1 else 's are'} struck out in Excel, in "
            f"{rows_in_words(lines)} ({quoted_list(columns, 4)}). They count here like the others; delete them in the "
            "file if they should not.",
            sheet, lines, columns[0], len(struck),
        )  # fmt: skip


def _found(code: str, sentence: str, sheet: ReadSheet, rows: list[int], column: str = "", count: int = 0) -> Finding:
    named = tuple(rows[:1000])
    return Finding(
        code, Severity.WARNING, sentence, sheet=sheet.name, column=column, count=count or len(rows), rows=named
    )
