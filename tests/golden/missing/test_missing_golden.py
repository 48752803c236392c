"""What if the missing differ, against R mice (within Monte-Carlo error) and, where nothing is drawn, to 1e-9."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.stats.case_mix import Covariate
from lib.stats.imputation import Completed, Method, impute
from lib.stats.pooling import pool, pool_share
from lib.stats.results import Interval
from lib.stats.weighting import Weighted, weighted

HERE = Path(__file__).parent
with (HERE / "data.csv").open(encoding="utf-8") as file:
    _ROWS = list(csv.DictReader(file))
with (HERE / "expected.csv").open(encoding="utf-8") as file:
    next(file)
    R = {row["key"]: float(row["value"]) for row in csv.DictReader(file)}


def _numbers(name: str) -> np.ndarray:
    return np.array([float(row[name]) if row[name] else np.nan for row in _ROWS])


BEFORE, AFTER, AGE = _numbers("before"), _numbers("after"), _numbers("age")
SEX = np.array([int(row["sex"] == "Male") for row in _ROWS])
DRAWS = 400


def _completed(method: Method) -> np.ndarray:
    covariates = [Covariate("age", numbers=AGE), Covariate("sex", codes=SEX, levels=2)]
    found = impute(BEFORE, AFTER, covariates, draws=DRAWS, method=method)
    assert isinstance(found, Completed)
    before, after = np.tile(BEFORE, (DRAWS, 1)), np.tile(AFTER, (DRAWS, 1))
    before[:, found.no_baseline], after[:, found.no_follow_up] = found.baseline, found.follow_up
    return before - after


def _agrees(name: str, value: float, error: float, between: float) -> None:
    apart = np.sqrt(between / DRAWS + R[f"{name}:between"] / R[f"{name}:draws"])
    assert abs(value - R[f"{name}:estimate"]) < 4 * apart
    assert error == pytest.approx(R[f"{name}:se"], rel=0.06)


def test_normal_draws_agree_with_mice() -> None:
    gain = _completed("norm")
    found = pool(gain.mean(axis=1), gain.var(axis=1, ddof=1) / gain.shape[1], gain.shape[1])
    _agrees("norm", found.estimate.value, found.standard_error, found.monte_carlo_error**2 * DRAWS)
    assert found.missing_information == pytest.approx(R["norm:fmi"], abs=0.1)


def test_matching_agrees_with_mice_and_draws_observed_scores_only() -> None:
    gain = _completed("pmm")
    found = pool_share((gain >= 15).mean(axis=1), gain.shape[1])
    _agrees("pmm", found.estimate.value, found.standard_error, found.monte_carlo_error**2 * DRAWS)
    assert np.all(gain == np.rint(gain))


def test_one_incomplete_variable_takes_one_pass_and_agrees() -> None:
    known = ~np.isnan(BEFORE) & ~np.isnan(AGE)
    covariates = [Covariate("age", numbers=AGE[known]), Covariate("sex", codes=SEX[known], levels=2)]
    found = impute(BEFORE[known], AFTER[known], covariates, draws=DRAWS, method="norm")
    assert isinstance(found, Completed)
    assert found.cycles == 1
    after = np.tile(AFTER[known], (DRAWS, 1))
    after[:, found.no_follow_up] = found.follow_up
    gain = BEFORE[known] - after
    pooled = pool(gain.mean(axis=1), gain.var(axis=1, ddof=1) / gain.shape[1], gain.shape[1])
    _agrees("single", pooled.estimate.value, pooled.standard_error, pooled.monte_carlo_error**2 * DRAWS)


def test_rubin_and_wilson_are_exact() -> None:
    found = pool(np.array([16.1, 16.9, 15.8, 17.2, 16.4]), np.array([0.81, 0.79, 0.85, 0.8, 0.83]), 120)
    assert found.estimate.value == pytest.approx(R["rubin:qbar"], rel=1e-12)
    assert found.standard_error**2 == pytest.approx(R["rubin:t"], rel=1e-9)
    assert found.df == pytest.approx(R["rubin:df"], rel=1e-9)
    assert found.missing_information == pytest.approx(R["rubin:fmi"], rel=1e-9)
    assert isinstance(found.estimate.interval, Interval)
    assert found.estimate.interval.low == pytest.approx(R["rubin:low"], rel=1e-9)
    share = pool_share(np.array([0.52, 0.55, 0.49, 0.53, 0.51]), 120).estimate.interval
    assert isinstance(share, Interval)
    assert (share.low, share.high) == pytest.approx((R["wilson:low"], R["wilson:high"]), rel=1e-9)


@pytest.mark.parametrize("share", [False, True])
def test_weights_and_their_sandwich_are_those_of_glm(share: bool) -> None:
    known = ~np.isnan(BEFORE) & ~np.isnan(AGE)
    gain = (BEFORE - AFTER)[known]
    y = (gain >= 15).astype(float) if share else gain
    covariates = [
        Covariate("before", numbers=BEFORE[known]),
        Covariate("age", numbers=AGE[known]),
        Covariate("sex", codes=SEX[known], levels=2),
    ]
    found = weighted(y, ~np.isnan(gain), covariates, share=share)
    assert isinstance(found, Weighted)
    name = "ipw:share" if share else "ipw:mean"
    assert found.estimate.value == pytest.approx(R[name], rel=1e-9)
    assert found.standard_error == pytest.approx(R[f"{name}:se"], rel=1e-9)
    assert found.df == R[f"{name}:df"]
    assert (found.effective_n, found.largest_weight) == pytest.approx((R["ipw:effective"], R["ipw:largest"]), rel=1e-9)
