"""What is chosen on a page arrives in every format: the displayed number, the table, the words."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import openpyxl
import pytest
from docx import Document
from pptx import Presentation

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.export import export
from lib.export.record import plan_from, read, reproduce
from lib.present.wording import p_value, plain_spaces
from lib.report.groups_text import grouping_of
from lib.report.numbers import results
from lib.report.plan import Choices
from lib.report.report import Report, build_report
from lib.stats.paired import PairedResult
from lib.stats.results import NotComputed, Test
from tests.sample import sample


def _report(choices: Choices, *, groups: bool = False) -> Report:
    analysis = Analysis(sample())
    comparison = compare(analysis, grouping_of(analysis.cohort, "center")) if groups else None
    return build_report(analysis, comparison=comparison, choices=choices)


def _words(report: Report, ending: str) -> str:
    """Everything that a format shows, as one text with plain spaces."""
    data = export(report, ending)
    if ending == "html":
        return plain_spaces(data.decode().split("<script>", 1)[0])
    if ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        return plain_spaces("\n".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value))
    if ending == "docx":
        document = Document(io.BytesIO(data))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        return plain_spaces("\n".join([*(p.text for p in document.paragraphs), *cells]))
    slides = Presentation(io.BytesIO(data)).slides
    texts = [s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame]
    texts += [c.text for slide in slides for s in slide.shapes if s.has_table for r in s.table.rows for c in r.cells]
    texts += [slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide]
    return plain_spaces("\n".join(texts))


def _p(result: PairedResult | NotComputed) -> tuple[str, str]:
    assert isinstance(result, PairedResult)
    assert isinstance(result.t_test, Test)
    assert not isinstance(result.wilcoxon, NotComputed)
    return plain_spaces(p_value(result.t_test.p)), plain_spaces(p_value(result.wilcoxon.test.p))


@pytest.mark.parametrize("ending", ["pptx", "docx", "html"])
def test_the_chosen_test_leads_in_every_format(ending: str) -> None:
    t, rank = _p(Analysis(sample()).paired("eq_vas", "12m"))
    assert t != rank
    by_rule, forced = _report(Choices()), _report(Choices(test="wilcoxon"))
    table = "paired t" if ending != "pptx" else "Shapiro–Wilk on the"
    assert table in _words(by_rule, ending)
    words = _words(forced, ending)
    assert rank in words
    sentence = next(p for p in forced.results if "EQ VAS" in p)
    assert rank in sentence
    assert t not in sentence
    assert "by the choice of the user" in " ".join(forced.methods)
    assert "by the choice of the user" not in " ".join(by_rule.methods)


def test_interval_table_one_value_set_and_order_arrive() -> None:
    plain = _report(Choices(), groups=True)
    chosen = _report(
        Choices(
            interval="clopper-pearson",
            numbers="mean (SD)",
            p_values=True,
            value_set="netherlands_2006_tto",
            order="name",
        ),
        groups=True,
    )
    rate = chosen.plan.responders(chosen.plan.measures[0])
    assert rate is not None
    assert not isinstance(rate, NotComputed)
    assert not isinstance(rate.rate, NotComputed)
    assert rate.rate.interval.method == "Clopper–Pearson"
    assert "exact (Clopper–Pearson) intervals" in " ".join(chosen.methods)
    heads = [column.name for column in chosen.item("table_1").table.columns]  # type: ignore[union-attr]
    assert "p" in heads
    assert "p" not in [column.name for column in plain.item("table_1").table.columns]  # type: ignore[union-attr]
    shown = plain_spaces(" ".join(row[0].text for row in chosen.item("table_1").table.rows))  # type: ignore[union-attr]
    assert "mean (SD)" in shown
    assert "median" not in shown
    assert "paired:eq5d3l_index:netherlands_2006_tto" in [item.key for item in chosen.items]
    names = [row[0].text for row in chosen.item("statements:0").table.rows]  # type: ignore[union-attr]
    assert names != [row[0].text for row in plain.item("statements:0").table.rows]  # type: ignore[union-attr]
    for ending in ("docx", "html", "xlsx"):
        words = _words(chosen, ending)
        assert "Netherlands" in words, ending
        assert "exact (Clopper–Pearson) intervals" in words, ending


def test_the_analysis_file_keeps_the_choices() -> None:
    report = _report(Choices(test="wilcoxon", interval="clopper-pearson", numbers="median [Q1, Q3]", order="agreement"))
    record = read(export(report, "json"))
    assert json.loads(json.dumps(record["choices"]))["test"] == "wilcoxon"
    assert plan_from(record, sample()).choices == report.plan.choices
    assert reproduce(record, sample()).matches
    record["choices"] |= {"reliability": None}  # one made when a plan had a single number
    assert plan_from(record, sample()).choices == report.plan.choices
    del record["choices"]  # one made before there were any
    assert plan_from(record, sample()).choices == Choices()


def test_measurement_error_reaches_every_format_without_an_anchor() -> None:
    """At a reliability of 0.9: SEM is the SD of the scores before times √0.1, MDC95 is 1.96·√2·SEM."""
    report = _report(Choices(reliability={"pain": 0.9}))
    before = report.plan.analysis.pairs("pain", "12m").baseline
    sem = float(np.std(before, ddof=1)) * math.sqrt(0.1)
    mdc95 = 1.959964 * math.sqrt(2) * sem
    (item,) = (i for i in report.items if i.key.startswith("mcid:"))
    assert item.key == "mcid:pain"
    places = report.plan.measures[0].decimals
    words = f"SEM {sem:.{places}f}, smallest detectable change (MDC95) {mdc95:.{places}f}"
    assert words in plain_spaces(item.notes[-1])
    for ending in ("docx", "html"):
        assert "Smallest detectable change (MDC95)" in _words(report, ending)
    assert "spread.mdc95" in _words(report, "xlsx")
    (kept,) = (found for key, found in results(report.plan) if key == "mcid:pain:12m:spread")
    assert kept["spread"]["mdc95"] == pytest.approx(mdc95, rel=1e-6)
    assert "no anchor question" in json.dumps(kept["anchored"])
    assert not any(i.key.startswith("mcid:") for i in _report(Choices()).items)
