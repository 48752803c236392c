"""Who is due and who of them is missing, and the covariates that say something about it.

Covariates are the score before, age, sex, the column compared by and the other scores before, or those chosen; at most
one parameter per 10 of the rarer of answered and missing, dropped from the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.variables import AFTERWARDS, Variable, variables
from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.grouping import ByColumn, Grouping
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING, to_values
from lib.cohort.selection import Mask
from lib.stats.case_mix import Covariate
from lib.stats.results import Floats, Ints, NotComputed
from lib.stats.weighting import FEWEST_ANSWERED

PER_PARAMETER = 10
MOST_LEVELS = 12


@dataclass(frozen=True, slots=True)
class People:
    """Who is due and who of them has what.

    Attributes:
        due: all the following; `pairs` with both scores, `no_baseline` without a score before only, `missing` without
            an answer (with or without a score before).
        died: died before being due, in no denominator; `waiting` are not yet due.
    """

    due: int
    pairs: int
    no_baseline: int
    missing: int
    died: int
    waiting: int


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The due patients (`rows` of the cohort), their scores in units (NaN where missing), the covariates chosen.

    `own` names the score before.
    """

    people: People
    own: str
    before: Floats
    after: Floats
    chosen: tuple[Variable, ...]
    rows: Ints

    @property
    def pair(self) -> Mask:
        """Who has both scores."""
        return ~np.isnan(self.before) & ~np.isnan(self.after)


def offered(cohort: Cohort, measure: str, follow_up: str) -> dict[str, str]:
    """Covariates that can be chosen: key → label; the score before is always one."""
    return {v.key: v.label for v in _variables(cohort, measure, follow_up)}


def usual(cohort: Cohort, measure: str, grouping: Grouping | None = None) -> tuple[str, ...]:
    """Age, sex, the column compared by, then the other scores before."""
    known = [v for v in variables(cohort) if v.section not in AFTERWARDS and v.key != f"score:{measure}"]
    keys = [v.key for v in known]
    first = ["age", "sex", grouping.column if isinstance(grouping, ByColumn) else ""]
    scores = [k for k in keys if k.startswith("score:") and not _index_of_same(cohort, k)]
    return tuple(dict.fromkeys(k for k in [*first, *scores] if k in keys))


def _index_of_same(cohort: Cohort, key: str) -> bool:
    return cohort.measures[key.removeprefix("score:")].value_set is not None


def _variables(cohort: Cohort, measure: str, follow_up: str) -> list[Variable]:
    """What Table 1 knows before surgery, columns of up to 12 levels, and this score at the other time points."""
    found = [
        v
        for v in variables(cohort)
        if v.section not in AFTERWARDS and v.key != f"score:{measure}" and len(v.levels) <= MOST_LEVELS
    ]
    own = cohort.measure(measure)
    for time in cohort.follow_ups:
        if time.key != follow_up and cohort.has_scores(measure, time.key):
            counts = cohort.counts(measure, time.key)
            values = to_values(np.where(counts == MISSING, 0, counts), own.resolution)
            values[counts == MISSING] = np.nan
            found.append(Variable(f"at:{time.key}", f"{own.label}, {time.label.lower()}", "", "number", values))
    return found


def frame_of(analysis: Analysis, measure: str, follow_up: str, keys: tuple[str, ...]) -> Frame | NotComputed:
    """The due patients of the selection, with the chosen covariates that differ between them."""

    def compute() -> Frame | NotComputed:
        cohort, own = analysis.cohort, analysis.cohort.measure(measure)
        counts = [cohort.counts(measure, t) for t in (BASELINE, follow_up)]
        lost = counts[1] == MISSING
        waiting, dead = (
            int(np.count_nonzero(analysis.selected & lost & mask))
            for mask in (cohort.waiting(follow_up), cohort.died_before(follow_up))
        )
        rows = np.flatnonzero(analysis.selected & cohort.due(follow_up, ~lost))
        before, after = (np.where(c == MISSING, np.nan, units_of(own, c))[rows] for c in counts)
        if not rows.size:
            return NotComputed("nobody is due yet", 0)
        people = People(
            due=int(rows.size),
            pairs=int(np.count_nonzero(~np.isnan(before) & ~np.isnan(after))),
            no_baseline=int(np.count_nonzero(np.isnan(before) & ~np.isnan(after))),
            missing=int(np.count_nonzero(np.isnan(after))),
            died=dead,
            waiting=waiting,
        )
        if people.pairs == people.due:
            return NotComputed("nobody who is due is missing", people.due)
        if people.pairs < FEWEST_ANSWERED:
            return NotComputed(f"{people.pairs} complete pairs; at least {FEWEST_ANSWERED} are needed", people.pairs)
        known = {v.key: v for v in _variables(cohort, measure, follow_up)}
        chosen = tuple(known[k] for k in keys if k in known and _tells(known[k], rows))
        return Frame(people, f"{own.label} before", before, after, chosen, rows)

    return analysis.keep(("what if, who", measure, follow_up, keys), compute)


def _tells(variable: Variable, rows: Ints) -> bool:
    """Whether a variable differs between these patients."""
    values = variable.values[rows]
    return bool(np.unique(values[~np.isnan(values)] if variable.kind == "number" else values).size > 1)


def _parameters(variable: Variable, rows: Ints) -> int:
    return 1 if variable.kind == "number" else int(np.unique(variable.values[rows]).size) - 1


def affordable(
    chosen: Sequence[Variable], rows: Ints, answered: int, n: int, baseline: int
) -> tuple[list[Variable], list[Variable]]:
    """Those for which there are 10 of the rarer of answered and missing per parameter, and those dropped at the end."""
    left = min(answered, n - answered) // PER_PARAMETER - baseline
    used = list(chosen)
    while used and sum(_parameters(v, rows) for v in used) > left:
        used.pop()
    return used, list(chosen[len(used) :])


def covariate(variable: Variable, rows: Ints) -> Covariate:
    """Numbers as they are, NaN where missing; of categories what is missing is a level of its own."""
    values = variable.values[rows]
    if variable.kind == "number":
        return Covariate(variable.key, numbers=values.astype(np.float64))
    levels = len(variable.levels)
    codes = np.where(values < 0, levels, values).astype(np.int64)
    return Covariate(variable.key, codes=codes, levels=levels + 1)


def counts_of(own: Measure, values: Floats) -> Ints:
    """Whole counts of the scale; 0 where missing."""
    return np.rint(np.nan_to_num(values) / float(own.resolution)).astype(np.int64)


def units_of(own: Measure, counts: Ints | int) -> Floats:
    """Counts in the unit of the score; 0 where missing."""
    found = np.atleast_1d(np.asarray(counts, dtype=np.int64))
    return to_values(np.where(found == MISSING, 0, found), own.resolution)
