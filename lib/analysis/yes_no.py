"""Yes/no outcomes (opioids) between any two time points, over any patients, and group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import name_of_all
from lib.analysis.table_one import Group, digest
from lib.cohort.cohort import Cohort, TimePoint
from lib.cohort.selection import Mask
from lib.settings import DEFAULTS
from lib.stats.results import NotComputed
from lib.stats.yes_no import YesNoResult, compare_yes_no


@dataclass(frozen=True, slots=True)
class YesNoRow:
    """A group of `people` patients: those with both answers compared, the others counted as missing."""

    label: str
    people: int
    missing: int
    result: YesNoResult | NotComputed


def recorded_at(cohort: Cohort, outcome: str) -> tuple[TimePoint, ...]:
    """Time points at which the file has this outcome, in order."""
    return tuple(o for o in cohort.time_points if (outcome, o.key) in cohort.yesno)


def later_than(cohort: Cohort, outcome: str, first: str) -> tuple[TimePoint, ...]:
    """Time points with this outcome after `first`, in order."""
    found = recorded_at(cohort, outcome)
    keys = [o.key for o in found]
    return found[keys.index(first) + 1 :] if first in keys else ()


def yes_no_between(
    analysis: Analysis,
    outcome: str,
    first: str,
    second: str,
    people: Mask,
    label: str = "All",
    *,
    confidence: float = DEFAULTS.confidence,
) -> YesNoRow:
    """Compare two time points among `people` (boolean, shape (cohort.n,)) who answered at both.

    Whose answer was not yet due, or who died before it was, is neither among them nor missing.

    The result is `NotComputed` when the outcome was not recorded at one of them, or nobody answered at both.
    Exact McNemar, mid-p, Newcombe's interval for pairs.
    """

    def compute() -> YesNoRow:
        before, after = analysis.cohort.yesno.get((outcome, first)), analysis.cohort.yesno.get((outcome, second))
        if before is None or after is None:
            n = int(np.count_nonzero(people))
            return YesNoRow(label, n, n, NotComputed("not recorded at both time points", 0))
        due = people & analysis.cohort.due(first, before >= 0) & analysis.cohort.due(second, after >= 0)
        n = int(np.count_nonzero(due))
        both = people & (before >= 0) & (after >= 0)
        result = compare_yes_no(before[both] == 1, after[both] == 1, confidence=confidence)
        return YesNoRow(label, n, n - int(np.count_nonzero(both)), result)

    return analysis.keep(("yes no", outcome, first, second, digest(people), label, confidence), compute)


def yes_no_by_group(
    analysis: Analysis,
    outcome: str,
    first: str,
    second: str,
    people: Mask,
    groups: Sequence[Group],
    *,
    confidence: float = DEFAULTS.confidence,
) -> tuple[YesNoRow, ...]:
    """All `people` first, then each group's patients among them."""
    name = name_of_all([g.label for g in groups])
    everyone = yes_no_between(analysis, outcome, first, second, people, name, confidence=confidence)
    rows = [
        yes_no_between(analysis, outcome, first, second, people & g.mask, g.label, confidence=confidence)
        for g in groups
    ]
    return (everyone, *rows)
