"""Student's t for one column of whole counts: the interval of a mean, and the test of a mean change against zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy import stats

from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.scores import FloatArray, Histogram, IntArray


def mean_interval(histogram: Histogram, resolution: Decimal, confidence: float) -> Interval | NotComputed:
    """Interval of a mean in score units, `scipy.stats.ttest_1samp` (R `t.test(x)$conf.int`).

    Not computed below 3 values or when all values are equal.
    """
    n = histogram.n
    if n < 3:
        return NotComputed(f"{n} {'value' if n == 1 else 'values'}; at least 3 are needed", n)
    if histogram.is_constant:
        return NotComputed(f"all {n} values are equal", n)
    low, high = stats.ttest_1samp(_from_minimum(histogram), 0).confidence_interval(confidence)
    step, least = float(resolution), histogram.minimum
    return Interval(float(low + least) * step, float(high + least) * step, confidence, "t")


def _from_minimum(histogram: Histogram) -> FloatArray:
    """The values counted from the smallest: the floats stay exact however far from zero the values lie."""
    return (histogram.expand() - histogram.minimum).astype(np.float64)


def t_statistic(change: Histogram) -> float:
    """t = mean / (SD/√n) of differences that are not all equal; unit-free, positive when scores rose."""
    size = math.sqrt(change.mean**2 * change.n / change.variance)
    return math.copysign(size, change.total)


def paired_t(change: Histogram) -> Test | NotComputed:
    """Paired t test, `scipy.stats.ttest_1samp` of the differences against 0, which is `ttest_rel` of the pairs.

    R `t.test(follow_up, baseline, paired = TRUE)`; df = n − 1. Not computed below 3 pairs or when all differences are
    equal.
    """
    absent = no_inference(change)
    if absent:
        return absent
    found = stats.ttest_1samp(_from_minimum(change), -change.minimum)
    return Test(
        "paired t test", "t", float(found.statistic), (float(found.df),), float(found.pvalue), "Student's t", change.n
    )


def no_inference(change: Histogram) -> NotComputed | None:
    """Why a column of differences allows no test or interval at all, or None when it does."""
    n = change.n
    if n < 3:
        return NotComputed(f"{n} {'pair' if n == 1 else 'pairs'}; at least 3 are needed", n)
    if change.is_constant:
        return NotComputed(f"all {n} differences are equal", n)
    return None


# Shapiro–Wilk test of normality.

# Royston's p value is not valid above (R refuses there, SciPy warns).
MOST_VALUES = 5_000


def shapiro_wilk(change: Histogram) -> Test | NotComputed:
    """Shapiro–Wilk on 3 to 5,000 differences that are not all equal, `scipy.stats.shapiro` (R `shapiro.test`).

    W does not depend on the unit, so it is computed on the counts themselves. Agrees with R to 1e-8 in W and 1e-6
    in p. At n = 3 a single tie makes p zero: see the rule for 3–9 pairs in `paired.compare_paired`.
    """
    absent = no_inference(change)
    if absent:
        return absent
    if change.n > MOST_VALUES:
        return NotComputed(
            f"{change.n} differences; the p value of Shapiro–Wilk is not valid above {MOST_VALUES}", change.n
        )
    w, p = stats.shapiro(_from_minimum(change))
    # SciPy's polynomials can leave 0 to 1 by a rounding error.
    return Test("Shapiro–Wilk", "W", min(float(w), 1.0), (), min(max(float(p), 0.0), 1.0), "Royston 1995", change.n)


# Wilcoxon's signed-rank test with ties and zeros, from the histogram of the differences. Own code: the exact method of
# `scipy.stats.wilcoxon` passes over ties (0.0655 for R's 0.0609 on whole-number scores).

# 2^50 sign patterns are still counted exactly in int64 and divided exactly as floats.
MOST_EXACT = 50


@dataclass(frozen=True, slots=True)
class WilcoxonResult:
    """The signed-rank test and what it was computed from.

    Attributes:
        test: statistic "T+" for the exact p value, "z" for the normal approximation.
        n_zero: differences of zero, dropped as SPSS does.
        n_used: differences left, n′.
        has_ties: whether two of the differences left are equally large.
        t_plus: sum of the mid-ranks of the positive differences (R's V).
        t_minus: sum of the mid-ranks of the negative differences.
        rank_biserial: (T+ − T−)/(T+ + T−), positive when scores rose.
    """

    test: Test
    n_zero: int
    n_used: int
    has_ties: bool
    t_plus: float
    t_minus: float
    rank_biserial: Estimate


@dataclass(frozen=True)
class _Ranks:
    """Sizes of the non-zero differences: how many there are of each, and of those how many are positive."""

    size_counts: IntArray
    positive: IntArray

    @property
    def n(self) -> int:
        return int(self.size_counts.sum())

    @property
    def tied(self) -> bool:
        return bool((self.size_counts > 1).any())

    @property
    def doubled(self) -> IntArray:
        """Twice the mid-rank of each size: whole numbers."""
        last = np.cumsum(self.size_counts)
        return 2 * last - self.size_counts + 1

    @property
    def doubled_t_plus(self) -> int:
        return int((self.positive * self.doubled).sum())

    @property
    def sum_of_squares(self) -> float:
        """Σr² by its closed form, n(n+1)(2n+1)/6 − Σ(t³ − t)/12 over groups of t ties; exact in Python integers."""
        n = self.n
        sizes, how_often = np.unique(self.size_counts, return_counts=True)
        ties: int = sum((t**3 - t) * k for t, k in zip(sizes.tolist(), how_often.tolist(), strict=True))
        return (2 * n * (n + 1) * (2 * n + 1) - ties) / 12


def signed_rank(change: Histogram, confidence: float) -> WilcoxonResult | NotComputed:
    """Wilcoxon signed-rank test of differences (in counts), zeros dropped, ties at mid-ranks, two-sided.

    Up to 50 non-zero differences p is exact, conditional on the ties: p = min(1, 2·P(T ≤ min(T+, T−))), R
    `exactRankTests::wilcox.exact(x, exact = TRUE)`. Above, z without continuity correction,
    `coin::wilcoxsign_test(zero.method = "Wilcoxon")`. The rank-biserial correlation (Kerby 2014) has the interval of
    `effectsize::rank_biserial`. Not computed below 3 pairs or when all differences are equal.
    """
    absent = no_inference(change)
    if absent:
        return absent
    ranks = _rank(change)
    n = ranks.n
    doubled_plus = ranks.doubled_t_plus
    doubled_minus = n * (n + 1) - doubled_plus
    return WilcoxonResult(
        test=_exact(ranks, doubled_plus, doubled_minus) if n <= MOST_EXACT else _normal(ranks, doubled_plus),
        n_zero=change.n - n,
        n_used=n,
        has_ties=ranks.tied,
        t_plus=doubled_plus / 2,
        t_minus=doubled_minus / 2,
        rank_biserial=_rank_biserial(doubled_plus - doubled_minus, n, confidence),
    )


def has_ties(change: Histogram) -> bool:
    """Whether two non-zero differences are equally large, whatever their sign."""
    return _rank(change).tied


def sign_distribution(ranks: IntArray) -> IntArray:
    """How many of the 2^n sign patterns give each sum 0, 1, …, Σranks of the ranks taken as positive (n ≤ 62)."""
    patterns = np.zeros(int(ranks.sum()) + 1, dtype=np.int64)
    patterns[0] = 1
    for rank in ranks.tolist():
        with_rank = patterns.copy()
        with_rank[rank:] += patterns[: patterns.size - rank]
        patterns = with_rank
    return patterns


def _rank(change: Histogram) -> _Ranks:
    kept = change.values != 0
    values, counts = change.values[kept], change.counts[kept]
    sizes, place = np.unique(np.abs(values), return_inverse=True)
    size_counts = np.zeros(sizes.size, dtype=np.int64)
    positive = np.zeros(sizes.size, dtype=np.int64)
    np.add.at(size_counts, place, counts)
    np.add.at(positive, place[values > 0], counts[values > 0])
    return _Ranks(size_counts, positive)


def _exact(ranks: _Ranks, doubled_plus: int, doubled_minus: int) -> Test:
    n = ranks.n
    patterns = sign_distribution(np.repeat(ranks.doubled, ranks.size_counts))
    tail = int(patterns[: min(doubled_plus, doubled_minus) + 1].sum())
    p = min(1.0, 2 * tail / 2**n)
    return Test("Wilcoxon signed-rank test", "T+", doubled_plus / 2, (), p, "exact, ties included", n)


def _normal(ranks: _Ranks, doubled_plus: int) -> Test:
    from scipy.special import ndtr

    n = ranks.n
    z = (doubled_plus / 2 - n * (n + 1) / 4) / math.sqrt(ranks.sum_of_squares / 4)
    p = 2 * float(ndtr(-abs(z)))
    return Test("Wilcoxon signed-rank test", "z", z, (), p, "normal approximation, no continuity correction", n)


def _rank_biserial(doubled_difference: int, n: int, confidence: float) -> Estimate:
    from scipy.special import ndtri

    name = "rank-biserial"
    r = doubled_difference / (n * (n + 1))
    if abs(r) == 1:
        return Estimate(name, r, NotComputed("every difference has the same sign", n))
    se = math.sqrt(n * (n + 1) * (2 * n + 1) / 6) / (n * (n + 1) / 2)
    half = -float(ndtri((1 - confidence) / 2)) * se
    centre = math.atanh(r)
    return Estimate(name, r, Interval(math.tanh(centre - half), math.tanh(centre + half), confidence, "Fisher z"))
