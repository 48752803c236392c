"""The methods text says nothing that is not so, for a trial, a registry and the sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort, Dates
from lib.cohort.design import Design, Kind
from lib.disclosure.readers import Reader
from lib.present.wording import plain_spaces
from lib.report.groups_text import grouping_of
from lib.report.report import Report, build_report
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
    assert "nothing was imputed" in text
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
