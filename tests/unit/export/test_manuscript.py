"""The manuscript: every table and figure is cited and described, the checklist is whole, properties name nobody."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from lib.analysis import Analysis
from lib.cohort.design import Design, Kind
from lib.disclosure.readers import Reader
from lib.export import Options, export, format_of
from lib.export.strobe import strobe_table
from lib.report.report import Report, build_report
from tests.cohorts import cohort
from tests.sample import sample


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(Analysis(sample()), date="2026-03-01")


@pytest.fixture(scope="module")
def made(report: Report) -> bytes:
    return export(report, "manuscript.docx", Options(author="A. Author", number_style="AMA"))


@pytest.fixture(scope="module")
def document(made: bytes) -> Any:
    return docx.Document(io.BytesIO(made))


def test_it_has_its_own_ending() -> None:
    assert format_of("study.manuscript.docx").label == "Manuscript (Word)"
    assert format_of("study.docx").label == "Report (Word)"


def test_every_table_and_figure_is_cited_in_the_results(document: Any) -> None:
    paragraphs = [p.text for p in document.paragraphs]
    start, end = paragraphs.index("Results"), paragraphs.index("Tables")
    cited = set(re.findall(r"(?:Table|Figure) \d", " ".join(paragraphs[start:end])))
    written = (p for p in document.paragraphs if p.style.name == "Caption")
    captions = ["".join(t.text or "" for t in p._p.iter(qn("w:t"))) for p in written]  # numbers are fields
    found = {c.split(".")[0] for c in captions} - {captions[-1].split(".")[0]}  # the last one is the checklist
    assert found == cited
    assert len([c for c in found if c.startswith("Figure")]) in (2, 3, 4)
    assert len(document.inline_shapes) == len([c for c in found if c.startswith("Figure")])


def test_tables_stay_on_one_page_and_name_their_abbreviations(document: Any) -> None:
    for table in document.tables[:-1]:
        assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in table.rows for cell in row.cells)
    assert any("SD, standard deviation" in p.text for p in document.paragraphs)


def test_numbers_are_those_of_the_style(document: Any) -> None:
    text = "\n".join(p.text for p in document.paragraphs).replace("\u00a0", " ")
    assert "P < .001" in text
    assert "20 of 29 patients (69%)" in text
    assert "95% CI, 1.75-3.98" in text
    assert not re.search(r"\bp [=<]", text)


def test_pictures_are_described_and_the_properties_name_the_author_alone(made: bytes, document: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        core, body = archive.read("docProps/core.xml").decode(), archive.read("word/document.xml").decode()
    assert len(re.findall(r'<wp:docPr [^>]*descr="[^"]{40,}"', body)) == len(document.inline_shapes)
    assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>(.*?)<", core) == ["A. Author", "A. Author"]
    assert "en-GB" in core


def test_without_an_author_the_program_is_named(report: Report) -> None:
    for ending in ("docx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(export(report, ending, Options(keys=("safety",))))) as archive:
            core = archive.read("docProps/core.xml").decode()
        assert "CohortLens" in core
        assert not re.search("python-docx|Steve Canny|openpyxl", core)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_item_of_the_checklist_says_where_it_stands(kind: Kind) -> None:
    from dataclasses import replace

    people = replace(cohort(30), design=Design(kind=kind))
    table = strobe_table(build_report(Analysis(people)).plan, {"flow": "Figure 1"})
    items = {row[0].text.rstrip("abcde") for row in table.rows}
    assert {str(k) for k in range(1, 23)} <= items
    assert any(i.startswith("PRO") for i in items) == (kind is Kind.RANDOMISED)
    assert all(row[2].text for row in table.rows)


@pytest.mark.parametrize(("n", "reader"), [(0, Reader.DEPARTMENT), (2, Reader.DEPARTMENT), (4, Reader.CONGRESS)])
def test_manuscripts_of_few_patients_open(n: int, reader: Reader) -> None:
    found = docx.Document(io.BytesIO(export(build_report(Analysis(cohort(n)), reader=reader), "manuscript.docx")))
    assert "Checklist" in [p.text for p in found.paragraphs]
