"""Findings and repairs: each check on a table made for it, with the repair made and counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.importing.columns.roles import Role, columns_from_json, columns_to_json
from lib.importing.findings import Finding, ImportProblem, Repair, Severity, quoted_list, rows_in_words
from lib.importing.proposal import Import, propose
from lib.importing.repairs import apply
from tests.unit.importing.read_here import parse_here


def table(text: str) -> Import:
    return propose(parse_here(text.encode(), "x.csv"))


def found(what: Import, code: str) -> Finding:
    hits = [f for f in what.findings if f.code == code]
    assert hits, f"no {code}; only {[f.code for f in what.findings]}"
    return hits[0]


def not_found(what: Import, code: str) -> None:
    assert code not in [f.code for f in what.findings]


def repaired(what: Import, code: str) -> Import:
    repair = found(what, code).repair
    assert repair is not None
    after = what.accept(repair)
    not_found(after, code)
    return after


def lines(heading: str, *rows: str) -> str:
    return "\n".join([heading, *rows]) + "\n"


FILLER = [f"p{i},{4 + i % 6},{i % 5}" for i in range(20)]
PAIN = "id,vas_pain_pre,vas_pain_12m"


def test_a_clean_table_has_nothing_of_weight() -> None:
    assert [f.code for f in table(lines(PAIN, *FILLER)).findings] == []


@pytest.mark.parametrize(
    ("text", "code"), [("zeven", "not_a_number"), ("7-8", "not_a_number"), ("n/a", "missing_word")]
)
def test_texts_among_numbers_count_as_missing_and_are_named(text: str, code: str) -> None:
    what = table(lines(PAIN, *FILLER, f"q,{text},3"))
    finding = found(what, code)
    assert (finding.column, finding.rows, finding.count) == ("vas_pain_pre", (22,), 1)
    assert np.isnan(what.build().scores["pain", "baseline"][-1])


def test_values_outside_the_scale_do_not_count() -> None:
    what = table(lines(PAIN, *FILLER, "q,14,3", "r,-4,3"))
    finding = found(what, "out_of_range")
    assert finding.severity is Severity.ERROR
    assert finding.rows == (22, 23)
    assert "allowed is 0 to 10" in finding.sentence
    cohort = what.build()
    assert cohort.illegal["pain", "baseline"].sum() == 2
    assert np.isnan(cohort.scores["pain", "baseline"][-2:]).all()
    after = repaired(what, "out_of_range").build()
    assert after.illegal["pain", "baseline"].sum() == 0
    assert after.provenance.repairs == ("vas_pain_pre: values outside 0 to 10 become blank",)


def test_codes_for_missing_in_a_score_are_proposed_and_do_not_count() -> None:
    what = table(lines(PAIN, *FILLER, "q,99,3", "r,999,3"))
    codes = [f for f in what.findings if f.code == "missing_code"]
    assert [f.severity for f in codes] == [Severity.WARNING, Severity.WARNING]
    not_found(what, "out_of_range")
    after = what.accept(*(f.repair for f in codes if f.repair))
    not_found(after, "missing_code")
    assert after.repair_log().count("\r\n") == 3


def test_a_code_in_a_number_of_patients_changes_the_mean_and_is_an_error() -> None:
    rows = [f"p{i},{20 + i},{50 + i % 30}" for i in range(20)]
    what = table(lines("id,age,blood_loss", *rows, "q,999,999"))
    finding = found(what, "missing_code")
    assert finding.severity is Severity.ERROR
    assert "the mean is 75.7 with it and 29.5 without" in finding.sentence  # (20·29.5 + 999)/21, 29.5
    not_found(what, "implausible")


def test_eq_vas_999_never_enters_the_mean() -> None:
    rows = [f"p{i},{50 + i},70" for i in range(20)]
    what = table(lines("id,eqvas_pre,eqvas_12m", *rows, "q,999,80"))
    assert found(what, "missing_code").column == "eqvas_pre"
    assert np.nanmean(what.build().scores["eq_vas", "baseline"]) == 59.5


def test_ninety_nine_on_a_scale_to_a_hundred_is_a_score() -> None:
    rows = [f"p{i},{50 + i},70" for i in range(20)]
    not_found(table(lines("id,eqvas_pre,eqvas_12m", *rows, "q,99,80")), "missing_code")


def test_nine_in_a_coded_category() -> None:
    rows = [f"p{i},{1 + i % 2},5,3" for i in range(20)]
    what = table(lines("id,sex,vas_pre,vas_12m", *rows, "q,9,5,3"))
    after = repaired(what, "missing_code")
    assert after.build().columns["sex"].labels == ("1", "2")  # type: ignore[union-attr]


def test_two_scales_in_one_measure() -> None:
    rows = [f"p{i},{i % 11},{(i * 7) % 100}" for i in range(30)]
    what = table(lines(PAIN, *rows))
    finding = found(what, "mixed_scales")
    assert finding.column == "vas_pain_pre"
    after = repaired(what, "mixed_scales").build()
    assert np.nanmax(after.scores["pain", "baseline"]) == 100
    assert after.measures["pain"].high == 100


def test_five_level_states_are_told() -> None:
    rows = [f"p{i},1213{1 + i % 5},11111" for i in range(20)]
    what = table(lines("id,eq5d_pre,eq5d_12m", *rows))
    assert "EQ-5D-5L" in found(what, "five_levels").sentence


def test_illegal_states_are_listed_and_get_no_index() -> None:
    rows = [f"p{i},21232,11111" for i in range(20)]
    what = table(lines("id,eq5d_pre,eq5d_12m", *rows, "q,62331,11111"))
    assert found(what, "out_of_range").rows == (22,)
    cohort = what.build()
    assert cohort.states["baseline"][-1].tolist() == [0, 0, 0, 0, 0]
    assert cohort.pairs("eq5d3l_index:europe_vas", "baseline", "12m").excluded.illegal == 1


def test_the_same_patient_twice() -> None:
    what = table(lines(PAIN, *FILLER, "p3,9,9", FILLER[4]))
    assert found(what, "duplicate_patient").rows == (22,)
    assert found(what, "repeated_row").rows == (23,)
    cohort = what.build()
    assert cohort.n == 20
    assert cohort.scores["pain", "baseline"][3] == 7  # the first row of p3, never a mean
    assert found(what, "duplicate_patient").repair is None  # what such rows are is asked, not offered to be dropped
    assert what.with_answer("unit:id", "first_row").sheet.n == 21


def test_rows_without_a_patient_and_summaries() -> None:
    what = table(lines(PAIN, *FILLER, ",5,5", "Mean,6.4,2.0"))
    assert found(what, "blank_id").rows == (22,)
    assert found(what, "summary_row").rows == (23,)
    assert what.build().n == 21


def test_ids_that_a_spreadsheet_has_spoilt() -> None:
    what = table(lines(PAIN, *FILLER, "1.23E+17,4,4", "1.23E+17,4,4"))
    assert found(what, "spoilt_id").severity is Severity.ERROR


@pytest.mark.parametrize("other", ["post partum", "POSTPARTUM", "Postpartum ", "Postpartm"])
def test_spellings_of_one_category(other: str) -> None:
    rows = [f"p{i},{('Postpartum', 'Trauma', 'Unknown')[i % 3]},5,3" for i in range(30)]
    what = table(lines("id,etiology,vas_pre,vas_12m", *rows, f'q,"{other}",5,3'))
    if other.strip() == "Postpartum":
        assert len(what.build().columns["etiology"].labels) == 3  # type: ignore[union-attr]
    after = repaired(what, "alike_labels")
    labels = after.build().columns["etiology"].labels  # type: ignore[union-attr]
    assert sorted(labels) == ["Postpartum", "Trauma", "Unknown"]


@pytest.mark.parametrize(
    "pair", [("Type I", "Type II"), ("L4-L5", "L5-S1"), ("<5", ">5"), ("Left", "Right"), ("Grade 1", "Grade 2")]
)
def test_different_categories_stay_different(pair: tuple[str, str]) -> None:
    rows = [f"p{i},{pair[i % 2]},5,3" for i in range(30)]
    not_found(table(lines("id,etiology,vas_pre,vas_12m", *rows)), "alike_labels")


def test_damaged_letters_are_mended_on_consent() -> None:
    wrong = "Périnatal".encode().decode("cp1252")
    rows = [f"p{i},{(wrong, 'Trauma')[i % 2]},5,3" for i in range(20)]
    after = repaired(table(lines("id,etiology,vas_pre,vas_12m", *rows)), "damaged_letters")
    assert "Périnatal" in after.build().columns["etiology"].labels  # type: ignore[union-attr]


def test_a_center_called_na_stays_a_center_and_unknown_an_answer() -> None:
    rows = [f"p{i},{('NA', 'Noord')[i % 2]},{('Unknown', 'Trauma')[i % 2]},5,3" for i in range(20)]
    what = table(lines("id,center,etiology,vas_pre,vas_12m", *rows))
    assert found(what, "missing_word_in_labels").severity is Severity.NOTE
    cohort = what.build()
    assert set(cohort.columns["center"].labels) == {"NA", "Noord"}  # type: ignore[union-attr]
    assert set(cohort.columns["etiology"].labels) == {"Unknown", "Trauma"}  # type: ignore[union-attr]


def test_zeros_exactly_where_a_sibling_is_missing() -> None:
    rows = [f"p{i},{20 + i},{'' if i % 4 == 0 else 15 + i},{0 if i % 4 == 0 else 3 + i}" for i in range(40)]
    what = table(lines("id,age,pk5,f5", *rows))
    finding = found(what, "zero_for_missing")
    assert (finding.column, finding.count) == ("f5", 10)
    assert repaired(what, "zero_for_missing").profiles["f5"].filled == 30


def test_zeros_of_their_own_are_left_alone() -> None:
    rows = [f"p{i},{20 + i},{'' if i % 4 == 0 else 15 + i},{0 if i % 3 == 0 else 3 + i}" for i in range(40)]
    not_found(table(lines("id,age,pk5,f5", *rows)), "zero_for_missing")


def test_dates_follow_up_before_surgery_windows_and_two_readings() -> None:
    rows = [f"p{i},2020-01-{i + 1:02},2021-01-10,5,3" for i in range(20)]
    text = lines(
        "id,surgery_date,date_12m,vas_pre,vas_12m", *rows, "q,2020-05-01,2019-12-01,5,3", "r,2019-01-01,2021-06-01,5,3"
    )
    what = table(text)
    assert found(what, "follow_up_before_baseline").rows == (22,)
    assert found(what, "outside_window").rows == (23,)
    slashes = [f"p{i},0{1 + i % 9}/03/2020,5,3" for i in range(9)]
    assert "day first" in found(table(lines("id,surgery_date,vas_pre,vas_12m", *slashes)), "day_or_month").sentence


def test_missing_shares_by_center() -> None:
    rows = [f"p{i},{'Noord' if i < 20 else 'Zuid'},{'' if i < 15 else 5},3" for i in range(40)]
    told = found(table(lines("id,center,vas_pre,vas_12m", *rows)), "missing")
    assert told.sentence == "vas_pre: missing in 15 of 40 (38%); Noord 75%, Zuid 0%."


def test_empty_and_constant_columns() -> None:
    what = table(lines("id,vas_pre,vas_12m,nothing,country", *(f"p{i},5,{i % 5},,NL" for i in range(20))))
    assert found(what, "empty_column").column == "nothing"
    assert "country" in found(what, "constant_column").sentence


def test_a_decimal_mark_that_nothing_decides() -> None:
    rows = [f'p{i},"1,{100 + i}"' for i in range(20)]
    what = table(lines("id,blood_loss", *rows))
    assert '"1,100" was read as 1100' in found(what, "two_readings").sentence
    from lib.importing.columns.roles import Choice

    other = what.with_choice(Choice(what.columns, decimal=","))
    assert other.build().columns["blood_loss"].values[0] == 1.1  # type: ignore[union-attr]


def test_misspelt_answers_are_proposed_and_do_not_count() -> None:
    rows = [f"p{i},{('Agree', 'Disagree', 'Neutral', 'Totally agree')[i % 4]}" for i in range(20)]
    what = table(lines("id,satisfied_12m", *rows, "q,Agre"))
    assert what.build().answers["satisfied_with_results", "12m"][-1] == -1
    assert repaired(what, "misspelt_answer").build().answers["satisfied_with_results", "12m"][-1] == 3


def test_an_unknown_score_asks_for_its_direction() -> None:
    what = table(lines("id,wobble_pre,wobble_12m", *(f"p{i},{5 + i},{i}" for i in range(20))))
    (question,) = what.questions
    assert (question.code, question.columns) == ("direction", ("wobble_pre", "wobble_12m"))
    assert "direction_assumed" not in {f.code for f in what.findings}
    higher = what.with_answer(question.key, "higher")
    assert higher.score_measures["wobble"].higher_is_better
    assert not higher.questions
    # a score that the user names without details has no question, but its direction is still assumed
    named = what.with_columns([what.columns[0].with_role(Role.SCORE, "x", "baseline")])
    assert found(named, "direction_assumed").severity is Severity.ERROR


def test_an_index_of_another_value_set_is_told_and_not_used() -> None:
    rows = [f"p{i},21232,0.1,11111,1" for i in range(20)]
    what = table(lines("id,eq5d_state_pre,eq5d_index_pre,eq5d_state_12m,eq5d_index_12m", *rows))
    # Europe VAS (Greiner 2003): 21232 = 0.2982 (STATISTICS section 8)
    assert "20 of 20" in found(what, "other_index").sentence
    assert {c.role for c in what.columns if "index" in c.name} == {Role.IGNORE}


# --- repairs ---------------------------------------------------------------------------------------------------------
def test_an_import_never_changes_and_repairs_are_made_once() -> None:
    what = table(lines(PAIN, *FILLER, "q,14,3"))
    repair = found(what, "out_of_range").repair
    assert repair is not None
    after = what.accept(repair).accept(repair)
    assert (len(what.repairs), len(after.repairs)) == (0, 1)
    assert found(what, "out_of_range").count == 1
    assert what.fingerprint != after.fingerprint
    assert what.accept(repair).fingerprint == after.fingerprint
    assert Repair.from_json(repair.to_json()) == repair


def test_the_log_tells_cells_and_rows_and_is_safe_in_a_spreadsheet() -> None:
    rows = [f"p{i},{('=Post', 'Trauma')[i % 2]},5,3" for i in range(20)]
    what = table(lines("id,etiology,vas_pre,vas_12m", *rows))
    done = what.accept(Repair("replace", ("etiology",), "=cmd becomes x", (("=Post", "Post"),)))
    log = done.repair_log().splitlines()
    assert log[0] == "step,repair,columns,cells,rows"
    assert log[1].startswith("1,'=cmd becomes x,etiology,10,2 4 6")


def test_an_unknown_repair_is_an_error() -> None:
    with pytest.raises(ValueError, match="no repair of the kind 'magic'"):
        apply(Repair("magic", ("x",), "?"), table(lines(PAIN, *FILLER)).sheet)


def test_scaling_is_exact() -> None:
    sheet = table("id,x\n1,0.7\n2,\n3,word\n").sheet
    assert apply(Repair("scale", ("x",), "x10", factor="10"), sheet).column("x").texts() == ["7", "", "word"]


def test_words() -> None:
    assert rows_in_words([4]) == "row 4"
    assert rows_in_words([4, 9, 12]) == "rows 4, 9 and 12"
    assert rows_in_words(list(range(2, 40))).endswith("… (38 in all)")
    assert quoted_list(["a", "b"]) == '"a" and "b"'
    assert quoted_list([]) == ""


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_patients(n: int) -> None:
    cohort = table(lines(PAIN, *FILLER[:n])).build()
    assert cohort.n == n
    assert cohort.pairs("pain", "baseline", "12m").n == n


def test_scores_nobody_filled_in() -> None:
    what = table(lines(PAIN, *(f"p{i},,{i}" for i in range(5))))
    assert found(what, "empty_column").column == "vas_pain_pre"
    assert what.build().n == 5


def test_questionnaires_outside_the_window_are_left_out_only_on_consent() -> None:
    rows = [f"{i},2020-01-10,{'2021-06-20' if i < 4 else '2021-01-12'},8,{i % 5},7" for i in range(1, 11)]
    what = table(lines("id,surgery date,follow-up date 12m,vas_pre,vas_12m,odi_12m", *rows))
    told = found(what, "outside_window")
    assert told.repair is not None
    assert told.repair.columns == ("vas_12m", "odi_12m")
    assert told.repair.rows == (2, 3, 4)
    assert what.build().pairs("pain", "baseline", "12m").n == 10, "nothing happens without consent"
    agreed = what.accept(told.repair)
    assert agreed.build().pairs("pain", "baseline", "12m").n == 7
    assert agreed.fingerprint != what.fingerprint
    assert "outside the window of 12 months" in agreed.repair_log()


def test_the_window_can_be_told_and_is_saved() -> None:
    rows = [f"{i},2020-01-10,{'2021-06-20' if i < 4 else '2021-01-12'},8,{i % 5},7" for i in range(1, 11)]
    text = lines("id,surgery date,follow-up date 12m,vas_pre,vas_12m,odi_12m", *rows)
    what = table(text)
    assert "more than 2 months away from 12 months" in found(what, "outside_window").sentence
    wide = what.with_windows([("12m", 6.0)])
    not_found(wide, "outside_window")
    narrow = what.with_windows([("12m", 0.05)])
    assert found(narrow, "outside_window").count == 10
    again = table(text).with_choice(columns_from_json(columns_to_json(wide.choice)))
    assert again.windows == (("12m", 6.0),)
    not_found(again, "outside_window")
    assert wide.fingerprint != what.fingerprint
    assert '"windows"' not in columns_to_json(what.choice)
    with pytest.raises(ImportProblem, match='window 1: "months" is no number above 0'):
        columns_from_json('{"columns": [], "windows": [{"occasion": "12m", "months": 0}]}')


def test_a_told_window_also_says_until_when_follow_up_is_due() -> None:
    rows = [f"{i},2020-01-{10 + i},8,{'' if i % 2 else 3}" for i in range(1, 11)]
    what = replace(table(lines("id,surgery date,vas_pre,vas_12m", *rows)), extraction_date="2021-02-20")
    assert what.build().not_due["12m"].all()
    assert "12m" not in what.with_windows([("12m", 0.5)]).build().not_due


def test_in_a_long_file_the_date_belongs_to_its_row() -> None:
    rows = []
    for i in range(1, 13):
        rows.append(f"{i},baseline,2020-01-10,2020-01-05,8,7")
        rows.append(f"{i},12 months,,{'2021-07-20' if i < 4 else '2021-01-12'},{i % 5},6")
    what = table(lines("id,visit,surgery date,date of questionnaire,vas pain,odi", *rows))
    assert [c.target for c in what.columns if c.role is Role.DATE] == ["surgery_date", "follow_up_date"]
    told = found(what, "outside_window")
    assert (told.count, told.rows) == (3, (3, 5, 7))
    assert "3 of 12 questionnaires" in told.sentence
    assert told.repair is not None
    assert set(told.repair.columns) == {"vas pain", "odi"}
    agreed = what.accept(told.repair).build()
    assert (what.build().pairs("pain", "baseline", "12m").n, agreed.pairs("pain", "baseline", "12m").n) == (12, 9)
    assert int(np.sum(~np.isnan(agreed.scores["pain", "baseline"]))) == 12, "the baseline rows stay"
