"""Hodges–Lehmann estimate of a change, by counting sums in the histogram of the differences.

A million differences have 5·10¹¹ pairwise averages; none is ever formed. The averages at or below s/2 are counted in
one pass over the distinct values, and the wanted order statistics found by bisection on the whole number s.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from lib.stats.paired_tests import MOST_EXACT, no_inference, sign_distribution
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.scores import Histogram, IntArray, scaled

NAME = "pseudomedian (Hodges–Lehmann)"
# A table of cumulative counts is used up to this span, or up to four places per distinct value.
_TABLE = 1 << 17
# R's own allowance in qsignrank, so that a level that is a sum of powers of two picks the same k.
_R_FUZZ = 10 * float(np.finfo(np.float64).eps)


def hodges_lehmann(change: Histogram, resolution: Decimal, confidence: float) -> Estimate:
    """Median of the n(n+1)/2 Walsh averages of all n differences, zeros included, in score units.

    The interval runs from the k-th smallest to the k-th largest average (Hollander & Wolfe 1999, 3.3), with
    k = `qsignrank(α/2, n)` up to 50 differences and the normal approximation above: R
    `wilcox.test(x, conf.int = TRUE)` when there are neither ties nor zeros. With them it differs from R on purpose, as
    R drops the zeros. On a coarse scale a limit is often exactly 0 while p < 0.05: write "limit 0".
    The interval is not computed below 3 pairs, when all differences are equal, or when k = 0 (n ≤ 5 at 95%).
    """
    sums = _PairSums(change)
    averages = change.n * (change.n + 1) // 2
    middle = Fraction(sums.kth((averages + 1) // 2) + sums.kth(averages // 2 + 1), 4)
    value = scaled(middle, resolution)
    absent = no_inference(change)
    if absent:
        return Estimate(NAME, value, absent)
    k = interval_rank(change.n, confidence)
    if k < 1:
        level = f"{100 * confidence:g}%"
        return Estimate(NAME, value, NotComputed(f"{change.n} pairs are too few for a {level} interval", change.n))
    low = scaled(Fraction(sums.kth(k), 2), resolution)
    high = scaled(Fraction(sums.kth(averages + 1 - k), 2), resolution)
    method = "signed-rank distribution" if change.n <= MOST_EXACT else "signed-rank, normal approximation"
    return Estimate(NAME, value, Interval(low, high, confidence, method))


def interval_rank(n: int, confidence: float) -> int:
    """k: the interval runs from the k-th smallest to the k-th largest average; below 1 there is none.

    n ≤ 50: `qsignrank(α/2, n)`; above: ⌊n(n+1)/4 − z·√(n(n+1)(2n+1)/24)⌋ + 1.
    """
    tail = (1 - confidence) / 2
    if n <= MOST_EXACT:
        below = np.cumsum(sign_distribution(np.arange(1, n + 1))) / 2**n
        return int(np.searchsorted(below, tail - _R_FUZZ, side="left"))
    from scipy.special import ndtri

    z = -float(ndtri(tail))
    return math.floor(n * (n + 1) / 4 - z * math.sqrt(n * (n + 1) * (2 * n + 1) / 24)) + 1


class _PairSums:
    """Order statistics of the sums dᵢ + dⱼ, i ≤ j, of whole-number differences."""

    def __init__(self, change: Histogram) -> None:
        self._low = change.minimum
        self._offsets: IntArray = change.values - change.minimum
        self._counts = change.counts
        self._upto: IntArray = np.concatenate([[0], change.cumulative])
        self._span = int(self._offsets[-1]) + 1
        self._dense = self._span <= max(_TABLE, 4 * self._offsets.size)
        if self._dense:
            table = np.zeros(self._span, dtype=np.int64)
            table[self._offsets] = self._counts
            self._table, self._table_upto = table, np.cumsum(table)
        else:
            self._bin = -(-self._span // max(_TABLE, 4 * self._offsets.size))
            self._binned = _PairSums(_binned(self._offsets // self._bin, change.counts))
        self._known: dict[int, int] = {}

    def kth(self, k: int) -> int:
        """The k-th smallest sum, k from 1."""
        low, high = self._bracket(k)
        while low < high:
            middle = (low + high) // 2
            if self._at_most(middle) >= k:
                high = middle
            else:
                low = middle + 1
        return low + 2 * self._low

    def _bracket(self, k: int) -> tuple[int, int]:
        """Where the k-th smallest sum lies, values from 0.

        With x = bin·⌊x/bin⌋ + rest each sum is at most 2(bin − 1) above bin times its binned sum, hence so is each
        order statistic: over a wide span most of the bisection is done on bins, in a table.
        """
        if self._dense:
            return 0, 2 * (self._span - 1)
        low = self._bin * self._binned.kth(k)
        return low, low + 2 * (self._bin - 1)

    def _at_most(self, s: int) -> int:
        """Number of sums ≤ s: (Σᵥ h(v)·H(s − v) + H(⌊s/2⌋))/2, the diagonal being counted once; values from 0."""
        if s not in self._known:
            ordered = self._ordered_dense(s) if self._dense else self._ordered_sparse(s)
            diagonal = int(self._upto[np.searchsorted(self._offsets, s // 2, side="right")])
            self._known[s] = (ordered + diagonal) // 2
        return self._known[s]

    def _ordered_dense(self, s: int) -> int:
        """Σ h(v)·H(s − v) as one dot product of a slice with a reversed slice."""
        last = self._span - 1
        first, stop = max(0, s - last), min(last, s)
        partners = self._table_upto[s - stop : s - first + 1][::-1]
        # Every partner of a value below `first` keeps the sum within s.
        whole = int(self._table_upto[first - 1]) * int(self._table_upto[-1]) if first else 0
        return whole + int(np.dot(self._table[first : stop + 1], partners))

    def _ordered_sparse(self, s: int) -> int:
        """The same by binary search, for distinct values strewn over a wide span."""
        return int(np.dot(self._counts, self._upto[np.searchsorted(self._offsets, s - self._offsets, side="right")]))


def _binned(bins: IntArray, counts: IntArray) -> Histogram:
    """The histogram of bin numbers given in ascending order."""
    values, first = np.unique(bins, return_index=True)
    return Histogram(values, np.add.reduceat(counts, first))
