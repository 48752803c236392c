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


def test_groups_apart_have_a_delta_without_interval() -> None:
    result = cliffs_delta([1, 2], [3, 4])
    assert isinstance(result, Estimate)
    assert result.value == 1
    assert isinstance(result.interval, NotComputed)


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
