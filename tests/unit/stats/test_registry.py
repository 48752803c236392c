"""Centers, surveillance and time to event where there is little or nothing, and against statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.duration.hazard_regression import PHReg

from lib.stats.case_mix import Covariate, Expected, linear, logistic
from lib.stats.centers import CenterMeans, CenterRates, center_means, center_rates, overdispersion, shrunken_means
from lib.stats.results import NotComputed, to_record
from lib.stats.surveillance import Cusum, cusum, vlad
from lib.stats.survival import (
    HazardRatio,
    Incidence,
    Moment,
    aalen_johansen,
    cox,
    kaplan_meier,
    log_rank,
    median_follow_up,
    rate_per_100_years,
    repeated_rate_per_100_years,
)

N = 20_000
RNG = np.random.Generator(np.random.PCG64(7))
BASE = RNG.integers(0, 49, N).astype(float)
AGE = RNG.normal(65, 10, N)
CAUSE, ASA = RNG.integers(0, 6, N), RNG.integers(0, 4, N)
GAIN = 0.3 * BASE + 0.05 * AGE + 0.5 * CAUSE + RNG.normal(0, 8, N)
MET = (RNG.random(N) < 1 / (1 + np.exp(1 - 0.05 * BASE))).astype(float)
COVARIATES = [
    Covariate("base", BASE),
    Covariate("age", AGE),
    Covariate("cause", codes=CAUSE, levels=6),
    Covariate("asa", codes=ASA, levels=4),
]
FRAME = pd.DataFrame({"gain": GAIN, "met": MET, "base": BASE, "age": AGE, "cause": CAUSE, "asa": ASA})
MODEL = "base + age + C(cause) + C(asa)"


def test_own_sums_equal_statsmodels_on_20000_rows() -> None:
    found = linear(GAIN, COVARIATES)
    assert isinstance(found, Expected)
    fit = smf.ols(f"gain ~ {MODEL}", FRAME).fit()
    assert found.values == pytest.approx(fit.fittedvalues.to_numpy(), rel=1e-9)
    assert found.sigma == pytest.approx(float(np.sqrt(fit.scale)), rel=1e-9)
    rate = logistic(MET, COVARIATES)
    assert isinstance(rate, Expected)
    fitted = smf.glm(f"met ~ {MODEL}", FRAME, family=sm.families.Binomial()).fit(tol=1e-14).fittedvalues
    assert rate.values == pytest.approx(fitted.to_numpy(), rel=1e-9)


def test_covariates_that_say_nothing_are_left_out_by_name() -> None:
    same = [Covariate("one", np.full(9, 3.0)), Covariate("x", np.arange(9.0)), Covariate("again", 2 * np.arange(9.0))]
    empty = Covariate("level nobody has", codes=np.zeros(9, dtype=np.int64), levels=4)
    found = linear(np.arange(9.0) ** 2, [*same, empty])
    assert isinstance(found, Expected)
    assert found.left_out == ("one", "again", "level nobody has")
    assert found.parameters == 2


def test_models_that_cannot_be_fitted_say_why() -> None:
    y = np.array([0.0, 0, 0, 1, 1, 1])
    assert isinstance(linear(y[:2], [Covariate("x", np.arange(2.0))]), NotComputed)
    separated = logistic(y, [Covariate("x", np.arange(6.0))])
    assert isinstance(separated, NotComputed)
    assert "separate" in separated.reason
    assert isinstance(logistic(np.ones(6), []), NotComputed)


def test_means_of_centers() -> None:
    code = np.repeat(np.arange(6), [50, 50, 50, 50, 50, 5])
    y = np.tile([-1.0, 1.0], 128)[:255] + 3.0 * (code == 4) - 9.0 * (code == 5)
    found = center_means(y, code, centers=6)
    assert isinstance(found, CenterMeans)
    assert found.outside998[4] == 1
    assert found.outside998[5] == 0, "5 patients are drawn and not judged"
    assert set(np.abs(found.wide998)) <= set(np.abs(found.outside998)) | {0}
    to_record(found)
    assert isinstance(center_means(np.ones(10), np.repeat([0, 1], 5), centers=2), NotComputed)
    with pytest.raises(ValueError, match="at least 1 patient"):
        center_means([1.0, 2.0], [0, 0], centers=2)


def test_overdispersion_of_one_center_is_none() -> None:
    assert overdispersion([2.0], [1.0]).tau == 0.0
    assert overdispersion([], []).phi == 1.0
    assert overdispersion([0.1, -0.1, 0.2, 0.0], [1.0] * 4).tau == 0.0


def test_a_rate_line_is_never_the_judge() -> None:
    """At a pooled rate of 0.95 and 10 patients an interpolated line has most centers above it; a tail has none."""
    rng = np.random.Generator(np.random.PCG64(3))
    code = np.repeat(np.arange(100), 10)
    found = center_rates(rng.random(1000) < 0.95, code, centers=100)
    assert isinstance(found, CenterRates)
    assert not any(side > 0 for side in found.outside95)
    assert found.expected == pytest.approx([10 * found.pooled] * 100)
    assert isinstance(center_rates(np.ones(20, dtype=bool), np.repeat([0, 1], 10), centers=2), NotComputed)


def test_adjusted_rates_never_leave_0_to_1() -> None:
    code = np.repeat(np.arange(4), 25)
    met = np.concatenate([np.ones(25), np.zeros(25), np.tile([1, 0], 25)[:50]]) > 0
    found = center_rates(met, code, centers=4, expected=np.linspace(0.2, 0.8, 100))
    assert isinstance(found, CenterRates)
    assert found.rates[0] == 1.0
    assert found.rates[1] == 0.0
    assert all(0 <= r <= 1 for r in found.rates)


def test_shrunken_means_of_centers_that_do_not_differ_are_one_mean() -> None:
    found = shrunken_means(np.tile([0.0, 1.0], 50), np.repeat(np.arange(5), 20), centers=5)
    assert not isinstance(found, NotComputed)
    assert found.tau == 0.0
    assert set(found.means) == {0.5}
    assert isinstance(shrunken_means([1.0, 2.0], [0, 1], centers=2), NotComputed)
    again = shrunken_means(GAIN, CAUSE, centers=6)
    assert again == shrunken_means(GAIN, CAUSE, centers=6), "ranks are drawn with a fixed seed"


def test_vlad_and_cusum_of_nobody_and_of_impossible_probabilities() -> None:
    assert vlad([], []) == NotComputed("no patients", 0)
    assert cusum([], []) == NotComputed("no patients", 0)
    with pytest.raises(ValueError, match="outside 0 to 1"):
        vlad([True], [1.0])
    with pytest.raises(ValueError, match="odds ratio"):
        cusum([True], [0.5], 1.0)


@pytest.mark.parametrize("odds_ratio", [2.0, 0.5])
def test_the_limit_is_crossed_by_chance_by_at_most_1_series_in_20(odds_ratio: float) -> None:
    p = np.linspace(0.4, 0.8, 120)
    rng = np.random.Generator(np.random.PCG64(99))
    found = cusum(rng.random(120) < p, p, odds_ratio)
    assert isinstance(found, Cusum)
    crossed = 0
    for _ in range(1000):
        again = cusum(rng.random(120) < p, p, odds_ratio, limit=found.limit)
        assert isinstance(again, Cusum)
        crossed += again.crossed_at is not None
    assert 20 <= crossed <= 75


def test_time_to_event_of_nobody_and_without_events() -> None:
    assert kaplan_meier([], []) == NotComputed("no patients", 0)
    assert aalen_johansen([], []) == NotComputed("no patients", 0)
    none = kaplan_meier([100.0, 400.0], [0, 0], (365.25, 500.0))
    assert isinstance(none, Incidence)
    first, second = none.moments
    assert isinstance(first, Moment)
    assert (first.value, first.at_risk) == (0.0, 1)
    assert first.high == pytest.approx(1 - 0.025)
    assert isinstance(second, NotComputed)
    competing = aalen_johansen([100.0, 400.0], [0, 2], (365.25,))
    assert isinstance(competing, Incidence)
    assert isinstance(competing.moments[0], Moment)
    assert competing.moments[0].low is None
    assert isinstance(log_rank([1.0, 2.0], [0, 0], [0, 1], groups=2), NotComputed)
    assert isinstance(log_rank([1.0, 2.0], [1, 1], [0, 0], groups=2), NotComputed)
    assert isinstance(cox([1.0, 2.0], [1, 0], [0, 1]), NotComputed)
    assert isinstance(median_follow_up([1.0, 2.0], [1, 1]), NotComputed)
    assert isinstance(rate_per_100_years(0, 0.0), NotComputed)
    assert not isinstance(repeated_rate_per_100_years([0.0, 0.0], [100.0, 200.0]), NotComputed)
    with pytest.raises(ValueError, match="negative"):
        kaplan_meier([-1.0], [0])


def test_at_one_day_the_event_comes_before_the_censoring() -> None:
    found = kaplan_meier([10.0, 10.0], [1, 0], (10.0,))
    assert isinstance(found, Incidence)
    assert isinstance(found.moments[0], Moment)
    assert (found.moments[0].value, found.moments[0].at_risk) == (0.5, 2)


def test_cox_equals_phreg() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    time, x = np.ceil(rng.exponential(300, 500)), rng.random(500) < 0.4
    status = (rng.random(500) < 0.6).astype(int)
    found = cox(time, status, x)
    assert isinstance(found, HazardRatio)
    fit = PHReg(time, x[:, None].astype(float), status=status, ties="efron").fit()
    assert np.log(found.ratio.value) == pytest.approx(float(fit.params[0]), rel=1e-7)
    to_record(found)
