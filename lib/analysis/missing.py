"""Where values are missing: per measure, time point, center and month of surgery, how many patients to call.

Who is not yet due, or died before being due, is counted apart and never as missing; nobody who died is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.attrition import periods_of
from lib.analysis.survival import DEATH, REVISION
from lib.cohort.cohort import BASELINE, NO_ANSWER, Category, Cohort, Dates, Number
from lib.cohort.pairs import MISSING
from lib.cohort.selection import Mask

MOST_CENTERS = 4
MOST_PERIODS = 24


@dataclass(frozen=True, slots=True)
class MissingCell:
    """One measure in one center and period: its patients, those without a value, not yet due, dead before."""

    n: int
    missing: int
    not_due: int
    died: int = 0


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One measure at one time point; a cell per center and period, in the order of `Missing.periods` per center.

    `complete` of `due` patients have a value. `to_call`: rows of the file without one, as Excel shows them,
    but those of patients who have died since.
    """

    label: str
    cells: tuple[MissingCell, ...]
    complete: int
    due: int
    to_call: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The whole table. `unit`: "month", "quarter", "year", '' without a date of surgery; centers with their size."""

    unit: str
    periods: tuple[str, ...]
    centers: tuple[tuple[str, int], ...]
    rows: tuple[MissingRow, ...]
    undated: int


def missing_values(analysis: Analysis) -> Missing:
    """Missing values of the selection; the largest centers, the others together."""

    def compute() -> Missing:
        cohort, selected = analysis.cohort, analysis.selected
        centers = _centers(cohort, selected)
        unit, periods, dated = _periods(cohort)
        undated = int(np.count_nonzero(selected & ~np.logical_or.reduce([mask for _, mask in dated])))
        places = [(of_center & of_period) for _, of_center in centers for _, of_period in dated]
        alive = _alive(cohort)
        rows = tuple(_row(cohort, selected, alive, places, *each) for each in _values(cohort))
        named = tuple((label, int(np.count_nonzero(mask & selected))) for label, mask in centers)
        return Missing(unit, periods, named, rows, undated)

    return analysis.keep("missing values", compute)


def _alive(cohort: Cohort) -> Mask:
    """Who is not known to have died."""
    column = cohort.columns.get(DEATH)
    found: Mask = np.isnat(column.days) if isinstance(column, Dates) else np.ones(cohort.n, dtype=bool)
    return found


def _row(
    cohort: Cohort, selected: Mask, alive: Mask, places: list[Mask], label: str, absent: Mask, time_point: str
) -> MissingRow:
    """`time_point`: of this value, '' for a column of the patient."""
    due = selected & cohort.due(time_point, ~absent)
    lacking = due & absent
    outside = [selected & absent & mask for mask in (cohort.waiting(time_point), cohort.died_before(time_point))]
    cells = tuple(
        MissingCell(
            int(np.count_nonzero(place & selected)),
            int(np.count_nonzero(place & lacking)),
            *(int(np.count_nonzero(place & mask)) for mask in outside),
        )
        for place in places
    )
    n, missing = int(np.count_nonzero(due)), int(np.count_nonzero(lacking))
    return MissingRow(label, cells, n - missing, n, tuple(cohort.source_rows[lacking & alive].tolist()))


def _centers(cohort: Cohort, selected: Mask) -> list[tuple[str, Mask]]:
    column = next((c for c in cohort.categories() if c.role == "center"), None)
    if column is None or len(column.labels) < 2:
        return [("", np.ones(cohort.n, dtype=bool))]
    sizes = [int(np.count_nonzero(selected & (column.codes == k))) for k in range(len(column.labels))]
    order = sorted((k for k in range(len(sizes)) if sizes[k]), key=lambda k: -sizes[k])
    shown = order if len(order) <= MOST_CENTERS else order[: MOST_CENTERS - 1]
    found: list[tuple[str, Mask]] = [(column.labels[k], column.codes == k) for k in shown]
    rest = ~np.isin(column.codes, shown)
    return [*found, ("Others" if len(order) > len(shown) else "Not recorded", rest)] if rest.any() else found


def _periods(cohort: Cohort) -> tuple[str, tuple[str, ...], list[tuple[str, Mask]]]:
    column = cohort.columns.get("surgery_date")
    everybody = np.ones(cohort.n, dtype=bool)
    if not isinstance(column, Dates) or np.isnat(column.days).all():
        return "", ("",), [("", everybody)]
    unit, place, labels = periods_of(column.days, MOST_PERIODS)
    known = ~np.isnat(column.days)
    return unit, tuple(labels), [(label, known & (place == k)) for k, label in enumerate(labels)]


def _values(cohort: Cohort) -> Iterator[tuple[str, Mask, str]]:
    """Name, who has no value, time point ('': none) of scores, states, yes/no, statements, then of columns."""
    for measure in cohort.measures.values():
        for time in cohort.time_points:
            if measure.value_set is None and cohort.has_scores(measure.key, time.key):
                absent = cohort.counts(measure.key, time.key) == MISSING
                yield _at(measure.label, time.key, time.label), absent, time.key
    for time in cohort.time_points:
        if time.key in cohort.states:
            yield _at("EQ-5D", time.key, time.label), (cohort.states[time.key] == 0).any(axis=1), time.key
        for outcome in cohort.outcomes.values():
            if (outcome.key, time.key) in cohort.yesno:
                yield _at(outcome.label, time.key, time.label), cohort.yesno[outcome.key, time.key] < 0, time.key
        answered = [codes for (_, at), codes in cohort.answers.items() if at == time.key]
        if answered:
            absent = np.logical_and.reduce([codes == NO_ANSWER for codes in answered])
            yield _at("Statements", time.key, time.label), absent, time.key
    for column in cohort.columns.values():
        if isinstance(column, Category):
            absent = column.codes < 0
        elif isinstance(column, Number):
            absent = np.isnan(column.values)
        elif column.key in (REVISION, DEATH):
            continue  # blank is no event, and nobody to call
        else:
            absent = np.isnat(column.days)
        if absent.any():
            yield column.label, absent, ""


def _at(label: str, key: str, words: str) -> str:
    return f"{label}, {'before' if key == BASELINE else words[:1].lower() + words[1:]}"
