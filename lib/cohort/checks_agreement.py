"""Check of tables with several rows per patient: what is asked once (age, sex) must be the same in all of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lib.cohort.build_columns import days_of
from lib.cohort.check_words import finding, in_rows, used_columns
from lib.cohort.columns import ColumnGuess, Role
from lib.cohort.findings import Finding, Severity
from lib.cohort.long_format import patient_indices, row_occasions
from lib.cohort.profiles import Profile
from lib.cohort.recognised_table import Recognised
from lib.measures.words import normalise

ONCE = (Role.CATEGORY, Role.NUMBER, Role.DATE, Role.BIRTH_DATE)


def differs_between_rows(table: Recognised) -> Iterator[Finding]:
    """Patients whose rows disagree about what is asked once; the value of the earliest time point counts."""
    time = next((g for g in table.columns if g.role is Role.OCCASION), None)
    if time is None:
        return
    patient, _ = patient_indices(table.sheet, table.columns)
    when, _ = row_occasions(table.sheet.column(time.name), time)
    for guess, p in used_columns(table, *ONCE):
        if guess.role is Role.DATE and guess.target == "follow_up_date":
            continue
        other = _unlike_the_first(patient, when, _codes(guess, p))
        if not other.any():
            continue
        who = len(np.unique(patient[other]))
        joined = table.parsed.join is not None
        yield finding(
            table,
            "differs_between_rows",
            Severity.WARNING if joined else Severity.NOTE,
            f"{guess.name}: {who:,} patient{' has' if who == 1 else 's have'} another value in "
            f"{in_rows(table, other)} than at the earliest time point. The earliest one counts.",
            guess.name,
            other,
        )


def _codes(guess: ColumnGuess, p: Profile) -> NDArray[np.int64]:
    """(rows,) equal numbers for equal meanings (7 and 7.0; "male" and "Male "), −1 where nothing is told."""
    if guess.role is Role.NUMBER:
        values = p.row_values()
        return _ranks(values, ~np.isnan(values))
    if guess.role in (Role.DATE, Role.BIRTH_DATE):
        days = days_of(p)
        return _ranks(days.astype(np.int64), ~np.isnat(days))
    labels = p.column.labels
    position: dict[str, int] = {}
    of_level = np.array(
        [position.setdefault(normalise(labels.get(t, t)), len(position)) if t.strip() else -1 for t in p.column.levels],
        dtype=np.int64,
    )
    return of_level[p.column.codes] if len(of_level) else np.full(len(p.column), -1, dtype=np.int64)


def _ranks(values: NDArray[np.float64] | NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    out = np.full(len(values), -1, dtype=np.int64)
    out[known] = np.unique(values[known], return_inverse=True)[1]
    return out


def _unlike_the_first(
    patient: NDArray[np.int64], when: NDArray[np.int64], codes: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(rows,) True where a patient's row tells something else than his earliest row that tells anything."""
    told = np.flatnonzero((codes >= 0) & (patient >= 0))
    late = np.where(when[told] < 0, np.iinfo(np.int64).max, when[told])
    order = told[np.lexsort((told, late, patient[told]))]
    out = np.zeros(len(codes), dtype=bool)
    if not len(order):
        return out
    _, first, inverse = np.unique(patient[order], return_index=True, return_inverse=True)
    out[order] = codes[order] != codes[order][first][inverse]
    return out
