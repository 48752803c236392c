"""What columns are taken for, what the user says instead, identifiers, long files, REDCap, events, saved choices."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pytest

from lib.cohort.cohort import Number
from lib.importing.columns.identifiers import hash_ids, is_bsn
from lib.importing.columns.roles import Choice, MeasureSpec, Role, columns_from_json, columns_to_json
from lib.importing.events import event_sheets, propose_events
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import, propose
from tests.unit.importing.read_here import parse_here


def table(text: str) -> Import:
    return propose(parse_here(text.encode(), "x.csv"))


def roles(text: str) -> dict[str, tuple[str, str, str]]:
    return {c.name: (c.role.value, c.target, c.time_point) for c in table(text).columns}


def made(heading: str, row: str, n: int = 12) -> str:
    """Rows with {i} counting and {a|b} alternating."""
    import re

    def fill(i: int) -> str:
        return re.sub(
            r"\{(.*?)\}",
            lambda m: str(i) if m.group(1) == "i" else m.group(1).split("|")[i % (m.group(1).count("|") + 1)],
            row,
        )

    return "\n".join([heading, *(fill(i) for i in range(n))]) + "\n"


# --- headings in three languages -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "value", "wanted"),
    [
        ("VAS pain preop", "{5|7|9}", ("score", "pain", "baseline")),
        ("NRS Rückenschmerz vor OP", "{5|7|9}", ("score", "pain_back", "baseline")),
        ("NRS beenpijn 12 mnd", "{5|7|9}", ("score", "pain_leg", "12m")),
        ("ODI 12 Monate", "{20|30|44}", ("score", "odi", "12m")),
        ("EQ-VAS T0", "{50|60|75}", ("score", "eq_vas", "baseline")),
        ("gezondheid vas na 1 jaar", "{50|60|75}", ("score", "eq_vas", "12m")),
        ("EQ5D_profile_pre", "{11111|21232|33333}", ("eq5d_state", "eq5d3l", "baseline")),
        ("eq5d index 12m", "{0.5|0.7|-0.07}", ("score", "eq5d3l_index", "12m")),
        ("KOOS sport 6 weeks", "{50|60|75}", ("score", "koos_sport", "6w")),
        ("Geschlecht", "{m|w}", ("category", "sex", "")),
        ("ziekenhuis", "{A|B}", ("category", "center", "")),
        ("Ätiologie", "{A|B}", ("category", "etiology", "")),
        ("Leeftijd (jaren)", "{40|50|61}", ("number", "age", "")),
        ("Operationsdatum", "{2020-01-02|2021-03-04}", ("date", "surgery_date", "")),
        ("opioïdgebruik voor operatie", "{ja|nee}", ("yesno", "opioids", "baseline")),
        ("Would recommend 12m", "{Agree|Totally agree|Disagree}", ("statement", "would_recommend", "12m")),
        ("komplikation", "{|Infektion}", ("event_type", "1", "")),
        ("ae2 type", "{|Infection}", ("event_type", "2", "")),
    ],
)
def test_headings_in_three_languages(heading: str, value: str, wanted: tuple[str, str, str]) -> None:
    assert roles(made(f"patient;{heading}", f"p{{i}};{value}"))[heading] == wanted


def test_content_decides_where_the_name_does_not() -> None:
    found = roles(made("id,x,y,z,code_a", "{i},{11111|21232|33333},{ja|nee},{2020-01-02|2021-03-04},{1|2}"))
    assert [found[n][0] for n in ("x", "y", "z", "code_a")] == ["eq5d_state", "category", "date", "category"]


def test_five_columns_of_levels_are_a_state_only_together() -> None:
    five = roles(made("id,MO_pre,SC_pre,UA_pre,PD_pre,AD_pre", "{i},1,{1|2},2,3,1"))
    assert {v[0] for k, v in five.items() if k != "id"} == {"eq5d_dimension"}
    four = roles(made("id,MO_pre,SC_pre,UA_pre,PD_pre", "{i},1,{1|2},2,3"))
    assert "eq5d_dimension" not in {v[0] for v in four.values()}
    cohort = table(made("id,MO_pre,SC_pre,UA_pre,PD_pre,AD_pre", "{i},1,{1|2},2,3,9")).build()
    assert cohort.states["baseline"][:2].tolist() == [[1, 1, 2, 3, 0], [1, 2, 2, 3, 0]]


def test_coded_statements_keep_a_level_nobody_chose() -> None:
    cohort = table(made("id,satisfied_12m", "{i},{1|2|5}")).build()
    assert cohort.statements["satisfied_with_results"].levels == ("1", "2", "3", "4", "5")
    assert cohort.answers["satisfied_with_results", "12m"][:3].tolist() == [0, 1, 4]


# --- what the user says ----------------------------------------------------------------------------------------------
def test_corrections_and_measures_of_his_own() -> None:
    text = made("id,group,pk1,pk5", "{i},{0|1},{20.5|30|11},{10|14.25|7}")
    what = table(text)
    assert {c.role for c in what.columns if c.name.startswith("pk")} == {Role.NUMBER}
    column = {c.name: c for c in what.columns}
    told = what.with_columns(
        [column["pk1"].with_role(Role.SCORE, "headache", "baseline", "Headache"),
         column["pk5"].with_role(Role.SCORE, "headache", "12m", "Headache")],
        [MeasureSpec("headache", "Headache severity", Decimal(0), Decimal(100), False, Decimal("7.5"))],
    )  # fmt: skip
    cohort = told.build()
    measure = cohort.measures["headache"]
    assert (measure.label, measure.low, measure.high, measure.sign) == ("Headache severity", 0, 100, -1)
    assert measure.resolution == Decimal("0.01")
    assert measure.thresholds[0].value == Decimal("7.5")
    assert cohort.pairs("headache", "baseline", "12m").improvement_counts[:3].tolist() == [1050, 1575, 400]
    assert "direction_assumed" not in {f.code for f in told.findings}


def test_a_saved_choice_comes_back() -> None:
    text = made("id,vas_pre,pk5", "{i},{5|7},{8|9.75}")
    what = table(text)
    told = what.with_columns(
        [what.columns[2].with_role(Role.SCORE, "pain", "12m")], [MeasureSpec("x", "X", None, Decimal("3.5"), True)]
    )
    saved = columns_to_json(told.choice)
    again = propose(what.parsed, choice=columns_from_json(saved))
    assert columns_to_json(again.choice) == saved
    assert again.fingerprint == told.fingerprint != what.fingerprint
    assert "9.75" not in json.dumps(json.loads(saved)["columns"])  # no values of the file


def test_a_choice_written_by_hand_needs_only_name_and_role() -> None:
    choice = columns_from_json('{"columns": [{"name": "b", "role": "score", "target": "pain", "occasion": "12m"}]}')
    what = propose(parse_here(made("a,b", "{i},{5|7}").encode(), "x"), choice=choice)
    assert (what.columns[1].role, what.columns[1].confidence) == (Role.SCORE, 1.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "is not JSON"),
        ("[]", 'no list "columns"'),
        ('{"columns": [{"role": "score"}]}', 'column 1: it has no "name"'),
        ('{"columns": [{"name": "a", "role": "banana"}]}', '"a" has the role "banana"; known are id, category'),
        ('{"columns": [], "version": 9}', "version 9"),
        ('{"columns": [], "measures": [{"key": "x"}]}', 'true or false for "higher_is_better"'),
    ],
)
def test_a_broken_choice_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        columns_from_json(text)


def test_unknown_columns_and_sheets_are_named() -> None:
    what = table(made("id,vas_pre", "{i},{5|7}"))
    strange = columns_from_json('{"columns": [{"name": "nope", "role": "score"}]}')
    with pytest.raises(ImportProblem, match=r'no column "nope"\. Its columns are'):
        what.with_choice(strange)
    with pytest.raises(ImportProblem, match='There is no sheet "nope"'):
        propose(what.parsed, "nope")


def test_nothing_to_explore_is_said() -> None:
    what = table(made("id,name", "{i},Anna"))
    with pytest.raises(ImportProblem, match="None of the columns holds"):
        what.build()


# --- identifiers -----------------------------------------------------------------------------------------------------
def test_the_eleven_test() -> None:
    assert is_bsn("111222333")
    assert not is_bsn("123456789")
    assert not is_bsn("000000000")
    assert not is_bsn("12345")
    assert not is_bsn("2024-03-14")


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("naam", "Jansen"), ("Vorname", "Anna"), ("nom de famille", "Petit"), ("e-mail", "a{i}@b.nl"),
        ("BSN", "111222333"),
        ("x", "111222333"), ("y", "a{i}@b.nl"), ("contact", "06-123456{i}8"), ("Wohnort", "Köln"),
        ("opmerkingen", "iets"),
        ("dossiernummer", "99{i}"), ("huisarts", "dr. Vos"), ("pc", "62{i}1 AB"),
        ("verhaal", "een lang verhaal over patiënt {i}, die na de operatie weer kon lopen"),
    ],
)  # fmt: skip
def test_identifiers_are_left_out_and_named(heading: str, value: str) -> None:
    what = table(made(f"id;{heading};vas_pre;vas_12m", f"{{i}};{value};{{5|7}};3", 30))
    column = what.columns[1]
    assert column.role is Role.IDENTIFIER, column
    assert column.samples == ()
    assert heading in what.left_out
    cohort = what.build()
    assert heading in cohort.provenance.left_out
    assert heading not in [c.label for c in cohort.columns.values()]
    assert heading in next(f.sentence for f in what.findings if f.code == "identifiers")


def test_123456789_is_no_national_number() -> None:
    assert table(made("id,x,vas_pre", "{i},123456789,5")).columns[1].role is not Role.IDENTIFIER


def test_a_birth_date_with_a_surgery_date_becomes_an_age() -> None:
    rows = ("1,01-06-1980,31-05-2020,5", "2,01-06-1980,01-06-2020,5", "3,,01-06-2020,4")
    text = "\n".join(["id,geboortedatum,operatiedatum,vas_pre", *rows]) + "\n"
    what = table(text)
    cohort = what.build()
    age = cohort.columns["age"]
    assert isinstance(age, Number)
    np.testing.assert_array_equal(age.values, [39, 40, np.nan])
    assert "geboortedatum" in what.left_out
    assert "1980" not in repr(cohort)


def test_the_id_becomes_a_hash_that_says_nothing() -> None:
    cohort = table(made("patient_id,vas_pre", "SECRET{i},5")).build()
    assert len(set(cohort.id_hashes)) == cohort.n
    assert "SECRET" not in repr(cohort)
    assert cohort.id_hashes[0] not in repr(cohort), "who prints a cohort prints no hash of a patient"
    assert "SECRET" not in " ".join(cohort.id_hashes)
    assert [cohort.id_hashes[0]] * 2 == hash_ids(["SECRET0", " SECRET0 "])


@pytest.mark.parametrize(
    ("heading", "numbered", "other"),
    [
        ("id,VAS pre 1,VAS pre 2,VAS post", ("VAS pre 1", "VAS pre 2"), "VAS post"),
        ("id,VAS pre,VAS post 1,VAS post 2", ("VAS post 1", "VAS post 2"), "VAS pre"),
    ],
)
def test_numbered_columns_of_one_time_point_are_asked_about(
    heading: str, numbered: tuple[str, str], other: str
) -> None:
    """ "VAS pre 1" and "VAS pre 2" beside one "VAS post": each choice compares that column, or none."""
    names = heading.split(",")
    found = table("\n".join([heading, *(f"{i},{i % 11},{i % 10},{i % 9}" for i in range(40))]))
    question = next(q for q in found.questions if q.code == "repeats")
    values = {name: [i % (0, 11, 10, 9)[names.index(name)] for i in range(40)] for name in (*numbered, other)}
    for key, chosen in zip(("first", "last"), numbered, strict=True):
        cohort = found.with_answer(question.key, key).build()
        before, after = (chosen, other) if "pre" in chosen else (other, chosen)
        assert cohort.primary == ("pain",)
        assert cohort.scores["pain", "baseline"].tolist() == values[before]
        assert cohort.scores["pain", "follow_up"].tolist() == values[after]
    assert found.with_answer(question.key, "apart").build().primary == ()


# --- long files, REDCap ----------------------------------------------------------------------------------------------
LONG = """patient,meetmoment,center,sex,vas pijn,eq5d,opioiden,tevreden
a,voor operatie,Noord,F,8,22222,ja,
a,12 maanden,Noord,F,3,11111,nee,eens
b,voor operatie,Zuid,M,7,21232,ja,
b,3 maanden,Zuid,M,5,21232,ja,
c,12 maanden,Zuid,,4,11211,nee,oneens
"""


def test_a_long_file_becomes_one_row_per_patient() -> None:
    cohort = table(LONG).build()
    assert cohort.n == 3
    assert [o.key for o in cohort.time_points] == ["baseline", "3m", "12m"]
    np.testing.assert_array_equal(cohort.scores["pain", "baseline"], [8, 7, np.nan])
    np.testing.assert_array_equal(cohort.scores["pain", "12m"], [3, np.nan, 4])
    assert cohort.yesno["opioids", "12m"].tolist() == [0, -1, 0]
    assert cohort.source_rows.tolist() == [2, 4, 6]
    assert cohort.columns["center"].codes.tolist() == [1, 0, 0]  # type: ignore[union-attr]


def test_wide_and_long_give_the_same_cohort() -> None:
    wide = table("id,center,vas_pre,vas_12m\na,N,8,3\nb,Z,7,\nc,Z,,4\n").build()
    long = table("id,time,center,vas\na,pre,N,8\na,12m,N,3\nb,pre,Z,7\nc,12m,Z,4\n").build()
    for key in (("pain", "baseline"), ("pain", "12m")):
        np.testing.assert_array_equal(wide.scores[key], long.scores[key])
    assert wide.columns["center"].codes.tolist() == long.columns["center"].codes.tolist()  # type: ignore[union-attr]
    assert wide.id_hashes == long.id_hashes


def test_the_same_patient_twice_at_one_time_point_is_an_error() -> None:
    what = table(LONG + "a,12 maanden,Noord,F,9,11111,nee,eens\n")
    finding = next(f for f in what.findings if f.code == "duplicate_patient")
    assert finding.rows == (7,)
    assert what.build().scores["pain", "12m"][0] == 3


def test_numbered_rows_of_a_patient() -> None:
    # Student's sleep data (R datasets::sleep), three of ten patients
    text = "extra,group,ID\n0.7,1,1\n-1.6,1,2\n-0.2,1,3\n1.9,2,1\n0.8,2,2\n1.1,2,3\n"
    cohort = table(text).build()
    pairs = cohort.pairs("extra", "baseline", "follow_up")
    assert pairs.change_counts.tolist() == [12, 24, 13]


def test_redcap_events_and_repeated_forms() -> None:
    text = (
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,age,vas_pain,adverse_event,f_complete\n"
        "1,baseline_arm_1,,,40,8,,2\n1,month_12_arm_1,,,,3,,2\n1,month_12_arm_1,ae,1,,,Infection,2\n"
        "1,month_12_arm_1,ae,2,,,Loosening,2\n2,baseline_arm_1,,,50,7,,2\n2,month_12_arm_1,,,,2,,2\n"
    )
    cohort = table(text).build()
    assert cohort.n == 2
    assert {"baseline", "12m"} <= {o.key for o in cohort.time_points}
    np.testing.assert_array_equal(cohort.scores["pain", "12m"], [3, 2])
    assert cohort.events is not None
    assert (cohort.events.patient.tolist(), cohort.events.type) == ([0, 0], ("Infection", "Loosening"))


def test_redcap_checkboxes_are_no_time_points() -> None:
    found = roles(made("record_id,drug___0,drug___3,drug___12", "{i},{0|1},{1|0},0"))
    assert {v[2] for v in found.values()} == {""}


# --- events ----------------------------------------------------------------------------------------------------------
def test_blank_and_none_are_no_event() -> None:
    cohort = table(
        "id,vas_pre,complicatie,complicatie_ernst\na,5,,\nb,5,geen,\nc,5,Infectie,Licht\nd,5,n.v.t.,\n"
    ).build()
    assert cohort.events is not None
    assert (cohort.events.patient.tolist(), cohort.events.type, cohort.events.severity) == (
        [2],
        ("Infectie",),
        ("Licht",),
    )
    assert table("id,vas_pre\na,5\n").build().events is None


def test_yes_no_columns_and_numbered_events() -> None:
    cohort = table("id,complication,ae2 type,ae2 severity\na,yes,Infection,mild\nb,no,,\nc,yes,,\n").build()
    assert cohort.events is not None
    assert cohort.events.patient.tolist() == [0, 0, 2]
    assert cohort.events.type == ("Adverse event", "Infection", "Adverse event")
    assert cohort.events.severity == ("", "mild", "")


def _two_sheets() -> bytes:
    import io

    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    first.title = "patients"
    for row in [["id", "vas_pre", "vas_12m"], *([f"p{i}", 8, 3] for i in range(6))]:
        first.append(row)
    second = book.create_sheet("complications")
    for row in [
        ["id", "complication", "severity"],
        ["p3", "Infection", "mild"],
        ["p3", "Loosening", "severe"],
        ["zz", "X", ""],
    ]:
        second.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_second_sheet_of_events_is_joined_by_patient() -> None:
    parsed = parse_here(_two_sheets(), "x.xlsx")
    what = propose(parsed)
    assert event_sheets(parsed, what.sheet.name) == ("complications",)
    events = propose_events(parsed, "complications")
    cohort = what.build(events=events.events)
    assert cohort.events is not None
    assert (cohort.events.patient.tolist(), cohort.events.type) == ([3, 3], ("Infection", "Loosening"))
    joined = events.joined(cohort.id_hashes)
    assert [(f.code, f.rows) for f in joined.findings] == [("event_without_patient", (4,))]


def test_a_table_of_events_needs_a_patient_and_an_event() -> None:
    with pytest.raises(ImportProblem, match="has no number of the patient"):
        propose_events(parse_here(b"complication\nInfection\nNone\n", "x"))
    with pytest.raises(ImportProblem, match="no column that says what happened"):
        propose_events(parse_here(b"id,vas_pre\n1,5\n", "x"))


# --- not yet due -----------------------------------------------------------------------------------------------------
def test_not_yet_due_is_apart_from_lost() -> None:
    text = "id,surgery_date,vas_pre,vas_12m\na,2019-01-01,8,\nb,2021-01-01,7,\nc,2019-01-01,7,3\n"
    what = table(text)
    assert what.build().not_due == {}
    cohort = what.with_choice(Choice(what.columns, extraction_date="2021-06-01")).build()
    assert cohort.not_due["12m"].tolist() == [False, True, False]
    excluded = cohort.pairs("pain", "baseline", "12m").excluded
    assert (excluded.not_yet_due, excluded.no_follow_up) == (1, 1)


def test_few_whole_numbers_are_a_category_and_a_count_can_be_told_to_be_one() -> None:
    from lib.analysis import Analysis
    from lib.cohort.selection import Selection

    rows = "\n".join(f"{i},{2 + i % 2},{i % 3},{5 + i % 4},{i % 5}" for i in range(1, 21))
    found = table("id,implants,technique,vas_pre,vas_12m\n" + rows)
    columns = {c.name: c for c in found.columns}
    assert columns["technique"].role is Role.CATEGORY
    assert columns["implants"].role is Role.NUMBER, "the dictionary knows it as a count"
    told = found.with_columns([columns["implants"].with_role(Role.CATEGORY, "implants", "", "Implants")])
    cohort = told.build()
    assert cohort.columns["implants"].labels == ("2", "3")
    analysis = Analysis(cohort, Selection.of({"implants": ["3"]}, {}))
    assert int(analysis.selected.sum()) == 10
    assert analysis.paired("pain", "12m").n == 10
