"""Scores as whole counts of their resolution, so that zeros, ties and thresholds are decided without float noise.

In floats 12 of the 81 pairs of 0.1-step scores that differ by exactly 2.0 fail `>= 2.0`. Everything in `lib.stats` that
compares scores therefore works on counts (7.2 on a 0.1-step scale is 72) and is scaled back once, at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lib.stats.results import NotComputed

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_DECIMALS = 6
# Below this a double still has at least three spare bits, so rounding to the nearest count cannot be wrong by noise.
LARGEST_COUNT = 2**50
# Distance from a whole count, in counts, that is taken for float noise and not for a finer scale.
NOISE = 1e-6


def resolution_of(values: FloatArray) -> Decimal:
    """The step of a column without a declared resolution: 10^−k, k = most decimals in the column, at most 6.

    Missing values (NaN) are passed over; a column of whole numbers, or without any value, gives 1. Noise below half of
    the sixth decimal is not counted as decimals: 0.1 + 0.2 has one.

    Raises:
        ValueError: a value is infinite or too large for exact counts (10^15 and above).
    """
    present = np.asarray(values, dtype=np.float64)
    present = present[~np.isnan(present)]
    if present.size == 0:
        return Decimal(1)
    largest = float(np.abs(present).max())
    if not largest < LARGEST_COUNT:
        raise ValueError(f"cannot count in whole steps: the column reaches {largest:g}")
    decimals = MOST_DECIMALS
    while decimals and largest * 10**decimals >= LARGEST_COUNT:
        decimals -= 1
    counts = np.rint(present * 10**decimals).astype(np.int64)
    while decimals and not (counts % 10).any():
        counts //= 10
        decimals -= 1
    return Decimal(1).scaleb(-decimals)


def off_step(values: FloatArray, resolution: Decimal) -> NDArray[np.bool_]:
    """True where a value is not a whole number of steps (7.25 on a 0.1-step scale); False for NaN.

    For checking a column before `to_counts`, which refuses such values. At a resolution of 10⁻⁶ or finer nothing is off
    step: there the rule is to round, since no more than six decimals are kept.
    """
    steps = _in_steps(np.asarray(values, dtype=np.float64), resolution)
    if resolution <= Decimal(1).scaleb(-MOST_DECIMALS):
        return np.zeros(steps.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        allowed = np.maximum(NOISE, 8 * np.finfo(np.float64).eps * np.abs(steps))
        return np.asarray(np.abs(steps - np.rint(steps)) > allowed, dtype=np.bool_)


def to_counts(values: FloatArray, resolution: Decimal) -> IntArray:
    """Scores as whole counts of the resolution: 7.2 at 0.1 is 72. Same shape; float noise is absorbed.

    Raises:
        ValueError: a value is missing or infinite, is too large for exact counts, or is not a whole number of steps
            (see `off_step`): rounding it would change a score silently.
    """
    scores = np.asarray(values, dtype=np.float64)
    if not np.isfinite(scores).all():
        raise ValueError(f"{int((~np.isfinite(scores)).sum())} missing or infinite values cannot be counted in steps")
    steps = _in_steps(scores, resolution)
    if scores.size and float(np.abs(steps).max()) >= LARGEST_COUNT:
        raise ValueError(f"values too large to be counted in steps of {resolution}")
    off = off_step(scores, resolution)
    if off.any():
        raise ValueError(f"{int(off.sum())} values are not a whole number of steps of {resolution}")
    return np.rint(steps).astype(np.int64)


def threshold_counts(threshold: Decimal, resolution: Decimal) -> int:
    """The smallest whole count that reaches a threshold: 2.7 on a whole-number scale is 3, 2.0 at 0.1 is 20.

    Exact decimal arithmetic. Raises ValueError when the resolution is not positive or the threshold not finite.
    """
    check_resolution(resolution)
    if not threshold.is_finite():
        raise ValueError(f"a threshold must be a number, not {threshold}")
    ratio = Fraction(threshold) / Fraction(resolution)
    return -(-ratio.numerator // ratio.denominator)


def scaled(counts: Fraction | int, resolution: Decimal) -> float:
    """A (fractional) number of counts in score units, rounded once, to the nearest float."""
    return float(Fraction(counts) * Fraction(resolution))


def _in_steps(scores: FloatArray, resolution: Decimal) -> FloatArray:
    """Scores divided by the resolution; × 10 is kinder to decimals in binary than ÷ 0.1."""
    check_resolution(resolution)
    step = Fraction(resolution)
    return scores * float(step.denominator) / float(step.numerator)


def check_resolution(resolution: Decimal) -> None:
    """Raise ValueError unless the resolution is a positive number."""
    if not (resolution.is_finite() and resolution > 0):
        raise ValueError(f"a resolution must be positive, not {resolution}")


# Distinct whole counts and how often each occurs: what every statistic of a column is computed from.
#
# A million scores on a 101-step scale are 101 numbers here, row order is gone for good, and sums are exact.

# Up to this span (or four times the number of values) counting in a table beats sorting.
_TABLE = 1 << 16


@dataclass(frozen=True)
class Histogram:
    """Distinct values in ascending order with their frequencies (all positive), both one-dimensional int64."""

    values: IntArray
    counts: IntArray

    @classmethod
    def of(cls, data: IntArray) -> Histogram:
        """Count a one-dimensional array of at least one whole number; O(n), or O(n log n) for a wide span."""
        low, high = int(data.min()), int(data.max())
        if high - low < _TABLE + 4 * data.size:
            table = np.bincount(data - low)
            places = np.flatnonzero(table)
            return cls(places.astype(np.int64) + low, table[places].astype(np.int64))
        values, counts = np.unique(data, return_counts=True)
        return cls(values.astype(np.int64), counts.astype(np.int64))

    @cached_property
    def cumulative(self) -> IntArray:
        """Number of observations up to and including each value."""
        return np.cumsum(self.counts, dtype=np.int64)

    @cached_property
    def n(self) -> int:
        """Number of observations."""
        return int(self.cumulative[-1])

    @property
    def minimum(self) -> int:
        """Smallest value."""
        return int(self.values[0])

    @property
    def maximum(self) -> int:
        """Largest value."""
        return int(self.values[-1])

    @property
    def is_constant(self) -> bool:
        """Whether all observations are equal."""
        return self.values.size == 1

    @cached_property
    def total(self) -> int:
        """Exact sum of the observations."""
        return self.n * self.minimum + _dot(self._offsets, self.counts)

    @property
    def mean(self) -> Fraction:
        """Exact mean."""
        return Fraction(self.total, self.n)

    @cached_property
    def variance(self) -> Fraction:
        """Exact variance with n − 1 below, of at least two observations."""
        # About the minimum, so that the squares stay small.
        first = _dot(self._offsets, self.counts)
        second = _dot(self._offsets, self._offsets, self.counts)
        return Fraction(self.n * second - first * first, self.n * (self.n - 1))

    @property
    def _offsets(self) -> IntArray:
        offsets: IntArray = self.values - self.values[0]
        return offsets

    def frequency(self, value: int) -> int:
        """How many observations equal the value."""
        return int(self.counts[self.values == value].sum())

    def order_statistic(self, rank: int) -> int:
        """The observation of that rank, 1 = smallest."""
        return int(self.values[np.searchsorted(self.cumulative, rank, side="left")])

    def quantile(self, share: Fraction) -> Fraction:
        """Type-7 quantile (R, NumPy): linear between the order statistics around 1 + (n − 1)·share; exact."""
        place = (self.n - 1) * share
        whole = place.numerator // place.denominator
        low = self.order_statistic(whole + 1)
        part = place - whole
        return Fraction(low) if part == 0 else low + part * (self.order_statistic(whole + 2) - low)

    def expand(self) -> IntArray:
        """The observations in ascending order."""
        return np.repeat(self.values, self.counts)


def _dot(*factors: IntArray) -> int:
    """Σ of the products of non-negative arrays, exact: in int64 where it fits, else in Python integers."""
    largest = 1
    for factor in factors:
        largest *= int(factor.max(initial=0))
    if largest >= 2**63:
        return int(_product(tuple(factor.astype(object) for factor in factors)).sum())
    products = _product(factors)
    # Halves of 32 bits cannot overflow in the sum: fewer than 2^31 terms fit in memory.
    return (int((products >> 32).sum()) << 32) + int((products & (2**32 - 1)).sum())


def _product(factors: tuple[IntArray, ...]) -> IntArray:
    result, *others = factors
    for other in others:
        result = result * other
    return result


# Mean, SD, median, quartiles and range of whole counts, exact until the last step.


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
        minimum, maximum: smallest and largest value, which some readers are not shown.
    """

    n: int
    mean: float
    sd: float | NotComputed
    median: float
    q1: float
    q3: float
    minimum: float | NotComputed
    maximum: float | NotComputed


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
