"""The methods text says nothing that is not so, for a trial, a registry and the sample."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort, Dates
from lib.cohort.design import Design, Kind
from lib.cohort.selection import Selection
from lib.disclosure.readers import Reader
from lib.present.wording import plain_spaces
from lib.report.groups_text import grouping_of
from lib.report.items.rates import rates_of
from lib.report.methods import methods_text
from lib.report.plan import Origin, Plan
from lib.report.report import Report, build_report
from lib.report.results import results_parts
from lib.stats.results import Test
from tests.cohorts import cohort
from tests.sample import headache, sample


def by_arm(made: Cohort, column: str) -> Report:
    analysis = Analysis(made)
    return build_report(analysis, comparison=compare(analysis, grouping_of(made, column)))


@pytest.mark.parametrize("kind", [Kind.GROUPS, Kind.RANDOMISED])
def test_a_trial_is_neither_operated_nor_without_controls_nor_asked_what_it_was_not(
    kind: Kind, public_data: Path
) -> None:
    """The acupuncture trial (Vickers 2004), as its user declares it or not; it has neither statements nor events."""
    report = by_arm(headache(public_data, kind), "group")
    text = " ".join(report.methods)
    for untrue in ("operated", "surgery", "without a control group", "not made by chance", "tatements", "McNemar",
                   "dverse events", "EQ-5D", "Kaplan", "Korn", "chi-square without"):  # fmt: skip
        assert untrue not in text, untrue
    assert text.startswith("Design: 401 treated patients")
    assert ("The user states that patients were randomised" in text) == (kind is Kind.RANDOMISED)
    assert ("that chance made" in text) == (kind is Kind.GROUPS)
    assert "Bell–McCaffrey" in text
    with (public_data / "acupuncture_headache" / "acupuncture.csv").open(encoding="utf-8") as file:
        practices = {row["practice_id"] for row in csv.DictReader(file)}
    assert f"Setting: {len(practices)} centers (Practice)." in text
    assert "regression to the mean" not in text


def test_without_a_comparison_nothing_is_compared(public_data: Path) -> None:
    text = " ".join(build_report(Analysis(headache(public_data))).methods)
    assert "analysis of covariance" not in text
    assert "randomised to groups, as the user states" in text


@pytest.mark.parametrize("kind", [Kind.SERIES, Kind.RANDOMISED])
def test_a_registry_says_when_where_and_how_long(kind: Kind) -> None:
    made = replace(sample("registry.csv"), design=Design("operated", kind, "sex" if kind is Kind.RANDOMISED else ""))
    plan = Plan(Analysis(made), Analysis(made).default_follow_up(), {})
    (design, *_) = methods_text(plan, Origin("registry.csv", "f" * 64, True, "1", "2026-01-01"))
    assert "They were operated from February 2021 to August 2025." in design
    assert "Setting: 12 centers." in design
    assert ("without a control group" in design) == (kind is Kind.SERIES)
    assert ("randomised to groups, as the user states" in design) == (kind is Kind.RANDOMISED)
    said = dict(results_parts(plan))["follow_up"]
    assert re.match(r"Last contact was a median of \d+\.\d months after treatment \(quartiles .* n = 2,?000", said), (
        said
    )


def test_when_a_follow_up_was_answered_is_that_of_the_pairs() -> None:
    """Median, quartiles and range of 365, 396, 426 and 487 days by hand: 411/30.4375 months and so on."""
    made = cohort(6, missing=0.0)
    day = np.datetime64("2020-01-01")
    treated = Dates("surgery_date", "Date of surgery", np.array([day] * 5 + [np.datetime64("NaT")]))
    after = np.array([365, 396, 426, 487, -3, 365]).astype("timedelta64[D]")
    answered = Dates("follow_up_date_12m", "Answered", day + after)
    columns = {**made.columns, "surgery_date": treated, "follow_up_date_12m": answered}
    report = build_report(Analysis(replace(made, columns=columns)))
    assert plain_spaces(dict(report.parts)["follow_up"]) == (
        "12 months was answered a median of 13.5 months after treatment (quartiles 12.8 to 14.5, range 12.0 to 16.0; "
        "n = 4; 2 without both dates)."
    )
    outside = build_report(Analysis(replace(made, columns=columns)), reader=Reader.CONGRESS)
    assert "follow_up" not in dict(outside.parts)


def test_a_series_says_so_and_how_the_missing_were_handled() -> None:
    text = " ".join(build_report(Analysis(sample())).methods)
    assert "57 operated patients, one series without a control group" in text
    assert "without imputation" in text  # of the outcomes; the sensitivity analysis beside it imputes
    assert "Sensitivity analysis of VAS pain" in text
    assert "multiple imputations from" in text
    assert "VAS pain: 28 without a complete pair: 19 no baseline, 9 no follow-up" in text
    assert "lifelines" not in text
    assert "Kaplan" not in text


def test_the_p_of_normality_stands_only_where_normality_decided() -> None:
    assert "leads, p" not in " ".join(build_report(Analysis(cohort(200, missing=0.0))).methods)
    assert "does not reject normality, p = " in " ".join(build_report(Analysis(sample())).methods)


def test_months_of_treatment_are_those_of_the_selection_and_stay_inside() -> None:
    made = cohort(3)
    days = np.array(["2019-03-31", "2023-06-01", "NaT"], dtype="datetime64[D]")
    made = replace(made, columns={**made.columns, "surgery_date": Dates("surgery_date", "Date of surgery", days)})
    analysis = Analysis(made)
    said = "They were operated from March 2019 to June 2023 (1 without a date)."
    assert said in build_report(analysis).methods[0]
    assert "2019" not in build_report(analysis, reader=Reader.CONGRESS).methods[0]


def test_a_figure_of_too_few_patients_has_no_p_in_its_caption() -> None:
    few = build_report(Analysis(cohort(4, missing=0.0)))
    words = plain_spaces(" ".join(few.item("improvements:vas_pain").notes))
    assert "too few to test" in words
    assert " p = " not in words
    assert "(p = " not in words
    enough = plain_spaces(" ".join(build_report(Analysis(sample())).item("improvements:pain").notes))
    assert enough.count("p = ") + enough.count("p < ") >= 4


def test_four_patients_name_no_test_that_nobody_sees() -> None:
    text = " ".join(build_report(Analysis(cohort(4))).methods)
    for unseen in ("McNemar", "marginal homogeneity", "Wilcoxon", "t test", "sign test", "Korn", "two-sided"):
        assert unseen not in text, unseen
    assert "Opioid use: Newcombe’s interval" in text


def test_few_patients_with_health_states_have_no_p_of_a_dimension() -> None:
    few = Analysis(sample(), Selection.of({"etiology": ("Ehlers-Danlos syndrome",)}))
    report = build_report(few)
    assert 0 < (report.item("eq5d:dimensions").n or 0) < 10
    text = " ".join(report.methods)
    assert "Paretian" in text
    for unseen in ("McNemar", "marginal homogeneity", "Holm"):
        assert unseen not in text, unseen
    for key in ("eq5d:dimensions", "eq5d:problems"):
        table = report.item(key).table
        assert table is not None
        assert "Holm" not in " ".join(table.notes)
        assert not [c.text for row in table.rows for c in row if "p =" in c.text or "p <" in c.text or "p >" in c.text]


def test_how_shares_were_compared_are_the_tests_that_were() -> None:
    report = by_arm(sample(), "center")
    text = " ".join(report.methods)
    family = rates_of(report.plan)
    assert family is not None
    tests = [t for r in family.results for t in (r.heterogeneity, *(gap.test for gap in r.gaps))]
    used = {test.name for test in tests if isinstance(test, Test)}
    assert used
    assert ("Fisher’s exact test where" in text) == ("Fisher's exact test" in used and len(used) > 1)
    assert ("chi-square without" in text) == ("chi-square test" in used)
    assert "corrected in the same way" not in text  # one comparison
