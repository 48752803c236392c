"""One score between groups: adjusted for baseline (ANCOVA), plain changes (Welch), and Holm over everything looked at.

STATISTICS section 6. Groups with fewer than 3 pairs stand outside every model; groups that share patients, or that are
cut from the baseline, are not tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from lib.analysis.groups.comparison import Comparison
from lib.cohort.pairs import to_values
from lib.settings import DEFAULTS, FEWEST_COMPARED
from lib.stats.results import HolmFamily, NotComputed, Test, holm

if TYPE_CHECKING:
    from lib.stats.groups import AncovaResult, WelchResult


@dataclass(frozen=True, slots=True)
class ChangeGap:
    """Mean change of group `second` minus that of `first` (places in `labels`), Welch."""

    first: int
    second: int
    result: WelchResult | NotComputed


@dataclass(frozen=True, slots=True)
class BetweenScores:
    """One measure between groups; change = follow-up − baseline, differences are second − first.

    Attributes:
        labels: the groups in the model; the codes of the results are places in it.
        outside: (name, pairs) of the groups with fewer than 3.
        ancova: follow-up adjusted for baseline; `gaps`: Welch of the changes for the same pairs of groups.
    """

    measure: str
    labels: tuple[str, ...]
    n_per_group: tuple[int, ...]
    outside: tuple[tuple[str, int], ...]
    ancova: AncovaResult | NotComputed
    gaps: tuple[ChangeGap, ...]

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every pair of groups (first, second)."""
        return tuple(combinations(range(len(self.labels)), 2))


@dataclass(frozen=True, slots=True)
class ScoreFamily:
    """All measures of a view between the same groups, with the corrections for looking that often.

    Attributes:
        results: one per measure.
        differences, gaps: Holm over pairs × measures, measure by measure (ANCOVA, Welch).
        heterogeneity: Holm over the measures.
    """

    results: tuple[BetweenScores, ...]
    differences: HolmFamily
    gaps: HolmFamily
    heterogeneity: HolmFamily

    def of(self, measure: str) -> BetweenScores:
        """The result of one measure; KeyError otherwise."""
        return self.results[self._place(measure)]

    def _place(self, measure: str) -> int:
        for place, result in enumerate(self.results):
            if result.measure == measure:
                return place
        raise KeyError(measure)

    def corrected(
        self, measure: str
    ) -> tuple[tuple[float | NotComputed, ...], tuple[float | NotComputed, ...], float | NotComputed]:
        """Corrected p of one measure: of every adjusted difference, of every Welch gap, of the heterogeneity."""
        place = self._place(measure)
        start = sum(len(r.pairs) for r in self.results[:place])
        end = start + len(self.results[place].pairs)
        return (
            self.differences.adjusted[start:end],
            self.gaps.adjusted[start:end],
            self.heterogeneity.adjusted[place],
        )


def between_scores(
    comparison: Comparison, measure: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> BetweenScores:
    """ANCOVA and Welch between the groups with at least 3 pairs; `NotComputed` inside where nothing may be tested."""
    return comparison.keep(
        ("between scores", measure, follow_up, confidence), lambda: _between(comparison, measure, follow_up, confidence)
    )


def _between(comparison: Comparison, measure: str, follow_up: str, confidence: float) -> BetweenScores:
    from lib.stats.groups import adjusted_differences, welch_difference

    found = [(label, group.pairs(measure, follow_up)) for label, group in comparison.groups]
    inside = [(label, pairs) for label, pairs in found if pairs.n >= FEWEST_COMPARED]
    outside = tuple((label, pairs.n) for label, pairs in found if pairs.n < FEWEST_COMPARED)
    n = sum(pairs.n for _, pairs in inside)
    absent = comparison.between(n)
    if absent is None and len(inside) < 2:
        absent = NotComputed(f"fewer than two groups have at least {FEWEST_COMPARED} pairs", n)
    labels, sizes = tuple(label for label, _ in inside), tuple(pairs.n for _, pairs in inside)
    places = tuple(combinations(range(len(inside)), 2))
    if absent is not None:
        gaps = tuple(ChangeGap(a, b, absent) for a, b in places)
        return BetweenScores(measure, labels, sizes, outside, absent, gaps)
    resolution = inside[0][1].measure.resolution
    changes = [to_values(pairs.change_counts, resolution) for _, pairs in inside]
    return BetweenScores(
        measure,
        labels,
        sizes,
        outside,
        adjusted_differences(
            np.concatenate([pairs.baseline for _, pairs in inside]),
            np.concatenate([pairs.follow_up for _, pairs in inside]),
            np.repeat(np.arange(len(inside)), sizes),
            groups=len(inside),
            confidence=confidence,
        ),
        tuple(ChangeGap(a, b, welch_difference(changes[a], changes[b], confidence)) for a, b in places),
    )


def score_family(
    comparison: Comparison, measures: Sequence[str], follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> ScoreFamily:
    """Every measure of the view between the groups, with Holm over all differences and over all heterogeneity tests."""

    def compute() -> ScoreFamily:
        results = tuple(between_scores(comparison, m, follow_up, confidence=confidence) for m in measures)
        differences: list[Test | NotComputed] = []
        gaps: list[Test | NotComputed] = []
        heterogeneity: list[Test | NotComputed] = []
        for result in results:
            fit = result.ancova
            if isinstance(fit, NotComputed):
                differences += [fit] * len(result.pairs)
                heterogeneity.append(fit)
            else:
                differences += [d.test for d in fit.differences]
                heterogeneity.append(fit.heterogeneity)
            gaps += [g.result if isinstance(g.result, NotComputed) else g.result.test for g in result.gaps]
        return ScoreFamily(results, holm(differences), holm(gaps), holm(heterogeneity))

    return comparison.keep(("score family", tuple(measures), follow_up, confidence), compute)
