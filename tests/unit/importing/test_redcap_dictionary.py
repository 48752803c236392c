"""A REDCap data dictionary beside a raw export, labelled exports, and forms that repeat beside each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.cohort.cohort import Category, Cohort
from lib.importing.columns.redcap import fields, is_dictionary, with_dictionary
from lib.importing.columns.roles import Role
from lib.importing.files.table import Parsed
from lib.importing.findings import ImportProblem, Severity
from lib.importing.proposal import Import, propose
from tests.redcap_labelled import labelled
from tests.unit.importing.read_here import parse_here

DICTIONARY = """\
"Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, \
OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation \
Max",Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment","Question Number \
(surveys only)","Matrix Group Name","Matrix Ranking?","Field Annotation"
record_id,base,,text,"Record ID",,,,,,y,,,,,,,
cause,base,,radio,"<b>Etiology</b>","1, Postpartum | 2, Trauma, fall | 3, Other",,,,,,,,,,,,
nick,base,,text,Nickname,,,,,,y,,,,,,,
fused,base,,yesno,"Fused earlier",,,,,,,,,,,,,
tried,base,,checkbox,"Treatments tried","1, Belt | 2, Injection",,,,,,,,,,,,
vas_pre,base,,radio,"Pain before surgery","0, 0 = no pain | 1, 1 | 2, 2 | 3, 3 | 4, 4 | 5, 5 | 6, 6 | 7, 7 | 8, 8 | \
9, 9 | 10, 10 = worst",,,,,,,,,,,,
vas_12m,base,,slider,"Pain after 12 months","none | some | worst",,,,,,,,,,,,
again,base,,dropdown,"I would have it done again","1, Strongly disagree | 2, Disagree | 3, Neutral | 4, Agree | 5, \
Strongly agree",,,,,,,,,,,,
"""
RAW = "record_id,cause,nick,fused,tried___1,tried___2,vas_pre,vas_12m,again,base_complete\n" + "\n".join(
    f"{i},{i % 3 + 1},mister{i},{i % 2},{i % 2},1,{5 + i % 5},{i % 5},{i % 5 + 1},2" for i in range(1, 16)
)


def parsed(text: str, name: str) -> Parsed:
    return parse_here(text.encode(), name)


def told(raw: str = RAW, dictionary: str = DICTIONARY) -> Import:
    return propose(with_dictionary(parsed(raw, "data.csv"), parsed(dictionary, "dictionary.csv")))


def test_a_dictionary_alone_is_no_cohort_and_says_what_to_do() -> None:
    assert is_dictionary(parsed(DICTIONARY, "d.csv").sheet())
    assert not is_dictionary(parsed(RAW, "d.csv").sheet())
    with pytest.raises(ImportProblem, match=r"data dictionary \(8 fields\).*Upload the export of the data"):
        propose(parsed(DICTIONARY, "d.csv"))


def test_fields_are_read() -> None:
    known = fields(parsed(DICTIONARY, "d.csv").sheet())
    assert known["cause"].label == "Etiology"
    assert known["cause"].choices == {"1": "Postpartum", "2": "Trauma, fall", "3": "Other"}
    assert known["nick"].identifier
    assert known["vas_12m"].choices == {}


def test_codes_get_labels_columns_names_and_persons_stay_out() -> None:
    what = told()
    by_name = {c.name: c for c in what.columns}
    assert by_name["record_id"].role is Role.ID, "its hash joins other tables; the number itself is not kept"
    assert by_name["nick"].role is Role.IDENTIFIER
    assert "nick" in what.left_out
    assert by_name["again"].role is Role.STATEMENT
    assert (by_name["vas_pre"].role, by_name["vas_pre"].target, by_name["vas_pre"].time_point) == (
        Role.SCORE, "pain", "baseline")  # fmt: skip
    cohort = what.build()
    cause = cohort.columns["etiology"]
    assert isinstance(cause, Category)
    assert set(cause.labels) == {"Postpartum", "Trauma, fall", "Other"}
    assert cohort.columns["tried_1"].label == "Treatments tried: Belt"
    assert cohort.statements[by_name["again"].target].levels[0] == "Strongly disagree"
    assert cohort.pairs("pain", "baseline", "12m").n == 15
    assert cohort.provenance.file_name == "data.csv + dictionary.csv"
    assert [n for n, _ in cohort.provenance.parts] == ["data.csv", "dictionary.csv"]
    assert cohort.provenance.fingerprint != propose(parsed(RAW, "data.csv")).fingerprint


def test_what_the_dictionary_did_is_told() -> None:
    note = next(f for f in told().findings if f.code == "dictionary")
    assert note.sentence == "dictionary.csv names 9 of the 10 columns; 1 marked as identifier is left out."


def test_codes_for_missing_data_are_offered_as_such() -> None:
    what = told(RAW.replace("1,2,mister1", "1,-999,mister1").replace("2,3,mister2", "2,UNK,mister2"))
    told_of = next(f for f in what.findings if f.code == "not_a_choice")
    assert told_of.severity is Severity.WARNING
    assert '"-999" and "UNK" (2 cells)' in told_of.sentence
    assert told_of.repair is not None
    cause = what.accept(told_of.repair).build().columns["etiology"]
    assert isinstance(cause, Category)
    assert set(cause.labels) == {"Postpartum", "Trauma, fall", "Other"}
    assert int((cause.codes == -1).sum()) == 2


def test_a_dictionary_of_another_project_is_an_error() -> None:
    what = told("id,vas_before,vas_later\n1,2,3\n2,3,4\n")
    wrong = next(f for f in what.findings if f.code == "dictionary")
    assert wrong.severity is Severity.ERROR


def same_categories(a: Cohort, b: Cohort, pairs: dict[str, str]) -> None:
    for mine, theirs in pairs.items():
        x, y = a.columns[mine], b.columns[theirs]
        assert isinstance(x, Category)
        assert isinstance(y, Category)
        assert [x.labels[c] if c >= 0 else "" for c in x.codes] == [y.labels[c] if c >= 0 else "" for c in y.codes]


def test_a_labelled_export_is_what_the_raw_one_with_its_dictionary_is() -> None:
    plain = DICTIONARY.replace("<b>", "").replace("</b>", "")
    labels = propose(parsed(labelled(RAW, plain), "labels.csv"))
    raw, export = told(dictionary=plain).build(), labels.build()
    assert raw.id_hashes == export.id_hashes
    assert "again" not in export.columns
    same_categories(raw, export, {"etiology": "etiology", "fused": "fused_earlier"})
    np.testing.assert_array_equal(raw.scores["pain", "12m"], export.scores["pain", "12m"])
    mine, other = (next(v for v in c.answers.values()) for c in (raw, export))
    np.testing.assert_array_equal(mine, other)


def test_a_real_export_with_its_dictionary_and_labelled(public_data: Path) -> None:
    folder = public_data / "redcap_exports"
    data = parse_here((folder / "longitudinal.csv").read_bytes(), "longitudinal.csv")
    dictionary = parse_here((folder / "longitudinal_dictionary.csv").read_bytes(), "longitudinal_dictionary.csv")
    with pytest.raises(ImportProblem, match="data dictionary"):
        propose(dictionary)
    raw = propose(with_dictionary(data, dictionary))
    texts = [(folder / n).read_text("utf-8-sig") for n in ("longitudinal.csv", "longitudinal_dictionary.csv")]
    export = propose(parse_here(labelled(*texts).encode(), "labelled.csv"))
    assert {"first_name", "last_name", "telephone_1", "email", "dob"} <= set(raw.left_out)
    assert {"First Name", "Last Name", "Phone number", "E-mail", "Date of birth"} <= set(export.left_out)
    same_categories(raw.build(), export.build(), {"ethnicity": "ethnicity", "race": "race", "sex": "sex"})


REPEATING = """record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,pain,lab_value
1,,,F,,
1,questionnaire,1,,7,
1,questionnaire,2,,3,
1,labs,1,,,12.5
1,labs,2,,,13.5
2,,,M,,
2,questionnaire,1,,8,
2,labs,1,,,11.5
"""


def test_two_forms_that_repeat_are_not_one_time_point() -> None:
    what = propose(parsed(REPEATING, "repeating.csv"))
    time = next(c for c in what.columns if c.role is Role.TIME_POINT)
    assert dict(time.texts) == {
        "record (baseline)": "baseline",
        "visit 1 of questionnaire": "visit_1_of_questionnaire",
        "visit 2 of questionnaire": "visit_2_of_questionnaire",
        "visit 1 of labs": "visit_1_of_labs",
        "visit 2 of labs": "visit_2_of_labs",
    }
    cohort = what.build()
    assert cohort.scores["pain", "visit_1_of_questionnaire"].tolist() == [7, 8]
    assert ("pain", "visit_1_of_labs") not in cohort.scores


def test_one_form_that_repeats_keeps_its_numbered_visits() -> None:
    one = "\n".join(line for line in REPEATING.splitlines() if ",labs," not in line)
    time = next(c for c in propose(parsed(one, "repeating.csv")).columns if c.role is Role.TIME_POINT)
    assert dict(time.texts) == {"record (baseline)": "baseline", "visit 1": "t1", "visit 2": "t2"}
