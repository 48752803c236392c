"""Results for the public: counts of 7 and fewer hidden, the others rounded to the nearest 5, shares of these.

OpenSAFELY's rule (docs.opensafely.org, "Statistical disclosure control"). Each count is rounded by itself, so that
neither a total nor another filter tells of a group of 7 and fewer: a difference of two rounded counts is known to
within 4 only. A count that is not there is a `NotComputed`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import SafetyResult
from lib.cohort.pairs import Pairs
from lib.disclosure.released import possible_changes, possible_scores, too_exact, too_few, withheld
from lib.disclosure.value_sets import Shown, another_n_fits, half_up, nearest
from lib.settings import MOST_HIDDEN
from lib.stats.likert import LikertResult
from lib.stats.responders import ResponderResult
from lib.stats.results import NotComputed
from lib.stats.scores import FloatArray, Histogram, IntArray, resolution_of, summarise, to_counts
from lib.stats.table_one import CategoricalSummary
from lib.stats.yes_no import YesNoResult

Count = int | NotComputed
HIDDEN = NotComputed(f"{MOST_HIDDEN} or fewer", 0)


@dataclass(frozen=True, slots=True)
class RoundedCounts:
    """Patients in parts: how many in all, and in each part; every number rounded by itself, or hidden."""

    n: Count
    parts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class CoarseColumn:
    """Mean and SD of a column, as printed with `decimals`, and the rounded number of its values."""

    n: Count
    mean: float | NotComputed
    sd: float | NotComputed
    decimals: int


def rounded(count: int) -> Count:
    """A count as the public sees it."""
    return HIDDEN if count <= MOST_HIDDEN else nearest(count)


def rounded_counts(
    found: LikertResult | ResponderResult | YesNoResult | SafetyResult | CategoricalSummary | NotComputed,
) -> RoundedCounts:
    """A result as the public sees it.

    Parts: the patients of each level; the responders; those with "yes" before and after; the patients with an event,
    then with each type of event. Of a result that was not computed n only.
    """
    if isinstance(found, NotComputed):
        return RoundedCounts(rounded(found.n), ())
    if isinstance(found, ResponderResult):
        return _counted(found.evaluable, (found.responders,))
    if isinstance(found, YesNoResult):
        return _counted(found.n, (found.before.count, found.after.count))
    if isinstance(found, SafetyResult):
        by_type = found.by_type
        return _counted(by_type.n, (by_type.patients.count, *(t.patients.count for t in by_type.by_type)))
    return _counted(found.n, found.counts)


def _counted(n: int, parts: tuple[int, ...]) -> RoundedCounts:
    return RoundedCounts(rounded(n), tuple(rounded(k) for k in parts))


def coarse_pairs(pairs: Pairs) -> tuple[CoarseColumn, CoarseColumn, CoarseColumn]:
    """Before, after and improvement, with one decimal less than elsewhere; or only the rounded number of pairs."""
    if pairs.n == 0:
        nobody = CoarseColumn(rounded(0), too_few(0), too_few(0), 0)
        return nobody, nobody, nobody
    scores = possible_scores(pairs.measure, np.concatenate([pairs.baseline_counts, pairs.follow_up_counts]))
    changes = possible_changes(scores)
    improvement = changes if pairs.measure.higher_is_better else -changes[::-1]
    shown = Shown(pairs.measure.resolution, max(0, pairs.measure.decimals - 1), quartiles=False)
    columns = [
        (pairs.baseline_counts, scores),
        (pairs.follow_up_counts, scores),
        (pairs.improvement_counts, improvement),
    ]
    first, second, third = _coarse(columns, shown)
    return first, second, third


def coarse_column(values: FloatArray, decimals: int) -> CoarseColumn:
    """A number of Table 1, NaN where missing, with one decimal less than elsewhere."""
    present = values[~np.isnan(values)]
    step = resolution_of(present)
    counts = to_counts(present, step)
    whole = np.arange(int(counts.min()), int(counts.max()) + 1) if counts.size else counts
    return _coarse([(counts, whole)], Shown(step, max(0, decimals - 1), quartiles=False))[0]


def _coarse(columns: list[tuple[IntArray, IntArray]], shown: Shown) -> list[CoarseColumn]:
    """All of the columns, or none of them."""
    n = len(columns[0][0])
    why = withheld(columns, shown)
    if why is None and not all(another_n_fits(Histogram.of(c), shown, possible) for c, possible in columns):
        why = too_exact(n)
    if why is not None:
        gone = NotComputed(why.reason, 0)
        return [CoarseColumn(rounded(n), gone, gone, shown.decimals)] * len(columns)
    made = []
    for values, _ in columns:
        found = summarise(Histogram.of(values), shown.resolution)
        sd = found.sd if isinstance(found.sd, NotComputed) else half_up(found.sd, shown.decimals)
        made.append(CoarseColumn(rounded(n), half_up(found.mean, shown.decimals), sd, shown.decimals))
    return made
