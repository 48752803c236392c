"""Statements: told order and direction, wording in reverse, groups, two of them together, at the edges too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.cross_table import CrossTable, agreement_matrix, cell_patients, cross_table
from lib.analysis.statements import compare_statement, compare_statements, favourable_codes, suspected_reverse
from lib.catalog.statements import THEMES, worded_in_reverse
from lib.cohort.cohort import Cohort, Statement
from lib.cohort.selection import Population, Selection
from lib.cohort.statement_order import with_statement_orders
from lib.stats.results import NotComputed, to_record
from tests.cohorts import FOLLOW_UP, LEVELS, cohort
from tests.sample import sample

Answers = dict[str, list[int]]


def told(answers: Answers, *, reverse: tuple[str, ...] = (), levels: tuple[str, ...] = LEVELS) -> Cohort:
    """A cohort in which everybody is in the population and the answers are as given."""
    n = len(next(iter(answers.values())))
    made = cohort(n, measures=())
    return replace(
        made,
        statements={k: Statement(k, f"I agree with {k}", levels, reverse=k in reverse) for k in answers},
        answers={(k, FOLLOW_UP): np.array(v, dtype=np.int8) for k, v in answers.items()},
    )


def parted(answers: Answers, first: int, **more: object) -> list[tuple[str, Analysis]]:
    """Two groups of one cohort: the first so many patients, and the others."""
    made = told(answers, **more)
    inside = np.arange(made.n) < first
    return [("A", Analysis(made, within=inside)), ("B", Analysis(made, within=~inside))]


def two(first: list[int], second: list[int], **more: object) -> list[tuple[str, Analysis]]:
    return parted({"s": [*first, *second]}, len(first), **more)


# --- told by the user ------------------------------------------------------------------------------------------------


def test_turning_a_statement_around_changes_its_best_answers_and_the_fingerprint() -> None:
    as_imported = told({"s": [0, 0, 1, 4, 4], "other": [4, 4, 4, 4, 4]})
    turned = with_statement_orders(as_imported, ["s"])
    assert Analysis(as_imported).statement("s", FOLLOW_UP).top_two.count == 2
    assert Analysis(turned).statement("s", FOLLOW_UP).top_two.count == 3
    assert Analysis(turned).statement("other", FOLLOW_UP).top_two.count == 5
    assert turned.provenance.fingerprint != as_imported.provenance.fingerprint
    assert with_statement_orders(turned, ["s"]).statements == as_imported.statements


def test_an_order_moves_levels_and_answers_together() -> None:
    as_imported = told({"s": [0, 1, 2, -1, -2]}, levels=("Good", "Bad", "So so"))
    ordered = with_statement_orders(as_imported, orders={"s": (1, 2, 0)})
    assert ordered.statements["s"].levels == ("Bad", "So so", "Good")
    assert ordered.answers["s", FOLLOW_UP].tolist() == [2, 0, 1, -1, -2]
    assert as_imported.answers["s", FOLLOW_UP].tolist() == [0, 1, 2, -1, -2]


@pytest.mark.parametrize("order", [(0, 1), (0, 0, 1, 2, 3), (1, 2, 3, 4, 5), (0, 1, 2, 3, 4), ()])
def test_what_is_no_new_order_changes_nothing(order: tuple[int, ...]) -> None:
    as_imported = told({"s": [0, 1]})
    assert with_statement_orders(as_imported, ["unknown"], {"s": order, "unknown": (1, 0)}) is as_imported


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I regret the surgery", True),
        ("I do not regret the surgery", False),
        ("I would not have the same surgery again", True),
        ("I have no complaints", False),
        ("Ik ben teleurgesteld over het resultaat", True),
        ("Ik ben niet teleurgesteld", False),
        ("Ich bin unzufrieden", True),
        ("Ich würde die Operation nicht wieder machen lassen", True),
        ("", False),
        *((statement, False) for theme in THEMES for statement in theme.statements.values()),
    ],
)
def test_wording_in_reverse(text: str, found: bool) -> None:
    assert worded_in_reverse(text) is found


def test_a_statement_against_the_others_is_suspected_until_it_is_turned() -> None:
    up = [0, 1, 2, 3, 4] * 4
    made = told({"a": up, "b": up, "c": [4 - k for k in up]})
    found = suspected_reverse(Analysis(made), FOLLOW_UP)
    assert [s.statement for s in found] == ["c"]
    assert found[0].correlation == pytest.approx(-1.0)
    assert not found[0].by_words
    assert suspected_reverse(Analysis(with_statement_orders(made, ["c"])), FOLLOW_UP) == ()


def test_the_sample_has_no_suspicion_and_few_answers_raise_none() -> None:
    assert suspected_reverse(Analysis(sample()), "12m") == ()
    assert suspected_reverse(Analysis(told({"a": [0, 4], "b": [4, 0]})), FOLLOW_UP) == ()
    assert suspected_reverse(Analysis(told({"a": [3] * 20, "b": [-1] * 20})), FOLLOW_UP) == ()


# --- groups ----------------------------------------------------------------------------------------------------------


def test_direction_turns_the_sign_of_cliffs_delta() -> None:
    low, high = [0, 1, 1, 2], [2, 3, 4, 4]
    plain = compare_statement(two(low, high), "s", FOLLOW_UP)
    turned = compare_statement(two(low, high, reverse=("s",)), "s", FOLLOW_UP)
    assert plain.delta.value > 0
    assert turned.delta.value == -plain.delta.value
    assert turned.test.p == plain.test.p
    assert plain.difference.value == pytest.approx(0.75)


@pytest.mark.parametrize("few", [[], [-1, -2], [4, 4]])
def test_a_group_with_fewer_than_three_answers_is_shown_and_not_tested(few: list[int]) -> None:
    found = compare_statement(two([1, 2, 3, 4], few), "s", FOLLOW_UP)
    assert found.tested == ("A",)
    assert isinstance(found.test, NotComputed)
    assert isinstance(found.results[1], NotComputed) == (not [k for k in few if k >= 0])
    to_record(found)


def test_everybody_the_same_has_no_test() -> None:
    found = compare_statement(two([4, 4, 4], [4, 4, 4]), "s", FOLLOW_UP)
    assert "equal" in found.test.reason
    assert isinstance(found.rates, NotComputed)


def test_groups_that_share_patients_are_not_tested() -> None:
    everyone = Analysis(sample())
    found = compare_statement([("A", everyone), ("B", everyone)], "satisfied_with_results", "12m")
    assert "share patients" in found.test.reason
    assert found.results[0].n == 29


def test_a_grouping_that_may_not_be_tested_says_why() -> None:
    found = compare_statement(two([1, 2, 3], [3, 4, 4]), "s", FOLLOW_UP, within_only="cut from the baseline")
    assert found.test.reason == "cut from the baseline"


def test_the_correction_counts_only_tests_that_were_done() -> None:
    groups = parted({"s": [0, 1, 2, 3, 3, 4, 4, 4], "t": [4] * 8}, 4)
    found = compare_statements(groups, ["s", "t"], FOLLOW_UP)
    assert found.test_p.size == 1
    assert found.test_p.adjusted[0] == found.rows[0].test.p
    assert isinstance(found.test_p.adjusted[1], NotComputed)


def test_favourable_codes_leave_out_who_did_not_answer() -> None:
    found = Analysis(told({"s": [0, -1, 4, -2]}, reverse=("s",)))
    assert favourable_codes(found, "s", FOLLOW_UP).tolist() == [4, 0]
    assert favourable_codes(found, "unknown", FOLLOW_UP).tolist() == []


# --- two together ----------------------------------------------------------------------------------------------------


def test_the_papers_contradiction() -> None:
    found = cross_table(Analysis(sample()), "satisfied_with_results", "same_surgery_again", "12m")
    assert isinstance(found, CrossTable)
    assert found.both + found.only_first == 18
    assert found.both + found.only_second == 24
    assert found.both + found.only_first + found.only_second + found.neither == found.n == 29
    assert sum(map(sum, found.counts)) == 29


def test_a_reversed_statement_counts_its_disagreeing_end() -> None:
    made = told({"a": [0, 0, 4, 3], "b": [4, 0, 4, -1]}, reverse=("a",))
    found = cross_table(Analysis(made), "a", "b", FOLLOW_UP)
    assert (found.both, found.only_first, found.only_second, found.neither) == (1, 1, 1, 0)
    assert (found.n, found.left_out) == (3, 1)


def test_nobody_answered_both() -> None:
    found = cross_table(Analysis(told({"a": [0, -1], "b": [-1, 3]})), "a", "b", FOLLOW_UP)
    assert found == NotComputed("nobody answered both", 0)
    assert "not asked" in cross_table(Analysis(sample()), "satisfied_with_results", "x", "12m").reason


def test_matrix_diagonal_is_the_statement_and_cells_are_cross_tables() -> None:
    analysis = Analysis(sample())
    keys = list(sample().statements)
    found = agreement_matrix(analysis, keys, "12m")
    assert [found.both[k][k] for k in range(7)] == [23, 8, 16, 17, 24, 25, 18]
    assert found.both[6][4] == found.both[4][6]
    assert found.both[6][4] == cross_table(analysis, keys[6], keys[4], "12m").both


def test_patients_of_every_cell_are_everybody_once() -> None:
    analysis = Analysis(sample())
    found = cross_table(analysis, "satisfied_with_results", "same_surgery_again", "12m")
    rows = [
        p.row
        for i in range(5)
        for j in range(5)
        for p in cell_patients(analysis, found, (i, j), ["pain", "eq_vas"], "12m")
    ]
    assert len(rows) == len(set(rows)) == 29


def test_missing_scores_of_a_cell_are_none() -> None:
    everyone = Analysis(sample(), population=Population.ALL)
    found = cross_table(everyone, "satisfied_with_results", "same_surgery_again", "12m")
    scores = [
        p.scores[0] for i in range(5) for j in range(5) for p in cell_patients(everyone, found, (i, j), ["pain"], "12m")
    ]
    assert any(before is None for before, _ in scores)
    assert all(after is not None for _, after in scores)


def test_a_filter_reaches_the_cross_table() -> None:
    few = Analysis(sample(), Selection.of({"etiology": ["Postpartum"]}))
    assert cross_table(few, "satisfied_with_results", "same_surgery_again", "12m").n == 13
