"""What a reader outside has in hand: every text of the real files, and every number behind charts and cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Category
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Selection
from lib.disclosure.public import rounded
from lib.disclosure.readers import REMARKS, Reader
from lib.export import ExportError, export
from lib.report.report import Report, build_report
from lib.report.talk import talk
from lib.settings import FEWEST_RELEASED, MOST_HIDDEN, ROUNDED_TO
from lib.stats.paired import PairedResult
from tests.cohorts import cohort
from tests.office_text import office_text, page_text
from tests.sample import sample

MEAN_OR_REASON = r"−?\d+(\.\d+)?\u00a0\(\d+(\.\d+)?\)|7 or fewer|fewer than 10 [^\d]*|[^\d]*"
FILES = ("pptx", "docx", "html", "xlsx")


def report(reader: Reader, by: str | None, etiology: str = "") -> Report:
    analysis = Analysis(sample(), Selection.of({"etiology": [etiology]}) if etiology else Selection())
    compared = compare(analysis, ByColumn(by)) if by else None
    return build_report(analysis, reader=reader, comparison=compared, date="2026-01-01")


@pytest.fixture(scope="module")
def congress() -> Report:
    return report(Reader.CONGRESS, "etiology")


@pytest.fixture(scope="module")
def public() -> Report:
    return report(Reader.PUBLIC, "center")


def texts(of: Report, ending: str) -> Iterator[str]:
    data = export(of, ending)
    yield from (text for _, text in (page_text(data) if ending == "html" else office_text(data)))


# --- a congress or a journal -----------------------------------------------------------------------------------------


def test_no_chart_holds_a_patient(congress: Report) -> None:
    for item in congress.items:
        for series in item.chart.series if item.chart else ():
            assert not series.rows, item.key
            assert not series.role.endswith(("density", "patients")), item.key
    assert not any(item.key.startswith(("lines", "improvements", "curve", "scatter")) for item in congress.items)


def test_nothing_behind_a_number_has_more_digits_than_are_printed(congress: Report) -> None:
    """Means with their intervals, in charts and in cells: pain has two decimals, the index three, EQ VAS one."""
    for key, decimals in (("pain", 2), ("eq_vas", 1), ("eq5d3l_index:europe_vas", 3)):
        chart = congress.item(f"paired:{key}").chart
        assert chart is not None
        for series in chart.series:
            numbers = [v for part in (series.values, series.low, series.high) for v in part or () if v is not None]
            assert all(round(v, decimals) == v for v in numbers)
        table = congress.item(f"forest:{key}").table
        assert table is not None
        assert all(round(c.value, decimals) == c.value for row in table.rows for c in row if c.value is not None)


def test_groups_of_few_have_their_number_only(congress: Report) -> None:
    table = congress.item("forest:pain").table
    comparison = congress.plan.comparison
    assert table is not None
    assert comparison is not None
    for row, (_, group) in zip(table.rows, comparison.rows, strict=True):
        found = group.paired("pain", "12m")
        assert row[1].value == found.n
        assert isinstance(found, PairedResult) == bool(row[2].text)
        assert not row[2].text or found.n >= FEWEST_RELEASED


def test_a_filter_of_four_shows_no_mean_in_any_file() -> None:
    few = report(Reader.CONGRESS, None, "Ehlers-Danlos syndrome")
    for ending in FILES:
        whole = " ".join(texts(few, ending))
        assert "fewer than 10 patients" in whole, ending
        assert not re.search(r"mean age \d|\d\.\d\d? to \d\.\d\d? points|rose from|fell from", whole), ending
    assert not any(item.key.startswith("paired:") for item in few.items)


def test_the_remark_stands_on_every_file(congress: Report, public: Report) -> None:
    for made in (congress, public):
        remark = REMARKS[made.plan.reader]
        assert remark in made.methods
        for ending in FILES:
            assert any(remark in re.sub(r"\s+", " ", text) for text in texts(made, ending)), ending
        with pytest.raises(ExportError, match="outside the department"):
            export(made, "json")
        with pytest.raises(ExportError, match="explicit yes"):
            export(made, "reviewer.zip")


def test_the_reviewer_who_is_given_rows_gets_the_true_numbers(congress: Report) -> None:
    from lib.export import Options

    of_congress, of_department = (
        zipfile.ZipFile(io.BytesIO(export(made, "reviewer.zip", Options(patient_rows=True)))).read("numbers.csv")
        for made in (congress, report(Reader.DEPARTMENT, "etiology"))
    )
    assert of_congress == of_department


# --- the public ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "etiology"), [(None, ""), ("center", ""), ("etiology", ""), (None, "Postpartum")])
def test_every_count_of_the_public_is_rounded_or_hidden(by: str | None, etiology: str) -> None:
    made = report(Reader.PUBLIC, by, etiology)
    seen = 0
    for item in made.items:
        assert item.chart is None
        assert item.n is None
        assert item.table is not None
        for row in item.table.rows:
            for cell in row[1:]:
                counted = re.fullmatch(r"(\d+)(?: \((\d+)%\))?", cell.text)
                if counted:
                    seen += 1
                    assert int(counted[1]) % ROUNDED_TO == 0
                    assert int(counted[1]) > MOST_HIDDEN
                else:
                    assert re.fullmatch(
                        r"\d+\.?\d*\u00a0\(\d+\.?\d*\)|−?\d+\.?\d*\u00a0\(.*\)|[^\d]*(7 or fewer)?|.*fewer than 10.*",
                        cell.text,
                    ), cell.text
    assert seen > 5


def test_the_numbers_of_the_sample_stand_in_no_file_for_the_public(public: Report) -> None:
    """57 operated, 29 analysed, 16 and 13 of the centers, 20 responders: everywhere in the department's report."""
    exact = re.compile(r"(?<![\d.,−–(-])(57|29|16|13)(?![\d.,%]|-\d)\b")
    for ending in FILES:
        told = [text for text in texts(public, ending) if exact.search(text) and "fingerprint" not in text]
        assert told == [], ending
    for ending in ("manuscript.docx", "figures.zip"):
        with pytest.raises(ExportError, match="the public may see"):
            export(public, ending)


def test_shares_of_the_public_are_of_rounded_counts(public: Report) -> None:
    table = public.item("responders").table
    assert table is not None
    for row in table.rows:
        found = re.fullmatch(r"(\d+) \((\d+)%\)", row[2].text)
        if found:
            assert int(found[2]) == int(100 * int(found[1]) / int(row[1].text) + 0.5)


def test_filters_one_after_another_tell_no_small_count() -> None:
    """Every etiology against all: the difference of what is shown is a multiple of five, or one of both is hidden."""
    whole = sample()
    column = whole.columns["etiology"]
    assert isinstance(column, Category)
    sizes = [int(Analysis(whole, Selection.of({"etiology": [label]})).selected.sum()) for label in column.labels]
    for size in sizes:
        pair = rounded(whole.n), rounded(whole.n - size)
        assert all(isinstance(n, int) and n % ROUNDED_TO == 0 for n in pair)


@pytest.mark.parametrize("reader", [Reader.CONGRESS, Reader.PUBLIC])
@pytest.mark.parametrize("n", [0, 1, 3, 9, 12])
def test_few_patients_make_calm_files(n: int, reader: Reader) -> None:
    made = build_report(Analysis(cohort(n)), reader=reader, date="2026-01-01")
    whole = " ".join([made.title, made.who, *made.methods, *made.results, *(i.finding for i in made.items)])
    assert not re.search(r"\b(nan|None(?! of)|inf|NotComputed)\b", whole)
    assert all(slide.title for slide in talk(made))
    assert export(made, "xlsx")


def test_the_results_of_the_public_are_sentences(public: Report) -> None:
    assert [key for key, _ in public.parts] == ["scores", "responders", "yes_no"]
    scores, responders, _ = public.results
    assert scores.startswith(
        "VAS pain: 30 patients; before surgery, mean (SD) 7.8 (1.7); 12 months, mean (SD) 5.0 (2.6)"
    )
    assert "VAS pain, 2 points: 30 patients; responders 20 (67%)." in responders
    assert "Heerlen" not in scores


def test_table_one_of_a_congress_has_no_more_digits_than_are_printed(congress: Report) -> None:
    table = congress.item("table_1").table
    assert table is not None
    numbers = [cell.value for row in table.rows for cell in row if isinstance(cell.value, float)]
    assert numbers
    assert all(round(v, 4) == v for v in numbers)


def test_what_was_computed_for_one_reader_is_not_handed_to_the_next() -> None:
    """The comparison of an analysis is kept with it: on screen the department looks first, and then exports."""
    fresh = report(Reader.CONGRESS, "etiology")
    analysis = Analysis(sample())
    compared = compare(analysis, ByColumn("etiology"))
    department = build_report(analysis, comparison=compared, date="2026-01-01")
    after = build_report(analysis, reader=Reader.CONGRESS, comparison=compared, date="2026-01-01")
    again = build_report(analysis, comparison=compared, date="2026-01-01")
    assert after.results == fresh.results
    assert [i.table for i in after.items] == [i.table for i in fresh.items]
    assert again.results == department.results
    assert [i.table for i in again.items] == [i.table for i in department.items]
