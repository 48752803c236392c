"""Student's t for one column of whole counts: the interval of a mean, and the test of a mean change against zero."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from lib.stats.histogram import Histogram
from lib.stats.integers import scaled
from lib.stats.results import Interval, NotComputed, Test


def mean_interval(histogram: Histogram, resolution: Decimal, confidence: float) -> Interval | NotComputed:
    """Interval of a mean in score units: mean ± t(1 − α/2; n − 1)·SD/√n (R `t.test(x)$conf.int`).

    Not computed below 3 values or when all values are equal.
    """
    from scipy.special import stdtrit

    n = histogram.n
    if n < 3:
        return NotComputed(f"{n} {'value' if n == 1 else 'values'}; at least 3 are needed", n)
    if histogram.is_constant:
        return NotComputed(f"all {n} values are equal", n)
    mean = scaled(histogram.mean, resolution)
    quantile = -float(stdtrit(n - 1, (1 - confidence) / 2))
    half = quantile * math.sqrt(histogram.variance * Fraction(resolution) ** 2 / n)
    return Interval(mean - half, mean + half, confidence, "t")


def t_statistic(change: Histogram) -> float:
    """t = mean / (SD/√n) of differences that are not all equal; unit-free, positive when scores rose."""
    size = math.sqrt(change.mean**2 * change.n / change.variance)
    return math.copysign(size, change.total)


def paired_t(change: Histogram) -> Test | NotComputed:
    """Paired t test of the differences (R `t.test(follow_up, baseline, paired = TRUE)`), df = n − 1.

    Not computed below 3 pairs or when all differences are equal.
    """
    from scipy.special import stdtr

    absent = no_inference(change)
    if absent:
        return absent
    t, df = t_statistic(change), change.n - 1
    p = 2 * float(stdtr(df, -abs(t)))
    return Test("paired t test", "t", t, (float(df),), p, "Student's t", change.n)


def no_inference(change: Histogram) -> NotComputed | None:
    """Why a column of differences allows no test or interval at all, or None when it does."""
    n = change.n
    if n < 3:
        return NotComputed(f"{n} {'pair' if n == 1 else 'pairs'}; at least 3 are needed", n)
    if change.is_constant:
        return NotComputed(f"all {n} differences are equal", n)
    return None
