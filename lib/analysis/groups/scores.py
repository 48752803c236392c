"""One score between groups: adjusted for baseline (ANCOVA), and the plain changes beside it (Welch).

STATISTICS section 6; which groups are set against which, and what is one family, in `contrasts`. Groups with fewer than
3 pairs stand outside every model; groups that share patients, or that are cut from the baseline, are not tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.contrasts import Between, Contrast, family_of, smallest_p, too_few
from lib.cohort.pairs import to_values
from lib.settings import DEFAULTS, FEWEST_COMPARED
from lib.stats.results import Estimate, Floats, Interval, NotComputed, Test, sidak_estimate, sidak_p

if TYPE_CHECKING:
    from lib.stats.groups import AncovaResult, WelchResult


@dataclass(frozen=True, slots=True)
class BetweenScores:
    """One measure between groups; change = follow-up − baseline, differences are second − first.

    Attributes:
        labels: the groups in the model; the codes of the results are places in it.
        outside: (name, pairs) of the groups with fewer than 3.
        primary: whether this is the outcome that carries the family; `family_size` contrasts are corrected together.
        ancova: follow-up adjusted for baseline, each contrast by itself.
        contrasts: those of the model as they may be read; `gaps`: the same of the changes, not adjusted (Welch).
    """

    measure: str
    labels: tuple[str, ...]
    n_per_group: tuple[int, ...]
    outside: tuple[tuple[str, int], ...]
    primary: bool
    family_size: int
    ancova: AncovaResult | NotComputed
    contrasts: tuple[Contrast, ...]
    gaps: tuple[Contrast, ...]

    @property
    def smallest_p(self) -> float | NotComputed:
        """The overall result: the smallest p of the adjusted contrasts, corrected where this outcome is the primary."""
        return self.ancova if isinstance(self.ancova, NotComputed) else smallest_p(self.contrasts)


@dataclass(frozen=True, slots=True)
class ScoreFamily:
    """All measures of a view between the same groups: one carries the family, the others are exploratory."""

    results: tuple[BetweenScores, ...]

    def of(self, measure: str) -> BetweenScores:
        """The result of one measure; KeyError otherwise."""
        return {result.measure: result for result in self.results}[measure]

    @property
    def primary(self) -> str:
        """The measure that carries the family, "" without a measure."""
        return next((r.measure for r in self.results if r.primary), "")

    @property
    def size(self) -> int:
        """How many contrasts are corrected together."""
        return sum(r.family_size for r in self.results)


def between_scores(
    comparison: Comparison,
    measure: str,
    follow_up: str,
    *,
    primary: bool = True,
    confidence: float = DEFAULTS.confidence,
) -> BetweenScores:
    """ANCOVA and Welch between the groups with at least 3 pairs; `NotComputed` inside where nothing may be tested."""
    return comparison.keep(
        ("between scores", measure, follow_up, primary, confidence),
        lambda: _between(comparison, measure, follow_up, primary, confidence),
    )


def _between(comparison: Comparison, measure: str, follow_up: str, primary: bool, confidence: float) -> BetweenScores:
    from lib.stats.groups import adjusted_differences

    found = [(label, group.pairs(measure, follow_up)) for label, group in comparison.groups]
    inside = [(label, pairs) for label, pairs in found if pairs.n >= FEWEST_COMPARED]
    outside = tuple((label, pairs.n) for label, pairs in found if pairs.n < FEWEST_COMPARED)
    n = sum(pairs.n for _, pairs in inside)
    labels, sizes = tuple(label for label, _ in inside), tuple(pairs.n for _, pairs in inside)
    absent = comparison.between(n)
    if absent is None and len(inside) < 2:
        absent = NotComputed(f"fewer than two groups have at least {FEWEST_COMPARED} pairs", n)
    between = comparison.question.contrasts(labels, comparison.labels, n) if len(labels) > 1 else ()
    if isinstance(between, NotComputed):
        absent, between = absent or between, ()
    if absent is not None:
        nothing = tuple(Contrast(a, b, absent, absent, False) for a, b in between)
        return BetweenScores(measure, labels, sizes, outside, primary, 0, absent, nothing, nothing)
    resolution = inside[0][1].measure.resolution
    fit = adjusted_differences(
        np.concatenate([pairs.baseline for _, pairs in inside]),
        np.concatenate([pairs.follow_up for _, pairs in inside]),
        np.repeat(np.arange(len(inside)), sizes),
        groups=len(inside),
        contrasts=between,
        confidence=confidence,
    )
    changes = [to_values(pairs.change_counts, resolution) for _, pairs in inside]
    may = family_of(between, sizes)
    size = sum(may) if primary and not isinstance(fit, NotComputed) else 0
    contrasts: list[Contrast] = []
    gaps: list[Contrast] = []
    for k, ((first, second), enough) in enumerate(zip(between, may, strict=True)):
        own = fit if isinstance(fit, NotComputed) else fit.differences[k]
        plain = _welch(changes, (first, second), confidence)
        m = size if primary and enough else 1
        for result, into in ((own, contrasts), (plain, gaps)):
            if isinstance(result, NotComputed):
                into.append(Contrast(first, second, result, result, False))
            else:
                judged = _judged(result.difference, result.standard_error, result.test, enough, m)
                into.append(Contrast(first, second, *judged, primary and enough))
    return BetweenScores(measure, labels, sizes, outside, primary, size, fit, tuple(contrasts), tuple(gaps))


def _judged(
    difference: Estimate, error: float, test: Test, enough: bool, family: int
) -> tuple[Estimate, float | NotComputed]:
    if not enough:
        return difference, too_few(test.n)
    return sidak_estimate(difference, error, test.df[0], family), sidak_p(test.p, family)


def _welch(changes: Sequence[Floats], between: Between, confidence: float) -> WelchResult | NotComputed:
    """Welch of the changes; against the average of all, the difference from all others together, on that scale.

    The average holds the group itself with its share w of the patients: group − average = (1 − w)(group − others), so
    estimate, error and interval shrink by 1 − w, and t and p stay.
    """
    from lib.stats.groups import welch_difference

    first, second = between
    if first is not None:
        return welch_difference(changes[first], changes[second], confidence)
    others = np.concatenate([c for k, c in enumerate(changes) if k != second])
    found = welch_difference(others, changes[second], confidence)
    if isinstance(found, NotComputed):
        return found
    share = others.size / (others.size + changes[second].size)
    return replace(found, difference=shrunk(found.difference, share), standard_error=found.standard_error * share)


def shrunk(difference: Estimate, share: float) -> Estimate:
    """A difference from all others as one from the average of all: both times the share of the others."""
    ends = difference.interval
    if isinstance(ends, Interval):
        ends = replace(ends, low=ends.low * share, high=ends.high * share)
    return replace(difference, value=difference.value * share, interval=ends)


def score_family(
    comparison: Comparison, measures: Sequence[str], follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> ScoreFamily:
    """Every measure of the view between the groups; the primary one carries the family."""
    primary = comparison.question.primary_of(measures)
    return ScoreFamily(
        tuple(between_scores(comparison, m, follow_up, primary=m == primary, confidence=confidence) for m in measures)
    )
