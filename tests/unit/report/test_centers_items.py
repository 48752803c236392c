"""Centers and time to event in what leaves the product: items, native charts, text, and above 12 groups no pair."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Category, Cohort
from lib.cohort.grouping import ByColumn
from lib.export import Options, export
from lib.export.pptx.charts import has_native
from lib.importing.proposal import read_trusted
from lib.present.theme import PROJECTOR
from lib.report.figures import draw
from lib.report.numbers import results
from lib.report.plan import Choices
from lib.report.registry_text import centers_methods, centers_results
from lib.report.report import Report, build_report
from lib.report.statistics import computed

FILE = Path(__file__).parents[3] / "sample_data" / "registry.csv"
CENTER = ByColumn("center")
KINDS = ("centers", "center_rates", "in_order", "trend", "trend_rate", "watch")


@pytest.fixture(scope="module")
def registry() -> Cohort:
    return read_trusted(FILE.read_bytes(), FILE.name, synthetic=True)


@pytest.fixture(scope="module")
def report(registry: Cohort) -> Report:
    """By center, one measure, with a center of our own."""
    odi = replace(registry, measures={"odi": registry.measures["odi"]}, primary=("odi",), states={}, _counts={})
    analysis = Analysis(odi)
    return build_report(analysis, comparison=compare(analysis, CENTER), choices=Choices(center="Dunmoor"))


def test_every_view_of_centers_is_an_item_with_a_native_chart(report: Report) -> None:
    for kind in KINDS:
        item = report.item(f"{kind}:odi")
        assert item.chart is not None
        assert has_native(item.chart)
        assert draw(item.figure, item.chart)["data"]
        assert draw(item.figure, item.chart, medium=PROJECTOR)["data"]
        assert kind == "in_order" or (item.table is not None and item.table.rows)
    mine = next(s for s in report.item("centers:odi").chart.series if s.role == "mine")  # type: ignore[union-attr]
    assert mine.name == "Dunmoor"
    assert {"response:3m", "response:12m", "response:24m", "to_contact"} & {i.key for i in report.items} == set()


def test_slides_and_documents_hold_them(report: Report) -> None:
    keys = (*(f"{kind}:odi" for kind in KINDS), "time_to_event:revision_date")
    deck = zipfile.ZipFile(io.BytesIO(export(report, "pptx", Options(keys=keys))))
    charts = [name for name in deck.namelist() if name.startswith("ppt/charts/chart")]
    assert len(charts) == len(keys)
    assert any(b"logBase" in deck.read(name) for name in charts)
    slides = b"".join(deck.read(n) for n in deck.namelist() if n.startswith("ppt/slides/slide"))
    assert b">At risk<" in slides
    risk = report.item("at_risk:revision_date").table
    assert risk is not None
    assert risk.rows[0][2].value == report.item("time_to_event:revision_date").n


def test_methods_and_results_name_them(report: Report) -> None:
    methods, told = " ".join(report.methods), " ".join(report.results)
    assert "funnel plots" in methods
    assert "Kaplan–Meier" in methods
    assert "Dunmoor: " in told
    names = {s.name for s in computed(dict(results(report.plan, "center")))}
    assert {"Means of centers", "Rates of centers", "Shrunken means of centers", "Log-rank test"} <= names
    assert {"Kaplan–Meier with log-log interval", "Aalen–Johansen cumulative incidence"} <= names
    own = centers_methods(report.plan) + centers_results(report.plan)
    assert not any(word in own.lower() for word in ("outlier", "worst", "league", "alarm"))


def test_above_twelve_groups_there_is_no_pair(registry: Cohort) -> None:
    rng = np.random.default_rng(5)
    column = Category(
        "center", "Center", tuple(f"C{k:02}" for k in range(40)), rng.integers(0, 40, registry.n), "center"
    )
    odi = replace(
        registry,
        columns={**registry.columns, "center": column},
        measures={"odi": registry.measures["odi"]},
        primary=("odi",),
        states={},
        _counts={},
    )
    report = build_report(Analysis(odi), many=CENTER)
    keys = {i.key for i in report.items}
    assert "centers:odi" in keys
    assert not any(key.startswith(("forest:", "between:", "rates:")) for key in keys)
    table = report.item("centers:odi").table
    assert table is not None
    assert len(table.rows) == 40
    outside = build_report(Analysis(odi), many=CENTER, outside=True)
    assert not any(i.key.startswith("centers:") for i in outside.items)
    assert not any("by center:" in text for text in outside.results)
