"""EQ-5D answers in words, as labelled exports hold them: the same states and index as in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from lib.catalog.eq5d import FIVE_LEVEL, level_in_words
from lib.cohort.cohort import Cohort
from lib.importing.findings import Severity
from lib.importing.proposal import Import, propose
from tests.unit.importing.read_here import parse_here, propose_columns

DIMENSIONS = ("mobility", "selfcare", "usual_activities", "pain_discomfort", "anxiety_depression")
STATES = ("21232", "11111", "33333", "22222", "11221", "12321", "31113", "21122", "13212", "22211")
ENGLISH = (
    ("no problems in walking", "some problems in walking", "confined to bed"),
    ("no problems with self-care", "some problems washing or dressing", "unable to wash or dress"),
    ("no problems", "some problems", "unable to perform my usual activities"),
    ("no pain or discomfort", "moderate pain or discomfort", "extreme pain or discomfort"),
    ("not anxious or depressed", "moderately anxious or depressed", "extremely anxious or depressed"),
)
DUTCH = (
    ("geen problemen met lopen", "enige problemen met lopen", "bedlegerig"),
    ("geen problemen met wassen", "enige problemen met wassen", "niet in staat mij te wassen"),
    ("geen problemen", "enige problemen", "niet in staat tot dagelijkse activiteiten"),
    ("geen pijn of klachten", "matige pijn of klachten", "zeer ernstige pijn of klachten"),
    ("niet angstig of somber", "matig angstig of somber", "erg angstig of somber"),
)
GERMAN = (
    ("keine Probleme", "einige Probleme", "ans Bett gebunden"),
    ("keine Probleme", "einige Probleme", "nicht in der Lage, mich zu waschen"),
    ("keine Probleme", "einige Probleme", "nicht in der Lage"),
    ("keine Schmerzen", "mäßige Schmerzen", "extreme Schmerzen"),
    ("nicht ängstlich", "mäßig ängstlich", "extrem ängstlich"),
)


def table(words: tuple[tuple[str, ...], ...] | None) -> Import:
    """Ten patients before and after; the after is the state of the next patient."""
    names = [f"{d}_{time}" for time in ("pre", "12m") for d in DIMENSIONS]
    lines = [";".join(["id", "etiology", *names])]
    for i, _ in enumerate(STATES):
        both = STATES[i] + STATES[(i + 1) % len(STATES)]
        cells = [s if words is None else words[k % 5][int(s) - 1] for k, s in enumerate(both)]
        lines.append(";".join([str(i + 1), "AB"[i % 2], *cells]))
    return propose(parse_here("\n".join(lines).encode(), "eq.csv"))


def states(cohort: Cohort) -> np.ndarray:
    return np.stack([cohort.states["baseline"], cohort.states["12m"]])


@pytest.mark.parametrize("words", [ENGLISH, DUTCH, GERMAN], ids=["english", "dutch", "german"])
def test_words_and_numbers_are_the_same_states(words: tuple[tuple[str, ...], ...]) -> None:
    found, numbers = table(words), table(None)
    said, plain = found.build(), numbers.build()
    assert ["".join(map(str, s)) for s in said.states["baseline"].tolist()] == list(STATES)
    assert (states(said) == states(plain)).all()
    (key,) = said.measures
    assert key.startswith("eq5d3l_index")
    assert not [f for f in found.findings if f.severity is not Severity.NOTE], "nothing to worry about"


def test_one_word_that_says_no_level_is_named_and_gives_no_state() -> None:
    words = (("no problems", "some problems", "?? see letter"), *ENGLISH[1:])
    found = table(words)
    unread = [f for f in found.findings if f.code == "not_a_number"]
    assert {f.column for f in unread} == {"mobility_pre", "mobility_12m"}
    assert "see letter" in unread[0].sentence
    cohort = found.build()
    assert cohort.states["baseline"][STATES.index("33333")].tolist()[0] == 0


def test_five_level_words_are_the_5l() -> None:
    words = (("no problems", "slight problems", "severe problems"), *ENGLISH[1:])
    found = table(words)
    assert "five_levels" in {f.code for f in found.findings}
    made = found.build()
    assert made.eq5d_version == "5L"
    assert set(made.states["baseline"][:, 0].tolist()) <= {1, 2, 4}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("No problems", 1),
        ("  I am  NOT anxious ", 1),
        ("unable to", 3),
        ("not able to wash", 3),
        ("niet in staat", 3),
        ("nicht in der Lage", 3),
        ("ernstige pijn", FIVE_LEVEL),
        ("zeer ernstige pijn", 3),
        ("Slight problems", FIVE_LEVEL),
        ("Postpartum", None),
        ("", None),
        ("no " * 60, None),
    ],
)
def test_levels_in_words(text: str, level: int | None) -> None:
    assert level_in_words(text) == level


def test_five_columns_of_yes_and_no_are_no_health_state() -> None:
    names = [f"{d}_{time}" for time in ("pre", "12m") for d in DIMENSIONS]
    rows = [";".join([str(i), *(("yes", "no")[(i + k) % 2] for k in range(10))]) for i in range(1, 13)]
    found = propose(parse_here("\n".join([";".join(["id", *names]), *rows]).encode(), "yn.csv"))
    assert not found.build().states


# --- an index without a version ---------------------------------------------------------------------------------------
def with_an_index(*headings: str) -> Import:
    before = [f"{0.2 + 0.013 * i:.3f}" for i in range(20)]
    after = [f"{0.5 + 0.021 * i:.3f}" for i in range(20)]
    cells = {"id": [str(i) for i in range(20)], "center": ["A", "B"] * 10}
    return propose_columns(cells | {name: (before, after)[k % 2] for k, name in enumerate(headings)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("EQ5D Index pre", "EQ5D Index 12m"),
        ("eq5d_pre", "eq5d_12m"),
        ("eq_5d_index_pre", "eq_5d_index_12m"),
        ("EQ-5D utiliteit voor", "EQ-5D utiliteit 12 mnd"),
        ("EQ5D-Nutzwert prä", "EQ5D-Nutzwert 12 Monate"),
    ],
)
def test_an_index_without_a_version_is_one_question(before: str, after: str) -> None:
    found = with_an_index(before, after)
    (question,) = found.questions
    assert (question.code, question.columns) == ("eq5d_index", (before, after))
    keys = {}
    for answer in question.answers:
        done = found.with_answer(question.key, answer.key)
        assert done.questions == ()
        (keys[answer.key],) = done.build().measures.values()
    assert keys["eq5d3l"].key == "eq5d3l_index"
    assert keys["eq5d5l"].key == "eq5d5l_index"
    assert not any(t.default for t in keys["eq5d5l"].thresholds)
    assert "version not known" in keys["unknown"].label
    assert keys["unknown"].higher_is_better
    assert keys["unknown"].thresholds == ()


@pytest.mark.parametrize(
    ("headings", "read_as"),
    [
        (("EQ-5D-3L index pre", "EQ-5D-3L index 12m"), "eq5d3l_index"),
        (("eq5d5l_index_pre", "eq5d5l_index_12m"), "eq5d5l_index"),
        (("EQ5D index pre", "EQ5D index 12m", "EQ-5D-5L language", "EQ-5D-5L VAS date"), "eq5d5l_index"),
    ],
)
def test_a_version_that_the_file_names_is_not_asked(headings: tuple[str, ...], read_as: str) -> None:
    found = with_an_index(*headings)
    assert [q for q in found.questions if q.code == "eq5d_index"] == []
    assert {g.target for g in found.columns if g.name in headings[:2]} == {read_as}
