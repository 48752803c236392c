"""A Comparison of two public trials, from their files through import to every between-group number, against R.

`compare.R` wrote `compare.csv`; the codebooks are committed, the data come from COHORTLENS_PUBLIC_DATA.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from lib.analysis import Analysis
from lib.analysis.association_of import Against, association
from lib.analysis.groups.centers import RatesOf, center_responders
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.contrasts import Question
from lib.analysis.groups.rates import rate_family, responder_rates
from lib.analysis.groups.scores import score_family
from lib.analysis.groups.time_points import trajectories
from lib.cohort.cohort import Cohort
from lib.cohort.design import Design, Kind
from lib.cohort.grouping import ByColumn, ByQuantile
from lib.importing.files.worker import parse_file
from lib.importing.proposal import columns_from_json, propose
from lib.stats.mixed import MixedResult
from lib.stats.responders import Rule
from lib.stats.results import Estimate, Interval, NotComputed, Test

HERE = Path(__file__).parent
CODEBOOKS = HERE.parents[1] / "codebooks"
CLOSE = 1e-9


def goldens() -> dict[str, float]:
    with (HERE / "compare.csv").open(encoding="utf-8") as file:
        next(file)  # versions
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}


R = goldens()


def read(public_data: Path, path: str, codebook: str) -> Cohort:
    file = public_data / path
    choice = columns_from_json((CODEBOOKS / f"{codebook}.json").read_text("utf-8"))
    return propose(parse_file(file.read_bytes(), file.name), choice=choice).build()


@pytest.fixture(scope="module")
def anorexia(public_data: Path) -> Comparison:
    return compare(
        Analysis(read(public_data, "paired/anorexia.csv", "anorexia")), ByColumn("group"), Question(pairs=True)
    )


@pytest.fixture(scope="module")
def headache_cohort(public_data: Path) -> Cohort:
    return read(public_data, "acupuncture_headache/acupuncture.csv", "headache")


@pytest.fixture(scope="module")
def headache(headache_cohort: Cohort) -> Comparison:
    return compare(Analysis(headache_cohort), ByColumn("group"), Question(pairs=True))


def close(value: float, key: str, tolerance: float = CLOSE) -> None:
    assert value == pytest.approx(R[key], rel=tolerance, abs=1e-12), key


def check_scores(comparison: Comparison, measure: str, follow_up: str, key: str, prefix: str = "") -> int:
    """Every ANCOVA and Welch number; returns how many differences were compared."""
    family = score_family(comparison, [measure], follow_up)
    found = family.of(measure)
    fit = found.ancova
    assert not isinstance(fit, NotComputed)
    names = [prefix + label for label in found.labels]
    for k, d in enumerate(fit.differences):
        assert d.first is not None
        first, second = names[d.first], names[d.second]
        # emmeans names second − first in alphabetical order, this product in its own
        forward = f"{key} {second}-{first} estimate" in R
        pair = f"{second}-{first}" if forward else f"{first}-{second}"
        sign = 1 if forward else -1
        ends = d.difference.interval
        assert isinstance(ends, Interval)
        close(sign * d.difference.value, f"{key} {pair} estimate")
        low, high = (ends.low, ends.high) if forward else (-ends.high, -ends.low)
        close(low, f"{key} {pair} lower.CL")
        close(high, f"{key} {pair} upper.CL")
        close(d.test.p, f"{key} {pair} p.value", 1e-8)
        corrected = found.contrasts[k].p
        assert isinstance(corrected, float)
        assert corrected == pytest.approx(1 - (1 - d.test.p) ** len(fit.differences), rel=1e-9)  # Šidák
        for place, quartile in enumerate(fit.at_baseline, start=1):
            close(sign * quartile.differences[k].difference.value, f"{key} {pair} at {place}", 1e-8)
        gap = found.gaps[k]
        assert isinstance(gap.difference, Estimate)
        assert isinstance(gap.p, float)
        bare = (found.labels[d.second], found.labels[d.first])
        close(gap.difference.value, f"{key} {bare[0]} against {bare[1]} welch")
        close(1 - (1 - gap.p) ** (1 / len(fit.differences)), f"{key} {bare[0]} against {bare[1]} welch p", 1e-8)
    close(fit.heterogeneity.statistic, f"{key} heterogeneity F")
    close(fit.heterogeneity.p, f"{key} heterogeneity p", 1e-8)
    assert isinstance(fit.slopes, Test)
    close(fit.slopes.statistic, f"{key} slopes F")
    close(fit.slopes.p, f"{key} slopes p", 1e-8)
    assert fit.slopes_differ
    assert len(fit.at_baseline) == 3
    assert isinstance(fit.residual_normality, Test)
    close(fit.residual_normality.statistic, f"{key} residuals W", 1e-8)
    return len(fit.differences)


def test_anorexia_three_therapies(anorexia: Comparison) -> None:
    assert [(label, a.pairs("weight", "follow_up").n) for label, a in anorexia.groups] == [
        ("CBT", 29),
        ("Cont", 26),
        ("FT", 17),
    ]
    assert check_scores(anorexia, "weight", "follow_up", "anorexia") == 3


def test_anorexia_patients_who_gained_five_pounds(anorexia: Comparison) -> None:
    rule = Rule("absolute", threshold=Decimal(5))
    family = rate_family(anorexia, [("weight", responder_rates(anorexia, "weight", "follow_up", rule))])
    found = family.of("weight")
    assert isinstance(found.heterogeneity, Test)
    close(found.heterogeneity.p, "anorexia chisq p")
    ps = []
    for gap in found.gaps:
        assert isinstance(gap.test, Test)
        assert gap.first is not None
        names = sorted((found.labels[gap.first], found.labels[gap.second]))
        close(gap.test.p, f"anorexia rates p {names[0]} {names[1]}")
        ps.append(gap.test.p)
    assert [gap.p for gap in found.gaps] == pytest.approx([1 - (1 - p) ** 3 for p in ps])  # Šidák by hand
    from lib.stats.contingency import fisher_exact

    exact = fisher_exact([[r.count, r.n - r.count] for r in found.rates])
    assert isinstance(exact, Test)
    close(exact.p, "anorexia fisher rxc p", 1e-6)


def test_headache_trial(headache: Comparison) -> None:
    assert check_scores(headache, "headache", "12m", "headache", prefix="group") == 1
    assert R["headache group1-group0 estimate"] == pytest.approx(-4.586841, abs=5e-7)  # the contract


def test_headache_responders(headache: Comparison, headache_cohort: Cohort) -> None:
    rule = Rule("percent", threshold=Decimal(35))
    rates = responder_rates(headache, "headache", "12m", rule)
    family = rate_family(headache, [("headache", rates)])
    found = family.of("headache")
    assert [(label, r.count, r.n) for label, r in zip(found.labels, found.rates, strict=True)] == [
        ("0", 45, 140),
        ("1", 87, 161),
    ]
    assert isinstance(found.heterogeneity, Test)
    close(found.heterogeneity.p, "headache rates p")
    (gap,) = found.gaps
    assert not isinstance(gap.difference, NotComputed)
    assert isinstance(gap.number_needed, NotComputed)  # nobody said that patients were randomised
    assert "randomised" in gap.number_needed.reason
    arms = replace(headache_cohort, design=Design(kind=Kind.RANDOMISED, groups_by="group"))
    trial = compare(Analysis(arms), ByColumn("group"))
    (gap,) = rate_family(trial, [("headache", responder_rates(trial, "headache", "12m", rule))]).of("headache").gaps
    assert not isinstance(gap.number_needed, NotComputed)
    assert isinstance(gap.difference, Estimate)
    # STATISTICS section 6: 0.2189 (0.1070 to 0.3228), NNT 4.6 (3.1 to 9.3)
    assert gap.difference.value == pytest.approx(0.2189, abs=5e-5)
    assert isinstance(gap.difference.interval, Interval)
    assert gap.difference.interval.low == pytest.approx(0.1070, abs=5e-5)
    assert gap.number_needed.value == pytest.approx(4.6, abs=0.05)
    assert gap.number_needed.higher == "second"


def test_practices_standardised_and_outside_their_limits(headache_cohort: Cohort) -> None:
    rule = Rule("percent", threshold=Decimal(35))
    found = center_responders(Analysis(headache_cohort), ByColumn("center"), "headache", "12m", rule, ("baseline",))
    assert isinstance(found, RatesOf)
    of = found.found
    for k, label in enumerate(found.members.labels):
        close(of.ratios[k] * of.pooled, f"headache standardised {label}", 1e-7)
        if of.judged[k]:
            assert found.plain.outside95[k] == R[f"headache outside {label}"]
    assert len(found.members.labels) == sum(1 for key in R if key.startswith("headache standardised"))
    assert sum(of.expected) == pytest.approx(sum(of.observed))


def test_age_against_improvement(headache_cohort: Cohort) -> None:
    found = association(Analysis(headache_cohort), "headache", "12m", Against("column", "age"))
    assert not isinstance(found.spearman, NotComputed)
    assert not isinstance(found.pearson, NotComputed)
    close(found.spearman.estimate.value, "headache age spearman")
    close(found.pearson.estimate.value, "headache age pearson")
    assert isinstance(found.pearson.estimate.interval, Interval)
    close(found.pearson.estimate.interval.low, "headache age pearson low", 1e-7)
    close(found.pearson.estimate.interval.high, "headache age pearson high", 1e-7)


def test_thirds_are_cut_over_everybody(headache_cohort: Cohort) -> None:
    first, second, third = ByQuantile("age").split(headache_cohort)
    ages = headache_cohort.columns["age"].values  # type: ignore[union-attr]
    assert ages[first.mask].max() <= R["headache thirds 1"] < ages[second.mask].min()
    assert ages[second.mask].max() <= R["headache thirds 2"] < ages[third.mask].min()


def test_mixed_model_over_three_time_points(headache_cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    """The random intercept, which is fitted where an unstructured covariance cannot be."""
    absent = NotComputed("not fitted for this test", 0)
    monkeypatch.setattr("lib.stats.mmrm.fit_repeated", lambda *_, **__: absent)
    headache = compare(Analysis(headache_cohort), ByColumn("group"))
    found = trajectories(headache.all, headache, "headache")
    assert not isinstance(found, NotComputed)
    model = found.model
    assert isinstance(model, MixedResult)
    assert model.n_observations == R["headache mixed observations"]
    assert isinstance(model.interaction, Test)
    close(model.interaction.statistic, "headache mixed interaction F", 1e-5)
    close(model.interaction.p, "headache mixed interaction p", 1e-4)
    (last,) = [f for f in model.fixed if (f.time_point, f.group) == (2, 1)]
    close(last.estimate.value, "headache mixed occasion3:group1", 1e-5)
    assert [p.n for p in found.lines[0].points] == [196, 153, 140]  # counted in the file
