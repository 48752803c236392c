"""What was done to the patients is said in the words of the stated design, in every format and for every cohort."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort
from lib.cohort.design import Design, Kind
from lib.export import export
from lib.present.wording import plain_spaces
from lib.report.groups_text import grouping_of
from lib.report.report import Report, build_report
from tests.cohorts import cohort
from tests.office_text import office_text, page_text
from tests.sample import headache, sample

ENDINGS = ("docx", "manuscript.docx", "html", "pptx", "xlsx")
OF_SURGERY = re.compile(r"\b(?:surg|operat)\w*", re.IGNORECASE)
TRUE_OF_A_SOURCE = ("another population than surgery", "Back pain after lumbar surgery")


def drug_trial() -> Cohort:
    made = cohort(60, events=False, statements={})
    return replace(made, design=Design("treated", Kind.RANDOMISED, "center"), answers={}, outcomes={}, yesno={})


def by(made: Cohort, group: str) -> Report:
    analysis = Analysis(made)
    return build_report(analysis, comparison=compare(analysis, grouping_of(made, group)))


def texts(report: Report, ending: str) -> list[str]:
    data = export(report, ending)
    return [plain_spaces(t) for _, t in (page_text(data) if ending == "html" else office_text(data))]


@pytest.fixture(scope="module")
def drug() -> Report:
    return by(drug_trial(), "center")


@pytest.fixture(scope="module")
def trial(public_data: Path) -> Report:
    return by(headache(public_data), "group")


@pytest.mark.parametrize(("name", "ending"), [*(("drug", e) for e in ENDINGS), ("trial", "html"), ("trial", "pptx")])
def test_nobody_of_a_trial_was_operated(name: str, ending: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(name)
    wrong = []
    for text in texts(report, ending):
        for known in TRUE_OF_A_SOURCE:
            text = text.replace(known, "")
        # "operated" alone is the name of a field in the sheet of raw numbers
        if OF_SURGERY.search(text) and not (ending == "xlsx" and text == "operated"):
            wrong.append(text[:100])
    assert not wrong
    assert any("Before treatment" in text or "before treatment" in text for text in texts(report, ending))


def test_the_sample_was_operated() -> None:
    whole = " ".join(texts(build_report(Analysis(sample())), "docx"))
    assert "Before surgery" in whole
    assert "before treatment" not in whole.lower()


def test_what_is_not_recorded_has_no_table_and_is_not_cited_but_said(drug: Report) -> None:
    document = docx.Document(io.BytesIO(export(drug, "manuscript.docx")))
    text = [p.text for p in document.paragraphs]
    assert "Adverse events: the file does not record adverse events." in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not [c for c in cells if c.startswith("not computed")]
    assert "safety" not in {item.key for item in drug.items}
    assert not [t for t in drug.workbook if t.title.startswith("Adverse events")]
    assert "The file does not record them" in cells
