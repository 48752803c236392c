"""Overview through AppTest: the sample, few patients, nobody, and a file with other contents."""

from __future__ import annotations

from tests.cohorts import PAIN, cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import words


def test_the_sample_is_open_without_a_click(open_app: OpenApp) -> None:
    app = open_app()
    assert app.title[0].value.startswith("VAS pain fell from 7\\.8 to 5\\.0; 20 of 29 improved by at least 2 points")
    values = {m.label.split("**")[1]: m.value for m in app.metric}
    assert values["VAS pain"] == "+2.86"
    assert values["EQ VAS"] == "+11.7"
    assert values["Opioid use"] == "13 → 7"
    assert values["Adverse events"] == "6 of 57"
    assert "invented" in words(app)


def test_a_filter_changes_every_number_and_reset_brings_them_back(open_app: OpenApp) -> None:
    app = open_app()
    before = app.title[0].value
    app.button_group(key="filter.etiology").set_value(["Postpartum"]).run()
    assert "of 13 improved" in app.title[0].value
    assert "24 of 57 operated · 13 of 29 analysed" in words(app)
    assert app.query_params["f.etiology"] == "Postpartum"
    app.button(key="reset").click().run()
    assert app.title[0].value == before
    assert "f.etiology" not in app.query_params


def test_an_address_opens_the_same_view(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": ["Postpartum"], "f.age": "40..50", "people": "all"})
    assert app.button_group(key="filter.etiology").value == ["Postpartum"]
    assert app.slider(key="filter.age").value == (40, 50)
    assert app.button_group(key="choice.people").value == "all"


def test_an_address_that_does_not_fit_is_ignored(open_app: OpenApp) -> None:
    app = open_app(
        query={"f.etiology": "Nonsense", "f.age": "x..y", "f.nothing": "1", "measure": "none", "time": "99m"}
    )
    assert "20 of 29" in app.title[0].value


def test_four_patients_are_shown_without_a_test(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": "Ehlers-Danlos syndrome"})
    assert "too few to test reliably" in words(app)


def test_two_patients_are_not_computed_but_words(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": "Posttraumatic"})
    assert "2 pairs" in words(app)


def test_nobody_gets_buttons_that_bring_patients_back(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": "Posttraumatic", "f.age": "70..", "f.sex": "Male"})
    assert app.title[0].value == "No patient matches this filter"
    app.button(key="drop-all").click().run()
    assert "20 of 29" in app.title[0].value


def test_another_cohort_has_the_same_page(open_app: OpenApp) -> None:
    app = open_app(state={"_cohort": cohort(60, synthetic=False)})
    assert app.title[0].value.startswith("VAS pain fell")


def test_a_lost_file_is_said_and_not_replaced_by_the_sample(open_app: OpenApp) -> None:
    app = open_app(query={"cohort": "0123456789", "f.etiology": "Postpartum"})
    assert app.title[0].value == "Your file is no longer here"
    app.button(key="gone-sample").click().run()
    assert "VAS pain fell" in app.title[0].value


def test_patients_without_a_complete_pair_are_one_sentence_and_not_a_card_each(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": "Postpartum", "f.center": "Heerlen", "f.age": "31..31"})
    said = words(app)
    assert "1 patient selected, none with a score both before and after at 12 months." in said
    assert "Reset all filters" in [b.label for b in app.button]  # and one button per filter that brings some back
    assert "Not computed" not in [m.value for m in app.metric]
    assert "Open the filter" in said
    # harms are counted over everybody operated: the one who was, and had none
    assert "0 of 1" in [m.value for m in app.metric]


def test_compared_each_card_says_name_n_estimate_and_interval_of_every_group(open_app: OpenApp) -> None:
    shown = words(open_app(query={"compare": "center"}))
    assert "VAS pain by group" in shown
    assert '<td class="r">16</td><td class="r">+3.06</td><td class="r">1.49 to 4.64</td>' in shown
    assert "before → after by group" in shown
    assert 'aria-label="Best answers by group"' in shown


def test_of_four_patients_no_mean_is_loud_and_of_two_there_is_none(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": "Posttraumatic"})
    assert "VAS pain: 2 of 2 improved by at least 2 points, 0 changed by less, 0 worsened" in words(app)
    assert app.metric[0].value == "+6 and +4"


def test_one_measure_leaves_no_hole_beside_it(open_app: OpenApp) -> None:
    """The short cards stand in the column beside the one measure, not under it."""
    app = open_app("", state={"_cohort": cohort(40, measures=(PAIN,), synthetic=False)})
    columns = app.main.columns
    labels = [[m.label.split("**")[1] for m in column.metric] for column in columns[:2]]
    assert labels == [["VAS pain"], ["Opioid use", "Adverse events"]]


def test_an_address_that_filters_by_what_is_not_there_says_so(open_app: OpenApp) -> None:
    app = open_app(query={"f.etiology": ["Postpartum", "Ehlers–Danlos"]})
    assert [t.value for t in app.toast] == [
        "This cohort does not have all that the address filters by; what fits is applied."
    ]
    assert "Postpartum" in words(app)
    assert not list(open_app(query={"f.etiology": ["Postpartum"]}).toast)
