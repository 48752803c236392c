"""The child's answer as bytes: magic, header length (8 bytes, little endian), header (UTF-8 JSON), then the row codes.

Never pickle, nothing executable. `wire_in` reads it in the parent and trusts none of it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from lib.cohort.findings import Finding
from lib.cohort.raw import RawFile, RawSheet

MAGIC = b"CLP1"


def encode_file(file: RawFile) -> Iterator[bytes]:
    """The pieces to write, header first."""
    header = {
        "format": file.format,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "findings": [f.to_json() for f in file.findings],
        "sheets": [_sheet_header(sheet) for sheet in file.sheets],
    }
    yield from _framed(header)
    for sheet in file.sheets:
        yield sheet.row_numbers
        for column in sheet.columns:
            yield column.codes


def encode_problem(findings: Iterable[Finding]) -> Iterator[bytes]:
    """A refusal."""
    yield from _framed({"problem": [f.to_json() for f in findings]})


def encode_crash(kind: str) -> Iterator[bytes]:
    """A reader failed in a way nobody foresaw; only the exception's class name travels, never its text."""
    yield from _framed({"crash": kind})


def _framed(header: dict[str, Any]) -> Iterator[bytes]:
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    yield MAGIC + struct.pack("<Q", len(text))
    yield text


def _sheet_header(sheet: RawSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "n": len(sheet.row_numbers) // 4,
        "header_rows": sheet.header_rows,
        "findings": [f.to_json() for f in sheet.findings],
        "columns": [
            {
                "name": c.name,
                "levels": c.levels,
                "heading": c.heading,
                "labels": c.labels,
                "declared_missing": c.declared_missing,
                "kind": c.kind,
            }
            for c in sheet.columns
        ],
    }
