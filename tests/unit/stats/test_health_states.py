"""Paretian change, profile grid and commonest states: by hand, and the public 77 pairs."""

from __future__ import annotations

import csv
import os
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from lib.stats.health_states import (
    CommonStates,
    PchcResult,
    ProfileChange,
    ProfileGrid,
    commonest,
    pchc,
    profile_grid,
    state_codes,
    state_ranks,
)
from lib.stats.results import NotComputed, to_record

needs_public = pytest.mark.skipif(
    "COHORTLENS_PUBLIC_DATA" not in os.environ, reason="COHORTLENS_PUBLIC_DATA is not set (folder of public data)"
)
NOBODY = np.zeros((0, 5), dtype=int)


def _states(*texts: str) -> np.ndarray:
    return np.array([[int(digit) for digit in text] for text in texts])


# one of each kind, by hand from the definition
BEFORE = _states("22222", "11112", "21231", "21232", "11111")
AFTER = _states("12222", "11113", "22221", "21232", "11111")


def test_one_of_each_kind() -> None:
    assert pchc(BEFORE, AFTER) == PchcResult(5, 1, 1, 1, 1, 1)


@needs_public
def test_the_public_pairs() -> None:
    folder = Path(os.environ["COHORTLENS_PUBLIC_DATA"]) / "eq5d_pre_post"
    sides = []
    for name in ("pre.csv", "post.csv"):
        with (folder / name).open(newline="") as file:
            sides.append([row["x"] for row in csv.DictReader(file)])
    legal = [(a, b) for a, b in zip(*sides, strict=True) if set(a + b) <= set("123") and len(a) == len(b) == 5]
    assert len(legal) == 77
    result = pchc(_states(*(a for a, _ in legal)), _states(*(b for _, b in legal)))
    assert result == PchcResult(n=77, better=46, worse=11, mixed=10, same_with_problems=8, no_problems=2)


def test_state_codes_count_through_all_states() -> None:
    everything = np.array(list(product((1, 2, 3), repeat=5)))
    assert state_codes(everything).tolist() == list(range(243))


def test_state_ranks_share_ties() -> None:
    # R: rank(-c(1, 0.5, 0.5, -0.2)) is 1.0 2.5 2.5 4.0
    assert state_ranks([1, 0.5, 0.5, -0.2]).tolist() == [1.0, 2.5, 2.5, 4.0]


def test_profile_grid_by_hand() -> None:
    before, after = np.array([[1], [2], [2], [3], [3]]), np.array([[1], [1], [1], [3], [3]])
    result = profile_grid(before, after, [1, 2, 3])
    assert isinstance(result, ProfileGrid)
    assert (result.n, result.states, result.better, result.equal, result.worse) == (5, 3, 2, 3, 0)
    assert [(p.before_rank, p.after_rank, p.change, p.count) for p in result.points] == [
        (1, 1, ProfileChange.NO_PROBLEMS, 1),
        (2, 1, ProfileChange.BETTER, 2),
        (3, 3, ProfileChange.SAME, 2),
    ]
    to_record(result)


def test_commonest_are_ordered_by_count_then_digits() -> None:
    states = _states("21111", "11112", "33333", "11112", "21111", "11111")
    result = commonest(states, 3)
    assert isinstance(result, CommonStates)
    assert [(s.state, s.count, s.share) for s in result.states] == [
        ("11112", 2, 2 / 6),
        ("21111", 2, 2 / 6),
        ("11111", 1, 1 / 6),
    ]
    assert (result.n, result.distinct, result.others) == (6, 4, 1)


def test_nobody_is_an_absence() -> None:
    for result in (
        pchc(NOBODY, NOBODY),
        profile_grid(NOBODY, NOBODY, np.arange(243.0)),
        commonest(NOBODY),
        commonest(np.array([])),
    ):
        assert isinstance(result, NotComputed)
        assert result.n == 0


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.\.3"):
        pchc(_states("62331"), _states("11111"))
    with pytest.raises(ValueError, match=r"1\.\.3"):
        commonest(_states("01111"))
    with pytest.raises(ValueError, match="differ in shape"):
        pchc(_states("11111", "11112"), _states("11111"))
    with pytest.raises(ValueError, match="whole numbers"):
        pchc(np.array([[1.0, np.nan]]), np.array([[1.0, 2.0]]))
    with pytest.raises(ValueError, match="a table"):
        commonest([1, 2, 3])
    with pytest.raises(ValueError, match="ranks for 243 states"):
        profile_grid(BEFORE, AFTER, [1.0, 2.0])
    with pytest.raises(ValueError, match="at least 1"):
        commonest(BEFORE, 0)


def test_five_levels_when_asked() -> None:
    assert pchc(_states("54321"), _states("44321"), levels=5) == PchcResult(1, 1, 0, 0, 0, 0)
