"""Analysis: over whom each number is counted, and the identities that must hold for any cohort."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import Analysis, default_rule
from lib.analysis.mcid import (
    Anchor,
    anchor_based,
    anchors,
    by_baseline_third,
    by_distribution,
    is_rating_of_change,
    just_past_neutral,
    parse_anchor,
    percent_curve,
    predictive,
    smallest_improved,
)
from lib.cohort.cohort import Statement
from lib.cohort.selection import Population, Selection
from lib.present.tables.responders import thirds_table
from lib.stats.responders import ResponderResult, Rule
from lib.stats.results import NotComputed, to_record
from tests.cohorts import FOLLOW_UP, cohort
from tests.sample import sample


def test_one_time_point_results_are_over_the_population() -> None:
    analysed = Analysis(sample())
    everyone = Analysis(sample(), population=Population.ALL)
    for found in (analysed.safety("12m"), everyone.safety("12m")):  # harms: everybody treated, whatever is counted over
        assert (found.by_type.patients.count, found.by_type.n) == (6, 57)
        assert (found.analysed.count, found.analysed.n) == (4, 29)
    assert analysed.yes_no("opioids", "12m").n == 29
    assert everyone.yes_no("opioids", "12m").n == 57


def test_before_and_after_is_over_its_own_pairs_in_both_populations() -> None:
    for population in Population:
        assert Analysis(sample(), population=population).paired("eq_vas", "12m").n == 29


def test_a_filter_reaches_every_result() -> None:
    few = Analysis(sample(), Selection.of({"etiology": ["Postpartum"]}))
    assert few.flow("12m").selected == 24
    assert few.flow("12m").analysed_selected == 13
    assert few.paired("pain", "12m").n == 13
    assert few.statement("satisfied_with_results", "12m").n == 13


def test_results_are_computed_once() -> None:
    found = Analysis(sample())
    assert found.paired("pain", "12m") is found.paired("pain", "12m")
    assert found.paired("pain", "12m", confidence=0.9) is not found.paired("pain", "12m")


def test_nobody_is_said_and_never_a_number() -> None:
    nobody = Analysis(cohort(0))
    assert isinstance(nobody.paired("vas_pain", FOLLOW_UP), NotComputed)
    assert isinstance(nobody.statement("satisfied", FOLLOW_UP), NotComputed)
    assert isinstance(nobody.yes_no("opioids", FOLLOW_UP), NotComputed)
    assert isinstance(nobody.safety(FOLLOW_UP), NotComputed)
    assert isinstance(nobody.responder_curve("vas_pain", FOLLOW_UP), NotComputed)
    rule = Rule("absolute", threshold=Decimal(2))
    assert isinstance(nobody.responders("vas_pain", FOLLOW_UP, rule).rate, NotComputed)
    assert isinstance(by_baseline_third(nobody, "vas_pain", FOLLOW_UP, rule), NotComputed)
    assert isinstance(percent_curve(nobody, "vas_pain", FOLLOW_UP), NotComputed)
    assert isinstance(by_distribution(nobody, "vas_pain", FOLLOW_UP, 0.8), NotComputed)


def test_what_the_file_lacks_is_a_sentence() -> None:
    assert "does not record" in Analysis(cohort(5, events=False)).safety(FOLLOW_UP).reason
    assert "not asked" in Analysis(cohort(5)).statement("satisfied", "24m").reason


@settings(max_examples=25)
@given(n=st.integers(0, 40), seed=st.integers(0, 10**6), missing=st.sampled_from([0.0, 0.3, 1.0]))
def test_identities(n: int, seed: int, missing: float) -> None:
    found = Analysis(cohort(n, seed=seed, missing=missing))
    for measure in found.cohort.measures.values():
        rule = default_rule(measure)
        result = found.responders(measure.key, FOLLOW_UP, rule)
        pairs = found.pairs(measure.key, FOLLOW_UP)
        assert isinstance(result, ResponderResult)
        assert result.improved + result.unchanged + result.worsened == result.evaluable
        assert pairs.n + pairs.excluded.total == n
        assert int(np.count_nonzero(found.responds(measure.key, FOLLOW_UP, rule))) == result.responders
        curve = found.responder_curve(measure.key, FOLLOW_UP)
        if not isinstance(curve, NotComputed):
            assert curve.share_at(rule.threshold) == result.rate.share
        to_record(found.paired(measure.key, FOLLOW_UP))  # refuses NaN and infinity


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), percent=st.integers(1, 100))
def test_the_percent_curve_meets_the_percent_rule_at_every_whole_percent(seed: int, percent: int) -> None:
    found = Analysis(cohort(30, seed=seed))
    curve = percent_curve(found, "vas_pain", FOLLOW_UP)
    result = found.responders("vas_pain", FOLLOW_UP, Rule("percent", threshold=Decimal(percent)))
    assert curve.share_at(Decimal(percent)) == result.rate.share


def test_thirds_of_the_baseline_hold_every_pair_once() -> None:
    found = Analysis(sample())
    rule = Rule("absolute", threshold=Decimal(2))
    thirds = by_baseline_third(found, "pain", "12m", rule)
    assert sum(t.rate.n for t in thirds) == 29
    assert sum(t.rate.count for t in thirds) == 20
    assert [t.low for t in thirds] == sorted(t.low for t in thirds)


def test_a_filter_does_not_rename_the_thirds() -> None:
    """Two patients who start at 7 and 8 are in the lowest and the middle third of the cohort, not "lower", "higher"."""
    rule = Rule("absolute", threshold=Decimal(2))
    few = Analysis(sample(), Selection.of({"etiology": ("Posttraumatic",)}))
    table = thirds_table(sample().measures["pain"], by_baseline_third(few, "pain", "12m", rule))
    assert [[c.text for c in row][:3] for row in table.rows] == [["lowest", "7", "1 of 1"], ["middle", "8", "1 of 1"]]
    whole = by_baseline_third(Analysis(sample()), "pain", "12m", rule)
    assert [(t.place, t.parts) for t in whole] == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize(
    ("levels", "reverse", "index"),
    [(5, False, 3), (5, True, 1), (7, False, 4), (4, False, 2), (4, True, 1), (3, True, 0)],
)
def test_just_past_neutral(levels: int, reverse: bool, index: int) -> None:
    assert just_past_neutral(levels, reverse) == index


def test_an_anchor_of_the_sample() -> None:
    found = Analysis(sample())
    assert anchors(found, "12m")[0].key == "complaints_reduced"
    assert not is_rating_of_change(anchors(found, "12m")[0])
    assert smallest_improved(anchors(found, "12m")[0]) == ()  # agreement is no rating of change: the user says it
    anchor = parse_anchor("complaints_reduced=3", found, "12m")
    assert anchor == Anchor("complaints_reduced", (3,))
    assert parse_anchor("nothing=3", found, "12m") is parse_anchor("complaints_reduced=", found, "12m") is None
    mic = predictive(found, "pain", "12m", anchor)
    assert isinstance(mic, NotComputed)
    assert "23 improved and 6 not" in mic.reason
    result = anchor_based(found, "pain", "12m", anchor)
    assert result.n == 29
    assert result.n_improved == 23


def test_just_improved_is_the_smallest_improved_level_and_never_satisfied() -> None:
    change = ("Much worse", "Slightly worse", "Unchanged", "Slightly improved", "Much improved")
    rating = Statement("change", "Change", change)
    assert smallest_improved(rating) == (3,)
    assert smallest_improved(replace(rating, levels=change[::-1], reverse=True)) == (1,)
    satisfied = Statement("satisfaction", "Satisfaction", ("Dissatisfied", "Neutral", "Satisfied", "Very satisfied"))
    assert smallest_improved(satisfied) == ()


def test_an_anchor_nobody_answered() -> None:
    made = cohort(10)
    silent = Analysis(replace(made, answers={key: np.full(10, -1, np.int8) for key in made.answers}))
    anchor = Anchor(anchors(silent, FOLLOW_UP)[0].key, (1,))
    assert isinstance(anchor_based(silent, "vas_pain", FOLLOW_UP, anchor), NotComputed)


def test_not_yet_due_is_in_no_denominator_of_worst_and_best_case() -> None:
    base = cohort(40, missing=0.3)
    waiting = np.zeros(40, dtype=bool)
    waiting[:15] = True
    rule = Rule("absolute", threshold=Decimal(2))
    whole = Analysis(base).responder_bounds("vas_pain", FOLLOW_UP, rule)
    due = Analysis(replace(base, not_due={FOLLOW_UP: waiting})).responder_bounds("vas_pain", FOLLOW_UP, rule)
    assert not isinstance(whole, NotComputed)
    assert not isinstance(due, NotComputed)
    left_out = int((waiting & np.isnan(base.scores["vas_pain", FOLLOW_UP])).sum())
    assert left_out > 0
    assert due.n == whole.n - left_out == 40 - left_out
    assert due.worst.count == whole.worst.count
    assert due.missing == whole.missing - left_out
