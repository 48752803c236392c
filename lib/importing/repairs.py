"""Changes of the file's text that the user agreed to, and the log of what they did."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from lib.catalog.spreadsheet import no_formula
from lib.importing.columns import items
from lib.importing.columns.numbers import read_number
from lib.importing.files.table import Sheet, TextColumn, from_texts
from lib.importing.findings import Repair

SEVERAL = "several_answers"
TURN = "turn"
"""The repair that makes rows of columns and columns of rows: nothing is known of its columns afterwards."""
KINDS = (TURN, "replace", "blank", "scale", "fill_down", "drop_rows", "combine", SEVERAL, items.KIND)


def apply(repair: Repair, sheet: Sheet) -> Sheet:
    """The sheet with the repair made. Columns that the sheet does not have are passed over.

    Raises ValueError for a kind that nobody knows.
    """
    if repair.kind not in KINDS:
        raise ValueError(f"no repair of the kind {repair.kind!r}")
    if repair.kind == TURN:
        return _turned(sheet)
    if repair.kind == "drop_rows":
        return sheet.take(~np.isin(sheet.row_numbers, repair.rows))
    if repair.kind == items.KIND:
        return items.with_scores(repair, sheet)
    known = set(sheet.names())
    if repair.kind == "combine":
        return _combined(repair, sheet) if known.issuperset(repair.columns) else sheet
    if repair.kind == SEVERAL:
        return _parted(repair, sheet) if known.issuperset(repair.columns) else sheet
    rows = np.isin(sheet.row_numbers, repair.rows)
    return sheet.with_columns(*(_changed(repair, sheet.column(name), rows) for name in repair.columns if name in known))


def _turned(sheet: Sheet) -> Sheet:
    """A row per column of the file; the first column holds the headings. Row 2 is column B of the file."""
    first, *patients = sheet.columns
    texts = [c.texts() for c in patients]
    names: dict[str, list[str]] = {NUMBER: [c.name for c in patients]} if sheet.header_rows else {}
    for place, name in enumerate(first.texts()):
        own = name.strip() or (f"row {sheet.row_numbers[place]}" if place or names else NUMBER)
        while own in names:
            own += " (again)"
        names[own] = [column[place] for column in texts]
    rows = np.arange(2, len(patients) + 2, dtype=np.int64)
    return Sheet.of(sheet.name, (from_texts(name, cells) for name, cells in names.items()), rows, (1,))


NUMBER = "patient"
"""Name of the column of the former headings: the corner of such a table is mostly empty or says what the rows are."""


def _combined(repair: Repair, sheet: Sheet) -> Sheet:
    """The first column followed by the others ("12 · Zwolle"), so that the two together are one patient."""
    first, *others = (sheet.column(name) for name in repair.columns)
    parts = zip(first.texts(), *(c.texts() for c in others), strict=True)
    texts = [" · ".join(t.strip() for t in row) if row[0].strip() else "" for row in parts]
    return sheet.with_columns(replace(from_texts(first.name, texts), heading=first.heading))


def choices_in(text: str) -> tuple[str, ...]:
    """The answers in a cell such as "Injection;Physiotherapy;"."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _parted(repair: Repair, sheet: Sheet) -> Sheet:
    """Instead of a column of several answers a column of yes and no for each of them; blank stays blank."""
    (name,) = repair.columns
    column = sheet.column(name)
    chosen = [set(choices_in(level)) for level in column.levels]
    made = []
    for option, own in repair.values:
        answers = column.with_levels(["" if not c else "Yes" if option in c else "No" for c in chosen])
        if own not in sheet.names():
            made.append(TextColumn(cells=answers.cells.rename(own), kind=column.kind))
    return sheet.of_columns(c for old in sheet.columns for c in (made if old is column else [old]))


def _changed(repair: Repair, column: TextColumn, rows: NDArray[np.bool_]) -> TextColumn:
    if repair.kind == "blank":
        return column.with_cells(column.cells.mask(rows))
    if repair.kind == "fill_down":
        return column.filled_down()
    if repair.kind == "scale":
        changed = column.with_levels([scaled(level, repair.factor) for level in column.levels])
        if not repair.rows:
            return changed
        mixed = np.where(rows, np.asarray(changed.cells), np.asarray(column.cells))
        return column.with_cells(from_texts(column.name, mixed.tolist()).cells)
    wanted = dict(repair.values)
    changed = column.mapped(wanted)
    new = {wanted[k]: v for k, v in column.labels.items() if wanted.get(k)}
    return replace(changed, labels={**new, **column.labels}) if column.labels else changed


def scaled(text: str, factor: str) -> str:
    """The number in a cell times the factor, exactly; any other text stays."""
    read = read_number(text, ".", True) if "," not in text else read_number(text, ",")
    if read is None:
        return text
    try:
        value = Decimal(repr(read.value)) * Decimal(factor)
    except InvalidOperation:
        return text
    return format(value.normalize(), "f")


def affected(repair: Repair, sheet: Sheet) -> tuple[int, tuple[int, ...]]:
    """How many cells (or rows) of this sheet a repair changes, and in which rows."""
    if repair.kind == "drop_rows":
        rows = [int(r) for r in sheet.row_numbers[np.isin(sheet.row_numbers, repair.rows)]]
        return len(rows), tuple(rows)
    after = apply(repair, sheet)
    if repair.kind == TURN:
        return sheet.n * len(sheet.columns), tuple(sheet.row_numbers.tolist())
    if repair.kind == SEVERAL:
        filled = ~sheet.column(repair.columns[0]).blank()
        return int(filled.sum()), tuple(int(r) for r in sheet.row_numbers[filled])
    if repair.kind == items.KIND:
        made = np.zeros(sheet.n, dtype=bool) if len(after.columns) == len(sheet.columns) else ~after.columns[-1].blank()
        return int(made.sum()), tuple(int(r) for r in sheet.row_numbers[made])
    changed = np.zeros(sheet.n, dtype=bool)
    cells = 0
    known = set(sheet.names())
    for name in repair.columns:
        if name not in known:
            continue
        before, new = sheet.column(name), after.column(name)
        different = np.asarray(before.cells) != np.asarray(new.cells)
        cells += int(different.sum())
        changed |= different
    return cells, tuple(int(r) for r in sheet.row_numbers[changed])


def log_as_csv(repairs: Sequence[Repair], original: Sheet) -> str:
    """One line per repair: number, what was done, columns, cells, rows. Made anew from the file, step by step."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["step", "repair", "columns", "cells", "rows"])
    sheet = original
    for step, repair in enumerate(repairs, start=1):
        cells, rows = affected(repair, sheet)
        columns = "; ".join(repair.columns) or "whole rows"
        writer.writerow([step, no_formula(repair.sentence), no_formula(columns), cells, " ".join(map(str, rows))])
        sheet = apply(repair, sheet)
    return out.getvalue()
