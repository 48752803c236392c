"""Correlations against cor.test and the smooth against loess (tests/golden/models/association.R)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.stats import correlation
from lib.stats.correlation import CorrelationResult, Smooth, pearson, smooth, spearman
from lib.stats.results import Interval, NotComputed, Test, to_record

GOLDEN = Path(__file__).parents[2] / "golden" / "models"


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


DATA = _rows("association_data.csv")
GOLD = _rows("association.csv")
CASES = sorted({row["case"] for row in DATA})
SMOOTHED = [case for case in CASES if case != "four"]


def _arrays(case: str) -> tuple[np.ndarray, np.ndarray]:
    rows = [row for row in DATA if row["case"] == case]
    return np.array([float(row["x"]) for row in rows]), np.array([float(row["y"]) for row in rows])


def _gold(case: str, what: str) -> dict[str, float]:
    return {row["key"]: float(row["value"]) for row in GOLD if row["case"] == case and row["what"] == what}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("what", "function"), [("pearson", pearson), ("spearman", spearman)])
def test_correlation_agrees_with_cor_test(case: str, what: str, function: object) -> None:
    assert callable(function)
    result, gold = function(*_arrays(case)), _gold(case, what)
    assert isinstance(result, CorrelationResult)
    assert result.estimate.value == pytest.approx(gold["r"], rel=1e-9)
    assert isinstance(result.test, Test)
    assert result.test.p == pytest.approx(gold["p"], rel=1e-9)
    assert isinstance(result.estimate.interval, Interval)
    limits = (result.estimate.interval.low, result.estimate.interval.high)
    assert limits == pytest.approx((gold["low"], gold["high"]), rel=1e-9)
    if what == "pearson":
        assert result.test.statistic == pytest.approx(gold["t"], rel=1e-9)


@pytest.mark.parametrize("case", SMOOTHED)
def test_smooth_agrees_with_loess(case: str) -> None:
    # loess gives full weight within 0.1% of its reach: 1e-7 of the spread of y is all that can be asked.
    x, y = _arrays(case)
    result = smooth(x, y)
    assert isinstance(result, Smooth)
    scale = float(np.std(y))
    for what, found in (("fit", result.fit), ("low", result.low)):
        gold = _gold(case, what)
        assert found == pytest.approx([gold[str(i)] for i in range(81)], abs=1e-6 * scale)
    one = _gold(case, "smooth")
    assert result.residual_sd == pytest.approx(one["sigma"], rel=1e-6)
    assert result.df == pytest.approx(one["df"], rel=1e-6)
    assert (result.x[0], result.x[-1]) == (x.min(), x.max())


def test_weighted_lines_agree_with_weighted_loess() -> None:
    # The same numbers as in the R script: bin means with their counts.
    x, n = np.arange(1, 13.0), np.array([3.0, 9, 4, 1, 7, 20, 5, 6, 2, 8, 3, 4])
    y = np.array([3.0, 5, 4, 6, 8, 7, 9, 9, 10, 12, 11, 13])
    gold = _gold("weights", "fit")
    assert correlation._operator(x, n, x, 0.75) @ y == pytest.approx([gold[str(i)] for i in range(1, 13)], rel=1e-6)


def test_binning_hardly_moves_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    x = np.round(rng.uniform(0, 10, 900), 2)
    y = 5 - 0.4 * x + rng.normal(0, 2, x.size)
    binned = smooth(x, y)
    monkeypatch.setattr(correlation, "MAX_POINTS", 900)
    every = smooth(x, y)
    assert isinstance(binned, Smooth)
    assert isinstance(every, Smooth)
    assert binned.points <= 500
    assert (binned.n, every.points) == (900, 900)
    assert binned.fit == pytest.approx(every.fit, abs=0.02)
    assert binned.low == pytest.approx(every.low, abs=0.05)


def test_a_million_pairs_on_a_coarse_scale() -> None:
    rng = np.random.default_rng(9)
    x = rng.integers(0, 11, 1_000_000).astype(float)
    result = smooth(x, 2 * x + rng.normal(0, 3, x.size))
    assert isinstance(result, Smooth)
    assert result.points == 11
    assert result.fit[0] == pytest.approx(0, abs=0.1)
    assert result.fit[-1] == pytest.approx(20, abs=0.1)


def test_heavy_ties_do_not_break_the_smooth() -> None:
    x = np.array([0.0] * 40 + [1, 2, 3, 4, 5])
    y = np.concatenate([np.arange(40.0) % 7, [3, 4, 5, 6, 7]])
    result = smooth(x, y, span=0.3)
    assert isinstance(result, Smooth)
    assert np.isfinite([*result.fit, *result.low, *result.high]).all()
    to_record(result)


@pytest.mark.parametrize("function", [pearson, spearman])
@pytest.mark.parametrize("sign", [1, -1])
def test_points_in_line_have_no_interval(function: object, sign: int) -> None:
    assert callable(function)
    x = np.array([0.1, 0.2, 0.3, 0.7, 1.1])
    result = function(x, sign * 0.3 * x + 0.1)
    assert isinstance(result, CorrelationResult)
    assert result.estimate.value == sign
    assert isinstance(result.estimate.interval, NotComputed)
    assert isinstance(result.test, NotComputed)
    to_record(result)


@pytest.mark.parametrize("function", [pearson, spearman])
def test_absences(function: object) -> None:
    assert callable(function)
    for n, words in ((0, "0 pairs"), (1, "1 pair;"), (2, "2 pairs")):
        result = function(np.arange(n) * 1.0, np.arange(n) * 1.0)
        assert isinstance(result, NotComputed)
        assert result.n == n
        assert result.reason.startswith(words)
    assert function([1.0, 2, 3], [0.1, 0.1, 0.1]) == NotComputed("one of the two does not vary", 3)
    three = function([1.0, 2, 3], [1.0, 3, 2])
    assert isinstance(three, CorrelationResult)
    assert three.estimate.interval == NotComputed("an interval needs at least 4 pairs", 3)
    assert isinstance(three.test, Test)
    assert three.test.p == pytest.approx(2 / 3)  # r = 0.5, t = 1/√3 with 1 df: 2·(½ − atan(1/√3)/π), by hand


def test_smooth_absences() -> None:
    few = smooth(np.arange(9.0), np.arange(9.0))
    assert few == NotComputed("9 pairs; a smooth needs at least 10", 9)
    coarse = smooth(np.arange(40.0) % 4, np.arange(40.0))
    assert isinstance(coarse, NotComputed)
    assert "different values" in coarse.reason
    line = smooth(np.arange(40.0), 0.3 * np.arange(40.0) + 0.1)
    assert isinstance(line, NotComputed)
    assert "exactly on a line" in line.reason
    assert isinstance(smooth(np.arange(40.0), np.zeros(40)), NotComputed)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        pearson([1.0, 2], [1.0])
    with pytest.raises(ValueError, match="finite"):
        spearman([1.0, np.nan, 3], [1.0, 2, 3])
    with pytest.raises(ValueError, match="span"):
        smooth(np.arange(20.0), np.arange(20.0), span=0)
    with pytest.raises(ValueError, match="confidence"):
        smooth(np.arange(20.0), np.arange(20.0), confidence=95)
