"""Reads the child's answer (`arrow`) in the parent. The child read an untrusted file, so nothing in it is believed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from lib.importing.files.arrow import ABOUT, CODED
from lib.importing.files.table import Parsed, Sheet, TextColumn
from lib.importing.findings import Finding, ImportProblem


class BadAnswerError(Exception):
    """The child's answer is not what the child writes."""


UNBELIEVED = (BadAnswerError, KeyError, TypeError, ValueError, AttributeError)
"""What an answer raises that no reader wrote."""


class ReaderCrashError(Exception):
    """The child met an exception nobody foresaw; the text is the exception's class name."""


def decode(answer: bytes, file_name: str, digest: str) -> Parsed:
    """The sheets in the answer. Raises ImportProblem for a refusal, else `UNBELIEVED` and ReaderCrashError."""
    source = pa.BufferReader(answer)
    header = _header(source)
    sheets = tuple(_sheet(source) for _ in range(header["sheets"]))
    if source.tell() != len(answer):
        raise BadAnswerError("bytes left over")
    return Parsed(
        file_name=file_name,
        digest=digest,
        format=str(header["format"]),
        sheets=sheets,
        encoding=str(header["encoding"]),
        delimiter=str(header["delimiter"]),
        findings=tuple(Finding.from_json(f) for f in header["findings"]),
    )


def decode_template(answer: bytes) -> bytes:
    """The package in the answer. Raises as `decode` does."""
    source = pa.BufferReader(answer)
    header = _header(source)
    if header.get("template") != len(answer) - source.tell():
        raise BadAnswerError("template cut off")
    return answer[source.tell() :]


def _header(source: Any) -> dict[str, Any]:
    schema, batches = _stream(source)
    header = _about(schema)
    if batches or len(schema):
        raise BadAnswerError("a table where the header should be")
    if "problem" in header:
        raise ImportProblem(tuple(Finding.from_json(f) for f in header["problem"]))
    if "crash" in header:
        raise ReaderCrashError(str(header["crash"]))
    return header


def _stream(source: Any) -> tuple[Any, list[Any]]:
    """The next stream: its schema and its batches, every buffer, text and index of them looked through."""
    try:
        with pa.ipc.open_stream(source) as reader:
            batches = list(reader)
        for batch in batches:
            batch.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadAnswerError("no Arrow stream, or damaged") from error
    return reader.schema, batches


def _about(described: Any) -> dict[str, Any]:
    """What stands in the metadata of a schema or a field."""
    found = json.loads((described.metadata or {})[ABOUT])
    json.dumps(found, ensure_ascii=False).encode()  # lone surrogates cannot be shown, saved or hashed: ValueError
    if not isinstance(found, dict):
        raise BadAnswerError("metadata is not an object")
    return found


def _sheet(source: Any) -> Sheet:
    schema, batches = _stream(source)
    if len(batches) != 1 or schema.types != [pa.int32(), *[CODED] * (len(schema) - 1)]:
        raise BadAnswerError("not one batch of row numbers and columns of text")
    (batch,) = batches
    if any(column.null_count for column in batch.columns):
        raise BadAnswerError("a cell without text")
    if len(set(schema.names)) != len(schema):
        raise BadAnswerError("two columns of one name")
    about = _about(schema)
    return Sheet.of(
        str(about["name"]),
        (_column(schema.field(i), batch.column(i)) for i in range(1, len(schema))),
        batch.column(0).to_numpy().astype(np.int64),
        tuple(int(r) for r in about["header_rows"]),
        tuple(Finding.from_json(f) for f in about["findings"]),
    )


def _column(field: Any, texts: Any) -> TextColumn:
    about = _about(field)
    # objects: out of an index of Arrow's own texts they are made anew each time (200,000 in 350 ms instead of 27)
    levels = pd.Index(texts.dictionary.to_numpy(zero_copy_only=False), dtype=object)
    return TextColumn(
        cells=pd.Series(pd.Categorical.from_codes(texts.indices.to_numpy(), levels), name=field.name),
        heading=str(about["heading"]),
        labels={str(code): str(label) for code, label in about.get("labels", {}).items()},
        declared_missing=tuple(str(text) for text in about.get("declared_missing", ())),
        kind=str(about.get("kind", "")),
    )
