"""The Word document opened with python-docx, the web page read as text: complete, escaped, asking nobody anything."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort
from lib.cohort.grouping import ByColumn
from lib.disclosure.readers import Reader
from lib.export import Options, export
from lib.export.html import in_script
from lib.export.pptx.text import text_width
from lib.report.report import Report, build_report
from tests.cohorts import PAIN, cohort

EVIL = "</script><img src=x onerror=alert(1)>&\"'\u2028 {{x}} ${y} =1+1"


def nasty(n: int = 40) -> Cohort:
    return cohort(n, measures=(replace(PAIN, label=EVIL),), statements={"s": EVIL}, etiologies=(EVIL, "B"))


def test_the_document_has_finding_results_tables_methods_and_origin() -> None:
    report = build_report(Analysis(cohort(60)), date="2024-05-01")
    document = docx.Document(io.BytesIO(export(report, "docx")))
    paragraphs = [p.text for p in document.paragraphs]
    assert paragraphs[0] == report.title
    assert all(p in paragraphs for p in report.results)
    assert all(p in paragraphs for p in report.methods)
    assert len(document.tables) == sum(1 for i in report.items if i.table is not None and i.table.rows)
    assert "fingerprint ffffffffffff" in document.sections[0].footer.paragraphs[0].text
    table = document.tables[0]
    assert table.cell(0, 0).text == "Outcome"
    assert table.cell(1, 0).text == "VAS pain"
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[1:] == ["Results", "Tables", "Methods"]


@pytest.mark.parametrize("n", [0, 1, 2, 40])
@pytest.mark.parametrize("reader", list(Reader))
def test_documents_of_few_patients_and_evil_labels_open(n: int, reader: Reader) -> None:
    report = build_report(Analysis(nasty(n)), reader=reader)
    document = docx.Document(io.BytesIO(export(report, "docx", Options(decimal_comma=True))))
    text = "\n".join(p.text for p in document.paragraphs)
    assert not re.search(r"\b(nan|None|inf)\b", text)
    assert b"onerror" in export(report, "html", Options(decimal_comma=True))


def rooms(document: Any) -> list[float]:
    """The room of each table: that of the section it stands in, in the order of the tables."""
    found, waiting, sections = [], 0, iter(document.sections)
    for element in document.element.body:
        waiting += element.tag == qn("w:tbl")
        if element.tag == qn("w:sectPr") or element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            section = next(sections)
            found += [section.page_width - section.left_margin - section.right_margin] * waiting
            waiting = 0
    return found


@cache
def many_groups(kind: str) -> bytes:
    """An export of twelve centers with long names side by side."""
    return export(_many_groups(), kind)


@cache
def _many_groups() -> Report:
    names = tuple(f"Rijnlands Ziekenhuis {letter}" for letter in "ABCDEFGHIJKL")
    analysis = Analysis(cohort(400, etiologies=names))
    return build_report(analysis, comparison=compare(analysis, ByColumn("etiology")))


@pytest.mark.parametrize("grouped", [False, True])
def test_columns_fill_the_page_and_no_more(grouped: bool) -> None:
    few = export(build_report(Analysis(cohort(60))), "docx")
    document = docx.Document(io.BytesIO(many_groups("docx") if grouped else few))
    for table, room in zip(document.tables, rooms(document), strict=True):
        assert sum(column.width for column in table.columns) <= room + 2000


def test_wide_tables_lie_and_no_number_is_broken() -> None:
    document = docx.Document(io.BytesIO(many_groups("docx")))
    assert [s.orientation for s in document.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert all(s.footer.is_linked_to_previous for s in list(document.sections)[1:])
    for table in document.tables:
        for cells in (row.cells for row in table.rows):
            for column, cell in zip(table.columns, cells, strict=True):
                (paragraph,) = cell.paragraphs
                size = max((run.font.size.pt for run in paragraph.runs), default=0.0)
                assert size >= 7.0 or not cell.text
                longest = max((text_width(word, size) for word in cell.text.split(" ")), default=0.0)
                assert longest <= column.width / 914400, cell.text


def test_tables_are_counted_by_word() -> None:
    document = docx.Document(io.BytesIO(export(build_report(Analysis(cohort(60))), "docx")))
    fields = [f for f in document.element.body.iter(qn("w:fldSimple")) if "SEQ Table" in f.get(qn("w:instr"))]
    assert ["".join(t.text for t in f.iter(qn("w:t"))) for f in fields] == [
        str(k) for k in range(1, len(document.tables) + 1)
    ]


class Reader(HTMLParser):
    """Tags, addresses and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "action"):
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_is_one_file_that_asks_nobody() -> None:
    report = build_report(Analysis(nasty()))
    page = export(report, "html").decode("utf-8")
    reader = Reader()
    reader.feed(page)
    assert reader.addresses == []
    assert reader.handlers == []
    assert not {"img", "iframe", "link", "object", "form"} & set(reader.tags)
    assert reader.tags.count("script") == 2
    assert "default-src 'none'" in page
    assert '"showSendToCloud": false' in page
    assert "@page{size:A4" in page
    text = " ".join(reader.texts)
    assert EVIL.split("\u2028")[0] in text


def test_every_figure_has_its_place_its_words_and_its_numbers() -> None:
    report = build_report(Analysis(cohort(60)))
    page = export(report, "html").decode("utf-8")
    drawn = sum(1 for i in report.items if i.chart is not None and i.chart.series)
    assert page.count('role="img" aria-label="') == drawn
    assert page.count("<details>") == drawn
    assert json.loads(re.search(r"const figures=(\[.*?\]);const config", page, re.DOTALL)[1])  # type: ignore[index]
    one = export(report, "html", Options(keys=("safety",))).decode("utf-8")
    assert "plotly" not in one.casefold()
    assert "Adverse events" in one


def test_a_note_is_said_once_and_wide_tables_fit_on_paper() -> None:
    page = many_groups("html").decode("utf-8")
    for section in page.split("<section>")[1:]:
        notes = re.findall(r'<p class="quiet">(.*?)</p>', section)
        assert len(notes) == len(set(notes)), notes
    assert page.count('class="wide many"') > 2
    assert ".many table{font-size:6pt;table-layout:fixed}" in page.split("@media print")[1]


def test_script_data_cannot_end_the_script() -> None:
    found = in_script({"a": EVIL, "b": 1.5})
    assert not set("<>&\u2028") & set(found)
    assert json.loads(found) == {"a": EVIL, "b": 1.5}
    with pytest.raises(ValueError, match="not JSON compliant"):
        in_script(float("nan"))
