"""Compare and its control through AppTest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lib.cohort.cohort import Category
from lib.cohort.design import Design, Kind
from tests.cohorts import cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, texts
from tests.sample import sample


def param(app: Any, name: str) -> str:
    """One parameter of the address; AppTest gives a text or a list of one."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def words(app: Any) -> str:
    return " ".join(text for _, text in texts(app)).replace("\\", "")


def test_a_trial_opens_with_its_arms_and_speaks_of_its_treatment(open_app: OpenApp) -> None:
    trial = replace(sample(), design=Design("treated", Kind.RANDOMISED, "center"))
    app = open_app("compare", state={"_cohort": trial})
    assert app.title[0].value.replace("\\", "").startswith("VAS pain by center:")
    beside = " ".join(m.value for m in app.sidebar.markdown).replace("\\", "")
    assert "**57** treated  \n**29** analysed" in beside
    assert "Automatic on Compare: by center" in beside
    assert "operated" not in beside


def test_the_page_opens_with_etiology(open_app: OpenApp) -> None:
    app = open_app("compare")
    assert app.title[0].value.replace("\\", "").startswith("VAS pain by etiology: no clear difference")
    rows = charts(app)["forest_pain"]["table"]["rows"]
    assert [row[1] for row in rows[:7]] == [
        "All",
        "Postpartum",
        "Unknown",
        "Prior spinal fusion",
        "Ehlers-Danlos syndrome",
        "Posttraumatic",
        "Degenerative",
    ]
    shown = words(app)
    assert shown.count("Exploratory") == 1
    assert "each group against the average of all" in shown
    assert "effective" not in shown


def test_another_column_comes_from_the_control_and_stays_in_the_address(open_app: OpenApp) -> None:
    app = open_app("compare")
    app.selectbox(key="choice.compare").set_value("center").run()
    assert "by center" in app.title[0].value
    assert param(app, "compare") == "center"
    app = open_app("compare", query={"compare": "center"})
    assert "by center" in app.title[0].value
    app = open_app("before_after", query={"compare": "center"})
    assert len(charts(app)["by_group"]["table"]["rows"]) == 3


def test_a_reference_comes_from_the_control_and_stays_in_the_address(open_app: OpenApp) -> None:
    app = open_app("compare", query={"compare": "center"})
    assert "Enschede − Heerlen" in words(app)
    app.selectbox(key="choice.reference").set_value("Enschede").run()
    assert "Heerlen − Enschede" in words(app)
    assert "each group against Enschede" in words(app)
    assert param(app, "reference") == "Enschede"


def test_before_and_after_shows_groups_only_when_asked(open_app: OpenApp) -> None:
    assert "by_group" not in charts(open_app("before_after"))


@pytest.mark.parametrize("wish", ["age/3", "baseline:pain/3", "sex", "asa"])
def test_every_kind_of_grouping(open_app: OpenApp, wish: str) -> None:
    app = open_app("compare", query={"compare": wish})
    assert app.selectbox(key="choice.compare").value == wish
    if wish.startswith("baseline"):
        assert "not tested" in app.title[0].value
        assert "regression to the mean" in words(app)


def test_a_grouping_nobody_knows_is_no_grouping(open_app: OpenApp) -> None:
    app = open_app("compare", query={"compare": "colour/3"})
    assert app.selectbox(key="choice.compare").value == ""
    assert "etiology" in app.title[0].value


def test_merging_on_the_spot(open_app: OpenApp) -> None:
    app = open_app("compare", query={"compare": "etiology"})
    app.multiselect(key="compare-merge-etiology").set_value(["Unknown", "Degenerative"]).run()
    app.text_input(key="name-choice.merge_name.etiology").set_value("Other").run()
    rows = [row[1] for row in charts(app)["forest_pain"]["table"]["rows"]]
    assert "Other" in rows
    assert "Degenerative" not in rows
    assert param(app, "merge.etiology") == "etiology~Unknown+Degenerative"
    assert "Other" not in json.dumps(dict(app.query_params))  # free text stays in the session


def test_a_merged_group_has_its_name_in_its_own_column(open_app: OpenApp) -> None:
    app = open_app("compare", state={"_cohort": sample("registry.csv")}, query={"compare": "etiology"}, timeout=120)
    column = sample("registry.csv").columns["center"]
    assert isinstance(column, Category)
    first = list(column.labels[:2])
    app.text_input(key="name-choice.merge_name.etiology").set_value("Other").run()
    app.selectbox(key="choice.compare").set_value("center").run()
    app.multiselect(key="compare-merge-center").set_value(first).run()
    rows = [row[1] for row in charts(app)["forest_pain_back"]["table"]["rows"]]
    assert " + ".join(first) in rows
    assert "Other" not in rows
    assert "Other" not in json.dumps(dict(app.query_params))


def test_every_column_keeps_its_own_merge(open_app: OpenApp) -> None:
    app = open_app("compare", query={"compare": "etiology"})
    app.multiselect(key="compare-merge-etiology").set_value(["Unknown", "Degenerative"]).run()
    app.selectbox(key="choice.compare").set_value("asa").run()
    assert app.multiselect(key="compare-merge-asa").value == []
    app.multiselect(key="compare-merge-asa").set_value(["I", "II"]).run()
    app.selectbox(key="choice.compare").set_value("etiology").run()
    rows = [row[1] for row in charts(app)["forest_pain"]["table"]["rows"]]
    assert any(set(str(row).split(" + ")) == {"Unknown", "Degenerative"} for row in rows)
    assert app.multiselect(key="compare-merge-etiology").value == ["Unknown", "Degenerative"]
    app.multiselect(key="compare-merge-etiology").set_value([]).run()
    assert param(app, "merge.asa") == "asa~I+II"
    assert "merge.etiology" not in app.query_params


def test_groups_with_nobody_are_named_and_not_drawn(open_app: OpenApp) -> None:
    app = open_app("compare", query={"compare": "etiology", "f.etiology": ["Postpartum", "Unknown"]})
    rows = [row[1] for row in charts(app)["forest_pain"]["table"]["rows"]]
    assert {"All", "Postpartum", "Unknown"} == {row for row in rows if row}
    shown = words(app)
    assert "Nobody under this filter: Prior spinal fusion, Ehlers-Danlos syndrome, Posttraumatic and Degen" in shown


@pytest.mark.parametrize("page", ["before_after", "responders", "compare"])
def test_nobody_analysed_is_one_card_that_says_what_to_do(open_app: OpenApp, page: str) -> None:
    app = open_app(page, state={"_cohort": cohort(30, missing=1.0)})
    assert app.title[0].value.startswith("Nobody under this filter has a score both before and after")
    assert "another follow-up" in words(app)
    assert not charts(app)


def test_a_number_is_of_everybody_compared(open_app: OpenApp) -> None:
    app = open_app(
        "compare",
        query={"f.etiology": "Postpartum", "compare": "rest"},
        state={"compare-tabs": "One number against another"},
    )
    against = charts(app)["against"]
    assert "n 29" in json.dumps(against, ensure_ascii=False).replace("\u00a0", " ")
    strip = words(app)
    assert "Postpartum against the rest · 57 operated · 29 analysed" in strip


def test_pinning_says_what_it_does_and_why_it_cannot(open_app: OpenApp) -> None:
    app = open_app("compare")
    assert app.button(key="pin-A").disabled
    assert "choose a filter above, then it can be pinned" in words(app)
    app = open_app("compare", query={"f.etiology": "Postpartum"})
    app.button(key="pin-A").click().run()
    assert "Pinned as A" in app.toast[0].value
    assert app.button_group(key="filter.etiology").value == []


def test_who_improved_is_asked_of_everybody_compared(open_app: OpenApp) -> None:
    app = open_app(
        "compare",
        query={"f.etiology": "Postpartum", "compare": "rest"},
        state={"compare-tabs": "Who did not improve?"},
    )
    shown = words(app).replace("\u00a0", " ")
    assert "Improved enough (n = 20)" in shown
    assert "Did not (n = 9)" in shown


def test_a_filter_against_the_rest(open_app: OpenApp) -> None:
    app = open_app("compare", query={"f.etiology": "Postpartum", "compare": "rest"})
    rows = charts(app)["forest_pain"]["table"]["rows"]
    assert [row[1] for row in rows[:3]] == ["All", "Postpartum", "The rest"]
    assert [row[-1] for row in rows[:3]] == ["29", "13", "16"]


def test_two_pinned_filters(open_app: OpenApp) -> None:
    app = open_app("compare", query={"f.etiology": "Postpartum"})
    app.button(key="pin-A").click().run()
    app.text_input(key="name-choice.pin_a_name").set_value("Mothers").run()
    app.button_group(key="filter.center").set_value(["Heerlen"]).run()
    app.button(key="pin-B").click().run()
    assert app.selectbox(key="choice.compare").value == "two"
    rows = [row[1] for row in charts(app)["forest_pain"]["table"]["rows"][:3]]
    assert rows == ["All", "Mothers", "Heerlen"]
    assert "share patients" in words(app)  # mothers from Heerlen are in both
    assert "Mothers" not in json.dumps(dict(app.query_params))
    app.button(key="pin-forget").click().run()
    assert app.selectbox(key="choice.compare").value == ""


@pytest.mark.parametrize("what", ["responders", "top_two"])
def test_other_outcomes(open_app: OpenApp, what: str) -> None:
    app = open_app("compare", query={"what": what})
    shown = words(app)
    assert "Between groups" in shown
    assert app.title[0].value.startswith(("Responders", "Best two answers"))


def test_all_measures_at_once(open_app: OpenApp) -> None:
    app = open_app("compare", query={"forests": "all"})
    assert {"forest_pain", "forest_eq_vas"} <= set(charts(app))


@pytest.mark.parametrize("of", [cohort(3), cohort(30, missing=1.0), cohort(12, measures=()), cohort(2000)])
def test_other_cohorts(open_app: OpenApp, of: Any) -> None:
    app = open_app("compare", state={"_cohort": of})
    assert app.title[0].value
    drawn = charts(app)
    assert all(len(json.dumps(c["figure"])) < 60_000 for c in drawn.values())


def test_labels_that_bite(open_app: OpenApp) -> None:
    bites = ("<script>x</script>", "**bold** $x$", "a=b&c~d+e")
    app = open_app("compare", state={"_cohort": cohort(60, etiologies=bites)}, query={"compare": "etiology"})
    figure = json.dumps(charts(app)["forest_vas_pain"]["figure"])
    assert "<script>" not in figure


def test_a_registry_by_center(open_app: OpenApp) -> None:
    app = open_app("compare", state={"_cohort": sample("registry.csv")}, query={"compare": "center"}, timeout=120)
    assert "12 groups by center" in words(app)
    app.session_state["center-view"] = "Funnel"
    app.run()
    assert "funnel" in charts(app)
    assert "9 of 10 centers with 10 patients or more lie within" in app.title[0].value
    app.session_state["choice.center"] = "Dunmoor"
    for view in ("In order", "Table", "Over time", "Patient by patient", "Response"):
        app.session_state["center-view"] = view
        app.run()
        assert not app.exception
        adjusted = "Adjusted for" in [box.label for box in app.multiselect]
        assert adjusted == (view not in ("Over time", "Response")), f"{view}: nothing is adjusted for there"


def test_nobody(open_app: OpenApp) -> None:
    app = open_app("compare", query={"f.etiology": "Posttraumatic", "f.sex": "Male", "f.age": "70.."})
    assert app.title[0].value == "No patient matches this filter"


def test_a_filter_on_the_first_column_is_set_against_the_rest(open_app: OpenApp) -> None:
    """Of etiology the filter leaves one group: there is nothing to compare by it, but there is with the others."""
    app = open_app("compare", query={"f.etiology": "Postpartum"})
    assert app.title[0].value.replace("\\", "").startswith("VAS pain, Postpartum against the rest: ")
    rows = [row[1] for row in charts(app)["forest_pain"]["table"]["rows"]]
    assert rows == ["All", "Postpartum", "The rest"]
    assert "Compare by etiology" not in words(app)
    two = open_app("compare", query={"f.etiology": ["Postpartum", "Unknown"]})
    assert two.title[0].value.replace("\\", "").startswith("VAS pain by etiology: ")


def test_one_group_by_choice_is_said_and_no_empty_table_is_drawn(open_app: OpenApp) -> None:
    app = open_app("compare", query={"f.etiology": "Postpartum", "compare": "etiology"})
    assert app.title[0].value.replace("\\", "") == "VAS pain by etiology: only Postpartum under this filter"
    said = words(app)
    assert "fewer than two groups have at least 3 pairs" in said
    assert "Difference between two groups" not in said
    assert "Adjusted for baseline" not in said


def test_all_at_once_is_not_titled_by_one_of_them(open_app: OpenApp) -> None:
    app = open_app("compare", query={"what": "top_two", "forests": "all", "compare": "center"})
    assert app.title[0].value.replace("\\", "") == "Best two answers by center: 7 outcomes side by side"
    one = open_app("compare", query={"what": "top_two", "compare": "center"})
    assert "Complaints reduced by center" in one.title[0].value
