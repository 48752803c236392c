"""Centers and time to event in what leaves the product: items, native charts, text, and above 12 groups no pair."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.centers import MeansOf, center_gains
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.literature import published
from lib.analysis.survival import time_to_event
from lib.analysis.trends import CenterTrends, Response, Trend, center_trends, response, trend
from lib.cohort.cohort import Cohort
from lib.cohort.grouping import ByColumn
from lib.disclosure.readers import Reader
from lib.export import Options, export
from lib.export.pptx.charts import has_native
from lib.export.print_figures import draw as draw_for_print
from lib.export.print_figures import printable
from lib.importing.proposal import read_trusted
from lib.present.charts.cells import strips, trend_cells, trend_note
from lib.present.charts.trend import trend_data, trend_figure
from lib.present.sentences.over_time import published_line, row_numbers
from lib.present.tables.centers import limits_table, shown_centers
from lib.present.tables.over_time import to_contact_table
from lib.present.theme import PROJECTOR
from lib.report.figures import draw
from lib.report.items import report_items
from lib.report.numbers import centers_record
from lib.report.plan import Choices
from lib.report.registry_text import centers_methods, centers_results, events_results
from lib.report.report import Report, build_report
from lib.report.statistics import computed
from lib.stats.results import to_record

FILE = Path(__file__).parents[3] / "sample_data" / "registry.csv"
CENTER = ByColumn("center")
KINDS = ("centers", "center_rates", "in_order", "trend", "trend_rate", "watch")


@pytest.fixture(scope="module")
def registry() -> Cohort:
    return read_trusted(FILE.read_bytes(), FILE.name, synthetic=True)


@pytest.fixture(scope="module")
def report(registry: Cohort) -> Report:
    """By center, as above 12 groups, one measure, with a center of our own."""
    odi = replace(registry, measures={"odi": registry.measures["odi"]}, primary=("odi",), states={}, _counts={})
    return build_report(Analysis(odi), many=CENTER, choices=Choices(center="Dunmoor"))


def test_every_view_of_centers_is_an_item_with_a_native_chart(report: Report) -> None:
    for kind in KINDS:
        item = report.item(f"{kind}:odi")
        assert item.chart is not None
        assert has_native(item.chart)
        assert draw(item.figure, item.chart)["data"]
        assert draw(item.figure, item.chart, medium=PROJECTOR)["data"]
        assert kind == "in_order" or (item.table is not None and item.table.rows)
    funnel = report.item("centers:odi").chart
    assert funnel is not None
    mine = next(s for s in funnel.series if s.role == "mine")
    assert mine.name == "Dunmoor"
    assert {"response:12m", "to_contact", "closed_without_answer"} <= {i.key for i in report.items}


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
    analysis = report.plan.analysis
    of = dict(centers_record(report.plan, CENTER, report.plan.measures[0]))
    assert of.keys() == {"centers", "center_rates", "watch", "trend"}
    watch = to_record(of["watch"])
    assert watch["center"] == "Dunmoor"
    assert watch["difference"] == pytest.approx(watch["improved"] - watch["expected"])
    assert watch["cusum"]["fewer"].keys() >= {"limit", "largest", "largest_at", "crossed_at", "draws", "seed"}
    assert "values" not in str(watch), "outcomes of single patients could be read from the steps"
    event = time_to_event(analysis, "revision_date", compare(analysis, CENTER))
    names = {s.name for s in computed([of, event])}
    assert {"Means of centers", "Rates of centers", "Shrunken means of centers", "Log-rank test"} <= names
    assert {"Kaplan–Meier with log-log interval", "Aalen–Johansen cumulative incidence"} <= names
    assert computed([to_record(of), to_record(event)]) == computed([of, event])
    own = centers_methods(report.plan) + centers_results(report.plan)
    assert not any(word in own.lower() for word in ("outlier", "worst", "league", "alarm"))


def test_above_twelve_groups_there_is_no_pair_and_outsiders_see_no_center(report: Report) -> None:
    assert not any(i.key.startswith(("forest:", "between:", "rates:")) for i in report.items)
    outside = replace(report.plan, reader=Reader.CONGRESS)
    assert not any(i.key.partition(":")[0] in ("centers", "center_rates", "in_order") for i in report_items(outside))
    assert centers_results(outside) == events_results(outside) == ""


def test_the_shell_prints_every_center_with_its_limits(report: Report) -> None:
    measure = report.plan.measures[0]
    found = center_gains(report.plan.analysis, CENTER, "odi", "12m", ())
    assert isinstance(found, MeansOf)
    table = limits_table(found, measure)
    assert [c.name for c in table.columns][-3:] == ["95% limits", "99.8% limits", "Place"]
    assert len(table.rows) == len(found.members.labels)
    low = found.found.average - 1.96 * found.found.sd / found.found.ns[0] ** 0.5
    assert table.rows[0][-3].text.startswith(f"+{low:.1f} to ")


def test_cells_of_the_table_are_drawn_for_every_center(report: Report) -> None:
    analysis, measure = report.plan.analysis, report.plan.measures[0]
    found = center_gains(analysis, CENTER, "odi", "12m", ())
    trends = center_trends(analysis, CENTER, "odi", "12m")
    assert isinstance(found, MeansOf)
    assert isinstance(trends, CenterTrends)
    assert trends.labels == found.members.labels
    shown, of, pages = shown_centers(found, mine="Dunmoor", search="", sort="high", page=0)
    assert (of, pages) == (12, 1)
    assert found.members.labels[shown[0]] == "Dunmoor"
    drawn = strips(found, shown, "Dunmoor")
    assert len(drawn) == len(shown) == 12
    assert all(p.svg.startswith("<svg ") for p in drawn)
    cells = trend_cells(trends, shown, "Dunmoor", measure)
    assert sum(isinstance(c, str) for c in cells) == sum(not any(v is not None for v in r) for r in trends.means)
    sizes = dict(zip(found.members.labels, found.found.ns, strict=True))
    assert all(v is None for v in trends.means[trends.labels.index("Larkfield")])
    assert sizes["Larkfield"] < 5
    assert "quarter" in trend_note(trends, measure) or "half-year" in trend_note(trends, measure)


def test_whom_to_contact_this_week(report: Report) -> None:
    cohort = report.plan.analysis.cohort
    found = response(report.plan.analysis, CENTER)
    assert isinstance(found, Response)
    rows = {int(r): k for k, r in enumerate(cohort.source_rows)}
    called = 0
    for point in found.time_points:
        for row in (r for own in point.now for r in own):
            called += 1
            assert cohort.not_due[point.time_point][rows[row]]
            assert np.isnan(cohort.scores["odi", point.time_point][rows[row]])
    assert called
    assert row_numbers(found, "", now=True).count(",") <= called
    assert to_contact_table(found, "", now=True).title == "To contact this week"


def test_a_reference_stands_in_the_trend(report: Report) -> None:
    measure = report.plan.measures[0]
    own = trend(report.plan.analysis, "odi", "12m", "year")
    assert isinstance(own, Trend)
    data = trend_data(own, None, ("All", ""), measure, "finding", rate=False, beside=(15.0, "target 15"))
    assert [r.value for r in data.references if r.role == "overall"] == [15.0]
    assert any(s["y0"] == 15.0 for s in trend_figure(data)["layout"]["shapes"])
    study = published(measure)[0]
    assert published_line(study, measure)[0] == measure.sign * float(study.change)


@pytest.mark.parametrize("key", [*(f"{kind}:odi" for kind in KINDS), "time_to_event:revision_date"])
def test_every_view_has_a_printed_form(report: Report, key: str) -> None:
    item = report.item(key)
    assert item.chart is not None
    assert printable(item)
    svg = draw_for_print(item, 85, "svg").decode()
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert min(float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)) >= 7.0
    wanted = {"centers": "99.8% limits", "center_rates": "inside (", "in_order": "Shrunken", "trend": "Answered"}
    wanted |= {"trend_rate": "enough, %", "watch": "odds halved", "time_to_event": "At risk (event · died so far)"}
    assert wanted[key.partition(":")[0]] in words
    assert "Dunmoor" in words or key.startswith("time")


def test_the_words_describe_and_no_share_exceeds_a_hundred(report: Report) -> None:
    about = ("centers", "center_rates", "in_order", "trend", "trend_rate", "watch", "response", "to_contact", "time_to")
    items_here = [i for i in report.items if i.key.startswith(about)]
    assert len(items_here) > 8
    texts: list[str] = []
    for item in items_here:
        texts += [item.heading, item.finding, *item.notes]
        if item.chart is not None:
            texts += [item.chart.title, *item.chart.notes, *(r.label for r in item.chart.references)]
            texts += [label for s in item.chart.series for label in (s.name, *(s.labels or ()))]
        if item.table is not None:
            texts += [item.table.title, *item.table.notes, *(c.name for c in item.table.columns)]
            texts += [cell.text for row in item.table.rows for cell in row]
    words = " ".join(texts).lower()
    assert not re.search(r"\b(?:outlier|worst|best|league|alarm|poor|performance|significant|ranking)", words)
    assert max(float(share) for share in re.findall(r"(\d+(?:\.\d+)?)\s?%", words)) <= 100
