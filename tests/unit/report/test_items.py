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
from lib.disclosure.readers import Reader
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


def by(column: str, found: Cohort, *, reader: Reader = Reader.DEPARTMENT) -> Report:
    analysis = Analysis(found)
    return build_report(analysis, reader=reader, comparison=compare(analysis, ByColumn(column)))


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
    assert sum(int(row[2].text.split(" of ")[1].split(" ")[0]) for row in third.rows) == whole.item("thirds:pain").n


def test_a_congress_gets_no_single_patients_and_every_count() -> None:
    found = by("center", cohort(2000), reader=Reader.CONGRESS)
    seen = {item.key.partition(":")[0] for item in found.items}
    assert {"rates", "rate_gaps", "completeness", "events", "analysed", "forest", "between", "table_1"} <= seen
    assert not seen & {"scatter", "waterfall", "lines", "improvements", "curve", "thirds", "mcid", "centers", "file"}
    for item in found.items:
        if item.chart is not None:
            assert not any(s.rows or s.role.endswith(("density", "patients")) for s in item.chart.series), item.key


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("reader", list(Reader))
def test_few_patients(n: int, reader: Reader) -> None:
    for item in by("etiology", cohort(n), reader=reader).items:
        assert item.finding
        if item.chart is not None and item.chart.series and item.figure:
            draw(item.figure, item.chart, item.decimals)


def test_without_groups_there_is_nothing_between_them() -> None:
    keys = {item.key.partition(":")[0] for item in build_report(Analysis(sample())).items}
    assert not keys & {"rates", "rate_gaps", "statements_by", "statements_tests", "yes_no_groups"}
    assert "completeness" in keys
