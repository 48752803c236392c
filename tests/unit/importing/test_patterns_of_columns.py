"""One question for many columns of one pattern: codes beside one value, scores whose headings begin alike."""

from __future__ import annotations

from lib.importing.columns.roles import Role
from lib.importing.proposal import Import
from lib.importing.questions.of_findings import is_safe
from tests.unit.importing.read_here import propose_bytes

ILL = ("Heart Disease", "High Bp", "Stroke")
ITEMS = ("Washing", "Walking", "Stairs", "Limping")


def national(code: str = "9", many: int = 140) -> Import:
    """200 rows: diseases coded 1 or a code, four items before and after, with 9 among 0 to 4."""
    heads = [*ILL, *(f"Knee Replacement {when} Q {item}" for item in ITEMS for when in ("Pre-Op", "Post-Op"))]
    rows = [
        [code if i < many else "1"] * len(ILL) + [str((i + k) % 5 if (i + k) % 19 else 9) for k in range(8)]
        for i in range(200)
    ]
    return propose_bytes("\n".join(map(",".join, [heads, *rows])).encode(), "national.csv")


def test_a_code_beside_one_value_is_asked_once_and_is_never_blanked_unasked() -> None:
    found = national()
    put = next(q for q in found.questions if q.code == "code_or_no")
    assert put.columns == ILL
    assert put.text == '3 columns, "Heart Disease" to "Stroke": does 9 mean “no”?'
    assert put.evidence.rows[0] == ("Heart Disease", "60", "140")
    ill = found.with_answer(put.key, "no").build().columns["heart_disease"]
    assert [int((ill.codes == k).sum()) for k in range(2)] == [140, 60]
    assert ill.labels == ("no", "yes")
    known = found.with_answer(put.key, "unknown").build().columns["heart_disease"]
    assert [int((known.codes >= 0).sum()), len(known.labels)] == [60, 1]


def test_a_rare_code_stays_a_code_for_missing() -> None:
    found = national(many=10)
    assert not [q for q in found.questions if q.code == "code_or_no"]
    rare = [f for f in found.findings if f.column == "Stroke" and f.code == "missing_code"]
    assert len(rare) == 1
    assert is_safe(rare[0])


def test_scores_whose_headings_begin_alike_are_one_question_about_their_direction() -> None:
    found = national()
    put = [q for q in found.questions if q.code == "direction"]
    assert [len(q.columns) for q in put] == [8]
    told = found.with_answer(put[0].key, "higher")
    assert {s.higher_is_better for s in told.specs} == {True}
    assert len(told.specs) == len(ITEMS)
    left = found.with_answer(put[0].key, "skip")
    assert {c.role for c in left.columns if c.name in put[0].columns} == {Role.IGNORE}
