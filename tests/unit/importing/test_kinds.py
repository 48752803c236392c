"""Kinds of trouble found by freshly written files: each gave a wrong number, or none, without a fitting word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from lib.analysis import Analysis
from lib.analysis.safety import after_surgery
from lib.cohort.cohort import Number
from lib.importing.columns.roles import Role
from lib.importing.proposal import Import
from lib.present.tables.events import outcomes_table
from lib.stats.results import NotComputed
from tests.unit.importing.read_here import propose_bytes, propose_columns
from tests.unit.importing.test_variants import AFTER, BEFORE, BOTH, codes, pain, said, workbook

PAIN = {"vas_pre": [str(v) for v in BEFORE], "vas_12m": [str(v) for v in AFTER]}
ID = {"id": [str(i) for i in range(24)]}


def beside(**columns: Sequence[str]) -> Import:
    """Twenty-four patients with pain before and after, and these texts again and again."""
    return propose_columns(ID | {n: [texts[i % len(texts)] for i in range(24)] for n, texts in columns.items()} | PAIN)


def long_file(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> Import:
    return propose_columns({name: [str(row[k]) for row in rows] for k, name in enumerate(heading)})


def numbers(found: Import, key: str) -> list[float]:
    column = next(n for n in found.build().numbers() if n.key == key)
    assert isinstance(column, Number)
    return sorted(set(column.values[~np.isnan(column.values)].tolist()))


# --- a heading that denies --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "heading",
    ["no complications", "complication-free", "zonder complicaties", "keine Komplikation", "non-smoker", "no revision"],
)
def test_yes_under_a_heading_that_denies_is_no_event_and_no_smoker(heading: str) -> None:
    found = beside(**{heading: ("yes", "no", "yes")})
    cohort = found.build()
    assert cohort.events is None
    label = heading.replace("-", " ").capitalize() if "-" in heading else heading
    assert [c.label for c in cohort.categories()] == [label]
    assert not {c.key for c in cohort.categories()} & {"smoking", "reoperation"}
    assert "means that there was none" in said(found, "worded_in_reverse")


@pytest.mark.parametrize("heading", ["opioid-free 12m", "geen opioiden 12m", "stopped opioids 12m", "off opioids 12m"])
def test_free_of_an_outcome_is_not_that_outcome(heading: str) -> None:
    found = beside(**{heading: ("yes", "no", "yes"), "opioids pre": ("yes", "no")})
    assert ("opioids", "12m") not in found.build().yesno
    assert said(found, "worded_in_reverse")


# --- cells that deny or doubt an event --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "types", "times"),
    [
        (("no infection", "wound infection", "uneventful"), {"wound infection"}, 8),
        (("geen infectie", "nabloeding", "geen complicaties opgetreden"), {"nabloeding"}, 8),
        (("keine Infektion", "Hämatom"), {"Hämatom"}, 12),
        (("No problems", "infection", "no signs of infection"), {"infection"}, 8),
        (("Nein", "Ja, Infektion", "Ja, Blutung"), {"Infektion", "Blutung"}, 16),
        (("no", "yes (infection)"), {"infection"}, 12),
    ],
)
def test_a_cell_that_denies_an_event_is_none(cells: Sequence[str], types: set[str], times: int) -> None:
    found = beside(complication=cells)
    events = found.build().events
    assert events is not None
    assert (set(events.type), len(events.type)) == (types, times)
    assert codes(found) == []


@pytest.mark.parametrize("cell", ["infection?", "r/o DVT", "Verdacht auf Infektion", "no union", "mogelijk infectie"])
def test_a_cell_in_doubt_is_counted_and_named(cell: str) -> None:
    found = beside(complication=(cell, "none", "hematoma"))
    (doubt,) = (f for f in found.findings if f.code == "event_in_doubt")
    assert doubt.count == 8
    assert doubt.severity == "error"
    assert doubt.repair is not None
    events = found.accept(doubt.repair).build().events
    assert events is not None
    assert (set(events.type), len(events.unknown)) == ({"hematoma"}, 8)


# --- a number of the patient within a center --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "heading",
    [("Site", "Subject", "Visit", "VAS"), ("hospital", "nr", "month", "VAS"), ("Klinik", "Pat-Nr", "Monat", "VAS")],
)
def test_center_and_number_are_the_patient_in_a_long_file(heading: Sequence[str]) -> None:
    times = ("Baseline", "12 months") if heading[2] == "Visit" else ("0", "12")
    rows = [
        (f"C{s}", p + 1, times[k], values[8 * s + p])
        for s in range(3)
        for p in range(8)
        for k, values in enumerate((BEFORE, AFTER))
    ]
    found = long_file(heading, rows)
    (question,) = found.questions
    assert question.code == "unit"
    cohort = found.with_answer(question.key, "center")
    assert (cohort.build().n, pain(cohort)) == (24, BOTH)


@pytest.mark.parametrize("heading", ["Abteilung", "country", "group", "level", "year"])
def test_what_repeats_the_numbers_of_a_wide_file_is_no_time(heading: str) -> None:
    rows = [(f"2{i // 12}", i % 12, BEFORE[i], AFTER[i]) for i in range(24)]
    found = long_file((heading, "id", "VAS pre", "VAS 12m"), rows)
    assert codes(found) == ["unit"]
    assert Role.TIME_POINT not in {c.role for c in found.columns}
    answered = found.with_answer(found.questions[0].key, "center")
    assert (answered.build().n, pain(answered)) == (24, BOTH)


def test_a_heading_of_nothing_but_a_time_point_parts_the_rows() -> None:
    rows = [(i, k, values[i]) for i in range(24) for k, values in enumerate((BEFORE, AFTER))]
    assert pain(long_file(("id", "post", "VAS"), rows)) == BOTH
    assert codes(long_file(("id", "pre", "VAS"), rows)) == ["visits"]


def test_months_to_the_day_are_named() -> None:
    rows = [(i, m, v) for i in range(24) for m, v in ((0, BEFORE[i]), (10.5 + i % 5 * 0.7, AFTER[i]))]
    assert "5 follow-ups" in said(long_file(("id", "months", "VAS"), rows), "scattered_time_points")
    planned = [
        (i, m, v) for i in range(24) for m, v in ((0, BEFORE[i]), (3, 5), (6, 5), (12, AFTER[i]), (24, 4), (36, 3))
    ]
    assert not said(long_file(("id", "months", "VAS"), planned), "scattered_time_points")


# --- dates ------------------------------------------------------------------------------------------------------------
SURGERY = ["2020-03-14"] * 24


def test_a_date_that_stands_for_none_is_none() -> None:
    born = ["01/01/1900" if i < 3 else f"13/05/{1950 + i}" for i in range(24)]
    operated = ["1900-01-01" if i > 20 else "2020-03-14" for i in range(24)]
    found = propose_columns(ID | {"dob": born, "surgery_date": operated} | PAIN)
    assert "1900-01-01" in said(found, "not_a_date")
    assert numbers(found, "age") == [2020 - 1950 - i - 1 for i in range(20, 2, -1)]


def test_a_year_of_birth_gives_the_age() -> None:
    for heading in ("birth year", "geboortejaar", "Geburtsjahr", "année de naissance"):
        found = propose_columns(ID | {heading: [str(1950 + i) for i in range(24)], "surgery_date": SURGERY} | PAIN)
        assert numbers(found, "age") == [2020 - 1950 - i - 1 for i in range(23, -1, -1)]
        assert "1 July" in said(found, "birth_date")


def test_a_birth_of_two_digits_lies_before_the_surgery() -> None:
    born = [f"12-05-{15 + i}" for i in range(24)]
    found = propose_columns(ID | {"geboortedatum": born, "surgery_date": SURGERY} | PAIN)
    ages = numbers(found, "age")
    assert (ages[-1], len(ages)) == (99, 24)
    assert ages[:4] == [0, 1, 2, 3]  # born 2015 to 2019: a file of children is possible, and the note says so
    assert "of the century before" in said(found, "two_digit_years")


def test_day_numbers_of_excel_beside_dates_are_dates() -> None:
    days = [str(43900 + i) if i % 3 else f"2020-04-{1 + i:02d}" for i in range(24)]
    found = propose_columns(ID | {"surgery_date": days} | PAIN)
    assert {c.role for c in found.columns if c.name == "surgery_date"} == {Role.DATE}
    assert not np.isnat(found.build().columns["surgery_date"].days).any()


# --- rows that are no patients ----------------------------------------------------------------------------------------
TABLE = [["ID", "VAS pre", "VAS 12m"], *([i, BEFORE[i], AFTER[i]] for i in range(24))]


@pytest.mark.parametrize(
    "rows",
    [[[None, 7.5, 4.46]], [[None, 7.4999, 4.4583]], [[None, 180, 107]], [[None, 7.5, 4.458], [None, 1.59, 2.587]]],
)
def test_an_unnamed_row_of_means_or_sums_is_no_patient(rows: list[list[object]]) -> None:
    found = workbook([*TABLE, *rows])
    assert (found.build().n, pain(found)) == (24, BOTH)
    assert said(found, "summary_row")


def test_a_patient_without_a_number_stays_one() -> None:
    assert workbook([*TABLE, [None, 8, 3]]).build().n == 25


def test_totals_of_groups_as_excel_writes_them_are_no_patients() -> None:
    rows: list[list[object]] = [["center", *TABLE[0]]]
    for c in range(3):
        rows += [[f"C{c}", *row] for row in TABLE[1 + 8 * c : 9 + 8 * c]]
        rows.append([f"C{c} Total", None, 60, 40])
    found = workbook([*rows, ["Grand Total", None, 180, 107]])
    assert (found.build().n, pain(found), codes(found)) == (24, BOTH, [])


def test_a_row_of_units_below_the_headings_is_named() -> None:
    found = workbook([TABLE[0], [None, "0-10", "0-10"], *TABLE[1:]])
    assert "Row 2" in said(found, "heading_within")


# --- numbers ----------------------------------------------------------------------------------------------------------
def test_out_of_ten_in_every_cell_is_the_number() -> None:
    cells = {name: [f"{v}/10" for v in values] for name, values in PAIN.items()}
    found = propose_columns(ID | cells)
    assert (pain(found), codes(found)) == (BOTH, [])


@pytest.mark.parametrize(
    ("heading", "cells", "minutes"),
    [
        ("operatieduur", ("1u15", "0u55", "2u05", "1u30"), [55, 75, 90, 125]),
        ("surgery duration", ("1h15", "55 min", "1 h 30 min", "90"), [55, 75, 90]),
        ("OP-Dauer", ("1:15", "0:55", "1:05:00", "75 min"), [55, 65, 75]),
        ("duur operatie tijdsduur", ("1,5 uur", "75 min", "2 uur", "45 min"), [45, 75, 90, 120]),
    ],
)
def test_durations_in_any_writing_are_minutes(heading: str, cells: Sequence[str], minutes: list[float]) -> None:
    found = beside(**{heading: cells})
    texts = {t for column in found.sheet.columns if column.name == heading for t in column.filled_levels()}
    assert sorted(map(float, texts)) == minutes


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("blood loss (ml)", ("200", "350", "0.4", "500")), ("duration", ("1.25", "0.92", "75", "1.5"))],
)
def test_numbers_of_two_sizes_are_named(heading: str, cells: Sequence[str]) -> None:
    assert "another unit" in said(beside(**{heading: cells}), "far_apart")


def test_numbers_that_merely_spread_are_not_named() -> None:
    assert not said(beside(crp=("0.5", "3", "12", "80", "240")), "far_apart")


def test_zeros_apart_from_a_score_may_be_missing() -> None:
    after = [str(0 if i % 5 == 0 else 35 + i % 9) for i in range(24)]
    found = propose_columns(ID | {"OKS pre": [str(20 + i % 9) for i in range(24)], "OKS 12m": after})
    assert "the next is 35" in said(found, "zero_for_missing")
    spread = [str(3 * (i % 9)) for i in range(24)]
    assert not said(propose_columns(ID | {"OKS pre": spread, "OKS 12m": after[::-1]}), "zero_for_missing").count("pre")


def test_ages_in_months_are_named_and_the_column_stays_the_age() -> None:
    found = beside(age=("45", "51", "540 months", "62"))
    assert numbers(found, "age") == [45, 51, 62]
    assert "540 months" in said(found, "not_a_number")


def test_a_third_sex_leaves_the_spellings_of_the_others_one() -> None:
    (sex,) = (c for c in beside(Geschlecht=("m", "w", "weiblich", "d")).build().categories() if c.key == "sex")
    assert set(sex.labels) == {"m", "w", "d"}


def test_a_mark_or_nothing_is_asked() -> None:
    found = beside(diabetes=("x", "", ""), hypertension=("x", ""))
    (question,) = found.questions
    assert question.columns == ("diabetes", "hypertension")
    answered = found.with_answer(question.key, "no")
    assert answered.questions == ()
    (diabetes,) = (c for c in answered.build().categories() if c.key == "diabetes")
    assert {diabetes.labels[k]: int(n) for k, n in enumerate(np.bincount(diabetes.codes))} == {"no": 16, "yes": 8}
    assert found.with_answer(question.key, "unknown").questions == ()


# --- names ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("VAS at admission", "VAS at discharge"),
        ("VAS Aufnahme", "VAS Entlassung"),
        ("EVA entrée", "EVA sortie"),
        ("VAS BL", "VAS EOT"),
        ("pain_prior", "pain_after"),
        ("VAS preinjection", "VAS postinjection"),
    ],
)
def test_more_words_of_time(before: str, after: str) -> None:
    found = propose_columns(ID | {before: PAIN["vas_pre"], after: PAIN["vas_12m"]})
    assert (pain(found), codes(found)) == (BOTH, [])


@pytest.mark.parametrize("name", ["EuroQol VAS", "EQ5D-5L VAS", "EQ_thermometer", "EQ-5D today"])
def test_more_names_of_the_rating_of_health(name: str) -> None:
    before, after = [str(30 + i) for i in range(24)], [str(60 + i) for i in range(24)]
    found = propose_columns(ID | {f"{name} pre": before, f"{name} 12m": after})
    assert codes(found) == []
    assert list(found.build().measures) == ["eq_vas"]


@pytest.mark.parametrize(
    ("names", "version"),
    [
        ([f"EQ{k}" for k in range(1, 6)], "3L"),
        (
            ["EQ5DY mobility", "EQ5DY looking after myself", "EQ5DY usual activities", "EQ5DY pain", "EQ5DY worried"],
            "Y-3L",
        ),
    ],
)
def test_five_numbered_or_youth_columns_are_an_eq5d(names: Sequence[str], version: str) -> None:
    cells = {
        f"{n} {t}": [str(1 + (i * i + k) % 3) for i in range(24)] for k, n in enumerate(names) for t in ("pre", "12m")
    }
    cohort = propose_columns(ID | cells).build()
    assert cohort.eq5d_version == version
    assert {"baseline", "12m"} == cohort.states.keys()


# --- labels of SPSS and Stata -----------------------------------------------------------------------------------------
def labelled(tmp_path: Path, columns: dict[str, list[Any]], labels: dict[str, dict[float, str]], **more: Any) -> Import:
    path = tmp_path / "x.sav"
    frame = pd.DataFrame({"id": range(24)} | columns)
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, **more)
    return propose_bytes(path.read_bytes(), "x.sav")


def test_labels_that_turn_the_ends_round_are_asked(tmp_path: Path) -> None:
    turned = {"pain_pre": [10 - b for b in BEFORE], "pain_12m": [10 - a for a in AFTER]}
    ends = {0: "worst pain", 10: "no pain"}
    (question,) = labelled(tmp_path, turned, {"pain_pre": ends, "pain_12m": ends}).questions
    assert "The file labels 0 “worst pain” and 10 “no pain”." in question.why
    usual = {0: "no pain", 10: "worst pain"}
    as_published = labelled(tmp_path, {"pain_pre": BEFORE, "pain_12m": AFTER}, {"pain_pre": usual, "pain_12m": usual})
    assert (codes(as_published), pain(as_published)) == ([], BOTH)


def test_a_number_labelled_as_no_answer_is_none(tmp_path: Path) -> None:
    before = [11.0 if i < 3 else float(v) for i, v in enumerate(BEFORE)]
    rated = [99.0 if i < 3 else 40.0 + i for i in range(24)]
    found = labelled(
        tmp_path,
        {"vas_pre": before, "vas_12m": AFTER, "eqvas_pre": rated, "eqvas_12m": list(range(50, 74))},
        {"vas_pre": {11: "refused"}, "eqvas_pre": {99: "missing"}},
    )
    assert codes(found) == []
    scores = found.build().scores
    assert float(np.nanmean(scores["pain", "baseline"])) == pytest.approx(np.mean(BEFORE[3:]))
    assert float(np.nanmean(scores["eq_vas", "baseline"])) == pytest.approx(np.mean(rated[3:]))


def test_not_known_beside_yes_and_no_is_missing_and_named(tmp_path: Path) -> None:
    answers = {0: "nee", 1: "ja", 9: "onbekend"}
    columns = {"opioids_pre": [(0, 1, 9)[i % 3] for i in range(24)], "opioids_12m": [i % 2 for i in range(24)]}
    found = labelled(tmp_path, columns, {"opioids_pre": answers, "opioids_12m": answers})
    assert np.bincount(found.build().yesno["opioids", "baseline"] + 1).tolist() == [8, 8, 8]
    assert "counts as missing" in said(found, "neither_yes_nor_no")


def test_the_wording_in_a_label_says_now(tmp_path: Path) -> None:
    found = labelled(
        tmp_path,
        {"Q1_1": BEFORE, "Q1_2": AFTER},
        {},
        column_labels={"Q1_1": "How much pain did you have before surgery?", "Q1_2": "How much pain do you have now?"},
    )
    assert (codes(found), pain(found)) == ([], BOTH)


def test_a_third_word_at_one_time_point_is_named() -> None:
    assert '"somewhat"' in said(beside(**{"satisfied 12m": ("yes", "no", "somewhat")}), "third_word")


@pytest.mark.parametrize(
    ("heading", "levels"),
    [
        ("Would you recommend", ("definitely not", "probably not", "probably", "definitely")),
        ("Zou u deze operatie aanraden", ("zeker niet", "waarschijnlijk niet", "waarschijnlijk wel", "zeker wel")),
        ("satisfied", ("not at all", "a little", "moderately", "very", "extremely")),
        ("résultat", ("mauvais", "moyen", "bon", "excellent")),
    ],
)
def test_more_scales_of_answers_keep_their_order(heading: str, levels: Sequence[str]) -> None:
    (statement,) = beside(**{heading: levels[::-1]}).build().statements.values()
    assert statement.levels == tuple(levels)


def test_no_reoperation_at_all_is_none_of_everybody() -> None:
    """A file whose only answer is "No": it was "24 of 24"."""
    missing = NotComputed("no events", 24)
    for words, expected in ((("No",), (0, 24)), (("No", "Yes", "No"), (8, 24)), (("Yes",), (24, 24))):
        found = after_surgery(Analysis(beside(reoperation=words).build()), np.ones(24, dtype=bool))
        row = outcomes_table(missing, missing, found, "operation").rows[-1]
        assert [cell.text for cell in row[:3]] == ["Reoperation", *map(str, expected)]
    found = after_surgery(Analysis(beside(**{"implant position": ("good",)}).build()), np.ones(24, dtype=bool))
    assert outcomes_table(missing, missing, found, "operation").rows[-1][0].text == "Implant position: good"
