"""Statements answered in numbers: from which to which, what the ends mean, which end is best; one series, one scale."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lib.analysis import Analysis
from lib.importing.columns.coded_answers import AnswerSpec, series_of
from lib.importing.columns.roles import Choice, Role, columns_from_json, columns_to_json
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import, propose
from tests.unit.importing.read_here import parse_here

DATA = os.environ.get("COHORTLENS_PUBLIC_DATA")


def asked(*names: str, rows: list[tuple[int | str, ...]]) -> Import:
    """A file of these statements at 12 months, one row of answers per patient."""
    lines = [",".join(map(str, (i, *row))) for i, row in enumerate(rows, 1)]
    found = propose(parse_here("\n".join([",".join(("patient_id", *names)), *lines]).encode(), "coded.csv"))
    return found.with_columns(
        [c.with_role(Role.STATEMENT, "", "12m", c.name) for c in found.columns if c.name in names]
    )


def counts(found: Import, key: str) -> dict[str, int]:
    cohort = found.build()
    result = Analysis(cohort).statement(key, "12m")
    return dict(zip(cohort.statements[key].levels, result.counts, strict=True))


@pytest.mark.parametrize(("target", "series"), [("a1", "a"), ("q_12", "q"), ("trust", "trust"), ("12", "12")])
def test_a_series_is_the_name_without_its_number(target: str, series: str) -> None:
    assert series_of(target) == series


def test_statements_of_one_series_share_the_codes_seen_in_any() -> None:
    found = asked("a1", "a2", "trust", rows=[(1, 2, 1), (2, 5, 2), (3, 4, 3), (4, 2, 3)])
    assert counts(found, "a1") == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 0}
    assert counts(found, "a2") == {"1": 0, "2": 2, "3": 0, "4": 1, "5": 1}
    assert counts(found, "trust") == {"1": 1, "2": 1, "3": 2}


def test_a_code_apart_is_not_passed_on_and_another_scale_is_left_alone() -> None:
    found = asked("a1", "a2", rows=[(1, 2), (2, 5), (3, 9), (4, 1)])
    assert counts(found, "a1") == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 0}
    wide = asked("q1", "q2", rows=[(k, 1 + k % 3) for k in range(11)])
    assert list(counts(wide, "q1")) == [str(k) for k in range(11)]
    assert list(counts(wide, "q2")) == ["1", "2", "3"]


def test_zero_to_ten_where_nobody_chose_zero() -> None:
    found = asked("trust", rows=[(3,), (10,), (7,)]).with_answers([AnswerSpec("trust", 0, 10)])
    assert list(counts(found, "trust")) == [str(k) for k in range(11)]
    assert sum(counts(found, "trust").values()) == 3


def test_one_is_best_turns_the_answers_and_the_ends_have_names() -> None:
    found = asked("trust", rows=[(1,), (1,), (2,), (5,)])
    told = found.with_answers([AnswerSpec("trust", 1, 5, True, "excellent", "poor")])
    assert counts(told, "trust") == {"5 = poor": 1, "4": 0, "3": 0, "2": 1, "1 = excellent": 2}
    assert Analysis(told.build()).statement("trust", "12m").top_two.count == 3
    assert Analysis(found.build()).statement("trust", "12m").top_two.count == 1
    assert told.fingerprint != found.fingerprint


def test_a_code_beyond_the_told_ends_is_no_answer() -> None:
    found = asked("trust", rows=[(1,), (9,), (4,), ("",)]).with_answers([AnswerSpec("trust", 1, 5)])
    result = Analysis(found.build()).statement("trust", "12m")
    assert (result.n, result.missing) == (2, 2)


def test_half_a_range_keeps_the_other_end_as_seen() -> None:
    found = asked("trust", rows=[(2,), (4,)])
    assert list(counts(found.with_answers([AnswerSpec("trust", low=0)]), "trust")) == ["0", "1", "2", "3", "4"]
    assert list(counts(found.with_answers([AnswerSpec("trust", high=6)]), "trust")) == ["1", "2", "3", "4", "5", "6"]
    nonsense = found.with_answers([AnswerSpec("trust", low=7)])
    assert Analysis(nonsense.build()).statement("trust", "12m").n == 2, "an impossible range leaves the file's words"


@pytest.mark.parametrize("rows", [[], [("",)], [(3,)], [(3,), (3,)]])
def test_nobody_one_and_two_alike(rows: list[tuple[int | str, ...]]) -> None:
    lines = [f"{i},{row[0]}" for i, row in enumerate(rows, 1)]
    text = "\n".join(["patient_id,trust", "99,4", *lines])
    found = propose(parse_here(text.encode(), "few.csv"))
    told = found.with_columns([c.with_role(Role.STATEMENT, "trust", "12m") for c in found.columns if c.name == "trust"])
    result = Analysis(told.with_answers([AnswerSpec("trust", 1, 5)]).build()).statement("trust", "12m")
    assert result.n == 1 + sum(row[0] != "" for row in rows)


def test_the_choice_is_saved_and_loaded() -> None:
    found = asked("trust", rows=[(1,), (4,)]).with_answers([AnswerSpec("trust", 0, 10, True, "good", "bad")])
    text = columns_to_json(found.choice)
    assert columns_from_json(text) == Choice(
        columns_from_json(text).columns, decimal=".", answers=(AnswerSpec("trust", 0, 10, True, "good", "bad"),)
    )
    again = asked("trust", rows=[(1,), (4,)]).with_choice(columns_from_json(text))
    assert counts(again, "trust") == counts(found, "trust")
    assert '"answers"' not in columns_to_json(asked("trust", rows=[(1,), (4,)]).choice)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('{"low": 1}', 'it has no "series"'),
        ('{"series": "a", "low": 5, "high": 1}', "the lowest answer must lie below the highest"),
        ('{"series": "a", "low": 1.5}', '"low" is no whole number'),
        ('{"series": "a", "low_is_best": "yes"}', '"low_is_best" is not true or false'),
        ("7", "not understood"),
    ],
)
def test_what_is_wrong_in_a_saved_choice_is_named(entry: str, told: str) -> None:
    with pytest.raises(ImportProblem, match=f"answers 1: .*{told}"):
        columns_from_json('{"columns": [], "answers": [' + entry + "]}")


@pytest.mark.skipif(not DATA, reason="COHORTLENS_PUBLIC_DATA is not set")
def test_the_25_statements_of_the_big_five() -> None:
    found = propose(parse_here((Path(DATA or "") / "paired" / "psych_bfi.csv").read_bytes(), "psych_bfi.csv"))
    cohort = found.build()
    assert {s.levels for s in cohort.statements.values()} == {("1", "2", "3", "4", "5", "6")}
    told = found.with_answers([AnswerSpec("a", 1, 6, True, "very inaccurate", "very accurate")]).build()
    ends = ("6 = very accurate", "1 = very inaccurate")
    assert [(s.levels[0], s.levels[-1]) for s in told.statements.values() if s.key.startswith("a")] == [ends] * 5
    before, after = (Analysis(c).statement("a1", "once").counts for c in (cohort, told))
    assert before == tuple(reversed(after))
    assert told.statements["c1"] == cohort.statements["c1"]


def test_labels_of_the_ends_in_an_spss_file_name_the_levels_and_lose_no_answer(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    path = tmp_path / "ends.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"patient_id": [1.0, 2, 3, 4, 5], "trust": [1.0, 5, 5, 3, 9]}),
        str(path),
        variable_value_labels={"trust": {1.0: "Not at all", 5.0: "Completely", 9.0: "Don't know"}},
    )
    found = propose(parse_here(path.read_bytes(), "ends.sav"))
    told = found.with_columns([c.with_role(Role.STATEMENT, "trust", "12m") for c in found.columns if c.name == "trust"])
    assert counts(told, "trust") == {"Not at all": 1, "2": 0, "3": 1, "4": 0, "Completely": 2}
    assert Analysis(told.build()).statement("trust", "12m").dont_know == 1
