"""Parquet and the data frames of R (.rds, .RData): typed columns → text as a workbook would write it."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from lib.importing.files.arrow import ReadFile, ReadSheet, coded, column_field
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.packed import unpacked
from lib.importing.files.workbook import number_text
from lib.importing.findings import Finding, Severity, quoted_list, refuse

INDEX = "__index_level_"
"""How pandas names the row numbers it writes beside the columns."""


def read_parquet(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The columns of a Parquet file; nested ones are left out and named."""
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        names = [n for n in file.schema_arrow.names if not n.startswith(INDEX)]
        _within(file.metadata.num_rows, len(names), limits)
        size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        if size > limits.unpacked_bytes:
            raise refuse("archive_too_large", f"The Parquet file unpacks to {size / 1e6:,.0f} MB; at most "
                         f"{limits.unpacked_bytes / 1e6:,.0f} MB are read.")  # fmt: skip
        table = file.read(columns=names, use_threads=False)
        encoded: list[tuple[str, Iterable[int | None], Sequence[Any] | None]] = []
        for name, column in zip(table.column_names, table.columns, strict=True):
            chunk = column.combine_chunks()
            chunk = chunk.chunk(0) if isinstance(chunk, pa.ChunkedArray) else chunk
            if pa.types.is_nested(chunk.type) or pa.types.is_binary(chunk.type):
                encoded.append((name, (), None))
                continue
            found = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
            encoded.append((name, found.indices.to_pylist(), found.dictionary.to_pylist()))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, NotImplementedError) as error:
        raise refuse(
            "damaged_statistics_file",
            "The Parquet file is damaged or of a kind that cannot be read. Save it as CSV and upload that.",
        ) from error
    return _file("parquet", encoded, table.num_rows)


def read_r(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The one data frame in a file that R saved with saveRDS or save."""
    import pandas as pd
    import rdata

    def days(values: Any, _: Any) -> Any:
        return pd.to_datetime(pd.Series(values), unit="D").to_numpy()

    def seconds(values: Any, _: Any) -> Any:
        return pd.to_datetime(pd.Series(values), unit="s").dt.round("s").to_numpy()

    known = {**rdata.conversion.DEFAULT_CLASS_MAP, "Date": days, "POSIXct": seconds}
    plain = unpacked(data, limits.unpacked_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a class it does not know: the values are taken as they are
            parsed = rdata.parser.parse_data(plain)
            made = rdata.conversion.convert(parsed, known)
    except Exception as error:
        # a damaged file can end anywhere in the parser: with an error of any kind
        raise refuse(
            "damaged_statistics_file",
            "The R file is damaged or of a kind that cannot be read. Write it with write.csv and upload that.",
        ) from error
    frames = [v for v in (made.values() if isinstance(made, dict) else [made]) if isinstance(v, pd.DataFrame)]
    if len(frames) != 1:
        held = "no data frame" if not frames else f"{len(frames)} data frames"
        raise refuse("not_a_table", f"The R file holds {held}; one is needed. Save one with saveRDS(frame, file).")
    frame = frames[0]
    _within(len(frame), len(frame.columns), limits)
    encoded: list[tuple[str, Iterable[int | None], Sequence[Any] | None]] = []
    for name in frame.columns:
        try:
            codes, values = pd.factorize(frame[name])
        except TypeError:
            encoded.append((str(name), (), None))
            continue
        encoded.append((str(name), codes.tolist(), list(values)))
    return _file("rds", encoded, len(frame))


def _within(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows:
        raise refuse("too_many_rows", f"{rows:,} rows; at most {limits.rows:,} are read.", count=rows)
    if columns > limits.columns:
        raise refuse("too_many_columns", f"{columns:,} columns; at most {limits.columns:,} are read.", count=columns)


def _file(kind: str, encoded: Sequence[tuple[str, Iterable[int | None], Sequence[Any] | None]], rows: int) -> ReadFile:
    """A sheet of these columns: (name, place of each row among the values, values); values None: left out."""
    sheet = ReadSheet("", [], [], range(2, rows + 2))
    out: list[str] = []
    for name, codes, values in encoded:
        texts = None if values is None else [text_of(v) for v in values]
        if texts is None or None in texts:
            out.append(name)
            continue
        sheet.fields.append(column_field(name))
        sheet.texts.append(coded("" if c is None or c < 0 else texts[c] or "" for c in codes))
    if not sheet.fields or not rows:
        raise refuse(
            "empty", "The file has no patients in it." if sheet.fields else "The file has no columns of values."
        )
    if out:
        sentence = f"{quoted_list(out)}: lists or records in a cell cannot be read; left out."
        sheet.findings.append(Finding("nested_column", Severity.WARNING, sentence, column=out[0], count=len(out)))
    return ReadFile(kind, [sheet])


def text_of(value: Any) -> str | None:
    """One value as text; None when it is no single value."""
    if value is None or value != value:  # NaN, NaT
        return ""
    if isinstance(value, str):
        return value.rstrip()
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None, microsecond=0)
        return value.date().isoformat() if value.time() == dt.time(0) else str(value.isoformat(sep=" "))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, dt.timedelta):
        return number_text(value.total_seconds() / 86400)
    if isinstance(value, Decimal):
        return format(value, "f")
    try:
        return number_text(float(value))
    except (TypeError, ValueError):
        return None
