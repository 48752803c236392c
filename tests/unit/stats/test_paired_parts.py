"""The pieces of the paired comparison by themselves: exact p by hand, interval ranks, noncentral limits, Hedges' J."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lib.stats.effect_sizes import noncentrality_limits, small_sample_factor
from lib.stats.hodges_lehmann import hodges_lehmann, interval_rank
from lib.stats.paired_tests import rank_biserial_score, shapiro_wilk, sign_distribution, signed_rank
from lib.stats.results import Interval, NotComputed, Test
from lib.stats.scores import Histogram


def _histogram(values: list[int]) -> Histogram:
    return Histogram.of(np.array(values, dtype=np.int64))


def test_exact_p_by_hand() -> None:
    # |d| = 1, 2, 2, 4 with ranks 1, 2.5, 2.5, 4; T− = 1; sign patterns with sum ≤ 1: {} and {1}, so p = 2·2/16.
    result = signed_rank(_histogram([-1, 2, 2, 4, 0]), 0.95)
    assert not isinstance(result, NotComputed)
    assert (result.t_plus, result.t_minus, result.test.p) == (9.0, 1.0, 0.25)
    assert (result.n_zero, result.n_used, result.has_ties) == (1, 4, True)
    assert result.rank_biserial.value == 0.8


def test_exact_p_never_exceeds_one() -> None:
    result = signed_rank(_histogram([-1, 1, 0]), 0.95)
    assert not isinstance(result, NotComputed)
    assert result.test.p == 1.0


def test_one_sided_differences_have_the_score_interval() -> None:
    result = signed_rank(_histogram([1, 2, 3]), 0.95)
    assert not isinstance(result, NotComputed)
    assert result.rank_biserial.value == 1.0
    assert isinstance(result.rank_biserial.interval, Interval)
    assert result.rank_biserial.interval.method == "score, normal shift"
    assert result.rank_biserial.interval.high == 1
    two = signed_rank(_histogram([1, 2, 0]), 0.95)
    assert not isinstance(two, NotComputed)
    assert two.rank_biserial.interval == NotComputed("2 changed; at least 3 are needed", 2)


@pytest.mark.parametrize(
    ("r", "n", "low", "high"),
    [(1, 9, 0.328972791, 1), (1, 29, 0.7719874718, 1), (0.4, 29, -0.01700202823, 0.69094794115)],
)
def test_score_interval_of_the_contract(r: float, n: int, low: float, high: float) -> None:
    found = rank_biserial_score(r, n, 0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    turned = rank_biserial_score(-r, n, 0.95)
    assert (turned.low, turned.high) == (-found.high, -found.low)


@pytest.mark.parametrize(("n_used", "statistic"), [(50, "T+"), (51, "z")])
def test_exact_up_to_fifty_used_differences(n_used: int, statistic: str) -> None:
    result = signed_rank(_histogram([*range(1, n_used), -3, *[0] * 20]), 0.95)
    assert not isinstance(result, NotComputed)
    assert (result.n_used, result.test.statistic_name) == (n_used, statistic)


def test_sign_distribution_of_nothing_is_one_empty_pattern() -> None:
    assert sign_distribution(np.array([], dtype=np.int64)).tolist() == [1]


@pytest.mark.parametrize(
    ("n", "confidence", "k"),
    # R 4.2.2: qsignrank((1 - confidence) / 2, n); 0.9375 puts α/2 = 1/32 exactly on a step of n = 5.
    [
        (3, 0.95, 0),
        (5, 0.95, 0),
        (6, 0.95, 1),
        (10, 0.95, 9),
        (29, 0.95, 127),
        (50, 0.95, 435),
        (5, 0.9375, 0),
        (5, 0.9, 1),
    ],
)
def test_interval_rank_is_qsignrank(n: int, confidence: float, k: int) -> None:
    assert interval_rank(n, confidence) == k


def test_hodges_lehmann_on_five_pairs_has_no_interval() -> None:
    estimate = hodges_lehmann(_histogram([1, 2, 3, 4, 9]), Decimal(1), 0.95)
    assert estimate.interval == NotComputed("5 pairs are too few for a 95% interval", 5)
    assert estimate.value == 3.0  # the eighth of 1 1.5 2 2 2.5 2.5 3 | 3 | 3.5 4 5 5.5 6 6.5 9


def test_hodges_lehmann_keeps_zeros_and_mirrors() -> None:
    # STATISTICS.md 2.5: dropping zeros inflates; swapping the occasions must only change the sign.
    changes = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 4]
    up, down = (hodges_lehmann(_histogram([sign * d for d in changes]), Decimal(1), 0.95) for sign in (1, -1))
    assert up.value == -down.value == 1.0
    assert isinstance(up.interval, Interval)
    assert isinstance(down.interval, Interval)
    assert (up.interval.low, up.interval.high) == (-down.interval.high, -down.interval.low)


def test_noncentral_limits_cover_the_extremes() -> None:
    # Far out T/δ is distributed as 1/S, S = √(χ²/ν), so the limits approach t·√(χ² quantile/ν).
    # qchisq(c(0.025, 0.975), 2) = -2*log(c(0.975, 0.025)) exactly.
    low, high = noncentrality_limits(1e9, 2, 0.95)
    assert low == pytest.approx(1e9 * math.sqrt(-math.log(0.975)), rel=1e-8)
    assert high == pytest.approx(1e9 * math.sqrt(-math.log(0.025)), rel=1e-8)
    # At t = 0, P(T ≤ 0) = Φ(−δ) whatever the degrees of freedom: ±1.959963984540054 (R qnorm(0.975)).
    for df in (2, 28, 999_999):
        assert noncentrality_limits(0.0, df, 0.95) == pytest.approx((-1.959963984540054, 1.959963984540054), rel=1e-12)


def test_noncentral_limits_approach_the_normal_and_mirror() -> None:
    low, high = noncentrality_limits(3.0, 1e10, 0.95)
    assert (low, high) == pytest.approx((3 - 1.959963984540054, 3 + 1.959963984540054), rel=1e-8)
    assert noncentrality_limits(-3.0, 12, 0.95) == tuple(
        -limit for limit in reversed(noncentrality_limits(3.0, 12, 0.95))
    )


@pytest.mark.parametrize("confidence", [0.01, 0.5, 0.999, 1 - 1e-15])
@pytest.mark.parametrize(
    ("t", "df"), [(0.3, 2), (2.1, 2), (12.0, 71), (11.9, 71), (900.0, 1_000_000), (1e13, 1_000_000)]
)
def test_noncentral_limits_exist_at_any_level(t: float, df: int, confidence: float) -> None:
    low, high = noncentrality_limits(t, df, confidence)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high


def test_both_integrals_agree_where_they_meet() -> None:
    # t² = 2·df is where the method changes; the limits must not jump.
    for df in (2, 9, 100, 10_000):
        edge = math.sqrt(2 * df)
        below, above = (
            noncentrality_limits(edge * (1 - 1e-12), df, 0.95),
            noncentrality_limits(edge * (1 + 1e-12), df, 0.95),
        )
        assert below == pytest.approx(above, rel=1e-10)


@pytest.mark.parametrize(
    ("df", "j"),
    # Closed forms: J(2) = 1/√π, J(3) = √(2/3)·Γ(3/2)/Γ(1) = √(2/3)·√π/2, J(4) = Γ(2)/(√2·Γ(3/2)) = √(2/π).
    [(2, 1 / math.sqrt(math.pi)), (3, math.sqrt(2 / 3) * math.sqrt(math.pi) / 2), (4, math.sqrt(2 / math.pi))],
)
def test_hedges_factor(df: int, j: float) -> None:
    assert small_sample_factor(df) == pytest.approx(j, rel=1e-14)


def test_hedges_factor_is_smooth_where_the_series_takes_over() -> None:
    # Γ(m/2) = (m/2 − 1)·Γ(m/2 − 1), so J(m)·J(m − 1) = (m/2 − 1)/√(m(m − 1)/4).
    for df in (4, 200, 201, 202, 1_000_000):
        product = small_sample_factor(df) * small_sample_factor(df - 1)
        assert product == pytest.approx((df / 2 - 1) / math.sqrt(df * (df - 1) / 4), rel=1e-12)


def test_shapiro_limits() -> None:
    assert isinstance(shapiro_wilk(_histogram([1, 2])), NotComputed)
    assert isinstance(shapiro_wilk(_histogram([2, 2, 2, 2])), NotComputed)
    # STATISTICS.md 2.2: at n = 3 a single tie makes p zero.
    tie = shapiro_wilk(_histogram([1, 1, 2]))
    assert isinstance(tie, Test)
    assert 0 <= tie.p < 1e-6
    assert tie.statistic == pytest.approx(0.75, rel=1e-8)


def test_histogram_counts_the_same_by_table_and_by_sorting() -> None:
    narrow = _histogram([3, -1, 3, 7])
    wide = _histogram([3_000_000, -1_000_000, 3_000_000, 7_000_000])
    assert narrow.counts.tolist() == wide.counts.tolist() == [1, 2, 1]
    assert (narrow.values * 1_000_000).tolist() == wide.values.tolist()
    assert narrow.expand().tolist() == [-1, 3, 3, 7]
    assert narrow.variance == Fraction(32, 3)
    assert wide.variance == Fraction(32, 3) * 10**12
