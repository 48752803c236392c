"""Files of real trouble (`data/cases`): what each must say, and the number that is right for it."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.missing import missing_values
from lib.cohort.cohort import Cohort
from lib.cohort.selection import Population
from lib.importing.findings import ImportProblem, Severity
from lib.importing.join import join, propose_plan, sheets_of_time_points
from lib.importing.proposal import Import, columns_from_json, columns_to_json, propose
from lib.importing.questions.base import Answer
from lib.stats.results import NotComputed
from tests.unit.importing.read_here import parse_here

CASES = Path(__file__).parent / "data" / "cases"
with (CASES / "cases.csv").open(encoding="utf-8", newline="") as _file:
    TRUTH = [row for row in csv.DictReader(_file) if row["ask"] != "look"]
PAIN = (24, 7.5833, 4.6667)


@cache
def case(name: str) -> Import:
    """As the shell proposes it: sheets of one time point each are joined."""
    parsed = parse_here((CASES / name).read_bytes(), name)
    sheets = [propose(parsed, sheet) for sheet in sheets_of_time_points(parsed)]
    return propose(join(sheets, propose_plan(sheets)).parsed) if sheets else propose(parsed)


def numbers(cohort: Cohort) -> list[float]:
    """Means of every measure over complete pairs and their change, of every number, shares of events."""
    have = [float(np.nanmean(c.values)) for c in cohort.numbers() if not np.isnan(c.values).all()]
    for key in cohort.measures:
        for later in cohort.follow_ups:
            if (key, "baseline") in cohort.scores and (key, later.key) in cohort.scores:
                pairs = cohort.pairs(key, "baseline", later.key)
                if pairs.n:
                    change = pairs.follow_up - pairs.baseline
                    have += [float(pairs.baseline.mean()), float(pairs.follow_up.mean())]
                    have += [float(change.mean()), float(-change.mean()), float(change.std(ddof=1))]
    if cohort.events is not None:
        n = cohort.n - len(cohort.events.unknown)
        have += [len({p for p, t in zip(cohort.events.patient, cohort.events.type, strict=True) if t == kind}) / n
                 for kind in set(cohort.events.type)]  # fmt: skip
    return have


@pytest.mark.parametrize("truth", TRUTH, ids=lambda row: row["file"].split(".")[0])
def test_every_file_gives_its_right_values_or_asks(truth: dict[str, str]) -> None:
    refused = ""
    try:
        found = case(truth["file"])
        cohort = found.build()
    except ImportProblem as problem:
        refused = str(problem)
    if refused:
        assert truth["ask"] == "error"
        assert len(refused) > 40
        return
    said = " ".join([f.sentence for f in found.findings if f.severity is not Severity.NOTE])
    asked = " ".join(f"{q.text} {q.why} {' '.join(a.label for a in q.answers)}" for q in found.questions)
    stops = bool(found.questions) or any(f.severity is Severity.ERROR for f in found.findings)
    if truth["must_say"] and truth["ask"]:
        assert re.search(truth["must_say"], said + asked)
    if truth["ask"] == "error" and not (truth["auto_ok"] and truth["numbers"]):
        assert stops
    elif not stops:
        have = numbers(cohort)
        for wanted in filter(None, truth["numbers"].split(";")):
            assert any(math.isclose(v, float(wanted), rel_tol=6e-5, abs_tol=6e-5) for v in have), wanted


ASKED_THOUGH_READABLE = {
    "02_limesurvey_answer_codes", "10_thousands_point_decimal_comma", "15_long_disorder_duplicate",
    "29_revision_after_index", "oks_items", "two_centers_own_ids",
}  # fmt: skip
"""Codes without words, an unknown direction, a patient twice, items to be scored: few clicks, each of them worth it."""


def test_files_that_need_no_question_ask_none() -> None:
    quiet = [row["file"] for row in TRUTH if row["ask"] in ("", "say")]
    asked = {name.split(".")[0] for name in quiet if case(name).questions}
    assert asked - ASKED_THOUGH_READABLE <= {"33_mixed_languages", "likert9"}  # what must be named is asked


def table(text: str) -> Import:
    return propose(parse_here(text.encode(), "x.csv"))


def pain(found: Import) -> tuple[int, float, float]:
    cohort = found.build()
    pairs = cohort.pairs("pain", "baseline", cohort.follow_ups[-1].key)
    return pairs.n, round(float(pairs.baseline.mean()), 4), round(float(pairs.follow_up.mean()), 4)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("34_opioid_third_word.csv", "third_word", "stopped"),
        ("37_age_zero.csv", "age_zero", "age 0 in 4 cells"),
        ("38_hidden_filtered_rows.xlsx", "hidden_rows", "13 of 24 rows are hidden in Excel"),
        ("51_only_follow_up.csv", "one_time_point", '"ODI 12m" and "NDI pre"'),
        ("84_height_m_and_cm.csv", "two_units", "in metres"),
        ("98_words_for_no_event.csv", "event_unknown", '"unknown" in 2 cells'),
    ],
)
def test_what_must_be_said_is_said_without_a_question(name: str, code: str, words: str) -> None:
    found = case(name)
    assert found.questions == ()
    (finding,) = [f for f in found.findings if f.code == code]
    assert words in finding.sentence
    assert finding.severity.value == "warning"
    assert pain(found) == PAIN


def test_age_zero_is_not_an_age_but_a_newborn_is() -> None:
    ages = case("37_age_zero.csv").build().columns["age"].values  # type: ignore[union-attr]
    assert (round(float(np.nanmean(ages)), 2), int(np.isnan(ages).sum())) == (49.85, 4)
    children = table("id,age,vas_pre,vas_12m\n1,0,8,3\n2,1,7,2\n3,6,6,1\n")
    assert children.build().columns["age"].values.tolist() == [0, 1, 6]  # type: ignore[union-attr]
    assert "age_zero" not in [f.code for f in children.findings]


def test_metres_become_centimetres_when_agreed() -> None:
    found = case("84_height_m_and_cm.csv")
    repair = next(f.repair for f in found.findings if f.code == "two_units")
    assert repair is not None
    heights = found.accept(repair).build().columns["height"].values  # type: ignore[union-attr]
    assert heights.min() > 100


def safety(found: Import):  # type: ignore[no-untyped-def]
    cohort = found.build()
    result = Analysis(cohort, population=Population.ALL).safety("12m")
    assert not isinstance(result, NotComputed)
    return cohort, result


def test_unknown_is_neither_an_event_nor_none() -> None:
    cohort, result = safety(case("98_words_for_no_event.csv"))
    assert result.types == ("wound infection",)
    assert (result.by_type.patients.count, result.by_type.patients.n) == (3, 22)
    assert cohort.events is not None
    assert len(cohort.events.unknown) == 2


def test_two_events_in_a_cell_are_two_and_a_day_is_none() -> None:
    _, result = safety(case("98b_two_events_one_cell.csv"))
    assert result.types == ("infection", "hematoma", "nerve injury")
    assert [t.events for t in result.by_type.by_type] == [8, 4, 4]
    assert math.isclose(result.by_type.patients.share, 8 / 24)


@pytest.mark.parametrize("text", ["hematoma, evacuated", "pain and swelling", "leak/repair"])
def test_a_comma_within_one_event_does_not_part_it(text: str) -> None:
    found = table(f'id,vas_pre,vas_12m,complication\n1,8,3,"{text}"\n2,7,2,none\n3,6,1,infection\n')
    assert set(found.build().events.type) == {text, "infection"}  # type: ignore[union-attr]


def test_ages_with_their_unit_are_ages() -> None:
    found = case("47_age_with_unit.csv")
    ages = found.build().columns["age"].values  # type: ignore[union-attr]
    assert round(float(ages.mean()), 4) == 49.9167
    assert [r.kind for r in found.automatic] == ["replace"]
    assert "age" in found.without(found.automatic[0]).sheet.names()
    assert found.without(found.automatic[0]).repairs == ()


def test_day_numbers_of_excel_under_a_date_are_days() -> None:
    cohort = case("06_date_serials.xlsx").build()
    assert str(cohort.columns["surgery_date"].days[0]) == "2021-01-04"  # type: ignore[union-attr]
    assert round(float(cohort.columns["age"].values.mean()), 4) == 50.3333  # type: ignore[union-attr]


def test_parts_of_a_day_under_a_duration_are_minutes() -> None:
    found = case("09_time_of_day.xlsx")
    values = next(c.values for c in found.build().numbers() if "duration" in c.label.lower())
    assert (values[0], round(float(values.mean()), 2)) == (45, 56.5)
    clock = table("id,operation duration,vas_pre,vas_12m\n1,1:15,8,3\n2,0:45,7,2\n3,2:00,6,1\n").build().numbers()[0]
    assert clock.values.tolist() == [75, 45, 120]


def test_the_repairs_made_without_asking_are_listed_and_saved() -> None:
    from lib.importing.columns.roles import columns_from_json, columns_to_json

    found = case("47_age_with_unit.csv")
    assert any("unit" in s for s in found.build().provenance.repairs)
    assert "automatic" in [f.code for f in found.findings]
    again = propose(found.parsed, None, columns_from_json(columns_to_json(found.choice)))
    assert again.fingerprint == found.fingerprint


def test_two_tables_side_by_side_in_another_order_are_asked() -> None:
    found = case("77_side_by_side_tables.xlsx")
    (question,) = found.questions
    assert question.code == "side_by_side"
    left_out = found.with_answer(question.key, "leave_out").build()
    assert not any(time == "12m" for _, time in left_out.scores)
    assert pain(found.with_answer(question.key, "same_row"))[0] == 24


@pytest.mark.parametrize("name", ["16_pre_post_sheets_id_number.xlsx", "16b_pre_post_sheets_patient.xlsx"])
def test_001_on_one_sheet_and_1_on_the_next_are_one_patient_when_agreed(name: str) -> None:
    found = case(name)
    (question,) = found.questions
    assert (question.code, question.text) == ("same_patient", "Are 001 and 1 the same patient?")
    together = found.with_answer(question.key, "same")
    assert pain(together) == PAIN
    assert together.questions == ()
    assert "ids_alike" not in [f.code for f in together.findings]
    assert found.with_answer(question.key, "different").build().n == 48


def test_three_rows_of_headings_are_read_and_asked() -> None:
    found = case("01_qualtrics_three_headings.csv")
    (question,) = found.questions
    worded = found.with_answer(question.key, "wording")
    assert pain(worded) == PAIN
    assert not any(t for _, t in found.with_answer(question.key, "codes").build().scores)


def test_several_answers_in_a_cell_are_a_yes_or_no_each() -> None:
    cohort = case("03_msforms_sentences.xlsx").build()
    made = [c for c in cohort.categories() if "treatments" in c.label]
    assert [c.label.rsplit(": ", 1)[1] for c in made] == ["Physiotherapy", "Injection", "Medication"]
    assert all(c.labels == ("No", "Yes") for c in made)


@pytest.mark.parametrize("corner", ["", "patient,", "Pat.nr,"])
def test_a_table_on_its_side_is_turned_when_agreed(corner: str) -> None:
    lying = case("95_transposed.csv")
    if corner:
        rows = (CASES / "95_transposed.csv").read_text(encoding="utf-8").replace(",001,", f"{corner}P001,", 1)
        lying = table(rows)
    question = next(q for q in lying.questions if q.code == "on_its_side")
    turned = lying.with_answer(question.key, "turn")
    assert pain(turned) == PAIN
    assert (turned.sheet.n, turned.questions) == (24, ())
    assert "on_its_side" not in {f.code for f in turned.findings}
    assert turned.columns[0].role.value == "id"
    again = lying.with_choice(turned.choice)
    assert again.fingerprint == turned.fingerprint
    assert turned.without(turned.repairs[0]).sheet.n == lying.sheet.n
    assert not any(t for _, t in lying.with_answer(question.key, "keep").build().scores)


def answered(found: Import, which: int) -> Import:
    """Every question answered with its first or its last answer, one after another."""
    for _ in range(30):
        if not found.questions:
            return found
        question = found.questions[0]
        found = found.with_answer(question.key, question.answers[which].key)
    raise AssertionError("questions without end")


@pytest.mark.parametrize("which", [0, -1])
@pytest.mark.parametrize("name", [row["file"] for row in TRUTH], ids=lambda n: n.split(".")[0])
def test_saved_columns_bring_the_same_cohort_back(name: str, which: int) -> None:
    try:
        done = answered(case(name), which)
        repairs = [f.repair for f in done.findings if f.repair is not None]
        done = done.accept(*repairs[:2])
        cohort = done.build()
    except ImportProblem:
        return  # refused as a whole: nothing can be saved
    saved = columns_from_json(columns_to_json(done.choice))
    again = propose(done.parsed, done.sheet.name, saved)
    assert again.fingerprint == done.fingerprint
    assert [q.key for q in again.questions] == [q.key for q in done.questions]
    assert numbers(again.build()) == numbers(cohort)


def test_a_date_of_revision_that_most_do_not_have_is_not_missing() -> None:
    names = [row.label for row in missing_values(Analysis(case("registry_revision.csv").build())).rows]
    assert "ODI, 12 months" in names
    assert not any("evision" in name for name in names)


def test_no_answer_looks_like_the_safe_one() -> None:
    """Every question is about sign, scale, time, unit or denominator: none of its answers is marked as likely."""
    seen = set()
    for row in TRUTH:
        try:
            questions = case(row["file"]).questions
        except ImportProblem:
            continue
        for question in questions:
            seen.add(question.code)
            assert question.stakes, question.key
            assert not any("likely" in f"{a.label} {a.effect}".lower() for a in question.answers), question.key
    assert len(seen) >= 12, seen
    assert "likely" not in {field.name for field in fields(Answer)}
