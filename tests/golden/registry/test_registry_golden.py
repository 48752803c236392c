"""Centers, surveillance and time to event against R (make_registry.R beside this file)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lib.stats.case_mix import Covariate, Expected, linear, logistic
from lib.stats.centers import (
    CenterMeans,
    CenterRates,
    Shrunken,
    center_means,
    center_rates,
    poisson_binomial_tails,
    shrunken_means,
)
from lib.stats.clustered import incidence_errors
from lib.stats.results import Estimate, Interval, Test
from lib.stats.surveillance import Cusum, Vlad, cusum, vlad
from lib.stats.survival import (
    FollowUp,
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

HERE = Path(__file__).parent
CENTERS = 14
DAYS = (365.25, 730.5, 1461.0)


def _gold() -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for name in ("expected.csv", "clustered.csv"):
        with (HERE / name).open(newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["name"].partition(":")[0], []).append(float(row["value"]))
    return found


GOLD = _gold()
with (HERE / "data.csv").open(newline="") as _file:
    _rows = list(csv.DictReader(_file))
D = {name: np.array([float(row[name]) for row in _rows]) for name in _rows[0]}
CENTER = D["center"].astype(np.int64) - 1
STATUS = D["status"].astype(np.int64)
COVARIATES = [
    Covariate("base", D["base"]),
    Covariate("age", D["age"]),
    Covariate("sex", codes=D["sex"].astype(np.int64), levels=2),
    Covariate("asa", codes=D["asa"].astype(np.int64) - 1, levels=4),
]


def near(name: str, rel: float = 1e-9):
    return pytest.approx(GOLD[name], rel=rel, abs=1e-12)


def test_case_mix_linear() -> None:
    found = linear(D["gain"], COVARIATES)
    assert isinstance(found, Expected)
    assert found.values.tolist() == near("lm.fitted")
    assert [found.sigma] == near("lm.sigma")


def test_case_mix_logistic() -> None:
    found = logistic(D["met"], COVARIATES)
    assert isinstance(found, Expected)
    assert found.values.tolist() == near("glm.fitted")


def test_means_and_their_overdispersion() -> None:
    found = center_means(D["gain"], CENTER, centers=CENTERS)
    assert isinstance(found, CenterMeans)
    assert [found.sd] == near("means.sd")
    assert list(found.z) == near("means.z")
    assert [found.spread.phi, found.spread.tau] == near("means.spread")


def test_shrunken_means() -> None:
    found = shrunken_means(D["gain"], CENTER, centers=CENTERS)
    assert isinstance(found, Shrunken)
    # lme4 stops where its optimizer does: 1e-6 of the SD
    assert [found.mean] == near("lmer.mean", 1e-7)
    assert [found.tau, found.sigma] == near("lmer.sd", 1e-5)
    assert list(found.means) == near("lmer.means", 1e-6)
    assert list(found.errors) == near("lmer.errors", 1e-5)


def test_adjusted_rates_of_a_rare_outcome_have_exact_tails() -> None:
    model = logistic(D["rare"], [Covariate("base", D["base"])])
    assert isinstance(model, Expected)
    assert model.values.tolist() == near("rare.fitted")
    found = center_rates(D["rare"] > 0, CENTER, centers=CENTERS, expected=model.values)
    assert isinstance(found, CenterRates)
    assert list(found.z) == near("rare.z", 1e-8)
    tails = [poisson_binomial_tails(found.observed[k], model.values[k == CENTER]) for k in range(CENTERS)]
    assert [low for low, _ in tails] == near("rare.below")
    assert [high for _, high in tails] == near("rare.above")
    below, above = np.array(GOLD["rare.below"]), np.array(GOLD["rare.above"])
    side = ((above <= 0.025).astype(int) - (below <= 0.025)) * np.array(found.judged) * np.array(found.exact)
    assert [s for s, e in zip(found.outside95, found.exact, strict=True) if e] == side[np.array(found.exact)].tolist()


def test_plain_rates_are_judged_by_binomial_tails_and_adjusted_ones_stay_within_0_and_1() -> None:
    met = D["met"] > 0
    plain = center_rates(met, CENTER, centers=CENTERS)
    assert isinstance(plain, CenterRates)
    for level, sides in ((0.025, plain.outside95), (0.001, plain.outside998)):
        below, above = np.array(GOLD["met.below"]) <= level, np.array(GOLD["met.above"]) <= level
        assert sides == tuple(((above.astype(int) - below) * np.array(plain.judged)).tolist())
    model = logistic(D["met"], COVARIATES)
    assert isinstance(model, Expected)
    adjusted = center_rates(met, CENTER, centers=CENTERS, expected=model.values)
    assert isinstance(adjusted, CenterRates)
    assert list(adjusted.rates) == near("met.shifted", 1e-8)


@pytest.mark.parametrize(("name", "curve"), [("km", kaplan_meier), ("aj", aalen_johansen)])
def test_incidence(name: str, curve) -> None:
    found = curve(D["time"], STATUS, DAYS)
    assert isinstance(found, Incidence)
    moments = [m for m in found.moments if isinstance(m, Moment)]
    assert [m.value for m in moments] == near(f"{name}.value")
    assert [m.low for m in moments] == near(f"{name}.low")
    assert [m.high for m in moments] == near(f"{name}.high")
    assert [m.at_risk for m in moments] == near("km.risk")


def test_log_rank() -> None:
    for name, group, groups in (("logrank", D["group"], 2), ("logrank4", D["asa"] - 1, 4)):
        found = log_rank(D["time"], STATUS, group.astype(np.int64), groups=groups)
        assert isinstance(found, Test)
        assert [found.statistic, found.p] == near(name)


@pytest.mark.parametrize(("suffix", "width"), [("", 1), (".ties", 100)])
def test_cox_and_proportional_hazards(suffix: str, width: int) -> None:
    found = cox(width * np.ceil(D["time"] / width), STATUS, D["group"] > 0)
    assert isinstance(found, HazardRatio)
    assert isinstance(found.ratio.interval, Interval)
    numbers = [found.ratio.value, found.ratio.interval.low, found.ratio.interval.high]
    assert (numbers if suffix else [*numbers, found.test.p]) == near(f"cox{suffix}")
    assert isinstance(found.proportional, Test)
    assert [found.proportional.statistic, found.proportional.p] == near(f"zph{suffix}", 1e-8)


def test_median_follow_up() -> None:
    found = median_follow_up(D["time"], STATUS)
    assert isinstance(found, FollowUp)
    assert [found.median] == near("reverse")
    assert [found.low, found.high] == [*GOLD["reverse.low"], *GOLD["reverse.high"]]


def test_rates_per_100_years() -> None:
    days = float(D["time"].sum())
    for name, found in (
        ("rate", rate_per_100_years(int((STATUS == 1).sum()), days)),
        ("repeated", repeated_rate_per_100_years(D["many"], D["time"])),
    ):
        assert isinstance(found, Estimate)
        assert isinstance(found.interval, Interval)
        assert [found.value, found.interval.low, found.interval.high] == near(name)
    none = rate_per_100_years(0, days)
    assert isinstance(none, Estimate)
    assert isinstance(none.interval, Interval)
    assert [none.interval.low, none.interval.high] == near("rate0")


def test_vlad_and_cusum() -> None:
    order = np.argsort(D["time"], kind="stable")
    met, expected = D["met"][order], np.array(GOLD["glm.fitted"])[order]
    sums = vlad(met, expected)
    assert isinstance(sums, Vlad)
    assert list(sums.sums) == pytest.approx(GOLD["vlad"], rel=1e-9, abs=1e-9)
    for name, ratio in (("cusum2", 2.0), ("cusum05", 0.5)):
        found = cusum(met, expected, ratio)
        assert isinstance(found, Cusum)
        assert list(found.values) == pytest.approx(GOLD[name], rel=1e-9, abs=1e-9)


# Rows 1 and 2 are one patient, 3 and 4 the next, …; the last 100 are single.
PATIENT = np.concatenate([np.repeat(np.arange(150), 2), np.arange(150, 250)])


def test_kaplan_meier_and_aalen_johansen_of_two_sides() -> None:
    found = kaplan_meier(D["time"], STATUS, DAYS, cluster=PATIENT)
    assert isinstance(found, Incidence)
    moments = [m for m in found.moments if isinstance(m, Moment)]
    assert [m.low for m in moments] == near("km2.low")
    assert [m.high for m in moments] == near("km2.high")
    steps = np.unique(D["time"][STATUS == 1])
    error = incidence_errors(D["time"], STATUS, PATIENT, steps)
    at = [float(error[np.searchsorted(steps, day, side="right") - 1]) for day in DAYS]
    assert at == near("aj2.error", 1e-6)  # central differences on the side of R
    competing = aalen_johansen(D["time"], STATUS, DAYS, cluster=PATIENT)
    plain = aalen_johansen(D["time"], STATUS, DAYS)
    assert isinstance(competing, Incidence)
    assert isinstance(plain, Incidence)
    assert competing.values == plain.values
    assert competing.low != plain.low


@pytest.mark.parametrize("ties", ["", ".ties"])
def test_cox_and_log_rank_of_two_sides(ties: str) -> None:
    time = 100 * np.ceil(D["time"] / 100) if ties else D["time"]
    found = cox(time, STATUS, D["group"] == 1, cluster=PATIENT)
    assert isinstance(found, HazardRatio)
    ends = found.ratio.interval
    assert isinstance(ends, Interval)
    assert [found.ratio.value, ends.low, ends.high] == near(f"cox2{ties}")
    test = log_rank(time, STATUS, D["asa"].astype(np.int64) - 1, groups=4, cluster=PATIENT)
    assert isinstance(test, Test)
    assert [test.statistic, test.df[0]] == near(f"logrank2{ties}")


def test_single_rows_need_no_cluster() -> None:
    each = np.arange(STATUS.size)
    with_it, without = (kaplan_meier(D["time"], STATUS, DAYS, cluster=c) for c in (each, None))
    assert isinstance(with_it, Incidence)
    assert isinstance(without, Incidence)
    assert with_it.low == pytest.approx(without.low, rel=2e-2)
