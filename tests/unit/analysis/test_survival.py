"""Time to revision and death: recognised, computed over all treated, drawn, on slide, in document and record."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from pptx import Presentation

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.analysis.survival import DEATH, REVISION, TimeToEvent, at_risk, events_of, time_to_event, times_of
from lib.cohort.cohort import Dates
from lib.cohort.grouping import ByColumn
from lib.disclosure.readers import Reader
from lib.export import Options, export
from lib.present.charts.incidence import incidence_data, incidence_figure
from lib.present.sentences.survival import between_words, event_title, followed_words
from lib.present.tables.survival import rates_table, survival_table
from lib.report.items.survival import risk_of
from lib.report.plan import Plan
from lib.report.report import build_report
from lib.stats.results import NotComputed, to_record
from lib.stats.survival import Incidence
from tests.cohorts import cohort
from tests.sample import sample

REGISTRY = sample("registry.csv")


def test_the_dates_of_the_registry_are_known_without_a_question() -> None:
    assert events_of(REGISTRY) == (REVISION, DEATH)
    assert {"revision_date", "death_date", "last_contact_date"} <= set(REGISTRY.columns)


def test_a_file_without_dates_has_no_events() -> None:
    of = cohort(20)
    assert events_of(of) == ()
    assert isinstance(time_to_event(Analysis(of), REVISION), NotComputed)


def test_every_revision_is_counted_and_death_competes() -> None:
    found = time_to_event(Analysis(REGISTRY), REVISION)
    assert isinstance(found, TimeToEvent)
    assert isinstance(found.everybody.incidence, Incidence)
    assert found.competes
    assert found.everybody.incidence.method == "Aalen–Johansen"
    assert (found.everybody.incidence.n, found.everybody.incidence.events) == (2000, 62)
    assert found.years == (1, 2)
    assert not found.negative
    for m, plain in zip(found.everybody.incidence.moments, found.everybody.kaplan_meier.moments, strict=True):
        assert m.value <= plain.value
    to_record(found)
    risk = at_risk(Analysis(REGISTRY), REVISION, np.ones(2000, dtype=bool), (0, 1))
    assert risk[0] == (2000, 0, 0)
    assert risk[1][0] == found.everybody.incidence.moments[0].at_risk


def test_a_date_before_the_treatment_is_left_out_and_named() -> None:
    column = REGISTRY.columns["revision_date"]
    assert isinstance(column, Dates)
    days = column.days.copy()
    days[3] = np.datetime64("2019-01-01")
    of = replace(REGISTRY, columns={**REGISTRY.columns, "revision_date": replace(column, days=days)}, _counts={})
    assert times_of(of, REVISION).negative == (5,)
    found = time_to_event(Analysis(of), REVISION)
    assert isinstance(found, TimeToEvent)
    assert "row 5" in followed_words(found)
    assert found.everybody.incidence.n == 1999


@pytest.mark.parametrize("event", [REVISION, DEATH])
def test_by_group_with_log_rank_and_figure(event: str) -> None:
    analysis = Analysis(REGISTRY)
    comparison = compare(analysis, ByColumn("sex"))
    found = time_to_event(analysis, event, comparison)
    assert isinstance(found, TimeToEvent)
    assert len(found.groups) == 2
    assert not isinstance(found.log_rank, NotComputed)
    assert not isinstance(found.cox, NotComputed)
    assert "Log-rank" in between_words(found)[0]
    plan = Plan(analysis, analysis.default_follow_up(), {}, comparison=comparison)
    data = incidence_data(found, risk_of(plan, event, found), event_title(found))
    figure = incidence_figure(data)
    assert sum(t["mode"] == "lines" for t in figure["data"]) == 4
    assert len(survival_table(found).rows) == 3 * len(found.years)
    assert len(rates_table(found).rows) == 3


def test_it_is_on_the_slide_in_the_document_and_in_the_record() -> None:
    report = build_report(Analysis(REGISTRY), date="2026-01-01")
    item = report.item("time_to_event:revision_date")
    assert item.subject == "Time to event"
    deck = Presentation(io.BytesIO(export(report, "deck.pptx", Options())))
    titles = [s.shapes.title.text for s in deck.slides if s.shapes.title is not None]
    slide = deck.slides[titles.index(item.finding)]
    assert any(shape.has_chart for shape in slide.shapes)
    assert "Time to revision" in export(report, "report.html", Options()).decode()
    assert b'"time_to_event:revision_date:12m"' in export(report, "record.json", Options())
    outside = build_report(Analysis(REGISTRY), date="2026-01-01", reader=Reader.CONGRESS)
    assert not any(i.key.startswith("time_to_event") for i in outside.items)
