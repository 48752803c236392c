"""Small files after public bug reports and real exports: each is read right, or asked about and right after the answer.

All people in them are invented. The right values stand here, not in the product.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.analysis.variables import variables
from lib.cohort.cohort import Cohort
from lib.importing.columns.roles import Role
from lib.importing.proposal import Import
from lib.present.sentences.first_result import not_shown
from tests.unit.importing.read_here import propose_bytes, propose_columns

CASES = Path(__file__).parent / "data" / "cases"


def load(name: str) -> Import:
    path = next(CASES.glob(f"{name}*"))
    return propose_bytes(path.read_bytes(), path.name)


def answered(name: str, code: str, answer: str) -> Import:
    """The file with its questions of one kind answered in one way."""
    found = load(name)
    asked = [q for q in found.questions if q.code == code]
    assert asked, [q.code for q in found.questions]
    for question in asked:
        found = found.with_answer(question.key, answer)
    return found


def means(cohort: Cohort, measure: str, *times: str) -> list[float]:
    return [round(float(np.nanmean(cohort.scores[measure, time])), 4) for time in times]


# --- read right without a question -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "measure", "times", "right"),
    [
        ("03_", "pain", ("baseline", "12m"), [7.5833, 4.6667]),
        ("11_", "pain", ("baseline", "12m"), [7.0833, 4.6667]),
        ("31_", "pain", ("baseline", "12m"), [7.5833, 4.6667]),
        ("57_", "pain", ("baseline", "follow_up"), [7.5833, 4.6667]),
        ("76_", "pain", ("baseline", "follow_up"), [7.5833, 4.6667]),
        ("79_", "pain", ("baseline", "t2"), [7.5833, 4.6667]),
        ("80_", "pain", ("baseline", "12m"), [7.5833, 4.6667]),
        ("eqvas_called_vas", "eq_vas", ("baseline", "follow_up"), [52.9, 71.7667]),
    ],
)
def test_is_right_without_a_question(name: str, measure: str, times: tuple[str, str], right: list[float]) -> None:
    found = load(name)
    assert [q.text for q in found.questions] == []
    assert means(found.build(), measure, *times) == right


@pytest.mark.parametrize("name", ["51_", "62_", "66_", "68_", "71_", "73_", "75_", "voor_operatie"])
def test_asks_nothing(name: str) -> None:
    assert [q.text for q in load(name).questions] == []


# --- asked, and right after the answer -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "code", "answer", "measure", "times", "right"),
    [
        ("23_", "identity", "higher", "vas_quality_of_life", ("baseline", "12m"), [2.1667, 7.4167]),
        ("28_", "identity", "lower", "promis_pain_interference_t_score", ("baseline", "12m"), [66.3333, 53.25]),
        ("36_", "visits", "first_1", "pain", ("baseline", "follow_up"), [7.5833, 4.6667]),
        ("54_", "visits", "first_1", "pain", ("baseline", "12m"), [7.5833, 4.6667]),
        ("88_2", "two_units", "divide", "pain", ("baseline", "12m"), [7.5833, 4.6667]),
        ("vas01", "scale_0_1", "times", "pain", ("baseline", "follow_up"), [7.155, 3.51]),
    ],
)
def test_is_right_after_the_answer(
    name: str, code: str, answer: str, measure: str, times: tuple[str, str], right: list[float]
) -> None:
    found = answered(name, code, answer)
    assert [q.text for q in found.questions] == []
    cohort = found.build()
    assert means(cohort, measure, *times) == right
    if answer in ("higher", "lower"):
        own = cohort.measures[measure]
        assert own.higher_is_better == (answer == "higher")
        assert own.instrument is None  # a relative takes over neither range nor threshold
        assert (own.low, own.high, own.thresholds) == (None, None, ())


@pytest.mark.parametrize(
    ("name", "measure", "higher", "right"),
    [("24_", "sf36_bp", True, [31.4167, 65.5833]), ("26_", "womac_pain", False, [13.625, 5.1667])],
)
def test_a_sub_scale_of_the_catalogue_is_taken_for_it(
    name: str, measure: str, higher: bool, right: list[float]
) -> None:
    cohort = load(name).build()
    assert means(cohort, measure, "baseline", "12m") == right
    assert cohort.measures[measure].instrument == measure
    assert cohort.measures[measure].higher_is_better == higher


def test_of_the_relatives_those_with_two_meanings_are_asked() -> None:
    found = load("silent_directions")
    asked = {name for q in found.questions for name in q.columns}
    assert {"PCS_pre", "PCS_12m", "KOOS_PS_pre", "KOOS_PS_12m"} <= asked
    known = {c.target: c for c in found.columns if c.role is Role.SCORE and c.name not in asked}
    assert known["faos_pain"].name.startswith("FAOS")
    assert all(found.score_measures[t].instrument == t for t in known)


def test_items_are_no_outcomes() -> None:
    found = load("oks_items")
    (question,) = found.questions
    assert len(question.columns) == 24
    cohort = found.with_answer(question.key, "oks").build()
    assert list(cohort.measures) == ["oks"]
    assert means(cohort, "oks", "baseline", "6m") == [19.8917, 35.4583]


@pytest.mark.parametrize(
    ("name", "code", "answer"), [("83_", "eq5d_from_zero", "from_zero"), ("89_", "eq5d_from_zero", "from_zero")]
)
def test_levels_counted_from_zero_are_raised(name: str, code: str, answer: str) -> None:
    before = load(name).build().states["baseline"]
    found = answered(name, code, answer)
    after = found.build().states["baseline"]
    assert ((after >= 1) & (after <= 3)).all()
    assert (after[before > 0] == before[before > 0] + 1).all()
    assert found.questions == ()


def test_five_levels_by_name_with_only_three_in_use() -> None:
    assert answered("21_", "eq5d_version", "eq5d3l").build().states
    five = answered("21_", "eq5d_version", "eq5d5l").build()
    assert five.states
    assert five.eq5d_version == "5L"
    assert all(m.key.startswith("eq5d5l_index:") for m in five.measures.values() if m.value_set)


def test_dimensions_without_a_version_are_asked() -> None:
    (question,) = load("eq_dims_nl").questions
    assert (question.code, len(question.columns)) == ("eq5d_version", 10)
    assert "nobody has a 4 or 5 in 400 answers" in question.why
    cohort = answered("eq_dims_nl", "eq5d_version", "eq5d3l").build()
    assert cohort.states["baseline"][0].tolist() == [2, 1, 2, 2, 3]


def test_states_behind_an_apostrophe_and_with_signs_between() -> None:
    states = answered("22_", "eq5d_spelling", "state").build().states
    assert states["baseline"][0].tolist() == [3, 2, 2, 1, 2]
    assert states["12m"][0].tolist() == [1, 1, 2, 2, 2]


def test_answer_codes_of_a_survey_program_are_ordered_answers_once_said() -> None:
    cohort = answered("02_", "survey_codes", "low_best").build()
    assert means(cohort, "pain", "baseline", "12m") == [7.5833, 4.6667]
    assert {s.levels for s in cohort.statements.values()} == {("5", "4", "3", "2", "1")}


def test_one_scale_in_two_languages_becomes_one() -> None:
    cohort = answered("33_", "two_languages", "one_scale").build()
    (statement,) = cohort.statements.values()
    assert len(statement.levels) == 5
    assert (cohort.answers[statement.key, "12m"] >= 0).all()


def test_numbers_as_answers_are_asked_and_nine_is_none() -> None:
    found = answered("likert9", "answers", "low_best")
    cohort = found.build()
    assert {s.levels for s in cohort.statements.values()} == {("5", "4", "3", "2", "1")}
    named = {f.column for f in found.findings if f.code == "missing_code"}
    assert named == {"Q1", "Q2", "Q3", "Q4", "Q5"}


def test_a_question_about_before_is_answered_after() -> None:
    for name in ("75_", "voor_operatie"):
        found = load(name)
        assert {c.time_point for c in found.columns if c.role is Role.STATEMENT} == {"12m"}
        assert any(f.code == "time_within_sentence" for f in found.findings)
    labels = [s.label for s in load("75_").build().statements.values()]
    assert labels[0] == "I have less pain than before the surgery"


def test_a_denied_statement_keeps_its_own_words_and_is_named() -> None:
    found = load("73_")
    (statement,) = found.build().statements.values()
    assert statement.label == "I am not satisfied with the result of the surgery"
    assert any(f.code == "worded_in_reverse" and "satisfied" in f.sentence for f in found.findings)


def test_codes_for_missing_are_named_in_every_column() -> None:
    named = {f.column for f in load("66_").findings if f.code == "missing_code"}
    assert named == {"age", "bmi", "hospital_stay_days", "vas_pre"}
    assert {f.column for f in load("62_").findings if f.code == "missing_code"} == {"eqvas_12m", "bmi", "age"}


def test_percent_in_the_heading_is_the_scale_to_100() -> None:
    measure = load("71_").score_measures["ndi"]
    assert (measure.low, measure.high) == (0, 100)


def test_an_answer_is_saved_and_found_again() -> None:
    found = answered("88_2", "two_units", "divide")
    again = load("88_2").with_choice(found.choice)
    assert means(again.build(), "pain", "baseline", "12m") == [7.5833, 4.6667]
    assert again.questions == ()


# --- nothing vanishes -------------------------------------------------------------------------------------------------
def beside_pain(**columns: list[str]) -> Import:
    """Forty-eight patients with pain before and after, and these columns."""
    cells = {
        "id": [str(i) for i in range(48)],
        "center": ["A", "B"] * 24,
        "vas_pain_pre": [str(5 + i % 5) for i in range(48)],
        "vas_pain_12m": [str(1 + i % 4) for i in range(48)],
    }
    return propose_columns(cells | columns)


def table_one(found: Import) -> dict[str, int]:
    """What Table 1 describes, with the number of its lines."""
    return {v.label: len(v.levels) for v in variables(found.build())}


def test_a_score_at_one_time_point_is_named_and_described() -> None:
    fjs, odi = [str(20 + i) for i in range(48)], [str(2 * (i % 40)) for i in range(48)]
    found = beside_pain(fjs_12m=fjs, odi_pre=odi)
    assert {"FJS-12, 12 months", "ODI, before surgery"} <= table_one(found).keys()
    absent = dict(not_shown(found.build()))
    assert "12 months only" in absent["FJS-12"]
    assert "before only" in absent["ODI"]
    assert [f.code for f in found.findings if f.column in ("fjs_12m", "odi_pre")] == ["one_time_point"]
    (own,) = (v for v in variables(found.build()) if v.label.startswith("FJS"))
    assert float(np.nanmean(own.values)) == pytest.approx(np.mean([20 + i for i in range(48)]))
    assert not own.balance  # no characteristic of a patient before the treatment


def test_more_than_forty_texts_are_the_commonest_and_one_line_for_the_rest() -> None:
    texts = ["Disc"] * 5 + ["Trauma"] * 3 + [f"Rare {i}" for i in range(40)]
    found = beside_pain(diagnosis=texts)
    (finding,) = (f for f in found.findings if f.code == "many_levels")
    assert all(words in finding.sentence for words in ("42 different texts", "Compare", "left out"))
    (own,) = (v for v in variables(found.build()) if v.key == "etiology")
    assert own.levels[:2] == ("Disc", "Trauma")
    assert own.levels[-1] == "22 other texts"
    assert np.bincount(own.values).tolist() == [5, 3, *[1] * 18, 22]


@pytest.mark.parametrize("words", [("yes", "no", "stopped"), ("no", "stopped"), ("yes", "stopped")])
def test_a_third_word_beside_a_yes_or_no_is_named(words: tuple[str, ...]) -> None:
    after = [words[i % len(words)] for i in range(48)]
    found = beside_pain(opioids_pre=["yes", "no", "no"] * 16, opioids_12m=after)
    (finding,) = (f for f in found.findings if f.code == "third_word")
    assert '"stopped"' in finding.sentence
    assert table_one(found)["Opioids 12m"] == len(words)


# --- kinds of trouble in one column -----------------------------------------------------------------------------------
def column(found: Import, name: str) -> tuple[Role, str]:
    return next((c.role, c.target) for c in found.columns if c.name == name)


@pytest.mark.parametrize("name", ["Patientennr", "N° dossier", "Dossiernr", "Aufnahmenummer"])
def test_a_number_of_the_patient_under_another_name_is_no_characteristic(name: str) -> None:
    pain = {"nrs_pre": [str(5 + i % 5) for i in range(24)], "nrs_12m": [str(i % 5) for i in range(24)]}
    found = propose_columns({name: [str(4000 + 3 * i) for i in range(24)]} | pain)
    assert column(found, name)[0] is Role.ID
    assert list(found.build().numbers()) == []


def test_a_second_number_does_not_take_the_place_of_the_id() -> None:
    found = beside_pain(lot_number=[str(5000 + i) for i in range(48)])
    assert column(found, "id")[0] is Role.ID


def test_how_often_it_hurts_is_not_how_much() -> None:
    days = [str(10 + i % 20) for i in range(48)]
    for name in ("pain days/month", "pijn dagen"):
        before, after = f"{name} pre", f"{name} 6m"
        (question,) = beside_pain(**{before: days, after: days}).questions
        assert question.columns == (before, after)
    week = {"leg pain last 7 days pre": ["3", "6", "9"] * 16, "leg pain last 7 days 6m": ["2", "4"] * 24}
    assert beside_pain(**week).questions == ()


def test_a_scale_of_today_to_a_hundred_may_be_health() -> None:
    high = [str(30 + i) for i in range(48)]
    (question,) = beside_pain(**{"VAS today pre": high, "VAS today 6m": high}).questions
    assert question.code == "identity"


def test_a_code_among_words_is_no_answer_and_the_statement_stays_one() -> None:
    found = beside_pain(satisfied_12m=["satisfied", "very satisfied", "99", "dissatisfied"] * 12)
    assert [f.code for f in found.findings if f.column == "satisfied_12m"] == ["missing_code"]
    (answers,) = found.build().answers.values()
    assert np.bincount(answers[answers >= 0]).tolist() == [0, 12, 0, 12, 12]


def test_a_code_among_yes_and_no_leaves_an_outcome() -> None:
    found = beside_pain(opioids_pre=["yes", "no", "9"] * 16, opioids_12m=["no", "-99", "yes"] * 16)
    cohort = found.build()
    assert {f.code for f in found.findings if f.column.startswith("opioids")} == {"missing_code"}
    assert np.bincount(cohort.yesno["opioids", "baseline"] + 1).tolist() == [16, 16, 16]


def test_a_date_alone_does_not_say_what_happened() -> None:
    found = beside_pain(complications=["g.b.", "nihil", "wondinfectie", "12-03-2021"] * 12)
    events = found.build().events
    assert events is not None
    assert set(events.type) == {"wondinfectie"}
    assert len(events.unknown) == 12
    assert "event_unknown" in [f.code for f in found.findings]


def test_before_and_after_may_be_an_injection() -> None:
    before, after = "Schmerz vor Injektion", "Schmerz nach Injektion"
    cells = {"Pat-Nr": [str(i) for i in range(24)], before: ["8", "6"] * 12, after: ["3", "4"] * 12}
    found = propose_columns(cells)
    assert found.questions == ()
    assert means(found.build(), "pain", "baseline", "follow_up") == [7.0, 3.5]


def test_hours_and_minutes_of_the_operation_are_minutes_and_its_date_is_a_date() -> None:
    found = beside_pain(op_time=[f"{1 + i % 2}:{i:02d}" for i in range(48)], op_date=["44000", "44010"] * 24)
    assert column(found, "op_date") == (Role.DATE, "surgery_date")
    (minutes,) = found.build().numbers()
    assert float(np.nanmean(minutes.values)) == 90 + 23.5


def test_numbers_in_several_units_are_named_and_identify_nobody() -> None:
    weights = [f"{70 + i} kg" if i % 4 else f"{150 + i} lbs" for i in range(48)]
    found = beside_pain(weight=weights)
    assert column(found, "weight") == (Role.NUMBER, "weight")
    assert "not_a_number" in [f.code for f in found.findings if f.column == "weight"]


def test_the_number_of_the_operation_parts_the_rows_of_a_patient() -> None:
    found = propose_columns(
        {
            "id": [str(i // 2) for i in range(24)],
            "operation no": [str(2 - i % 2) for i in range(24)],
            "vas_pre": ["9", "7"] * 12,
            "vas_12m": ["1", "4"] * 12,
        }
    )
    (question,) = found.questions
    assert [a.key for a in question.answers] == ["first_operation", "operation"]
    first = found.with_answer(question.key, "first_operation").build()
    assert (first.n, means(first, "pain", "baseline", "12m")) == (12, [7.0, 4.0])
    assert found.with_answer(question.key, "operation").build().n == 24


def test_grades_become_one_beside_a_word_for_not_known() -> None:
    found = beside_pain(ASA=["ASA 2", "ASA II", "unknown", "ASA 3"] * 12)
    (asa,) = (c for c in found.build().categories() if c.key == "asa")
    assert set(asa.labels) == {"2", "3", "unknown"}


# --- turned round in this file ----------------------------------------------------------------------------------------
def test_a_score_in_which_nearly_everybody_is_worse_is_asked() -> None:
    before, after = [str(30 + i) for i in range(48)], [str(45 + i) for i in range(48)]
    found = beside_pain(WOMAC_pre=before, WOMAC_12m=after)
    (question,) = found.questions
    assert (question.code, question.columns) == ("turned", ("WOMAC_pre", "WOMAC_12m"))
    assert "48 of 48 are worse" in question.text
    turned = found.with_answer(question.key, "higher")
    assert turned.questions == ()
    assert turned.build().measures["womac"].higher_is_better
    as_published = found.with_answer(question.key, "lower")
    assert as_published.questions == ()
    assert not as_published.build().measures["womac"].higher_is_better


@pytest.mark.parametrize("worse", [0, 24, 36])
def test_a_score_in_which_many_are_worse_is_not_asked(worse: int) -> None:
    after = [str(50 if i < worse else 10) for i in range(48)]
    assert beside_pain(WOMAC_pre=["30"] * 48, WOMAC_12m=after).questions == ()


def test_a_long_file_is_asked_too() -> None:
    rows = [(str(i), month, str(30 + i + int(month))) for i in range(20) for month in ("0", "3", "12")]
    found = propose_columns({name: [row[k] for row in rows] for k, name in enumerate(("id", "month", "WOMAC"))})
    assert [q.code for q in found.questions] == ["turned"]
