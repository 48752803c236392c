"""Shares between groups: responders, and patients who chose the best two answers.

STATISTICS section 6: chi-square without Yates or Fisher, differences with Newcombe's interval, number needed to treat
only where that interval excludes 0, Holm over all of one kind in the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lib.analysis.groups.comparison import Comparison
from lib.settings import DEFAULTS, FEWEST_COMPARED
from lib.stats.contingency import compare_shares
from lib.stats.likert import LikertResult
from lib.stats.proportions import NumberNeeded, Proportion, difference_of_rates, number_needed_to_treat
from lib.stats.responders import Rule
from lib.stats.results import Estimate, HolmFamily, NotComputed, Test, holm

Rates = tuple[tuple[str, Proportion | NotComputed], ...]


@dataclass(frozen=True, slots=True)
class RateGap:
    """Share of group `second` minus share of `first` (places in `labels`), and how many patients for one more."""

    first: int
    second: int
    difference: Estimate | NotComputed
    test: Test | NotComputed
    number_needed: NumberNeeded | NotComputed


@dataclass(frozen=True, slots=True)
class BetweenRates:
    """One share between groups.

    Attributes:
        name: what is counted (a measure or a statement key).
        labels: groups with at least 3 patients; `rates` theirs.
        outside: (name, patients) of the smaller groups.
        heterogeneity: over all these groups at once; `gaps` every pair.
    """

    name: str
    labels: tuple[str, ...]
    rates: tuple[Proportion, ...]
    outside: tuple[tuple[str, int], ...]
    heterogeneity: Test | NotComputed
    gaps: tuple[RateGap, ...]


@dataclass(frozen=True, slots=True)
class RateFamily:
    """All shares of a view, with Holm over pairs × outcomes and over the tests of all groups at once."""

    results: tuple[BetweenRates, ...]
    gaps: HolmFamily
    heterogeneity: HolmFamily

    def corrected(self, name: str) -> tuple[tuple[float | NotComputed, ...], float | NotComputed]:
        """Corrected p of one outcome: of every pair, and of all groups at once. KeyError for an unknown name."""
        start = 0
        for place, result in enumerate(self.results):
            if result.name == name:
                return self.gaps.adjusted[start : start + len(result.gaps)], self.heterogeneity.adjusted[place]
            start += len(result.gaps)
        raise KeyError(name)

    def of(self, name: str) -> BetweenRates:
        """The result of one outcome; KeyError otherwise."""
        return {result.name: result for result in self.results}[name]


def responder_rates(
    comparison: Comparison, measure: str, follow_up: str, rule: Rule, *, confidence: float = DEFAULTS.confidence
) -> Rates:
    """The responder rate of all and of every group."""
    found = [(label, g.responders(measure, follow_up, rule, confidence=confidence)) for label, g in comparison.rows]
    return tuple((label, r if isinstance(r, NotComputed) else r.rate) for label, r in found)


def top_two_rates(
    comparison: Comparison, statement: str, time_point: str, *, confidence: float = DEFAULTS.confidence
) -> Rates:
    """The share with the best two answers of all and of every group."""
    found = [(label, group.statement(statement, time_point, confidence=confidence)) for label, group in comparison.rows]
    return tuple((label, r.top_two if isinstance(r, LikertResult) else r) for label, r in found)


def rate_family(
    comparison: Comparison, outcomes: Sequence[tuple[str, Rates]], *, confidence: float = DEFAULTS.confidence
) -> RateFamily:
    """Several outcomes between the same groups; `outcomes` holds (name, rates of all and of every group)."""

    def compute() -> RateFamily:
        results = tuple(_between(comparison, name, rates[1:], confidence) for name, rates in outcomes)
        return RateFamily(
            results,
            holm([gap.test for result in results for gap in result.gaps]),
            holm([result.heterogeneity for result in results]),
        )

    return comparison.keep(("rate family", tuple(outcomes), confidence), compute)


def _between(comparison: Comparison, name: str, rates: Rates, confidence: float) -> BetweenRates:
    inside = [(label, r) for label, r in rates if isinstance(r, Proportion) and r.n >= FEWEST_COMPARED]
    outside = tuple((label, r.n) for label, r in rates if (label, r) not in inside)
    n = sum(r.n for _, r in inside)
    absent = comparison.between(n)
    found = tuple(r for _, r in inside)
    labels = tuple(label for label, _ in inside)
    gaps = tuple(_gap(a, b, found, absent, confidence) for a, b in combinations(range(len(found)), 2))
    together = absent or compare_shares([[r.count, r.n - r.count] for r in found] or np.zeros((0, 2), dtype=int))
    return BetweenRates(name, labels, found, outside, together, gaps)


def _gap(
    first: int, second: int, rates: tuple[Proportion, ...], absent: NotComputed | None, confidence: float
) -> RateGap:
    if absent is not None:
        return RateGap(first, second, absent, absent, absent)
    one, two = rates[first], rates[second]
    difference = difference_of_rates((one.count, one.n), (two.count, two.n), confidence=confidence)
    test = compare_shares([[one.count, one.n - one.count], [two.count, two.n - two.count]])
    return RateGap(first, second, difference, test, number_needed_to_treat(difference))
