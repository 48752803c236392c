"""Two files, one per time point, become one cohort: matched by number, counted, and never in silence."""

from __future__ import annotations

import json
from io import BytesIO

import numpy as np
import pytest

from lib.__main__ import main
from lib.importing.columns.identifiers import likeness
from lib.importing.columns.roles import Role, columns_from_json, columns_to_json
from lib.importing.files.table import JoinPlan, JoinTable, time_points_of_names
from lib.importing.findings import Finding, ImportProblem, Severity, rows_in_words
from lib.importing.join import fitted, join, overlap_words, propose_plan, sheets_of_time_points, why_not
from lib.importing.proposal import Import, propose
from tests.unit.importing.read_here import parse_here

PRE = "id;age;sex;VAS\n" + "\n".join(f"{i:03d};{40 + i};{'FM'[i % 2]};{i % 10},5" for i in range(1, 21))
POST = "id,age,sex,vas,result\n" + "\n".join(
    f"{i:03d},{40 + i + (i == 7)},{'FM'[i % 2]},{(i % 8) / 2},{('agree', 'disagree')[i % 2]}" for i in range(5, 25)
)


def table(text: str, name: str) -> Import:
    return propose(parse_here(text.encode(), name))


def joined(*tables: Import, **more: bool) -> Import:
    plan = propose_plan(tables)
    done = join(tables, JoinPlan(plan.tables, **more))
    return propose(done.parsed)


def found(what: Import, code: str) -> Finding:
    return next(f for f in what.findings if f.code == code)


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["pre.csv", "post.csv"], ["baseline", "follow_up"]),
        (["T0.sav", "T12.sav"], ["baseline", "12m"]),
        (["cohort baseline 2024.xlsx", "cohort 6 weeks.xlsx"], ["baseline", "6w"]),
        (["voor operatie", "na operatie"], ["baseline", "follow_up"]),
        (["pre_df.csv", "whatever.csv"], ["baseline", "follow_up"]),
        (["12m.csv", "whatever.csv"], ["12m", "baseline"]),
        (["a.csv", "b.csv"], ["", ""]),
        (["pre", "3m", "x"], ["baseline", "3m", ""]),
    ],
)
def test_names_tell_time_points(names: list[str], keys: list[str]) -> None:
    assert time_points_of_names(names) == keys


def test_pre_and_post_become_pairs_of_the_same_patients() -> None:
    a, b = table(PRE, "pre.csv"), table(POST, "post.csv")
    done = join([a, b], propose_plan([a, b]))
    assert done.overlap.everywhere == 16
    assert done.overlap.only == (4, 4)
    assert overlap_words(done.plan, done.overlap) == "16 patients in both, 4 only in pre.csv, 4 only in post.csv"
    cohort = propose(done.parsed).build()
    assert cohort.n == 24
    pairs = cohort.pairs("pain", "baseline", "follow_up")
    # by hand: patients 5 … 20; before i mod 10 + 0.5, after (i mod 8) / 2
    assert pairs.baseline.tolist() == [i % 10 + 0.5 for i in range(5, 21)]
    assert pairs.follow_up.tolist() == [(i % 8) / 2 for i in range(5, 21)]
    assert cohort.columns["age"].values[:7].tolist() == [41, 42, 43, 44, 45, 46, 47]
    assert cohort.provenance.file_name == "pre.csv + post.csv"
    assert [name for name, _ in cohort.provenance.parts] == ["pre.csv", "post.csv"]
    assert cohort.provenance.parts[0][1] == a.parsed.digest


def test_the_joined_files_give_what_one_table_gives() -> None:
    lines = ["id,age,sex,vas_pre,vas_post"]
    for i in range(1, 25):
        pre = f"{i % 10}.5" if i <= 20 else ""
        post = f"{(i % 8) / 2}" if i >= 5 else ""
        lines.append(f"{i:03d},{40 + i},{'FM'[i % 2]},{pre},{post}")
    one = table("\n".join(lines), "one.csv").build()
    two = joined(table(PRE, "pre.csv"), table(POST, "post.csv")).build()
    for time_point in ("baseline", "follow_up"):
        np.testing.assert_array_equal(one.scores["pain", time_point], two.scores["pain", time_point])
    assert one.id_hashes == two.id_hashes
    np.testing.assert_array_equal(one.columns["age"].values, two.columns["age"].values)


def test_what_was_asked_twice_must_agree() -> None:
    told = found(joined(table(PRE, "pre.csv"), table(POST, "post.csv")), "differs_between_rows")
    assert told.severity is Severity.WARNING
    assert told.column == "age"
    assert "1 patient has another value in row 4 of table 2" in told.sentence
    assert "earliest one counts" in told.sentence


def test_numbers_that_only_look_alike_are_told_and_not_joined() -> None:
    post = "id,vas\n" + "\n".join(f"{i if i < 8 else f'{i:03d}'},{i % 5}" for i in range(5, 25))
    a, b = table(PRE, "pre.csv"), table(post, "post.csv")
    plan = propose_plan([a, b])
    done = join([a, b], plan)
    assert (done.overlap.everywhere, done.overlap.alike) == (13, 3)
    told = found(propose(done.parsed), "ids_alike")
    assert told.severity is Severity.WARNING
    assert "rows 6, 7, 8 of table 1; rows 2, 3, 4 of table 2" in told.sentence
    assert not any(number in told.sentence for number in ("005", "006", "007")), "numbers of patients are not shown"
    agreed = join([a, b], JoinPlan(plan.tables, alike=True))
    assert agreed.overlap.everywhere == 16
    assert propose(agreed.parsed).fingerprint != propose(done.parsed).fingerprint


def test_ambiguous_numbers_are_never_joined() -> None:
    pre = "id,vas\n1,5\n01,6\n2,7\n3,4\n"
    post = "id,vas\n001,1\n2,2\n3,3\n"
    a, b = table(pre, "pre.csv"), table(post, "post.csv")
    done = join([a, b], JoinPlan((JoinTable("pre.csv", "id", "baseline"), JoinTable("post.csv", "id", "12m")), True))
    assert (done.overlap.everywhere, done.overlap.alike, done.overlap.ambiguous) == (2, 0, 1)
    assert found(propose(done.parsed), "ids_ambiguous").count == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("001", "1", True), ("P-007", "p7", True), ("12.0", "12", True), (" 5 ", "5", True), ("10", "1", False),
     ("P10", "P1", False), ("100", "1", False), ("0", "00", True), ("a1", "b1", False)],
)  # fmt: skip
def test_likeness(one: str, other: str, same: bool) -> None:
    assert (likeness(one) == likeness(other)) is same


def test_a_patient_twice_in_one_table_is_an_error() -> None:
    what = joined(table(PRE + "\n003;43;M;9,5", "pre.csv"), table(POST, "post.csv"))
    told = found(what, "duplicate_patient")
    assert told.severity is Severity.ERROR
    assert told.rows == (22,)


def test_a_repair_touches_the_row_of_its_own_table() -> None:
    post = POST.replace("006,46,F,3.0", "006,46,F,999")
    what = joined(table(PRE, "pre.csv"), table(post, "post.csv"))
    out = next(f for f in what.findings if f.column == "VAS" and f.repair)
    cohort = what.accept(out.repair).build()
    assert cohort.pairs("pain", "baseline", "follow_up").n == 15
    assert int(np.isfinite(cohort.scores["pain", "baseline"]).sum()) == 20


@pytest.mark.parametrize(
    ("pre", "post", "says"),
    [
        ("sex,vas\nF,1\nM,2\n", "sex,vas\nF,1\nM,2\n", "no column with the number of the patient"),
        ("id,vas\n1,1\n2,2\n3,3\n", "id,vas\n7,1\n8,2\n9,3\n", "No patient is in two"),
        ("id,visit,vas\n1,pre,1\n1,12m,2\n2,pre,2\n2,12m,3\n", "id,vas\n1,1\n2,2\n", "time points of its own"),
    ],
)
def test_what_cannot_be_joined_is_said(pre: str, post: str, says: str) -> None:
    tables = [table(pre, "pre.csv"), table(post, "post.csv")]
    with pytest.raises(ImportProblem, match=says):
        join(tables, propose_plan(tables))


def test_unknown_and_double_time_points_are_asked_for() -> None:
    tables = [table(PRE, "a.csv"), table(POST, "b.csv")]
    assert why_not(tables, propose_plan(tables)) == "Say which time point a.csv is."
    both = JoinPlan((JoinTable("a.csv", "id", "baseline"), JoinTable("b.csv", "id", "baseline")))
    assert "same time point" in why_not(tables, both)


def test_without_numbers_rows_are_matched_by_place_only_when_told() -> None:
    a, b = table("x\n62331\n22322\n11111\n21231\n11122\n", "pre.csv"), table("x\n11221\n1\n2\n3\n4\n", "post.csv")
    plan = propose_plan([a, b])
    told = propose(join([a, b], JoinPlan(plan.tables, by_place=True)).parsed)
    assert found(told, "joined_by_place").severity is Severity.WARNING
    short = table("x\n11221\n", "post.csv")
    with pytest.raises(ImportProblem, match="different numbers of rows"):
        join([a, short], JoinPlan(plan.tables, by_place=True))


def test_codes_with_other_labels_stay_apart() -> None:
    from dataclasses import replace

    a, b = table(PRE, "pre.csv"), table(POST.replace("vas", "VAS"), "post.csv")

    def labelled(t: Import, label: str) -> Import:
        column = replace(t.sheet.column("sex"), labels={"F": label})
        return propose(replace(t.parsed, sheets=(t.sheet.with_columns(column),)))

    what = joined(labelled(a, "Female"), labelled(b, "Frau"))
    assert found(what, "other_labels").severity is Severity.ERROR
    assert "sex (post.csv)" in what.sheet.names()


def test_dates_and_numbers_keep_their_meaning() -> None:
    pre = "id;VAS;surgery date\n" + "\n".join(f"{i};{i},5;{i + 12}/03/2020" for i in range(1, 9))
    post = "id,VAS,surgery date\n" + "\n".join(f"{i},{i}.5,03/{i + 12}/2020" for i in range(1, 9))
    what = joined(table(pre, "pre.csv"), table(post, "post.csv"))
    assert found(what, "joined_dates").column == "surgery date"
    assert not [f for f in what.findings if f.code == "differs_between_rows"]
    cohort = what.build()
    assert str(cohort.columns["surgery_date"].days[0]) == "2020-03-13"
    np.testing.assert_array_equal(cohort.scores["pain", "baseline"], cohort.scores["pain", "follow_up"])


def _workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, add in (("Pre", 5), ("12 months", 2)):
        sheet = book.create_sheet(name)
        sheet.append(["id", "VAS"])
        for i in range(1, 11):
            sheet.append([f"{i:03d}", (i + add) % 10])
    sheet = book.create_sheet("Complications")
    sheet.append(["id", "adverse event"])
    sheet.append(["003", "Bleeding"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_two_sheets_of_a_workbook_and_its_sheet_of_events() -> None:
    from lib.importing.events import event_sheets, propose_events

    parsed = parse_here(_workbook(), "cohort.xlsx")
    assert sheets_of_time_points(parsed) == ("Pre", "12 months")
    what = joined(*(propose(parsed, name) for name in sheets_of_time_points(parsed)))
    assert what.sheet.name == "Pre + 12 months"
    assert event_sheets(what.parsed, what.sheet.name) == ("Complications",)
    cohort = what.build(propose_events(what.parsed, "Complications").events)
    assert cohort.pairs("pain", "baseline", "12m").n == 10
    assert cohort.events is not None
    assert cohort.events.patient.tolist() == [2]


def test_a_plan_is_saved_and_fits_the_files_of_another_month() -> None:
    a, b = table(PRE, "pre.csv"), table(POST, "post.csv")
    what = joined(a, b, alike=True)
    loaded = columns_from_json(columns_to_json(what.choice)).join
    assert loaded == what.parsed.join
    assert loaded is not None
    renamed = [table(POST, "2026 post.csv"), table(PRE, "2026 pre.csv")]
    again = fitted(loaded, renamed)
    assert again is not None
    assert [(t.name, t.time_point) for t in again.tables] == [
        ("2026 post.csv", "follow_up"), ("2026 pre.csv", "baseline")]  # fmt: skip
    assert again.alike
    assert fitted(loaded, [table("nr,vas\n1,2\n", "pre.csv"), b]) is None
    with pytest.raises(ImportProblem, match="join 1"):
        columns_from_json(json.dumps({"columns": [], "join": {"tables": [{}]}}))


def test_a_file_that_was_not_joined_has_its_old_fingerprint_words() -> None:
    assert '"join"' not in columns_to_json(table(PRE, "pre.csv").choice)


def test_rows_of_tables_in_words() -> None:
    assert rows_in_words([2_000_005]) == "row 5 of table 2"
    assert rows_in_words([4, 2_000_005, 2_000_006]) == "row 4 of table 1; rows 5, 6 of table 2"
    assert rows_in_words([4, 9]) == "rows 4 and 9"
    assert rows_in_words([2_000_005], 9) == "row 5 of table 2 … (9 in all)"


def test_the_shell_joins_files(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    for name, text in (("pre.csv", PRE), ("post.csv", POST)):
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / "pre.csv"), str(tmp_path / "post.csv")]
    record = str(tmp_path / "r.json")
    assert main([*files, "--record", record]) == 0
    assert "16 patients in both, 4 only in pre.csv, 4 only in post.csv" in capsys.readouterr().out
    assert [f["name"] for f in json.loads((tmp_path / "r.json").read_text())["file"]["joined"]] == [
        "pre.csv", "post.csv"]  # fmt: skip
    assert main([*files, "--reproduce", record]) == 0
    assert "match" in capsys.readouterr().out


def test_joined_columns_are_roles_like_any_other() -> None:
    what = joined(table(PRE, "pre.csv"), table(POST, "post.csv"))
    roles = {c.name: c.role for c in what.columns}
    assert roles["Patient number"] is Role.ID
    assert roles["Time point of the table"] is Role.TIME_POINT
