"""Findings in words: signs, ties, denominators, and means that look equal when rounded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.cohort.cohort import BASELINE
from lib.cohort.selection import Population
from lib.present.sentences import outcomes
from lib.present.sentences.responders import rule_source
from lib.stats.likert import summarise
from lib.stats.responders import Rule
from lib.stats.results import NotComputed
from tests.cohorts import EQ_VAS, FOLLOW_UP, PAIN, cohort
from tests.sample import sample


def scored(measure, before: list[float], after: list[float]) -> Analysis:
    base = cohort(len(before), measures=(measure,), statements={}, events=False)
    scores = {(measure.key, BASELINE): np.array(before, float), (measure.key, FOLLOW_UP): np.array(after, float)}
    return Analysis(replace(base, scores=scores, _counts={}))


@pytest.mark.parametrize(
    ("measure", "before", "after", "words"),
    [
        (
            PAIN,
            [8, 7, 9],
            [5, 4, 3],
            "VAS pain fell from a mean of 8.00 to 4.00, a pseudomedian improvement of 4.50 points",
        ),
        (
            PAIN,
            [4, 5, 3],
            [6, 7, 8],
            "VAS pain rose from a mean of 4.00 to 7.00, a pseudomedian worsening of 3.50 points",
        ),
        (EQ_VAS, [50, 40, 60], [70, 60, 80], "EQ VAS rose from 50.0 to 70.0, an improvement of 20.0 points"),
        (EQ_VAS, [70, 60, 80], [50, 40, 60], "EQ VAS fell from 70.0 to 50.0, a worsening of 20.0 points"),
        (PAIN, [5, 5], [5, 5], "VAS pain did not change: mean 5.00 at both time points"),
    ],
)
def test_direction_and_sign_for_both_kinds_of_scale(measure, before, after, words: str) -> None:
    result = scored(measure, before * 5, after * 5).paired(measure.key, FOLLOW_UP)
    assert outcomes.paired_title(measure, result) == words


@pytest.mark.parametrize("times", [1, 3])
def test_fewer_than_ten_patients_get_no_verb(times: int) -> None:
    result = scored(PAIN, [8, 7, 9] * times, [5, 4, 3] * times).paired(PAIN.key, FOLLOW_UP)
    words = f"{3 * times} patients: VAS pain 8.00 → 4.00, too few to test"
    assert outcomes.paired_title(PAIN, result) == words
    assert "fell" not in outcomes.result_sentence(PAIN, result, ("Baseline", "12 months"))
    rows = (("A", answered(*[4, 0, 4] * times)),)
    assert outcomes.statements_title(rows) == f"{3 * times} patients: “A” {2 * times} of {3 * times}, too few to test"


def test_whoever_leads_is_in_the_sentence_alone() -> None:
    result = scored(PAIN, [8] * 42, [8] * 30 + [6] * 9 + [9] * 3).paired(PAIN.key, FOLLOW_UP)
    said = outcomes.result_sentence(PAIN, result, ("Baseline", "12 months"))
    assert said == (
        "VAS pain fell from a mean of 8.00 (SD 0.00) at baseline to 7.64 (SD 0.91) at 12 months (n = 42); 9 improved, "
        "30 did not change, 3 worsened; of the 12 who changed 75.0% improved (95% CI 42.8 to 94.5%; sign test (exact "
        "binomial), p = 0.146)."
    )
    skewed = scored(PAIN, [9] * 12, [9, 8, 8, 8, 7, 7, 7, 7, 6, 6, 6, 0]).paired(PAIN.key, FOLLOW_UP)
    said = outcomes.result_sentence(PAIN, skewed, ("Baseline", "12 months"))
    assert "the pseudomedian improvement (Hodges–Lehmann) was" in said
    assert "mean improvement" not in said


def test_means_that_print_alike_hardly_changed() -> None:
    fine = replace(EQ_VAS, resolution=Decimal("0.01"))
    made = scored(fine, [5.0] * 12, [5.0] * 8 + [5.04] * 4)
    most_unchanged = made.paired("eq_vas", FOLLOW_UP)
    assert outcomes.paired_title(fine, most_unchanged) == "EQ VAS: 4 improved, 8 did not change, 0 worsened"
    result = made.paired("eq_vas", FOLLOW_UP, force="t")
    assert outcomes.paired_title(fine, result) == "EQ VAS hardly changed: mean 5.0 at both time points"


def answered(*codes: int):
    return summarise(np.array(codes), 5, agree_high=True)


def test_ties_are_named_as_ties() -> None:
    rows = (("A", answered(*[4] * 10)), ("B", answered(*[4] * 10)), ("C", answered(*[0, 4] * 5)))
    assert outcomes.statements_title(rows) == "Most agreed: “A” and 1 other, 10 of 10; least: “C”, 5 of 10"
    assert outcomes.statements_title(rows[:2]) == "Every statement: 10 of 10 agree"


def test_of_statements_in_reverse_nobody_says_agreed() -> None:
    rows = (("A", answered(*[4] * 10)), ("B", answered(*[0, 4] * 5)))
    assert outcomes.statements_title(rows, reverse=True) == "Most favourable: “A”, 10 of 10; least: “B”, 5 of 10"
    assert outcomes.statements_title(rows[:1] * 2, reverse=True) == "Every statement: 10 of 10 favourable"


def headline(population: Population) -> str:
    found = Analysis(sample(), population=population)
    return outcomes.overview_sentence(
        found.cohort.measures["pain"],
        found.paired("pain", "12m"),
        found.responders("pain", "12m", Rule("absolute", threshold=Decimal(2))),
        found.statement("satisfied_with_results", "12m"),
        found.safety("12m").by_type.patients,
    )


def test_a_headline_without_means_says_which_score_improved() -> None:
    found = Analysis(sample())
    pain = found.cohort.measures["pain"]
    responders = found.responders("pain", "12m", Rule("absolute", threshold=Decimal(2)))
    said = outcomes.overview_sentence(pain, NotComputed("not shown", 29), responders, None, None)
    assert said == "VAS pain: 20 of 29 improved by at least 2 points"


def test_a_source_goes_on_in_small_letters_after_a_semicolon() -> None:
    pain = sample().measures["pain"]
    said = rule_source(pain, Rule("absolute", threshold=Decimal(2)))
    assert said.endswith("; sacroiliac joint fusion; the value used by the paper behind the sample cohort")
    assert rule_source(pain, Rule("absolute", threshold=Decimal("2.5"))).count("; INSITE also counted") == 1


def test_a_part_over_other_patients_names_its_own_number() -> None:
    assert headline(Population.ANALYSED).endswith("2 points; 18 are satisfied; 6 of 57 had an adverse event")
    assert headline(Population.ALL).endswith("2 points; 32 of 48 are satisfied; 6 of 57 had an adverse event")
