"""Funnel limits against R qbinom and pbinom (tests/golden/models/marginal.R, second half)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lib.stats.funnel import FunnelLimits, limits
from lib.stats.results import NotComputed

with (Path(__file__).parents[2] / "golden" / "models" / "funnel.csv").open(newline="") as _file:
    GOLD = list(csv.DictReader(_file))


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("theta", sorted({float(row["theta"]) for row in GOLD}))
def test_limits_agree_with_qbinom(theta: float, level: float) -> None:
    rows = [row for row in GOLD if float(row["theta"]) == theta and float(row["level"]) == level]
    result = limits(theta, [int(row["n"]) for row in rows], level)
    assert isinstance(result, FunnelLimits)
    tail = (1 - level) / 2
    for row, low, high in zip(rows, result.low, result.high, strict=True):
        n = int(row["n"])
        # nobody (everybody) improving is itself likelier than the tail: there is no line to be outside of
        assert (low is None) == ((1 - theta) ** n > tail)
        assert (high is None) == (theta**n > tail)
        assert low is None or low == pytest.approx(float(row["low"]), rel=1e-9, abs=1e-12)
        assert high is None or high == pytest.approx(float(row["high"]), rel=1e-9, abs=1e-12)


def test_no_centers() -> None:
    assert limits(0.5, [], 0.95) == NotComputed("there are no centers", 0)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="pooled rate"):
        limits(1.2, [5], 0.95)
    with pytest.raises(ValueError, match="pooled rate"):
        limits(float("nan"), [5], 0.95)
    with pytest.raises(ValueError, match="level"):
        limits(0.5, [5], 95)
    with pytest.raises(ValueError, match="at least 1 patient"):
        limits(0.5, [0, 4], 0.95)
