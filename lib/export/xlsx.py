"""The workbook: every table on its own sheet, the methods, and every number unrounded.

Text can never become a formula: each text cell has the string type, carries Excel's "quote prefix" and, where it begins
like a formula, an apostrophe that survives saving as CSV. Numbers are written as numbers, negative ones too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lib.catalog.spreadsheet import no_formula
from lib.export.options import Options
from lib.export.record import analysis_file
from lib.export.record_differences import flat
from lib.export.saving import saved
from lib.export.table_shape import one_line
from lib.present import theme
from lib.present.table import Cell, Column, Table, chart_table
from lib.present.wording import plain_spaces
from lib.report.plan import Origin
from lib.report.report import Report
from lib.report.statistics import Statistic, computed

_MOST_ROWS = 1_048_576 - 20
_WIDEST, _PAGE_WIDE = 60, 110
_P_VALUE = '[<0.001]"< 0.001";[>0.999]"> 0.999";0.000'
"""Never 0.000; the cell keeps the unrounded p."""
_NUMBER = re.compile(r"([+−-]?)(\d[\d\u2009]*)(\.\d+)?(%?)")
_MOST_PLACES = 10
_DECIMALS = frozenset({"threshold", "state", "resolution"})
"""Fields whose exact decimals are text in the analysis file; here they are numbers."""


def write(report: Report, options: Options) -> bytes:
    """The workbook as bytes: overview, one sheet per table, figures' numbers, methods, all numbers (not outside)."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    names: set[str] = set()
    _sheet(book, _overview(report), names, folded=True)
    for table in report.workbook:
        _sheet(book, table, names)
    for item in report.items:
        if item.chart is None or not item.chart.series:
            continue
        # single patients only when asked for by name
        alone = any(s.rows for s in item.chart.series)
        if (item.key in options.keys) if options.keys is not None else not alone:
            data = chart_table(item.chart)
            _sheet(book, Table(f"Figure: {item.heading}", data.columns, data.rows, data.notes), names)
    _sheet(book, _methods(report), names, folded=True)
    if not report.outside:
        record = analysis_file(report.plan, date=report.origin.date)["results"]
        _sheet(book, _statistics_table(computed(record)), names)
        _sheet(book, _all_numbers(record), names)
    return saved(book, report.title, options.author)


def write_tables(tables: Iterable[Table], *, about: str = "", origin: Origin | None = None) -> bytes:
    """Tables alone, one per sheet: the printed ones and, where there is one, the same with unrounded numbers.

    Under each title stands about whom it is, under its notes where the numbers come from.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    names: set[str] = set()
    for table in tables:
        notes = table.notes if origin is None else (*table.notes, origin.words)
        _sheet(book, replace(table, notes=notes), names, about)
    return saved(book)


def sheet_name(title: str, taken: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at an end, not used before."""
    clean = re.sub(r"[\[\]:*?/\\]", " ", one_line(title)).strip("' ") or "Table"
    clean = re.sub(r" {2,}", " ", clean)
    short = clean if len(clean) <= 31 else clean[:31].rsplit(" ", 1)[0] if " " in clean[:31] else clean[:31]
    name, number = short.strip("', "), 2
    while name.casefold() in taken or name.casefold() == "history":
        tail = f" {number}"
        name, number = clean[: 31 - len(tail)].strip("' ") + tail, number + 1
    taken.add(name.casefold())
    return name


def _sheet(book: Any, table: Table, names: set[str], about: str = "", *, folded: bool = False) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(sheet_name(table.title, names))
    _text(sheet, 1, 1, table.title, bold=True)
    _text(sheet, 2, 1, about)
    if not table.rows:
        return
    for c, column in enumerate(table.columns, 1):
        _text(sheet, 3, c, column.name, bold=True, right=column.align == "right", fill=True)
    last = 3
    for r, row in enumerate(table.rows[:_MOST_ROWS], 4):
        last = r
        for c, cell in enumerate(row, 1):
            _value(sheet, r, c, cell, table.columns[c - 1])
    for k, note in enumerate(table.notes, last + 2):
        _text(sheet, k, 1, note)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)  # one page wide on paper
    if folded:
        _fold(sheet, last)
        return
    sheet.freeze_panes = "B4" if len(table.columns) > 1 else "A4"
    _widths(sheet, table)


def _value(sheet: Any, r: int, c: int, cell: Cell, column: Column) -> None:
    if cell.value is None:
        _text(sheet, r, c, cell.text, right=column.align == "right")
        return
    found = shown(cell)
    if found is None:
        _text(sheet, r, c, cell.text, right=column.align == "right")
        return
    value, pattern = found
    written = sheet.cell(row=r, column=c, value=value)
    written.number_format = pattern


def shown(cell: Cell) -> tuple[float, str] | None:
    """The number to write, unrounded, and the pattern under which the sheet shows it as the cell's text does.

    The text may hold several numbers ("23 of 29 (79.3%)", "U = 94.00, p = 0.661"); the one that is the value decides.
    Where that is the value in points (−3.4 for −0.034), the number in points is written. None where the value does not
    stand in the text at all ("2 of 3" for 0.667): then the text is what is shown.
    """
    value = 0 if cell.value is None else cell.value
    if isinstance(value, int) and not re.search("[.%]", cell.text):
        return value, "0"
    if re.search("[<>]", cell.text):  # "p < 0.001" names a bound, not the value
        return value, _P_VALUE
    if re.search(r"\de[+−-]?\d", cell.text):
        return value, "0.00000E+00"
    for found in _NUMBER.finditer(cell.text):
        sign, whole, decimals, percent = found.groups()
        places = min(len(decimals or ".") - 1, _MOST_PLACES)
        as_read = float(whole.replace("\u2009", "") + (decimals or ""))
        for scale in (100,) if percent else (1, 100):
            if abs(abs(value) * scale - as_read) <= 0.5 * 10.0**-places * (1 + 1e-9):
                number = "0" + ("." + "0" * places if places else "") + percent
                plus, minus = "+" * (sign == "+"), '"−"' if as_read else ""
                pattern = f"{plus}{number};{minus}{number};{number}"
                written = value if percent or scale == 1 else value * 100
                return (_half_up(written, places + 2 * bool(percent)), pattern)
    return None


def _half_up(value: float, places: int) -> float:
    """The number; one that ends in 5 just behind its last shown place is the next larger double.

    Spreadsheets round what they hold: 0.0055, held as 0.00549…, would show as 0.5% where 11 of 2000 are 0.6%.
    """
    exact = Decimal(repr(value)).scaleb(places) % 1
    return math.nextafter(value, math.copysign(math.inf, value)) if abs(exact) == Decimal("0.5") else value


def _text(
    sheet: Any, r: int, c: int, text: str, *, bold: bool = False, right: bool = False, fill: bool = False
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = sheet.cell(row=r, column=c)
    if not text:
        return
    cell.value = no_formula(plain_spaces(text))
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.alignment = Alignment(horizontal="right" if right else "left", vertical="top", wrap_text=fill)
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = PatternFill("solid", fgColor=theme.PALETTE.panel.removeprefix("#"))


def _widths(sheet: Any, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    for c, column in enumerate(table.columns, 1):
        texts = [column.name, *(row[c - 1].text for row in table.rows[:200])]
        sheet.column_dimensions[get_column_letter(c)].width = min(_WIDEST, max(len(t) for t in texts) + 2)


def _fold(sheet: Any, last: int) -> None:
    """Paragraphs folded into one wide column, each row as tall as its lines: Excel does not do it by itself."""
    from math import ceil

    from openpyxl.styles import Alignment

    sheet.column_dimensions["A"].width = _PAGE_WIDE
    for r in range(4, last + 1):
        cell = sheet.cell(row=r, column=1)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        sheet.row_dimensions[r].height = 15.0 * ceil(len(str(cell.value or "")) / _PAGE_WIDE + 0.2)


def _overview(report: Report) -> Table:
    lines = (report.title, report.who, *report.results, report.origin.words)
    return _lines("Overview", lines)


def _methods(report: Report) -> Table:
    return _lines("Methods", report.methods)


def _lines(title: str, lines: Iterable[str]) -> Table:
    return Table(title, (Column(title),), tuple((Cell(line),) for line in lines))


def _all_numbers(results: Mapping[str, Any]) -> Table:
    """Every result of the analysis file as name, field and value."""
    rows = []
    for name, result in results.items():
        for field, value in flat(result):
            number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
            if isinstance(value, str) and field.rpartition(".")[2] in _DECIMALS:
                number = _decimal(value)
            rows.append((Cell(name), Cell(field), Cell("" if value is None else str(value), number)))
    notes = ("Unrounded, as in the analysis file. Change is follow-up − baseline.",)
    return Table("All numbers", (Column("Result"), Column("Field"), Column("Value", "right")), tuple(rows), notes)


def _decimal(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _statistics_table(statistics: Iterable[Statistic]) -> Table:
    """Which statistics, whose code computed them, and what they are checked against."""
    rows = tuple((Cell(s.name), Cell(", ".join(s.code) or "own"), Cell(s.checked)) for s in statistics)
    columns = (Column("Statistic"), Column("Computed with"), Column("Checked against"))
    return Table("Statistics", columns, rows)
