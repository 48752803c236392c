"""ANCOVA against lm and emmeans (tests/golden/models/ancova.R), and the contract's two public cohorts."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from lib.stats.groups import AdjustedDifference, AncovaResult, adjusted_differences
from lib.stats.results import Estimate, Interval, NotComputed, Test, to_record

GOLDEN = Path(__file__).parents[2] / "golden" / "models"
REL = 1e-9
needs_public = pytest.mark.skipif(
    "COHORTLENS_PUBLIC_DATA" not in os.environ, reason="COHORTLENS_PUBLIC_DATA is not set (folder of public data)"
)


def _rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(newline="", encoding=encoding) as file:
        return list(csv.DictReader(file))


DATA = _rows(GOLDEN / "ancova_data.csv")
GOLD = _rows(GOLDEN / "ancova.csv")
CASES = sorted({row["case"] for row in DATA})


def _fit(case: str, confidence: float = 0.95) -> AncovaResult:
    rows = [row for row in DATA if row["case"] == case]
    group = np.array([int(row["group"]) for row in rows])
    before, after = (np.array([float(row[key]) for row in rows]) for key in ("baseline", "follow_up"))
    result = adjusted_differences(before, after, group, groups=int(group.max()) + 1, confidence=confidence)
    assert isinstance(result, AncovaResult)
    return result


def _from_average(case: str) -> AncovaResult:
    rows = [row for row in DATA if row["case"] == case]
    group = np.array([int(row["group"]) for row in rows])
    before, after = (np.array([float(row[key]) for row in rows]) for key in ("baseline", "follow_up"))
    groups = int(group.max()) + 1
    result = adjusted_differences(before, after, group, groups=groups, contrasts=[(None, g) for g in range(groups)])
    assert isinstance(result, AncovaResult)
    return result


def _gold(case: str, what: str) -> dict[str, dict[str, float]]:
    numbers = ("value", "se", "df", "df2", "t", "p", "low", "high")
    return {
        row["key"]: {key: float(row[key]) for key in numbers if row[key] != "NA"}
        for row in GOLD
        if row["case"] == case and row["what"] == what
    }


def _close(found: Estimate, gold: dict[str, float]) -> None:
    assert isinstance(found.interval, Interval)
    scale = abs(gold["high"] - gold["low"])
    for got, key in ((found.value, "value"), (found.interval.low, "low"), (found.interval.high, "high")):
        assert got == pytest.approx(gold[key], rel=REL, abs=REL * scale)


def _close_difference(found: AdjustedDifference, gold: dict[str, float]) -> None:
    _close(found.difference, gold)
    assert found.standard_error == pytest.approx(gold["se"], rel=REL)
    assert found.test.df == pytest.approx((gold["df"],), rel=REL)
    assert found.test.statistic == pytest.approx(gold["t"], rel=REL)
    assert found.test.p == pytest.approx(gold["p"], rel=REL)


@pytest.mark.parametrize("case", CASES)
def test_adjusted_means_slope_and_differences_agree_with_emmeans(case: str) -> None:
    result = _fit(case)
    for code, mean in enumerate(result.adjusted_means):
        _close(mean, _gold(case, "mean")[str(code)])
    _close(result.slope, _gold(case, "slope")["b"])
    assert result.residual_sd == pytest.approx(_gold(case, "sigma")["s"]["value"], rel=REL)
    gold = _gold(case, "difference")
    assert len(gold) == len(result.differences)
    for difference in result.differences:
        _close_difference(difference, gold[f"common {difference.second} - {difference.first}"])
    gold = _gold(case, "average")
    for difference in _from_average(case).differences:
        assert difference.first is None
        _close_difference(difference, gold[str(difference.second)])
    assert result.df == result.n - len(result.n_per_group) - 1


@pytest.mark.parametrize("case", CASES)
def test_heterogeneity_and_slopes_agree_with_anova(case: str) -> None:
    result = _fit(case)
    for found, what in ((result.heterogeneity, "heterogeneity"), (result.slopes, "slopes")):
        if what == "slopes" and _gold(case, "alone")["h"]["value"]:
            assert isinstance(found, NotComputed)
            continue
        gold = _gold(case, what)["F"]
        assert isinstance(found, Test)
        assert found.df == (gold["df"], gold["df2"])
        assert found.statistic == pytest.approx(gold["value"], rel=REL)
        assert found.p == pytest.approx(gold["p"], rel=REL)
    assert isinstance(result.residual_normality, Test)
    shapiro = _gold(case, "residuals")["W"]
    assert result.residual_normality.statistic == pytest.approx(shapiro["value"], rel=1e-8)
    assert result.residual_normality.p == pytest.approx(shapiro["p"], rel=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_differences_at_quartiles_only_where_slopes_differ(case: str) -> None:
    result = _fit(case)
    expected = not _gold(case, "alone")["h"]["value"] and _gold(case, "slopes")["F"]["p"] < 0.05
    assert result.slopes_differ is expected
    assert [at.label for at in result.at_baseline] == (["Q1", "median", "Q3"] if expected else [])
    for at in result.at_baseline:
        assert at.baseline == pytest.approx(_gold(case, "quartile")[at.label]["value"])
        for difference in at.differences:
            gold = _gold(case, "at_quartile")[f"{at.label} {difference.second} - {difference.first}"]
            _close_difference(difference, gold)


def test_the_golden_cases_hold_both_kinds() -> None:
    assert {_fit(case).slopes_differ for case in CASES} == {True, False}


def test_of_two_groups_each_differs_from_the_average_as_from_the_other() -> None:
    result = _fit("two_parallel")
    between = result.differences[0].test
    for own, sign in zip(_from_average("two_parallel").differences, (-1, 1), strict=True):
        assert own.test.statistic == pytest.approx(sign * between.statistic, rel=1e-12)
        assert own.test.df == pytest.approx(between.df, rel=1e-12)


@needs_public
def test_anorexia_as_in_the_contract() -> None:
    rows = _rows(Path(os.environ["COHORTLENS_PUBLIC_DATA"]) / "paired" / "anorexia.csv")
    code = {"CBT": 0, "Cont": 1, "FT": 2}
    result = adjusted_differences(
        np.array([float(row["Prewt"]) for row in rows]),
        np.array([float(row["Postwt"]) for row in rows]),
        np.array([code[row["Treat"]] for row in rows]),
        groups=3,
    )
    assert isinstance(result, AncovaResult)
    found = result.differences[1]  # FT − CBT, clubSandwich 0.5.8
    assert isinstance(found.difference.interval, Interval)
    assert (found.difference.value, found.standard_error) == pytest.approx((4.5630626529, 2.3350517326), abs=5e-11)
    assert found.test.df == pytest.approx((33.427917,), abs=5e-7)
    limits = (found.difference.interval.low, found.difference.interval.high)
    assert limits == pytest.approx((-0.1853266, 9.3114519), abs=5e-8)
    assert result.heterogeneity.statistic == pytest.approx(7.5886473, abs=5e-8)
    assert result.heterogeneity.p == pytest.approx(0.00105960, abs=5e-9)
    assert isinstance(result.slopes, Test)
    assert result.slopes.p == pytest.approx(0.04665, abs=5e-6)
    assert len(result.at_baseline) == 3


@needs_public
def test_headache_as_in_the_contract() -> None:
    path = Path(os.environ["COHORTLENS_PUBLIC_DATA"]) / "acupuncture_headache" / "acupuncture.csv"
    rows = [row for row in _rows(path, "utf-8-sig") if row["pk1"].strip() and row["pk5"].strip()]
    result = adjusted_differences(
        np.array([float(row["pk1"]) for row in rows]),
        np.array([float(row["pk5"]) for row in rows]),
        np.array([int(row["group"]) for row in rows]),
        groups=2,
    )
    assert isinstance(result, AncovaResult)
    difference = result.differences[0].difference
    assert isinstance(difference.interval, Interval)
    assert (difference.value, difference.interval.low, difference.interval.high) == pytest.approx(
        (-4.586840866, -7.058681155, -2.115000576), abs=5e-10
    )
    assert result.differences[0].standard_error == pytest.approx(1.255847510, abs=5e-10)
    assert result.differences[0].test.df == pytest.approx((286.980700,), abs=5e-7)
    assert isinstance(result.slopes, Test)
    assert result.slopes.p == pytest.approx(0.03201, abs=5e-6)
    assert result.n_per_group == (140, 161)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_too_few_pairs_are_an_absence(n: int) -> None:
    result = adjusted_differences(np.arange(n) * 1.0, np.arange(n) * 2.0, np.arange(n) % 2, groups=2)
    assert isinstance(result, NotComputed)
    assert result.n == n


def test_absences_say_why() -> None:
    x, y = np.array([1.0, 2, 3, 4, 5, 7]), np.array([2.0, 1, 4, 3, 7, 5])
    group = np.array([0, 0, 0, 1, 1, 1])

    def reason(*arguments: np.ndarray, groups: int = 2) -> str:
        result = adjusted_differences(*arguments, groups=groups)
        assert isinstance(result, NotComputed)
        return result.reason

    assert "at least 2 groups" in reason(x, y, group * 0, groups=1)
    assert "no pairs" in reason(x, y, group, groups=3)
    assert "nothing to adjust for" in reason(np.full(6, 0.1), y, group)
    assert "nothing to adjust for" in reason(np.where(group == 1, 0.3, 0.1), y, group)
    assert "exactly" in reason(x, 0.1 * x + group, group)
    assert "exactly" in reason(x, np.full(6, 0.1), group)


def test_slopes_are_absent_where_one_group_cannot_have_one() -> None:
    y = np.array([2.0, 1, 4, 3, 7, 5])
    group = np.array([0, 0, 0, 1, 1, 1])
    flat = adjusted_differences(np.array([1.0, 2, 3, 0.1, 0.1, 0.1]), y, group, groups=2)
    assert isinstance(flat, AncovaResult)
    assert isinstance(flat.slopes, NotComputed)
    assert "no slope" in flat.slopes.reason
    few = adjusted_differences(y[:4], np.array([1.0, 3, 2, 5]), np.array([0, 0, 1, 1]), groups=2)
    assert isinstance(few, AncovaResult)
    assert few.slopes == NotComputed("4 pairs; 5 are needed to compare the slopes of 2 groups", 4)
    assert not few.slopes_differ
    exact = adjusted_differences(np.array([1.0, 2, 3, 1, 2, 3]), np.array([1.0, 2, 3, 6, 4, 2]), group, groups=2)
    assert isinstance(exact, AncovaResult)
    assert isinstance(exact.slopes, NotComputed)
    assert "own line" in exact.slopes.reason


def test_above_five_thousand_no_shapiro() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=5001)
    result = adjusted_differences(x, x + rng.normal(size=5001), np.arange(5001) % 2, groups=2)
    assert isinstance(result, AncovaResult)
    assert isinstance(result.residual_normality, NotComputed)
    assert "5,000" in result.residual_normality.reason
    to_record(result)


def test_a_far_offset_of_the_scale_costs_no_digits() -> None:
    rng = np.random.default_rng(4)
    x, group = rng.normal(size=40), np.arange(40) % 2
    y = x + group + rng.normal(size=40)
    near = adjusted_differences(x, y, group, groups=2)
    far = adjusted_differences(x + 1e6, y + 1e6, group, groups=2)
    assert isinstance(near, AncovaResult)
    assert isinstance(far, AncovaResult)
    assert far.heterogeneity.statistic == pytest.approx(near.heterogeneity.statistic, rel=1e-7)


def test_impossible_input_is_refused() -> None:
    x, group = np.arange(6.0), np.array([0, 0, 0, 1, 1, 1])
    with pytest.raises(ValueError, match="differ in length"):
        adjusted_differences(x, x[1:], group, groups=2)
    with pytest.raises(ValueError, match="finite"):
        adjusted_differences(x, np.full(6, np.nan), group, groups=2)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        adjusted_differences(x, x, group + 1, groups=2)
    with pytest.raises(ValueError, match="integer codes"):
        adjusted_differences(x, x, group * 1.0, groups=2)
    with pytest.raises(ValueError, match="confidence"):
        adjusted_differences(x, x, group, groups=2, confidence=1.0)
    with pytest.raises(ValueError, match="one dimension"):
        adjusted_differences(x.reshape(2, 3), x, group, groups=2)
