"""What a cohort is, as the user says it: from the saved columns to the cohort; and what its file went through."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lib.cohort.design import Design, Kind
from lib.importing.columns.roles import Choice, columns_from_json, columns_to_json
from lib.importing.findings import ImportProblem
from lib.importing.proposal import propose
from tests.unit.importing.read_here import parse_here

TRIAL = Design("treated", Kind.RANDOMISED, "group", "Back pain trial")
ROWS = b"id,arm,bmi,vas_pain_pre,vas_pain_12m\n" + b"".join(
    f"{i},{'AB'[i % 2]},{999 if i % 9 == 4 else 20 + i % 17},{3 + i % 7},{i % 5}\n".encode() for i in range(1, 41)
)


def test_a_cohort_is_a_series_of_operated_patients_where_nothing_says_otherwise() -> None:
    found = propose(parse_here(ROWS.replace(b"arm", b"sex").replace(b"A,", b"M,").replace(b"B,", b"F,"), "a.csv"))
    assert found.build().treatment == "operated"
    assert found.build().design == Design()
    assert "design" not in json.loads(columns_to_json(found.choice))


def test_arms_without_a_word_of_surgery_are_treated_groups_and_never_randomised() -> None:
    found = propose(parse_here(ROWS, "a.csv"))
    assert found.build().design == Design("treated", Kind.GROUPS, "group")
    assert "design" not in json.loads(columns_to_json(found.choice)), "a guess is made again, not saved"
    told = replace(found, design=Design())
    again = propose(parse_here(ROWS, "a.csv"), None, columns_from_json(columns_to_json(told.choice)))
    assert again.build().design == Design(), "what the user says is saved, also where it is the usual"


def test_the_design_is_saved_with_the_columns_and_reaches_the_cohort() -> None:
    saved = columns_to_json(Choice((), design=TRIAL))
    assert columns_from_json(saved).design == TRIAL
    found = propose(parse_here(ROWS, "a.csv"), None, columns_from_json(saved))
    cohort = found.build()
    assert cohort.design == TRIAL
    assert "group" in cohort.columns
    assert columns_from_json(columns_to_json(found.choice)).design == TRIAL


def test_groups_that_the_table_does_not_have_are_dropped() -> None:
    choice = Choice((), design=Design("treated", Kind.GROUPS, "gone"))
    assert propose(parse_here(ROWS, "a.csv"), None, choice).build().design.groups_by == ""


def test_an_unknown_design_is_refused_by_name() -> None:
    with pytest.raises(ImportProblem, match='"kind" is "crossover"; known are series, groups, randomised'):
        columns_from_json('{"columns": [], "design": {"kind": "crossover"}}')


def test_what_was_found_stays_with_the_cohort_and_says_what_was_agreed() -> None:
    found = propose(parse_here(ROWS, "a.csv"))
    offered = next(f for f in found.findings if f.repair is not None)
    before = found.build().provenance.checked
    assert (before.rows, before.columns, before.answered) == (40, 5, ())
    assert {f.state for f in before.found} == {"open"}
    after = found.accept(offered.repair).build().provenance.checked
    first = after.found[0]
    assert (first.code, first.state, first.rows) == (offered.code, offered.repair.sentence, (5, 14, 23, 32, 41))
    assert offered.sentence not in {f.sentence for f in after.found if f.state == "open"}
