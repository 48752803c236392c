"""Every way out of the app to a spreadsheet: no text of a file becomes a formula there."""

from __future__ import annotations

import datetime as dt
import io
import re
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest

from lib.analysis import Analysis
from lib.catalog.spreadsheet import cells_without_formulas, no_formula
from lib.export import Options, export
from lib.importing.files.table import Sheet, from_texts
from lib.importing.findings import Repair
from lib.importing.repairs import log_as_csv
from lib.importing.template import template_xlsx
from lib.present.table import Cell, Column, Table
from lib.report.report import build_report
from lib.settings import VERSION
from lib.ui.saved import as_text
from lib.ui.upload.columns import _row
from tests.cohorts import cohort
from tests.sample import sample

ROOT = Path(__file__).resolve().parents[3]
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\u3000=", "\u200b=", " =")


def _live(text: str) -> bool:
    """A start of a formula; a number with its sign ("+1", "-1") is a number, see `lib.catalog.spreadsheet`."""
    if re.fullmatch(r"[+-]\d+(\.\d+)?%?", text):
        return False
    return text.lstrip(" \u00a0\u200b\u3000\ufeff").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("start", STARTS)
def test_the_one_function_stops_half_and_full_width_signs(start: str) -> None:
    assert _live(start + "cmd")
    assert not _live(no_formula(start + "cmd"))
    assert no_formula(start + "cmd").endswith("cmd")
    assert not any(map(_live, cells_without_formulas(f"a\t{start}1\n{start}2\tb").replace("\n", "\t").split("\t")))


def test_words_and_true_minus_signs_stay() -> None:
    for text in ("Pain", "−2.3 points", "1 + 1", "", "a=b"):
        assert no_formula(text) == text


def test_copied_tables_repair_logs_and_the_columns_editor_hold_no_formula() -> None:
    texts = tuple(f"{start}1+1" for start in STARTS)
    table = Table(texts[0], tuple(map(Column, texts)), (tuple(map(Cell, texts)),), texts)
    assert not any(map(_live, as_text(table).replace("\n", "\t").split("\t")))
    import numpy as np

    sheet = Sheet.of("", (from_texts(texts[0], ["=1"]),), np.array([2]))
    log = log_as_csv([Repair("blank", (texts[0],), texts[0], values=(("=1", ""),))], sheet)
    assert not any(map(_live, log.replace('"', "").replace("\r\n", ",").split(",")))
    from lib.importing.columns.roles import ColumnGuess, Role

    row = _row(ColumnGuess("=HYPERLINK(1)", Role.NUMBER, label="＝2", samples=("=3",)), {})
    texts_of_row = [value for value in row.values() if isinstance(value, str)]
    assert len(texts_of_row) > 5
    assert not any(map(_live, texts_of_row))


def test_the_workbook_behind_a_native_chart_holds_texts() -> None:
    labels = tuple(f"{start}1+1" for start in STARTS)
    report = build_report(Analysis(cohort(60, etiologies=labels, statements={"s1": "=2+2", "s2": "http://x.example"})))
    books = 0
    with zipfile.ZipFile(io.BytesIO(export(report, "pptx"))) as deck:
        for name in deck.namelist():
            if name.endswith(".xlsx"):
                books += 1
                for sheet in openpyxl.load_workbook(io.BytesIO(deck.read(name))):
                    cells: list[Any] = [cell for row in sheet.iter_rows() for cell in row]
                    assert not [c.value for c in cells if c.data_type == "f" or c.hyperlink is not None]
    assert books > 3


def test_the_tables_of_the_page_offer_no_csv_of_their_own() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["client"]["disableDataExport"] is True


def _properties(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("docProps/core.xml").decode()


def test_the_properties_of_a_file_name_nobody_else() -> None:
    """Neither the authors of the libraries' templates nor whoever made the hospital's."""
    hospital = pptx.Presentation()
    hospital.core_properties.author = hospital.core_properties.last_modified_by = "Jan de Vries"
    kept = io.BytesIO()
    hospital.save(kept)
    report = build_report(Analysis(sample()))
    one = Options(keys=(report.items[0].key,), methods_slide=False)
    files = [export(report, ending, one) for ending in ("pptx", "docx", "xlsx")]
    files += [export(report, "pptx", replace(one, template=kept.getvalue())), template_xlsx()]
    for data in files:
        named = set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy|dc:description)[^>]*>([^<]+)<", _properties(data)))
        assert named == {f"CohortLens {VERSION}"}
        assert f"{dt.date.today().year}-" in _properties(data), "the day of the export, not of the library's template"
