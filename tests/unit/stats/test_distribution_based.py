"""Half an SD, SEM and MDC95 against R's sd and qnorm (tests/golden/models/anchor.R, rows "distribution", r = 0.83)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.stats.anchor import DistributionBased, distribution_based
from lib.stats.results import NotComputed, to_record

GOLDEN = Path(__file__).parents[2] / "golden" / "models"


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


DATA = _rows("anchor_data.csv")


@pytest.mark.parametrize("case", sorted({row["case"] for row in DATA}))
def test_agrees_with_r(case: str) -> None:
    scores = np.array([float(row["improvement"]) / 10 for row in DATA if row["case"] == case])
    gold = {
        row["key"]: float(row["value"])
        for row in _rows("anchor.csv")
        if row["case"] == case and row["what"] == "distribution"
    }
    result = distribution_based(scores, 0.83)
    assert isinstance(result, DistributionBased)
    assert (result.baseline_sd, result.half_sd, result.sem, result.mdc95) == pytest.approx(
        (gold["sd"], gold["half_sd"], gold["sem"], gold["mdc95"]), rel=1e-9
    )
    assert result.small is (scores.size < 30)


def test_without_reliability_only_half_an_sd() -> None:
    result = distribution_based([1.0, 3.0])
    assert isinstance(result, DistributionBased)
    assert result.half_sd == pytest.approx(2**0.5 / 2)
    assert result.sem == result.mdc95 == result.reliability
    assert isinstance(result.sem, NotComputed)
    assert "no reliability" in result.sem.reason
    to_record(result)


def test_perfect_reliability_measures_without_error() -> None:
    result = distribution_based([1.0, 3.0], 1.0)
    assert isinstance(result, DistributionBased)
    assert (result.sem, result.mdc95) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("scores", "reason"),
    [([], "0 scores; at least 2"), ([4.0], "1 score; at least 2"), ([0.1] * 3, "all baseline values are equal")],
)
def test_absences(scores: list[float], reason: str) -> None:
    result = distribution_based(scores, 0.9)
    assert isinstance(result, NotComputed)
    assert result.reason.startswith(reason)
    assert result.n == len(scores)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="reliability"):
        distribution_based([1.0, 2.0], 1.1)
    with pytest.raises(ValueError, match="reliability"):
        distribution_based([1.0, 2.0], float("nan"))
    with pytest.raises(ValueError, match="finite"):
        distribution_based([1.0, np.nan], 0.9)
