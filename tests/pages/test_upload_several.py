"""The upload with more than one file or sheet, through AppTest."""

from __future__ import annotations

from io import BytesIO

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenApp
from tests.pages.screen import words
from tests.pages.test_upload import CSV, answer, explore, step, upload
from tests.unit.importing.test_join import POST, PRE
from tests.unit.importing.test_redcap_dictionary import DICTIONARY, RAW


def add(app: AppTest, name: str, data: bytes) -> AppTest:
    place = next(u for u in app.file_uploader if str(u.key).endswith(".more"))
    return place.upload(name, data, CSV).run()


def test_a_second_time_point_is_joined_counted_and_explored(open_app: OpenApp) -> None:
    app = add(upload(open_app(), "pre.csv", PRE.encode()), "post.csv", POST.encode())
    said = words(app)
    assert "16 patients in both, 4 only in pre.csv, 4 only in post.csv." in said
    assert "1 patient has another value in row 4 of table 2" in said
    assert "complete pairs: 16 after surgery" in said
    assert "017" not in said, "numbers of patients are not shown"
    explore(app)
    cohort = app.session_state["_cohort"]
    assert cohort.n == 24
    assert cohort.provenance.file_name == "pre.csv + post.csv"
    assert "24 operated · 16 analysed" in words(app)


def test_a_join_can_be_corrected_and_undone(open_app: OpenApp) -> None:
    app = add(upload(open_app(), "a.csv", PRE.encode()), "b.csv", POST.encode())
    assert "Not joined. Say which time point a.csv is." in words(app).replace("**", "")
    when = [s for s in app.selectbox if str(s.key).endswith(".when")]
    when[0].set_value("baseline").run()
    when = [s for s in app.selectbox if str(s.key).endswith(".when")]
    when[1].set_value("12m").run()
    assert "complete pairs: 16 at 12 months" in words(app)
    next(t for t in app.toggle if ".join." in str(t.key)).set_value(False).run()
    assert "16 patients in both" not in words(app)
    assert "20 patients" in words(app)


def test_numbers_that_look_alike_are_asked_once_and_joined_only_on_consent(open_app: OpenApp) -> None:
    post = "id,vas\n" + "\n".join(f"{i},{i % 5}" for i in range(5, 25)) + "\n001,3"
    app = add(upload(open_app(), "pre.csv", PRE.encode()), "post.csv", post.encode())
    assert "1 patient in both" in words(app)
    assert not app.exception
    assert not [c for c in app.checkbox if "leading zeros" in c.label], "asked by its card alone"
    step(app, "answer")
    assert words(app).count("the same patient?") == 1
    answer(app, "same", "same_patient")
    step(app, "open")
    assert explore(app).session_state["_cohort"].n == 24


def test_a_dictionary_labels_the_codes_whichever_file_comes_first(open_app: OpenApp) -> None:
    app = upload(open_app(), "dictionary.csv", DICTIONARY.encode())
    assert "This is a REDCap data dictionary" in words(app)
    add(app, "data.csv", RAW.encode())
    said = words(app)
    assert "Codes and names from the data dictionary dictionary.csv." in said
    explore(app)
    assert "Postpartum" in app.session_state["_cohort"].columns["etiology"].labels


def test_a_file_of_events_is_told_from_a_time_point(open_app: OpenApp) -> None:
    app = upload(open_app(), "pre.csv", PRE.replace("VAS", "vas_pre").encode())
    add(app, "ae.csv", b"id,adverse event\n003,Bleeding\n003,Infection\n099,Bleeding")
    said = words(app)
    assert "Adverse events from ae.csv." in said
    assert "2 events of 1 patient joined, from 3 rows" in said


def test_an_added_file_that_cannot_be_read_is_said_and_the_first_stays(open_app: OpenApp) -> None:
    app = add(upload(open_app(), "pre.csv", PRE.encode()), "broken.xlsx", b"PK\x03\x04" + b"\xff" * 300)
    assert "broken.xlsx:" in words(app)
    assert "It is not used." in words(app)
    assert "20 patients" in words(app)


def _workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, add_ in (("Pre", 5), ("12 months", 2)):
        sheet = book.create_sheet(name)
        sheet.append(["id", "VAS"])
        for i in range(1, 11):
            sheet.append([f"{i:03d}", (i + add_) % 10])
    sheet = book.create_sheet("Complications")
    sheet.append(["id", "adverse event", "severity"])
    sheet.append(["003", "Bleeding", "mild"])
    sheet.append(["007", "Infection", "severe"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_two_sheets_are_one_cohort_and_a_third_holds_its_events(open_app: OpenApp) -> None:
    app = upload(open_app(), "cohort.xlsx", _workbook())
    said = words(app)
    assert "10 patients in both, 0 only in Pre, 0 only in 12 months." in said
    assert "complete pairs: 10 at 12 months" in said
    next(s for s in app.selectbox if str(s.key).endswith(".events.sheet")).set_value("Complications").run()
    assert "2 events of 2 patients joined, from 2 rows" in words(app)
    explore(app)
    cohort = app.session_state["_cohort"]
    assert cohort.events.type == ("Bleeding", "Infection")
    assert cohort.events.patient.tolist() == [2, 6]
