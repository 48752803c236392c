"""Masking for outsiders: no group of 1 to 4 patients can be read, or worked out by adding and subtracting."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import Analysis
from lib.present import disclosure
from lib.present.chart_data import Axis, ChartData, Series
from lib.present.charts.likert_bars import likert_data
from lib.present.charts.lines import lines_data
from lib.present.charts.outcome_bars import outcome_data
from lib.present.small_counts import blocks_of, hidden_rows, hidden_sums, is_small, pooled, small_share, thinned
from lib.present.table import Cell, Column, Table
from lib.present.tables.before_after import before_after_table
from lib.present.tables.yes_no import yes_no_table
from lib.stats.results import NotComputed
from tests.cohorts import FOLLOW_UP, PAIN, cohort


def given_away(parts: dict[str, int], visible: list[frozenset[str]]) -> list[tuple[str, ...]]:
    """By brute force: groups of 1 to 4 whose size is a combination of the visible sums (by rank)."""
    names = list(parts)
    seen = np.array([[n in s for n in names] for s in visible], dtype=float).reshape(len(visible), len(names))
    rank = np.linalg.matrix_rank(seen) if len(visible) else 0
    found = []
    for bits in product((0.0, 1.0), repeat=len(names)):
        size = sum(parts[n] for n, bit in zip(names, bits, strict=True) if bit)
        if any(bits) and 0 < size < 5 and np.linalg.matrix_rank(np.vstack([seen, bits])) == rank and rank:
            found.append(tuple(n for n, bit in zip(names, bits, strict=True) if bit))
    return found


counts = st.lists(st.integers(0, 12), min_size=2, max_size=5)


@settings(max_examples=150)
@given(counts, st.integers(1, 2))
def test_nothing_small_can_be_worked_out_from_answers_and_their_best_two(values: list[int], best: int) -> None:
    parts = {str(i): v for i, v in enumerate(values)}
    shown = {frozenset({name}): False for name in parts}
    shown[frozenset(list(parts)[-best:])] = True
    shown[frozenset(parts)] = True
    hidden = hidden_sums(parts, shown)
    assert given_away(parts, [s for s in shown if s not in hidden]) == []


@settings(max_examples=100)
@given(st.tuples(*[st.integers(0, 15)] * 4))
def test_nothing_small_can_be_worked_out_from_a_two_by_two_table(values: tuple[int, int, int, int]) -> None:
    parts = dict(zip("abcd", values, strict=True))
    sums = ["a", "b", "c", "d", "ab", "cd", "ac", "bd", "abcd"]
    shown = {frozenset(s): len(s) > 1 for s in sums}
    hidden = hidden_sums(parts, shown)
    assert given_away(parts, [s for s in shown if s not in hidden]) == []


def test_nothing_is_hidden_without_a_small_count() -> None:
    parts = {"improved": 20, "unchanged": 6, "worsened": 5}
    shown = {frozenset({p}): False for p in parts} | {frozenset(parts): True}
    assert hidden_sums(parts, shown) == set()
    assert (
        hidden_sums({"a": 20, "b": 0}, {frozenset("a"): False, frozenset("b"): False, frozenset("ab"): True}) == set()
    )


def test_one_small_count_takes_the_smallest_other_with_it_and_spares_the_rate() -> None:
    parts = {"improved": 6, "unchanged": 22, "worsened": 1}
    shown = {frozenset({"improved"}): True, frozenset({"unchanged"}): False, frozenset({"worsened"}): False}
    hidden = hidden_sums(parts, shown | {frozenset(parts): True})
    assert hidden == {frozenset({"unchanged"}), frozenset({"worsened"})}


def test_fewer_than_five_in_all_hides_everything() -> None:
    shown = {frozenset("a"): False, frozenset("ab"): True}
    assert hidden_sums({"a": 0, "b": 4}, shown) == set(shown)


def test_many_parts_hide_the_rest_until_it_is_not_small() -> None:
    parts = {str(i): 10 + i for i in range(20)} | {"x": 1}
    shown = {frozenset({p}): False for p in parts} | {frozenset(parts): True, frozenset({"x", "0"}): True}
    hidden = hidden_sums(parts, shown)
    assert frozenset({"x"}) in hidden
    assert frozenset({"x", "0"}) in hidden
    assert sum(parts[next(iter(s))] for s in hidden if len(s) == 1) >= 5
    assert frozenset(parts) not in hidden


@pytest.mark.parametrize(("value", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_is_one_to_four(value: int, small: bool) -> None:
    assert is_small(value) is small
    assert small_share(value, 100) is small
    assert small_share(100 - value, 100) is small


def test_columns_with_a_total() -> None:
    assert blocks_of(4, [2, 1, 1, 0, 3, 1]) == [(0, 3), (3, 6)]
    assert blocks_of(5, [1, 1]) == []
    assert hidden_rows(9, [6, 3], {1}) == {0, 1}
    assert hidden_rows(None, [6, 3], {1}) == {1}
    assert hidden_rows(20, [10, 5, 3, 2], {2, 3}) == {2, 3}


@given(st.lists(st.integers(0, 9), max_size=30))
def test_pooled_bars_keep_their_sum_and_none_is_small(values: list[int]) -> None:
    found = pooled(values)
    assert not any(is_small(v) for v in found)
    assert sum(found) == (sum(values) if sum(values) >= 5 else 0)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_thinned_curve_has_no_small_step(values: list[int]) -> None:
    falling = sorted(values, reverse=True)
    kept = [falling[i] for i in thinned(falling, 40)]
    assert not any(is_small(v) or is_small(40 - v) for v in kept)
    assert not any(is_small(a - b) for a, b in pairwise(kept))


# --- tables ----------------------------------------------------------------------------------------------------------


def row(*values: int) -> tuple[Cell, ...]:
    names = ("improved", "unchanged", "worsened")
    cells = (Cell(str(v), v, (name,)) for name, v in zip(names, values, strict=True))
    return (*cells, Cell(str(sum(values)), sum(values), names))


def table(*rows: tuple[int, ...]) -> Table:
    columns = tuple(Column(c) for c in ("improved", "unchanged", "worsened", "n"))
    people = tuple(tuple(zip(("improved", "unchanged", "worsened"), r, strict=True)) for r in rows)
    return Table("T", columns, tuple(row(*r) for r in rows), ("Mean 3.2.", "Words."), people)


def test_a_masked_table_hides_says_so_and_drops_notes_with_numbers() -> None:
    masked = disclosure.mask_table(table((20, 6, 3)))
    assert [c.text for c in masked.rows[0]] == ["20", "hidden", "hidden", "29"]
    assert all(c.value is None for c in masked.rows[0] if c.text == "hidden")
    assert masked.notes[0] == "Words."
    assert "2 cells are hidden" in masked.notes[-1]


def test_a_table_without_small_counts_or_without_people_is_the_same_object() -> None:
    plain = table((20, 6, 5))
    assert disclosure.mask_table(plain) is plain
    silent = Table("T", (Column("a"),), ((Cell("3", 3),),))
    assert disclosure.mask_table(silent) is silent


def test_a_column_with_its_total_hides_one_more_row() -> None:
    masked = disclosure.mask_table(table((30, 30, 30), (24, 20, 10), (3, 5, 10), (3, 5, 10)))
    first = [r[0].text for r in masked.rows]
    assert first == ["30", "24", "hidden", "hidden"]
    masked = disclosure.mask_table(table((30, 30, 30), (27, 20, 10), (3, 10, 20)))
    assert [r[0].text for r in masked.rows] == ["30", "hidden", "hidden"]


def test_means_of_fewer_than_five_are_hidden() -> None:
    few = Analysis(cohort(4, missing=0.0))
    masked = disclosure.mask_table(before_after_table([(PAIN, few.paired("vas_pain", FOLLOW_UP))], ("Before", "After")))
    assert {c.text for c in masked.rows[0][1:6]} == {"hidden"}


def test_two_by_two_with_one_starter() -> None:
    found = Analysis(cohort(60))
    outcome = found.cohort.outcomes["opioids"]
    result = found.yes_no("opioids", FOLLOW_UP)
    assert not isinstance(result, NotComputed)
    masked = disclosure.mask_table(yes_no_table(outcome, result, ("Before", "After")))
    small = [c for r in masked.rows for c in r if isinstance(c.value, int) and is_small(c.value)]
    assert small == []


# --- charts ----------------------------------------------------------------------------------------------------------


def test_likert_bars_say_how_many_are_hidden_and_hide_their_percents() -> None:
    found = Analysis(cohort(40, missing=0.0))
    statements = list(found.cohort.statements.values())
    rows = tuple((s.key, found.statement(s.key, FOLLOW_UP)) for s in statements)
    data = likert_data(rows, statements[0], "What patients say", "a finding with 3 patients")
    masked = disclosure.mask_chart(data)
    assert masked.finding == "What patients say"
    levels = [s for s in masked.series if s.role.startswith("level:")]
    hidden = next(s for s in masked.series if s.role == "hidden")
    for i, (_, result) in enumerate(rows):
        assert not isinstance(result, NotComputed)
        visible = [s.values[i] for s in levels]
        assert not any(v is not None and 0 < v < 5 for v in visible)
        assert sum(v or 0 for v in visible) + (hidden.values[i] or 0) == result.n
        assert all(s.labels is not None and s.labels[i] == "hidden" for s in levels if s.values[i] is None)
        assert hidden.values[i] is None or (hidden.values[i] or 0) >= 5


def test_outcome_bars_keep_a_rate_that_is_safe() -> None:
    from lib.analysis import default_rule

    found = Analysis(cohort(60))
    rule = default_rule(PAIN)
    assert rule is not None
    data = outcome_data((("pain", found.responders("vas_pain", FOLLOW_UP, rule)),), "Outcomes", "f")
    masked = disclosure.mask_chart(data)
    for series in masked.series:
        assert not any(v is not None and v >= 1 and 0 < v < 5 for v in series.values if series.role != "rate")


def test_single_patients_never_stay() -> None:
    found = Analysis(cohort(60))
    pairs, result = found.pairs("vas_pain", FOLLOW_UP), found.paired("vas_pain", FOLLOW_UP)
    data = lines_data(result, pairs, None, Axis("pain", 0, 10), ("Before", "After"), "Pain fell")
    masked = disclosure.mask_chart(data)
    assert any(s.rows for s in data.series)
    assert not any(s.rows for s in masked.series)
    assert masked.finding == "Pain fell"
    assert masked.notes[-1] == "Single patients are left out."


def test_a_chart_of_four_patients_is_empty() -> None:
    masked = disclosure.mask_chart(ChartData("bars", "T", "3 of 4", (), (Series("a", "all", (3.0,)),), 4))
    assert masked.series == ()
    assert masked.n == 0
    assert "4" not in masked.finding


def test_a_forest_hides_small_rows_and_what_gives_their_n_away() -> None:
    series = Series("Improvement", "all", (1.0, 2.0, 3.0), low=(0.5, 1.0, 2.0), high=(2.0, 3.0, 4.0), n=(30, 27, 3))
    masked = disclosure.mask_chart(ChartData("forest", "F", "f", ("All", "A", "B"), (series,), 30))
    assert masked.series[0].values == (1.0, None, None)
    assert masked.series[0].low == (0.5, None, None)
    assert masked.series[0].n == (30, 0, 0)


def test_a_curve_keeps_only_steps_of_five_and_a_histogram_no_small_bar() -> None:
    n = 30
    shares = tuple(k / n for k in range(n, 0, -1))
    curve = ChartData("curve", "C", "f", (), (Series("s", "follow-up", shares, x=tuple(map(float, range(n)))),), n)
    kept = disclosure.mask_chart(curve).series[0]
    steps = [round(v * n) for v in kept.values if v is not None]
    assert all(a - b >= 5 for a, b in pairwise(steps))
    assert kept.x is not None
    assert len(kept.x) == len(kept.values)
    bars = Series("Improved", "improved", (1.0, 2.0, 9.0, 1.0), x=(0.0, 1.0, 2.0, 3.0))
    found = disclosure.mask_chart(ChartData("histogram", "H", "f", (), (bars,), 13)).series[0]
    assert found.values == (0.0, 0.0, 13.0, 0.0)


def test_results_for_sentences() -> None:
    few, many = Analysis(cohort(3, missing=0.0)), Analysis(cohort(60))
    hidden = disclosure.protected(few.paired("vas_pain", FOLLOW_UP))
    assert isinstance(hidden, NotComputed)
    assert hidden.n == 0
    kept = many.paired("vas_pain", FOLLOW_UP)
    assert disclosure.protected(kept) is kept
