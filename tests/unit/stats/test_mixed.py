"""Mixed model against nlme and emmeans (tests/golden/models/mixed.R); tolerance 1e-5, as the contract sets it."""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from lib.stats.mixed import MixedResult, fit_mixed
from lib.stats.reml import fit_random_intercept
from lib.stats.results import Interval, NotComputed, Test, to_record

GOLDEN = Path(__file__).parents[2] / "golden" / "models"
REL = 1e-5


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="") as file:
        return list(csv.DictReader(file))


def _cases() -> dict[str, dict[str, np.ndarray]]:
    columns: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows("mixed_data.csv"):
        for key in ("patient", "group", "occasion", "y"):
            columns[row["case"]][key].append(float(row[key]))
    return {case: {key: np.array(values) for key, values in found.items()} for case, found in columns.items()}


CASES = _cases()
GOLD = _rows("mixed.csv")


def _fit(case: str) -> MixedResult:
    data = {key: (v if key == "y" else v.astype(int)) for key, v in CASES[case].items()}
    groups = int(data["group"].max()) + 1
    result = fit_mixed(
        data["y"],
        data["occasion"],
        data["patient"],
        data["group"] if groups > 1 else None,
        time_points=int(data["occasion"].max()) + 1,
        groups=groups,
    )
    assert isinstance(result, MixedResult)
    return result


def _gold(case: str, what: str) -> dict[str, dict[str, float]]:
    numbers = ("value", "se", "df", "df2", "t", "p", "low", "high")
    return {
        row["key"]: {key: float(row[key]) for key in numbers if row[key] != "NA"}
        for row in GOLD
        if row["case"] == case and row["what"] == what
    }


def _same_test(found: Test | NotComputed, gold: dict[str, float], statistic: str) -> None:
    assert isinstance(found, Test)
    assert found.statistic == pytest.approx(gold[statistic], rel=2 * REL, abs=1e-7)
    # p of a far-out statistic magnifies its relative error by about df
    assert found.p == pytest.approx(gold["p"], rel=1e-3, abs=1e-12)


def _limits(interval: Interval | NotComputed) -> tuple[float, float]:
    assert isinstance(interval, Interval)
    return interval.low, interval.high


@pytest.mark.parametrize("case", list(CASES))
def test_variances_and_likelihood_agree_with_nlme(case: str) -> None:
    result, gold = _fit(case), _gold(case, "fit")
    assert result.residual_variance**0.5 == pytest.approx(gold["residual_sd"]["value"], rel=REL)
    # On the border nlme stops at a small positive SD; what matters is that it is nothing beside the residual SD.
    assert result.patient_variance**0.5 == pytest.approx(
        gold["patient_sd"]["value"], rel=REL, abs=2e-3 * gold["residual_sd"]["value"]
    )
    assert result.log_likelihood == pytest.approx(gold["log_likelihood"]["value"], rel=1e-8)
    assert result.log_likelihood >= gold["log_likelihood"]["value"] - 1e-9


@pytest.mark.parametrize("case", list(CASES))
def test_fixed_effects_agree_with_nlme(case: str) -> None:
    result, gold = _fit(case), _gold(case, "fixed")
    assert len(result.fixed) == len(gold)
    for effect in result.fixed:
        parts = [f"o{effect.time_point}"] * (effect.time_point > 0) + [f"g{effect.group}"] * (effect.group > 0)
        row = gold[":".join(parts) or "(Intercept)"]
        assert effect.estimate.value == pytest.approx(row["value"], rel=REL, abs=REL * row["se"])
        assert effect.standard_error == pytest.approx(row["se"], rel=REL)
        assert effect.test.df == (row["df"],)
        _same_test(effect.test, row, "t")


@pytest.mark.parametrize("case", list(CASES))
def test_marginal_f_tests_agree_with_nlme_in_both_codings(case: str) -> None:
    result, default, balanced = _fit(case), _gold(case, "default_coding"), _gold(case, "sum_coding")
    pairs = [(result.time_point, balanced["o"]), (result.time_point_in_first_group, default["o"])]
    if result.groups > 1:
        pairs += [(result.group, balanced["g"]), (result.group_at_baseline, default["g"])]
        pairs += [(result.interaction, default["o:g"])]
    else:
        assert result.group == result.interaction == result.group_at_baseline
        assert isinstance(result.group, NotComputed)
    for found, row in pairs:
        assert isinstance(found, Test)
        assert found.df == (row["df"], row["df2"])
        _same_test(found, row, "value")


@pytest.mark.parametrize("case", list(CASES))
def test_means_agree_with_emmeans(case: str) -> None:
    result, gold = _fit(case), _gold(case, "mean")
    assert len(result.means) == len(gold)
    for mean in result.means:
        row = gold[f"{mean.group} {mean.time_point}"]
        assert mean.mean.value == pytest.approx(row["value"], rel=REL)
        assert mean.standard_error == pytest.approx(row["se"], rel=REL)
        if mean.group > 0 or result.groups == 1:
            assert mean.df == row["df"]
        assert _limits(mean.mean.interval) == pytest.approx((row["low"], row["high"]), rel=REL)
    assert sum(mean.n for mean in result.means) == result.n_observations


@pytest.mark.parametrize("case", list(CASES))
def test_changes_and_their_differences_agree_with_emmeans(case: str) -> None:
    result = _fit(case)
    changes, gaps = _gold(case, "change"), _gold(case, "change_difference")
    found = [(changes[f"{c.group} o{c.time_point} - o0"], c.change, c.standard_error, c.test) for c in result.changes]
    found += [
        (gaps[f"{d.time_point} - 0 {d.second} - {d.first}"], d.difference, d.standard_error, d.test)
        for d in result.change_differences
    ]
    assert len(found) == len(changes) + len(gaps)
    for row, estimate, error, test in found:
        assert estimate.value == pytest.approx(row["value"], rel=REL, abs=REL * row["se"])
        assert error == pytest.approx(row["se"], rel=REL)
        assert test.df == (row["df"],)
        assert _limits(estimate.interval) == pytest.approx((row["low"], row["high"]), rel=REL, abs=REL * row["se"])
        _same_test(test, row, "t")


def test_full_data_two_time_points_is_the_paired_t_test() -> None:
    rng = np.random.default_rng(5)
    before, after = rng.normal(50, 10, 30), rng.normal(45, 10, 30)
    before += 3 * (after - 45)  # correlated, so that the patient variance is not on the border
    change = after - before
    result = fit_mixed(
        np.concatenate([before, after]), np.repeat([0, 1], 30), np.tile(np.arange(30), 2), None, time_points=2
    )
    assert isinstance(result, MixedResult)
    t = change.mean() / (change.std(ddof=1) / 30**0.5)
    assert result.changes[0].test.statistic == pytest.approx(t, rel=1e-9)
    assert result.changes[0].test.df == (29.0,)
    assert result.time_point.statistic == pytest.approx(t * t, rel=1e-9)


def test_a_patient_variance_of_zero_is_an_answer() -> None:
    # Each patient's total is the same: less variation between patients than chance leaves.
    y = np.array([1.0, 2, 3, 4, 9, 8, 7, 6])
    result = fit_mixed(y, np.repeat([0, 1], 4), np.tile(np.arange(4), 2), None, time_points=2)
    assert isinstance(result, MixedResult)
    assert result.patient_variance == 0.0
    assert result.residual_variance == pytest.approx((5.0 + 5.0) / 6)  # pooled within-occasion variance, by hand
    to_record(result)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_values_are_an_absence(n: int) -> None:
    result = fit_mixed(np.arange(n, dtype=float), np.arange(n), np.zeros(n, dtype=int), None, time_points=2)
    assert isinstance(result, NotComputed)
    assert result.n == n
    assert "too few repeated values" in result.reason


def _long(table: list[list[float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    wide = np.array(table, dtype=float)
    patient, time_point = np.nonzero(np.isfinite(wide))
    return wide[patient, time_point], time_point, patient


def test_no_variation_is_an_absence() -> None:
    y, time_point, patient = _long([[0.1, 0.3, 0.7]] * 6)
    result = fit_mixed(y, time_point, patient, None, time_points=3)
    assert isinstance(result, NotComputed)
    assert "no variation" in result.reason


def test_patients_on_parallel_lines_do_not_converge() -> None:
    y, time_point, patient = _long([[start, start + 2, start + 5] for start in (1.0, 4.0, 6.0, 20.0, 21.0)])
    result = fit_mixed(y, time_point, patient, None, time_points=3)
    assert isinstance(result, NotComputed)
    assert "did not converge" in result.reason


def test_an_time_point_nobody_reached_is_an_absence() -> None:
    nan = np.nan
    y, time_point, patient = _long([[1, 2, nan], [3, 5, nan], [4, 4, nan], [6, 1, nan], [2, 2, nan]])
    result = fit_mixed(y, time_point, patient, None, time_points=3)
    assert isinstance(result, NotComputed)
    assert "no values at one of the time points" in result.reason


def test_nobody_seen_twice_is_an_absence() -> None:
    fit = fit_random_intercept(
        [1.0, 2.0, 4.0, 5.0],
        np.array([0, 0, 1, 1]),
        np.arange(4),
        np.zeros(4, dtype=np.int64),
        time_points=2,
        groups=1,
    )
    assert fit == NotComputed("nobody has values at two time points", 4)


def test_one_time_point_is_an_absence() -> None:
    result = fit_mixed([1.0, 2.0], [0, 0], [0, 1], None, time_points=1)
    assert result == NotComputed("a change needs at least 2 time points", 2)


def test_impossible_input_is_refused() -> None:
    y, time_point, patient = _long([[1, 2, 4], [3, 5, 1], [4, 4, 2], [6, 1, 3]])
    with pytest.raises(ValueError, match="two values at one time point"):
        fit_mixed(np.append(y, 3), np.append(time_point, 0), np.append(patient, 0), None, time_points=3)
    group = (np.arange(y.size) % 2).astype(int)
    with pytest.raises(ValueError, match="in two groups"):
        fit_mixed(y, time_point, patient, group, time_points=3, groups=2)
    with pytest.raises(ValueError, match="finite"):
        fit_mixed(np.where(y == 4, np.nan, y), time_point, patient, None, time_points=3)
    with pytest.raises(ValueError, match="differ in length"):
        fit_mixed(y[1:], time_point, patient, None, time_points=3)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        fit_mixed(y, time_point, patient, None, time_points=2)
    with pytest.raises(ValueError, match="confidence"):
        fit_mixed(y, time_point, patient, None, time_points=3, confidence=95)


def test_a_hundred_thousand_patients_take_seconds_at_most() -> None:
    rng = np.random.default_rng(1)
    patients, time_points = 100_000, 4
    wide = (
        60 - 5.0 * np.arange(time_points) + rng.normal(0, 8, (patients, 1)) + rng.normal(0, 6, (patients, time_points))
    )
    keep = rng.random(wide.shape) > 0.2
    patient, time_point = np.nonzero(keep)
    start = time.perf_counter()
    result = fit_mixed(wide[keep], time_point, patient, patient % 2, time_points=time_points, groups=2)
    assert time.perf_counter() - start < 10
    assert isinstance(result, MixedResult)
    assert result.patient_variance**0.5 == pytest.approx(8, rel=0.02)
    assert result.residual_variance**0.5 == pytest.approx(6, rel=0.02)
