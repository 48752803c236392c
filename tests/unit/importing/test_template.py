"""The template for a center that starts collecting, and a small corpus of malformed files."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from lib.importing.findings import ImportProblem
from lib.importing.proposal import propose
from lib.importing.template import COLUMNS, template_xlsx
from tests.fuzz.corpus import corpus
from tests.fuzz.run import run
from tests.unit.importing.read_here import parse_here


def test_an_empty_template_is_refused_kindly() -> None:
    with pytest.raises(ImportProblem, match="no patients below them"):
        parse_here(template_xlsx(), "template.xlsx")


def test_a_filled_template_needs_no_click() -> None:
    lines = [",".join(c.example for c in COLUMNS) for _ in range(6)]
    lines = [
        line.replace("S001", f"S00{i}").replace("Agree", ("Agree", "Neutral")[i % 2]) for i, line in enumerate(lines)
    ]
    text = "\n".join([",".join(c.name for c in COLUMNS), *lines, ""])
    table = propose(parse_here(text.encode(), "filled.csv"))
    assert all(c.confidence > 0.9 or c.role.value == "ignore" for c in table.columns), [
        (c.name, c.confidence) for c in table.columns if c.confidence <= 0.9
    ]
    cohort = table.build()
    assert list(cohort.measures) == ["pain", "eq5d3l_index:europe_vas", "eq_vas"]
    assert set(cohort.outcomes) == {"opioids"}
    assert table.left_out == ()
    assert len(cohort.statements) == 3


def test_the_workbook_and_the_dictionary_have_the_same_columns() -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    listed = [row[0].value for row in book["data dictionary"].iter_rows(min_row=2, max_row=1 + len(COLUMNS))]
    assert [cell.value for cell in book["patients"][1]] == listed == [c.name for c in COLUMNS]


def test_a_small_corpus_of_malformed_files_keeps_every_promise() -> None:
    report = run(seed=7, each=5)
    assert len(report.seconds) == 25
    assert report.tracebacks == []
    assert all(report.promises.values()), (report.promises, report.unnamed)


def test_the_corpus_is_the_same_for_the_same_seed() -> None:
    first = [(name, case.name, case.data) for name, case in corpus(3, 2) if not name.endswith("xlsx")]
    again = [(name, case.name, case.data) for name, case in corpus(3, 2) if not name.endswith("xlsx")]
    assert first == again
