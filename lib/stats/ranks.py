"""Ordered answers or skewed numbers between groups: Mann–Whitney, Kruskal–Wallis, Cliff's delta.

All of them depend only on how many patients of each group hold each distinct value, so they work on that table:
a million patients on an eleven-level scale are a table of eleven rows. Give whole counts where a scale has a
resolution; ties are decided by exact equality.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from lib.stats.proportions import normal_quantile
from lib.stats.results import Estimate, Interval, NotComputed, Test

EXACT_UP_TO = 50  # patients in both groups together


def mann_whitney(first: ArrayLike, second: ArrayLike) -> Test | NotComputed:
    """Do two independent groups differ in order? Two-sided.

    U counts the pairs in which the patient of the second group has the larger value, ties as a half. Up to 50
    patients in all: exact conditional distribution, ties included, P(|T − E| ≥ |t − E|); R
    `exactRankTests::wilcox.exact(second, first, exact = TRUE)`. Above: normal approximation with ties and without
    continuity correction; R `wilcox.test(exact = FALSE, correct = FALSE)`. `NotComputed` when a group is empty or all
    values are equal. ValueError for NaN. The exact part is own code: SciPy's passes over ties (0.206 for R's 0.198).
    """
    table = _table((first, second))
    absent = _no_ranks(table)
    if absent is not None:
        return absent
    n1, n2 = (int(x) for x in table.sum(axis=0))
    u = _doubled_u(table) / 2
    if n1 + n2 <= EXACT_UP_TO:
        return Test("Mann–Whitney test", "U", u, (), _exact_p(table), "exact, ties included", n1 + n2)
    one, two = _ordered(table)
    found = stats.mannwhitneyu(two, one, use_continuity=False, method="asymptotic")
    method = "normal approximation with ties, no continuity correction"
    return Test("Mann–Whitney test", "U", u, (), float(found.pvalue), method, n1 + n2)


def kruskal_wallis(groups: Sequence[ArrayLike]) -> Test | NotComputed:
    """Do several independent groups differ in order? H corrected for ties, chi-square; R `kruskal.test`.

    Empty groups are left out. `NotComputed` when fewer than two remain or all values are equal. ValueError for NaN.
    """
    table = _table([group for group in groups if np.size(group)])
    absent = _no_ranks(table)
    if absent is not None:
        return absent
    found = stats.kruskal(*_ordered(table))
    df, n = table.shape[1] - 1, int(table.sum())
    method = "chi-square approximation with ties"
    return Test("Kruskal–Wallis test", "H", float(found.statistic), (float(df),), float(found.pvalue), method, n)


def cliffs_delta(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Estimate | NotComputed:
    """Share of pairs in which the second group's patient has the larger value minus the share with the smaller.

    From −1 to 1, positive when the second group is larger: 2U / (n₁n₂) − 1. Interval tanh(atanh δ ± z·√((n₁ + n₂ + 1) /
    (3n₁n₂))), the form `effectsize::rank_biserial` uses for two groups; none at ±1. `NotComputed` when a group is
    empty. ValueError for NaN.
    """
    table = _table((first, second))
    n1, n2 = (int(x) for x in table.sum(axis=0))
    if n1 == 0 or n2 == 0:
        return NotComputed("a group has no values", n1 + n2)
    z = normal_quantile(confidence)
    delta = (_doubled_u(table) - n1 * n2) / (n1 * n2)
    if abs(delta) == 1:
        return Estimate(
            "Cliff's delta", delta, NotComputed("the groups do not overlap, so there is no interval", n1 + n2)
        )
    half = z * math.sqrt((n1 + n2 + 1) / (3 * n1 * n2))
    low, high = math.tanh(math.atanh(delta) - half), math.tanh(math.atanh(delta) + half)
    return Estimate("Cliff's delta", delta, Interval(low, high, confidence, "Fisher z of the rank-biserial"))


def _table(groups: Sequence[ArrayLike]) -> NDArray[np.int64]:
    """Distinct values in ascending order (rows) by group (columns): number of patients."""
    arrays = [np.asarray(group).ravel() for group in groups]
    if not arrays:
        return np.zeros((0, 0), dtype=np.int64)
    pooled = np.concatenate(arrays)
    if pooled.dtype.kind == "f" and np.isnan(pooled).any():
        raise ValueError("NaN cannot be ranked; leave patients without a value out")
    codes, size = _value_codes(pooled)
    table = np.zeros((size, len(arrays)), dtype=np.int64)
    start = 0
    for column, array in enumerate(arrays):
        table[:, column] = np.bincount(codes[start : start + array.size], minlength=size)
        start += array.size
    return table[table.any(axis=1)]


def _value_codes(pooled: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Ordered codes of the values and how many there may be; without sorting when whole numbers lie close."""
    if pooled.size and pooled.dtype.kind in "iu":
        low, high = int(pooled.min()), int(pooled.max())
        if high - low <= 100_000:
            return pooled.astype(np.int64) - low, high - low + 1
    values, codes = np.unique(pooled, return_inverse=True)
    return codes.astype(np.int64), values.size


def _ordered(table: NDArray[np.int64]) -> list[NDArray[np.int32]]:
    """The groups as codes of their values, in ascending order: tests on ranks need no more."""
    codes = np.arange(table.shape[0], dtype=np.int32)
    return [np.repeat(codes, column) for column in table.T]


def _no_ranks(table: NDArray[np.int64]) -> NotComputed | None:
    n = int(table.sum())
    if table.shape[1] < 2 or not table.any(axis=0).all():
        return NotComputed("fewer than two groups have values", n)
    if table.shape[0] < 2:
        return NotComputed("all values are equal, so there is nothing to test", n)
    return None


def _doubled_u(table: NDArray[np.int64]) -> int:
    """2U of the second group: twice the pairs where it is larger, plus the ties. Whole, so exact below 2⁶³."""
    first, second = table[:, 0], table[:, 1]
    below = np.cumsum(first) - first
    return int((second * (2 * below + first)).sum())


def _mid_ranks(table: NDArray[np.int64]) -> NDArray[np.float64]:
    held = table.sum(axis=1)
    ranks: NDArray[np.float64] = np.cumsum(held) - (held - 1) / 2
    return ranks


def _exact_p(table: NDArray[np.int64]) -> float:
    """P(|T − E| ≥ |t − E|) over all ways to draw the second group, counted in whole numbers.

    Counts stay below C(50, 25) = 1.3e14, so 64-bit integers are exact.
    """
    n, chosen = int(table.sum()), int(table[:, 1].sum())
    doubled = np.rint(2 * _mid_ranks(table)).astype(np.int64)
    ways = np.zeros((chosen + 1, int((doubled * table.sum(axis=1)).sum()) + 1), dtype=np.int64)
    ways[0, 0] = 1
    for rank in np.repeat(doubled, table.sum(axis=1)):
        # The right side is read before it is written: each patient is drawn at most once.
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    observed = int((doubled * table[:, 1]).sum())
    distance = np.abs(np.arange(ways.shape[1]) - chosen * (n + 1))
    extreme = int(ways[chosen, distance >= abs(observed - chosen * (n + 1))].sum())
    return extreme / math.comb(n, chosen)
