"""Columns of answers: the question, the score that its answer builds, and a total of the file that differs."""

from __future__ import annotations

import numpy as np
import pytest

from lib.importing.proposal import Import, columns_from_json, columns_to_json, propose
from tests.unit.importing.read_here import parse_here, propose_columns


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


def made(names: list[str], low: int, high: int, words: str = "") -> list[str]:
    """The answers offered for columns of these names with every code from low to high."""
    codes = np.random.default_rng(1).integers(low, high + 1, (30, len(names)))
    lines = [",".join([f"P{p}", *(f"{c}{words}" for c in codes[p])]) for p in range(30)]
    found = table("\n".join([",".join(["id", *names]), *lines])).questions
    return [a.key for q in found if q.code == "items" for a in q.answers if len(q.columns) == len(names)]


@pytest.mark.parametrize(
    "name",
    [
        "oks_q{}_{}",
        "OKS{:02d}_{}",
        "q{}_oks_{}",
        "Knee score item {} {}",
        "oxford knie vraag {} {}",
        "OKS Frage {} {}",
        "OKS.{}.{}",
        "{1}_oks_{0}",
    ],
)
def test_items_under_other_names(name: str) -> None:
    assert made([name.format(i, t) for t in ("pre", "12m") for i in range(1, 13)], 0, 4) == ["oks", "keep"]


@pytest.mark.parametrize(
    ("name", "n", "codes", "offered"),
    [
        ("fjs", 12, (1, 5), "fjs12"),
        ("tsk", 17, (1, 4), "tsk17"),
        ("pcs", 13, (0, 4), "pcs_catastrophizing"),
        ("quickdash", 11, (1, 5), "quickdash"),
        ("womac", 24, (0, 4), "womac"),
        ("bctq", 19, (1, 5), "bctq"),
        ("global", 10, (1, 5), "promis10"),
    ],
)
def test_items_numbered_through(name: str, n: int, codes: tuple[int, int], offered: str) -> None:
    assert made([f"{name}_{i}_pre" for i in range(1, n + 1)], *codes) == [offered, "keep"]


def test_codes_counted_from_one_are_asked_and_scored() -> None:
    """OKS coded 1 to 5 is either the old score of 12 to 60 or the new one counted from 1."""
    names = [f"OKS {i} pre" for i in range(1, 13)]
    assert made(names, 1, 5) == ["oks_from_1", "oks_12_60", "keep"]
    assert made([f"phq9_{i}_pre" for i in range(1, 10)], 1, 4) == ["phq9_from_1", "keep"]
    assert made([f"fjs_{i}_pre" for i in range(1, 13)], 0, 4) == ["fjs12_from_0", "keep"]
    lines = [",".join([f"P{p}", *[str(1 + (p + i) % 5) for i in range(12)]]) for p in range(20)]
    found = table("\n".join([",".join(["id", *names]), *lines]))
    (question,) = [q for q in found.questions if q.code == "items"]
    assert "the file codes 0 to 4 as 1 to 5" in question.answers[0].label
    scores = found.with_answer(question.key, "oks_from_1").build().scores["oks", "baseline"]
    assert scores.tolist() == [sum((p + i) % 5 for i in range(12)) for p in range(20)]


def test_codes_with_their_labels_are_read() -> None:
    assert made([f"odi_{i}_pre" for i in range(1, 11)], 0, 5, " = words") == ["odi", "keep"]


# answers whose names say nothing, and a total that they add up to
def _oxford(stem: str = "Knee Replacement") -> dict[str, list[str]]:
    """As the national registry of England names them: an item is a word, the total is "Score"."""
    words = ("Pain", "Washing", "Transport", "Walking", "Standing", "Limping", "Kneeling", "Work", "Shopping", "Stairs",
             "Confidence", "Night Pain")  # fmt: skip
    columns: dict[str, list[str]] = {"id": [str(i) for i in range(24)]}
    random = np.random.default_rng(4)
    for time in ("Pre-Op", "Post-Op"):
        answers = random.integers(0, 5, (12, 24)).tolist()
        columns |= {f"{stem} {time} Q {w}": [str(v) for v in a] for w, a in zip(words, answers, strict=True)}
        columns[f"{stem} {time} Q Score"] = [str(sum(a[i] for a in answers)) for i in range(24)]
    return columns


def test_answers_that_add_up_to_a_total_are_one_question() -> None:
    found = propose_columns(_oxford())
    (question,) = found.questions
    assert question.text == "“knee replacement q score”: the total of these 12 answers?"
    assert "in 48 of 48 rows" in question.why
    assert [a.key for a in question.answers] == ["oks", "higher", "lower"]
    cohort = found.with_answer(question.key, "oks").build()
    assert list(cohort.measures) == ["oks"]
    assert (cohort.measures["oks"].high, cohort.measures["oks"].higher_is_better) == (48, True)
    other = found.with_answer(question.key, "lower")
    assert other.questions == ()
    assert [m.higher_is_better for m in other.build().measures.values()] == [False]


@pytest.mark.parametrize(("joint", "offered"), [("Hip", "ohs"), ("Shoulder", "oss")])
def test_the_joint_says_which_oxford_score(joint: str, offered: str) -> None:
    (question,) = propose_columns(_oxford(f"{joint} Replacement")).questions
    assert [a.key for a in question.answers] == [offered, "higher", "lower"]


def test_a_total_that_is_another_one_is_not_taken_for_their_sum() -> None:
    columns = _oxford()
    columns["Knee Replacement Pre-Op Q Score"] = [str(i) for i in range(24)]
    assert "items:total" not in " ".join(q.key for q in propose_columns(columns).questions)
    elbow = propose_columns(_oxford("Elbow replacement"))
    assert [[a.key for a in q.answers] for q in elbow.questions] == [["higher", "lower"]]


def test_numbers_that_are_codes_are_groups_and_no_score() -> None:
    columns = {"id": [str(i) for i in range(30)], "vas_pre": ["7"] * 30, "vas_post": ["3", "4"] * 15}
    columns |= {f"{t} Q Assisted": [("1", "2", "9")[i % 3] for i in range(30)] for t in ("Pre-Op", "Post-Op")}
    columns |= {f"{t} Q Housing": [str(1 + i % 4) for i in range(30)] for t in ("Pre-Op", "Post-Op")}
    found = propose_columns(columns)
    (housing,) = found.questions
    assert housing.columns == ("Pre-Op Q Housing", "Post-Op Q Housing")
    keys = {c.key for c in found.with_answer(housing.key, "codes").build().categories()}
    assert keys == {"pre_op_q_assisted", "post_op_q_assisted", "pre_op_q_housing", "post_op_q_housing"}


def test_states_with_a_nine_beside_their_five_columns_are_used_once() -> None:
    words = ("Mobility", "Self-Care", "Activity", "Discomfort", "Anxiety")
    levels = [[("1", "2", "3", "9")[(i + k) % 4] for i in range(24)] for k in range(5)]
    columns = {"id": [str(i) for i in range(24)]} | {f"Pre-Op Q {w}": v for w, v in zip(words, levels, strict=True)}
    columns["Pre-Op Q EQ5D Index Profile"] = ["".join(v[i] for v in levels) for i in range(24)]
    found = propose_columns(columns)
    assert next(c.role.value for c in found.columns if "Profile" in c.name) == "ignore"
    assert not any(q.code == "direction" for q in found.questions)


WORDS = ("None", "Mild", "Moderate", "Severe", "Extreme")


def in_words(names: list[str], words: tuple[str, ...], n: int = 30) -> Import:
    codes = np.random.default_rng(1).integers(0, len(words), (n, len(names)))
    lines = [",".join([f"P{p}", *(words[c] for c in codes[p])]) for p in range(n)]
    return table("\n".join([",".join(["id", *names]), *lines]))


def test_plain_words_are_codes_by_their_place_once_it_is_agreed() -> None:
    names = [f"womac_{i}_{t}" for t in ("pre", "12m") for i in range(1, 25)]
    found = in_words(names, WORDS)
    (question,) = [q for q in found.questions if q.code == "items"]
    (yes, keep) = question.answers
    assert (yes.key, keep.key) == ("womac_words_0_1_2_3_4", "keep")
    assert "none = 0, mild = 1, moderate = 2, severe = 3, extreme = 4" in yes.label
    made = found.with_answer(question.key, yes.key).build()
    codes = np.random.default_rng(1).integers(0, 5, (30, 48))
    assert made.scores["womac_pain", "baseline"].tolist() == codes[:, :5].sum(axis=1).tolist()
    assert "womac" not in found.build().measures, "nothing is guessed"


def test_best_first_words_fit_the_direction_of_the_form() -> None:
    """The Oxford scores have 4 for the best answer, so "none" is 4."""
    (question,) = [q for q in in_words([f"OKS {i} pre" for i in range(1, 13)], WORDS).questions if q.code == "items"]
    assert "extreme = 0, severe = 1, moderate = 2, mild = 3, none = 4" in question.answers[0].label
    assert [a.key.partition("_words")[0] for a in question.answers] == ["oks", "oks_12_60", "keep"]


def test_where_the_words_do_not_say_which_end_is_best_both_are_offered() -> None:
    often = ("Never", "Rarely", "Sometimes", "Often", "Always")
    (question,) = [q for q in in_words([f"fjs_{i}_pre" for i in range(1, 13)], often).questions if q.code == "items"]
    assert ["never = 1" in a.label for a in question.answers[:2]] == [True, False]
    assert ["never = 5" in a.label for a in question.answers[:2]] == [False, True]


@pytest.mark.parametrize("words", [("None", "Mild", "Awful"), ("None", "Mild", "Moderate", "Bad", "Extreme")])
def test_words_of_no_list_are_not_scored(words: tuple[str, ...]) -> None:
    assert not [q for q in in_words([f"OKS {i} pre" for i in range(1, 13)], words).questions if q.code == "items"]


def test_the_number_may_stand_before_its_word() -> None:
    assert made([f"HADS {i} Frage pre" for i in range(1, 15)], 0, 3)[-1] == "keep"
