"""What stands in a surgeon's workbook beside the patients: totals, remarks, second tables, merged cells, errors."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from lib.importing.columns.timepoints import split_names
from lib.importing.findings import Finding, ImportProblem, Repair, Severity
from lib.importing.proposal import Import, propose
from lib.importing.repairs import apply
from tests.unit.importing.read_here import parse_here

PATIENTS = [[f"{n:03d}", 5 + n % 6, n % 5] for n in range(1, 13)]
HEADING = ["id", "VAS pre", "VAS 12m"]


def workbook(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Import:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return propose(parse_here(out.getvalue(), "x.xlsx"))


def found(what: Import, code: str) -> Finding:
    hits = [f for f in what.findings if f.code == code]
    assert len(hits) == 1, f"{len(hits)} × {code}; found {[f.code for f in what.findings]}"
    return hits[0]


def codes(what: Import) -> set[str]:
    return {f.code for f in what.findings}


def repair(finding: Finding) -> Repair:
    assert finding.repair is not None
    return finding.repair


# --- rows that are no patients ---------------------------------------------------------------------------------------
def test_footnotes_below_the_table_are_no_patients() -> None:
    what = workbook([HEADING, *PATIENTS, [], ["* VAS 0-10; missing = 99"], ["source: EPR export"]])
    finding = found(what, "remark_row")
    assert (finding.severity, finding.rows, finding.count) == (Severity.WARNING, (15, 16), 2)
    assert what.build().n == 12
    assert what.without(what.automatic[0]).build().n == 14  # somebody keeps them


def test_the_name_of_a_group_above_its_patients_is_no_patient() -> None:
    rows = [HEADING, ["Zwolle"], *PATIENTS[:6], ["Tilburg"], *PATIENTS[6:]]
    finding = found(workbook(rows), "remark_row")
    assert finding.rows == (2, 9)
    assert "column of its own" in finding.sentence


def test_a_patient_of_whom_only_the_number_is_known_stays() -> None:
    assert "remark_row" not in codes(workbook([HEADING, *PATIENTS, ["013"], ["014"]]))


@pytest.mark.parametrize("word", ["Subtotaal Zwolle", "Subtotal", "Eindtotaal", "Gemiddelde Zwolle", "Gesamtsumme"])
def test_subtotals_between_the_patients_are_named(word: str) -> None:
    rows = [["center", *HEADING], *[["Zwolle", *p] for p in PATIENTS], [word, None, 7.2, 3.1]]
    rows += [["Tilburg", f"T{p[0]}", *p[1:]] for p in PATIENTS]
    what = workbook(rows)
    finding = found(what, "summary_row")
    assert (finding.severity, finding.rows) == (Severity.WARNING, (14,))
    pain = what.build().scores["pain", "baseline"]
    assert pain.mean() == np.mean([p[1] for p in PATIENTS])


def test_a_category_that_begins_like_a_total_is_no_summary() -> None:
    rows = [["operation", *HEADING], *[["Total hip" if p[1] % 2 else "Sum of parts", *p] for p in PATIENTS]]
    assert "summary_row" not in codes(workbook(rows))


@pytest.mark.parametrize(
    "below",
    [
        [["n = 12"], ["Gem.", 7, 2], ["SD", 1.4, 0.9], ["p-waarde", 0.01]],
        [["Moyenne", 7, 2], ["Ecart type", 1, 1]],
        [["Legenda"], ["1 = man", "2 = vrouw"], ["VAS", "0 = geen pijn"]],
        [["Min", 4, 1], ["Max", 9, 5], ["IQR", 2, 2], ["95% CI", "6-8", "1-3"]],
    ],
)
def test_what_stands_below_the_table_is_left_out_and_named(below: list[list[object]]) -> None:
    what = workbook([HEADING, *PATIENTS, [], *below])
    assert what.build().n == 12
    assert {"summary_row", "remark_row"} & codes(what)


def test_a_patient_whose_second_column_says_n_stays() -> None:
    rows = [[HEADING[0], "smokes", *HEADING[1:]], *[[p[0], "J", *p[1:]] for p in PATIENTS], ["099", "N", 5, 4]]
    assert workbook(rows).build().n == 13


@pytest.mark.parametrize("name", ["P{}", "P {}", "N{:03}", "Q{}", "CI-{}", "SD{}", "Mean {}"])
def test_patients_whose_numbers_look_like_a_statistic_stay(name: str) -> None:
    rows = [[name.format(i), 5 + i % 5, i % 4] for i in range(80)]
    assert workbook([HEADING, *rows]).build().n == 80


def test_a_second_table_below_the_first_is_named_whole() -> None:
    rows = [HEADING, *PATIENTS, [], ["Complications"], ["id", "what", "grade"], ["001", "infection", "mild"]]
    what = workbook(rows)
    finding = found(what, "heading_within")
    assert (finding.severity, finding.rows) == (Severity.ERROR, (15, 16, 17))
    assert what.accept(repair(finding)).build().n == 12


def test_a_second_table_of_numbers_below_the_first_is_named_whole() -> None:
    rows = [HEADING, *PATIENTS, [], ["Patient", "leeftijd", "bmi"], *[[p[0], 55, 27] for p in PATIENTS]]
    what = workbook(rows)
    finding = found(what, "heading_within")
    assert finding.rows == tuple(range(15, 28))
    pain = what.accept(repair(finding)).build().scores["pain", "baseline"]
    assert pain.tolist() == [p[1] for p in PATIENTS]


def test_a_heading_repeated_on_every_page_is_left_out_alone() -> None:
    what = workbook([HEADING, *PATIENTS[:6], HEADING, *PATIENTS[6:]])
    finding = found(what, "heading_within")
    assert finding.rows == (8,)
    assert what.accept(repair(finding)).build().n == 12


def test_a_patient_with_words_for_numbers_is_no_heading() -> None:
    what = workbook([HEADING, *PATIENTS, ["013", "geen", "weet niet"]])
    assert "heading_within" not in codes(what)
    assert "not_a_number" in codes(what)


# --- cells that another cell speaks for ------------------------------------------------------------------------------
def test_a_cell_merged_over_rows_holds_for_each_of_them() -> None:
    rows = [
        ["center", *HEADING],
        *[[("A" if n < 6 else "B") if n in (0, 6) else None, *p] for n, p in enumerate(PATIENTS)],
    ]
    what = workbook(rows, ["A2:A7", "A8:A13"])
    assert what.sheet.column("center").texts() == ["A"] * 6 + ["B"] * 6
    finding = found(what, "merged_cells")
    assert (finding.severity, finding.column, finding.count, finding.rows[:2]) == (Severity.NOTE, "center", 10, (3, 4))


def test_a_merged_title_and_heading_are_not_spread_over_the_patients() -> None:
    rows = [["Cohort", None, None], [], ["id", "VAS", None], [None, "pre", "12m"], *PATIENTS]
    what = workbook(rows, ["A1:C1", "B3:C3", "A3:A4"])
    assert what.sheet.names() == ("id", "VAS pre", "VAS 12m")
    assert "merged_cells" not in codes(what)
    assert what.build().n == 12


def test_a_center_written_once_per_block_can_be_filled_down_with_consent() -> None:
    rows = [["center", *HEADING], *[[{0: "A", 6: "B"}.get(n), *p] for n, p in enumerate(PATIENTS)]]
    what = workbook(rows)
    finding = found(what, "filled_once")
    assert (finding.severity, finding.column, finding.count) == (Severity.WARNING, "center", 10)
    assert what.sheet.column("center").texts().count("") == 10
    after = what.accept(repair(finding))
    assert after.sheet.column("center").texts() == ["A"] * 6 + ["B"] * 6
    assert '"center: blank cells' in after.repair_log() or "center: blank cells" in after.repair_log()
    assert ",10," in after.repair_log()


def test_a_patient_number_written_once_per_patient_can_be_filled_down() -> None:
    rows = [["id", "visit", "VAS"]]
    for n in range(1, 7):
        rows += [[f"P{n}", "pre", 8], [None, "12 months", n % 4]]
    what = workbook(rows)
    assert ("pain", "12m") not in what.build().scores
    after = what.accept(repair(found(what, "filled_once")))
    assert after.build().scores["pain", "12m"].tolist() == [1, 2, 3, 0, 1, 2]


def test_a_remark_column_filled_now_and_then_is_not_filled_down() -> None:
    rows = [["center", "id", "VAS pre", "VAS 12m", "reden"]]
    rows += [["A", *p, {0: "griep", 5: "val"}.get(n)] for n, p in enumerate(PATIENTS)]
    assert "filled_once" not in codes(workbook(rows))


def test_filling_down_leaves_blanks_above_the_first_text() -> None:
    what = propose(parse_here(b"id,center\n1,\n2,A\n3,\n4,B\n5,\n", "x.csv"))
    after = apply(Repair("fill_down", ("center",), "x"), what.sheet)
    assert after.column("center").texts() == ["", "A", "A", "B", "B"]


# --- what Excel could not calculate ----------------------------------------------------------------------------------
def test_excel_errors_are_not_blank_in_silence() -> None:
    rows = [HEADING, *PATIENTS]
    rows[3] = ["003", "#N/A", 3]
    rows[6] = ["006", 7, "#DIV/0!"]
    what = workbook(rows)
    finding = found(what, "excel_error")
    assert (finding.severity, finding.column, finding.rows, finding.count) == (Severity.WARNING, "VAS pre", (4, 7), 2)
    assert "#N/A, #DIV/0!" in finding.sentence
    assert np.isnan(what.build().scores["pain", "baseline"][2])


def test_a_formula_without_a_stored_result_is_named() -> None:
    rows = [HEADING, *PATIENTS]
    rows[4] = ["004", "=3+4", 2]
    finding = found(workbook(rows), "not_calculated")
    assert (finding.column, finding.rows) == ("VAS pre", (5,))


def test_a_clean_workbook_has_none_of_these() -> None:
    assert codes(workbook([HEADING, *PATIENTS])) == set()


# --- numbers with words, scales --------------------------------------------------------------------------------------
def csv(*rows: str) -> Import:
    return propose(parse_here("\n".join(["id;VAS pre;VAS 12m", *rows]).encode(), "x.csv"))


FILLER = [f"{n};{5 + n % 6};{n % 5}" for n in range(20)]


def test_a_number_with_words_around_it_is_offered_and_made_only_with_consent() -> None:
    texts = ["ca. 6", "7 cm", "8/10", "7,5*", "± 5", "9 van 10"]
    what = csv(*FILLER, *[f"x{i};{t};1" for i, t in enumerate(texts)])
    finding = found(what, "not_a_number")
    assert (finding.count, finding.rows) == (6, (22, 23, 24, 25, 26, 27))
    assert np.isnan(what.build().scores["pain", "baseline"][20:]).all()
    after = what.accept(repair(finding))
    assert after.build().scores["pain", "baseline"][20:].tolist() == [6, 7, 8, 7.5, 5, 9]
    assert "not_a_number" not in codes(after)


@pytest.mark.parametrize("text", ["7-8", ">5", "8/100", "7 mm", "7?", "6 of 7", "geen"])
def test_what_has_no_one_meaning_is_not_guessed(text: str) -> None:
    assert found(csv(*FILLER, f"x;{text};1"), "not_a_number").repair is None


def test_two_units_in_one_column_are_not_made_numbers() -> None:
    rows = ["id;lengte;VAS pre;VAS 12m", *[f"{n};{160 + n};{5 + n % 5};{n % 4}" for n in range(20)]]
    mixed = propose(parse_here("\n".join([*rows, "x;1.80 m;5;2", "y;175 cm;5;2"]).encode(), "x.csv"))
    assert found(mixed, "not_a_number").repair is None
    one = propose(parse_here("\n".join([*rows, "y;175 cm;5;2"]).encode(), "x.csv"))
    assert repair(found(one, "not_a_number")).values == (("175 cm", "175"),)


def odi(*values: tuple[str, str]) -> Import:
    rows = [f"{n},{a},{b}" for n, (a, b) in enumerate(values)]
    return propose(parse_here("\n".join(["id,ODI pre,ODI 12m", *rows]).encode(), "x.csv"))


def test_percentages_stored_as_fractions_are_an_error_with_a_repair() -> None:
    what = odi(*[(f"0.{40 + n}", f"0.{10 + n}") for n in range(20)])
    finding = found(what, "too_small_for_scale")
    assert finding.severity is Severity.ERROR
    after = what.accept(repair(finding))
    assert after.build().scores["odi", "baseline"].tolist() == [40 + n for n in range(20)]
    assert "too_small_for_scale" not in codes(after)


def test_a_few_fractions_among_whole_scores_are_named() -> None:
    what = odi(*[(str(40 + n), str(10 + n)) for n in range(20)], ("0.52", "22"))
    finding = found(what, "percent_cells")
    assert (finding.column, finding.rows) == ("ODI pre", (22,))
    assert what.accept(repair(finding)).build().scores["odi", "baseline"][-1] == 52


def test_a_good_result_after_surgery_is_no_wrong_scale() -> None:
    assert codes(odi(*[(str(40 + n), str(n % 9)) for n in range(20)])) == set()


def test_an_eq_vas_of_ten_at_most_is_looked_at() -> None:
    rows = ["id,EQ VAS pre,EQ VAS 12m", *[f"{n},{3 + n % 4},{5 + n % 5}" for n in range(20)]]
    what = propose(parse_here("\n".join(rows).encode(), "x.csv"))
    finding = found(what, "too_small_for_scale")
    assert finding.severity is Severity.WARNING
    assert what.accept(repair(finding)).build().scores["eq_vas", "baseline"].max() == 60


# --- found with files of this kind -----------------------------------------------------------------------------------
def read(text: str) -> Import:
    return propose(parse_here(text.encode(), "x.csv"))


def role(what: Import, name: str) -> tuple[str, str, str]:
    guess = next(c for c in what.columns if c.name == name)
    return guess.role.value, guess.target, guess.time_point


def test_a_damaged_word_is_quoted_without_the_line_of_its_patient() -> None:
    what = read("id,name,cause,VAS pre,VAS 12m\n" + "".join(f"{n},Jan,JosÃ©,5,{n % 4}\n" for n in range(9)))
    assert '("JosÃ©";' in found(what, "mojibake").sentence


@pytest.mark.parametrize("number", ["00001234567890123", "000012345678901234", "0000001234"])
def test_a_patient_number_of_many_digits_is_no_telephone_number(number: str) -> None:
    rows = "".join(f"{int(number) + n:0{len(number)}d},5,{n % 4}\n" for n in range(12))
    what = read("id,VAS pre,VAS 12m\n" + rows)
    assert role(what, "id")[0] == "id"
    assert what.sheet.column("id").levels[0] == number


def test_a_telephone_number_stays_out_under_any_heading() -> None:
    rows = "".join(f"{n},06-1234{n:04d},5,{n % 4}\n" for n in range(12))
    assert role(read("id,x,VAS pre,VAS 12m\n" + rows), "x")[:2] == ("identifier", "phone")


def test_an_insurance_number_and_a_patient_code_are_told_apart() -> None:
    rows = "".join(f"P{n},{400000000 + 7919 * n},5,{n % 4}\n" for n in range(12))
    what = read("patientcode,Krankenkasse-Nr,VAS pre,VAS 12m\n" + rows)
    assert role(what, "patientcode")[0] == "id"
    assert role(what, "Krankenkasse-Nr")[:2] == ("identifier", "national_number")


def test_every_column_left_out_is_named() -> None:
    heads = "voornaam naam adres postcode straat woonplaats telefoon email bsn mrn huisarts initialen opmerkingen foto"
    row = ",".join("x" * len(heads.split()))
    what = read(f"id,{heads.replace(' ', ',')},VAS pre,VAS 12m\n" + "".join(f"{n},{row},5,3\n" for n in range(9)))
    assert what.left_out == tuple(heads.split())
    assert all(name in found(what, "identifiers").sentence for name in what.left_out)


def test_yes_and_no_in_eight_spellings_is_one_outcome_and_good_news() -> None:
    said = ["Ja", "ja", "J", "Nee", "nee", "N", "y", "1"]
    what = read("id;Tevreden 12m;VAS pre;VAS 12m\n" + "".join(f"{n};{w};5;3\n" for n, w in enumerate(said * 3)))
    assert role(what, "Tevreden 12m") == ("yesno", "tevreden", "12m")
    cohort = what.build()
    assert (cohort.yesno["tevreden", "12m"] == 1).sum() == 15
    assert cohort.outcomes["tevreden"].good


@pytest.mark.parametrize("prefix", ["EQ5D ", "EQ-5D ", "eq5d_"])
@pytest.mark.parametrize(
    "names",
    [
        ("mobiliteit", "zelfzorg", "dagelijkse activiteiten", "pijn", "angst"),
        ("Beweglichkeit", "Selbstversorgung", "Tätigkeiten", "Schmerz", "Angst"),
        ("mobility", "self care", "usual activities", "pain", "anxiety"),
    ],
)
def test_five_columns_named_after_the_dimensions_are_a_health_state(prefix: str, names: tuple[str, ...]) -> None:
    heads = [f"{prefix}{name} {time}" for time in ("pre", "12m") for name in names]
    what = read(";".join(["id", *heads]) + "\n" + "".join(f"{n};1;2;3;{1 + n % 3};1;1;1;2;1;1\n" for n in range(9)))
    assert [role(what, h) for h in heads] == [
        ("eq5d_dimension", key, time) for time in ("baseline", "12m") for key in ("MO", "SC", "UA", "PD", "AD")
    ]


def test_several_events_of_a_patient_at_one_event_of_redcap_are_no_duplicates() -> None:
    rows = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,vas,ae_type\n"
    for n in range(1, 7):
        rows += f"{n},baseline_arm_1,,,8,\n{n},month_12_arm_1,,,{n % 4},\n"
    for instance in (1, 2, 3):
        rows += f"6,month_12_arm_1,adverse_events,{instance},,infection {instance}\n"
    what = read(rows)
    assert not codes(what) & {"duplicate_patient", "repeated_row"}
    events = what.build().events
    assert events is not None
    assert len(events.patient) == 3


def test_a_center_with_a_letter_too_few_is_named_however_often_it_occurs() -> None:
    what = read("id,center,VAS pre,VAS 12m\n" + "".join(f"{n},{('Zwolle', 'Zwole')[n % 2]},5,3\n" for n in range(20)))
    assert found(what, "alike_labels").count == 10


@pytest.mark.parametrize("words", [("Grade A", "Grade B"), ("Type x lesion", "Type y lesion"), ("Links", "Rechts")])
def test_categories_told_apart_by_one_letter_stay(words: tuple[str, str]) -> None:
    what = read("id,kind,VAS pre,VAS 12m\n" + "".join(f"{n},{words[n > 17]},5,3\n" for n in range(20)))
    assert "alike_labels" not in codes(what)


# --- two scales in one measure ---------------------------------------------------------------------------------------
def pain(*pairs: tuple[float, float], centers: Sequence[str] = ()) -> Import:
    rows = [f"{n};{centers[n] if centers else 'A'};{a:g};{b:g}" for n, (a, b) in enumerate(pairs)]
    return read("\n".join(["id;center;VAS pre;VAS 12m", *rows]))


def test_one_slip_does_not_hide_that_two_time_points_have_two_scales() -> None:
    what = pain((14, 30), *[(5 + n % 6, 10 + 3 * n) for n in range(20)])
    finding = found(what, "mixed_scales")
    assert (finding.severity, finding.column) == (Severity.ERROR, "VAS pre")
    assert "but for 1 of" in finding.sentence
    after = what.accept(repair(finding))
    assert "mixed_scales" not in codes(after)
    assert after.build().scores["pain", "baseline"][1] == 50


def test_a_center_on_another_scale_is_an_error_and_only_its_rows_are_multiplied() -> None:
    pairs = [(5 + n % 5, n % 4) if n % 2 else (50 + n, 10 + n) for n in range(30)]
    what = pain(*pairs, centers=["Zwolle" if n % 2 else "Tilburg" for n in range(30)])
    finding = found(what, "mixed_scales")
    assert (finding.severity, finding.count) == (Severity.ERROR, 15)
    assert 'in "Zwolle" within 0–10, in "Tilburg" up to 100' in finding.sentence
    after = what.accept(repair(finding))
    assert "mixed_scales" not in codes(after)
    expected = [10 * a if n % 2 else a for n, (a, _) in enumerate(pairs)]
    assert after.build().scores["pain", "baseline"].tolist() == expected
    assert ",15," in after.repair_log() or ",30," in after.repair_log()


def test_a_time_point_on_another_scale_in_a_long_file_is_an_error() -> None:
    rows = [f"{n};pre;{40 + 2 * n}\n{n};12 months;{n % 7}" for n in range(20)]
    what = read("\n".join(["id;visit;VAS", *rows]))
    assert found(what, "mixed_scales").rows[:2] == (3, 5)
    after = what.accept(repair(found(what, "mixed_scales")))
    assert after.build().scores["pain", "12m"].tolist() == [10 * (n % 7) for n in range(20)]
    assert after.build().scores["pain", "baseline"].tolist() == [40 + 2 * n for n in range(20)]


def test_centers_that_differ_on_one_scale_are_no_error() -> None:
    pairs = [(30 + n, n % 20) if n % 2 else (50 + n, 10 + n) for n in range(30)]
    what = pain(*pairs, centers=["Zwolle" if n % 2 else "Tilburg" for n in range(30)])
    assert "mixed_scales" not in codes(what)


def test_a_repair_reaches_every_row_and_not_only_the_thousand_that_are_named() -> None:
    what = read("id,VAS pre,VAS 12m\n" + "".join(f"{n},{14 if n % 3 == 0 else n % 11},{n % 5}\n" for n in range(6000)))
    finding = found(what, "out_of_range")
    assert (finding.count, len(finding.rows)) == (2000, 1000)
    after = what.accept(repair(finding))
    assert "out_of_range" not in codes(after)
    assert after.build().illegal["pain", "baseline"].sum() == 0


# --- which sheet holds the patients ----------------------------------------------------------------------------------
def template_with(patients: int) -> bytes:
    from openpyxl import load_workbook

    from lib.importing.template import COLUMNS, template_xlsx

    book = load_workbook(io.BytesIO(template_xlsx()))
    for n in range(patients):
        book["patients"].append([f"S{n:03d}" if c.name == "patient_id" else c.example or None for c in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_empty_template_says_that_nobody_is_in_it() -> None:
    with pytest.raises(ImportProblem, match='column names in row 1 of sheet "patients" but no patients below'):
        parse_here(template_with(0), "cohort-template.xlsx")


@pytest.mark.parametrize("patients", [1, 2, 3])
def test_the_first_patients_of_a_template_are_found_beside_its_larger_dictionary(patients: int) -> None:
    what = propose(parse_here(template_with(patients), "cohort-template.xlsx"))
    assert what.sheet.name == "patients"
    assert what.build().n == patients
    assert role(what, "satisfied_12m") == ("statement", "satisfied_with_results", "12m")


# --- names that say more ---------------------------------------------------------------------------------------------
def scores(*heads: str, change: int = 0) -> Import:
    rows = (";".join([f"P{n}", *(str((n * (i + 2)) % 9 - change) for i in range(len(heads)))]) for n in range(20))
    return read("\n".join([";".join(["id", *heads]), *rows]))


@pytest.mark.parametrize("name", ["VAS verschil 12m", "delta VAS 12m", "VAS change 12m", "VAS Veränderung 12m"])
def test_a_difference_somebody_worked_out_is_no_score(name: str) -> None:
    assert role(scores("VAS pre", "VAS 12m", name), name)[0] == "number"
    assert role(scores("VAS pre", name, change=4), name)[0] == "number", "not the missing follow-up either"


def test_pain_at_rest_and_in_motion_each_keep_their_own_before_and_after() -> None:
    what = scores("VAS rust pre", "VAS rust 12m", "VAS bewegen pre", "VAS bewegen 12m")
    assert [role(what, n)[1] for n in what.sheet.names()[1:]] == ["pain_vas_rust"] * 2 + ["pain_vas_bewegen"] * 2
    cohort = what.build()
    assert [cohort.measures[k].label for k in ("pain_vas_rust", "pain_vas_bewegen")] == ["VAS rust", "VAS bewegen"]
    assert cohort.pairs("pain_vas_rust", "baseline", "12m").n == 20
    assert cohort.measures["pain_vas_rust"].thresholds, "it is still a pain score"


def test_the_plain_name_keeps_the_plain_key_and_a_second_name_pairs_with_itself() -> None:
    what = scores(
        "VAS pre", "VAS 12m", "VAS nacht pre", "VAS nacht 12m", "ODI T0", "ODI T1", "Oswestry pre", "Oswestry T1"
    )
    assert [role(what, n)[1] for n in what.sheet.names()[1:]] == [
        "pain", "pain", "pain_vas_nacht", "pain_vas_nacht", "odi", "odi", "odi_oswestry", "odi_oswestry",
    ]  # fmt: skip


def test_numbers_that_all_carry_their_unit_are_scores_once_agreed() -> None:
    rows = [f"P{n},{5 + n % 5} cm,{n % 4}.5 cm,{200 + n} ml" for n in range(20)]
    what = read("\n".join(["id,VAS pre,VAS 12m,bloedverlies", *rows]))
    assert [role(what, n)[:2] for n in ("VAS pre", "VAS 12m")] == [("score", "pain")] * 2
    assert role(what, "bloedverlies")[0] == "number"
    assert what.build().pairs("pain", "baseline", "12m").n == 0, "nothing without consent"
    assert codes(what) == {"automatic", "not_a_number", "unsure", "missing"}  # the unit of blood loss is taken off
    after = what.accept(*(repair(f) for f in what.findings if f.code == "not_a_number"))
    cohort = after.build()
    assert cohort.scores["pain", "12m"].tolist() == [n % 4 + 0.5 for n in range(20)]
    assert (cohort.measures["pain"].low, cohort.measures["pain"].high) == (0, 10)


def test_a_scale_in_millimeters_runs_to_100() -> None:
    rows = [f"P{n},{50 + n} mm,{n} mm" for n in range(20)]
    what = read("\n".join(["id,VAS pre,VAS 12m", *rows]))
    after = what.accept(*(repair(f) for f in what.findings if f.code == "not_a_number"))
    assert after.build().measures["pain"].high == 100
    assert after.build().scores["pain", "baseline"].tolist() == [50 + n for n in range(20)]


# --- events ----------------------------------------------------------------------------------------------------------
def complications(*told: tuple[str, str]) -> Import:
    rows = [f"P{n},{yes},{which},5,{n % 4}" for n, (yes, which) in enumerate(told)]
    return read("\n".join(["id,complicatie j/n,welke complicatie,VAS pre,VAS 12m", *rows]))


def test_a_complication_said_and_named_is_one_event() -> None:
    what = complications(("j", "infectie"), ("j", "bloeding"), *[("n", "")] * 10)
    events = what.build().events
    assert events is not None
    assert events.type == ("infectie", "bloeding")
    assert "event_without_name" not in codes(what)


def test_a_complication_without_a_name_is_told() -> None:
    what = complications(("j", "infectie"), ("j", "bloeding"), ("j", ""), *[("n", "")] * 10)
    finding = found(what, "event_without_name")
    assert (finding.severity, finding.column, finding.rows) == (Severity.WARNING, "complicatie j/n", (4,))


def test_two_kinds_of_event_as_yes_and_no_are_both_counted() -> None:
    rows = [f"P{n},{'yn'[n % 3 > 0]},5,{n % 4}" for n in range(12)]
    events = read("\n".join(["id,complication,VAS pre,VAS 12m", *rows])).build().events
    assert events is not None
    assert len(events.type) == 4


# --- sheets ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("names", "said"), [(("Zwolle", "Tilburg"), True), (("Pre", "12 months"), False)])
def test_a_sheet_per_center_is_told_and_a_sheet_per_time_point_joined(names: tuple[str, str], said: bool) -> None:
    book = Workbook()
    for place, name in enumerate(names):
        sheet = book.create_sheet(name)
        for row in [["id", "VAS pre", "VAS 12m"], *PATIENTS[: 12 - place]]:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    what = propose(parse_here(out.getvalue(), "x.xlsx"))
    assert ("sheets_alike" in codes(what)) is said
    if said:
        assert 'Only sheet "Zwolle" is used. "Tilburg" has the same columns and 11 more rows' in (
            found(what, "sheets_alike").sentence
        )


# --- headings over two rows, tables on their side --------------------------------------------------------------------
GROUPS = [None, "T0", None, None, "T1 (3 mnd)", None, None, "12 mnd", None, None]
UNDER = ["nr", "VAS", "ODI", "EQ-VAS", "VAS", "ODI", "EQ-VAS", "VAS", "ODI", "EQ-VAS"]
NINE = [[f"P{n}", 8, 50 + n, 40, 5, 30 + n, 60, n % 4, 10 + n, 70] for n in range(12)]


@pytest.mark.parametrize("merged", [("B1:D1", "E1:G1", "H1:J1"), ()])
@pytest.mark.parametrize("title", [False, True])
def test_groups_of_three_over_repeated_names_belong_to_the_heading(merged: tuple[str, ...], title: bool) -> None:
    above: list[list[str]] = [["SI joint cohort 2023"], []] if title else []
    spans = [span.replace("1", "3") for span in merged] if title else list(merged)
    what = workbook([*above, GROUPS, UNDER, *NINE], spans)
    assert what.sheet.names()[:3] == ("nr", "T0 VAS", "T0 ODI")
    assert role(what, "T0 VAS") == ("score", "pain", "baseline")
    assert role(what, "T1 (3 mnd) VAS") == ("score", "pain", "3m")
    assert role(what, "12 mnd ODI") == ("score", "odi", "12m")
    assert "repeated_heading" not in codes(what)
    assert what.build().n == 12


def test_titles_above_repeated_names_are_no_groups() -> None:
    what = workbook(
        [["Cohort", "2023"], ["id", "VAS", "VAS", "ODI", "ODI"], *[[f"P{n}", 8, 3, 50, 20] for n in range(9)]]
    )
    assert what.sheet.names() == ("id", "VAS", "VAS (C)", "ODI", "ODI (E)")
    assert found(what, "repeated_heading").severity is Severity.WARNING


def test_a_table_on_its_side_is_told() -> None:
    rows = [["what", *(f"P{n}" for n in range(12))], ["age", *range(40, 52)], ["VAS pre", *[8] * 12]]
    rows += [["VAS 12m", *[n % 5 for n in range(12)]]]
    finding = found(workbook(rows), "on_its_side")
    assert (finding.severity, finding.column) == (Severity.ERROR, "what")


@pytest.mark.parametrize(
    ("name", "stem", "key"),
    [
        ("VAS T1 (3 maanden)", "vas", "3m"),
        ("3 months T1 VAS", "vas", "3m"),
        ("T2 12 mnd ODI", "odi", "12m"),
        ("VAS T1", "vas", "t1"),
        ("T0 VAS", "vas", "baseline"),
    ],
)
def test_a_numbered_time_point_with_its_date_is_the_date(name: str, stem: str, key: str) -> None:
    (timed,) = split_names([name])
    assert timed.time_point is not None
    assert (timed.stem, timed.time_point.key) == (stem, key)
