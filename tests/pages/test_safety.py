"""Safety and opioids through AppTest: the sample's figures, groups, listing, no events, nobody, three time points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.cohorts import cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words
from tests.sample import sample
from tests.unit.analysis.test_safety import hurt, three_times

MORE = "safety-more"


def test_the_samples_events(open_app: OpenApp) -> None:
    app = open_app("safety", state={MORE: "Patients and events"})
    said = words(app)
    assert app.title[0].value == (
        "6 of 57 patients had an adverse event (4 of the 29 analysed); opioid use fell from 13 to 7 of 29"
    )
    assert "6 of 57 (10.5%) patients, 95% CI 4.0 to 21.5% (Clopper–Pearson); 6 events" in said
    assert "Of those analysed 4 of 29 (13.8%), 95% CI 3.9 to 31.7%" in said
    assert "6 (10.5%)" in said  # all operated beside the analysed
    assert "Operations: 67, of which 10 on a second side" in said
    assert "90.1 to 100.0%" in said  # implant position, 53 of 54
    assert set(charts(app)) == {"events", "alluvial"}


def test_the_samples_opioids(open_app: OpenApp) -> None:
    said = words(open_app("safety"))
    assert "exact p = 0.070, mid-p = 0.039" in said
    assert "Change −20.7 percentage points (95% CI −37.8 to −1.5" in said
    assert "(Hermans et al. 2022) prints p = 0.026 for this table: that is Fisher’s exact test" in said
    assert "The paper prints" not in words(open_app("safety", query={"f.center": "Heerlen"}))


def test_the_two_loosenings_with_their_change(open_app: OpenApp) -> None:
    assert "8 to 7" not in words(open_app("safety")), "the list comes when it is asked for"
    said = words(open_app("safety", state={MORE: "Every event"}))
    assert "8 to 7" in said
    assert "6 to 3" in said


def test_by_group(open_app: OpenApp) -> None:
    said = words(open_app("safety", state={"choice.compare": "center"}))
    assert "3 of 31 (9.7%, 2.0 to 25.8%)" in said
    assert "Between groups, exploratory: Fisher" in said
    assert "0.999" in said  # Fisher, 3 of 31 against 3 of 26


def test_zero_events_say_what_cannot_be_excluded(open_app: OpenApp) -> None:
    said = words(open_app("safety", query={"f.etiology": "Ehlers-Danlos syndrome"}))
    assert "cannot be excluded" in said or "had an adverse event" in said


def test_no_events_in_the_file(open_app: OpenApp) -> None:
    app = open_app("safety", state={"_cohort": cohort(20, events=False, synthetic=False)})
    assert "the file does not record adverse events" in words(app)
    assert "events" not in charts(app)


def test_several_events_of_one_patient(open_app: OpenApp) -> None:
    said = words(open_app("safety", state={"_cohort": hurt(), "choice.people": "all"}))
    assert "2 of 20 (10.0%) patients" in said
    assert "3 events, 1 had more than one" in said


def test_other_time_points(open_app: OpenApp) -> None:
    app = open_app("safety", state={"_cohort": three_times(), "choice.people": "all"})
    app.selectbox(key="choice.from").set_value("12m").run()
    assert "nobody’s answer changed" in words(app)


@pytest.mark.parametrize("n", [1, 3])
def test_few(open_app: OpenApp, n: int) -> None:
    assert open_app("safety", state={"_cohort": cohort(n), "choice.people": "all"}).title[0].value


def test_nobody(open_app: OpenApp) -> None:
    app = open_app("safety", query={"f.etiology": "Posttraumatic", "f.age": "70..", "f.sex": "Male"})
    assert app.title[0].value == "No patient matches this filter"


def test_nobody_answered_twice(open_app: OpenApp) -> None:
    made = cohort(20)
    made.yesno["opioids", "12m"].setflags(write=True)
    made.yesno["opioids", "12m"][:] = np.int8(-1)
    assert "nobody has an answer at both" in words(open_app("safety", state={"_cohort": made}))


def test_events_without_any_score(open_app: OpenApp) -> None:
    made = cohort(20, events=True)
    bare = replace(made, measures={}, primary=(), scores={}, _counts={})
    said = words(open_app("safety", state={"_cohort": bare, "choice.people": "all", MORE: "Every event"}))
    assert "Every event, with the patient's change" in said


def test_a_long_list_of_events_stands_behind_a_switch(open_app: OpenApp) -> None:
    more = {MORE: "Every event"}
    app = open_app("safety", state={"_cohort": sample("registry.csv"), **more}, timeout=120)
    assert [e.label for e in app.expander] == ["All 183 events"]
    assert not open_app("safety", state=more).expander


def test_time_to_revision_is_a_view_of_the_page(open_app: OpenApp) -> None:
    app = open_app("safety", state={"_cohort": sample("registry.csv"), "safety-view": "Time to event"}, timeout=120)
    assert "revised within 2 years" in app.title[0].value
    assert "time_to_event" in charts(app)
    assert "reverse Kaplan" in words(app)
