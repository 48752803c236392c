"""Table 1 for any groups, and attrition: counts agree with the pairs, every patient once, and the edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.attrition import (
    STATES,
    Periods,
    analysed_against_not,
    by_category,
    by_period,
    gap,
    measure_flow,
    occurring,
)
from lib.analysis.grouped_patients import groups_of, patients_table, people_of
from lib.analysis.groups.comparison import compare
from lib.analysis.table_one import Group, TableOne, of_sections, table_one
from lib.analysis.variables import OF_PROCEDURE, variables
from lib.cohort.cohort import BASELINE, Category, Cohort, Dates, Number
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Population, Selection
from lib.stats.results import NotComputed
from lib.stats.table_one import CategoricalSummary
from tests.cohorts import FOLLOW_UP, PAIN, cohort


def everybody(of: Cohort) -> np.ndarray:
    return np.ones(of.n, dtype=bool)


def dated(n: int = 40, *, months: int = 20, gone: tuple[int, int] = (6, 10)) -> Cohort:
    """Two patients a month; between two months nobody answered before surgery."""
    made = cohort(n, missing=0.0)
    month = np.arange(n) * months // n
    days = (np.datetime64("2019-01", "M") + month).astype("datetime64[D]")
    before = made.scores[PAIN.key, BASELINE].copy()
    before[(month >= gone[0]) & (month < gone[1])] = np.nan
    columns = {**made.columns, "surgery_date": Dates("surgery_date", "Surgery date", days, "surgery_date")}
    return replace(made, columns=columns, scores={**made.scores, (PAIN.key, BASELINE): before}, _counts={})


# --- Table 1 ---


@pytest.mark.parametrize("n", [0, 1, 2, 3, 60])
def test_every_size_has_a_table(n: int) -> None:
    made = cohort(n)
    halves = [Group("First", np.arange(n) % 2 == 0), Group("Second", np.arange(n) % 2 == 1)]
    found = table_one(Analysis(made), everybody(made), halves)
    assert (found.n, sum(found.sizes)) == (n, n)
    for row in found.rows:
        assert row.overall.n + row.overall.missing == n
        assert sum(g.n for g in row.groups) == row.overall.n


def test_groups_that_share_patients_are_not_compared() -> None:
    made = cohort(30)
    found = table_one(
        Analysis(made), everybody(made), [Group("All", everybody(made)), Group("Ten", np.arange(30) < 10)]
    )
    assert found.overlap
    assert not found.partition
    assert {r.smd.reason for r in found.rows if isinstance(r.smd, NotComputed)} == {"the groups share patients"}


def test_the_column_of_the_groups_is_not_tested_and_an_empty_group_takes_no_part() -> None:
    made = cohort(40, etiologies=("Postpartum", "Trauma", "Nobody has this"))
    codes = np.arange(40) % 2
    column = Category("etiology", "Etiology", ("Postpartum", "Trauma", "Nobody has this"), codes, "etiology")
    made = replace(made, columns={**made.columns, "etiology": column})
    analysis = Analysis(made, population=Population.ALL)
    comparison = compare(analysis, ByColumn("etiology"))
    found = patients_table(analysis, comparison, FOLLOW_UP)
    by_key = {r.variable.key: r for r in found.rows}
    assert by_key["etiology"].smd == NotComputed("the groups are made of it", 40)
    assert isinstance(by_key["age"].smd, float)
    assert sum(found.sizes) == 40


def test_no_groups_no_difference() -> None:
    made = cohort(20)
    found = table_one(Analysis(made), everybody(made))
    assert all(isinstance(r.smd, NotComputed) and isinstance(r.test, NotComputed) for r in found.rows)


def test_order_of_the_groups_does_not_change_a_difference() -> None:
    made = cohort(50)
    a, b = Group("a", np.arange(50) < 20), Group("b", np.arange(50) >= 20)
    first = table_one(Analysis(made), everybody(made), [a, b])
    second = table_one(Analysis(made), everybody(made), [b, a])
    for one, other in zip(first.rows, second.rows, strict=True):
        assert one.smd == other.smd or one.smd == pytest.approx(other.smd, rel=1e-12)


def test_a_few_whole_numbers_are_counted_and_gaps_stay_missing() -> None:
    made = cohort(40)
    values = np.where(np.arange(40) % 4 == 0, 2.0, 3.0)
    values[:3] = np.nan
    made = replace(made, columns={"implants": Number("implants", "Implants", values, role="implants")}, events=None)
    (row,) = of_sections(table_one(Analysis(made), everybody(made)), OF_PROCEDURE).rows
    assert row.variable.levels == ("2", "3")
    assert row.overall == CategoricalSummary(37, 3, (9, 28))


def test_outcomes_and_nameless_columns_have_their_place() -> None:
    made = cohort(30)
    codes = np.zeros(30, dtype=np.int32)
    columns = {
        "reoperation": Category("reoperation", "Reoperation", ("No", "Yes"), codes, "reoperation"),
        "team": Category("team", "Team", ("A", "B", "C"), codes),
        "lone": Category("lone", "Lone", (), codes - 1),
    }
    found = {v.key: v.section for v in variables(replace(made, columns=columns))}
    assert "reoperation" not in found
    assert "lone" not in found
    assert found["team"] == "Other"


def test_forced_form() -> None:
    made = cohort(30)
    found = table_one(Analysis(made), everybody(made), form="median [Q1, Q3]")
    assert {r.display.shown for r in found.rows if r.display} == {"median [Q1, Q3]"}


def test_groups_come_from_the_comparison_and_people_from_its_population() -> None:
    made = cohort(50)
    analysis = Analysis(made, Selection.of({"center": ["Heerlen"]}))
    comparison = compare(analysis, ByColumn("etiology"))
    people = people_of(analysis, comparison, FOLLOW_UP)
    assert np.array_equal(people, analysis.people(FOLLOW_UP))
    assert [g.label for g in groups_of(comparison)] == list(comparison.labels)
    assert groups_of(None) == ()


# --- attrition ---


def test_the_flow_agrees_with_the_pairs_reason_by_reason() -> None:
    made = cohort(80, missing=0.3)
    bad = np.zeros(80, dtype=bool)
    bad[np.flatnonzero(np.isnan(made.scores[PAIN.key, BASELINE]))[:2]] = True
    late = np.zeros(80, dtype=bool)
    late[np.flatnonzero(np.isnan(made.scores[PAIN.key, FOLLOW_UP]))[:4]] = True
    made = replace(made, illegal={(PAIN.key, BASELINE): bad}, not_due={FOLLOW_UP: late})
    analysis = Analysis(made)
    flow, pairs = measure_flow(analysis, PAIN.key, FOLLOW_UP), analysis.pairs(PAIN.key, FOLLOW_UP)
    total: dict[str, int] = {}
    for before, step in zip(flow.steps, flow.steps[1:], strict=False):
        assert before.n - sum(n for _, n in step.left) == step.n
        for reason, n in step.left:
            total[reason] = total.get(reason, 0) + n
    assert flow.pairs == pairs.n
    assert total == {
        "not_yet_due": pairs.excluded.not_yet_due,
        "died": pairs.excluded.died,
        "no_baseline": pairs.excluded.no_baseline,
        "neither": pairs.excluded.neither,
        "illegal": pairs.excluded.illegal,
        "no_follow_up": pairs.excluded.no_follow_up,
    }
    assert total["not_yet_due"] == 4 - np.count_nonzero(late & bad)


def test_not_yet_due_is_no_loss() -> None:
    made = dated()
    late = np.zeros(40, dtype=bool)
    late[-6:] = True
    after = made.scores[PAIN.key, FOLLOW_UP].copy()
    after[-6:] = np.nan
    scores = {**made.scores, (PAIN.key, FOLLOW_UP): after}
    made = replace(made, not_due={FOLLOW_UP: late}, scores=scores, _counts={})
    analysis = Analysis(made)
    periods = by_period(analysis, PAIN.key, FOLLOW_UP)
    assert isinstance(periods, Periods)
    assert [r.due for r in periods.rows[-3:]] == [0, 0, 0]
    assert STATES.index("not_yet_due") in occurring(analysis, PAIN.key, FOLLOW_UP)
    found = analysed_against_not(analysis, PAIN.key, FOLLOW_UP)
    assert isinstance(found, TableOne)
    assert found.n == 34


def test_months_in_order_with_the_gap_between_them() -> None:
    periods = by_period(Analysis(dated()), PAIN.key, FOLLOW_UP)
    assert isinstance(periods, Periods)
    assert (periods.unit, periods.tallest, len(periods.rows)) == ("month", 2, 20)
    found = gap(periods)
    assert found is not None
    assert (found.first, found.last, found.complete, found.due) == ("2019-07", "2019-10", 0, 8)


def test_a_full_cohort_has_no_gap() -> None:
    periods = by_period(Analysis(dated(gone=(0, 0))), PAIN.key, FOLLOW_UP)
    assert isinstance(periods, Periods)
    assert gap(periods) is None
    assert analysed_against_not(Analysis(dated(gone=(0, 0))), PAIN.key, FOLLOW_UP) == NotComputed(
        "every patient who is due has a complete pair", 40
    )


@pytest.mark.parametrize(("months", "unit", "first"), [(40, "quarter", "2019 Q1"), (120, "year", "2019")])
def test_long_cohorts_are_counted_in_longer_periods(months: int, unit: str, first: str) -> None:
    periods = by_period(Analysis(dated(months=months)), PAIN.key, FOLLOW_UP)
    assert isinstance(periods, Periods)
    assert (periods.unit, periods.rows[0].label) == (unit, first)
    assert sum(r.n for r in periods.rows) == 40


def test_months_stay_when_the_filter_moves_and_undated_patients_are_told() -> None:
    made = dated()
    days = made.columns["surgery_date"].days.copy()
    days[0] = np.datetime64("NaT")
    made = replace(made, columns={**made.columns, "surgery_date": Dates("surgery_date", "Surgery date", days)})
    every = by_period(Analysis(made), PAIN.key, FOLLOW_UP)
    some = by_period(Analysis(made, Selection.of({"center": ["Heerlen"]})), PAIN.key, FOLLOW_UP)
    assert isinstance(every, Periods)
    assert isinstance(some, Periods)
    assert [r.label for r in every.rows] == [r.label for r in some.rows]
    assert every.tallest == some.tallest
    assert every.undated == 1


def test_no_date_of_surgery_is_words() -> None:
    assert by_period(Analysis(cohort(20)), PAIN.key, FOLLOW_UP) == NotComputed("the file has no date of treatment", 20)


def test_centers_add_up_and_a_missing_center_comes_last() -> None:
    made = cohort(50)
    codes = made.columns["center"].codes.copy()
    codes[:4] = -1
    column = Category("center", "Center", ("Heerlen", "Enschede"), codes, "center")
    rows = by_category(Analysis(made), PAIN.key, FOLLOW_UP, column)
    assert not isinstance(rows, NotComputed)
    assert (rows[-1].label, rows[-1].n) == ("Not recorded", 4)
    assert sum(r.complete for r in rows) == Analysis(made).pairs(PAIN.key, FOLLOW_UP).n
    assert all(sum(r.states) == r.n for r in rows)


@pytest.mark.parametrize("missing", [0.0, 1.0])
def test_nobody_and_everybody_missing(missing: float) -> None:
    analysis = Analysis(cohort(12, missing=missing))
    flow = measure_flow(analysis, PAIN.key, FOLLOW_UP)
    assert flow.pairs == (12 if missing == 0 else 0)
    assert isinstance(analysed_against_not(analysis, PAIN.key, FOLLOW_UP), NotComputed)
