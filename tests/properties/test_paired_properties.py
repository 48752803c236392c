"""What must hold for any pairs: mirrored occasions, shuffled rows, brute force and enumeration."""

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.hodges_lehmann import hodges_lehmann, interval_rank
from lib.stats.paired import PairedResult, compare_paired
from lib.stats.paired_tests import sign_distribution, signed_rank
from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.scores import Histogram

ONE = Decimal(1)
# Whole scales full of ties and zeros, and spans wide enough for the sparse path.
scores = st.one_of(st.integers(0, 10), st.integers(-742, 10_000), st.integers(-(10**9), 10**9))
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=70)
coarse_pairs = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=3, max_size=70)
either_pairs = st.one_of(pairs, coarse_pairs)


def _compare(rows: list[tuple[int, int]], resolution: Decimal = ONE) -> PairedResult:
    counts = np.array(rows, dtype=np.int64)
    result = compare_paired(counts[:, 0], counts[:, 1], resolution)
    assert isinstance(result, PairedResult)
    return result


def _assert_mirrored(one: Estimate, other: Estimate, rel: float = 1e-12) -> None:
    assert one.value == pytest.approx(-other.value, rel=rel)
    assert isinstance(one.interval, Interval) == isinstance(other.interval, Interval)
    if isinstance(one.interval, Interval) and isinstance(other.interval, Interval):
        limits = (-other.interval.high, -other.interval.low)
        assert (one.interval.low, one.interval.high) == pytest.approx(limits, rel=rel, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(either_pairs)
def test_swapping_the_time_points_negates_the_change_and_keeps_p(rows: list[tuple[int, int]]) -> None:
    forward, backward = _compare(rows), _compare([(after, before) for before, after in rows])
    _assert_mirrored(forward.mean_change, backward.mean_change)
    _assert_mirrored(forward.hodges_lehmann, backward.hodges_lehmann, rel=0)
    assert (forward.quality, forward.n, forward.zeros, forward.ties) == (
        backward.quality,
        backward.n,
        backward.zeros,
        backward.ties,
    )
    if isinstance(forward.t_test, Test) and isinstance(backward.t_test, Test):
        # scipy sums in the order of the arguments: equal to the last digit but one
        assert forward.t_test.p == pytest.approx(backward.t_test.p, rel=1e-12)
        assert forward.t_test.statistic == pytest.approx(-backward.t_test.statistic, rel=1e-12)
    if not isinstance(forward.wilcoxon, NotComputed) and not isinstance(backward.wilcoxon, NotComputed):
        assert forward.wilcoxon.test.p == pytest.approx(backward.wilcoxon.test.p, rel=1e-12)
        assert forward.wilcoxon.t_plus == backward.wilcoxon.t_minus
        _assert_mirrored(forward.wilcoxon.rank_biserial, backward.wilcoxon.rank_biserial)
    symmetric = {"d_z", "d_av", "g_z"}
    for one, other in zip(
        [e for e in forward.effects if e.name in symmetric],
        [e for e in backward.effects if e.name in symmetric],
        strict=True,
    ):
        _assert_mirrored(one, other)


@settings(max_examples=40, deadline=None)
@given(either_pairs, st.randoms(use_true_random=False))
def test_row_order_is_irrelevant(rows: list[tuple[int, int]], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert _compare(rows) == _compare(shuffled)


@settings(max_examples=60, deadline=None)
@given(either_pairs)
def test_estimates_lie_within_the_data(rows: list[tuple[int, int]]) -> None:
    result = _compare(rows, Decimal("0.1"))
    for value in (result.hodges_lehmann.value, result.mean_change.value, result.change.median):
        assert result.change.minimum <= value <= result.change.maximum
    for summary in (result.baseline, result.follow_up, result.change):
        assert summary.minimum <= summary.q1 <= summary.median <= summary.q3 <= summary.maximum
    if isinstance(result.hodges_lehmann.interval, Interval):
        assert result.change.minimum <= result.hodges_lehmann.interval.low <= result.hodges_lehmann.value
        assert result.hodges_lehmann.value <= result.hodges_lehmann.interval.high <= result.change.maximum


@settings(max_examples=60, deadline=None)
@given(either_pairs)
def test_summaries_agree_with_numpy(rows: list[tuple[int, int]]) -> None:
    result, columns = _compare(rows), np.array(rows, dtype=float)
    for summary, column in ((result.baseline, columns[:, 0]), (result.change, columns[:, 1] - columns[:, 0])):
        assert summary.mean == pytest.approx(column.mean(), rel=1e-9, abs=1e-6)
        quartiles = np.quantile(column, [0.25, 0.5, 0.75])
        assert (summary.q1, summary.median, summary.q3) == pytest.approx(tuple(quartiles), rel=1e-12)
        if column.size > 1:
            assert summary.sd == pytest.approx(column.std(ddof=1), rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.lists(scores, min_size=3, max_size=60), st.sampled_from([0.8, 0.95, 0.99]))
def test_hodges_lehmann_is_the_brute_force(changes: list[int], confidence: float) -> None:
    data = np.array(changes, dtype=np.int64)
    first, second = np.triu_indices(data.size)
    walsh = np.sort(data[first] + data[second]) / 2
    estimate = hodges_lehmann(Histogram.of(data), ONE, confidence)
    assert estimate.value == np.median(walsh)
    k = interval_rank(data.size, confidence)
    if isinstance(estimate.interval, Interval):
        assert (estimate.interval.low, estimate.interval.high) == (walsh[k - 1], walsh[-k])
    else:
        assert k < 1 or np.unique(data).size == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-6, 6), min_size=3, max_size=12))
def test_exact_p_is_the_enumeration_of_all_signs(changes: list[int]) -> None:
    data = np.array(changes, dtype=np.int64)
    result = signed_rank(Histogram.of(data), 0.95)
    if isinstance(result, NotComputed):
        assert np.unique(data).size == 1
        return
    kept = np.abs(data[data != 0])
    ranks = np.array([(kept < size).sum() + ((kept == size).sum() + 1) / 2 for size in kept])
    sums = np.array(list(itertools.product([0, 1], repeat=kept.size))) @ ranks
    t_plus = ranks[data[data != 0] > 0].sum()
    assert result.t_plus == t_plus
    assert result.t_plus + result.t_minus == ranks.sum()
    assert result.test.p == min(1.0, 2 * np.mean(sums <= min(t_plus, ranks.sum() - t_plus)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 100), max_size=50))
def test_sign_distribution_is_complete_and_symmetric(ranks: list[int]) -> None:
    patterns = sign_distribution(np.array(ranks, dtype=np.int64))
    assert int(patterns.sum()) == 2 ** len(ranks)
    assert (patterns == patterns[::-1]).all()
