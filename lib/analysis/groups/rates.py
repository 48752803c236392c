"""Shares between groups: responders, and patients who chose the best two answers.

STATISTICS section 6: chi-square without Yates or Fisher, differences with Newcombe's interval, in the family of the
primary outcome corrected together (`contrasts`); number needed to treat only between randomised groups, and only where
the interval excludes 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.contrasts import Between, Contrast, family_of, smallest_p, too_few
from lib.analysis.groups.scores import shrunk
from lib.settings import DEFAULTS, FEWEST_COMPARED
from lib.stats.contingency import compare_shares
from lib.stats.likert import LikertResult
from lib.stats.proportions import NumberNeeded, Proportion, difference_of_rates, number_needed_to_treat
from lib.stats.responders import Rule
from lib.stats.results import NotComputed, Test, sidak_confidence, sidak_p

Rates = tuple[tuple[str, Proportion | NotComputed], ...]


@dataclass(frozen=True, slots=True)
class RateGap(Contrast):
    """Share of group `second` minus that of `first`, its test by itself, and how many patients for one more.

    `number_needed` only between groups that the user says patients were randomised to.
    """

    test: Test | NotComputed
    number_needed: NumberNeeded | NotComputed


@dataclass(frozen=True, slots=True)
class BetweenRates:
    """One share between groups.

    Attributes:
        name: what is counted (a measure or a statement key).
        labels: groups with at least 3 patients; `rates` theirs.
        outside: (name, patients) of the smaller groups.
        primary: whether this is the outcome that carries the family; `family_size` contrasts are corrected together.
        heterogeneity: over all these groups at once, not corrected.
    """

    name: str
    labels: tuple[str, ...]
    rates: tuple[Proportion, ...]
    outside: tuple[tuple[str, int], ...]
    primary: bool
    family_size: int
    heterogeneity: Test | NotComputed
    gaps: tuple[RateGap, ...]

    @property
    def smallest_p(self) -> float | NotComputed:
        """The overall result: the smallest p, corrected where this outcome is the primary one."""
        return self.heterogeneity if isinstance(self.heterogeneity, NotComputed) else smallest_p(self.gaps)


@dataclass(frozen=True, slots=True)
class RateFamily:
    """All shares of a view: one carries the family, the others are exploratory."""

    results: tuple[BetweenRates, ...]

    def of(self, name: str) -> BetweenRates:
        """The result of one outcome; KeyError otherwise."""
        return {result.name: result for result in self.results}[name]

    @property
    def primary(self) -> str:
        """The outcome that carries the family, "" without one."""
        return next((r.name for r in self.results if r.primary), "")

    @property
    def size(self) -> int:
        """How many contrasts are corrected together."""
        return sum(r.family_size for r in self.results)


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
        primary = comparison.question.primary_of([name for name, _ in outcomes])
        return RateFamily(
            tuple(_between(comparison, name, rates[1:], name == primary, confidence) for name, rates in outcomes)
        )

    return comparison.keep(("rate family", tuple(outcomes), confidence), compute)


def _between(comparison: Comparison, name: str, rates: Rates, primary: bool, confidence: float) -> BetweenRates:
    inside = [(label, r) for label, r in rates if isinstance(r, Proportion) and r.n >= FEWEST_COMPARED]
    outside = tuple((label, r.n) for label, r in rates if (label, r) not in inside)
    n = sum(r.n for _, r in inside)
    found, labels = tuple(r for _, r in inside), tuple(label for label, _ in inside)
    between = comparison.question.contrasts(labels, comparison.labels, n) if len(labels) > 1 else ()
    absent = comparison.between(n)
    if isinstance(between, NotComputed):
        absent, between = absent or between, ()
    may = family_of(between, [r.n for r in found])
    size = sum(may) if primary and absent is None else 0
    gaps = tuple(
        RateGap(*pair, absent, absent, False, absent, absent)
        if absent is not None
        else _gap(comparison, pair, found, enough, primary, size, confidence)
        for pair, enough in zip(between, may, strict=True)
    )
    together = absent or compare_shares([[r.count, r.n - r.count] for r in found] or np.zeros((0, 2), dtype=int))
    return BetweenRates(name, labels, found, outside, primary, size, together, gaps)


def _gap(
    comparison: Comparison,
    between: Between,
    rates: tuple[Proportion, ...],
    enough: bool,
    primary: bool,
    size: int,
    confidence: float,
) -> RateGap:
    """Against the average of all: the difference from all others together, times their share of the patients."""
    first, second = between
    own = (rates[second].count, rates[second].n)
    others = [r for k, r in enumerate(rates) if (k != second if first is None else k == first)]
    other = (sum(r.count for r in others), sum(r.n for r in others))
    in_family = primary and enough
    level = sidak_confidence(confidence, size) if in_family else confidence
    difference = difference_of_rates(other, own, confidence=level)
    test = compare_shares([[k, n - k] for k, n in (other, own)])
    needed: NumberNeeded | NotComputed = number_needed_to_treat(difference)
    if not comparison.randomised:
        needed = NotComputed("only between groups that patients were randomised to", own[1] + other[1])
    elif first is None:
        needed = NotComputed("only between two groups", own[1] + other[1])
    p: float | NotComputed = test if isinstance(test, NotComputed) else sidak_p(test.p, size if in_family else 1)
    if first is None and not isinstance(difference, NotComputed):
        difference = shrunk(difference, other[1] / (other[1] + own[1]))
    return RateGap(first, second, difference, p if enough else too_few(own[1]), in_family, test, needed)
