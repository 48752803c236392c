"""Measures a workbook before it is unpacked: a few kilobytes of zip can hold gigabytes, or one cell far away."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lib.importing.files.limits import Limits
from lib.importing.findings import refuse

CHUNK = 1_000_000
OVERLAP = 4_000
MOST_PARTS = 2_000
LONGEST_TAG = 600
# A cell far to the right or far down that holds something. A formatted but empty cell there is harmless and common.
FAR_CELL = re.compile(
    rb"<(?:\w{1,40}:)?c\s[^<>]{0,600}?\br=[\"']([A-Z]{0,3})(\d{6,10}|(?<=[A-Z]{3})\d{1,10})[\"'][^<>/]{0,600}>"
    rb"(?!\s{0,600}</(?:\w{1,40}:)?c>)"
)
VALUE = re.compile(
    rb"<(?:\w{1,40}:)?c\s[^<>]{0,600}?\br=[\"']([A-Z]{1,3})(\d{1,10})[\"'][^<>/]{0,600}>(?!\s{0,600}</(?:\w{1,40}:)?c>)"
)
ROW = re.compile(rb"<(?:\w{1,40}:)?row\s[^<>]{0,600}?\br=[\"'](\d{1,10})[\"']")
WIDE_CELL = re.compile(rb"<(?:\w{1,40}:)?c\s[^<>]{0,600}?\br=[\"']([A-Z]{2,3})\d")
LONG_TAG = re.compile(rb"<(?:\w{1,40}:)?(?:c|row)\s[^<>]{600}|<(?:\w{1,40}:)?(?:c|row)\b[^<>]{0,600}>\s{600}")
"""What would hide a far cell from the patterns above, which look at so many characters; no program writes it."""
PLACELESS_CELL = re.compile(rb"<(?:\w{1,40}:)?c(?:>|\s(?![^<>]{0,600}\br=))")
ROW_START = re.compile(rb"<(?:\w{1,40}:)?row\b")
CELL_START = re.compile(rb"<(?:\w{1,40}:)?c[\s>]")
SHEET_START = re.compile(rb"<(?:\w{1,40}:)?worksheet\b")
TEXT_ITEM = re.compile(rb"<(?:\w{1,40}:)?si\b")
SHARED_TEXT = re.compile(
    rb"<(?:\w{1,40}:)?c\s[^<>]{0,600}?\bt=[\"']s[\"'][^<>]{0,600}>\s{0,600}<(?:\w{1,40}:)?v>\s{0,20}(\d{1,9})"
)
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ENTITY_WIDE = tuple(f"<!{w}".encode(c) for w in ("DOCTYPE", "ENTITY") for c in ("utf-16-le", "utf-16-be"))


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive. Raises ImportProblem when it is damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise refuse("damaged_workbook", damaged()) from error


def damaged() -> str:
    """The sentence for a workbook that cannot be read."""
    return (
        "The workbook is damaged: it ends early or parts of it are missing. "
        "Open it in Excel, save it again as .xlsx and upload that."
    )


def measure(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises ImportProblem when the archive is too large unpacked, locked, or holds what no table needs."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise refuse("archive_too_large", f"The workbook consists of {len(parts):,} parts; at most {MOST_PARTS:,}.")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("locked", "The workbook is locked with a password. Remove the password and upload it again.")
    declared = sum(part.file_size for part in parts)
    if declared > limits.unpacked_bytes:
        raise refuse("archive_too_large", _too_large(declared, limits))
    total = 0
    for part in parts:
        total += _scan(archive, part, limits, limits.unpacked_bytes - total)
    _shared_texts(archive, parts, limits)


def _shared_texts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuses long texts that many cells refer to: stored once, they would stand in memory once per cell."""
    lengths = [0]
    for part in parts:
        if "sharedstrings" in part.filename.lower():
            for piece, _ in pieces(archive, part, overlap=0):
                first, *others = map(len, TEXT_ITEM.split(piece))
                lengths[-1] += first
                lengths += others
    if max(lengths) * limits.cells <= limits.unpacked_bytes:
        return
    size = 0
    for part in parts:
        if part.filename.lower().endswith(".bin"):
            continue
        for piece, _ in pieces(archive, part, overlap=0):
            for number in SHARED_TEXT.findall(piece):
                size += lengths[int(number) + 1] if int(number) + 1 < len(lengths) else 0
            if size > limits.unpacked_bytes:
                raise refuse(
                    "too_much_text",
                    f"Cells of the workbook repeat long texts, together more than {limits.unpacked_bytes / 1e6:,.0f} "
                    "MB. Leave out the column of long texts, or save the table as CSV.",
                )


def _too_large(size: int, limits: Limits) -> str:
    return (
        f"The workbook unpacks to {size / 1e6:,.0f} MB; at most {limits.unpacked_bytes / 1e6:,.0f} MB. "
        "Copy the table into a new workbook, or save it as CSV."
    )


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits, left: int) -> int:
    """Reads one part in pieces, counting what really comes out (the declared size may lie)."""
    size = 0
    is_sheet = "worksheets/" in part.filename.lower()
    xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    down = right = 0
    placeless = False
    for piece, fresh in pieces(archive, part):
        # by what it holds: a workbook may call a part whatever it likes
        xml = xml or (size == 0 and piece.lstrip()[:6].startswith((b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")))
        size += fresh
        if size > left:
            raise refuse("archive_too_large", _too_large(limits.unpacked_bytes + size - left, limits))
        if not xml:
            continue
        is_sheet = is_sheet or SHEET_START.search(piece) is not None
        if ENTITY.search(piece) or any(wide in piece for wide in ENTITY_WIDE):
            raise refuse(
                "entities",
                f'The workbook declares XML entities (in "{part.filename}"). Excel never writes those; '
                "they can be used to read files or to exhaust the memory, so the workbook is not opened.",
            )
        if is_sheet:
            _no_far_cell(piece, part.filename, limits)
            if PLACELESS_CELL.search(piece):
                placeless = True
                right = max(right, max(len(CELL_START.findall(row)) for row in ROW_START.split(piece)))
            down = max(down, max((int(f) for f in ROW.findall(piece)), default=0))
            right = max(right, max((column_number(f) for f in set(WIDE_CELL.findall(piece))), default=0))
    if down * right > limits.cells and not placeless:
        down, right = _extent_of_values(archive, part)
    if down * right > limits.cells:
        raise refuse(
            "far_cell",
            f'The table in "{part.filename.rsplit("/", 1)[-1]}" spans {down:,} rows × {right:,} columns; at most '
            f"{limits.cells:,} cells are read. Delete values far outside the table, or copy it into a new workbook.",
            count=down * right,
        )
    return size


def _extent_of_values(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """Last row and last column with something in it; formatted empty cells, which are common, do not count."""
    down = right = 0
    for piece, _ in pieces(archive, part):
        for column, row in VALUE.findall(piece):
            down = max(down, int(row))
            right = max(right, column_number(column))
    return down, right


def pieces(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo | str, overlap: int = OVERLAP
) -> Iterator[tuple[bytes, int]]:
    """A part unpacked piece by piece, each with the end of the last one before it, and how much of it is new."""
    try:
        with archive.open(part) as stream:
            tail = b""
            while piece := stream.read(CHUNK):
                yield tail + piece, len(piece)
                tail = piece[-overlap:] if overlap else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise refuse("damaged_workbook", damaged()) from error


def _no_far_cell(piece: bytes, name: str, limits: Limits) -> None:
    if LONG_TAG.search(piece):
        raise refuse(
            "far_cell",
            f'"{name.rsplit("/", 1)[-1]}" describes a cell or a row in more than {LONGEST_TAG} characters, which no '
            "program writes. Copy the table into a new workbook and upload that.",
        )
    for found in FAR_CELL.finditer(piece):
        column, row = found.group(1), int(found.group(2))
        if row > limits.rows or column_number(column) > limits.columns:
            raise refuse(
                "far_cell",
                f'A value stands far outside the table, in cell {column.decode()}{row} of "{name.rsplit("/", 1)[-1]}"; '
                f"at most {limits.rows:,} rows and {limits.columns:,} columns are read. "
                "Delete that cell, or copy the table into a new workbook.",
                rows=(row,),
            )


def column_number(letters: bytes) -> int:
    """The place of an Excel column, from 1. openpyxl's `column_index_from_string` refuses more than three letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
