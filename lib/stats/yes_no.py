"""A yes/no outcome before and after (opioid use): who stopped, who started, and how the share changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.stats.contingency import fisher_exact
from lib.stats.proportions import Proportion, paired_difference, rate
from lib.stats.results import Estimate, NotComputed, Test


@dataclass(frozen=True, slots=True)
class YesNoResult:
    """The 2×2 table of patients with an answer at both occasions, and what follows from it.

    Attributes:
        n: patients with both answers; both + stopped + started + neither.
        before, after: share with "yes" at each occasion, Wilson interval.
        difference: share after − share before, Newcombe's interval for paired data.
        exact: exact McNemar test; mid_p: its mid-p form (less conservative). Always shown together.
        fisher_association: Fisher's test that before and after go together. It does not test change; the paper
            prints it as if it did, and one sentence on the sample explains that.
    """

    n: int
    both: int
    stopped: int
    started: int
    neither: int
    before: Proportion
    after: Proportion
    difference: Estimate
    exact: Test | NotComputed
    mid_p: Test | NotComputed
    fisher_association: Test | NotComputed


def compare_yes_no(before: NDArray[Any], after: NDArray[Any], *, confidence: float = 0.95) -> YesNoResult | NotComputed:
    """Compare two boolean arrays of the same patients, in the same order (only patients with both answers).

    `NotComputed` when empty; ValueError when the lengths differ.
    """
    first, second = np.asarray(before, dtype=bool), np.asarray(after, dtype=bool)
    if first.shape != second.shape:
        raise ValueError(f"{first.size} answers before and {second.size} after; they must be the same patients")
    both = int(np.count_nonzero(first & second))
    yes_before, yes_after = int(np.count_nonzero(first)), int(np.count_nonzero(second))
    neither = first.size - yes_before - yes_after + both
    return from_counts(both, yes_before - both, yes_after - both, neither, confidence=confidence)


def from_counts(
    both: int, stopped: int, started: int, neither: int, *, confidence: float = 0.95
) -> YesNoResult | NotComputed:
    """The same from the four counts of patients; the formulas are in STATISTICS terms a, b, c, d.

    Sources: McNemar 1947; Fagerland, BMC Med Res Methodol 2013;13:91 (mid-p); Newcombe, Stat Med 1998;17:2635.
    R: `binom.test(min(b, c), b + c)`, `fisher.test(matrix(c(a, c, b, d), 2))`.
    """
    n = both + stopped + started + neither
    difference = paired_difference(both, stopped, started, neither, confidence=confidence)
    before = rate(both + stopped, n, confidence=confidence)
    after = rate(both + started, n, confidence=confidence)
    if isinstance(difference, NotComputed) or isinstance(before, NotComputed) or isinstance(after, NotComputed):
        return NotComputed("nobody has an answer at both occasions", 0)
    return YesNoResult(
        n=n,
        both=both,
        stopped=stopped,
        started=started,
        neither=neither,
        before=before,
        after=after,
        difference=difference,
        exact=mcnemar_exact(stopped, started),
        mid_p=mcnemar_mid_p(stopped, started),
        fisher_association=fisher_exact(((both, stopped), (started, neither))),
    )


def mcnemar_exact(stopped: int, started: int) -> Test | NotComputed:
    """Exact McNemar test of the patients whose answer changed; R `binom.test(stopped, stopped + started)`.

    p = min(1, 2·P(X ≤ min)), X ~ Bin(stopped + started, ½). `NotComputed` when nobody changed.
    """
    changed = stopped + started
    if changed == 0:
        return _nobody_changed()
    p = min(1.0, 2 * _half_binomial(min(stopped, started), changed))
    return Test("McNemar test", "stopped", float(stopped), (), p, "exact binomial", changed)


def mcnemar_mid_p(stopped: int, started: int) -> Test | NotComputed:
    """Mid-p McNemar test: exact − P(X = stopped); for as many stopped as started 1 − ½·P(X = stopped).

    Source: Fagerland 2013. `NotComputed` when nobody changed.
    """
    changed = stopped + started
    if changed == 0:
        return _nobody_changed()
    k = min(stopped, started)
    at_most, fewer = _half_binomial(k, changed), _half_binomial(k - 1, changed)
    # 2·P(X ≤ k) − P(X = k) = P(X ≤ k) + P(X ≤ k − 1): no small difference of large numbers.
    p = 1 - (at_most - fewer) / 2 if stopped == started else at_most + fewer
    return Test("McNemar test, mid-p", "stopped", float(stopped), (), p, "exact binomial, mid-p", changed)


def _nobody_changed() -> NotComputed:
    return NotComputed("nobody's answer changed, so there is nothing to test", 0)


def _half_binomial(k: int, n: int) -> float:
    """P(X ≤ k) for X ~ Bin(n, ½); R `pbinom(k, n, 0.5)`."""
    from scipy.special import betainc

    return 0.0 if k < 0 else float(betainc(n - k, k + 1, 0.5))
