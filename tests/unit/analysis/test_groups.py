"""Groups side by side: guard rails, families, centers, associations, time points, published cohorts, the record."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from lib.analysis import Analysis, default_rule
from lib.analysis.association_of import Against, association, offered, parse_against
from lib.analysis.grouped_patients import patients_table
from lib.analysis.groups.centers import RatesOf, center_responders, is_by_center
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.literature import published
from lib.analysis.groups.rates import rate_family, responder_rates, top_two_rates
from lib.analysis.groups.scores import between_scores, score_family
from lib.analysis.groups.time_points import trajectories
from lib.analysis.safety import OUTCOMES, in_row, outcome_counts, with_outcome, with_pairs
from lib.analysis.table_one import case_mix, who_improved
from lib.catalog.thresholds import thresholds_for
from lib.cohort.cohort import BASELINE, Cohort, TimePoint
from lib.cohort.grouping import ByBaseline, ByColumn, ByQuantile, Grouping, Merge, Named, TwoCohorts, VersusRest
from lib.cohort.selection import Range, Selection
from lib.present.tables.table_one import table_one_table
from lib.report.numbers import comparison_record
from lib.stats.proportions import Proportion
from lib.stats.responders import Rule
from lib.stats.results import NotComputed, Test
from tests.cohorts import FOLLOW_UP, PAIN, cohort
from tests.sample import sample

TWO = Rule("absolute", threshold=Decimal(2))


def by_etiology(of: Cohort) -> Comparison:
    return compare(Analysis(of), ByColumn("etiology"))


# --- guard rails -----------------------------------------------------------------------------------------------------


def test_small_groups_stand_outside_the_model() -> None:
    comparison = by_etiology(sample())
    found = between_scores(comparison, "pain", "12m")
    assert found.labels == ("Postpartum", "Unknown", "Prior spinal fusion", "Ehlers-Danlos syndrome")
    assert found.n_per_group == (13, 5, 3, 4)
    assert found.outside == (("Posttraumatic", 2), ("Degenerative", 2))
    assert not isinstance(found.ancova, NotComputed)
    assert found.ancova.n == 25


def test_merging_brings_them_in() -> None:
    merge = Merge(("Unknown", "Degenerative", "Posttraumatic"), "Other")
    comparison = compare(Analysis(sample()), ByColumn("etiology", (merge,)))
    found = between_scores(comparison, "pain", "12m")
    assert dict(zip(found.labels, found.n_per_group, strict=True))["Other"] == 9
    assert found.outside == ()


@pytest.mark.parametrize(
    ("grouping", "reason"),
    [
        (ByBaseline("vas_pain"), "regression to the mean"),
        (
            TwoCohorts(Named(Selection.of({"center": ["Heerlen"]})), Named(Selection.of({}, {"age": Range(30, None)}))),
            "share patients",
        ),
    ],
)
def test_some_groups_are_never_tested(grouping: ByBaseline | TwoCohorts, reason: str) -> None:
    comparison = compare(Analysis(cohort(80)), grouping)
    family = score_family(comparison, ["vas_pain", "eq_vas"], FOLLOW_UP)
    assert family.size == 0
    for result in family.results:
        assert isinstance(result.ancova, NotComputed)
        assert reason in result.ancova.reason
        assert all(isinstance(gap.p, NotComputed) for gap in (*result.gaps, *result.contrasts))
    rates = rate_family(comparison, [("vas_pain", responder_rates(comparison, "vas_pain", FOLLOW_UP, TWO))])
    assert rates.size == 0
    found = trajectories(comparison.all, comparison, "vas_pain")
    assert not isinstance(found, NotComputed)
    assert isinstance(found.model, NotComputed)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_hardly_anybody(n: int) -> None:
    of = cohort(n, missing=0.0)
    comparison = by_etiology(of)
    family = score_family(comparison, ["vas_pain"], FOLLOW_UP)
    assert isinstance(family.results[0].ancova, NotComputed)
    assert "fewer than two groups" in family.results[0].ancova.reason
    rates = responder_rates(comparison, "vas_pain", FOLLOW_UP, TWO)
    assert len(rates) == 5
    assert isinstance(rate_family(comparison, [("vas_pain", rates)]).of("vas_pain").heterogeneity, NotComputed)
    assert isinstance(
        center_responders(Analysis(of), ByColumn("etiology"), "vas_pain", FOLLOW_UP, TWO, ()), NotComputed
    )
    json.dumps(comparison_record(comparison, FOLLOW_UP), allow_nan=False)


def test_nobody_filled_in_anything() -> None:
    comparison = by_etiology(cohort(30, missing=1.0))
    assert between_scores(comparison, "vas_pain", FOLLOW_UP).labels == ()
    found = association(comparison.all, "vas_pain", FOLLOW_UP, Against("column", "age"))
    assert len(found.x) == 0
    assert isinstance(found.spearman, NotComputed)
    lines = trajectories(comparison.all, comparison, "vas_pain")
    assert not isinstance(lines, NotComputed)
    assert isinstance(lines.model, NotComputed)
    json.dumps(comparison_record(comparison, FOLLOW_UP), allow_nan=False)


def test_equal_scores_have_no_model() -> None:
    of = cohort(30, missing=0.0)
    flat = {key: np.full(30, 5.0) for key in of.scores}
    found = between_scores(by_etiology(replace(of, scores=flat, _counts={})), "vas_pain", FOLLOW_UP)
    assert isinstance(found.ancova, NotComputed)
    assert all(isinstance(gap.p, NotComputed) for gap in found.gaps)


# --- families --------------------------------------------------------------------------------------------------------


def test_only_the_primary_outcome_is_corrected() -> None:
    comparison = by_etiology(cohort(200))
    family = score_family(comparison, ["vas_pain", "eq_vas"], FOLLOW_UP)
    assert family.size == 4  # four groups, each against the average of all
    assert family.primary == "vas_pain"
    for measure, corrected in (("vas_pain", True), ("eq_vas", False)):
        found = family.of(measure)
        assert not isinstance(found.ancova, NotComputed)
        for d, contrast in zip(found.ancova.differences, found.contrasts, strict=True):
            assert isinstance(contrast.p, float)
            assert (contrast.p > d.test.p) is corrected
        assert found.smallest_p == min(c.p for c in found.contrasts)
    with pytest.raises(KeyError, match="odi"):
        family.of("odi")


def test_swapping_the_groups_turns_the_sign_only() -> None:
    of = cohort(120)
    one, two = Selection.of({"center": ["Heerlen"]}), Selection.of({"center": ["Enschede"]})
    forth = between_scores(compare(Analysis(of), TwoCohorts(Named(one), Named(two))), "vas_pain", FOLLOW_UP)
    back = between_scores(compare(Analysis(of), TwoCohorts(Named(two), Named(one))), "vas_pain", FOLLOW_UP)
    assert not isinstance(forth.ancova, NotComputed)
    assert not isinstance(back.ancova, NotComputed)
    a, b = forth.ancova.differences[0], back.ancova.differences[0]
    assert a.difference.value == pytest.approx(-b.difference.value)
    assert a.test.p == pytest.approx(b.test.p)


def test_the_rest_is_the_same_as_the_other_center() -> None:
    of = cohort(120)
    heerlen = Selection.of({"center": ["Heerlen"]})
    rest = between_scores(compare(Analysis(of, heerlen), VersusRest(heerlen)), "vas_pain", FOLLOW_UP)
    column = between_scores(compare(Analysis(of), ByColumn("center")), "vas_pain", FOLLOW_UP)
    assert not isinstance(rest.ancova, NotComputed)
    assert not isinstance(column.ancova, NotComputed)
    assert rest.ancova.heterogeneity.p == pytest.approx(column.ancova.heterogeneity.p)


def test_best_two_answers_between_groups() -> None:
    comparison = by_etiology(cohort(200))
    rates = top_two_rates(comparison, "satisfied", FOLLOW_UP)
    family = rate_family(comparison, [("satisfied", rates)])
    found = family.of("satisfied")
    assert isinstance(rates[0][1], Proportion)
    assert sum(r.n for r in found.rates) == rates[0][1].n
    assert isinstance(found.heterogeneity, Test)
    with pytest.raises(KeyError, match="other"):
        family.of("other")


# --- centers ---------------------------------------------------------------------------------------------------------


def test_a_funnel_needs_five_centers() -> None:
    found = center_responders(Analysis(sample()), ByColumn("center"), "pain", "12m", TWO, ())
    assert isinstance(found, NotComputed)
    assert "at least 5" in found.reason
    registry = sample("registry.csv")
    assert is_by_center(compare(Analysis(registry), ByColumn("center")))
    assert not is_by_center(compare(Analysis(registry), ByQuantile("age")))
    rule = Rule("absolute", threshold=Decimal(20))
    funnel = center_responders(Analysis(registry), ByColumn("center"), "pain_back", "12m", rule, ("baseline",))
    assert isinstance(funnel, RatesOf)
    assert len(funnel.members.labels) == 12
    assert funnel.members.labels[-1] == "Larkfield"
    assert funnel.found.outside998[-1] == 0  # 2 of 2 is nothing to judge
    assert not funnel.found.judged[-1]


# --- associations, time points ---------------------------------------------------------------------------------------


def test_improvement_against_other_numbers() -> None:
    analysis = Analysis(sample())
    choices = offered(analysis, "pain", "12m")
    assert Against("column", "age") in choices
    assert Against("baseline", "pain") in choices
    assert Against("improvement", "eq_vas") in choices
    own = association(analysis, "pain", "12m", Against("baseline", "pain"))
    assert own.own_baseline
    assert len(own.x) == 29
    other = association(analysis, "pain", "12m", Against("improvement", "eq_vas"))
    gain = analysis.pairs("eq_vas", "12m").improvement
    assert np.allclose(np.sort(other.x), np.sort(gain))
    assert parse_against("nonsense", choices) == choices[0]
    assert parse_against("baseline:pain", choices) == Against("baseline", "pain")
    with pytest.raises(KeyError, match="sex"):
        association(analysis, "pain", "12m", Against("column", "sex"))


def test_time_points_of_a_registry() -> None:
    registry = sample("registry.csv")
    comparison = by_etiology(registry)
    found = trajectories(comparison.all, comparison, "pain_back")
    assert not isinstance(found, NotComputed)
    assert [o.key for o in found.time_points] == ["baseline", "3m", "12m", "24m"]
    assert not isinstance(found.model, NotComputed)
    assert isinstance(found.model.interaction, Test)
    line = found.lines[0]
    counts = registry.counts("pain_back", "3m")[comparison.groups[0][1].selected]
    assert line.points[1].n == int((counts != np.iinfo(np.int64).min).sum())
    alone = trajectories(comparison.all, None, "pain_back")
    assert not isinstance(alone, NotComputed)
    assert not isinstance(alone.model, NotComputed)
    assert isinstance(alone.model.interaction, NotComputed)


def test_one_time_point_is_no_trajectory() -> None:
    of = cohort(20)
    only = replace(
        of,
        time_points=(TimePoint(BASELINE, "Baseline", 0),),
        scores={key: v for key, v in of.scores.items() if key[1] == BASELINE},
    )
    assert isinstance(trajectories(Analysis(only), None, "vas_pain"), NotComputed)


# --- who -------------------------------------------------------------------------------------------------------------


def test_case_mix_and_who_improved() -> None:
    comparison = compare(Analysis(sample()), ByColumn("center"))
    mix = case_mix(comparison, "12m")
    assert mix.labels == ("Heerlen", "Enschede")
    assert mix.sizes == (16, 13)
    who = who_improved(comparison.all, "pain", "12m", TWO)
    assert who.labels == ("Improved enough", "Did not")
    assert who.sizes == (20, 9)
    assert any(isinstance(row.smd, float) for row in who.rows)


@pytest.mark.parametrize(
    ("grouping", "made"),
    [
        (ByColumn("center"), {"center"}),
        (ByQuantile("age"), {"age"}),
        (ByBaseline("vas_pain"), {"score:vas_pain"}),
        (VersusRest(Selection.of({"etiology": ["Postpartum"]})), {"etiology"}),
        (
            TwoCohorts(Named(Selection.of({"center": ["Heerlen"]})), Named(Selection.of({"center": ["Enschede"]}))),
            {"center"},
        ),
    ],
)
def test_the_case_mix_does_not_compare_groups_in_what_they_are_made_of(grouping: Grouping, made: set[str]) -> None:
    analysis = Analysis(cohort(120))
    comparison = compare(analysis, grouping)
    mix = case_mix(comparison, FOLLOW_UP)
    if isinstance(grouping, ByColumn):  # its own rows would say 100% and 0%
        assert not made & {row.variable.key for row in mix.rows}
    tables = [patients_table(analysis, comparison, FOLLOW_UP), *([] if isinstance(grouping, ByColumn) else [mix])]
    for found in tables:
        compared = {row.variable.key: row for row in found.rows if row.variable.balance}
        absent = {key for key, row in compared.items() if isinstance(row.smd, NotComputed)}
        assert absent == made
        for key in made:
            assert compared[key].smd == compared[key].test
            assert compared[key].smd == NotComputed("the groups are made of it", sum(found.sizes))
        tested = {key for key, row in compared.items() if isinstance(row.test, Test)}
        assert tested == (set() if comparison.within_only else set(compared) - made)
        notes = table_one_table(found, p=True).notes
        label = compared[next(iter(made))].variable.label
        assert f"— {label}: the groups are made of it." in notes
        assert (f"Not tested: {comparison.within_only}." in notes) == bool(comparison.within_only)


def test_patients_behind_a_cell() -> None:
    comparison = by_etiology(sample())
    counts = dict(outcome_counts(comparison.rows, "pain", "12m", TWO))
    assert counts["All"] == {"Improved": 20, "Unchanged": 6, "Worsened": 3}
    for name, tally in counts.items():
        group = dict(comparison.rows)[name]
        assert sum(tally.values()) == len(with_pairs(group, "pain", "12m"))
        assert all(len(with_outcome(group, "pain", "12m", TWO, o)) == tally[o] for o in tally)
    row = int(sample().source_rows[4])
    assert in_row(sample(), row).tolist() == [4]
    assert in_row(sample(), 10**6).tolist() == []
    assert set(OUTCOMES) == {"Improved", "Unchanged", "Worsened", "Not evaluable"}


# --- the literature --------------------------------------------------------------------------------------------------


def test_published_cohorts_on_the_scale_of_the_file() -> None:
    found = {(s.study, s.time_point): s for s in published(PAIN)}
    insite = found["INSITE (USA)", "24 months"]
    assert insite.change == Decimal("-5.54")  # printed −55.4 on 0–100
    assert "0–100" in insite.scale_note
    sifi = found["SIFI (USA)", "12 months"]
    assert sifi.derived  # 79.8 and 30.4 are printed, their difference is not
    assert sifi.change == Decimal("-4.94")
    assert sifi.ci is None
    swespine = found["Swespine 2024 (Sweden)", "1 or 2 years"]
    assert swespine.ci == (Decimal("-2.9"), Decimal("-1.6"))
    assert all(s.sources for s in found.values())


def test_leg_pain_is_not_set_beside_back_pain() -> None:
    assert published(replace(PAIN, key="pain_leg")) == ()
    assert published(replace(PAIN, key="pain_back")) != ()
    assert published(replace(PAIN, instrument=None)) == ()
    assert published(replace(PAIN, low=None)) == ()
    assert published(replace(PAIN, instrument="nothing_we_know")) == ()


def test_an_index_is_set_beside_its_own_value_set_only() -> None:
    index = sample().measures["eq5d3l_index:europe_vas"]
    (paper,) = published(index)
    assert (paper.change, paper.n) == (Decimal("0.232"), 29)
    assert published(replace(index, value_set="uk_tto")) == ()


# --- the record ------------------------------------------------------------------------------------------------------


def test_the_record_has_one_level_of_confidence() -> None:
    comparison = by_etiology(cohort(120))
    record = comparison_record(comparison, FOLLOW_UP, confidence=0.8)

    def levels(found: Any) -> set[float]:
        if isinstance(found, dict):
            own = {v for k, v in found.items() if k in ("confidence", "level") and isinstance(v, float)}
            return own.union(*map(levels, found.values()))
        return set().union(*map(levels, found)) if isinstance(found, list | tuple) else set()

    # the family of four comparisons holds together at 0.8
    assert sorted(levels(record)) == [0.8, pytest.approx(0.8**0.25)]
    shares = record["between"]["responders"]["results"][0]["rates"]
    alone = [g["responders"]["vas_pain"]["rate"] for g in record["groups"][1:]]
    assert [s["interval"] for s in shares] == [r["interval"] for r in alone]


def test_the_record_holds_groups_and_what_lies_between() -> None:
    comparison = by_etiology(sample())
    record = json.loads(json.dumps(comparison_record(comparison, "12m"), allow_nan=False))
    assert [g["label"] for g in record["groups"]] == ["All", *comparison.labels]
    assert record["groups"][0]["paired"]["pain"]["n"] == 29
    alone = Analysis(sample(), Selection.of({"etiology": ["Postpartum"]})).responders("pain", "12m", TWO)
    assert not isinstance(alone, NotComputed)
    assert record["groups"][1]["responders"]["pain"]["improved"] == alone.improved
    assert [r["family_size"] for r in record["between"]["scores"]["results"]] == [1, 0, 0]  # 13 of Postpartum, else few
    assert record["against"] == {"kind": "Question", "reference": "", "pairs": False, "primary": ""}
    assert set(record["between"]) == {"scores", "responders", "top_two", "answers"}
    assert record["grouping"] == "etiology"
    rule = default_rule(sample().measures["pain"])
    assert rule is not None
    assert rule.threshold == Decimal(2)
    assert thresholds_for("pain", Decimal(0), Decimal(10))
