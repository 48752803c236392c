"""Mean, SD, median, quartiles and range of whole counts, exact until the last step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lib.stats.histogram import Histogram
from lib.stats.integers import scaled
from lib.stats.results import Interval, NotComputed


@dataclass(frozen=True, slots=True)
class Summary:
    """One column of scores in score units.

    Attributes:
        n: number of values, at least 1.
        mean: arithmetic mean.
        sd: standard deviation with n − 1 below (R `sd`); not computed for one value.
        median: middle value, or the mean of the middle two.
        q1: first quartile, type 7 (R `quantile`, NumPy; SPSS prints type 6).
        q3: third quartile, type 7.
        minimum: smallest value.
        maximum: largest value.
    """

    n: int
    mean: float
    sd: float | NotComputed
    median: float
    q1: float
    q3: float
    minimum: float
    maximum: float


def summarise(histogram: Histogram, resolution: Decimal) -> Summary:
    """The summary of at least one value. Agrees with R `mean`, `sd`, `quantile(type = 7)`.

    Sums are whole numbers of any length, each figure is rounded once.
    """
    n = histogram.n
    sd: float | NotComputed
    sd = NotComputed("1 value; a standard deviation needs at least 2", n) if n < 2 else sd_of(histogram, resolution)
    return Summary(
        n=n,
        mean=scaled(Fraction(histogram.total, n), resolution),
        sd=sd,
        median=scaled(histogram.quantile(Fraction(1, 2)), resolution),
        q1=scaled(histogram.quantile(Fraction(1, 4)), resolution),
        q3=scaled(histogram.quantile(Fraction(3, 4)), resolution),
        minimum=scaled(histogram.minimum, resolution),
        maximum=scaled(histogram.maximum, resolution),
    )


def sd_of(histogram: Histogram, resolution: Decimal) -> float:
    """Standard deviation (n − 1) in score units of at least two values; exactly 0.0 when all are equal."""
    return math.sqrt(histogram.variance * Fraction(resolution) ** 2)


def mean_interval(histogram: Histogram, resolution: Decimal, confidence: float) -> Interval | NotComputed:
    """t interval of a mean: mean ± t(1 − α/2; n − 1)·SD/√n (R `t.test(x)$conf.int`), in score units.

    Not computed below 3 values or when all values are equal.
    """
    from scipy.special import stdtrit

    n = histogram.n
    if n < 3:
        return NotComputed(f"{n} {'value' if n == 1 else 'values'}; at least 3 are needed", n)
    if histogram.is_constant:
        return NotComputed(f"all {n} values are equal", n)
    mean = scaled(Fraction(histogram.total, n), resolution)
    quantile = -float(stdtrit(n - 1, (1 - confidence) / 2))
    half = quantile * math.sqrt(histogram.variance * Fraction(resolution) ** 2 / n)
    return Interval(mean - half, mean + half, confidence, "t")
