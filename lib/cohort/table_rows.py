"""Rows of text (a CSV file, an Excel sheet) → a raw sheet: heading, names, blank rows out, ragged rows reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lib.cohort import excel_errors
from lib.cohort.findings import Finding, Severity, quoted_list, refuse, rows_in_words
from lib.cohort.headings import Heading, Merged, column_letter, find_heading, name_the_rest
from lib.cohort.limits import Limits, ReadOptions
from lib.cohort.raw import RawColumn, RawSheet, encode_texts, numbers_to_bytes

MOST_TOO_LONG = 0.1


def sheet_from_rows(
    rows: Sequence[Sequence[str]],
    name: str,
    limits: Limits,
    options: ReadOptions,
    merged: Merged = (),
    ragged_matters: bool = True,
    errors: Mapping[tuple[int, int], str] = MappingProxyType({}),
) -> RawSheet | None:
    """A raw sheet, or None when there is nothing in it.

    Args:
        rows: all rows from the top; `rows[0]` is row 1.
        ragged_matters: a text file in which rows have more values than the heading is read wrongly; a worksheet not.
        errors: cells of a worksheet that hold an Excel error, as `excel_errors` finds them.
    """
    if not any(any(c.strip() for c in row) for row in rows):
        return None
    told = None if options.header_row is None else max(0, options.header_row - 1)
    heading = find_heading(rows, merged, told, options.header_rows)
    rows, spread = _merged_down(rows, heading, merged, name)
    data, numbers = _data_rows(rows, heading)
    width = len(heading.names)
    findings = [*heading.findings, *spread, *excel_errors.findings(dict(errors), heading, name)]
    if ragged_matters:
        if heading.rows:
            # as many values as the heading row has fields, not as the widest row
            width = max(len(r) for r in rows[heading.first : heading.data_from])
            heading = replace(heading, names=heading.names[:width])
        data, numbers, ragged = _ragged(data, numbers, width, heading, name)
        findings += ragged
    _within(limits, len(data), max(width, max((len(r) for r in data), default=0)), name)
    return build_sheet(name, heading, data, numbers, findings)


def _merged_down(
    rows: Sequence[Sequence[str]], heading: Heading, merged: Merged, name: str
) -> tuple[Sequence[Sequence[str]], list[Finding]]:
    """Cells merged over several rows (a center beside its patients): what they say holds for each of the rows."""
    tall = [(low, high) for low, high in merged if high[0] > low[0] >= heading.data_from and low[0] < len(rows)]
    changed: dict[int, list[str]] = {}
    columns: set[int] = set()
    for (first, column), (last, _) in tall:
        text = rows[first][column] if column < len(rows[first]) else ""
        if not text.strip():
            continue
        for index in range(first + 1, min(last, len(rows) - 1) + 1):
            row = changed.setdefault(index, list(rows[index]))
            # a row of nothing but the merged cell is a row of the page, not of a patient
            if column < len(row) and not row[column].strip() and any(c.strip() for c in rows[index]):
                row[column] = text
                columns.add(column)
    if not columns:
        return rows, []
    out = [changed.get(i, row) for i, row in enumerate(rows)]
    names = [heading.names[c] or f"column {column_letter(c)}" for c in sorted(columns) if c < len(heading.names)]
    filled = sorted(i + 1 for i, row in changed.items() if list(rows[i]) != row)
    return out, [
        Finding(
            "merged_cells",
            Severity.NOTE,
            f"{quoted_list(names)}: cells merged over several rows hold for each of them ({rows_in_words(filled)}).",
            sheet=name,
            column=names[0] if names else "",
            count=len(filled),
            rows=tuple(filled[:1000]),
        )
    ]


def build_sheet(
    name: str,
    heading: Heading,
    data: Sequence[Sequence[str]],
    numbers: Sequence[int],
    findings: list[Finding],
) -> RawSheet:
    """Columns from rows; columns without heading and without values are left out."""
    width = max(len(heading.names), max((len(r) for r in data), default=0))
    padded: Iterable[Sequence[str]] = (r if len(r) == width else list(r) + [""] * (width - len(r)) for r in data)
    texts = list(zip(*padded, strict=True)) if data else [()] * width
    encoded = [encode_texts(column) for column in texts]
    used = [any(level.strip() for level in levels) for levels, _ in encoded]
    names = list(heading.names) + [""] * (width - len(heading.names))
    return assemble(name, heading, names, encoded, used, numbers_to_bytes(numbers), findings)


def assemble(
    name: str,
    heading: Heading,
    names: Sequence[str],
    encoded: Sequence[tuple[list[str], bytes]],
    used: Sequence[bool],
    numbers: bytes,
    findings: list[Finding],
) -> RawSheet:
    """The last step, shared with the fast CSV reader: names for unnamed columns, empty unnamed ones left out."""
    final, more = name_the_rest(names, used)
    findings = [*findings, *more]
    if heading.rows == 0:
        findings.append(
            Finding(
                "no_heading",
                Severity.ERROR,
                f"Row {heading.first + 1} holds values, not column names: the table has no heading. The columns are "
                "called column A, column B …; say what each of them is, or add a row of names.",
                sheet=name,
                rows=(heading.first + 1,),
            )
        )
    columns = [RawColumn(n, levels, codes) for n, (levels, codes) in zip(final, encoded, strict=True) if n]
    header = [heading.first + 1 + i for i in range(heading.rows)]
    return RawSheet(name, columns, numbers, header, [_in_sheet(f, name) for f in findings])


def _in_sheet(finding: Finding, name: str) -> Finding:
    record = finding.to_json()
    record["sheet"] = finding.sheet or name
    return Finding.from_json(record)


def _data_rows(rows: Sequence[Sequence[str]], heading: Heading) -> tuple[list[Sequence[str]], list[int]]:
    data: list[Sequence[str]] = []
    numbers: list[int] = []
    for index in range(heading.data_from, len(rows)):
        row = rows[index]
        if any(row) and any(c.strip() for c in row):
            data.append(row)
            numbers.append(index + 1)
    return data, numbers


def _ragged(
    data: list[Sequence[str]], numbers: list[int], width: int, heading: Heading, name: str
) -> tuple[list[Sequence[str]], list[int], list[Finding]]:
    """Rows with more values than headings are set aside (or refuse the file), shorter ones are filled with blanks."""
    findings: list[Finding] = []
    # separators at the end of every line (Excel leaves them) are empty cells, not too many
    too_long = [i for i, r in enumerate(data) if len(r) > width and any(c.strip() for c in r[width:])]
    if too_long:
        where = rows_in_words([numbers[i] for i in too_long])
        first = data[too_long[0]]
        told = (
            f"{where[0].upper()}{where[1:]}: {len(first)} values under {width} headings"
            f"{f' (row {heading.first + 1})' if heading.rows else ''}. A decimal comma or a separator inside a text "
            "splits a value in two; put such texts in quotes, or save with semicolons or as .xlsx."
        )
        rows = tuple(numbers[i] for i in too_long[:1000])
        if len(too_long) > max(1, MOST_TOO_LONG * len(data)):
            raise refuse("too_many_values", told, sheet=name, count=len(too_long), rows=rows)
        findings.append(
            Finding(
                "too_many_values",
                Severity.ERROR,
                f"{told} These rows are left out.",
                sheet=name,
                count=len(too_long),
                rows=rows,
            )
        )
        wrong = set(too_long)
        numbers = [n for i, n in enumerate(numbers) if i not in wrong]
        data = [r for i, r in enumerate(data) if i not in wrong]
    data = [r[:width] if len(r) > width else r for r in data]
    short = [i for i, r in enumerate(data) if len(r) < width]
    if short:
        shown = [numbers[i] for i in short]
        findings.append(
            Finding(
                "too_few_values",
                Severity.WARNING,
                f"{rows_in_words(shown)[0].upper()}{rows_in_words(shown)[1:]}: fewer values than the {width} headings; "
                "what is missing at the end counts as blank.",
                sheet=name,
                count=len(short),
                rows=tuple(shown[:1000]),
            )
        )
    return data, numbers, findings


def _within(limits: Limits, n: int, width: int, name: str) -> None:
    where = f'sheet "{name}"' if name else "the table"
    if n > limits.rows:
        raise refuse("too_many_rows", f"{n:,} rows in {where}; at most {limits.rows:,} are read.", sheet=name, count=n)
    if width > limits.columns:
        raise refuse(
            "too_many_columns",
            f"{width:,} columns in {where}; at most {limits.columns:,} are read. Leave out what is not needed.",
            sheet=name,
            count=width,
        )
