"""Funnel limits against R qbinom and pbinom (tests/golden/models/marginal.R, second half)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.stats.funnel import Funnel, FunnelLimits, funnel, limits
from lib.stats.results import NotComputed, to_record

with (Path(__file__).parents[2] / "golden" / "models" / "funnel.csv").open(newline="") as _file:
    GOLD = list(csv.DictReader(_file))


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("theta", sorted({float(row["theta"]) for row in GOLD}))
def test_limits_agree_with_qbinom(theta: float, level: float) -> None:
    rows = [row for row in GOLD if float(row["theta"]) == theta and float(row["level"]) == level]
    result = limits(theta, [int(row["n"]) for row in rows], level)
    assert isinstance(result, FunnelLimits)
    assert result.low == pytest.approx([float(row["low"]) for row in rows], rel=1e-9, abs=1e-12)
    assert result.high == pytest.approx([float(row["high"]) for row in rows], rel=1e-9, abs=1e-12)


def test_a_center_far_out_is_found_on_its_side() -> None:
    result = funnel([50, 50, 50, 50, 5, 95], [100] * 6)
    assert isinstance(result, Funnel)
    assert result.pooled == 0.5
    assert result.outside_warning == result.outside_alarm == (0, 0, 0, 0, -1, 1)
    between = funnel([61, 50, 50, 50, 50, 50], [100] * 6)
    assert isinstance(between, Funnel)
    assert (between.outside_warning[0], between.outside_alarm[0]) == (0, 0)
    to_record(result)


def test_four_centers_are_too_few() -> None:
    assert funnel([1, 2, 3, 4], [9, 9, 9, 9]) == NotComputed("4 centers; at least 5 are needed", 36)


@pytest.mark.parametrize("hits", [0, 7])
def test_nobody_or_everybody_is_an_absence(hits: int) -> None:
    result = funnel([hits] * 5, [7] * 5)
    assert isinstance(result, NotComputed)
    assert "nobody or everybody" in result.reason


def test_no_centers() -> None:
    assert limits(0.5, [], 0.95) == NotComputed("there are no centers", 0)
    assert isinstance(funnel([], []), NotComputed)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="pooled rate"):
        limits(1.2, [5], 0.95)
    with pytest.raises(ValueError, match="pooled rate"):
        limits(float("nan"), [5], 0.95)
    with pytest.raises(ValueError, match="level"):
        limits(0.5, [5], 95)
    with pytest.raises(ValueError, match="at least 1 patient"):
        limits(0.5, [0, 4], 0.95)
    with pytest.raises(ValueError, match="at least 1 patient"):
        funnel(np.array([1, 2, 3, 4, 9]), [5] * 5)
    with pytest.raises(ValueError, match="differ in length"):
        funnel([1, 2], [3])
