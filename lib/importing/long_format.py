"""Long files (one row per patient and time point) → one row per patient, with one column per score and time point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
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
    keys = column.with_levels(column.stripped).codes
    blank = column.blank()
    if not long:
        keys = np.where(blank, len(column.levels) + np.arange(sheet.n), keys)
        blank = np.zeros(sheet.n, dtype=bool)
    out = np.full(sheet.n, -1, dtype=np.int64)
    out[~blank], distinct = pd.factorize(keys[~blank])
    return out, len(distinct)


def widen(sheet: Sheet, guesses: Sequence[ColumnGuess]) -> Wide:
    """One row per patient. A patient twice at one time point keeps the first value (the checks report it)."""
    patient, n = patient_indices(sheet, guesses)
    time = next((g for g in guesses if g.role is Role.TIME_POINT), None)
    if time is not None:
        return _pivot(sheet, guesses, time, patient, n)
    return Wide(sheet if n == sheet.n else sheet.take(_first_rows(patient)), tuple(guesses), patient)


def row_time_points(column: TextColumn, time: ColumnGuess) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """(rows,) index into the time points (baseline first), −1 where the row names none; and their keys."""
    wanted = {text.strip(): key for text, key in time.texts if key}
    keys = tuple(o.key for o in in_order([time_point_of_key(k) for k in wanted.values()]))
    lookup = np.array(
        [keys.index(wanted[t.strip()]) if t.strip() in wanted else -1 for t in column.levels], dtype=np.int64
    )
    return (lookup[column.codes] if len(lookup) else np.zeros(0, dtype=np.int64)), keys


def _first_rows(patient: NDArray[np.int64]) -> NDArray[np.intp]:
    """The first row of each patient."""
    return np.flatnonzero(~pd.Series(patient).duplicated() & (patient >= 0))


def _pivot(sheet: Sheet, guesses: Sequence[ColumnGuess], time: ColumnGuess, patient: NDArray[np.int64], n: int) -> Wide:
    time_point, keys = row_time_points(sheet.column(time.name), time)
    first = _first_rows(patient)
    filled = pd.DataFrame({c.name: c.cells.mask(c.blank()) for c in sheet.columns})
    known = (patient >= 0) & (time_point >= 0)
    timed = [g.name for g in guesses if _of_its_row(g)]
    by_time = pd.DataFrame(filled.loc[known, timed].groupby([patient[known], time_point[known]]).first().unstack())
    cells = {at: column for at, column in by_time.reindex(range(n)).items() if column.notna().any()}
    order = np.lexsort((time_point, time_point < 0))  # rows without a time point come after those that have one
    order = order[patient[order] >= 0]
    by_patient = filled.drop(columns=timed).iloc[order].groupby(patient[order]).first()
    columns: list[TextColumn] = []
    found: list[ColumnGuess] = []
    for guess in guesses:
        column = sheet.column(guess.name)
        if guess.name in timed:
            for at, key in enumerate(keys):
                if (guess.name, at) in cells:
                    name = f"{guess.name} · {key}"
                    columns.append(column.with_cells(cells[guess.name, at], name))
                    found.append(replace(guess, name=name, time_point=key))
        elif guess.role is not Role.TIME_POINT:
            found.append(guess)
            if guess.role in EVENT_ROLES:
                columns.append(column.at(first))
            elif guess.role is Role.DATE and guess.target in GROWS:
                columns.append(column.at(row_of_day(column, patient, n, latest=GROWS[guess.target])))
            else:
                columns.append(column.with_cells(by_patient[guess.name]))
    wide = Sheet.of(sheet.name, columns, sheet.row_numbers[first], sheet.header_rows, sheet.findings)
    return Wide(wide, tuple(found), patient)


def _of_its_row(guess: ColumnGuess) -> bool:
    """Whether a column speaks of the time point of its row."""
    dated = guess.role is Role.DATE and guess.target == "follow_up_date"
    return (guess.role in AT_TIME_POINT or dated) and guess.time_point in (FROM_ROW, "")
