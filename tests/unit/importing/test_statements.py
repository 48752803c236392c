"""Ordered answers as files have them: three languages, numbers, value labels, "don't know", and a slip of the pen."""

from __future__ import annotations

import pytest

from lib.analysis import Analysis
from lib.cohort.cohort import Cohort
from lib.importing.proposal import Import, propose
from tests.sample import sample
from tests.unit.importing.read_here import parse_here

ENGLISH = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")
DUTCH = ("Helemaal mee oneens", "Mee oneens", "Neutraal", "Mee eens", "Helemaal mee eens")
GERMAN = ("Stimme gar nicht zu", "Stimme nicht zu", "Neutral", "Stimme zu", "Stimme voll zu")


def proposed(column: str, answers: list[str]) -> Import:
    lines = [f"P{i},{answer}" for i, answer in enumerate(answers, 1)]
    return propose(parse_here("\n".join([f"patient_id,{column}", *lines]).encode(), "answers.csv"))


def only(cohort: Cohort) -> tuple[str, str]:
    (place,) = cohort.answers
    return place


@pytest.mark.parametrize("levels", [ENGLISH, DUTCH, GERMAN])
def test_words_have_their_order_in_three_languages(levels: tuple[str, ...]) -> None:
    cohort = proposed("satisfied_12m", [levels[k] for k in (3, 0, 4, 2, 1, 4, 3, 3, 4, 4)]).build()
    key, time_point = only(cohort)
    assert cohort.statements[key].levels == levels
    result = Analysis(cohort).statement(key, time_point)
    assert result.counts == (1, 1, 1, 3, 4)
    assert result.top_two.count == 7


@pytest.mark.parametrize(
    ("levels", "unsure"), [(ENGLISH, "Don't know"), (DUTCH, "n.v.t."), (GERMAN, "weiß nicht"), (ENGLISH, "n/a")]
)
def test_dont_know_is_no_answer(levels: tuple[str, ...], unsure: str) -> None:
    cohort = proposed("satisfied_12m", [*levels, unsure, unsure, "", *levels]).build()
    key, time_point = only(cohort)
    result = Analysis(cohort).statement(key, time_point)
    assert (result.n, result.dont_know, result.missing) == (10, 2, 1)


def test_a_level_misspelt_once_is_a_finding_and_no_sixth_level() -> None:
    found = proposed("satisfied_12m", [*ENGLISH * 4, "Agre"])
    assert any("Agre" in f.sentence for f in found.findings)
    cohort = found.build()
    key, time_point = only(cohort)
    assert len(cohort.statements[key].levels) == 5
    assert Analysis(cohort).statement(key, time_point).n == 20


def test_a_level_nobody_chose_stays() -> None:
    cohort = proposed("satisfied_12m", [ENGLISH[k] for k in (0, 2, 3, 4, 4, 3)]).build()
    key, time_point = only(cohort)
    assert Analysis(cohort).statement(key, time_point).counts == (1, 0, 1, 2, 2)


def test_value_labels_of_spss_are_the_answers() -> None:
    from_labels, from_text = (Analysis(sample(name)) for name in ("misjf.sav", "misjf.csv"))
    for key, statement in sample("misjf.csv").statements.items():
        assert from_labels.cohort.statements[key].levels == statement.levels
        assert from_labels.statement(key, "12m") == from_text.statement(key, "12m")


def test_the_dutch_sample_says_the_same() -> None:
    dutch, english = (Analysis(sample(name)) for name in ("misjf_nl.csv", "misjf.csv"))
    for key in sample("misjf.csv").statements:
        assert dutch.statement(key, "12m").counts == english.statement(key, "12m").counts
