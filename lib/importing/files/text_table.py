"""Text tables (CSV, TSV): any common separator, encoding and line ending, quoted fields, titles above the heading.

Two ways, one result: Arrow's reader for large regular files (25 times faster), Python's for everything else and as the
judge of whatever Arrow declines.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from typing import Any

import pyarrow as pa

from lib.importing.files.arrow import CODED, ReadFile, ReadSheet
from lib.importing.files.encoding import decode
from lib.importing.files.headings import find_heading
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.rows import assemble, sheet_from_rows
from lib.importing.findings import Finding, Severity, refuse

FAST_FROM = 1_000_000
MOST_THREADS = 4
LONGEST_CELL = 100_000


def read_csv(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """The one sheet of a text file. Raises ImportProblem when it holds no table."""
    decoded = decode(data, options.encoding)
    text = decoded.text
    hint, skip = explicit_separator(text)
    if not text or text.isspace():
        raise refuse("empty", "The file is empty. A cohort file has one row of column names and one row per patient.")
    delimiter = options.delimiter or hint or detect_delimiter(text)
    findings = list(decoded.findings)
    body = text[skip:]
    sheet = None
    if len(body) >= FAST_FROM and '"' not in body[:1]:
        sheet = _fast(body, delimiter, limits, options, bool(skip))
    if sheet is None:
        rows, noticed = _rows(body, delimiter, limits)
        findings += noticed
        # the hint line is row 1 of the file as a spreadsheet shows it
        sheet = sheet_from_rows([[], *rows] if skip else rows, "", limits, options)
    if sheet is None or not sheet.fields:
        raise refuse("empty", "The file is empty. A cohort file has one row of column names and one row per patient.")
    return ReadFile("csv", [sheet], decoded.encoding, delimiter, findings)


def _rows(text: str, delimiter: str, limits: Limits) -> tuple[list[list[str]], list[Finding]]:
    """All rows by Python's reader. A quote that never closes swallows the rest: then quotes are read as plain text."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        return _collect(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), limits), []
    except csv.Error as strict:
        return _lenient(text, delimiter, limits, str(strict))


def _lenient(text: str, delimiter: str, limits: Limits, reason: str) -> tuple[list[list[str]], list[Finding]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    good = 0
    try:
        for _ in reader:
            good += 1
    except csv.Error:
        pass
    where = good + 1
    if "expected after" in reason:
        try:
            rows = _collect(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), limits)
        except csv.Error:
            rows = []
        if (rows and max(len(r) for r in rows) == len(rows[where - 1])) or (rows and len(rows) > where):
            return rows, [_stray_quote(where)]
    plain = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        rows = _collect(plain, limits)
    except csv.Error as error:
        raise refuse(
            "unreadable_row",
            f"Row {where} cannot be read: a quote is opened and never closed, or a cell holds more than "
            f"{LONGEST_CELL:,} characters.",
            rows=(where,),
        ) from error
    return [[c.strip().strip('"') for c in row] for row in rows], [_stray_quote(where)]


def _stray_quote(where: int) -> Finding:
    return Finding(
        "stray_quote",
        Severity.WARNING,
        f'Row {where}: a quote (") stands inside a value or is never closed. The rows from there on were read without '
        "treating it as a quote; check the preview.",
        count=1,
        rows=(where,),
    )


def _collect(reader: object, limits: Limits) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    for row in reader:  # type: ignore[attr-defined]
        rows.append(row)
        cells += len(row)
        if len(rows) > limits.rows + 100:
            raise refuse("too_many_rows", f"More than {limits.rows:,} rows; that is the most that is read.")
        if len(row) > limits.columns:
            raise refuse(
                "too_many_columns",
                f"Row {len(rows)} has {len(row):,} columns; at most {limits.columns:,} are read.",
                rows=(len(rows),),
            )
        if cells > limits.cells:
            raise refuse("too_many_cells", f"More than {limits.cells:,} cells; that is the most that is read.")
    return rows


def _fast(text: str, delimiter: str, limits: Limits, options: ReadOptions, hint: bool) -> ReadSheet | None:
    """The sheet by Arrow, or None when Python's reader should judge (blank lines, ragged rows, anything unusual)."""
    quotes = '"' in text
    if hint or delimiter not in CANDIDATES or "\x00" in text or (quotes and _has_blank_line(text)):
        return None
    import pyarrow.csv as arrow_csv

    pa.set_cpu_count(min(MOST_THREADS, os.cpu_count() or 1))  # it would take the number meant for numpy's library
    head = list(_first_rows(text, delimiter))
    stated = None if options.header_row is None else max(0, options.header_row - 1)
    heading = find_heading(head, (), stated, options.header_rows)
    width = len(heading.names)
    if width > limits.columns or any(len(r) != width for r in head) or "" in heading.names:
        return None
    names = [f"f{i}" for i in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(text.encode("utf-8")),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=heading.data_from, block_size=1_000_000
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=quotes, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, CODED), strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    if table.num_rows > limits.rows:
        stated = table.num_rows + heading.data_from
        raise refuse("too_many_rows", f"{stated:,} rows; at most {limits.rows:,} are read.")
    if not table.num_rows:
        return None
    columns = [column.chunk(0) for column in table.unify_dictionaries().combine_chunks().columns]
    if all(_has_blank(column) for column in sorted(columns, key=lambda c: len(c.dictionary))):
        return None  # there may be blank lines or rows of nothing but separators, which Python's way leaves out
    first = heading.data_from + 1
    numbers = range(first, first + table.num_rows)
    return assemble("", heading, heading.names, columns, numbers, list(heading.findings))


def _has_blank(column: Any) -> bool:
    return any(not level.strip() for level in column.dictionary.to_pylist())


def _has_blank_line(text: str) -> bool:
    """Blank lines, perhaps inside quotes. (Without quotes Arrow makes a row of nothing of one; lines of spaces are
    ragged rows to it.)"""
    return text[:1] in "\r\n" or any(pair in text[:-4] for pair in ("\n\n", "\n\r\n", "\r\r"))


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text[:400_000], newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > 80:
                break
    except csv.Error:
        return [[]]
    return rows[:-1]


# Which separator a text table uses, judged on its first lines.

CANDIDATES = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
LINES = 80


def explicit_separator(text: str) -> tuple[str, int]:
    """Excel's hint `sep=;` on the first line: (separator, characters to skip), ("", 0) without it."""
    first = text[: text.find("\n") + 1].removesuffix("\n")
    hint = first.strip().strip('"').lower()
    if hint.startswith("sep=") and len(hint) <= 5:
        return first.strip().strip('"')[4:] or "\t", len(first) + 1
    return "", 0


def detect_delimiter(text: str) -> str:
    """The separator that splits the first lines into the same number (two or more) of fields most often.

    Of equally regular ones the one that makes more fields, and a heading without empty or numeric names, wins. A file
    of one column has none: a comma is returned.
    """
    sample = "\n".join(text[:200_000].splitlines()[:LINES])
    scores = {d: _score(sample, d) for d in CANDIDATES}
    best = max(CANDIDATES, key=lambda d: scores[d])
    return best if scores[best][0] > 0 else ","


def _score(sample: str, delimiter: str) -> tuple[float, float, int]:
    try:
        rows = [
            r for r in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(c.strip() for c in r)
        ]
    except csv.Error:
        return (0.0, 0.0, 0)
    if not rows:
        return (0.0, 0.0, 0)
    widths = Counter(len(r) for r in rows)
    # a table's width is the commonest one above 1; title lines have one field
    several = [(times, width) for width, times in widths.items() if width > 1]
    if not several:
        return (0.0, 0.0, 0)
    times, width = max(several)
    header = next((r for r in rows if len(r) >= width), rows[0])
    good_names = sum(1 for c in header if c.strip() and not c.strip()[0].isdigit()) / len(header)
    header_fits = 1.0 if len(header) == width else 0.5
    regular = times / len(rows)
    return (round(regular * header_fits * (0.5 + 0.5 * good_names), 3), good_names, width)
