"""The report: the same numbers as the Analysis, in words; nothing of the small ones outside; calm with nobody."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from lib.analysis import Analysis
from lib.cohort.cohort import Cohort
from lib.cohort.selection import Population
from lib.disclosure.readers import Reader
from lib.importing.proposal import read_trusted
from lib.present.table import Cell, Column, Table
from lib.report.plain_text import overview_text, text_table
from lib.report.report import Report, build_report
from lib.settings import VERSION
from tests.cohorts import cohort

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def sample() -> Cohort:
    return read_trusted((ROOT / "sample_data" / "misjf.csv").read_bytes(), "misjf.csv", synthetic=True)


@pytest.fixture(scope="module")
def whole(sample: Cohort) -> Report:
    return build_report(Analysis(sample), date="2024-05-01")


def test_the_title_is_the_sentence_of_the_paper(whole: Report) -> None:
    # the figures are the paper's: 7.83 and 4.97, 20 of 29, 18 of 29, four events
    assert whole.title == (
        "VAS pain fell from 7.8 to 5.0; 20 of 29 improved by at least 2 points; 18 are satisfied; "
        "6 of 57 had an adverse event"
    )
    assert whole.who.startswith("Invented data · All patients · 57 operated · 29 analysed")


def test_results_text_has_estimate_interval_test_p_and_n(whole: Report) -> None:
    first = whole.results[0]
    for words in ("7.83 (SD 1.71)", "4.97 (SD 2.63)", "n = 29", "2.86 points", "95% CI 1.75 to 3.98", "p < 0.001"):
        assert words in first
    assert any("13 of 29 (44.8%) before and 7 of 29 (24.1%) after" in p for p in whole.results)


def test_methods_name_tests_thresholds_value_set_versions_and_file(whole: Report) -> None:
    text = " ".join(whole.methods)
    for words in ("Shapiro–Wilk", "paired t test", "Kube & Muir 2016", "Greiner 2003", "McNemar", "SciPy", "Clopper"):
        assert words in text
    assert whole.origin.fingerprint in text
    assert "2024-05-01" in text
    assert "regression to the mean" in text


def test_no_causal_words(whole: Report) -> None:
    text = " ".join((*whole.methods, *whole.results, whole.title)).casefold()
    assert not re.search(r"\b(caused|because of surgery|effective|efficacy|led to)\b", text)


def test_items_have_unique_keys_and_can_be_found(whole: Report) -> None:
    keys = [item.key for item in whole.items]
    assert len(keys) == len(set(keys))
    assert {"before_after", "responders", "statements:0", "yes_no:opioids", "safety"} <= set(keys)
    assert whole.item("safety").table is not None
    with pytest.raises(KeyError, match="there are paired"):
        whole.item("nothing")


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION


@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("population", list(Population))
def test_few_patients_make_a_calm_report(n: int, reader: Reader, population: Population) -> None:
    report = build_report(Analysis(cohort(n), population=population), reader=reader)
    text = overview_text(report)
    assert not re.search(r"\b(nan|None|inf|NotComputed)\b", text)
    assert "Adverse events" in text or (reader is Reader.PUBLIC and n == 0)


def test_nothing_but_patients() -> None:
    bare = cohort(20, statements={}, measures=(), events=False)
    report = build_report(Analysis(bare))
    assert "the file does not record adverse events" in overview_text(report)
    assert report.items


def test_text_table_aligns_and_leaves_out_empty_columns() -> None:
    columns = (Column("Name"), Column("n", "right"), Column("Empty"))
    rows = ((Cell("a"), Cell("5", 5), Cell("")), (Cell("longer"), Cell("12", 12), Cell("")))
    lines = text_table(Table("Title", columns, rows, ("A note.",))).split("\n")
    assert lines[2:5] == ["Name     n", "a        5", "longer  12"]
    assert lines[-1] == "A note."


def test_subjects_beyond_the_overview_have_the_numbers_of_the_analysis(sample: Cohort) -> None:
    from lib.analysis.eq5d import dimensions
    from lib.analysis.grouped_patients import patients_table
    from lib.analysis.groups.comparison import compare
    from lib.cohort.grouping import ByColumn
    from lib.report.figures import FIGURES

    analysis = Analysis(sample)
    comparison = compare(analysis, ByColumn("center"))
    report = build_report(analysis, comparison=comparison)
    moves = report.item("eq5d:dimensions").table
    assert moves is not None
    found = [r.moves for r in dimensions(analysis, "12m").rows]
    assert [row[2].value for row in moves.rows] == [getattr(m, "better", None) for m in found]
    groups = report.item("forest:pain").table
    assert groups is not None
    expected = [a.paired("pain", "12m").n for _, a in comparison.rows]
    assert [row[1].value for row in groups.rows] == expected == [29, 16, 13]
    chart = report.item("forest:pain").chart
    assert chart is not None
    assert list(chart.series[0].n or ()) == expected
    assert report.item("table_1").n == patients_table(analysis, comparison, "12m").n == 29
    assert all(item.figure in FIGURES for item in report.items if item.chart is not None)
    usual = [item.finding for item in report.items if item.usual]
    assert len(usual) == len(set(usual))
    assert not any(item.key.startswith(("forest:", "between:")) for item in build_report(analysis).items)


def test_the_shell_prints_each_table_once(sample: Cohort) -> None:
    from lib.analysis.groups.comparison import compare
    from lib.cohort.grouping import ByColumn
    from lib.report.groups_text import comparison_tables

    analysis = Analysis(sample)
    report = build_report(analysis, comparison=compare(analysis, ByColumn("center")))
    told = overview_text(report) + "\n\n".join(text_table(t) for t in comparison_tables(report.plan, "center"))
    for title in ("VAS pain by group", "VAS pain between groups", "EQ VAS by group"):
        assert told.count(f"{title}\n") == 1
    assert told.count("Patients before surgery\n") == 1


def test_statements_of_another_scale_have_their_own_best_answers() -> None:
    """ "Satisfied or very satisfied" of one question is not what the best two answers of another are called."""
    found = cohort(40, statements={"s": "One", "t": "Two"})
    levels = ("Worse", "The same", "A little better", "Much better", "Recovered")
    mixed = replace(found, statements={**found.statements, "t": replace(found.statements["t"], levels=levels)})
    (said,) = [p for p in build_report(Analysis(mixed)).results if "“One”" in p]
    assert re.search(r"“Agree” or “Totally agree”: “One”: \d+ of \d+ \([\d.]+%\)\. ", said)
    assert re.search(r"“Much better” or “Recovered”: “Two”: \d+ of \d+", said)


def test_two_patients_are_told_in_grammar() -> None:
    said = " ".join(
        (*build_report(Analysis(cohort(60, missing=0.97))).results, *build_report(Analysis(cohort(2))).methods)
    )
    assert "(No test" not in said
    assert "no test (no test" not in said.casefold()
