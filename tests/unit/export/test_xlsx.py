"""The workbook: opened again with openpyxl; text never becomes a formula, numbers stay numbers."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from lib.analysis import Analysis
from lib.analysis.missing import missing_values
from lib.catalog.spreadsheet import no_formula, safe_text
from lib.disclosure.readers import Reader
from lib.export import ExportError, Options, export, format_of
from lib.export.record import AnalysisFileError, analysis_file, read, reproduce
from lib.export.table_shape import one_line, with_comma
from lib.export.xlsx import sheet_name, shown, write_tables
from lib.present.table import Cell, Column, Table
from lib.present.tables import data_check
from lib.report.plan import Origin
from lib.report.report import build_report
from tests.cohorts import STATEMENTS, cohort
from tests.unit.importing.read_here import propose_bytes

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "'=")
BODIES = (
    "1+1",
    "SUM(A1:A9)",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://example.org","x")',
    "WEBSERVICE(A1)",
    "2+5+cmd|' /C calc'!A0",
    "IMPORTXML(A1)",
    "{=1}",
    "A1",
    '"\x0b\x1f&<>]]>',
)
PAYLOADS = [start + body for start in STARTS for body in BODIES]


def test_a_hundred_payloads_as_labels_make_no_formula() -> None:
    assert len(PAYLOADS) == 100
    statements = {f"s{i}": text for i, text in enumerate(PAYLOADS)}
    found = cohort(12, etiologies=tuple(dict.fromkeys(PAYLOADS)), statements=statements)
    book = openpyxl.load_workbook(io.BytesIO(export(build_report(Analysis(found)), "xlsx")))
    texts = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    texts += 1
                    assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r")), cell.value
                    assert cell.quotePrefix
    assert texts > 300


@pytest.mark.parametrize("payload", PAYLOADS)
def test_neutralised_text_starts_no_formula_and_keeps_its_words(payload: str) -> None:
    found = no_formula(payload)
    assert not found.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert found.endswith(safe_text(payload))


def test_numbers_stay_numbers_and_negative_ones_negative() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export(build_report(Analysis(cohort(60))), "xlsx")))
    sheet = book["Before and after, all numbers"]
    head = [cell.value for cell in sheet[3]]
    change = sheet[4][head.index("mean change")]
    result = Analysis(cohort(60)).paired("vas_pain", "12m")
    assert change.value == pytest.approx(result.mean_change.value, rel=1e-15)  # type: ignore[union-attr]
    assert change.value < 0
    assert change.data_type == "n"
    assert {"Overview", "Methods", "All numbers", "Responders", "Statements", "Opioid use"} <= set(book.sheetnames)


def test_paragraphs_are_folded_thresholds_are_numbers_and_figures_say_so() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export(build_report(Analysis(cohort(60))), "xlsx")))
    for name in ("Overview", "Methods"):
        sheet = book[name]
        assert sheet.column_dimensions["A"].width > 100
        for r in range(4, sheet.max_row + 1):
            cell = sheet.cell(row=r, column=1)
            assert cell.alignment.wrap_text
            assert sheet.row_dimensions[r].height >= 15 * (len(cell.value) / 110)
    rows = list(book["All numbers"].iter_rows(min_row=4, values_only=True))
    thresholds = [row[2] for row in rows if row[1] and row[1].endswith("rule.threshold") and row[2] is not None]
    assert thresholds
    assert all(isinstance(value, int | float) for value in thresholds)
    assert "Figure Responders" in book.sheetnames
    assert "Responders 2" not in book.sheetnames


def test_no_sheet_of_single_patients_unless_asked_for() -> None:
    report = build_report(Analysis(cohort(30)))
    usual = openpyxl.load_workbook(io.BytesIO(export(report, "xlsx"))).sheetnames
    asked = openpyxl.load_workbook(io.BytesIO(export(report, "xlsx", Options(keys=("lines:vas_pain",))))).sheetnames
    assert not any("every patient" in name for name in usual)
    assert any("every patient" in name for name in asked)


@pytest.mark.parametrize("reader", [Reader.CONGRESS, Reader.PUBLIC])
def test_readers_outside_have_no_sheet_of_all_and_no_more_digits_than_are_printed(reader: Reader) -> None:
    report = build_report(Analysis(cohort(40)), reader=reader)
    book = openpyxl.load_workbook(io.BytesIO(export(report, "xlsx")))
    assert "All numbers" not in book.sheetnames
    for row in book["Before and after" if reader is Reader.CONGRESS else "Scores before and after"].iter_rows(
        min_row=4
    ):
        for cell in row:
            assert not isinstance(cell.value, float) or round(cell.value, 4) == cell.value, cell.coordinate


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("3", 3), (3, "0")),
        (Cell("69.0%", 0.69), (0.69, '0.0%;"−"0.0%;0.0%')),
        (Cell("−2.54", -2.54), (-2.54, '0.00;"−"0.00;0.00')),
        (Cell("+0.5 (−1.0 to 2.0)", 0.5), (0.5, '+0.0;"−"0.0;0.0')),
        (Cell("0.00", -0.001), (-0.001, "0.00;0.00;0.00")),
        (Cell("p < 0.001", 0.00001), (0.00001, '[<0.001]"< 0.001";[>0.999]"> 0.999";0.000')),
        (Cell("p < 0.001", 0.0007), (0.0007, '[<0.001]"< 0.001";[>0.999]"> 0.999";0.000')),
        (Cell("Fisher, p > 0.999", 1.0), (1.0, '[<0.001]"< 0.001";[>0.999]"> 0.999";0.000')),
        (Cell("1.2e-05", 0.000012), (0.000012, "0.00000E+00")),
        (Cell("U = 94.00, p = 0.661 (exact, ties included)", 0.66139), (0.66139, '0.000;"−"0.000;0.000')),
        (Cell("6 of 9 (66.7%)", 2 / 3), (2 / 3, '0.0%;"−"0.0%;0.0%')),
        # a difference of shares is written in points, as the column says
        (Cell("−3.4 (−25.2 to 18.8)", -0.034482758620689655), (-0.034482758620689655 * 100, '0.0;"−"0.0;0.0')),
    ],
)
def test_a_sheet_shows_a_number_as_its_table_does(cell: Cell, expected: tuple[float, str]) -> None:
    assert shown(cell) == expected


def test_a_number_with_its_sign_has_no_apostrophe() -> None:
    assert no_formula("+9.6 points (−21.1 to 36.5)") == "+9.6 points (−21.1 to 36.5)"
    assert no_formula("+2.86") == "+2.86"
    assert no_formula("+1+cmd|' /C calc'!A0").startswith("'")
    assert no_formula("-2+3").startswith("'")


def test_sheet_names_are_legal_and_different() -> None:
    taken: set[str] = set()
    names = [sheet_name(t, taken) for t in ("a/b:c*?[x]", "A b c x", "'quoted'", "", "History", "x" * 40, "x" * 40)]
    assert len({n.casefold() for n in names}) == len(names)
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)
    assert not any(n.startswith("'") or n.endswith("'") or n.casefold() == "history" for n in names)


def test_texts_on_their_way() -> None:
    assert safe_text("a\x00b\x0bc\ud800d\u202ee") == "abcde"
    assert one_line("a\n\tb\u00a0c ") == "a b\u00a0c"
    assert with_comma("2.86 points (95% CI 1.75 to 3.98), p = 0.001") == "2,86 points (95% CI 1,75 to 3,98), p = 0,001"
    assert (
        with_comma("doi 10.1007/s11136, SciPy 1.17.1, L4.5, v2.0.csv")
        == "doi 10.1007/s11136, SciPy 1.17.1, L4.5, v2.0.csv"
    )


# --- the analysis file -----------------------------------------------------------------------------------------------


def test_the_analysis_file_reproduces_itself_and_names_what_differs() -> None:
    found = cohort(50)
    report = build_report(Analysis(found), date="2024-05-01")
    record = read(export(report, "json"))
    result = reproduce(record, found)
    assert result.matches
    assert result.compared > 300
    record["results"]["statement:satisfied:12m"]["counts"][2] += 1
    assert [d.split(":")[0] for d in reproduce(record, found).differences] == ["statement"]
    other = reproduce(read(export(report, "json")), cohort(50, seed=2))
    assert not other.matches
    assert any("paired:vas_pain:12m" in d for d in other.differences)
    more, without_rule = other.differences[-2:]  # what is not named one by one is counted, by the rule that changed
    assert more.startswith("and ")
    assert without_rule == f"{more.split()[1]} of them: no rule changed"


def test_the_analysis_file_has_versions_selection_thresholds_and_no_patient_rows() -> None:
    found = cohort(50)
    record = analysis_file(build_report(Analysis(found)).plan, {"columns": []}, date="2024-05-01")
    assert record["versions"]["cohortlens"]
    assert record["thresholds"]["vas_pain"] == {"kind": "absolute", "threshold": "2.0", "state": None}
    assert record["file"]["fingerprint"] == found.provenance.fingerprint
    assert record["columns"] == {"columns": []}
    text = json.dumps(record)
    assert '"rows"' not in text
    assert '"source_rows"' not in text

    def longest(value: object) -> int:
        if isinstance(value, dict):
            return max((longest(v) for v in value.values()), default=0)
        return max([len(value), *(longest(v) for v in value)]) if isinstance(value, list) else 0

    # the longest list is a curve: distinct improvements, fewer than patients
    assert longest(record["results"]) < 50


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not an analysis file"),
        ('{"format": "cohortlens analysis", "format_version": 9}', "version 9"),
        ('{"format": "cohortlens analysis", "format_version": 1}', "damaged"),
    ],
)
def test_what_is_no_analysis_file_is_refused(data: str, words: str) -> None:
    with pytest.raises(AnalysisFileError, match=words):
        read(data)


def test_an_analysis_file_of_another_cohort_is_refused_in_words() -> None:
    record = read(export(build_report(Analysis(cohort(20))), "json"))
    record["selection"]["chosen"] = {"hospital": ["A"]}
    with pytest.raises(AnalysisFileError, match="no category column “hospital”"):
        reproduce(record, cohort(20))
    record["selection"] = {"chosen": 3}
    with pytest.raises(AnalysisFileError, match="damaged"):
        reproduce(record, cohort(20))


def test_registry_and_refusals() -> None:
    assert format_of("Out.PPTX").ending == "pptx"
    with pytest.raises(ExportError, match=r"Known endings: \.pptx"):
        format_of("out.gif")
    with pytest.raises(ExportError, match="outside the department"):
        export(build_report(Analysis(cohort(20)), reader=Reader.CONGRESS), "json")
    assert len(STATEMENTS) == 3


def test_a_table_alone_says_about_whom_and_from_where() -> None:
    table = Table("Table 1", (Column("Age"),), ((Cell("45"),),), ("Mean.",))
    origin = Origin("own.xlsx", "ab" * 32, True, "1.0", "2024-05-01")
    sheet = openpyxl.load_workbook(io.BytesIO(write_tables([table], about="29 of 57 patients", origin=origin))).active
    said = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert said == ["Table 1", "29 of 57 patients", "Age", "45", "Mean.", origin.words]
    assert "synthetic data" in origin.words


def test_the_workbook_for_the_data_manager_says_what_the_page_says() -> None:
    """Findings with rows, who to call, answers and changes; opened again, and no cell is a formula."""
    centers = ["=1+1" if i == 4 else "A" for i in range(30)]
    rows = [f"{i},{centers[i]},{55 if i == 7 else 5 + i % 5},{i % 4},{i * 3 % 61}" for i in range(30)]
    text = "\n".join(["id,center,vas_pre,vas_12m,own score 12m", *rows]).encode()
    table = propose_bytes(text, "own.csv")
    repair = next(f.repair for f in table.findings if f.repair is not None)
    cohort = table.accept(repair).build()
    tables = data_check.workbook_tables(cohort, missing_values(Analysis(cohort)))
    book = openpyxl.load_workbook(io.BytesIO(write_tables(tables, about="own.csv")))
    cells = [[cell for row in sheet.iter_rows() for cell in row if cell.value is not None] for sheet in book]
    everything = " ".join(str(c.value) for sheet in cells for c in sheet)
    assert len(book.sheetnames) == len(tables)
    for found in cohort.provenance.checked.found:
        if found.code != "missing":
            assert found.sentence[:60] in everything
    assert cohort.provenance.repairs[0][:40] in everything
    assert not [c for sheet in cells for c in sheet if c.data_type == "f"]
