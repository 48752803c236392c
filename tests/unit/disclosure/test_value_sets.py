"""How many sets of values fit what is printed: against all of them, for small columns."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import pytest

from lib.disclosure.value_sets import Shown, another_n_fits, half_up, nearest, sets_that_fit
from lib.settings import FEWEST_SETS, MOST_HIDDEN
from lib.stats.scores import Histogram

SCALE = np.arange(0, 11)


@cache
def every(n: int) -> np.ndarray:
    """All sets of n whole numbers from 0 to 10."""
    return np.array(list(combinations_with_replacement(range(11), n)))


def fits(values: np.ndarray, all_of: np.ndarray, decimals: int, *, quartiles: bool) -> np.ndarray:
    """Of all sets those that are printed like these values, by NumPy."""

    def printed(sets: np.ndarray) -> np.ndarray:
        rows = [sets.mean(axis=1), sets.std(axis=1, ddof=1)]
        if quartiles:
            rows += list(np.quantile(sets, [0.25, 0.5, 0.75], axis=1))
        return np.floor(np.array(rows) * 10**decimals + 0.5 + 1e-9)

    return all_of[(printed(all_of) == printed(values[None, :])).all(axis=0)]


def test_five_whole_numbers_are_read_from_their_mean_and_sd() -> None:
    values = np.array([6, 7, 8, 8, 10])
    shown = Shown(Decimal(1), 2, quartiles=False)
    assert shown.of(Histogram.of(values)) == (7.8, 1.48)
    assert fits(values, every(5), 2, quartiles=False).tolist() == [values.tolist()]
    (only,) = sets_that_fit(Histogram.of(values), shown, SCALE)
    assert only.expand().tolist() == values.tolist()


@pytest.mark.parametrize("quartiles", [True, False])
@pytest.mark.parametrize("n", [3, 5, 6])
def test_never_more_sets_than_there_are(n: int, quartiles: bool) -> None:
    rng = np.random.default_rng(n)
    shown = Shown(Decimal(1), 2, quartiles)
    for _ in range(15):
        values = np.sort(rng.integers(0, 11, n))
        true = {tuple(row) for row in fits(values, every(n), 2, quartiles=quartiles).tolist()}
        found = {tuple(one.expand().tolist()) for one in sets_that_fit(Histogram.of(values), shown, SCALE)}
        assert tuple(values.tolist()) in found
        assert found <= true
        assert len(found) <= FEWEST_SETS


def test_ten_patients_on_a_short_scale() -> None:
    rng = np.random.default_rng(1)
    missed = 0
    for decimals, quartiles in ((0, True), (1, False), (1, False), (1, True), (2, True)):
        values = np.sort(rng.integers(0, 11, 10))
        true = len(fits(values, every(10), decimals, quartiles=quartiles))
        found = len(sets_that_fit(Histogram.of(values), Shown(Decimal(1), decimals, quartiles), SCALE))
        assert found <= true
        missed += min(true, FEWEST_SETS) - found
    assert missed <= 2  # what the search misses is hidden


@pytest.mark.parametrize("values", [[4], [4, 4, 4], [0, 10] * 6, [3] * 30])
def test_equal_values_and_the_ends_of_the_scale(values: list[int]) -> None:
    (only,) = sets_that_fit(Histogram.of(np.array(values)), Shown(Decimal(1), 2), SCALE)
    assert sorted(values) == only.expand().tolist()


def test_only_possible_values_are_tried() -> None:
    possible = np.array([0, 100, 237, 555, 813, 1000])
    column = Histogram.of(np.repeat(possible, [3, 4, 5, 4, 6, 5]))
    for one in sets_that_fit(column, Shown(Decimal("0.001"), 2), possible):
        assert set(one.values.tolist()) <= set(possible.tolist())


def test_the_mean_may_tell_how_many_there_were() -> None:
    column = Histogram.of(np.array([6, 7, 7, 8, 8, 8, 8, 8, 9, 9]))
    assert not another_n_fits(column, Shown(Decimal(1), 3, quartiles=False), SCALE)
    assert another_n_fits(column, Shown(Decimal(1), 1, quartiles=False), SCALE)


def test_half_up_and_the_nearest_five() -> None:
    assert half_up(0.125, 2) == 0.13
    assert half_up(-0.125, 2) == -0.13
    assert [nearest(k) for k in (8, 12, 13, 17, 18)] == [10, 10, 15, 15, 20]
    assert nearest(MOST_HIDDEN + 1) == 10
