"""Long files (one row per patient and time point) → one row per patient, with one column per score and time point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lib.importing.columns.roles import AT_TIME_POINT, EVENT_ROLES, ColumnGuess, Role
from lib.importing.columns.timepoints import in_order, time_point_of_key
from lib.importing.event_dates import row_of_day
from lib.importing.files.table import Sheet, TextColumn

FROM_ROW = "*"
GROWS = {"last_contact_date": True, "revision_date": False, "death_date": False}
"""Dates of which a patient's rows may hold several: whether the latest counts, else the earliest."""


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """A sheet with one row per patient.

    Attributes:
        sheet: its columns; row numbers are those of the first row of each patient.
        guesses: what the columns are; scores of a long file appear once per time point.
        patient_of_row: (rows of the original sheet,) index of the patient, −1 for rows of nobody.
    """

    sheet: Sheet
    guesses: tuple[ColumnGuess, ...]
    patient_of_row: NDArray[np.int64]


def patient_indices(sheet: Sheet, guesses: Sequence[ColumnGuess]) -> tuple[NDArray[np.int64], int]:
    """(rows,) index of the patient, in order of first appearance, and how many there are.

    A row without id is a patient of its own in a wide file, and nobody (−1) in a long one.
    """
    id_name = next((g.name for g in guesses if g.role is Role.ID), None)
    if id_name is None:
        return np.arange(sheet.n, dtype=np.int64), sheet.n
    column = sheet.column(id_name)
    if column.each_its_own:
        return np.arange(sheet.n, dtype=np.int64), sheet.n
    long = any(g.role is Role.TIME_POINT for g in guesses)
    position: dict[str, int] = {}
    of_level = np.array([position.setdefault(t, len(position)) for t in column.stripped], dtype=np.int64)
    keys = of_level[column.codes] if len(of_level) else np.zeros(0, dtype=np.int64)
    blank = column.blank()
    if not long:
        keys = np.where(blank, len(position) + np.arange(sheet.n), keys)
        blank = np.zeros(sheet.n, dtype=bool)
    present_keys = keys[~blank]
    distinct, first = np.unique(present_keys, return_index=True)
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(distinct))
    out = np.full(sheet.n, -1, dtype=np.int64)
    out[~blank] = rank[np.searchsorted(distinct, present_keys)]
    return out, len(distinct)


def widen(sheet: Sheet, guesses: Sequence[ColumnGuess]) -> Wide:
    """One row per patient. A patient twice at one time point keeps the first value (the checks report it)."""
    patient, n = patient_indices(sheet, guesses)
    time = next((g for g in guesses if g.role is Role.TIME_POINT), None)
    if time is None:
        if n == sheet.n:
            return Wide(sheet, tuple(guesses), patient)
        first = _first_rows(patient, np.ones(sheet.n, dtype=bool), n)
        return Wide(sheet.take(first), tuple(guesses), patient)
    return _pivot(sheet, guesses, time, patient, n)


def row_time_points(column: TextColumn, time: ColumnGuess) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """(rows,) index into the time points (baseline first), −1 where the row names none; and their keys."""
    wanted = {text.strip(): key for text, key in time.texts if key}
    keys = tuple(o.key for o in in_order([time_point_of_key(k) for k in wanted.values()]))
    lookup = np.array(
        [keys.index(wanted[t.strip()]) if t.strip() in wanted else -1 for t in column.levels], dtype=np.int64
    )
    return (lookup[column.codes] if len(lookup) else np.zeros(0, dtype=np.int64)), keys


def _first_rows(patient: NDArray[np.int64], rows: NDArray[np.bool_], n: int) -> NDArray[np.intp]:
    """(n,) first marked row of each patient, −1 without one."""
    first = np.full(n, -1, dtype=np.intp)
    marked = np.flatnonzero(rows & (patient >= 0))[::-1]
    first[patient[marked]] = marked
    return first


def _pivot(sheet: Sheet, guesses: Sequence[ColumnGuess], time: ColumnGuess, patient: NDArray[np.int64], n: int) -> Wide:
    time_point, keys = row_time_points(sheet.column(time.name), time)
    at = [time_point == i for i in range(len(keys))]
    first = _first_rows(patient, np.ones(sheet.n, dtype=bool), n)
    columns: list[TextColumn] = []
    found: list[ColumnGuess] = []
    for guess in guesses:
        column = sheet.column(guess.name)
        if (guess.role in AT_TIME_POINT or _dated_row(guess)) and guess.time_point in (FROM_ROW, ""):
            blank = column.blank()
            for key, rows in zip(keys, at, strict=True):
                name = f"{guess.name} · {key}"
                wide = _taken(column, _first_rows(patient, rows & ~blank, n), name)
                if not wide.blank().all():
                    columns.append(wide)
                    found.append(replace(guess, name=name, time_point=key))
        elif guess.role is not Role.TIME_POINT:
            rows = first if guess.role in EVENT_ROLES else _first_filled(column, patient, time_point, n)
            if guess.role is Role.DATE and guess.target in GROWS:
                rows = row_of_day(column, patient, n, latest=GROWS[guess.target])
            columns.append(_taken(column, rows, guess.name))
            found.append(guess)
    wide_sheet = replace(sheet, columns=tuple(columns), row_numbers=sheet.row_numbers[first])
    return Wide(wide_sheet, tuple(found), patient)


def _dated_row(guess: ColumnGuess) -> bool:
    return guess.role is Role.DATE and guess.target == "follow_up_date"


def _first_filled(
    column: TextColumn, patient: NDArray[np.int64], time_point: NDArray[np.int64], n: int
) -> NDArray[np.intp]:
    """(n,) per patient the first row, in order of time, that says something in this column; −1 when none does."""
    filled = np.flatnonzero(~column.blank() & (patient >= 0))
    # rows without a time point come after those that have one
    when = np.where(time_point[filled] < 0, np.iinfo(np.int64).max, time_point[filled])
    order = filled[np.lexsort((filled, when))][::-1]
    first = np.full(n, -1, dtype=np.intp)
    first[patient[order]] = order
    return first


def _taken(column: TextColumn, rows: NDArray[np.intp], name: str) -> TextColumn:
    """The column at these rows, blank where the row is −1."""
    levels = column.levels if "" in column.levels else (*column.levels, "")
    blank = levels.index("")
    codes = np.full(len(rows), blank, dtype=np.int32)
    there = rows >= 0
    codes[there] = column.codes[rows[there]]
    return replace(column, name=name, codes=codes, levels=levels)
