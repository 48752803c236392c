"""The workbook as LibreOffice shows it: every number of every sheet, compared with the report's tables."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Cohort
from lib.export import export
from lib.export.xlsx import sheet_name
from lib.present.table import Cell
from lib.present.wording import plain_spaces
from lib.report.groups_text import grouping_of
from lib.report.report import Report, build_report
from tests.cohorts import cohort
from tests.sample import sample

AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


def _report(people: Cohort, by: str = "") -> Report:
    analysis = Analysis(people)
    return build_report(analysis, comparison=compare(analysis, grouping_of(people, by)) if by else None)


COHORTS: dict[str, Callable[[], Report]] = {
    "sample": lambda: _report(sample()),
    "sample by center": lambda: _report(sample(), "center"),
    "registry": lambda: _report(sample("registry.csv")),
    "four patients": lambda: _report(cohort(4)),
    "made up, 60": lambda: _report(cohort(60), "etiology"),
}


def _numbers(text: str) -> list[str]:
    """The numbers of a text, without signs of thousands, a true minus as a minus."""
    return re.findall(r"-?\d+(?:\.\d+)?(?:E[+-]?\d+)?%?", plain_spaces(text).replace("−", "-").replace("\u2009", ""))


def _agrees(cell: Cell, shown: str) -> bool:
    if "e" in cell.text and re.search(r"\de", cell.text):
        return float(shown.replace(",", "")) == pytest.approx(float(cell.value or 0), rel=1e-4)
    as_read = _numbers(shown)
    return bool(as_read) and set(as_read) <= set(_numbers(cell.text))


@pytest.mark.proof
@pytest.mark.parametrize("name", COHORTS)
def test_a_spreadsheet_shows_what_the_tables_say(
    name: str, tmp_path: Path, program: Callable[[str], str], proven: Callable[[str], None]
) -> None:
    report = COHORTS[name]()
    (tmp_path / "book.xlsx").write_bytes(export(report, "xlsx"))
    order = [program("soffice"), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*order, "--convert-to", AS_SHOWN, "--outdir", str(tmp_path), str(tmp_path / "book.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    names: set[str] = set()
    sheet_name("Overview", names)
    compared, wrong = 0, []
    for table in report.workbook:
        sheet = sheet_name(table.title, names)
        if not table.rows:
            continue
        with (tmp_path / f"book-{sheet}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[3:]
        for row, shown in zip(table.rows, rows, strict=False):
            for cell, text in zip(row, shown, strict=False):
                assert not text.startswith("'"), (sheet, text)
                if cell.value is not None:
                    compared += 1
                    if not _agrees(cell, text):
                        wrong.append((sheet, cell.text, text))
    assert not wrong
    assert compared > (100 if name != "four patients" else 20)
    proven(f"LibreOffice, workbook as shown, {name}: {compared} numbers agree with the tables.")
