"""Results for a congress or a journal: exact counts, and numbers of a column only where they tell of no single patient.

A `ReleasedAnalysis` stands where an Analysis stood: whatever is made of its results obeys the rule and knows nothing
of it. What is computed from patients and not from results (pairs, masks) is the same as before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.contrasts import Contrast
from lib.analysis.groups.scores import BetweenScores
from lib.analysis.norms import BesideNorm
from lib.analysis.table_one import TableOne
from lib.catalog.value_sets import exact_indices
from lib.cohort.measure import Measure
from lib.disclosure.value_sets import Shown, half_up, sets_that_fit
from lib.settings import DEFAULTS, FEWEST_RELEASED, FEWEST_SETS
from lib.stats.paired import Choice, PairedResult
from lib.stats.paired_tests import SignResult, WilcoxonResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderCurve
from lib.stats.results import NotComputed
from lib.stats.scores import FloatArray, Histogram, IntArray, Summary, resolution_of, to_counts
from lib.stats.table_one import NumericSummary

R = TypeVar("R")
_PLACES = 2
"""Decimals of statistics and effect sizes."""
_SMALLEST_P = 0.001


def too_few(n: int) -> NotComputed:
    """Why a number of few patients is not there."""
    return NotComputed(f"fewer than {FEWEST_RELEASED} patients, only their number is shown", n)


def too_exact(n: int) -> NotComputed:
    """Why a number that gives the patients' values away is not there."""
    return NotComputed(f"fewer than {FEWEST_SETS} sets of values fit these numbers, only n is shown", n)


def beside_a_smaller(n: int) -> NotComputed:
    """Why the numbers of a group large enough are not there."""
    return NotComputed("not shown, it would give a smaller group away", n)


def withheld(columns: list[tuple[IntArray, IntArray]], shown: Shown) -> NotComputed | None:
    """Why the numbers of these columns, each with its possible values, may not be shown; None where they may."""
    n = len(columns[0][0])
    if n < FEWEST_RELEASED:
        return too_few(n)
    fit = (len(sets_that_fit(Histogram.of(values), shown, possible)) for values, possible in columns)
    return too_exact(n) if any(found < FEWEST_SETS for found in fit) else None


def possible_scores(measure: Measure, found: IntArray) -> IntArray:
    """The scores somebody can have, in whole counts: the scale, the indices of a value set, or what lies between."""
    if measure.value_set:
        counts, decimals = exact_indices(measure.value_set)
        return np.union1d(counts // max(1, int(measure.resolution.scaleb(decimals))), found)
    ends = [int(found.min()), int(found.max())]
    low, high = (
        ends[k] if end is None else int(end / measure.resolution) for k, end in enumerate((measure.low, measure.high))
    )
    return np.arange(min(low, ends[0]), max(high, ends[1]) + 1)


def possible_changes(scores: IntArray) -> IntArray:
    """Differences of two possible scores."""
    if scores.size == scores[-1] - scores[0] + 1:
        return np.arange(scores[0] - scores[-1], scores[-1] - scores[0] + 1)
    return np.unique(scores[:, None] - scores[None, :])


# --- numbers as printed ----------------------------------------------------------------------------------------------


def as_printed(result: R, decimals: int) -> R:
    """The result with every number as it is printed, so that no sheet and no chart holds more of it than is read.

    Statistics and effect sizes have two decimals, p three; counts and their shares are exact; smallest and largest
    values are not there.
    """
    printed: R = _printed("", result, decimals)
    return printed


def _printed(name: str, value: Any, decimals: int) -> Any:
    if isinstance(value, SignResult | Proportion) or name == "confidence":
        return value
    if isinstance(value, float):
        if name == "p":
            return half_up(value, 3) if value >= _SMALLEST_P else _SMALLEST_P / 2
        return half_up(value, _PLACES if name == "statistic" else decimals)
    if isinstance(value, tuple):
        return tuple(_printed(name, one, _PLACES if name == "effects" else decimals) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    places = _PLACES if isinstance(value, WilcoxonResult) else decimals
    printed = {f.name: _printed(f.name, getattr(value, f.name), places) for f in fields(value)}
    if isinstance(value, Summary):
        gone = NotComputed("not shown", value.n)
        printed |= {"minimum": gone, "maximum": gone}
    return replace(value, **printed)


# --- the doors -------------------------------------------------------------------------------------------------------


class ReleasedAnalysis(Analysis):
    """An Analysis whose results may be shown to a congress or a journal.

    `base` is the Analysis itself.
    """

    def __init__(self, base: Analysis, not_shown: Callable[[str, str], bool] | None = None) -> None:
        """`not_shown`: by measure and follow-up, whether this group is hidden for the sake of another."""
        super().__init__(base.cohort, base.selection, base.population, within=base.within)
        self.base = base
        self._not_shown = not_shown

    def keep(self, key: Hashable, compute: Callable[[], R]) -> R:
        """The result under this key; what rests on the age of each patient stays inside, Table 1 leaves as printed."""
        found = super().keep(key, compute)
        if isinstance(found, BesideNorm):
            return cast(R, NotComputed("not shown", found.n))
        if isinstance(found, TableOne):
            rows = (replace(r, smd=as_printed(r.smd, _PLACES), test=as_printed(r.test, _PLACES)) for r in found.rows)
            return cast(R, replace(found, rows=tuple(rows)))
        return found

    def paired(
        self, measure: str, follow_up: str, *, confidence: float = DEFAULTS.confidence, force: Choice | None = None
    ) -> PairedResult | NotComputed:
        """The comparison as printed, or only its n."""

        def compute() -> PairedResult | NotComputed:
            found = self.base.paired(measure, follow_up, confidence=confidence, force=force)
            if isinstance(found, NotComputed):
                return found
            why = self._why_not(measure, follow_up, confidence, ranks=found.choice == "wilcoxon")
            return why or as_printed(found, self.cohort.measure(measure).decimals)

        return self.keep(("released", measure, follow_up, confidence, force), compute)

    def _why_not(self, measure: str, follow_up: str, confidence: float, *, ranks: bool) -> NotComputed | None:
        def compute() -> NotComputed | None:
            pairs = self.base.pairs(measure, follow_up)
            if pairs.n >= FEWEST_RELEASED and self._not_shown is not None and self._not_shown(measure, follow_up):
                return beside_a_smaller(pairs.n)
            of, before, after = pairs.measure, pairs.baseline_counts, pairs.follow_up_counts
            scores = possible_scores(of, np.concatenate([before, after]))
            shown = Shown(of.resolution, of.decimals, True, confidence)
            why = withheld([(before, scores), (after, scores)], shown)
            changes = [(pairs.change_counts, possible_changes(scores))]
            return why or withheld(changes, replace(shown, pseudomedian=ranks))

        return self.keep(("why not released", measure, follow_up, confidence, ranks), compute)

    def responder_curve(
        self, measure: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
    ) -> ResponderCurve | NotComputed:
        """Never: each of its steps is the improvement of a patient."""
        found = self.base.responder_curve(measure, follow_up, confidence=confidence)
        return found if isinstance(found, NotComputed) else NotComputed("each step would be a patient", found.n)

    def described(self, whole: FloatArray, parts: Sequence[FloatArray], decimals: int) -> tuple[NumericSummary, ...]:
        """A column of Table 1 as printed, or only how many have a value; groups as `groups_shown` says."""
        columns = [column[~np.isnan(column)] for column in (whole, *parts)]
        sizes = {str(k): len(column) for k, column in enumerate(columns[1:], 1)}
        seen = {"0", *shown_beside(sizes, len(columns[0]))}
        found = super().described(whole, parts, decimals)
        return tuple(
            _column_released(one, column, decimals, may=str(k) in seen)
            for k, (one, column) in enumerate(zip(found, columns, strict=True))
        )


def _column_released(found: NumericSummary, present: FloatArray, decimals: int, *, may: bool) -> NumericSummary:
    if isinstance(found.values, NotComputed):
        return found
    why = None if may or found.n < FEWEST_RELEASED else beside_a_smaller(found.n)
    if why is None:
        step = resolution_of(present)
        counts = to_counts(present, step)
        whole = np.arange(int(counts.min()), int(counts.max()) + 1)
        why = withheld([(counts, whole)], Shown(step, decimals))
    return replace(found, values=why or as_printed(found.values, decimals))


@dataclass(frozen=True, eq=False)
class ReleasedComparison(Comparison):
    """Groups side by side whose results may be shown; between groups only where both are."""

    def keep(self, key: Hashable, compute: Callable[[], R]) -> R:
        """The result under this key; what is between groups leaves as printed, without groups that are not shown."""
        return super().keep(key, lambda: self._released(key, compute()))

    def _released(self, key: Hashable, found: R) -> R:
        if not isinstance(found, BetweenScores) or not isinstance(key, tuple):
            return found
        seen = groups_shown(self, found.measure, key[2])
        places = {k for k, label in enumerate(found.labels) if label in seen}

        def shown(contrasts: tuple[Contrast, ...]) -> tuple[Contrast, ...]:
            return tuple(c for c in contrasts if c.second in places and (c.first is None or c.first in places))

        released = replace(found, contrasts=shown(found.contrasts), gaps=shown(found.gaps))
        return as_printed(released, self.all.cohort.measure(found.measure).decimals)


def released_comparison(comparison: Comparison) -> ReleasedComparison:
    """The comparison as a congress may see it: all, and every group."""
    # results of its own: what the department had computed must not be shown, nor what is released be kept there
    given = {f.name: getattr(comparison, f.name) for f in fields(comparison) if not f.name.startswith("_")}
    groups = tuple(
        (label, ReleasedAnalysis(group, partial(_hidden, comparison, label))) for label, group in comparison.groups
    )
    return ReleasedComparison(**{**given, "all": ReleasedAnalysis(comparison.all), "groups": groups})


def groups_shown(comparison: Comparison, measure: str, follow_up: str) -> frozenset[str]:
    """The groups of 10 pairs and more; without the smallest of these where all others are 1 to 9 together.

    From the mean of all and those of the groups shown, the mean of the others follows.
    """
    sizes = {label: group.pairs(measure, follow_up).n for label, group in comparison.groups}
    return shown_beside(sizes, comparison.all.pairs(measure, follow_up).n)


def shown_beside(sizes: Mapping[str, int], whole: int) -> frozenset[str]:
    """Names of the groups whose numbers may stand beside those of the whole."""
    shown = sorted((name for name, n in sizes.items() if n >= FEWEST_RELEASED), key=sizes.__getitem__)
    others = whole - sum(sizes[name] for name in shown)
    while shown and 0 < others < FEWEST_RELEASED:  # less than nobody: groups that share patients
        others += sizes[shown.pop(0)]
    return frozenset(shown)


def _hidden(comparison: Comparison, label: str, measure: str, follow_up: str) -> bool:
    return label not in groups_shown(comparison, measure, follow_up)
