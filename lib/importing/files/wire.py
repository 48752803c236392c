"""Reads the child's answer in the parent. The child read an untrusted file, so every length and code is checked."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.importing.files.table import Parsed, RawFile, RawSheet, Sheet, TextColumn
from lib.importing.findings import Finding, ImportProblem

SURROGATE = re.compile("[\ud800-\udfff]")


class BadAnswerError(Exception):
    """The child's answer is not what the child writes."""


class ReaderCrashError(Exception):
    """The child met an exception nobody foresaw; the text is the exception's class name."""


def decode(answer: bytes, file_name: str, digest: str) -> Parsed:
    """The sheets in the answer. Raises ImportProblem for a refusal, else ReaderCrashError, BadAnswerError."""
    header, offset = _header(answer)
    _raise_refusal(header)
    sheets = []
    for record in header["sheets"]:
        sheet, offset = _sheet(record, answer, offset)
        sheets.append(sheet)
    if offset != len(answer):
        raise BadAnswerError("bytes left over")
    return Parsed(
        file_name=file_name,
        digest=digest,
        format=str(header["format"]),
        sheets=tuple(sheets),
        encoding=str(header["encoding"]),
        delimiter=str(header["delimiter"]),
        findings=tuple(Finding.from_json(f) for f in header["findings"]),
    )


def decode_template(answer: bytes) -> bytes:
    """The package in the answer. Raises ImportProblem for a refusal, else ReaderCrashError, BadAnswerError."""
    header, offset = _header(answer)
    _raise_refusal(header)
    if header["template"] != len(answer) - offset:
        raise BadAnswerError("template cut off")
    return answer[offset:]


def _raise_refusal(header: dict[str, Any]) -> None:
    if "problem" in header:
        raise ImportProblem(tuple(Finding.from_json(f) for f in header["problem"]))
    if "crash" in header:
        raise ReaderCrashError(str(header["crash"]))


def _header(answer: bytes) -> tuple[dict[str, Any], int]:
    if len(answer) < 12 or answer[:4] != MAGIC:
        raise BadAnswerError("no header")
    (length,) = struct.unpack("<Q", answer[4:12])
    if length > len(answer) - 12:
        raise BadAnswerError("header cut off")
    try:
        header = json.loads(answer[12 : 12 + length].decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise BadAnswerError("header is not JSON") from error
    if not isinstance(header, dict):
        raise BadAnswerError("header is not an object")
    return header, 12 + length


def _sheet(record: dict[str, Any], answer: bytes, offset: int) -> tuple[Sheet, int]:
    n = int(record["n"])
    numbers, offset = _int32(answer, offset, n)
    columns = []
    for column in record["columns"]:
        codes, offset = _int32(answer, offset, n)
        levels = _levels(column["levels"])
        if n and (not levels or int(codes.min()) < 0 or int(codes.max()) >= len(levels)):
            raise BadAnswerError("a code outside its levels")
        columns.append(
            TextColumn(
                name=_clean(str(column["name"])),
                codes=codes,
                levels=levels,
                heading=_clean(str(column["heading"])),
                labels={_clean(str(k)): _clean(str(v)) for k, v in column["labels"].items()},
                declared_missing=tuple(str(m) for m in column["declared_missing"]),
                kind=str(column["kind"]),
            )
        )
    sheet = Sheet(
        name=_clean(str(record["name"])),
        columns=tuple(columns),
        row_numbers=numbers.astype(np.int64),
        header_rows=tuple(int(r) for r in record["header_rows"]),
        findings=tuple(Finding.from_json(f) for f in record["findings"]),
    )
    return sheet, offset


def _int32(answer: bytes, offset: int, n: int) -> tuple[NDArray[np.int32], int]:
    end = offset + 4 * n
    if n < 0 or end > len(answer):
        raise BadAnswerError("codes cut off")
    return np.frombuffer(answer, dtype=np.int32, count=n, offset=offset), end


def _levels(found: list[Any]) -> tuple[str, ...]:
    """The distinct texts; all of them looked through at once, because an id column has one per patient."""
    if set(map(type, found)) <= {str} and not SURROGATE.search("".join(found)):
        return tuple(found)
    return tuple(_clean(str(level)) for level in found)


def _clean(text: str) -> str:
    """Lone surrogates cannot be shown, saved or hashed; they become the replacement character."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8") if any("\ud800" <= c <= "\udfff" for c in text) else text


# The child's answer as bytes: magic, header length (8 bytes, little endian), header (UTF-8 JSON), then the row codes.
#
# Never pickle, nothing executable. `wire_in` reads it in the parent and trusts none of it.

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


def encode_template(package: bytes) -> Iterator[bytes]:
    """A cleaned slide template."""
    yield from _framed({"template": len(package)})
    yield package


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
