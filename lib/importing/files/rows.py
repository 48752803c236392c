"""Rows of text (a CSV file, an Excel sheet) → a raw sheet: heading, names, blank rows out, ragged rows reported."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from lib.importing.files import archive
from lib.importing.files.arrow import ReadSheet, coded, column_field
from lib.importing.files.headings import Heading, Merged, column_letter, find_heading, name_the_rest
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.findings import Finding, Severity, quoted_list, refuse, rows_in_words

MOST_TOO_LONG = 0.1


def sheet_from_rows(
    rows: Sequence[Sequence[str]],
    name: str,
    limits: Limits,
    options: ReadOptions,
    merged: Merged = (),
    ragged_matters: bool = True,
    errors: Mapping[tuple[int, int], str] = MappingProxyType({}),
) -> ReadSheet | None:
    """A raw sheet, or None when there is nothing in it.

    Args:
        rows: all rows from the top; `rows[0]` is row 1.
        ragged_matters: a text file in which rows have more values than the heading is read wrongly; a worksheet not.
        errors: cells of a worksheet that hold an Excel error, as `error_cells` finds them.
    """
    if not any(any(c.strip() for c in row) for row in rows):
        return None
    stated = None if options.header_row is None else max(0, options.header_row - 1)
    heading = find_heading(rows, merged, stated, options.header_rows)
    rows, spread = _merged_down(rows, heading, merged, name)
    data, numbers = _data_rows(rows, heading)
    width = len(heading.names)
    findings = [*heading.findings, *spread, *error_findings(dict(errors), heading, name)]
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
) -> ReadSheet:
    """Columns from rows; columns without heading and without values are left out."""
    width = max(len(heading.names), max((len(r) for r in data), default=0))
    padded: Iterable[Sequence[str]] = (r if len(r) == width else list(r) + [""] * (width - len(r)) for r in data)
    texts = list(zip(*padded, strict=True)) if data else [()] * width
    names = list(heading.names) + [""] * (width - len(heading.names))
    return assemble(name, heading, names, [coded(column) for column in texts], numbers, findings)


def assemble(
    name: str,
    heading: Heading,
    names: Sequence[str],
    columns: Sequence[Any],
    numbers: Sequence[int],
    findings: list[Finding],
) -> ReadSheet:
    """The last step, shared with the fast CSV reader: names for unnamed columns, empty unnamed ones left out."""
    used = [any(level.as_py().strip() for level in column.dictionary) for column in columns]
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
    longer = [*heading.longer, *[""] * (len(final) - len(heading.longer))]
    fields = [column_field(n, wording if wording != n else "") for n, wording in zip(final, longer, strict=True) if n]
    kept = [column for n, column in zip(final, columns, strict=True) if n]
    header = [heading.first + 1 + i for i in range(heading.rows)]
    return ReadSheet(name, fields, kept, numbers, header, [_in_sheet(f, name) for f in findings])


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
        stated = (
            f"{where[0].upper()}{where[1:]}: {len(first)} values under {width} headings"
            f"{f' (row {heading.first + 1})' if heading.rows else ''}. A decimal comma or a separator inside a text "
            "splits a value in two; put such texts in quotes, or save with semicolons or as .xlsx."
        )
        rows = tuple(numbers[i] for i in too_long[:1000])
        if len(too_long) > max(1, MOST_TOO_LONG * len(data)):
            raise refuse("too_many_values", stated, sheet=name, count=len(too_long), rows=rows)
        findings.append(
            Finding(
                "too_many_values",
                Severity.ERROR,
                f"{stated} These rows are left out.",
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


# Cells of an .xlsx that hold an Excel error (#N/A, #DIV/0!) or a formula nobody calculated: the reader blanks them.
#
# They are looked for in the sheets' own text, because a blank that once was a number must be told apart from a blank.

Cells = dict[tuple[int, int], str]
NOT_CALCULATED = "formula"
MOST = 300_000

_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]{0,200}\bt=[\"']e[\"'][^>]{0,200})>"
    rb"(?:\s*<(?:\w+:)?f\b[^>]{0,300}>(?:[^<]{0,2000}</(?:\w+:)?f>)?)?\s*<(?:\w+:)?v>([^<]{1,20})<"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\b([^>]{1,300})>\s*<(?:\w+:)?f\b[^>]{0,300}>(?:[^<]{0,2000}</(?:\w+:)?f>)?"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TEXT_RESULT = re.compile(rb"\bt=[\"'](?:str|s|inlineStr|e)[\"']")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_ATTRIBUTE = re.compile(r"(?<![\w:])([\w:]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')")


def error_cells(zipped: zipfile.ZipFile) -> dict[str, Cells]:
    """Sheet name → (row, column) from 0 → the error's text, or NOT_CALCULATED. Empty for what is no .xlsx."""
    names = set(zipped.namelist())
    found: dict[str, Cells] = {}
    for sheet, part in parts_of(zipped, names).items():
        if part in names:
            cells = _of_part(zipped, part)
            if cells:
                found[sheet] = cells
    return found


def parts_of(zipped: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Sheet name → its file in the archive."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if book not in names or links not in names:
        return {}
    targets = {}
    for record in records(zipped, links, "Relationship"):
        target = record.get("Target", "")
        targets[record.get("Id", "")] = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return {
        html.unescape(r.get("name", "")): posixpath.normpath(targets.get(r.get("r:id", ""), ""))
        for r in records(zipped, book, "sheet")
    }


def records(zipped: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """Attributes of every element of this name in a part."""
    text = b"".join(piece for piece, _ in archive.pieces(zipped, part, overlap=0)).decode("utf-8", "replace")
    return [
        {name: double or single for name, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in re.findall(rf"<(?:\w{{1,40}}:)?{tag}\b([^<>]*)>", text)
    ]


def _of_part(zipped: zipfile.ZipFile, part: str) -> Cells:
    found: Cells = {}
    for piece, _ in archive.pieces(zipped, part):
        if b't="e"' in piece or b"t='e'" in piece:
            for cell in _ERROR.finditer(piece):
                _keep(found, cell.group(1), cell.group(2).decode("ascii", "replace"))
        if _HAS_FORMULA.search(piece):
            for cell in _NO_RESULT.finditer(piece):
                if not _TEXT_RESULT.search(cell.group(1)):
                    _keep(found, cell.group(1), NOT_CALCULATED)
    return found


def _keep(found: Cells, attributes: bytes, stated: str) -> None:
    place = _PLACE.search(attributes)
    if place is not None and len(found) < MOST:
        found[int(place.group(2)) - 1, archive.column_number(place.group(1)) - 1] = stated


def error_findings(cells: Cells, heading: Heading, name: str) -> list[Finding]:
    """What to tell of the error cells below a heading, one finding per kind."""
    out = []
    below = {place: stated for place, stated in sorted(cells.items()) if place[0] >= heading.data_from}
    for formula in (False, True):
        own = {place: stated for place, stated in below.items() if (stated == NOT_CALCULATED) is formula}
        if not own:
            continue
        columns = list(dict.fromkeys(_named(heading, column) for _, column in own))
        rows = sorted({row + 1 for row, _ in own})
        out.append(
            Finding(
                "not_calculated" if formula else "excel_error",
                Severity.WARNING,
                _sentence(columns, rows, list(own.values()), formula),
                sheet=name,
                column=columns[0],
                count=len(own),
                rows=tuple(rows[:1000]),
            )
        )
    return out


def _sentence(columns: list[str], rows: list[int], stated: list[str], formula: bool) -> str:
    many = len(stated) > 1
    where = rows_in_words(rows)
    count = "They count" if many else "It counts"
    if formula:
        what = f"{len(stated)} formula{'s' if many else ''} without a stored result ({where})"
        advice = " Open the workbook in Excel, save it and upload it again."
    else:
        what = f"{len(stated)} cell{'s hold' if many else ' holds'} an Excel error "
        what += f"({', '.join(dict.fromkeys(stated))}; {where})"
        advice = ""
    return f"{quoted_list(columns)}: {what}. {count} as blank.{advice}"


def _named(heading: Heading, column: int) -> str:
    named = heading.names[column] if column < len(heading.names) else ""
    return named or f"column {column_letter(column)}"
