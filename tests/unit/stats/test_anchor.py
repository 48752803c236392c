"""Anchor-based estimates against pROC, t.test and cor (tests/golden/models/anchor.R)."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from lib.stats.anchor import AnchorMcid, BestCut, bootstrap_cuts, estimate_mcid
from lib.stats.correlation import CorrelationResult
from lib.stats.results import Estimate, Interval, NotComputed, to_record

GOLDEN = Path(__file__).parents[2] / "golden" / "models"
TENTH = Decimal("0.1")


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


DATA = _rows("anchor_data.csv")
GOLD = _rows("anchor.csv")
CASES = sorted({row["case"] for row in DATA})


def _arrays(case: str) -> tuple[np.ndarray, np.ndarray]:
    rows = [row for row in DATA if row["case"] == case]
    return np.array([int(row["improvement"]) for row in rows]), np.array([int(row["anchor"]) for row in rows])


def _fit(case: str, confidence: float = 0.95) -> AnchorMcid:
    result = estimate_mcid(*_arrays(case), just_improved={2}, better={3}, resolution=TENTH, confidence=confidence)
    assert isinstance(result, AnchorMcid)
    return result


def _gold(case: str, what: str) -> dict[str, float]:
    return {row["key"]: float(row["value"]) for row in GOLD if row["case"] == case and row["what"] == what}


def _triple(estimate: Estimate | NotComputed) -> tuple[float, float, float]:
    assert isinstance(estimate, Estimate)
    assert isinstance(estimate.interval, Interval)
    return estimate.interval.low, estimate.value, estimate.interval.high


@pytest.mark.parametrize("case", CASES)
def test_area_agrees_with_proc(case: str) -> None:
    for confidence, what in ((0.95, "auc"), (0.9, "auc90")):
        gold = _gold(case, what)
        found = _triple(_fit(case, confidence).auc)
        assert found == pytest.approx((gold["low"], gold["value"], gold["high"]), rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_cuts_agree_with_proc(case: str) -> None:
    cut, gold = _fit(case).cut, _gold(case, "best_cut")
    assert isinstance(cut, BestCut)
    assert sorted(c.count for c in cut.tied) == sorted(gold.values())
    shares = _gold(case, "best")
    for index, count in gold.items():
        found = next(c for c in cut.tied if c.count == count)
        assert found.sensitivity == pytest.approx(shares[f"{index} sensitivity"], rel=1e-12)
        assert found.specificity == pytest.approx(shares[f"{index} specificity"], rel=1e-12)
        assert found.youden == pytest.approx(shares[f"{index} youden"], rel=1e-9)
    assert cut.chosen.count == _gold(case, "cut")["chosen"]
    assert cut.chosen.value == float(Decimal(cut.chosen.count) * TENTH)


@pytest.mark.parametrize("case", CASES)
def test_mean_improvement_and_correlation_agree_with_r(case: str) -> None:
    result, gold = _fit(case), _gold(case, "mean")
    assert _triple(result.mean_improvement) == pytest.approx((gold["low"], gold["value"], gold["high"]), rel=1e-9)
    assert isinstance(result.correlation, CorrelationResult)
    rho = _gold(case, "spearman")["rho"]
    assert result.correlation.estimate.value == pytest.approx(rho, rel=1e-9)
    assert result.weak_anchor is (rho < 0.3)
    assert result.small is (result.n < 30)


@pytest.mark.parametrize("case", CASES)
def test_bootstrap_scatters_as_r_does(case: str) -> None:
    # Another generator, so only moments: 4,000 draws here and there, difference within 5 standard errors.
    steps, answers = _arrays(case)
    draws = bootstrap_cuts(steps[answers >= 2], steps[answers < 2], draws=4000, seed=11)
    gold = _gold(case, "boot")
    assert abs(draws.mean() - gold["mean"]) < 5 * gold["sd"] * (2 / 4000) ** 0.5
    assert draws.std(ddof=1) == pytest.approx(gold["sd"], rel=0.1)
    assert set(draws.tolist()) <= set(steps.tolist())


def test_the_same_input_gives_the_same_interval_and_says_how() -> None:
    first, second = _fit("strong").cut, _fit("strong").cut
    assert isinstance(first, BestCut)
    assert first == second
    assert "2000 draws" in first.interval.method
    assert first.draws == 2000
    assert first.interval.low <= first.chosen.value <= first.interval.high


def test_order_of_rows_is_irrelevant() -> None:
    steps, answers = _arrays("weak")
    turned = estimate_mcid(steps[::-1], answers[::-1], just_improved=[2], better=[3], resolution=TENTH)
    assert isinstance(turned, AnchorMcid)
    assert turned.cut == _fit("weak").cut


def test_ties_of_youden_by_hand() -> None:
    # Cases 1, 3; rest 0, 2. Rules ≥1: sens 1, spec ½; ≥3: sens ½, spec 1; both J ½ and |sens − spec| ½: the smaller.
    result = estimate_mcid([1, 3, 0, 2], [1, 1, 0, 0], just_improved=[1], better=[])
    assert isinstance(result, AnchorMcid)
    assert isinstance(result.cut, BestCut)
    assert [c.count for c in result.cut.tied] == [1, 3]
    assert result.cut.chosen.count == 1
    assert isinstance(result.auc, Estimate)
    assert result.auc.value == 0.75


def test_perfect_separation_has_an_area_with_the_interval_of_newcombe() -> None:
    result = estimate_mcid([5, 6, 7, 1, 2, 3], [1, 1, 1, 0, 0, 0], just_improved=[1], better=[])
    assert isinstance(result, AnchorMcid)
    assert isinstance(result.auc, Estimate)
    assert result.auc.value == 1.0
    assert isinstance(result.auc.interval, Interval)
    assert (result.auc.interval.high, result.auc.interval.method) == (1.0, "Newcombe, method 5")
    ten = estimate_mcid([*range(20, 30), *range(10)], [1] * 10 + [0] * 10, just_improved=[1], better=[])
    assert isinstance(ten, AnchorMcid)
    assert isinstance(ten.auc, Estimate)
    assert isinstance(ten.auc.interval, Interval)
    assert ten.auc.interval.low == pytest.approx(0.800214, abs=5e-7)  # Newcombe 2006, 10 and 10 apart
    assert isinstance(result.cut, BestCut)
    assert (result.cut.chosen.count, result.cut.chosen.youden) == (5, 1.0)
    to_record(result)


def test_nobody() -> None:
    result = estimate_mcid([], [], just_improved=[1], better=[])
    assert result == NotComputed("no patient has both an improvement and an anchor answer", 0)


@pytest.mark.parametrize(("answer", "who"), [(0, "nobody improved"), (1, "everybody improved")])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_one_class_only(n: int, answer: int, who: str) -> None:
    result = estimate_mcid(np.arange(n), np.full(n, answer), just_improved=[1], better=[2])
    assert isinstance(result, AnchorMcid)
    for part in (result.auc, result.cut):
        assert isinstance(part, NotComputed)
        assert part.reason.startswith(who)
    assert result.weak_anchor
    to_record(result)


def test_one_patient_in_a_class_and_no_variance() -> None:
    lone = estimate_mcid([4, 1, 2], [1, 0, 0], just_improved=[1], better=[])
    assert isinstance(lone, AnchorMcid)
    assert isinstance(lone.auc, Estimate)
    assert isinstance(lone.auc.interval, NotComputed)
    assert isinstance(lone.mean_improvement, Estimate)
    assert lone.mean_improvement.interval == NotComputed("1 patient; an interval needs at least 2", 1)
    same = estimate_mcid([3] * 6, [0, 0, 0, 1, 1, 1], just_improved=[1], better=[])
    assert isinstance(same, AnchorMcid)
    assert isinstance(same.auc, Estimate)
    assert same.auc.value == 0.5
    assert isinstance(same.mean_improvement, Estimate)
    assert isinstance(same.mean_improvement.interval, NotComputed)
    assert isinstance(same.correlation, NotComputed)
    to_record(same)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        estimate_mcid([1, 2], [1], just_improved=[1], better=[])
    with pytest.raises(ValueError, match="whole numbers"):
        estimate_mcid([1.5, 2], [1, 0], just_improved=[1], better=[])
    with pytest.raises(ValueError, match="both just improved and better"):
        estimate_mcid([1, 2], [1, 0], just_improved=[1], better=[1])
    with pytest.raises(ValueError, match="at least one anchor answer"):
        estimate_mcid([1, 2], [1, 0], just_improved=[], better=[1])
    with pytest.raises(ValueError, match="positive"):
        estimate_mcid([1, 2], [1, 0], just_improved=[1], better=[], resolution=Decimal(0))
    with pytest.raises(ValueError, match="confidence"):
        estimate_mcid([1, 2], [1, 0], just_improved=[1], better=[], confidence=95)
