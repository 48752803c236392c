"""Ordered marginal homogeneity against coin::mh_test and exactRankTests::perm.test (tests/golden/models/marginal.R)."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from lib.stats import yes_no
from lib.stats.results import NotComputed, Test
from lib.stats.yes_no import DimensionMoves, dimension_moves, marginal_homogeneity

GOLDEN = Path(__file__).parents[2] / "golden" / "models"


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


DATA = _rows("marginal_data.csv")
GOLD = _rows("marginal.csv")
CASES = sorted({row["case"] for row in DATA})


def _levels(case: str) -> tuple[np.ndarray, np.ndarray]:
    rows = [row for row in DATA if row["case"] == case]
    return np.array([int(row["before"]) for row in rows]), np.array([int(row["after"]) for row in rows])


def _gold(case: str) -> dict[str, float]:
    return {row["key"]: float(row["value"]) for row in GOLD if row["case"] == case}


@pytest.mark.parametrize("case", CASES)
def test_z_agrees_with_coin_and_exact_p_with_exact_rank_tests(case: str) -> None:
    before, after = _levels(case)
    result, gold = marginal_homogeneity(before, after), _gold(case)
    assert isinstance(result, Test)
    assert abs(result.statistic) == pytest.approx(gold["z"], rel=1e-9, abs=1e-12)
    assert np.sign(result.statistic) == np.sign((after - before).sum())
    exact = gold["changed"] <= 50
    assert result.method.startswith("exact" if exact else "normal")
    assert result.p == pytest.approx(gold["exact"] if exact else gold["p"], rel=1e-9)
    assert result.n == before.size


@pytest.mark.parametrize("case", CASES)
def test_normal_p_agrees_with_coin_everywhere(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yes_no, "EXACT_UP_TO", 0)
    result = marginal_homogeneity(*_levels(case))
    assert isinstance(result, Test)
    assert result.p == pytest.approx(_gold(case)["p"], rel=1e-9)


def test_exact_by_enumeration() -> None:
    before, after = np.array([3, 3, 2, 1, 2, 3, 1]), np.array([1, 2, 1, 2, 2, 1, 1])
    change = after - before
    moved = np.abs(change[change != 0])
    sums = [abs(int(np.dot(signs, moved))) for signs in product((-1, 1), repeat=moved.size)]
    expected = sum(s >= abs(int(change.sum())) for s in sums) / len(sums)
    result = marginal_homogeneity(before, after)
    assert isinstance(result, Test)
    assert result.p == expected
    assert result.statistic == pytest.approx(change.sum() / (change**2).sum() ** 0.5)


def test_fifty_is_exact_and_fifty_one_is_not() -> None:
    before = np.full(51, 2)
    after = np.where(np.arange(51) % 3 == 0, 3, 1)
    fifty, more = marginal_homogeneity(before[:50], after[:50]), marginal_homogeneity(before, after)
    assert isinstance(fifty, Test)
    assert isinstance(more, Test)
    assert fifty.method == "exact over 50 random signs"
    assert more.method == "normal approximation"


def test_absences() -> None:
    nothing = np.array([], dtype=int)
    assert marginal_homogeneity(nothing, nothing) == NotComputed("no patient has both time points", 0)
    assert marginal_homogeneity([2], [2]) == NotComputed("nobody changed (1 patient)", 1)
    assert marginal_homogeneity([2, 1], [2, 1]) == NotComputed("nobody changed (2 patients)", 2)


def test_one_patient_who_changed_proves_nothing() -> None:
    result = marginal_homogeneity([3], [1])
    assert isinstance(result, Test)
    assert result.p == 1.0
    assert result.statistic == -1.0


def test_dimension_moves_by_hand() -> None:
    result = dimension_moves([1, 2, 3, 3, 2], [1, 1, 2, 3, 3])
    assert result == DimensionMoves(
        n=5,
        before=(1, 2, 2),
        after=(2, 1, 2),
        table=((1, 0, 0), (1, 0, 1), (0, 1, 1)),
        better=2,
        same=2,
        worse=1,
        problems_before=4,
        problems_after=3,
    )


def test_a_level_nobody_has_stays() -> None:
    result = dimension_moves([1], [1])
    assert isinstance(result, DimensionMoves)
    assert result.before == result.after == (1, 0, 0)


def test_moves_of_nobody() -> None:
    assert dimension_moves([], []) == NotComputed("no patient has both time points", 0)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        marginal_homogeneity([1, 2], [1])
    with pytest.raises(ValueError, match="whole numbers"):
        marginal_homogeneity([1.0, 2.0], [1.0, np.nan])
    with pytest.raises(ValueError, match="differ in length"):
        dimension_moves([1, 2], [1])
    with pytest.raises(ValueError, match=r"1\.\.3"):
        dimension_moves([1, 4], [1, 2])
