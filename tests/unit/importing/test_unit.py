"""One number in several rows is asked about, and each answer gives the number that it stands for.

The expected means are of the files themselves (`cases`), worked out when they were made.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.importing.proposal import Import, propose
from tests.unit.importing.read_here import parse_here

CASES = Path(__file__).parent / "data" / "cases"


def case(name: str) -> Import:
    return propose(parse_here((CASES / name).read_bytes(), name))


def means(found: Import) -> tuple[int, float, float]:
    """(pairs, mean before, mean after) of the pain score at the follow-up."""
    cohort = found.build()
    pairs = cohort.pairs("pain", "baseline", cohort.follow_ups[-1].key)
    return pairs.n, round(float(pairs.baseline.mean()), 4), round(float(pairs.follow_up.mean()), 4)


def by_hand(name: str, before: str, after: str, **only: str) -> tuple[int, float, float]:
    """The same of the rows of a wide file with these texts, in numpy alone."""
    head, *rows = [line.split(",") for line in (CASES / name).read_text("utf-8").split()]
    chosen = [r for r in rows if all(r[head.index(k)] == v for k, v in only.items())]
    a, b = (np.array([float(r[head.index(n)]) for r in chosen]) for n in (before, after))
    return len(chosen), round(float(a.mean()), 4), round(float(b.mean()), 4)


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("17_bilateral_two_rows.csv", "side", by_hand("17_bilateral_two_rows.csv", "vas_pre", "vas_12m")),
        ("17_bilateral_two_rows.csv", "first_side", (24, 7.5833, 4.6667)),
        ("18_revised_patients.csv", "first_operation", (24, 7.5833, 4.6667)),
        ("18_revised_patients.csv", "operation", by_hand("18_revised_patients.csv", "vas_pre", "vas_12m")),
        ("29_revision_after_index.csv", "first_operation", (24, 7.5833, 4.6667)),
        ("29_revision_after_index.csv", "operation", by_hand("29_revision_after_index.csv", "vas_pre", "vas_12m")),
        ("30_bilateral_long.csv", "side", (36, 8.3889, 6.1111)),
        ("two_centers_own_ids.csv", "center", (30, 7.3333, 3.7)),
        ("two_centers_own_ids.csv", "first_row", by_hand("two_centers_own_ids.csv", "vas_pre", "vas_post",
                                                        center="Enschede")),
    ],
)  # fmt: skip
def test_each_answer_gives_its_number(name: str, answer: str, expected: tuple[int, float, float]) -> None:
    found = case(name)
    (question,) = found.questions
    answered = found.with_answer(question.key, answer)
    assert answered.questions == ()
    assert means(answered) == expected
    assert "duplicate_patient" not in [f.code for f in answered.findings]


def test_one_side_of_each_patient_pairs_before_and_after_of_that_side() -> None:
    found = case("30_bilateral_long.csv")
    one = found.with_answer(found.questions[0].key, "first_side")
    n, _, _ = means(one)
    assert n == 24
    side, number = (one.sheet.column(name).texts() for name in ("side", "patient_id"))
    assert all(len({s for s, p in zip(side, number, strict=True) if p == who}) == 1 for who in set(number))


def test_a_visit_twice_is_one_of_two_values_or_none() -> None:
    found = case("15_long_disorder_duplicate.csv")
    (question,) = found.questions
    assert "patient 004" in question.why
    assert means(found.with_answer(question.key, "first_row")) != means(found.with_answer(question.key, "last_row"))
    right = {means(found.with_answer(question.key, a)) for a in ("first_row", "last_row")}
    assert (24, 7.5833, 4.6667) in right
    assert means(found.with_answer(question.key, "neither"))[0] == 23


def test_a_question_shows_rows_of_the_file() -> None:
    (question,) = case("17_bilateral_two_rows.csv").questions
    assert question.evidence.head[:3] == ("row", "patient_id", "side")
    assert question.evidence.rows[:2] == (("2", "001", "Left", "10", "6"), ("3", "001", "Right", "9", "6"))
    assert question.rows[:2] == (2, 3)
    assert question.skip == ""


def test_copies_of_a_row_and_planned_visits_ask_nothing() -> None:
    head = "id,vas_pain_pre,vas_pain_12m\n"
    copied = propose(parse_here((head + "1,8,3\n2,7,2\n3,6,1\n2,7,2\n").encode(), "x.csv"))
    assert copied.questions == ()
    visits = "id,visit,vas\n" + "".join(f"{i},{v},{5 + i % 3}\n" for i in range(9) for v in ("pre", "12 months"))
    assert propose(parse_here(visits.encode(), "x.csv")).questions == ()
