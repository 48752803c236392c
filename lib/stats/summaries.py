"""Mean, SD, median, quartiles and range of whole counts, exact until the last step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lib.stats.histogram import Histogram
from lib.stats.integers import scaled
from lib.stats.results import NotComputed


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

    Sums are whole numbers of any length, each figure is rounded to a float once. The SD of equal values is exactly 0.
    """
    n = histogram.n
    sd: float | NotComputed = NotComputed("1 value; a standard deviation needs at least 2", n)
    if n > 1:
        sd = math.sqrt(histogram.variance * Fraction(resolution) ** 2)
    return Summary(
        n=n,
        mean=scaled(histogram.mean, resolution),
        sd=sd,
        median=scaled(histogram.quantile(Fraction(1, 2)), resolution),
        q1=scaled(histogram.quantile(Fraction(1, 4)), resolution),
        q3=scaled(histogram.quantile(Fraction(3, 4)), resolution),
        minimum=scaled(histogram.minimum, resolution),
        maximum=scaled(histogram.maximum, resolution),
    )
