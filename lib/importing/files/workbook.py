"""Workbooks (.xlsx, .xlsb, .xls, .ods): every sheet with something in it, cells as Excel would write them in a CSV."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from lib.importing.files import archive
from lib.importing.files import rows as excel_errors
from lib.importing.files.appearance import Appearance, appearance_findings, appearances
from lib.importing.files.arrow import ReadFile, ReadSheet
from lib.importing.files.headings import column_letter
from lib.importing.files.limits import Limits, ReadOptions
from lib.importing.files.rows import sheet_from_rows
from lib.importing.findings import Finding, ImportProblem, Severity, quoted_list, refuse

MOST_SHEETS = 50


def read_zipped_workbook(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """Sheets of an .xlsx, .xlsm, .xlsb or .ods, measured before it is unpacked."""
    with archive.open_archive(data) as zipped:
        archive.measure(zipped, limits)
        names = {n.lower() for n in zipped.namelist()}
        errors = excel_errors.error_cells(zipped)
        looks = appearances(zipped)
    return _read(data, "ods" if "content.xml" in names else "xlsx", limits, options, errors, looks)


def read_xls(data: bytes, limits: Limits, options: ReadOptions) -> ReadFile:
    """Sheets of an old .xls."""
    return _read(data, "xls", limits, options)


def _read(
    data: bytes,
    kind: str,
    limits: Limits,
    options: ReadOptions,
    errors: Mapping[str, excel_errors.Cells] = MappingProxyType({}),
    looks: Mapping[str, Appearance] = MappingProxyType({}),
) -> ReadFile:
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [s for s in workbook.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    except calamine.PasswordError as error:
        raise refuse(
            "locked", "The workbook is locked with a password. Remove it and upload the file again."
        ) from error
    except (calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise refuse("damaged_workbook", archive.damaged()) from error
    findings: list[Finding] = []
    sheets: list[ReadSheet] = []
    cells = 0
    for metadata in listed[:MOST_SHEETS]:
        try:
            rows, merged = _texts(workbook, metadata.name, limits, cells)
            cells += sum(map(len, rows))
            wrong = errors.get(metadata.name, {})
            sheet = sheet_from_rows(rows, metadata.name, limits, options, merged, ragged_matters=False, errors=wrong)
        except ImportProblem as problem:
            # one sheet too many is no reason to lose the others, unless it is the only one
            if len(listed) == 1:
                raise
            findings += problem.findings
            continue
        if sheet is not None and sheet.fields:
            if metadata.visible != calamine.SheetVisibleEnum.Visible:
                sheet.findings.append(_hidden(metadata.name))
            if (seen := looks.get(metadata.name)) is not None:
                sheet.findings += appearance_findings(sheet, seen, _letters(sheet, rows))
            sheets.append(sheet)
    if not sheets:
        if findings:
            raise ImportProblem(tuple(findings))
        names = f" ({quoted_list([s.name for s in listed])})" if listed else ""
        raise refuse("empty", f"The workbook has no sheet with a table{names}. Put column names in the first row.")
    return ReadFile(kind, sheets, findings=findings)


def _hidden(name: str) -> Finding:
    return Finding("hidden_sheet", Severity.NOTE, f'Sheet "{name}" is hidden in Excel.', sheet=name)


def _letters(sheet: ReadSheet, rows: list[list[str]]) -> dict[str, str]:
    """Excel's letter of each column of a table → its name, by the place of the name in the heading."""
    first = sheet.header_rows[0] - 1 if sheet.header_rows else 0
    width = max((len(r) for r in rows[first : first + 3]), default=0)
    used = [i for i in range(width) if any(i < len(r) and r[i].strip() for r in rows[first:])]
    return {column_letter(i): f.name for i, f in zip(used, sheet.fields, strict=False)}


def _texts(workbook: Any, name: str, limits: Limits, cells: int) -> tuple[list[list[str]], Any]:
    import python_calamine as calamine

    try:
        sheet = workbook.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise refuse("damaged_sheet", f'Sheet "{name}" is damaged and cannot be read.', sheet=name) from error
    height, width = sheet.total_height, sheet.total_width
    if height > limits.rows + 100:
        raise refuse(
            "too_many_rows",
            f'{height:,} rows in sheet "{name}"; at most {limits.rows:,} are read.',
            sheet=name,
            count=height,
        )
    if width > limits.columns:
        raise refuse(
            "too_many_columns",
            f'{width:,} columns in sheet "{name}"; at most {limits.columns:,} are read.',
            sheet=name,
            count=width,
        )
    if height * width + cells > limits.cells:
        raise refuse(
            "too_many_cells",
            f'Sheet "{name}" spans {height:,} rows × {width:,} columns; at most {limits.cells:,} cells are read. '
            "Delete values far outside the table.",
            sheet=name,
        )
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return rows, sheet.merged_cell_ranges or ()


def _text(cell: object) -> str:
    """One cell as text. Excel keeps 15 digits of a number, so 0.1 + 0.2 is "0.3"."""
    if cell.__class__ is str:
        return cell
    if cell.__class__ is float:
        return number_text(cell)
    if cell.__class__ is bool:
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time(0):
            return cell.date().isoformat()
        return cell.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.replace(microsecond=0).isoformat()
    if isinstance(cell, dt.timedelta):
        return number_text(cell.total_seconds() / 86400)
    return str(cell)


@lru_cache(maxsize=50_000)  # scores have few different values, and a workbook has millions of cells
def number_text(value: float) -> str:
    """A stored double as decimal text with at most 15 digits; blank when it is not a number."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value) and abs(value) < 1e17:
        return str(int(value))
    return format(value, ".15g")
