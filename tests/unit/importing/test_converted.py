"""The sample cohort as .xls, .ods (LibreOffice) and .xlsb: the same cohort and the same numbers as the .xlsx."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from lib.cohort.cohort import Cohort
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from tests.unit.importing.binary_workbook import binary_workbook
from tests.unit.importing.test_samples import SAMPLES, analyses, assert_same

CONVERTED = Path(__file__).with_name("converted")


def built(data: bytes, name: str) -> Cohort:
    return propose(parse_file(data, name)).build()


def as_xlsb() -> bytes:
    sheet = openpyxl.load_workbook(SAMPLES / "misjf.xlsx", data_only=True).worksheets[0]
    return binary_workbook(
        [[v.date() if hasattr(v, "date") else v for v in row] for row in sheet.iter_rows(values_only=True)]
    )


@pytest.mark.parametrize("ending", ["xls", "ods", "xlsb"])
def test_every_workbook_gives_one_cohort_and_one_analysis(ending: str) -> None:
    data = as_xlsb() if ending == "xlsb" else (CONVERTED / f"misjf.{ending}").read_bytes()
    first, other = built((SAMPLES / "misjf.xlsx").read_bytes(), "misjf.xlsx"), built(data, f"misjf.{ending}")
    assert other.n == 57
    assert_same(first, other)
    assert analyses(first) == analyses(other)
    assert first.statements == other.statements


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_the_content_decides_and_not_the_name(ending: str) -> None:
    data = (CONVERTED / f"misjf.{ending}").read_bytes()
    assert_same(built(data, "cohort.csv"), built(data, f"misjf.{ending}"))
