"""Welch against R t.test (tests/golden/models/ancova.R, rows "welch": change of group 1 − group 0)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.stats.groups import WelchResult, welch_difference
from lib.stats.results import Interval, NotComputed

GOLDEN = Path(__file__).parents[2] / "golden" / "models"


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


DATA = _rows("ancova_data.csv")
GOLD = [row for row in _rows("ancova.csv") if row["what"] == "welch"]


@pytest.mark.parametrize("gold", GOLD, ids=lambda row: f"{row['case']}-{row['key']}")
def test_agrees_with_t_test(gold: dict[str, str]) -> None:
    first, second = (
        np.array(
            [
                float(row["follow_up"]) - float(row["baseline"])
                for row in DATA
                if row["case"] == gold["case"] and row["group"] == code
            ]
        )
        for code in ("0", "1")
    )
    result = welch_difference(first, second, float(gold["key"]))
    assert isinstance(result, WelchResult)
    assert isinstance(result.difference.interval, Interval)
    found = (
        result.difference.value,
        result.standard_error,
        result.test.df[0],
        result.test.statistic,
        result.test.p,
        result.difference.interval.low,
        result.difference.interval.high,
    )
    expected = tuple(float(gold[key]) for key in ("value", "se", "df", "t", "p", "low", "high"))
    assert found == pytest.approx(expected, rel=1e-9)
    assert result.test.n == first.size + second.size


def test_sleep_as_r_documents_it() -> None:
    # R help page of t.test: extra ~ group, data = sleep: t = -1.8608, df = 17.776, p = 0.07939
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    result = welch_difference(first, second)
    assert isinstance(result, WelchResult)
    assert result.test.statistic == pytest.approx(1.8608, abs=5e-5)
    assert result.test.df[0] == pytest.approx(17.776, abs=5e-4)
    assert result.test.p == pytest.approx(0.07939, abs=5e-6)


@pytest.mark.parametrize(("first", "second"), [([], []), ([1.0], [2.0, 3.0]), ([1.0, 2.0], []), ([1.0, 2.0], [4.0])])
def test_too_few_are_an_absence(first: list[float], second: list[float]) -> None:
    result = welch_difference(first, second)
    assert isinstance(result, NotComputed)
    assert result.n == len(first) + len(second)
    assert "at least 2 in each" in result.reason


def test_no_variance_in_both_is_an_absence_in_one_is_not() -> None:
    constant = [0.1] * 7
    result = welch_difference(constant, [0.3] * 3)
    assert result == NotComputed("all values within each group are equal, so no test is possible", 10)
    one = welch_difference(constant, [1.0, 2.0, 3.0])
    assert isinstance(one, WelchResult)
    assert one.test.df == (2.0,)  # only the second group varies: its own n − 1


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        welch_difference([1.0, np.nan], [1.0, 2.0])
    with pytest.raises(ValueError, match="confidence"):
        welch_difference([1.0, 3.0], [1.0, 2.0], 0.0)
