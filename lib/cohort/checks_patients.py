"""Checks of patients: who is there twice, and who has no number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from lib.cohort import redcap
from lib.cohort.check_words import every_row, finding, in_rows
from lib.cohort.columns import AT_OCCASION, Role
from lib.cohort.findings import Finding, Repair, Severity
from lib.cohort.long_format import patient_indices, row_occasions
from lib.cohort.recognised_table import Recognised

SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?E\+?\d{2}$", re.IGNORECASE)


def ids(table: Recognised) -> Iterator[Finding]:
    """No number of the patient, blank ones, and ids that a spreadsheet has spoilt."""
    guess = next((g for g in table.columns if g.role is Role.ID), None)
    if guess is None:
        yield finding(
            table,
            "no_id",
            Severity.NOTE,
            "No column holds a number of the patient, so each row is taken for one patient. A second file "
            "(adverse events) "
            "cannot be joined.",
        )
        return
    column = table.sheet.column(guess.name)
    blank = column.blank()
    if blank.any():
        long = any(g.role is Role.OCCASION for g in table.columns)
        told = "they are left out" if long else "each counts as a patient of its own"
        yield finding(
            table,
            "blank_id",
            Severity.WARNING,
            f"{guess.name}: {int(blank.sum())} rows without a number of the patient ({in_rows(table, blank)}); {told}.",
            guess.name,
            blank,
            repair=Repair(
                "drop_rows", (), f"Leave out {int(blank.sum())} rows without {guess.name}", (), every_row(table, blank)
            ),
        )
    of_ids = table.profiles[guess.name]
    numbers = compress(column.levels, of_ids.numbers.is_number.tolist())
    spoilt = of_ids.rows_with([t for t in numbers if SCIENTIFIC.match(t.strip())])
    if spoilt.any():
        yield finding(
            table,
            "spoilt_id",
            Severity.ERROR,
            f"{guess.name}: numbers such as 1.23E+17 ({in_rows(table, spoilt)}): a spreadsheet has cut off "
            "their digits, "
            "and different patients may have become one. Export the file again with this column as text.",
            guess.name,
            spoilt,
        )


def _repeated(patient: NDArray[np.int64], occasion: NDArray[np.int64], rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose (patient, time point) stood in an earlier row."""
    keys = patient * (int(occasion.max(initial=0)) + 2) + occasion + 1
    marked = np.flatnonzero(rows)
    _, first = np.unique(keys[marked], return_index=True)
    later = np.zeros(len(patient), dtype=bool)
    later[marked] = True
    later[marked[first]] = False
    return later


def duplicates(table: Recognised) -> Iterator[Finding]:
    """The same patient twice (at one time point): an error, never averaged."""
    guess = next((g for g in table.columns if g.role is Role.ID), None)
    if guess is None:
        return
    patient, _ = patient_indices(table.sheet, table.columns)
    time = next((g for g in table.columns if g.role is Role.OCCASION), None)
    occasion = np.zeros(table.sheet.n, dtype=np.int64)
    rows = patient >= 0
    if time is not None:
        occasion, _ = row_occasions(table.sheet.column(time.name), time)
        rows = rows & (occasion >= 0) & ~_only_events(table)
        form = next((c for c in table.sheet.columns if c.name.strip().lower() in redcap.FORM), None)
        if form is not None:  # two forms filled in at one visit are two rows
            occasion = np.where(occasion >= 0, occasion * (len(form.levels) + 1) + form.codes, occasion)
    later = _repeated(patient, occasion, rows)
    if not later.any():
        return
    identical = later & _same_as_first(table, patient, occasion, rows)
    for mask, same in ((identical, True), (later & ~identical, False)):
        if not mask.any():
            continue
        where = " at one time point" if time else ""
        what = (
            "The same row stands there twice" if same else "The same patient stands there twice with different values"
        )
        yield finding(
            table,
            "repeated_row" if same else "duplicate_patient",
            Severity.WARNING if same else Severity.ERROR,
            f"{what}{where} ({in_rows(table, mask)}). Only the first row of each counts.",
            guess.name,
            mask,
            repair=Repair("drop_rows", (), f"Leave out {int(mask.sum())} repeated rows", (), every_row(table, mask)),
        )


def _only_events(table: Recognised) -> NDArray[np.bool_]:
    """(n,) rows of a long file that tell of an event and hold no score or answer: a patient may have several."""
    event = np.zeros(table.sheet.n, dtype=bool)
    score = np.zeros(table.sheet.n, dtype=bool)
    for guess in table.columns:
        if guess.role is Role.EVENT_TYPE:
            event |= ~table.sheet.column(guess.name).blank()
        elif guess.role in AT_OCCASION:
            score |= ~table.sheet.column(guess.name).blank()
    return event & ~score


def _same_as_first(
    table: Recognised, patient: NDArray[np.int64], occasion: NDArray[np.int64], rows: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    keys = patient * (int(occasion.max(initial=0)) + 2) + occasion + 1
    marked = np.flatnonzero(rows)
    _, first, inverse = np.unique(keys[marked], return_index=True, return_inverse=True)
    same = np.zeros(len(patient), dtype=bool)
    same[marked] = True
    for column in table.sheet.columns:
        same[marked] &= column.codes[marked] == column.codes[marked[first]][inverse]
    return same
