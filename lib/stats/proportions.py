"""Rates: Wilson and Clopper–Pearson intervals, differences of two rates, number needed to treat.

Sources: Wilson 1927; Clopper & Pearson 1934; Newcombe, Stat Med 1998;17:873 (two groups, method 10) and
1998;17:2635 (paired, method 10); Altman, BMJ 1998;317:1309 (number needed to treat).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, stdtrit
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from lib.stats.results import Estimate, Interval, NotComputed

RateMethod = Literal["wilson", "clopper-pearson"]


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `n` as a share between 0 and 1, with its interval."""

    count: int
    n: int
    share: float
    interval: Interval | NotComputed


@dataclass(frozen=True, slots=True)
class NumberNeeded:
    """Number needed to treat: how many patients for one more of those counted.

    Attributes:
        value: 1 / |difference of the rates|.
        interval: 1 / |limits|, the smaller number first.
        higher: which of the two groups has the higher rate.
    """

    value: float
    interval: Interval
    higher: Literal["first", "second"]


def normal_quantile(confidence: float) -> float:
    """The two-sided normal quantile z of a confidence: 1.96 for 0.95 (R `qnorm(1 - (1 - confidence) / 2)`).

    Raises ValueError unless 0 < confidence < 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it must lie between 0 and 1")
    return -NormalDist().inv_cdf((1 - confidence) / 2)


def wilson_limits(count: ArrayLike, n: ArrayLike, confidence: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Lower and upper Wilson limits, element by element; n must be above 0 everywhere.

    `statsmodels` `proportion_confint(method="wilson")`, with exactly 0 and 1 at the ends, where it leaves 1e-17.
    Source: Wilson 1927; R `prop.test(count, n, conf.level, correct = FALSE)`.
    """
    normal_quantile(confidence)  # the check of the confidence
    k, size = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    low, high = proportion_confint(k, size, alpha=1 - confidence, method="wilson")
    return np.where(k == 0, 0.0, low), np.where(k == size, 1.0, high)


def clopper_pearson_limits(count: int, n: int, confidence: float) -> tuple[float, float]:
    """Exact limits (two-sided, each tail half of 1 − confidence) for n > 0; R `binom.test(count, n)$conf.int`.

    `statsmodels` `proportion_confint(method="beta")`.
    """
    low, high = proportion_confint(count, n, alpha=1 - confidence, method="beta")
    return float(low), float(high)


def rate(count: int, n: int, *, confidence: float = 0.95, method: RateMethod = "wilson") -> Proportion | NotComputed:
    """`count` of `n` with its confidence interval; `NotComputed` when n is 0.

    Raises ValueError when count is not between 0 and n. R: `prop.test(correct = FALSE)` or `binom.test`.
    """
    count, n = int(count), int(n)
    _check(count, n)
    if n == 0:
        return NotComputed("nobody to count", 0)
    if method == "clopper-pearson":
        normal_quantile(confidence)  # the same check of the confidence for both methods
        low, high = clopper_pearson_limits(count, n, confidence)
        return Proportion(count, n, count / n, Interval(low, high, confidence, "Clopper–Pearson"))
    low, high = _wilson(count, n, confidence)
    return Proportion(count, n, count / n, Interval(low, high, confidence, "Wilson"))


def clustered_rate(counts: ArrayLike, sizes: ArrayLike, *, confidence: float = 0.95) -> Proportion | NotComputed:
    """Σcounts of Σsizes where one patient brings several: operations of which some are of the same patient.

    With p = Σe/Σm, v = K/(K−1)·Σ(e − p·m)²/M² over K patients and M operations, the exact interval of p·n operations of
    n, n = min(M, p(1 − p)/v·(t_{M−1}/t_{K−1})²). Where all or none have it: the exact interval over patients.
    Source: Korn & Graubard, Survey Methodology 1998;24:193. R: `survey::svyciprop(method = "beta")` where n is below M.
    ValueError when a count is not between 0 and its size. `NotComputed` without anybody.
    """
    e, m = np.asarray(counts, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    if e.shape != m.shape or (e < 0).any() or (e > m).any():
        raise ValueError("a count is not between 0 and its size")
    e, m = e[m > 0], m[m > 0]
    patients, total, hits = e.size, float(m.sum()), float(e.sum())
    if patients == 0:
        return NotComputed("nobody to count", 0)
    normal_quantile(confidence)  # the check of the confidence
    p, alpha = hits / total, 1 - confidence
    if patients < 2 or p in (0.0, 1.0):
        low, high = clopper_pearson_limits(patients if p == 1 else 0, patients, confidence)
        if 0 < p < 1:
            return Proportion(int(hits), int(total), p, NotComputed("one patient alone has no spread", 1))
    else:
        v = patients / (patients - 1) * float(((e - p * m) ** 2).sum()) / total**2
        ratio = (stdtrit(total - 1, alpha / 2) / stdtrit(patients - 1, alpha / 2)) ** 2
        n = min(total, p * (1 - p) / v * ratio) if v > 0 else total
        low = float(betaincinv(p * n, n - p * n + 1, alpha / 2))
        high = float(betaincinv(p * n + 1, n - p * n, 1 - alpha / 2))
    interval = Interval(low, high, confidence, "Korn–Graubard over patients")
    return Proportion(int(hits), int(total), p, interval)


def difference_of_rates(
    first: tuple[int, int], second: tuple[int, int], *, confidence: float = 0.95
) -> Estimate | NotComputed:
    """Share of the second group minus share of the first (each a pair count, n), with Newcombe's interval.

    Independent groups, `statsmodels` `confint_proportions_2indep(method="newcomb")`. `NotComputed` when a group is
    empty; ValueError when a count is not between 0 and its n.
    Source: Newcombe, Stat Med 1998;17:873, method 10 (Wilson limits combined, no continuity correction).
    """
    (k1, n1), (k2, n2) = second, first  # Newcombe's p1 − p2, with p1 the second group
    _check(k1, n1)
    _check(k2, n2)
    if n1 == 0 or n2 == 0:
        return NotComputed("a group has nobody to count", int(n1 + n2))
    normal_quantile(confidence)  # the check of the confidence
    low, high = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff", alpha=1 - confidence)
    # One fraction, so that equal shares give exactly 0.
    difference = (int(k1) * int(n2) - int(k2) * int(n1)) / (int(n1) * int(n2))
    low, high = max(-1.0, float(low)), min(1.0, float(high))  # −1 and 1 are reached, rounding must not pass them
    interval = Interval(low, high, confidence, "Newcombe, two groups (method 10)")
    return Estimate("difference of rates", difference, interval)


def paired_difference(
    both: int, only_first: int, only_second: int, neither: int, *, confidence: float = 0.95
) -> Estimate | NotComputed:
    """Share at the second time point minus share at the first, in the same patients, with Newcombe's interval.

    The four counts are patients. `NotComputed` when all are 0; ValueError when one is negative.
    Own code: neither SciPy nor statsmodels has it. Source: Newcombe, Stat Med 1998;17:2635, method 10. His example
    36/12/2/0 gives −0.2 (−0.3404 to −0.0569).
    """
    a, b, c, d = (int(x) for x in (both, only_first, only_second, neither))
    if min(a, b, c, d) < 0:
        raise ValueError("a count is negative")
    n = a + b + c + d
    if n == 0:
        return NotComputed("nobody has an answer at both time points", 0)
    p1, p2, difference = (a + c) / n, (a + b) / n, (c - b) / n
    (l1, u1), (l2, u2) = _wilson(a + c, n, confidence), _wilson(a + b, n, confidence)
    phi = _newcombe_phi(a, b, c, d)
    below = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2
    above = (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2
    # Both are squares of a distance (|phi| ≤ 1); rounding must not make them negative.
    low = max(-1.0, difference - math.sqrt(max(below, 0.0)))
    high = min(1.0, difference + math.sqrt(max(above, 0.0)))
    return Estimate("paired difference", difference, Interval(low, high, confidence, "Newcombe, paired (method 10)"))


def number_needed_to_treat(difference: Estimate | NotComputed) -> NumberNeeded | NotComputed:
    """1 / |difference of two rates|, limits 1 / |limits|; `NotComputed` unless the interval excludes 0.

    Source: Altman, BMJ 1998;317:1309. Between groups that were not randomised it describes, it does not promise.
    """
    if isinstance(difference, NotComputed):
        return difference
    interval = difference.interval
    if isinstance(interval, NotComputed):
        return interval
    if interval.low <= 0 <= interval.high:
        return NotComputed("the interval of the difference includes 0", 0)
    ends = sorted((1 / abs(interval.low), 1 / abs(interval.high)))
    limits = Interval(ends[0], ends[1], interval.confidence, "1 / limits of the difference")
    return NumberNeeded(1 / abs(difference.value), limits, "second" if difference.value > 0 else "first")


def _newcombe_phi(a: int, b: int, c: int, d: int) -> float:
    """Newcombe's correlation of the two time points, reduced by n/2 where positive; 0 when a margin is empty."""
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 0.0
    product, n = a * d - b * c, a + b + c + d
    corrected = max(product - n / 2, 0.0) if product >= 0 else float(product)
    return corrected / math.sqrt(margins)


def _wilson(count: int, n: int, confidence: float) -> tuple[float, float]:
    low, high = wilson_limits(count, n, confidence)
    return float(low), float(high)


def _check(count: int, n: int) -> None:
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is not a rate")
