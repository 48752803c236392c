"""Which patients stand behind a mark, a bar or a cell: places in the cohort, in the order of the file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.cohort.cohort import Cohort
from lib.stats.responders import Rule

OUTCOMES = {"Improved": 1, "Unchanged": 0, "Worsened": -1, "Not evaluable": -2}
"""Names of the outcomes of a rule, as bars and cells show them."""


def with_pairs(analysis: Analysis, measure: str, follow_up: str) -> NDArray[np.int64]:
    """Patients with a complete pair."""
    return analysis.pairs(measure, follow_up).rows


def with_outcome(analysis: Analysis, measure: str, follow_up: str, rule: Rule, outcome: str) -> NDArray[np.int64]:
    """Patients with a complete pair and one outcome of a rule; KeyError for an unknown outcome."""
    found = analysis.outcomes(measure, follow_up, rule) == OUTCOMES[outcome]
    rows: NDArray[np.int64] = analysis.pairs(measure, follow_up).rows[found]
    return rows


def with_answer(analysis: Analysis, statement: str, occasion: str) -> NDArray[np.int64]:
    """Patients of the population who answered a statement."""
    answers = analysis.cohort.answers.get((statement, occasion))
    if answers is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(analysis.people(occasion) & (answers >= 0))


def in_row(cohort: Cohort, source_row: int) -> NDArray[np.int64]:
    """The patient of one row of the file; nobody when there is no such row."""
    return np.flatnonzero(cohort.source_rows == source_row)


def outcome_counts(
    groups: tuple[tuple[str, Analysis], ...], measure: str, follow_up: str, rule: Rule
) -> tuple[tuple[str, dict[str, int]], ...]:
    """Patients per group and outcome; "Not evaluable" only where the rule can fail to judge."""
    names = [name for name in OUTCOMES if name != "Not evaluable" or rule.kind == "percent"]
    return tuple(
        (label, {name: len(with_outcome(group, measure, follow_up, rule, name)) for name in names})
        for label, group in groups
    )
