import numpy as np
import pytest

from lib.stats.ranks import cliffs_delta, kruskal_wallis, mann_whitney
from lib.stats.results import Estimate, Interval, NotComputed, Test


@pytest.mark.parametrize(("first", "second"), [([], []), ([], [1, 2]), ([1], [])])
def test_an_empty_group_is_no_test(first: list[int], second: list[int]) -> None:
    assert isinstance(mann_whitney(first, second), NotComputed)
    assert isinstance(cliffs_delta(first, second), NotComputed)


def test_all_equal_is_no_test() -> None:
    reason = "all values are equal, so there is nothing to test"
    assert mann_whitney([3, 3], [3]) == NotComputed(reason, 3)
    assert kruskal_wallis([[3, 3], [3], [3]]) == NotComputed(reason, 4)


def test_kruskal_leaves_empty_groups_out() -> None:
    assert kruskal_wallis([[1, 2, 2], [], [2, 3, 4]]) == kruskal_wallis([[1, 2, 2], [2, 3, 4]])
    assert isinstance(kruskal_wallis([]), NotComputed)
    assert isinstance(kruskal_wallis([[1, 2]]), NotComputed)


def test_one_against_one() -> None:
    result = mann_whitney([1], [2])
    assert isinstance(result, Test)
    assert (result.statistic, result.p) == (1.0, 1.0)


def test_groups_apart_have_the_interval_of_newcombe() -> None:
    result = cliffs_delta([1, 2], [3, 4])
    assert isinstance(result, Estimate)
    assert result.value == 1
    assert isinstance(result.interval, Interval)
    assert (result.interval.high, result.interval.method) == (1.0, "Newcombe, method 5")
    lone = cliffs_delta([1], [3, 4])
    assert isinstance(lone, Estimate)
    assert isinstance(lone.interval, NotComputed)


def test_three_by_three_apart_is_exact() -> None:
    # of 9!/(3!)³ = 1,680 arrangements 6 are as extreme
    found = kruskal_wallis([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert isinstance(found, Test)
    assert found.p == 6 / 1680
    assert found.method == "exact over 1,680 arrangements"


def test_more_arrangements_are_drawn_with_a_seed() -> None:
    groups = [range(12), range(5, 17), range(3, 20)]
    found = kruskal_wallis(groups)
    assert isinstance(found, Test)
    assert found == kruskal_wallis(groups)
    assert found.method.startswith("100,000 permutations")


def test_the_normal_approximation_starts_above_fifty() -> None:
    fifty, more = mann_whitney(range(25), range(25)), mann_whitney(range(25), range(26))
    assert isinstance(fifty, Test)
    assert isinstance(more, Test)
    assert fifty.method == "exact, ties included"
    assert more.method.startswith("normal approximation")


def test_nan_is_an_error() -> None:
    with pytest.raises(ValueError, match="NaN cannot be ranked"):
        mann_whitney(np.array([1.0, np.nan]), np.array([2.0]))


def test_widely_spread_values_are_ranked_alike() -> None:
    near, far = [1, 2, 2, 5], [2, 5, 7]
    wide = [x * 10**9 for x in near], [x * 10**9 for x in far]
    assert mann_whitney(near, far) == mann_whitney(*wide)


def test_a_million_answers() -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    first, second = generator.integers(0, 11, 500_000), generator.integers(0, 11, 500_000)
    result, delta = mann_whitney(first, second), cliffs_delta(first, second)
    assert isinstance(result, Test)
    assert isinstance(delta, Estimate)
    assert isinstance(delta.interval, Interval)
    assert result.statistic == pytest.approx((delta.value + 1) / 2 * 500_000**2)
