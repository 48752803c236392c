import numpy as np
import pytest

from lib.stats.likert import LikertResult, median_levels, summarise, top_levels, whole_percents
from lib.stats.results import NotComputed


def test_counts_missing_and_dont_know_apart() -> None:
    result = summarise(np.array([4, 4, 3, 0, -1, -2, -2]), 5, agree_high=True)
    assert isinstance(result, LikertResult)
    assert (result.n, result.missing, result.dont_know) == (4, 1, 2)
    assert result.counts == (1, 0, 0, 1, 2)
    assert (result.top_two.count, result.top_two.n) == (3, 4)
    assert result.median == (3, 4)
    assert result.whole_percents == (25, 0, 0, 25, 50)


def test_direction_belongs_to_the_statement() -> None:
    result = summarise(np.array([4, 4, 3, 0]), 5, agree_high=False)
    assert isinstance(result, LikertResult)
    assert result.top_levels == (0, 1)
    assert result.top_two.count == 1


@pytest.mark.parametrize("codes", [[], [-1], [-1, -2, -2]])
def test_nobody_answered(codes: list[int]) -> None:
    assert summarise(np.array(codes, dtype=int), 5, agree_high=True) == NotComputed("nobody answered", 0)


def test_top_levels_of_short_scales() -> None:
    assert top_levels(2, agree_high=True) == (1,)
    assert top_levels(3, agree_high=False) == (0,)
    assert top_levels(4, agree_high=True) == (2, 3)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 0), (0,)),
        ((1, 1), (0, 1)),
        ((1, 0, 1), (0, 2)),
        ((2, 1), (0,)),
        ((0, 2, 2), (1, 2)),
        ((0, 0), ()),
        ((), ()),
    ],
)
def test_median(counts: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert median_levels(counts) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 1, 1), (34, 33, 33)),  # the tie goes to the earlier level
        ((3, 3, 18, 5), (11, 10, 62, 17)),  # by hand: 10.34, 10.34, 62.07, 17.24; 99 so far, the first .34 gets one
        ((0, 7, 0), (0, 100, 0)),
        ((0, 0), (0, 0)),
    ],
)
def test_whole_percents(counts: tuple[int, ...], expected: tuple[int, ...]) -> None:
    result = whole_percents(counts)
    assert sum(result) == (100 if sum(counts) else 0)
    assert result == expected


def test_errors() -> None:
    with pytest.raises(ValueError, match="at least two"):
        summarise(np.array([0]), 1, agree_high=True)
    for code in (-3, 5):
        with pytest.raises(ValueError, match="lies outside"):
            summarise(np.array([code]), 5, agree_high=True)
