"""Distinct whole counts and how often each occurs: what every statistic of a column is computed from.

A million scores on a 101-step scale are 101 numbers here, row order is gone for good, and sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from lib.stats.integers import IntArray

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
