"""The subjects a report may be asked for: their numbers, their figures, and what outsiders get of them."""

from __future__ import annotations

import json

import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.rates import responder_rates
from lib.analysis.safety import SafetyOf, populations, safety_of
from lib.cohort.cohort import Cohort
from lib.cohort.grouping import ByColumn
from lib.present import disclosure
from lib.present.theme import PROJECTOR, SCREEN
from lib.report.figures import FIGURES, draw
from lib.report.report import Report, build_report
from lib.stats.proportions import Proportion
from tests.cohorts import cohort
from tests.sample import sample

ASKED = (
    "scatter:pain",
    "waterfall:pain",
    "thirds:pain",
    "rates:pain",
    "rate_gaps:pain",
    "statements_by:0",
    "statements_tests:0",
    "statements_shares:0",
    "yes_no_groups:opioids",
    "events:bars",
    "events:table",
    "events:outcomes",
    "events:groups",
    "completeness:pain",
    "periods:pain",
    "analysed:pain",
)


def by(column: str, found: Cohort, *, outside: bool = False) -> Report:
    analysis = Analysis(found)
    return build_report(analysis, outside=outside, comparison=compare(analysis, ByColumn(column)))


@pytest.fixture(scope="module")
def whole() -> Report:
    return by("center", sample())


def test_they_are_there_to_be_asked_for_and_not_in_a_usual_deck(whole: Report) -> None:
    for key in ASKED:
        item = whole.item(key)
        assert not item.usual
        assert item.chart is not None or (item.table is not None and item.table.rows), key
        assert item.heading
        assert item.finding
    keys = [item.key for item in whole.items]
    assert len(keys) == len(set(keys))
    assert {item.figure for item in whole.items} - {""} <= set(FIGURES)


@pytest.mark.parametrize("medium", [SCREEN, PROJECTOR], ids=lambda m: m.name)
def test_every_figure_is_drawn(whole: Report, medium: object) -> None:
    for item in whole.items:
        if item.chart is not None and item.figure:
            figure = draw(item.figure, item.chart, item.decimals, medium)  # type: ignore[arg-type]
            assert figure["data"] or figure["layout"].get("shapes"), item.key
            json.dumps(figure, allow_nan=False)


def test_their_numbers_are_those_of_the_analysis(whole: Report) -> None:
    plan = whole.plan
    assert plan.comparison is not None
    rule = plan.rules["pain"]
    assert rule is not None
    rates = responder_rates(plan.comparison, "pain", "12m", rule)
    chart = whole.item("rates:pain").chart
    assert chart is not None
    assert chart.categories == tuple(label for label, _ in rates)
    drawn = next(s for s in chart.series if s.role == "rate")
    assert [r.share for _, r in rates if isinstance(r, Proportion)] == list(drawn.values)
    bars = whole.item("events:bars").chart
    events = safety_of(plan.analysis, populations(plan.analysis, "12m")[0])
    assert bars is not None
    assert isinstance(events, SafetyOf)
    assert bars.series[0].n is not None
    assert bars.series[0].n[0] == events.any.patients.count
    waterfall = whole.item("waterfall:pain").chart
    assert waterfall is not None
    assert sum(len(s.values) for s in waterfall.series) == whole.item("waterfall:pain").n
    assert whole.item("yes_no:opioids").figure == "alluvial"
    third = whole.item("thirds:pain").table
    assert third is not None
    assert sum(value for row in third.people for _, value in row) == whole.item("thirds:pain").n


def test_outsiders_get_no_single_patients_and_only_what_hides_nothing() -> None:
    few = {item.key for item in by("etiology", sample(), outside=True).items}
    assert not few & {*ASKED, "lines:pain", "improvements:pain"}
    found = by("center", cohort(2000), outside=True)
    seen = {item.key for item in found.items}
    assert {"rates:vas_pain", "rate_gaps:vas_pain", "completeness:vas_pain", "events:bars", "analysed:vas_pain"} <= seen
    assert not {key for key in seen if key.startswith(("scatter", "waterfall"))}
    alluvial = found.item("yes_no:opioids").chart
    assert alluvial is not None
    assert all(not 0 < (s.values[0] or 0) < 5 for s in alluvial.series)
    for item in found.items:
        if item.key.partition(":")[0] in {key.partition(":")[0] for key in ASKED} and item.table is not None:
            assert disclosure.nothing_hidden(item.table), item.key


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [12, 40, 90])
def test_what_is_small_never_shows_outside(n: int, seed: int) -> None:
    for item in by("etiology", cohort(n, seed=seed), outside=True).items:
        kind = item.key.partition(":")[0]
        if kind in ("rates", "statements_by", "completeness"):
            assert item.chart is not None
            counted = [s for s in item.chart.series if s.role not in ("rate", "top two")]
            assert not [v for s in counted for v in s.values if v is not None and 0 < v < 5], item.key


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("outside", [False, True])
def test_few_patients(n: int, outside: bool) -> None:
    for item in by("etiology", cohort(n), outside=outside).items:
        assert item.finding
        if item.chart is not None and item.chart.series and item.figure:
            draw(item.figure, item.chart, item.decimals)


def test_without_groups_there_is_nothing_between_them() -> None:
    keys = {item.key.partition(":")[0] for item in build_report(Analysis(sample())).items}
    assert not keys & {"rates", "rate_gaps", "statements_by", "statements_tests", "yes_no_groups"}
    assert "completeness" in keys
