"""Before and after through AppTest."""

from __future__ import annotations

import json

from tests.cohorts import cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words


def test_the_sample(open_app: OpenApp) -> None:
    app = open_app("before_after")
    assert app.title[0].value.startswith("VAS pain fell from 7\\.83 to 4\\.97")
    sentence = app.code[0].value
    assert (
        "mean improvement of 2.86 points (95% CI 1.75 to 3.98; paired t test, t = 5.25, df = 28, p < 0.001)" in sentence
    )
    lines = charts(app)["lines"]
    assert len(lines["table"]["rows"]) == 30  # 29 patients and the mean
    assert "28 without a complete pair: 19 no baseline, 9 no follow" in words(app)


def test_every_size_of_the_improvement_has_its_interval_by_name(open_app: OpenApp) -> None:
    said = words(open_app("before_after"))
    # pain fell, and that is a gain: the words go with the sign
    assert "Improvement in SDs of change (d_z, SRM)" in said
    assert "0.97 (95% CI 0.52 to 1.41)" in said
    assert "Change in SDs" not in said


def test_hover_gives_row_numbers_never_an_id(open_app: OpenApp) -> None:
    shown = json.dumps(charts(open_app("before_after")))
    assert "row " in shown
    assert "M001" not in shown


def test_the_other_test_can_be_forced(open_app: OpenApp) -> None:
    app = open_app("before_after")
    app.button_group(key="choice.test").set_value("wilcoxon").run()
    assert "Wilcoxon signed-rank test (exact" in app.code[0].value
    assert "Hodges–Lehmann" in app.code[0].value


def test_another_measure_is_remembered_on_the_next_page(open_app: OpenApp) -> None:
    app = open_app("before_after")
    app.button_group(key="choice.measure").set_value("eq_vas").run()
    assert app.title[0].value.startswith("EQ VAS rose from 49\\.6 to 61\\.2")
    assert app.query_params["measure"] == "eq_vas"


def test_few_and_nobody(open_app: OpenApp) -> None:
    app = open_app("before_after", query={"f.etiology": "Posttraumatic"})
    assert "VAS pain" in app.title[0].value
    app = open_app("before_after", query={"f.etiology": "Posttraumatic", "f.sex": "Male", "f.age": "70.."})
    assert app.title[0].value == "No patient matches this filter"


def test_the_address_does_not_say_what_the_controls_write_by_themselves(open_app: OpenApp) -> None:
    app = open_app("before_after")
    assert "measure" not in app.query_params
    assert "time" not in app.query_params


def test_an_outcome_nobody_filled_in(open_app: OpenApp) -> None:
    app = open_app("before_after", state={"_cohort": cohort(20, missing=1.0)})
    assert "Nobody under this filter has a score both before and after" in app.title[0].value


def test_many_patients_become_bands_and_a_histogram(open_app: OpenApp) -> None:
    app = open_app("before_after", state={"_cohort": cohort(2000)})
    drawn = charts(app)
    assert len(drawn["lines"]["table"]["rows"]) == 3
    assert all(len(json.dumps(c["figure"])) < 60_000 for c in drawn.values())
