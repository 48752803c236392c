"""What was found in a file and what was answered travel with every report; readers outside get counts only."""

from __future__ import annotations

import json

import pytest

from lib.analysis import Analysis
from lib.cohort.selection import Selection
from lib.disclosure.readers import Reader
from lib.export.record import analysis_file
from lib.report.report import Report, build_report
from tests.unit.importing.read_here import propose_bytes


def file() -> bytes:
    """30 patients; a grip force that nobody knows, and one pain of 85 on a scale to 10."""
    rows = [f"{i},{3 + i % 7},{85 if i == 4 else 2 + i % 5},{20 + i % 9},{30 + i % 5}" for i in range(1, 31)]
    return "\n".join(["id,vas_pain_pre,vas_pain_12m,gripforce_pre,gripforce_12m", *rows]).encode()


def report(reader: Reader) -> Report:
    found = propose_bytes(file(), "grip.csv")
    put = next(q for q in found.questions if q.code == "direction")
    cohort = found.with_answer(put.key, "higher").build()
    return build_report(Analysis(cohort, Selection()), reader=reader, date="2026-01-01")


@pytest.fixture(scope="module")
def inside() -> Report:
    return report(Reader.DEPARTMENT)


def test_findings_and_answers_are_items_sheets_methods_and_record(inside: Report) -> None:
    items = {i.key: i for i in inside.items}
    assert {"file:findings", "file:answers"} <= set(items)
    assert {t.title for t in inside.workbook} >= {"What was found", "Questions and answers"}
    said = " ".join(inside.methods)
    assert "In the file 1 error is open" in said
    assert "which end is better? A score: higher is better" in said
    record = json.loads(json.dumps(analysis_file(inside.plan)))["file"]
    assert [f["code"] for f in record["findings"] if f["state"] == "open"].count("out_of_range") == 1
    assert record["answers"][0]["answer"] == "A score: higher is better"
    assert "1 error of the file open" in inside.origin.words


@pytest.mark.parametrize("reader", [Reader.CONGRESS, Reader.PUBLIC])
def test_outside_there_are_counts_and_no_rows_or_values(reader: Reader) -> None:
    masked = report(reader)
    assert not [i for i in masked.items if i.key.startswith("file:")]
    assert not {t.title for t in masked.workbook} & {"What was found", "Questions and answers"}
    said = " ".join(masked.methods)
    assert reader is Reader.PUBLIC or "1 thing was answered about the file." in said
    assert '"85"' not in said
    assert "which end is better" not in said
