"""The upload through AppTest: every format to the same headline, what is refused, what is corrected."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.importing.columns.roles import Choice, Role, columns_from_json, columns_to_json
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from tests.app_pages import ROOT
from tests.pages.conftest import OpenApp
from tests.pages.screen import words

CASES = ROOT / "tests" / "unit" / "importing" / "data" / "cases"

SAMPLES = ROOT / "sample_data"
HEADLINE = "VAS pain fell from 7\\.8 to 5\\.0; 20 of 29 improved by at least 2 points"
CSV = "text/csv"


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.button(key="upload-open").click().run()
    return app.file_uploader(key="upload.file").upload(name, data, CSV).run()


def explore(app: AppTest) -> AppTest:
    return app.button(key="upload.open").click().run()


def step(app: AppTest, name: str) -> AppTest:
    """Go to a step: "read", "answer" or "open"."""
    return app.button_group(key="upload.step").set_value(name).run()


def every_column(app: AppTest) -> AppTest:
    return app.button_group(key="upload.view").set_value("columns").run()


def answer(app: AppTest, choice: str, card: str = "") -> AppTest:
    """Choose an answer of the open card (or of one whose key holds `card`)."""
    found = [b for b in app.button if str(b.key).startswith("upload.answer.") and str(b.key).endswith(f".{choice}")]
    return next(b for b in found if card in str(b.key)).click().run()


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize("name", ["misjf.sav", "misjf.xlsx", "misjf_nl.csv", "misjf.csv"])
def test_every_format_gives_the_same_headline(open_app: OpenApp, name: str) -> None:
    app = upload(open_app(), name, (SAMPLES / name).read_bytes())
    said = words(app)
    assert "57 patients" in said
    assert "complete pairs: 29 at 12 months" in said
    explore(app)
    assert app.title[0].value.startswith(HEADLINE)
    assert name in words(app)
    assert "upload.file" not in {u.key for u in app.get("file_uploader")}, "the dialog is closed"


def test_a_second_file_with_the_same_columns_opens_without_a_click(open_app: OpenApp) -> None:
    app = explore(upload(open_app(), "a.csv", (SAMPLES / "misjf.csv").read_bytes()))
    lines = (SAMPLES / "misjf.csv").read_bytes().splitlines()
    upload(app, "b.csv", b"\n".join(lines[:41]))
    assert "b.csv" in words(app)
    assert "40 patients. Columns as before." in words(app)
    assert not [b for b in app.button if b.key == "upload.open"]


def test_a_second_file_with_a_new_warning_is_looked_at_first(open_app: OpenApp) -> None:
    app = explore(upload(open_app(), "a.csv", (SAMPLES / "misjf.csv").read_bytes()))
    lines = (SAMPLES / "misjf.csv").read_text("utf-8").splitlines()
    place = lines[0].split(",").index("eqvas_pre")
    for row in range(1, 12):
        cells = lines[row].split(",")
        cells[place] = "999"
        lines[row] = ",".join(cells)
    upload(app, "b.csv", "\n".join(lines).encode())
    assert app.button(key="upload.answer").label == "Answer 1 question"
    app.button(key="upload.answer").click().run()
    assert "999 stands in 11 cells" in words(app)
    app.button(key="upload.agree").click().run()
    app.button(key="upload.next").click().run()
    assert app.button(key="upload.open").label == "Open the cohort"
    explore(app)
    assert app.session_state["_cohort"].provenance.repairs == ("eqvas_pre: 999 becomes blank",)

    lines[1] = lines[1].replace("M001", "M101")
    upload(app, "c.csv", "\n".join(lines).encode())
    assert "57 patients. Columns as before. 1 repair made." in words(app), "the repair agreed to before is made again"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.csv", b"", "The file is empty"),
        ("broken.sav", b"$FL2@(#) SPSS DATA FILE" + b"\xff" * 300, "damaged"),
        ("broken.xlsx", b"PK\x03\x04 nothing of a workbook", "zip archive, or a damaged workbook"),
        ("pdf.csv", b"%PDF-1.7 ...", "This is a PDF"),
        ("headings.csv", b"id,vas_pre,vas_post\n", "no patients below them"),
    ],
)
def test_a_broken_file_is_refused_in_words_and_changes_nothing(
    open_app: OpenApp, name: str, data: bytes, says: str
) -> None:
    app = open_app(query={"f.etiology": "Postpartum"})
    before = app.title[0].value
    upload(app, name, data)
    said = words(app)
    assert "This file cannot be used" in said
    assert "What was open before is unchanged." in said
    assert says in said
    assert app.title[0].value == before
    assert app.query_params["f.etiology"] == "Postpartum"


@pytest.mark.skipif("COHORTLENS_PUBLIC_DATA" not in os.environ, reason="COHORTLENS_PUBLIC_DATA is not set")
def test_hostile_files_are_refused_and_the_app_stays_up(open_app: OpenApp) -> None:
    folder = Path(os.environ["COHORTLENS_PUBLIC_DATA"]) / "hostile"
    files = sorted(p for p in folder.iterdir() if p.suffix in (".xlsx", ".sav"))
    assert len(files) >= 5
    app = open_app()
    for file in files:
        upload(app, file.name, file.read_bytes())
        assert "This file cannot be used" in words(app), file.name
        assert app.title[0].value.startswith(HEADLINE)


def test_a_file_with_nothing_to_explore_keeps_the_button_closed_and_says_why(open_app: OpenApp) -> None:
    app = upload(open_app(), "names.csv", table("first_name,last_name", "Ann,Bee", "Cid,Dee", "Eva,Fox"))
    button = app.button(key="upload.open")
    assert button.disabled
    assert "None of the columns holds a score" in words(app)
    assert "Left out, because it identifies persons:** first_name, last_name." in words(app)
    assert "Bee" not in words(app)


def test_an_unknown_measure_waits_for_its_direction(open_app: OpenApp) -> None:
    rows = [f"{i},{20 + i % 7},{30 + i % 5}" for i in range(1, 25)]
    app = upload(open_app(), "kraft.csv", table("id,gripforce_pre,gripforce_post", *rows))
    asked = [b for b in app.button if b.key == "upload.answer"]
    if asked:
        assert asked[0].label == "Answer 1 question"
        asked[0].click().run()
        assert app.button(key="upload.next").disabled, "no answer is chosen beforehand"
        answer(app, "higher")
        app.button(key="upload.next").click().run()
    else:
        assert app.button(key="upload.open").disabled
        assert "Say whether lower or higher is better for Gripforce" in words(app)
        every_column(app)
        better = next(g for g in app.get("button_group") if str(g.key).endswith(".measures.gripforce.better"))
        better.set_value("higher").run()
    explore(app)
    assert "rose from" in app.title[0].value
    measure = app.session_state["_cohort"].measures["gripforce"]
    assert measure.higher_is_better


def test_a_wrong_role_is_corrected_by_saved_columns(open_app: OpenApp) -> None:
    """`pk1` and `pk2` look like plain numbers; told to be one score, they are before and after."""
    rows = [f"{i},{3 + i * 7 % 60 / 10},{2 + i * 11 % 50 / 10}" for i in range(1, 31)]
    data = table("id,pk1,pk2", *rows)
    app = upload(open_app(), "w.csv", data)
    assert "nothing to compare before and after yet" in words(app)
    found = propose(parse_file(data, "w.csv"))
    told = [
        c.with_role(Role.SCORE, "weakness", at, "Weakness")
        for c, at in zip(found.columns[1:], ("baseline", "12m"), strict=True)
    ]
    saved = columns_to_json(found.with_columns(told).choice)
    assert columns_from_json(saved).columns[1].role is Role.SCORE
    next(u for u in app.file_uploader if str(u.key).endswith(".saved")).upload(
        "columns.json", saved.encode(), "application/json"
    ).run()
    assert "before and after: Weakness" in words(app)
    assert "complete pairs: 30 at 12 months" in words(app)


def test_columns_of_one_score_are_told_in_one_place(open_app: OpenApp) -> None:
    rows = [f"{i},{3 + i * 7 % 60 / 10},{2 + i * 11 % 50 / 10}" for i in range(1, 31)]
    app = every_column(upload(open_app(), "w.csv", table("id,pk1,pk2", *rows)))
    where = next(s for s in app.selectbox if str(s.key).endswith(".series.at.pk2"))
    where.set_value("12m").run()
    next(b for b in app.button if str(b.key).endswith(".series.use")).click().run()
    assert "before and after: pk" in words(app)
    next(g for g in app.get("button_group") if str(g.key).endswith(".measures.pk.better")).set_value("lower").run()
    assert app.button(key="upload.open").label == "Open the cohort"


def test_time_points_get_their_meaning_in_one_place(open_app: OpenApp) -> None:
    rows = [f"{i},{3 + i % 7},{2 + i % 5}" for i in range(1, 31)]
    app = upload(open_app(), "t.csv", table("id,vas_pain_t1,vas_pain_t2", *rows))
    assert "no time point is before surgery" in words(app)
    every_column(app)
    first = next(s for s in app.selectbox if str(s.key).endswith(".times.t1"))
    first.set_value("baseline").run()
    assert "before and after: VAS pain" in words(app)
    assert not app.button(key="upload.open").disabled


def test_a_repair_is_made_only_when_agreed_to_and_is_logged(open_app: OpenApp) -> None:
    rows = [f"{i},{999 if i % 6 == 0 else 20 + i % 17},{i % 7},{i % 5}" for i in range(1, 61)]
    data = table("id,bmi,vas_pain_pre,vas_pain_post", *rows)
    app = upload(open_app(), "codes.csv", data)
    step(app, "open")
    assert not [b for b in app.get("download_button") if b.key == "upload.log"]
    app.button(key="upload.answer").click().run()
    app.button(key="upload.agree").click().run()
    app.button(key="upload.next").click().run()
    assert [b for b in app.get("download_button") if b.key == "upload.log"]
    explore(app)
    assert app.session_state["_cohort"].provenance.repairs
    assert "1 repair made." in words(app)


def test_what_is_skipped_stays_open_and_is_listed_as_such(open_app: OpenApp) -> None:
    rows = [f"{i},{999 if i % 6 == 0 else 20 + i % 17},{i % 7},{i % 5}" for i in range(1, 61)]
    app = upload(open_app(), "codes.csv", table("id,bmi,vas_pain_pre,vas_pain_post", *rows))
    step(app, "open")
    app.button(key="upload.skip_all").click().run()
    explore(app)
    found = app.session_state["_cohort"].provenance.checked.found
    assert [(f.code, f.state) for f in found if f.column == "bmi"] == [("missing_code", "open")]


def test_the_words_and_the_design_of_the_cohort_are_asked_and_never_guessed_as_randomised(open_app: OpenApp) -> None:
    rows = [f"{i},{'AB'[i % 2]},{3 + i % 7},{2 + i % 5}" for i in range(1, 31)]
    app = step(upload(open_app(), "t.csv", table("id,arm,vas_pain_pre,vas_pain_12m", *rows)), "open")
    own = next(g for g in app.get("button_group") if str(g.key).endswith(".design.kind"))
    assert own.value == "groups", "a file with arms and no word of surgery"
    assert "30 treated patients, compared by group" in words(app)
    own.set_value("randomised").run()
    assert "randomised by group" in words(app)
    explore(app)
    design = app.session_state["_cohort"].design
    assert (design.treatment, design.kind, design.groups_by) == ("treated", "randomised", "group")


def test_only_check_this_file_goes_to_data_check(open_app: OpenApp) -> None:
    app = step(upload(open_app(), "misjf.csv", (SAMPLES / "misjf.csv").read_bytes()), "open")
    app.button(key="upload.check").click().run()
    assert "Where values are missing" in words(app)


def test_events_of_another_file_are_joined_by_patient(open_app: OpenApp) -> None:
    rows = [f"P{i},{3 + i % 7},{2 + i % 5}" for i in range(1, 31)]
    app = upload(open_app(), "t.csv", table("patient_id,vas_pain_pre,vas_pain_12m", *rows))
    events = table("patient_id,adverse_event,severity", "P3,Infection,Mild", "P3,Haematoma,Severe", "P99,Fall,Mild")
    next(u for u in app.file_uploader if str(u.key).endswith(".events.file")).upload("ae.csv", events, CSV).run()
    assert "2 events of 1 patient joined, from 3 rows." in words(app)
    assert "belong to a patient who is not in the cohort" in words(app)
    explore(app)
    assert len(app.session_state["_cohort"].events.type) == 2


def test_the_date_of_the_data_tells_not_yet_due_from_lost(open_app: OpenApp) -> None:
    from datetime import date

    rows = [f"P{i},2024-{1 + i % 12:02d}-05,{3 + i % 7},{'' if i % 12 > 5 else 2 + i % 5}" for i in range(1, 37)]
    app = upload(open_app(), "t.csv", table("patient_id,surgery_date,vas_pain_pre,vas_pain_12m", *rows))
    step(app, "open")
    app.date_input[0].set_value(date(2025, 9, 1)).run()
    assert "12 months ± 2" in words(app)
    assert "Not yet due:" in words(app)
    explore(app)
    assert app.session_state["_cohort"].not_due["12m"].any()


def test_what_was_said_last_counts_even_when_it_comes_together_with_the_click(open_app: OpenApp) -> None:
    from datetime import date

    rows = [f"P{i},2024-{1 + i % 12:02d}-05,{3 + i % 7},{'' if i % 12 > 5 else 2 + i % 5}" for i in range(1, 37)]
    app = upload(open_app(), "t.csv", table("patient_id,surgery_date,vas_pain_pre,vas_pain_12m", *rows))
    step(app, "open")
    app.date_input[0].set_value(date(2025, 9, 1))
    explore(app)  # one run for both
    assert app.session_state["_cohort"].not_due["12m"].any()


def test_a_file_is_read_differently_when_told(open_app: OpenApp) -> None:
    app = upload(open_app(), "c.csv", table("id;vas_pain_pre;vas_pain_12m", *[f"{i};7,5;3,{i % 10}" for i in range(9)]))
    assert "decimal comma" in words(app)
    next(s for s in app.selectbox if str(s.key).endswith(".delimiter")).set_value(",").run()
    assert "separated by comma" in words(app)
    next(s for s in app.selectbox if str(s.key).endswith(".delimiter")).set_value("").run()
    assert "separated by semicolon" in words(app)


def test_the_address_after_a_reload_filters_the_same_file_again(open_app: OpenApp) -> None:
    data = (SAMPLES / "misjf.sav").read_bytes()
    app = explore(upload(open_app(), "misjf.sav", data))
    app.button_group(key="filter.etiology").set_value(["Postpartum"]).run()
    address = {k: list(v) if isinstance(v, list) else v for k, v in app.query_params.items()}
    assert "cohort" in address

    again = open_app(query=address)
    assert again.title[0].value == "Your file is no longer here"
    again.button(key="gone-open").click().run()
    again.file_uploader(key="upload.file").upload("misjf.sav", data, CSV).run()
    explore(again)
    assert "of 13 improved" in again.title[0].value
    assert "made with another file" not in words(again)


def test_the_address_of_another_file_applies_what_fits_and_says_so(open_app: OpenApp) -> None:
    app = open_app(query={"cohort": "0123456789", "f.etiology": "Postpartum", "f.nothing": "x"})
    app.button(key="gone-open").click().run()
    app.file_uploader(key="upload.file").upload("misjf.csv", (SAMPLES / "misjf.csv").read_bytes(), CSV).run()
    explore(app)
    assert "of 13 improved" in app.title[0].value
    assert "The address was made with another file" in words(app)
    assert "What fits of its filter is applied." in words(app)


def test_a_name_with_markup_in_a_file_is_text(open_app: OpenApp) -> None:
    rows = [f"{i},{i % 3},{3 + i % 7},{2 + i % 5}" for i in range(1, 31)]
    app = upload(open_app(), "a*b.csv", table("id,:red[x] **y**,vas_pain_pre,vas_pain_12m", *rows))
    explore(app)
    shown = [m.value for m in app.markdown if "a\\*b" in m.value]
    assert shown


@pytest.mark.skipif("COHORTLENS_PUBLIC_DATA" not in os.environ, reason="COHORTLENS_PUBLIC_DATA is not set")
def test_the_headache_trial_is_explored_after_saying_when_its_columns_were_asked(open_app: OpenApp) -> None:
    """301 pairs at 12 months: 161 and 140 per arm (Vickers 2004, BMJ 328:744)."""
    file = Path(os.environ["COHORTLENS_PUBLIC_DATA"]) / "acupuncture_headache" / "acupuncture.xlsx"
    app = upload(open_app(), file.name, file.read_bytes())
    every_column(app)
    for column, at in (("pk2", "3m"), ("pk5", "12m")):
        next(s for s in app.selectbox if str(s.key).endswith(f".series.at.{column}")).set_value(at).run()
    next(b for b in app.button if str(b.key).endswith(".series.use")).click().run()
    next(g for g in app.get("button_group") if str(g.key).endswith(".measures.pk.better")).set_value("lower").run()
    assert "and 301 at 12 months" in words(app)
    step(app, "open")
    app.button(key="upload.skip_all").click().run()  # f1, f2, f5: days with headache, another score
    explore(app)
    assert app.session_state["_cohort"].pairs("pk", "baseline", "12m").n == 301


def test_answers_in_numbers_are_told_which_end_is_best(open_app: OpenApp) -> None:
    data = table("id,q1,q2,q3,age", *(f"{i},{1 + i % 4},{2 + i % 4},{1 + i % 5},{20 + i}" for i in range(1, 31)))
    app = upload(open_app(), "q.csv", data)
    found = propose(parse_file(data, "q.csv"))
    told = [c.with_role(Role.STATEMENT, c.name, "12m", c.name) for c in found.columns if c.name.startswith("q")]
    next(u for u in app.file_uploader if str(u.key).endswith(".saved")).upload(
        "columns.json", columns_to_json(Choice(found.with_columns(told).columns)).encode(), "application/json"
    ).run()
    every_column(app)
    assert "seen 1 to 5" in words(app)
    next(g for g in app.get("button_group") if str(g.key).endswith(".answers.q.best")).set_value("low").run()
    next(n for n in app.number_input if str(n.key).endswith(".answers.q.low")).set_value(0).run()
    next(t for t in app.text_input if str(t.key).endswith(".answers.q.low_label")).set_value("excellent").run()
    explore(app)
    statements = app.session_state["_cohort"].statements
    assert {s.levels for s in statements.values()} == {("5", "4", "3", "2", "1", "0 = excellent")}


def test_the_window_of_a_time_point_is_told_beside_its_repair(open_app: OpenApp) -> None:
    rows = [f"{i},2020-01-10,{'2021-06-20' if i < 4 else '2021-01-12'},8,{i % 5}" for i in range(1, 11)]
    app = upload(open_app(), "w.csv", table("id,surgery date,follow-up date 12m,vas_pre,vas_12m", *rows))
    assert "more than 2 months away from 12 months" in words(step(app, "answer"))
    every_column(step(app, "read"))
    box = next(n for n in app.number_input if str(n.key).endswith(".window.12m"))
    assert box.value == 2
    box.set_value(6.0).run()
    assert "more than 2 months away" not in words(app)
    assert app.button(key="upload.open").label == "Open the cohort"
    assert next(n for n in app.number_input if str(n.key).endswith(".window.12m")).value == 6
    explore(app)
    assert app.session_state["_last_columns"].choice.windows == (("12m", 6.0),)


def workbook_with_events(*, in_table: bool = False) -> bytes:
    import io

    from openpyxl import Workbook

    book = Workbook()
    patients = book.active
    assert patients is not None
    patients.title = "Data"
    patients.append(["Pat.nr", "Naam", "Centrum", "VAS pre", "VAS 12m", *(["complicatie"] if in_table else [])])
    for n in range(1, 11):
        patients.append([f"P{n:02d}", "x", "Zwolle", 5 + n % 5, n % 4, *(["infectie"] if in_table else [])])
    events = book.create_sheet("Complicaties")
    for row in (["Pat.nr", "complicatie"], ["P03", "infectie"], ["P03", "bloeding"], ["P07", "val"]):
        events.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_first_rows_stand_under_what_each_column_is_taken_for(open_app: OpenApp) -> None:
    app = upload(open_app(), "x.xlsx", workbook_with_events())
    shown = next(block.proto.body for block in app.get("html") if "first rows as read" in block.proto.body)
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in shown.split("</tr>")]
    names, taken, *patients = [row for row in rows if row]
    assert taken == [
        "patient number",
        "left out",
        "category: Center",
        "VAS pain, before surgery",
        "VAS pain, 12 months",
    ]
    assert [row[0] for row in patients] == ["P01", "P02", "P03", "P04", "P05"]
    assert {row[names.index("Naam")] for row in patients} == {"left out"}


def test_a_sheet_of_events_is_proposed_by_itself_and_can_be_left_out(open_app: OpenApp) -> None:
    app = upload(open_app(), "x.xlsx", workbook_with_events())
    assert "3 events of 2 patients joined, from 3 rows" in words(app)
    assert "3 adverse events" in words(app)
    explore(app)
    assert app.session_state["_cohort"].events.type == ("infectie", "bloeding", "val")

    upload(app, "y.xlsx", workbook_with_events())
    assert app.button(key="upload.open"), "events of another sheet are looked at every time"
    next(s for s in app.selectbox if str(s.key).endswith(".events.sheet")).set_value("").run()
    assert "3 adverse events" not in words(app)
    explore(app)
    assert app.session_state["_cohort"].events is None


def test_a_sheet_of_events_is_not_proposed_beside_events_in_the_table(open_app: OpenApp) -> None:
    app = upload(open_app(), "x.xlsx", workbook_with_events(in_table=True))
    assert next(s for s in app.selectbox if str(s.key).endswith(".events.sheet")).value == ""
    assert "10 adverse events" in words(app)


def test_a_file_without_a_before_says_at_the_button_what_to_do(open_app: OpenApp) -> None:
    lines = table("id,pk1,pk5", *(f"{n},{10 + n * 3 % 17},{n * 5 % 19}" for n in range(1, 30)))
    app = upload(open_app(), "x.csv", lines)
    assert '"pk1" and "pk5" may be one score ("pk") at 2 time points' in words(app)
    other = upload(open_app(), "y.csv", table("id,sex,age", *(f"{n},M,{30 + n}" for n in range(20))))
    assert "nothing to compare before and after yet" in words(other)


def test_a_change_made_without_asking_is_undone_in_the_last_step(open_app: OpenApp) -> None:
    rows = [f"{i},{40 + i} y,{5 + i % 4},{i % 4}" for i in range(1, 25)]
    app = step(upload(open_app(), "own.csv", table("id,age,vas_pre,vas_12m", *rows)), "open")
    assert "Changed in the file’s cells and rows" in words(app)
    app.button(key="upload.undo.0").click().run()
    assert "upload.undo.0" not in [b.key for b in app.button]
    explore(app)
    assert app.session_state["_cohort"].provenance.repairs == ()


def test_each_answer_shows_what_it_gives(open_app: OpenApp) -> None:
    """Scored, the outcome is the total; as scores of their own it is the first answer."""
    name = "oks_items.csv"
    app = step(upload(open_app(), name, (CASES / name).read_bytes()), "answer")
    shown = words(app)
    assert "OKS, before → 6 months" in shown
    assert "19.9 → 35.5" in shown
    assert "oks 1, before → 6 months" in shown


def test_answers_of_a_questionnaire_are_no_outcomes_while_they_are_asked_about(open_app: OpenApp) -> None:
    name = "oks_items.csv"
    shown = words(step(upload(open_app(), name, (CASES / name).read_bytes()), "read"))
    assert "oks 1, oks 2" not in shown
    assert "Are these 24 columns the answers of the Oxford Knee Score?" in shown
