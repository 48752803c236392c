"""Adverse events per patient, per operation, by group and listed; yes/no outcomes between any two time points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.grouped_patients import groups_of, safety_by_group
from lib.analysis.groups.comparison import compare
from lib.analysis.safety import (
    SafetyOf,
    after_surgery,
    between_groups,
    event_list,
    per_procedure,
    populations,
    safety_of,
    whole_cohort,
)
from lib.analysis.table_one import Group
from lib.analysis.yes_no import recorded_at, yes_no_between, yes_no_by_group
from lib.cohort.cohort import BASELINE, Category, Cohort, Events, TimePoint
from lib.cohort.design import Design
from lib.cohort.grouping import ByBaseline, ByColumn, Named, TwoCohorts
from lib.cohort.selection import Population, Range, Selection
from lib.stats.proportions import Proportion
from lib.stats.results import NotComputed, Test
from lib.stats.yes_no import YesNoResult
from tests.cohorts import FOLLOW_UP, PAIN, cohort


def hurt(n: int = 20) -> Cohort:
    """Patient 0 has two events and two operations, patient 3 one event without details; 1 was operated on twice."""
    made = cohort(n, missing=0.0)
    twice = np.zeros(n, dtype=np.int32)
    twice[: min(2, n)] = 1
    events = Events(
        patient=np.array([0, 0, 3], dtype=np.int64),
        type=("Loosening", "Infection", "Infection"),
        timing=("Postoperative", "Intraoperative", ""),
        severity=("Severe", "Mild", ""),
        serious=(True, False, None),
        procedure=("Revision", "", ""),
    )
    columns = {
        **made.columns,
        "staged_bilateral": Category("staged_bilateral", "Staged", ("No", "Yes"), twice, "staged_bilateral"),
        "reoperation": Category(
            "reoperation", "Reoperation", ("No", "Yes"), np.zeros(n, dtype=np.int32), "reoperation"
        ),
    }
    return replace(made, events=events, columns=columns)


def all_of(made: Cohort) -> Group:
    return Group("All operated", np.ones(made.n, dtype=bool))


def test_patients_and_events_are_counted_apart() -> None:
    found = safety_of(Analysis(hurt()), all_of(hurt()))
    assert isinstance(found, SafetyOf)
    assert (found.any.events, found.any.patients.count, found.any.patients_with_several) == (3, 2, 1)
    counted = {
        (t.kind, name): (entry.events, entry.patients.count)
        for t in found.tallies
        for name, entry in zip(t.names, t.summary.by_type, strict=True)
    }
    assert counted["Type", "Infection"] == (2, 2)
    assert counted["Timing", "Intraoperative"] == (1, 1)
    assert counted["Seriousness", "Serious"] == (1, 1)
    assert counted["Procedure for it", "Revision"] == (1, 1)
    severity = next(t for t in found.tallies if t.kind == "Severity")
    assert severity.names == ("Mild", "Severe")


def test_operations_with_an_event_between_fewest_and_most() -> None:
    found = per_procedure(Analysis(hurt()), all_of(hurt()).mask)
    assert not isinstance(found, NotComputed)
    assert (found.procedures, found.second, found.events) == (22, 2, 3)
    assert (found.with_event.count, found.most, found.unknown) == (2, 3, 0)


def test_without_the_column_operations_are_not_counted() -> None:
    made = cohort(20)
    found = per_procedure(Analysis(made), np.ones(20, dtype=bool))
    assert found == NotComputed("the file does not say who had a second operation", 20)


def test_zero_reoperations_have_an_upper_limit() -> None:
    (found,) = after_surgery(Analysis(hurt()), all_of(hurt()).mask)
    ((answer, rate),) = found.answers
    assert isinstance(rate, Proportion)
    assert (answer, rate.count, rate.n, rate.interval.low) == ("Yes", 0, 20, 0.0)
    assert rate.interval.high == pytest.approx(1 - 0.025 ** (1 / 20), rel=1e-12)  # by hand: (1 - u)^20 = 0.025


def test_no_events_recorded_and_nobody() -> None:
    made = cohort(10, events=False)
    analysis = Analysis(made)
    people = Group("x", np.ones(10, dtype=bool))
    assert isinstance(safety_of(analysis, people), NotComputed)
    assert isinstance(per_procedure(analysis, people.mask), NotComputed)
    assert isinstance(event_list(analysis, people.mask, [], FOLLOW_UP), NotComputed)
    assert isinstance(between_groups(analysis, people.mask, [people]), NotComputed)
    assert safety_of(Analysis(hurt()), Group("nobody", np.zeros(20, dtype=bool))) == NotComputed("no patients", 0)


def test_both_populations_where_they_differ() -> None:
    made = cohort(40, missing=0.3)
    assert [g.label for g in populations(Analysis(made), FOLLOW_UP)] == ["All operated", "Analysed"]
    chosen = populations(Analysis(made, population=Population.ALL), FOLLOW_UP)
    assert [g.label for g in chosen] == ["All operated", "Analysed"]
    full = cohort(40, missing=0.0)
    assert [g.label for g in populations(Analysis(full), FOLLOW_UP)] == ["All operated"]
    injected = replace(made, design=Design("injected"))
    assert [g.label for g in populations(Analysis(injected), FOLLOW_UP)] == ["All injected", "Analysed"]


def test_the_axis_comes_from_the_whole_cohort() -> None:
    made = hurt()
    some = Analysis(made, Selection.of({"center": ["Heerlen"]}))
    found = whole_cohort(some, FOLLOW_UP)
    assert isinstance(found, SafetyOf)
    assert found.n == 20


def test_groups_cut_from_the_baseline_or_sharing_patients_are_not_tested() -> None:
    analysis = Analysis(hurt(60), population=Population.ALL)
    heerlen, adults = Selection.of({"center": ["Heerlen"]}), Selection.of({}, {"age": Range(18, None)})
    for grouping, reason in (
        (ByBaseline(PAIN.key), "regression to the mean"),
        (TwoCohorts(Named(heerlen), Named(adults)), "share patients"),
    ):
        comparison = compare(analysis, grouping)
        people = comparison.all.people(FOLLOW_UP)
        found = between_groups(analysis, people, groups_of(comparison), within_only=comparison.within_only)
        assert isinstance(found, NotComputed)
        assert found == NotComputed(comparison.within_only, int(people.sum()))
        assert reason in found.reason


def test_everybody_has_a_name_of_his_own() -> None:
    made = replace(hurt(30), columns=cohort(30, missing=0.0, etiologies=("All", "Trauma")).columns)
    comparison = compare(Analysis(made), ByColumn("etiology"))
    names = [label for label, _ in safety_by_group(comparison.all, comparison)]
    people = comparison.all.people(FOLLOW_UP)
    rows = yes_no_by_group(comparison.all, "opioids", BASELINE, FOLLOW_UP, people, groups_of(comparison))
    assert names[0] == rows[0].label == "All patients"
    assert len(set(names)) == len({r.label for r in rows}) == 3


def test_groups_add_up_to_all_and_are_tested_once() -> None:
    made = hurt(30)
    analysis = Analysis(made, population=Population.ALL)
    comparison = compare(analysis, ByColumn("center"))
    (_, everyone), *groups = safety_by_group(analysis, comparison)
    assert isinstance(everyone, SafetyOf)
    assert sum(g.any.events for _, g in groups if isinstance(g, SafetyOf)) == everyone.any.events == 3
    masks = [Group(label, group.selected) for label, group in comparison.groups]
    assert isinstance(between_groups(analysis, np.ones(30, dtype=bool), masks), Test)
    assert between_groups(analysis, np.ones(30, dtype=bool), [masks[0], masks[0]]) == NotComputed(
        "the groups share patients", 30
    )


def test_the_listing_has_rows_and_scores_and_no_id() -> None:
    made = hurt()
    before = made.scores[PAIN.key, BASELINE].copy()
    before[3] = np.nan
    made = replace(made, scores={**made.scores, (PAIN.key, BASELINE): before}, _counts={})
    found = event_list(Analysis(made), np.arange(20) < 2, [PAIN.key], FOLLOW_UP, "satisfied")
    assert not isinstance(found, NotComputed)
    assert [(r.row, r.counted, r.type) for r in found] == [
        (2, True, "Loosening"),
        (2, True, "Infection"),
        (5, False, "Infection"),
    ]
    (score,) = found[0].scores
    pain = made.scores[PAIN.key, BASELINE][0], made.scores[PAIN.key, FOLLOW_UP][0]
    assert (score.before, score.after, score.improvement) == (*pain, pain[0] - pain[1])
    assert isinstance(found[2].scores[0].improvement, NotComputed)
    assert found[0].answer in made.statements["satisfied"].levels


def test_a_filtered_patient_is_not_listed() -> None:
    made = hurt()
    only = Selection.of({"center": ["Heerlen", "Enschede"]}).with_labels("etiology", ["Trauma"])
    inside = only.apply(made)
    found = event_list(Analysis(made, only), inside, [], FOLLOW_UP)
    assert not isinstance(found, NotComputed)
    assert len(found) == sum(bool(inside[p]) for p in made.events.patient)


# --- yes/no ---


def three_times(n: int = 30) -> Cohort:
    made = cohort(n)
    later = made.yesno["opioids", FOLLOW_UP].copy()
    later[::2] = -1
    time_points = (*made.time_points, TimePoint("24m", "24 months", 24))
    return replace(made, time_points=time_points, yesno={**made.yesno, ("opioids", "24m"): later})


def test_any_two_time_points() -> None:
    made = three_times()
    everyone = np.ones(30, dtype=bool)
    assert [o.key for o in recorded_at(made, "opioids")] == [BASELINE, FOLLOW_UP, "24m"]
    found = yes_no_between(Analysis(made), "opioids", FOLLOW_UP, "24m", everyone)
    assert isinstance(found.result, YesNoResult)
    assert (found.people, found.missing, found.result.n) == (30, 15, 15)
    assert (found.result.stopped, found.result.started) == (0, 0)
    assert isinstance(found.result.exact, NotComputed)


def test_groups_add_up() -> None:
    made = three_times()
    halves = [Group("a", np.arange(30) < 12), Group("b", np.arange(30) >= 12)]
    rows = yes_no_by_group(Analysis(made), "opioids", BASELINE, FOLLOW_UP, np.ones(30, dtype=bool), halves)
    numbers = [r.result.stopped for r in rows if isinstance(r.result, YesNoResult)]
    assert numbers[0] == sum(numbers[1:])


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_and_nobody(n: int) -> None:
    made = cohort(n)
    found = yes_no_between(Analysis(made), "opioids", BASELINE, FOLLOW_UP, np.ones(n, dtype=bool))
    assert found.people == n
    assert isinstance(found.result, NotComputed) == (n == 0)
    absent = yes_no_between(Analysis(made), "opioids", BASELINE, "99m", np.ones(n, dtype=bool))
    assert isinstance(absent.result, NotComputed)
