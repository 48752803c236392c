"""A file as its reader hands it over, and as the bytes that leave the child process: Arrow IPC, never pickle.

The answer is one Arrow stream without columns whose schema says what the file is, then one stream per sheet: a column
of row numbers and the columns of text, each distinct text stored once. What the format says of a sheet or a column
stands as JSON in the metadata of its schema or field. `wire` reads it in the parent and trusts none of it.

Arrays are made from buffers: `pyarrow.array` imports pandas (0.4 s), which no child needs that reads a text table.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import pyarrow as pa

from lib.importing.findings import Finding

ABOUT = b"cohortlens"
"""Key of the metadata."""
CODED = pa.dictionary(pa.int32(), pa.string())


@dataclass(slots=True)
class ReadSheet:
    """One table.

    Attributes:
        name: as in the workbook, '' elsewhere.
        fields: names of the columns and what the format says of them (`column_field`).
        texts: the columns (`coded`).
        row_numbers: as Excel shows them. header_rows: likewise.
        findings: what the reader noticed.
    """

    name: str
    fields: list[Any]
    texts: list[Any]
    row_numbers: Sequence[int]
    header_rows: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class ReadFile:
    """Everything a reader found."""

    format: str
    sheets: list[ReadSheet]
    encoding: str = ""
    delimiter: str = ""
    findings: list[Finding] = field(default_factory=list)


def column_field(name: str, heading: str = "", **more: Any) -> Any:
    """The field of a column; `more` are `labels`, `declared_missing` and `kind` as in `TextColumn`."""
    return pa.field(_shown(name), CODED, metadata={ABOUT: _as_json({"heading": heading, **more})})


def coded(texts: Iterable[str]) -> Any:
    """The texts as an Arrow dictionary, distinct ones in order of first appearance."""
    position: defaultdict[str, int] = defaultdict()
    position.default_factory = position.__len__  # a new text gets the next number, without a line of Python per cell
    codes = array("i", map(position.__getitem__, texts))
    levels = [_shown(level).encode() for level in position]
    ends = array("i", accumulate(map(len, levels), initial=0))
    distinct = pa.StringArray.from_buffers(len(levels), pa.py_buffer(ends), pa.py_buffer(b"".join(levels)))
    return pa.DictionaryArray.from_arrays(_int32(codes), distinct)


def encode_file(file: ReadFile) -> Iterator[Any]:
    """The pieces to write."""
    yield _stream(
        {
            "format": file.format,
            "encoding": file.encoding,
            "delimiter": file.delimiter,
            "findings": [f.to_json() for f in file.findings],
            "sheets": len(file.sheets),
        }
    )
    for sheet in file.sheets:
        fields = [pa.field("row", pa.int32()), *sheet.fields]
        columns = [_int32(array("i", sheet.row_numbers)), *sheet.texts]
        found = [f.to_json() for f in sheet.findings]
        yield _stream({"name": sheet.name, "header_rows": sheet.header_rows, "findings": found}, fields, columns)


def encode_template(package: bytes) -> Iterator[Any]:
    """A cleaned slide template."""
    yield _stream({"template": len(package)})
    yield package


def encode_problem(findings: Iterable[Finding]) -> Iterator[Any]:
    """A refusal."""
    yield _stream({"problem": [f.to_json() for f in findings]})


def encode_crash(kind: str) -> Iterator[Any]:
    """A reader failed in a way nobody foresaw; only the exception's class name travels, never its text."""
    yield _stream({"crash": kind})


def _stream(about: dict[str, Any], fields: Sequence[Any] = (), columns: Sequence[Any] = ()) -> Any:
    schema = pa.schema(fields, metadata={ABOUT: _as_json(about)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        if fields:
            writer.write_batch(pa.RecordBatch.from_arrays(list(columns), schema=schema))
    return sink.getvalue()


def _int32(numbers: array[int]) -> Any:
    return pa.Int32Array.from_buffers(pa.int32(), len(numbers), [None, pa.py_buffer(numbers)])


def _as_json(record: dict[str, Any]) -> bytes:
    return _shown(json.dumps(record, ensure_ascii=False, separators=(",", ":"))).encode()


def _shown(text: str) -> str:
    """Lone surrogates cannot be shown, saved or hashed; they become a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
