"""Patients through AppTest: the sample to the last digit, groups, who is missing, few, nobody, another file."""

from __future__ import annotations

from tests.cohorts import cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words

MISSING = {"patients-tab": "Who is missing"}


def test_the_papers_tables(open_app: OpenApp) -> None:
    app = open_app("patients")
    said = words(app)
    assert app.title[0].value == (
        "29 of 57 operated patients are analysed\\: mean age 45\\.6 years and 25 of 29 female"
    )
    for cell in ("45.6 (8.6)", "27.1 (4.4)", "22 (75.9%)", "9 (31.0%)", "27 (93.1%)", "47.8 (14.7)", "2 (6.9%)"):
        assert cell in said
    assert set(charts(app)) == {"distribution"}


def test_a_row_shows_its_distribution(open_app: OpenApp) -> None:
    app = open_app("patients")
    app.selectbox(key="patients-row").set_value("etiology").run()
    table = charts(app)["distribution"]["table"]
    assert isinstance(table, dict)
    assert ["All", "Postpartum", "0.4483", "13"] in table["rows"]


def test_all_operated_and_a_filter(open_app: OpenApp) -> None:
    assert "All (n = 57)" in words(open_app("patients", query={"people": "all"}))
    assert "All (n = 13)" in words(open_app("patients", query={"f.etiology": "Postpartum"}))


def test_by_group_with_differences_and_named_tests(open_app: OpenApp) -> None:
    app = open_app("patients", state={"choice.compare": "center"}, query={"p": "show"})
    said = words(app)
    assert "Heerlen (n = 16)" in said
    assert "Welch t" in said
    assert "Center: the groups are made of it" in said


def test_mean_or_median_by_choice(open_app: OpenApp) -> None:
    assert "7.83 (1.71)" in words(open_app("patients", query={"form": "mean (SD)"}))
    assert "8.00 [7.00, 9.00]" in words(open_app("patients"))


def test_who_is_missing_and_when(open_app: OpenApp) -> None:
    app = open_app("patients", state=MISSING)
    said = words(app)
    assert "28 of 57 are not analysed: 19 no baseline score and 9 no follow-up score" in said
    assert "2020-03 to 2020-06, 1 of 16 (6.3%) of those due, against 28 of 41 (68.3%)" in said
    assert "Not analysed (n = 28)" in said
    assert set(charts(app)) == {"flow", "periods", "centers"}


def test_files_are_offered(open_app: OpenApp) -> None:
    app = open_app("patients")
    labels = {b.proto.label for b in app.get("download_button")}
    assert {"Word", "Excel"} <= labels


def test_two_patients_and_nobody(open_app: OpenApp) -> None:
    few = {"f.etiology": "Posttraumatic", "f.center": "Heerlen"}
    open_app("patients", query=few)
    open_app("patients", query=few, state=MISSING)
    assert open_app("patients", query={**few, "f.age": "90.."}).title[0].value


def test_other_files(open_app: OpenApp) -> None:
    for made in (cohort(40, synthetic=False), cohort(8, measures=()), cohort(12, missing=1.0), cohort(12, missing=0.0)):
        open_app("patients", state={"_cohort": made})
        open_app("patients", state={"_cohort": made, **MISSING})


def test_what_if_the_missing_differ(open_app: OpenApp) -> None:
    app = open_app("patients", state={"patients-tab": "What if the missing differ?"})
    assert app.title[0].value.startswith("VAS pain improved by 2\\.86 to 3\\.")
    assert "57 due, 29 with a pair, 28 without (9 no answer, 19 only no VAS pain before)" in words(app)
    assert "All groups together" not in words(app)
    by_center = {"patients-tab": "What if the missing differ?", "choice.compare": "center"}
    assert "All groups together" in words(open_app("patients", state=by_center))
    assert set(charts(app)) == {"what_if", "tipping"}
    app.slider(key="what-if-delta-pain").set_value(3).run()
    assert "if the missing improved by 3 less" in app.title[0].value
    assert "Suppose the 9 patients without an answer improved by **3 points less**" in words(app)
    app.segmented_control(key="what-if-outcome").set_value("Share improved").run()
    assert "% improved by at least 2 points" in app.title[0].value
