"""Statements on paper: bars of any scale, tables, the cross-table, and what breaks other packages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import Analysis
from lib.analysis.cross_table import CellPatient, agreement_matrix, cross_table
from lib.analysis.groups.comparison import compare
from lib.analysis.statements import Suspicion, compare_statements
from lib.cohort.cohort import Statement
from lib.cohort.grouping import ByColumn
from lib.present.charts.cross_table import cross_data, cross_figure, matrix_data, matrix_figure
from lib.present.charts.likert_bars import LAYOUTS, likert_data, likert_figure, shown_levels
from lib.present.charts.likert_groups import groups_data, groups_figure
from lib.present.sentences.statements import reverse_note, suspicion_words, together
from lib.present.tables.statements_between import MOST, between_table, cell_table, shares_between
from lib.present.theme import MEDIA
from lib.stats.likert import LikertResult, summarise
from lib.stats.results import NotComputed
from tests.cohorts import FOLLOW_UP, LEVELS, PAIN, cohort
from tests.sample import sample

STATEMENT = Statement("s", "I am <b>satisfied</b>", LEVELS, short="Satisfied")
NOBODY = NotComputed("nobody answered", 0)


def result(*codes: int, levels: int = 5, reverse: bool = False) -> LikertResult | NotComputed:
    return summarise(np.array(codes, dtype=int), levels, agree_high=not reverse)


def plain(figure: dict[str, Any]) -> dict[str, Any]:
    """As the browser gets it: no NaN, nothing but JSON."""
    found: dict[str, Any] = json.loads(json.dumps(figure, allow_nan=False))
    return found


def bars(rows: list[tuple[str, LikertResult | NotComputed]], statement: Statement = STATEMENT, **more: Any) -> Any:
    return likert_data(tuple(rows), statement, "What patients say", "finding", **more)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("levels", range(2, 12))
def test_every_number_of_levels_in_every_layout(layout: Any, levels: int) -> None:
    statement = Statement("s", "s", tuple(f"level {k}" for k in range(levels)))
    data = bars([("s", result(*range(levels), levels=levels))], statement, with_missing=True)
    figure = plain(likert_figure(data, layout=layout))
    segments = [t for t in figure["data"] if t["type"] == "bar"]
    assert len(segments) == levels
    # of fewer than ten a square is a patient, so as 100% the widths are counts
    assert sum(t["x"][0] for t in segments) == pytest.approx(levels if layout == "100%" and levels < 10 else 1.0)
    low, high = figure["layout"]["xaxis"]["range"]
    assert all(low <= t["base"][0] and t["base"][0] + t["x"][0] <= high + 1e-9 for t in segments)


@settings(max_examples=40)
@given(
    codes=st.lists(st.integers(-2, 4), max_size=40),
    layout=st.sampled_from(LAYOUTS),
    reverse=st.booleans(),
)
def test_no_bar_leaves_its_plot_whoever_answered(codes: list[int], layout: Any, reverse: bool) -> None:
    statement = replace(STATEMENT, reverse=reverse)
    data = bars([("s", result(*codes, reverse=reverse)), ("nobody", NOBODY)], statement, with_missing=True)
    figure = plain(likert_figure(data, layout=layout))
    low, high = figure["layout"]["xaxis"]["range"]
    for trace in (t for t in figure["data"] if t["type"] == "bar"):
        for start, width in zip(trace["base"], trace["x"], strict=True):
            assert start >= low - 1e-9
            assert start + width <= high + 1e-9
    assert figure["layout"]["height"] == 128


def test_nobody_disagreed_and_the_level_stays() -> None:
    data = bars([("s", result(4, 4, 3, 3, 2))])
    assert [s.name for s in data.series[:5]] == list(LEVELS)
    assert data.series[0].values == (0.0,)


def test_whole_percents_of_a_bar_add_up_to_100() -> None:
    data = bars([("s", result(0, 1, 2))])
    assert sum(int((s.labels or ("",))[0].rstrip("%")) for s in data.series[:5]) == 100


def test_a_statement_with_half_the_n_says_so() -> None:
    half = [4] * 10 + [-1] * 8 + [-2] * 2
    data = bars([("all", result(*[4] * 20)), ("half", result(*half))], with_missing=True)
    notes = [a["text"] for a in likert_figure(data)["layout"]["annotations"]]
    assert "<b>20 of 20</b>" in notes
    assert "<b>10 of 10</b>" in notes
    assert "8 missing, n/a 2" in notes


def test_one_level_only() -> None:
    data = bars([("s", result(*[2] * 30))])
    figure = likert_figure(data, layout="aside")
    assert [t["x"][0] for t in figure["data"]] == [0, 0, 1.0, 0, 0]


def test_neutral_stands_on_the_middle_or_aside() -> None:
    data = bars([("s", result(0, 2, 2, 4))])
    around, aside = likert_figure(data, layout="diverging"), likert_figure(data, layout="aside")
    assert around["data"][2]["base"][0] == -0.25
    assert aside["data"][1]["base"][0] + aside["data"][1]["x"][0] == 0
    assert aside["data"][2]["base"][0] > 1


def test_a_reversed_statement_shows_the_favourable_end_at_the_right() -> None:
    statement = replace(STATEMENT, reverse=True)
    data = bars([("s", result(0, 0, 0, 4, reverse=True))], statement)
    assert shown_levels(statement) == LEVELS[::-1]
    assert [s.values[0] for s in data.series[:5]] == [1, 0, 0, 0, 3]
    assert (data.series[5].labels or ())[0] == "3 of 4"
    assert "Totally disagree and Disagree" in reverse_note(statement)


def test_text_of_the_file_is_text() -> None:
    statement = Statement("s", "s", ("<i>no</i>", "%{x}", "yes"))
    data = bars([("<b>bold</b>", result(0, 1, 2, levels=3))], statement)
    drawn = json.dumps(likert_figure(data))
    assert "<i>" not in drawn
    assert "<b>bold" not in drawn
    assert "%{x}" not in drawn


def test_fewer_than_twenty_are_counted_not_percented() -> None:
    few = likert_figure(bars([("s", result(*[4] * 7, *[0] * 3))]))
    many = likert_figure(bars([("s", result(*[4] * 14, *[0] * 6))]))
    assert (few["data"][4]["text"], many["data"][4]["text"]) == (["7"], ["70"])


def test_as_100_percent_the_best_answers_begin_at_zero_with_their_interval_under_them() -> None:
    data = bars([("s", result(*[4] * 14, *[3] * 11, *[2] * 2, 1, 0))])
    figure = likert_figure(data, layout="100%")
    best, agree = figure["data"][4], figure["data"][3]
    assert (best["base"][0], agree["base"][0]) == (0.0, pytest.approx(14 / 29))
    line, dot = (t for t in figure["data"] if t["type"] == "scatter")
    assert dot["x"] == [pytest.approx(25 / 29)]
    assert line["x"][:2] == [pytest.approx(0.69439, abs=1e-4), pytest.approx(0.94504, abs=1e-4)]  # Wilson, prop.test
    assert "69 to 95%" in [a["text"] for a in figure["layout"]["annotations"]]


@pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA)
def test_groups_have_one_height_whoever_is_in_them(medium: Any) -> None:
    full = [("s", [("All", result(0, 1, 2, 3, 4)), ("A", result(4)), ("B", result(0, 4))])]
    none: Any = [("s", [("All", NOBODY), ("A", NOBODY), ("B", NOBODY)])]
    figures = [plain(groups_figure(groups_data(b, STATEMENT, "t", "f"), b, medium)) for b in (full, none)]
    assert figures[0]["layout"]["height"] == figures[1]["layout"]["height"]


def test_tables_between_groups_of_the_sample() -> None:
    comparison = compare(Analysis(sample()), ByColumn("center"))
    found = compare_statements(comparison.groups, list(sample().statements), "12m")
    shares = shares_between(found, sample().statements)
    assert [c.name for c in shares.columns][1:] == list(comparison.labels)
    tests = between_table(found, sample().statements)
    assert "Cliff’s delta" in [c.name for c in tests.columns]
    assert "looking 7 times in each column" in " ".join(tests.notes)
    six = compare(Analysis(sample()), ByColumn("etiology"))
    more = between_table(compare_statements(six.groups, list(sample().statements), "12m"), sample().statements)
    assert "Cliff’s delta" not in [c.name for c in more.columns]
    assert "in no test" in " ".join(more.notes)


def answered(codes: dict[str, list[int]], sizes: tuple[int, ...]) -> list[tuple[str, Analysis]]:
    """Groups A, B, C … of these sizes, whose patients gave these answers one after the other (−1: none)."""
    n = sum(sizes)
    made = replace(
        cohort(n, missing=0.0, statements={key: key for key in codes}),
        answers={(key, FOLLOW_UP): np.array(values, dtype=np.int8) for key, values in codes.items()},
    )
    part = np.repeat(np.arange(len(sizes)), sizes)
    return [("ABC"[k], Analysis(made, within=part == k)) for k in range(len(sizes))]


def test_each_row_names_its_pair_when_statements_have_different_ones() -> None:
    first, second = [0, 1, 2, 3, 4, 4, -1, -1, -1], [0, 1, 2, -1, -1, -1, 3, 4, 4]
    groups = answered({"one": first, "two": second}, (3, 3, 3))
    statements = {key: Statement(key, key, LEVELS) for key in ("one", "two")}
    table = between_table(compare_statements(groups, list(statements), FOLLOW_UP), statements)
    place = [c.name for c in table.columns].index("Groups")
    assert [row[place].text for row in table.rows] == ["B against A", "C against A"]
    notes = " ".join(table.notes)
    assert "as named in each row" in notes
    assert "against A" not in notes
    assert "in no test: C (one), B (two)." in notes.replace(" and ", ", ")
    same = between_table(compare_statements(groups, ["one"], FOLLOW_UP), statements)
    assert "Groups" not in [c.name for c in same.columns]
    assert "B against A; positive is more favourable" in " ".join(same.notes)
    assert "in no test: C." in " ".join(same.notes)


def test_the_pair_is_named_though_the_first_statement_has_none() -> None:
    groups = answered({"one": [0, 1, 2, -1, -1, -1], "two": [0, 1, 2, 3, 4, 4]}, (3, 3))
    statements = {key: Statement(key, key, LEVELS) for key in ("one", "two")}
    table = between_table(compare_statements(groups, list(statements), FOLLOW_UP), statements)
    assert "B against A; positive" in " ".join(table.notes)
    assert "in no test: B (one)." in " ".join(table.notes)
    untested = compare_statements(groups, ["two"], FOLLOW_UP, within_only="cut from the baseline")
    assert "Fewer than" not in " ".join(between_table(untested, statements).notes)


def test_the_cross_table_as_a_chart() -> None:
    analysis, statements = Analysis(sample()), sample().statements
    first, second = statements["satisfied_with_results"], statements["same_surgery_again"]
    found = cross_table(analysis, first.key, second.key, "12m")
    words = together(found, first, second)
    assert "18 of 29" in words
    assert "24 of 29" in words
    data = cross_data(found, first, second, "t", words)
    figure = plain(cross_figure(data, (2, 2), ("a", "b"), (2, 3)))
    assert len(figure["data"][0]["customdata"]) == 25
    assert sum(v or 0 for s in data.series for v in s.values) == 29
    keys = list(statements)
    matrix = matrix_data(agreement_matrix(analysis, keys, "12m"), keys, "t", "f")
    assert len(plain(matrix_figure(matrix, (6, 4)))["data"][0]["x"]) == 49


def test_two_together_that_nobody_answered() -> None:
    assert together(NOBODY, STATEMENT, STATEMENT) == "Not computed: nobody answered"


def test_patients_of_a_cell_are_listed_up_to_a_number() -> None:
    patients = [CellPatient(k + 2, ((7.0, None),)) for k in range(MOST + 3)]
    table = cell_table(patients, [PAIN], ("Before", "12 months"))
    assert len(table.rows) == MOST
    assert table.notes == ("3 more.",)
    assert [c.text for c in table.rows[0]] == ["2", "7", "missing"]


def test_why_a_statement_is_suspected() -> None:
    words = suspicion_words(Suspicion("s", True, -0.52), STATEMENT)
    assert "agreeing is unfavourable" in words
    assert "−0.52" in words
