"""Responders through AppTest: the slider, every kind of rule, both denominators, the edges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cohorts import PAIN, cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words
from tests.sample import sample


def test_the_sample_at_its_threshold(open_app: OpenApp) -> None:
    app = open_app("responders")
    assert "VAS pain: 20 of 29 patients (69.0%) improved by at least 2 points" in words(app)
    assert "95% CI 50.8 to 82.7% (Wilson)" in words(app)
    assert "20 of 57 (35.1%) if none of them improved, 48 of 57 (84.2%) if all did" in words(app)


def test_the_curve_meets_the_table_at_every_stop(open_app: OpenApp) -> None:
    app = open_app("responders")
    for value in (1.0, 2.0, 2.7, 3.0, 4.5):
        app.slider(key="choice.t.pain").set_value(value).run()
        drawn = charts(app).values()
        curve = next(c for c in drawn if c["file_name"] == "curve")
        at = next(row for row in curve["table"]["rows"] if row[0] == "At the threshold")
        steps = [row for row in curve["table"]["rows"] if row[0] != "At the threshold"]
        known = [float(r[2]) for r in steps if float(r[1]) >= value]
        assert float(at[2]) == pytest.approx(known[0], abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("percent", "improved by at least 30% of baseline"),
        ("state", "9 of 29 patients (31.0%) ended at 3 points or lower"),
        ("change and state", "improved by at least 2 points and ended at 3 or lower"),
    ],
)
def test_every_kind_of_rule(open_app: OpenApp, kind: str, said: str) -> None:
    app = open_app("responders", query={"kind": kind})
    assert said in words(app)


def test_a_percentage_is_not_offered_where_the_scale_goes_below_zero(open_app: OpenApp) -> None:
    app = open_app("responders", query={"measure": "eq5d3l_index:europe_vas", "kind": "percent"})
    assert "21 of 29 patients (72.4%) improved by at least 0.074" in words(app)


def test_missing_as_not_improved(open_app: OpenApp) -> None:
    assert "20 of 57 (35.1%) improved by at least 2 points" in words(open_app("responders", query={"over": "all"}))


@pytest.mark.parametrize("patients", [0.0, 1.0])
def test_everybody_or_nobody_missing(open_app: OpenApp, patients: float) -> None:
    app = open_app("responders", state={"_cohort": cohort(12, missing=patients)})
    assert "VAS pain" in words(app)


def test_the_choice_is_in_the_address(open_app: OpenApp) -> None:
    app = open_app("responders", query={"t.pain": "3"})
    assert "improved by at least 3 points" in words(app)


def test_groups_have_their_curves_bars_and_differences(open_app: OpenApp) -> None:
    app = open_app("responders", query={"compare": "center"})
    drawn = charts(app)
    names = {row[0] for row in drawn["curve"]["table"]["rows"]}
    assert {"Heerlen", "Enschede"} <= names
    assert "Enschede − Heerlen" in words(app)
    assert "one comparison, nothing to correct" in words(app)


def test_a_group_of_two_stays_out_of_the_differences(open_app: OpenApp) -> None:
    app = open_app("responders", query={"compare": "etiology"})
    assert "Fewer than 3 pairs, left out of the differences: Posttraumatic (2), Degenerative (2)" in words(app)


def test_without_a_published_value_nothing_is_invented(open_app: OpenApp) -> None:
    unknown = replace(PAIN, thresholds=())
    app = open_app("responders", state={"_cohort": cohort(40, measures=(unknown,))})
    assert "VAS pain: how much improvement counts?" in words(app)
    assert "nothing is published for this measure" in words(app)
    app.number_input(key="first.choice.t.vas_pain").set_value(3).run()
    assert "improved by at least 3 points" in words(app)


def test_notches_are_named_only_where_they_are_drawn(open_app: OpenApp) -> None:
    assert "one notch per patient" in words(open_app("responders"))
    registry = open_app("responders", state={"_cohort": sample("registry.csv")}, timeout=120)
    assert "one notch per patient" not in words(registry)


def test_sources_that_agree_are_counted_in_words(open_app: OpenApp) -> None:
    app = open_app("responders")
    assert any("and 2 others" in b.label for b in app.button)


def test_an_open_scale_offers_points_and_measurement_error_only(open_app: OpenApp) -> None:
    """Measurement error needs no end of the scale, so there is a choice on every scale now."""
    made = cohort(40, measures=(PAIN,))
    unbounded = replace(made, measures={PAIN.key: replace(PAIN, low=None, high=None)})
    app = open_app("responders", state={"_cohort": unbounded})
    (control,) = [g for g in app.button_group if g.label == "A patient counts as improved by"]
    assert list(control.options) == ["Points", "Beyond measurement error"]


def test_beyond_measurement_error_nothing_is_assumed(open_app: OpenApp) -> None:
    app = open_app("responders", query={"kind": "reliable"})
    assert app.number_input(key="choice.r.pain").value is None
    assert "how much improvement counts?" in words(app)
    app.number_input(key="choice.r.pain").set_value(0.8).run()
    assert "beyond measurement error, reliability 0.80" in words(app)
    assert "0.8 stated by the user, test–retest" in words(app)


def test_the_remark_of_another_population_stands_beside_the_number(open_app: OpenApp) -> None:
    app = open_app("responders", query={"measure": "eq_vas"})
    assert "found in cancer, another population than surgery" in words(app)


def test_the_anchor_of_the_mcid_is_asked_and_nothing_chosen_beforehand(open_app: OpenApp) -> None:
    app = open_app("responders", state={"tabs-2": "Where does the MCID come from"})
    said = words(app)
    assert "choose the anchor question" in said
    assert "there is no default" in said
    app.selectbox(key="choice.anchor").set_value("complaints_reduced").run()
    assert "no rating of change" in words(app)
    assert "choose the anchor question" in words(app)
