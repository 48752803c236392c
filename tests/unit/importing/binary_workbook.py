"""A binary workbook (.xlsb) of one sheet: the few records of [MS-XLSB] that hold numbers and texts."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>
</Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{}" Target="{}"/></Relationships>"""
ROW, REAL, INLINE_TEXT = 0, 5, 6
BEGIN_SHEET, END_SHEET, BEGIN_BOOK, END_BOOK = 129, 130, 131, 132
BEGIN_SHEETS, END_SHEETS, SHEET_OF_BOOK, BEGIN_CELLS, END_CELLS, DIMENSION = 143, 144, 156, 145, 146, 148


def _varying(number: int) -> bytes:
    """Seven bits per byte, the lowest first."""
    out = bytearray()
    while True:
        out.append((number & 127) | (128 if number > 127 else 0))
        number >>= 7
        if not number:
            return bytes(out)


def _record(kind: int, body: bytes = b"") -> bytes:
    return _varying(kind) + _varying(len(body)) + body


def _text(words: str) -> bytes:
    coded = words.encode("utf-16-le")
    return struct.pack("<I", len(coded) // 2) + coded


def _cell(column: int, value: object) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _record(INLINE_TEXT, place + _text(str(value)))
    return _record(REAL, place + struct.pack("<d", value))


def binary_workbook(rows: Sequence[Sequence[object]], name: str = "patients") -> bytes:
    """The bytes of the workbook; None is an empty cell, numbers stay numbers, everything else is its text."""
    widest = max(map(len, rows))
    book = _record(BEGIN_BOOK) + _record(BEGIN_SHEETS)
    book += _record(SHEET_OF_BOOK, struct.pack("<II", 0, 1) + _text("rId1") + _text(name))
    book += _record(END_SHEETS) + _record(END_BOOK)
    sheet = _record(BEGIN_SHEET) + _record(DIMENSION, struct.pack("<IIII", 0, len(rows) - 1, 0, widest - 1))
    sheet += _record(BEGIN_CELLS)
    for number, row in enumerate(rows):
        sheet += _record(ROW, struct.pack("<I", number) + bytes(13))
        sheet += b"".join(_cell(place, value) for place, value in enumerate(row) if value is not None)
    sheet += _record(END_CELLS) + _record(END_SHEET)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELS.format(f"{OFFICE}/officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", RELS.format(f"{OFFICE}/worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()
