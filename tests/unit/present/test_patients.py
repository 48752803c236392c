"""Tables, charts and sentences of Patients and Safety: what they say, with evil labels, and at the edges."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from lib.analysis import Analysis, Flow
from lib.analysis.attrition import (
    STATES,
    Completeness,
    FlowStep,
    Gap,
    MeasureFlow,
    Periods,
    by_category,
    by_period,
    in_category,
    in_period,
    in_state,
    measure_flow,
    occurring,
)
from lib.analysis.safety import SafetyOf, after_surgery, between_groups, per_procedure, safety_of
from lib.analysis.table_one import Group, table_one
from lib.analysis.yes_no import YesNoRow
from lib.cohort.cohort import Category, YesNo
from lib.export.docx import write_tables as word
from lib.export.options import Options
from lib.export.xlsx import write_tables as excel
from lib.present.charts.alluvial import alluvial_data, alluvial_figure
from lib.present.charts.completeness import bars_figure, completeness_data, periods_data, periods_figure
from lib.present.charts.distribution import distribution_data, distribution_figure
from lib.present.charts.event_bars import event_bars_data, event_bars_figure
from lib.present.charts.flow import flow_data, flow_figure
from lib.present.sentences import patients, safety
from lib.present.sentences.outcomes import yes_no_line
from lib.present.table import Table, chart_table
from lib.present.tables.attrition import completeness_table
from lib.present.tables.events import events_table, groups_table, outcomes_table, zero_words
from lib.present.tables.table_one import table_one_numbers, table_one_table
from lib.present.tables.yes_no import yes_no_groups_table, yes_no_notes
from lib.present.theme import MEDIA
from lib.stats.proportions import rate
from lib.stats.results import NotComputed
from lib.stats.yes_no import YesNoResult, from_counts
from lib.ui.saved import as_text
from tests.cohorts import FOLLOW_UP, PAIN, cohort
from tests.sample import sample
from tests.unit.analysis.test_safety import hurt

OPIOIDS = YesNo("opioids", "Opioid use")
TIMES = ("Before surgery", "12 months")
EVIL = '<b>=1+1</b> %{x} "quote"'


def halves(n: int) -> list[Group]:
    return [Group("First", np.arange(n) % 2 == 0), Group(EVIL, np.arange(n) % 2 == 1)]


def yes_no(*counts: int) -> YesNoResult | NotComputed:
    return from_counts(*counts)


def texts(table: Table) -> str:
    return " ".join(cell.text for row in table.rows for cell in row).replace("\u00a0", " ")


# --- tables ---


@pytest.mark.parametrize("n", [0, 1, 5, 60])
@pytest.mark.parametrize("groups", [False, True])
def test_table_one_has_a_cell_for_every_column(n: int, groups: bool) -> None:
    made = cohort(n)
    found = table_one(Analysis(made), np.ones(n, dtype=bool), halves(n) if groups else ())
    for p in (False, True):
        table = table_one_table(found, p=p)
        assert len(table.columns) == (3 if not groups else 8 if p else 6)
    assert "nan" not in texts(table).lower()
    assert len(table_one_numbers(found).columns) == 14


def test_a_denominator_is_written_where_some_have_no_value() -> None:
    made = cohort(30)
    codes = made.columns["center"].codes.copy()
    codes[:5] = -1
    made = replace(made, columns={"center": replace(made.columns["center"], codes=codes)})
    table = table_one_table(table_one(Analysis(made), np.ones(30, dtype=bool)))
    row = next(r for r in table.rows if r[0].text.strip("\u00a0") == "Heerlen")
    assert "of\u00a025" in row[1].text
    assert next(r for r in table.rows if r[0].text.strip("\u00a0").startswith("Center"))[2].text == "5"


def test_below_ten_patients_no_percent() -> None:
    table = table_one_table(table_one(Analysis(cohort(7)), np.ones(7, dtype=bool)))
    assert "%)" not in texts(table).replace("n (%)", "")
    assert "of 7" in texts(table)


def test_p_is_named_and_looks_are_counted() -> None:
    found = table_one(Analysis(cohort(60)), np.ones(60, dtype=bool), halves(60))
    table = table_one_table(found, p=True)
    assert any("not corrected for looking" in note for note in table.notes)
    assert {"Welch t", "Mann–Whitney", "Chi-square", "Fisher"} & {row[-2].text for row in table.rows}


def test_no_group_has_the_name_of_everybody() -> None:
    few = [Group("All", np.arange(60) < 30), Group("Rest", np.arange(60) >= 30)]
    found = table_one(Analysis(cohort(60)), np.ones(60, dtype=bool), few)
    heads = [c.name.split("\u00a0")[0] for c in table_one_table(found).columns]
    assert heads[1:4] == ["All patients (n", "All (n", "Rest (n"]
    assert {row[2].text for row in table_one_numbers(found).rows} == {"All patients", "All", "Rest"}


def test_safety_tables() -> None:
    analysis, everyone = Analysis(hurt()), np.ones(20, dtype=bool)
    found = safety_of(analysis, Group("All operated", everyone))
    assert isinstance(found, SafetyOf)
    table = events_table([found])
    assert table.rows[0][1].text == "3"
    assert table.rows[0][2].text.replace("\u00a0", " ") == "2 (10.0%)"
    assert any("1 with more than one event" in note for note in table.notes)
    own = outcomes_table(found, per_procedure(analysis, everyone), after_surgery(analysis, everyone), "operation")
    assert "Operations with an adverse event 2 22" in texts(own)
    assert any("Reoperation: 0 of 20, up to 16.8% cannot be excluded" in note for note in own.notes)
    assert any("up to 3 operations" in note for note in own.notes)
    test = between_groups(analysis, everyone, halves(20))
    by_group = groups_table([("All", found), ("None", NotComputed("no patients", 0))], test)
    assert "no patients" in texts(by_group)


def test_zero_of_29_as_the_contract_prints_it() -> None:
    assert zero_words("Reoperation", rate(0, 29, method="clopper-pearson")) == (
        "Reoperation: 0 of 29, up to 11.9% cannot be excluded"
    )
    assert zero_words("Reoperation", rate(1, 29, method="clopper-pearson")) == ""


def test_yes_no_by_group_keeps_the_absent() -> None:
    rows = [
        YesNoRow("All", 29, 0, yes_no(6, 7, 1, 15)),
        YesNoRow("Empty", 3, 3, yes_no(0, 0, 0, 0)),
        YesNoRow("Two", 2, 0, yes_no(1, 1, 0, 0)),
        YesNoRow("Five", 5, 0, yes_no(1, 3, 0, 1)),
    ]
    table = yes_no_groups_table(rows, OPIOIDS, TIMES)
    assert [c.text.replace("\u00a0", " ") for c in table.rows[0][6:10]] == [
        *("−20.7", "−37.8 to −1.5", "p = 0.070", "p = 0.039")
    ]
    assert "nobody has an answer" in texts(table)
    assert [c.text for c in table.rows[2][6:10]] == ["patients only", "", "", ""]
    assert [c.text for c in table.rows[3][8:10]] == ["too few", "too few"]


def test_word_excel_and_text_hold_the_table() -> None:
    from docx import Document
    from openpyxl import load_workbook

    found = table_one(Analysis(cohort(60)), np.ones(60, dtype=bool), halves(60))
    table = table_one_table(found)
    document = Document(io.BytesIO(word([table], Options(), about="All patients")))
    (grid,) = document.tables
    wide = Document(io.BytesIO(word([table_one_numbers(found)], Options())))
    assert wide.sections[0].page_width > wide.sections[0].page_height
    assert len(grid.rows) == len(table.rows) + 1
    assert grid.cell(2, 0).text.strip("\u00a0") == table.rows[1][0].text.strip("\u00a0")
    book = load_workbook(io.BytesIO(excel([table, table_one_numbers(found)])))
    assert len(book.sheetnames) == 2
    assert not any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)
    lines = as_text(table).split("\n")
    assert lines[1].count("\t") == len(table.columns) - 1
    assert "\u00a0" not in "\n".join(lines)


# --- charts ---


def plain(figure: dict[str, object]) -> str:
    return json.dumps(figure, allow_nan=False, ensure_ascii=False)


@pytest.mark.parametrize("medium", MEDIA.values(), ids=lambda m: m.name)
@pytest.mark.parametrize("n", [1, 40, 900])
def test_every_row_has_a_distribution(n: int, medium: object) -> None:
    made = cohort(n, etiologies=("Postpartum", EVIL, "Other"))
    people, groups = np.ones(n, dtype=bool), halves(n)
    for chosen in ((), groups):
        for row in table_one(Analysis(made), people, chosen).rows:
            data = distribution_data(row, people, chosen, "finding", made.source_rows)
            figure = plain(distribution_figure(data, (), medium))  # type: ignore[arg-type]
            assert "<b>=1+1" not in figure
            told = chart_table(data)
            assert told.rows
            if data.kind != "bars" and told.columns[1].name == "Category":
                named = [(series.text, group.text) for series, group, *_ in told.rows if group.text]
                assert all(series.startswith(group) for series, group in named)
                assert {group for _, group in named} <= set(data.categories)
            assert len(figure) < 120_000


def test_flow_boxes_and_reasons() -> None:
    analysis = Analysis(cohort(60, missing=0.3))
    flow = measure_flow(analysis, PAIN.key, FOLLOW_UP)
    data = flow_data(flow, TIMES, "finding")
    assert data.categories == ("Operated", "Score before surgery", "Score at 12 months too: analysed")
    assert data.series[0].values[-1] == flow.pairs
    assert sum(sum(s.values) for s in data.series[1:]) == 60 - flow.pairs
    assert " no baseline<br>score" in plain(flow_figure(data))


def test_completeness_charts() -> None:
    made = cohort(60, missing=0.3)
    analysis = Analysis(made)
    rows = by_category(analysis, PAIN.key, FOLLOW_UP, made.columns["center"])
    assert not isinstance(rows, NotComputed)
    states = occurring(analysis, PAIN.key, FOLLOW_UP)
    data = completeness_data(rows, states, "By center", "finding")
    assert plain(bars_figure(data))
    assert "Heerlen" in texts(completeness_table(rows, "Center", TIMES, "operated"))
    month = (Completeness("2020-03", 3, (0, 3, 0, 0, 0, 0, 0), 0, 3), Completeness("2020-04", 0, (0,) * 7, 0, 0))
    periods = Periods("month", month, 7, 0)
    drawn = periods_figure(periods_data(periods, range(7), "finding"))
    assert "Mar<br>2020" in plain(drawn)
    assert drawn["layout"]["yaxis"]["range"][1] == pytest.approx(7.28)


@pytest.mark.parametrize("counts", [(6, 7, 1, 15), (0, 0, 0, 5), (3, 0, 0, 0), (0, 4, 0, 0), (0, 0, 0, 0)])
@pytest.mark.parametrize("good", [True, False])
def test_alluvial_bands_fill_their_bars(counts: tuple[int, ...], good: bool) -> None:
    data = alluvial_data(replace(OPIOIDS, good=good), yes_no(*counts), TIMES, "finding")
    figure = alluvial_figure(data)
    bands = [s for s in figure["layout"]["shapes"] if s["type"] == "path"]
    assert len(bands) == sum(k > 0 for k in counts)
    roles = {s.name: s.role for s in data.series}
    assert roles["Started" if good else "Stopped"] == "improved"
    plain(figure)


def test_event_bars_keep_their_axis() -> None:
    made = hurt()
    found = safety_of(Analysis(made), Group("All operated", np.ones(20, dtype=bool)))
    few = safety_of(Analysis(made), Group("All operated", np.arange(20) < 4))
    assert isinstance(found, SafetyOf)
    assert isinstance(few, SafetyOf)
    one, other = (event_bars_data(f, found, "finding") for f in (found, few))
    assert one.x == other.x
    assert one.categories == other.categories
    figure = event_bars_figure(other)
    assert "→" in plain(figure)
    assert figure["layout"]["height"] == event_bars_figure(one)["layout"]["height"]


# --- sentences ---


def test_opioids_in_one_sentence_as_the_contract_has_it() -> None:
    said = safety.plain(safety.yes_no_sentence(OPIOIDS, yes_no(6, 7, 1, 15), TIMES))
    assert said == (
        "Opioid use fell from 13 to 7 of 29 (44.8% to 24.1%) from before surgery to 12 months: 7 stopped, 1 started. "
        "Change −20.7 percentage points (95% CI −37.8 to −1.5, Newcombe for pairs). "
        "McNemar’s test: exact p = 0.070, mid-p = 0.039."
    )


def test_fewer_than_ten_have_counts_and_no_p() -> None:
    nine, ten = yes_no(2, 4, 1, 2), yes_no(2, 5, 1, 2)
    said = safety.plain(safety.yes_no_sentence(OPIOIDS, nine, TIMES))
    assert said.endswith("4 stopped, 1 started. Too few to test reliably.")
    assert "p = " in safety.plain(safety.yes_no_sentence(OPIOIDS, ten, TIMES))
    assert yes_no_line(nine) == "4 stopped, 1 started · too few to test"
    assert "p" in yes_no_line(ten).partition("McNemar")[2]
    assert yes_no_notes(nine)[0] == "Fewer than 10 patients: too few to test reliably."
    assert yes_no_notes(ten)[0].startswith("McNemar’s test")


def test_the_papers_p_is_explained_on_the_sample_only() -> None:
    found = yes_no(6, 7, 1, 15)
    assert "prints p\u00a0=\u00a00.026" in safety.association_words(found, sample=True)
    assert "paper" not in safety.association_words(found, sample=False)
    assert "paper" not in safety.association_words(yes_no(5, 7, 2, 15), sample=True)
    assert safety.association_words(NotComputed("nobody", 0), sample=True) == ""


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((6, 4, 4, 2), "stayed at 10 of 16"),
        ((2, 0, 8, 6), "rose from 2 to 10 of 16"),
        ((4, 0, 0, 4), "nobody’s answer"),
    ],
)
def test_rose_stayed_and_nobody_changed(counts: tuple[int, ...], words: str) -> None:
    assert words in safety.yes_no_sentence(OPIOIDS, yes_no(*counts), TIMES)


@pytest.mark.parametrize(
    ("analysed", "selected", "words"),
    [
        (29, 57, "29 of 57 operated patients are analysed"),
        (1, 3, "1 of 3 operated patients is analysed"),
        (72, 72, "All 72 operated patients are analysed"),
        (1, 1, "The one operated patient is analysed"),
    ],
)
def test_one_patient_is_singular(analysed: int, selected: int, words: str) -> None:
    nothing = table_one(Analysis(cohort(5)), np.zeros(5, dtype=bool), ())
    assert patients.patients_title(Flow(100, selected, 90, analysed), nothing) == words


def test_a_code_for_sex_is_named_by_its_column() -> None:
    made = cohort(20)
    for labels, words in ((("0", "1"), "with sex 0"), (("Female", "Male"), "female")):
        column = Category("sex", "Sex", labels, np.zeros(20, dtype=np.int32), role="sex")
        found = table_one(Analysis(replace(made, columns={"sex": column})), np.ones(20, dtype=bool), ())
        assert patients.patients_title(Flow(20, 20, None, None), found) == (f"20 operated patients: 20 of 20 {words}")


def test_the_flow_of_one_reason_says_its_number_once() -> None:
    flow = MeasureFlow((FlowStep("operated", 401), FlowStep("follow-up", 301, (("no_follow_up", 100),))))
    assert patients.missing_title(flow) == "100 of 401 are not analysed: no follow-up score"
    two = MeasureFlow((FlowStep("operated", 2), FlowStep("follow-up", 1, (("no_follow_up", 1),))))
    assert patients.missing_title(two) == "1 of 2 is not analysed: no follow-up score"


def test_a_bar_names_the_share_of_those_due_as_the_table_beside_it_does() -> None:
    row = Completeness("Alderwick", 430, (235, 10, 75, 7, 0, 90, 13), 310, 245)
    data = completeness_data((row,), range(7), "By center", "finding")
    assert "235 of 327 (71.9%) due" in plain(bars_figure(data))
    assert "235 of 327 (71.9%)" in texts(completeness_table((row,), "Center", TIMES, "operated"))
    everybody = completeness_data((replace(row, states=(235, 10, 75, 110, 0, 0, 0)),), range(7), "By center", "finding")
    assert "235 of 430 (54.7%)" in plain(bars_figure(everybody))


def test_behind_every_bar_of_who_is_missing_stand_its_patients() -> None:
    made = cohort(60, missing=0.3)
    analysis = Analysis(made)
    center = made.columns["center"]
    assert isinstance(center, Category)
    rows = by_category(analysis, PAIN.key, FOLLOW_UP, center)
    assert not isinstance(rows, NotComputed)
    found = []
    for place, row in enumerate(rows):
        for state in range(len(STATES)):
            here = in_state(analysis, PAIN.key, FOLLOW_UP, state, in_category(center, place))
            assert len(here) == row.states[state]
            found += here.tolist()
    assert sorted(found) == list(range(60))


def test_behind_every_column_of_a_month_stand_its_patients() -> None:
    analysis = Analysis(sample())
    periods = by_period(analysis, "pain", "12m")
    assert not isinstance(periods, NotComputed)
    for place, row in enumerate(periods.rows):
        for state in range(len(STATES)):
            here = in_state(analysis, "pain", "12m", state, in_period(analysis.cohort, place))
            assert len(here) == row.states[state]
    assert not in_period(cohort(5), 0).any()


def test_titles_without_events_or_outcome() -> None:
    absent = NotComputed("the file does not record adverse events", 5)
    assert safety.safety_title(absent, None, absent).startswith("Neither adverse events")
    found = safety_of(Analysis(hurt()), Group("x", np.arange(20) == 7))
    assert safety.safety_title(found, OPIOIDS, absent) == "The one patient had no adverse event"
    assert "cannot be excluded" in safety.events_words(found)


def test_missing_in_words() -> None:
    analysis = Analysis(cohort(60, missing=0.3))
    flow = measure_flow(analysis, PAIN.key, FOLLOW_UP)
    assert patients.missing_title(flow).startswith(f"{60 - flow.pairs} of 60 are not analysed: ")
    full = measure_flow(Analysis(cohort(20, missing=0.0)), PAIN.key, FOLLOW_UP)
    assert patients.missing_title(full) == "All 20 operated patients have a complete pair"
    periods = Periods("month", (), 3, 0)
    assert patients.gap_words(Gap("2020-03", "2020-06", 1, 16, 28, 41), periods) == (
        "Fewest complete pairs: 2020-03 to 2020-06, 1 of 16 (6.3%) of those due, against 28 of 41 (68.3%) in the other "
        "months. Found by looking, so it is not tested."
    )
    assert patients.gap_words(None, periods) == ""
