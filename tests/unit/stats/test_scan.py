"""The lowest run of periods: by trying all of them, and the edges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.events import Run, lowest_run
from lib.stats.results import NotComputed


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [([], []), ([3], [5]), ([0, 0], [0, 0]), ([2, 2], [4, 4]), ([5, 5], [5, 5]), ([0, 0], [5, 5])],
)
def test_without_a_lower_run_there_is_none(counts: list[int], sizes: list[int]) -> None:
    assert isinstance(lowest_run(counts, sizes), NotComputed)


def test_a_gap_between_full_months_is_found() -> None:
    assert lowest_run([5, 5, 0, 1, 5], [5, 5, 4, 6, 5]) == Run(2, 3, 1, 10, 15, 15)


def test_a_run_needs_enough_patients_inside_and_outside() -> None:
    assert isinstance(lowest_run([0, 9], [2, 10], fewest=3), NotComputed)
    assert isinstance(lowest_run([0, 2], [10, 2], fewest=3), NotComputed)


def test_empty_months_are_no_ends() -> None:
    assert lowest_run([4, 0, 0, 0, 4], [4, 0, 3, 0, 4]) == Run(2, 2, 0, 3, 8, 8)


def test_wrong_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="not between 0"):
        lowest_run([3], [2])
    with pytest.raises(ValueError, match="2 counts for 1"):
        lowest_run([1, 1], [2])


def _likelihood(k: int, n: int) -> float:
    """Log likelihood of k of n, written out: the binomial without its coefficient at its own rate."""
    return math.log((k / n) ** k * (1 - k / n) ** (n - k))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=7))
def test_no_other_run_is_more_likely(periods: list[tuple[int, int]]) -> None:
    counts, sizes = [min(p) for p in periods], [max(p) for p in periods]
    found = lowest_run(counts, sizes)
    total, everyone = sum(counts), sum(sizes)
    best = -math.inf
    for i in range(len(sizes)):
        for j in range(i, len(sizes)):
            k, n = sum(counts[i : j + 1]), sum(sizes[i : j + 1])
            if n and everyone - n and k / n < (total - k) / (everyone - n):
                best = max(best, _likelihood(k, n) + _likelihood(total - k, everyone - n))
    if isinstance(found, NotComputed):
        assert best == -math.inf
    else:
        own = _likelihood(found.count, found.n) + _likelihood(found.count_elsewhere, found.n_elsewhere)
        assert own == pytest.approx(best, abs=1e-9)
