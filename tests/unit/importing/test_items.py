"""Columns of answers: the question, the score that its answer builds, and a total of the file that differs."""

from __future__ import annotations

import numpy as np
import pytest

from lib.importing.proposal import Import, columns_from_json, columns_to_json, propose
from tests.unit.importing.read_here import parse_here


def table(text: str) -> Import:
    return propose(parse_here(text.encode(), "items.csv"))


def oxford(*, total: bool = False, wrong: int = 0, gap: int = 0) -> tuple[str, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    before, after = rng.integers(0, 3, (30, 12)), rng.integers(2, 5, (30, 12))
    heads = ["id", *(f"OKS {i} {t}" for t in ("pre", "12m") for i in range(1, 13))]
    heads += ["OKS total pre", "OKS total 12m"] if total else []
    lines = []
    for p in range(30):
        cells = [f"P{p}", *map(str, before[p]), *map(str, after[p])]
        if total:
            cells += [str(before[p].sum()), str(after[p].sum() + (p < wrong))]
        if p < gap:
            cells[1:4] = ["", "", ""]
        lines.append(",".join(cells))
    return "\n".join([",".join(heads), *lines]), before, after


def test_twelve_columns_are_one_question_and_its_answer_is_a_measure() -> None:
    text, before, after = oxford(gap=2)
    found = table(text)
    (question,) = [q for q in found.questions if q.code == "items"]
    assert "24 columns" in question.text
    assert len(question.columns) == 24
    assert len(question.evidence.rows) == 5
    yes = next(a for a in question.answers if a.key == "oks")
    assert "OKS (0–48, 48 best)" in yes.label
    assert "58 of 60 forms have a score; 0 empty, 2 with too few answers" in yes.effect
    made = found.with_answer(question.key, "oks").build()
    assert list(made.measures) == ["oks"]
    assert made.measures["oks"].higher_is_better
    assert np.isnan(made.scores["oks", "baseline"][:2]).all()
    assert made.scores["oks", "baseline"][2:].tolist() == before[2:].sum(axis=1).tolist()
    assert made.scores["oks", "12m"].tolist() == after.sum(axis=1).tolist()


def test_saying_no_leaves_the_columns_as_they_were() -> None:
    text, *_ = oxford()
    found = table(text)
    (question,) = [q for q in found.questions if q.code == "items"]
    assert found.with_answer(question.key, "keep").columns == found.columns


def test_the_answer_is_saved_with_the_columns() -> None:
    text, before, _ = oxford()
    found = table(text)
    (question,) = [q for q in found.questions if q.code == "items"]
    answered = found.with_answer(question.key, "oks")
    again = table(text).with_choice(columns_from_json(columns_to_json(answered.choice)))
    assert again.build().scores["oks", "baseline"].tolist() == before.sum(axis=1).tolist()


def test_a_total_that_is_not_its_answers_is_a_finding() -> None:
    right, *_ = oxford(total=True)
    assert not [f for f in table(right).findings if f.code == "total_differs"]
    wrong, *_ = oxford(total=True, wrong=3)
    (said,) = [f for f in table(wrong).findings if f.code == "total_differs"]
    assert said.count == 3
    assert said.rows == (2, 3, 4)
    assert "OKS total 12m" in said.sentence


def test_short_forms_with_two_published_directions_are_two_answers() -> None:
    rng = np.random.default_rng(2)
    heads = ["id", *(f"koos_ps_{i}_{t}" for t in ("pre", "12m") for i in range(1, 8))]
    lines = [",".join([f"P{p}", *map(str, rng.integers(0, 5, 14))]) for p in range(20)]
    (question,) = [q for q in table("\n".join([",".join(heads), *lines])).questions if q.code == "items"]
    assert [a.key for a in question.answers] == ["koos_ps_koos_ps_100best", "koos_ps_koos_ps", "keep"]


@pytest.mark.parametrize("heads", ["vas_1_pre,vas_2_pre", "OKS 1 pre,OKS 2 pre,OKS 3 pre"])
def test_a_few_numbered_columns_are_no_questionnaire(heads: str) -> None:
    n = heads.count(",") + 1
    lines = [",".join([f"P{p}", *["3"] * n]) for p in range(20)]
    assert not [q for q in table("\n".join([f"id,{heads}", *lines])).questions if q.code == "items"]
