"""The methods text says nothing that is not so, for a trial, a registry and the sample."""

from __future__ import annotations

from dataclasses import replace

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
from lib.report.report import Report, build_report
from lib.stats.results import Test
from tests.cohorts import cohort
from tests.sample import sample


def trial(kind: Kind) -> Cohort:
    """Sixty treated patients in two arms, no statements, no events, no dates."""
    made = cohort(60, events=False, statements={})
    return replace(made, design=Design("treated", kind, "center"), answers={}, outcomes={}, yesno={})


def by_arm(made: Cohort) -> Report:
    analysis = Analysis(made)
    return build_report(analysis, comparison=compare(analysis, grouping_of(made, "center")))


@pytest.mark.parametrize("kind", [Kind.GROUPS, Kind.RANDOMISED])
def test_a_trial_is_neither_operated_nor_without_controls_nor_asked_what_it_was_not(kind: Kind) -> None:
    report = by_arm(trial(kind))
    text = " ".join(report.methods).replace("another population than surgery", "")  # of a threshold's source: true
    for untrue in ("operated", "surgery", "without a control group", "not made by chance", "tatements", "McNemar",
                   "dverse events", "EQ-5D value set", "Kaplan"):  # fmt: skip
        assert untrue not in text, untrue
    assert ("The user states that patients were randomised" in text) == (kind is Kind.RANDOMISED)
    assert ("that chance made" in text) == (kind is Kind.GROUPS)
    assert "Bell–McCaffrey" in text


def test_without_a_comparison_nothing_is_compared() -> None:
    text = " ".join(build_report(Analysis(trial(Kind.RANDOMISED))).methods)
    assert "analysis of covariance" not in text
    assert "randomised to groups, as the user states" in text


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
    report = by_arm(sample())
    text = " ".join(report.methods)
    family = rates_of(report.plan)
    assert family is not None
    tests = [t for r in family.results for t in (r.heterogeneity, *(gap.test for gap in r.gaps))]
    used = {test.name for test in tests if isinstance(test, Test)}
    assert used
    assert ("Fisher’s exact test where" in text) == ("Fisher's exact test" in used and len(used) > 1)
    assert ("chi-square without" in text) == ("chi-square test" in used)
    assert "corrected in the same way" not in text  # one comparison
