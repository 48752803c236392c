"""Two statements against each other, as counts: who is satisfied and would do it again, and who is only one of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.cohort.cohort import BASELINE, NO_ANSWER
from lib.cohort.pairs import MISSING
from lib.stats import contingency
from lib.stats.likert import top_levels
from lib.stats.results import NotComputed


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Answers to two statements by the patients who answered both.

    Attributes:
        first, second: keys of the statements.
        n: patients who answered both; left_out: patients of the population who did not.
        counts: rows are the levels of the first, columns those of the second, in the order of the statements.
        first_top, second_top: the best levels of each.
        both, only_first, only_second, neither: patients in the best levels of both, one, none; they add up to n.
    """

    first: str
    second: str
    n: int
    left_out: int
    counts: tuple[tuple[int, ...], ...]
    first_top: tuple[int, ...]
    second_top: tuple[int, ...]
    both: int
    only_first: int
    only_second: int
    neither: int


@dataclass(frozen=True, slots=True)
class AgreementMatrix:
    """For each pair of statements: patients in the best levels of both, and how many answered both.

    `keys` in the order of rows and columns; the diagonal is the statement itself. `both[i][j]` of `n[i][j]`.
    """

    keys: tuple[str, ...]
    both: tuple[tuple[int, ...], ...]
    n: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class CellPatient:
    """A patient of one cell: the row as Excel shows it, and baseline and follow-up of each measure (None: missing)."""

    row: int
    scores: tuple[tuple[float | None, float | None], ...]


def cross_table(analysis: Analysis, first: str, second: str, time_point: str) -> CrossTable | NotComputed:
    """Counts of two statements at one time point over the population; not computed when nobody answered both."""

    def compute() -> CrossTable | NotComputed:
        statements = analysis.cohort.statements
        answers = [analysis.cohort.answers.get((key, time_point)) for key in (first, second)]
        if answers[0] is None or answers[1] is None:
            return NotComputed("not asked at this time point", 0)
        due = [analysis.cohort.due(time_point, a != NO_ANSWER) for a in answers if a is not None]
        people = analysis.people(time_point) & due[0] & due[1]
        one, two = answers[0][people].astype(np.int64), answers[1][people].astype(np.int64)
        shape = (len(statements[first].levels), len(statements[second].levels))
        counts = contingency.cross_table(one, two, shape)
        n = int(counts.sum())
        if n == 0:
            return NotComputed("nobody answered both", 0)
        tops = tuple(
            top_levels(len(statements[k].levels), agree_high=not statements[k].reverse) for k in (first, second)
        )
        both = int(counts[np.ix_(tops[0], tops[1])].sum())
        in_first, in_second = int(counts[list(tops[0])].sum()), int(counts[:, list(tops[1])].sum())
        return CrossTable(
            first=first,
            second=second,
            n=n,
            left_out=len(one) - n,
            counts=tuple(tuple(row) for row in counts.tolist()),
            first_top=tops[0],
            second_top=tops[1],
            both=both,
            only_first=in_first - both,
            only_second=in_second - both,
            neither=n - in_first - in_second + both,
        )

    return analysis.keep(("cross table", first, second, time_point), compute)


def agreement_matrix(analysis: Analysis, keys: Sequence[str], time_point: str) -> AgreementMatrix:
    """Every pair of the statements; a pair nobody answered has 0 of 0."""

    def compute() -> AgreementMatrix:
        people = analysis.people(time_point)
        top, known = [], []
        for key in keys:
            statement = analysis.cohort.statements[key]
            codes = analysis.cohort.answers[key, time_point][people]
            top.append(np.isin(codes, top_levels(len(statement.levels), agree_high=not statement.reverse)))
            known.append(codes >= 0)
        best, answered = np.array(top, dtype=np.int64), np.array(known, dtype=np.int64)
        n, both = answered @ answered.T, best @ best.T
        return AgreementMatrix(tuple(keys), _tuples(both), _tuples(n))

    return analysis.keep(("agreement", tuple(keys), time_point), compute)


def cell_patients(
    analysis: Analysis, table: CrossTable, cell: tuple[int, int], measures: Sequence[str], time_point: str
) -> tuple[CellPatient, ...]:
    """The patients of one cell (level of the first, level of the second) with their scores before and after."""
    cohort = analysis.cohort
    here = analysis.people(time_point) & (cohort.answers[table.first, time_point] == cell[0])
    here &= cohort.answers[table.second, time_point] == cell[1]
    rows = np.flatnonzero(here)
    columns = [[_scores(analysis, m, o, rows) for o in (BASELINE, time_point)] for m in measures]
    return tuple(
        CellPatient(int(cohort.source_rows[row]), tuple((before[i], after[i]) for before, after in columns))
        for i, row in enumerate(rows.tolist())
    )


def _scores(analysis: Analysis, measure: str, time_point: str, rows: NDArray[np.int64]) -> list[float | None]:
    if not analysis.cohort.has_scores(measure, time_point):
        return [None] * len(rows)
    counts = analysis.cohort.counts(measure, time_point)[rows]
    step = analysis.cohort.measure(measure).resolution
    return [None if c == MISSING else float(step * c) for c in counts.tolist()]


def _tuples(table: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())
