"""Unstructured covariance against nlme::gls (5 digits, where gls stops) and Kenward–Roger by dense matrices in R."""

from __future__ import annotations

import csv
import time
from collections import defaultdict

import numpy as np
import pytest

from lib.stats.mmrm import RepeatedResult, fit_repeated
from lib.stats.results import NotComputed, Test, to_record
from tests.unit.stats.test_mixed import CASES, GOLDEN

ROOT = GOLDEN.parents[2]

with (GOLDEN / "mmrm.csv").open(encoding="utf-8") as file:
    next(file)
    R: dict[str, dict[str, float]] = defaultdict(dict)
    for row in csv.DictReader(file):
        R[row["case"]][row["key"]] = float(row["value"])
USED = ("one_group_gaps", "two_groups_gaps", "three_groups_full")


def _fit(case: str) -> RepeatedResult:
    data = {key: (v if key == "y" else v.astype(int)) for key, v in CASES[case].items()}
    size = {"time_points": int(data["occasion"].max()) + 1, "groups": int(data["group"].max()) + 1}
    found = fit_repeated(data["y"], data["occasion"], data["patient"], data["group"], **size)
    assert isinstance(found, RepeatedResult)
    return found


def test_the_dense_function_of_the_script_is_that_of_pbkrtest() -> None:
    assert R["check"]["own df"] == pytest.approx(R["check"]["pbkrtest df"], rel=1e-5)
    assert R["check"]["own F"] == pytest.approx(R["check"]["pbkrtest F"], rel=1e-5)


@pytest.mark.parametrize("case", USED)
def test_means_and_covariance_agree_with_gls(case: str) -> None:
    found, gold = _fit(case), R[case]
    assert found.log_likelihood >= gold["logLik"] - 1e-9
    assert found.log_likelihood == pytest.approx(gold["logLik"], rel=1e-7)
    for mean in found.means:
        key = f"mean {mean.group * found.time_points + mean.time_point}"
        assert mean.mean.value == pytest.approx(gold[key], rel=1e-4)
    for i, values in enumerate(found.covariance):
        for j in range(i, found.time_points):
            assert values[j] == pytest.approx(gold[f"sigma {i} {j}"], rel=2e-3, abs=0.02)


@pytest.mark.parametrize("case", USED)
def test_errors_and_degrees_of_freedom_are_kenward_and_rogers(case: str) -> None:
    found, gold = _fit(case), R[case]
    for change in found.changes:
        at = f"{change.group} {change.time_point}"
        assert change.standard_error == pytest.approx(gold[f"se {at}"], rel=1e-4)
        assert change.test.df[0] == pytest.approx(gold[f"df {at}"], rel=1e-3)
    tests = {"time": found.time_point} | ({"apart": found.interaction} if found.groups > 1 else {})
    for name, test in tests.items():
        assert isinstance(test, Test)
        assert test.statistic == pytest.approx(gold[f"{name} F"], rel=1e-3)
        assert test.df[1] == pytest.approx(gold[f"{name} df"], rel=1e-3)


def test_the_registrys_back_pain_has_the_aic_and_error_of_gls() -> None:
    with (ROOT / "sample_data" / "registry.csv").open(encoding="utf-8") as rows:
        wide = np.array(
            [[float(r[f"vas_back_{at}"] or "nan") for at in ("pre", "3m", "12m", "24m")] for r in csv.DictReader(rows)]
        )
    who, when = np.nonzero(~np.isnan(wide))
    found = fit_repeated(wide[who, when], when, who, time_points=4)
    assert isinstance(found, RepeatedResult)
    assert found.aic == pytest.approx(R["registry"]["AIC"], abs=0.01)
    assert found.changes[1].standard_error == pytest.approx(R["registry"]["se 12m"], rel=1e-4)
    assert R["registry"]["AIC random intercept"] > found.aic + 1800


def test_complete_data_is_the_paired_t_test_and_hotelling() -> None:
    rng = np.random.default_rng(1)
    wide = rng.normal(0, 1, (15, 3)) * [1, 2, 5] + [0, 0.5, 1]
    who, when = np.nonzero(np.ones_like(wide))
    found = fit_repeated(wide[who, when], when, who, time_points=3)
    assert isinstance(found, RepeatedResult)
    change = wide[:, 1:] - wide[:, :1]
    t = change[:, 0].mean() / (change[:, 0].std(ddof=1) / 15**0.5)
    assert (found.changes[0].test.statistic, *found.changes[0].test.df) == pytest.approx((t, 14), rel=1e-9)
    mean = change.mean(axis=0)
    hotelling = 15 * mean @ np.linalg.solve(np.cov(change.T), mean) * 13 / (2 * 14)
    assert isinstance(found.time_point, Test)
    assert (found.time_point.statistic, *found.time_point.df) == pytest.approx((hotelling, 2, 13), rel=1e-9)
    to_record(found)


def test_a_cell_without_values_takes_its_contrasts_with_it_not_the_model() -> None:
    data = CASES["two_groups_gaps"]
    there = ~((data["group"] == 1) & (data["occasion"] == 3))
    y, when, who, group = (data[k][there] for k in ("y", "occasion", "patient", "group"))
    found = fit_repeated(y, when.astype(int), who.astype(int), group.astype(int), time_points=4, groups=2)
    assert isinstance(found, RepeatedResult)
    assert found.empty == ((1, 3),)
    assert {(c.group, c.time_point) for c in found.changes} == {(0, 1), (0, 2), (0, 3), (1, 1), (1, 2)}
    assert {d.time_point for d in found.change_differences} == {1, 2}
    assert isinstance(found.interaction, Test)
    assert found.interaction.df[0] == 2


@pytest.mark.parametrize(
    ("patients", "times", "words"),
    [(4, 3, "4 patients at one time point"), (30, 2, "is for 3 to 6"), (30, 7, "is for 3 to 6"), (0, 3, "0 patients")],
)
def test_too_little_is_an_absence(patients: int, times: int, words: str) -> None:
    wide = np.random.default_rng(2).normal(0, 1, (patients, times))
    who, when = np.nonzero(np.ones_like(wide))
    found = fit_repeated(wide[who, when], when, who, time_points=times)
    assert isinstance(found, NotComputed)
    assert words in found.reason


def test_equal_values_are_an_absence_and_a_patient_is_there_once() -> None:
    who, when = np.nonzero(np.ones((12, 3)))
    assert isinstance(fit_repeated(when * 0.1, when, who, time_points=3), NotComputed)
    with pytest.raises(ValueError, match="two values at one time point"):
        fit_repeated([1.0, 2.0], [0, 0], [5, 5], time_points=3)


def test_two_thousand_patients_at_five_time_points_take_under_a_second_of_processor() -> None:
    rng = np.random.default_rng(3)
    wide = rng.normal(0, 1, (2000, 1)) + rng.normal(0, 1, (2000, 5)) + np.arange(5)
    who, when = np.nonzero(rng.random(wide.shape) < 0.8)
    start = time.process_time()
    found = fit_repeated(wide[who, when], when, who, who % 6, time_points=5, groups=6)
    assert time.process_time() - start < 1.0
    assert isinstance(found, RepeatedResult)
    assert np.array(found.covariance) == pytest.approx(np.ones((5, 5)) + np.eye(5), abs=0.2)
