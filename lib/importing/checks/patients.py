"""Checks of patients: who is there twice, and who has no number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.catalog.answers import normalise
from lib.importing.checks.base import Recognised, every_row, finding, in_rows, used_columns
from lib.importing.columns import redcap
from lib.importing.columns.identifiers import alike, alike_words, likeness
from lib.importing.columns.patient_values import days_of
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import AT_TIME_POINT, ColumnGuess, Role
from lib.importing.findings import Finding, Repair, Severity
from lib.importing.long_format import GROWS, patient_indices, row_time_points

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
        long = any(g.role is Role.TIME_POINT for g in table.columns)
        fate = "they are left out" if long else "each counts as a patient of its own"
        yield finding(
            table,
            "blank_id",
            Severity.WARNING,
            f"{guess.name}: {int(blank.sum())} rows without a number of the patient ({in_rows(table, blank)}); {fate}.",
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


def _repeated(keys: NDArray[np.int64], rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose patient and time point stood in an earlier row."""
    later = rows.copy()
    later[rows] = pd.Series(keys[rows]).duplicated()
    return later


def visits(table: Recognised) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]] | None:
    """(one number per patient and time point, rows that should stand there once, patient) per row; None without rows
    that share a patient and a time point."""
    patient, _ = patient_indices(table.sheet, table.columns)
    time = next((g for g in table.columns if g.role is Role.TIME_POINT), None)
    time_point = np.zeros(table.sheet.n, dtype=np.int64)
    rows = patient >= 0
    if time is not None:
        time_point, _ = row_time_points(table.sheet.column(time.name), time)
        rows = rows & (time_point >= 0) & ~_only_events(table)
        form = next((c for c in table.sheet.columns if c.name.strip().lower() in redcap.FORM), None)
        if form is not None:  # two forms filled in at one visit are two rows
            time_point = np.where(time_point >= 0, time_point * (len(form.levels) + 1) + form.codes, time_point)
    keys = patient * (int(time_point.max(initial=0)) + 2) + time_point + 1
    return (keys, rows, patient) if _repeated(keys, rows).any() else None


def duplicates(table: Recognised) -> Iterator[Finding]:
    """The same patient twice (at one time point): an error, never averaged."""
    guess = next((g for g in table.columns if g.role is Role.ID), None)
    seen = visits(table) if guess is not None else None
    if guess is None or seen is None:
        return
    keys, rows, _ = seen
    later = _repeated(keys, rows)
    time = any(g.role is Role.TIME_POINT for g in table.columns)
    identical = later & same_as_first(table, keys, rows)
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
            repair=Repair("drop_rows", (), f"Leave out {int(mask.sum())} repeated rows", (), every_row(table, mask))
            if same
            else None,  # what such rows are is asked
        )


def _only_events(table: Recognised) -> NDArray[np.bool_]:
    """(n,) rows of a long file that tell of an event and hold no score or answer: a patient may have several."""
    event = np.zeros(table.sheet.n, dtype=bool)
    score = np.zeros(table.sheet.n, dtype=bool)
    for guess in table.columns:
        if guess.role is Role.EVENT_TYPE:
            event |= ~table.sheet.column(guess.name).blank()
        elif guess.role in AT_TIME_POINT:
            score |= ~table.sheet.column(guess.name).blank()
    return event & ~score


def same_as_first(table: Recognised, keys: NDArray[np.int64], rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) rows that say in every column what the first row of their patient and time point says."""
    marked = pd.Series(np.flatnonzero(rows))
    first = marked.groupby(keys[marked]).transform("first")
    same = rows.copy()
    for column in table.sheet.columns:
        same[marked] &= column.codes[marked] == column.codes[first]
    return same


# Check of tables with several rows per patient: what is asked once (age, sex) must be the same in all of them.

ONCE = (Role.CATEGORY, Role.NUMBER, Role.DATE, Role.BIRTH_DATE)


def differs_between_rows(table: Recognised) -> Iterator[Finding]:
    """Patients whose rows disagree about what is asked once; the value of the earliest time point counts."""
    time = next((g for g in table.columns if g.role is Role.TIME_POINT), None)
    if time is None:
        return
    patient, _ = patient_indices(table.sheet, table.columns)
    when, _ = row_time_points(table.sheet.column(time.name), time)
    for guess, p in used_columns(table, *ONCE):
        if guess.role is Role.DATE and guess.target in ("follow_up_date", "last_contact_date", "event_date"):
            continue  # of every row its own; the latest contact counts
        other = unlike_the_first(patient, when, _codes(guess, p))
        if not other.any():
            continue
        who = len(np.unique(patient[other]))
        joined = table.parsed.join is not None
        yield finding(
            table,
            "differs_between_rows",
            Severity.WARNING if joined else Severity.NOTE,
            f"{guess.name}: {who:,} patient{' has' if who == 1 else 's have'} another value in "
            f"{in_rows(table, other)} than at the earliest time point. "
            f"{'The earliest date' if guess.target in GROWS else 'The earliest one'} counts.",
            guess.name,
            other,
        )


def _codes(guess: ColumnGuess, p: Profile) -> NDArray[np.int64]:
    """(rows,) equal numbers for equal meanings (7 and 7.0; "male" and "Male "), −1 where nothing is told."""
    if guess.role is Role.NUMBER:
        return pd.factorize(p.row_values())[0]
    if guess.role in (Role.DATE, Role.BIRTH_DATE):
        return pd.factorize(days_of(p).astype("datetime64[s]"))[0]
    labels = p.column.labels
    meant = p.column.with_levels([normalise(labels.get(t, t)) for t in p.column.levels])
    return np.where(p.column.blank(), -1, meant.codes)


def unlike_the_first(
    patient: NDArray[np.int64], when: NDArray[np.int64], codes: NDArray[np.integer[Any]]
) -> NDArray[np.bool_]:
    """(rows,) True where a patient's row tells something else (a code of 0 or more) than the earliest one that tells
    anything; −1 in `when` is the latest."""
    order = np.lexsort((when, when < 0))
    order = order[(codes[order] >= 0) & (patient[order] >= 0)]
    sorted_codes = pd.Series(codes[order])
    out = np.zeros(len(codes), dtype=bool)
    out[order] = sorted_codes != sorted_codes.groupby(patient[order]).transform("first")
    return out


def same_number(table: Recognised) -> dict[str, str]:
    """Writing of a patient's number → writing at another time point that differs only in zeros, spaces or marks.

    Looked for between time points (tables that were joined, visits of a long file): within one, 01 and 1 are two.
    """
    number = next((g for g in table.columns if g.role is Role.ID), None)
    time = next((g for g in table.columns if g.role is Role.TIME_POINT), None)
    if number is None or time is None:
        return {}
    column, times = table.sheet.column(number.name), table.sheet.column(time.name)
    levels = column.stripped
    if len(set(map(likeness, levels))) == len(set(levels)):
        return {}  # no two writings of this file are alike, whatever the time point
    filled = ~column.blank()
    of_time = [column.codes[filled & (times.codes == code)] for code in np.unique(times.codes)]
    return alike([dict.fromkeys(levels[code] for code in np.unique(codes)) for codes in of_time])[0]


def numbers_alike(table: Recognised) -> Iterator[Finding]:
    """001 at one time point and 1 at another: they count as two patients."""
    same = same_number(table)
    if not same:
        return
    number = next(g.name for g in table.columns if g.role is Role.ID)
    writings = {*same, *same.values()}
    column = table.sheet.column(number)
    mask = np.array([text in writings for text in column.stripped], dtype=bool)[column.codes]
    sentence = f"{alike_words(len(same))} ({in_rows(table, mask)}) They count as different patients."
    yield finding(table, "ids_alike", Severity.WARNING, sentence, number, mask, count=len(same))
