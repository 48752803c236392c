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
from scipy import optimize, stats

from lib.stats.proportions import normal_quantile
from lib.stats.results import Estimate, Interval, NotComputed, Test, check_confidence, t_quantile

EXACT_UP_TO = 50  # patients in all groups together
DRAWS = 100_000  # most arrangements that are all counted, and how many are drawn beyond
SEED = 20190401
_BLOCK = 10_000


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
    """Do several independent groups differ in order? H corrected for ties; `scipy.stats.kruskal`, R `kruskal.test`.

    Above 50 patients in all chi-square. Up to 50 all arrangements of the patients when there are at most 100,000 of
    them, else 100,000 drawn ones (PCG64, p = (1 + as extreme)/100,001): at 3 × 3 separated chi-square gives 0.027, the
    exact test 0.0036. Empty groups are left out. `NotComputed` when fewer than two remain or all values are equal.
    ValueError for NaN.
    """
    table = _table([group for group in groups if np.size(group)])
    absent = _no_ranks(table)
    if absent is not None:
        return absent
    found = stats.kruskal(*_ordered(table))
    df, n = table.shape[1] - 1, int(table.sum())
    name, h = "Kruskal–Wallis test", float(found.statistic)
    if n <= EXACT_UP_TO:
        p, method = _permuted(table)
        return Test(name, "H", h, (), p, method, n)
    return Test(name, "H", h, (float(df),), float(found.pvalue), "chi-square approximation with ties", n)


def _permuted(table: NDArray[np.int64]) -> tuple[float, str]:
    """p of Σ R²/n over arrangements of the patients, compared in whole numbers: doubled ranks, common denominator."""
    sizes = table.sum(axis=0).tolist()
    n = sum(sizes)
    doubled = np.repeat(np.rint(2 * _mid_ranks(table)).astype(np.int64), table.sum(axis=1))
    shared = math.lcm(*sizes)
    weights = np.array([shared // size for size in sizes], dtype=np.int64)
    sums = (np.rint(2 * _mid_ranks(table)).astype(np.int64)[:, None] * table).sum(axis=0)
    observed = int((sums**2 * weights).sum())
    arrangements = math.factorial(n) // math.prod(math.factorial(size) for size in sizes)
    if arrangements <= DRAWS:
        extreme = sum(
            ways * (value >= observed) for value, ways in _arrangements(doubled, sizes, weights.tolist()).items()
        )
        return extreme / arrangements, f"exact over {arrangements:,} arrangements"
    random = np.random.Generator(np.random.PCG64(SEED))
    ends = np.cumsum(sizes)[:-1]
    extreme = 0
    for start in range(0, DRAWS, _BLOCK):
        drawn = random.permuted(np.tile(doubled, (min(_BLOCK, DRAWS - start), 1)), axis=1)
        parts = np.add.reduceat(drawn, [0, *ends.tolist()], axis=1)
        extreme += int(((parts**2 * weights).sum(axis=1) >= observed).sum())
    return (1 + extreme) / (DRAWS + 1), f"{DRAWS:,} permutations, PCG64 seed {SEED}"


def _arrangements(doubled: NDArray[np.int64], sizes: list[int], weights: list[int]) -> dict[int, int]:
    """Σ R²/n (times the common denominator) → in how many arrangements; patient by patient over (places, sums)."""
    states: dict[tuple[tuple[int, int], ...], int] = {tuple((size, 0) for size in sizes): 1}
    for rank in doubled.tolist():
        grown: dict[tuple[tuple[int, int], ...], int] = {}
        for state, ways in states.items():
            for k, (left, total) in enumerate(state):
                if left:
                    after = (*state[:k], (left - 1, total + rank), *state[k + 1 :])
                    grown[after] = grown.get(after, 0) + ways
        states = grown
    found: dict[int, int] = {}
    for state, ways in states.items():
        value = sum(total * total * weight for (_, total), weight in zip(state, weights, strict=True))
        found[value] = found.get(value, 0) + ways
    return found


def cliffs_delta(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Estimate | NotComputed:
    """Share of pairs in which the second group's patient has the larger value minus the share with the smaller.

    From −1 to 1, positive when the second group is larger: 2U / (n₁n₂) − 1. Asymmetric interval from the consistent
    variance (Feng & Cliff 2004), t with n₁ + n₂ − 2 df; where the groups do not overlap, Newcombe's method 5. None with
    a group of one patient. `NotComputed` when a group is empty. ValueError for NaN.
    """
    table = _table((first, second))
    n1, n2 = (int(x) for x in table.sum(axis=0))
    if n1 == 0 or n2 == 0:
        return NotComputed("a group has no values", n1 + n2)
    check_confidence(confidence)
    delta = (_doubled_u(table) - n1 * n2) / (n1 * n2)
    if min(n1, n2) < 2:
        return Estimate("Cliff's delta", delta, NotComputed("a group has a single patient", n1 + n2))
    variance = _delta_variance(table, delta)
    if abs(delta) == 1 or variance <= 0:
        low, high = area_limits((delta + 1) / 2, n1, n2, confidence)
        return Estimate("Cliff's delta", delta, Interval(2 * low - 1, 2 * high - 1, confidence, NEWCOMBE_5))
    t = t_quantile(confidence, n1 + n2 - 2)
    half = t * math.sqrt(variance) * math.sqrt((1 - delta**2) ** 2 + t * t * variance)
    low, high = ((delta - delta**3 + side * half) / (1 - delta**2 + t * t * variance) for side in (-1, 1))
    return Estimate("Cliff's delta", delta, Interval(low, high, confidence, "Feng & Cliff, asymmetric"))


def _delta_variance(table: NDArray[np.int64], delta: float) -> float:
    """Cliff's consistent variance, from the row and column means of the signs dᵢⱼ of all pairs of patients."""
    first, second = table[:, 0].astype(float), table[:, 1].astype(float)
    n1, n2 = first.sum(), second.sum()
    of_first = (n2 - 2 * np.cumsum(second) + second) / n2
    of_second = (2 * np.cumsum(first) - first - n1) / n1
    s1 = float(first @ (of_first - delta) ** 2) / (n1 - 1)
    s2 = float(second @ (of_second - delta) ** 2) / (n2 - 1)
    around = n1 * n2 - float(first @ second) - n1 * n2 * delta**2
    return float(((n2 - 1) * s1 + (n1 - 1) * s2 + around / ((n1 - 1) * (n2 - 1))) / (n1 * n2))


NEWCOMBE_5 = "Newcombe, method 5"


def area_limits(area: float, first: int, second: int, confidence: float) -> tuple[float, float]:
    """Limits of an area under the ROC curve by its score: |θ − area| = z√V(θ) (Newcombe, Stat Med 2006;25:559, 5)."""
    z, m, n = normal_quantile(confidence), first, second

    def off(theta: float) -> float:
        variance = theta * (1 - theta) / (m * n)
        variance *= 1 + ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return abs(theta - area) - z * math.sqrt(max(variance, 0.0))

    low = 0.0 if area == 0 else float(optimize.brentq(off, 0.0, min(area, 1 - 1e-12), xtol=1e-15, rtol=1e-14))
    high = 1.0 if area == 1 else float(optimize.brentq(off, max(area, 1e-12), 1.0, xtol=1e-15, rtol=1e-14))
    return low, high


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
