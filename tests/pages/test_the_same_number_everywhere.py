"""One filter, every page: the number of a title, a card, a table, a chart and a sentence is the same number.

Nothing is computed here: what one page prints is looked for on the others.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words
from tests.sample import sample

FILTERS: dict[str, dict[str, Any]] = {
    "everybody": {},
    "thirteen": {"f.etiology": "Postpartum"},
    "seven": {"f.etiology": ["Prior spinal fusion", "Ehlers-Danlos syndrome"]},
    "four": {"f.etiology": "Ehlers-Danlos syndrome"},
    "two": {"f.etiology": "Posttraumatic"},
    "one center, older": {"f.center": "Heerlen", "f.age": "45.."},
}
MEASURES = {"pain": "VAS pain", "eq5d3l_index:europe_vas": "EQ-5D-3L index", "eq_vas": "EQ VAS"}
CARD = re.compile(r"n (\d+) · (?:95% CI ([−\d.]+) to ([−\d.]+)|no CI)")


def title(app: AppTest) -> str:
    return app.title[0].value.replace("\\", "").replace("\u00a0", " ")


def cards(app: AppTest) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """What the Overview prints of each measure: improvement, n, both ends of the interval (none for two patients)."""
    quiet = [m.value.replace("\\", "").replace("\u00a0", " ") for m in app.markdown]
    found = [match for text in quiet if (match := CARD.search(text))]
    metrics = [m for m in app.metric if "improvement" in m.label]
    assert len(found) == len(metrics) == len(MEASURES)
    ends = [tuple(end for end in match.groups()[1:] if end) for match in found]
    names = [m.label.split("**")[1].replace("\\", "") for m in metrics]
    return {name: (str(m.value), match[1], e) for name, m, match, e in zip(names, metrics, found, ends, strict=True)}


def responders(app: AppTest) -> list[str]:
    """ "20 of 29" of each measure, from the cards of the Overview."""
    return re.findall(r"(\d+ of \d+)(?: \([\d.]+%\))? improved by ≥", words(app))


@pytest.mark.parametrize("which", FILTERS)
def test_the_improvement_of_a_card_is_that_of_every_page(open_app: OpenApp, which: str) -> None:
    query = FILTERS[which]
    shown = cards(open_app("", query=query))
    for key, name in MEASURES.items():
        value, n, ends = shown[name]
        plain = value.lstrip("+")
        app = open_app("before_after", query={**query, "measure": key})
        said = words(app)
        gained = title(app)
        amount = plain.lstrip("−")
        few = int(n) < FEWEST_COMPARED
        if few:  # each patient's own improvement: its mean is the one of the sentence
            each = [float(part.replace("−", "-")) for part in value.split(" and ")]
            mean = float(re.search(r", a mean improvement of ([−\d.]+) point", said)[1].replace("−", "-"))
            assert len(each) == int(n)
            assert sum(each) / len(each) == pytest.approx(mean, abs=0.0006)
        if int(n) < FEWEST_TO_TEST:  # small groups: both means, no verb
            assert re.fullmatch(rf"{n} patients?: {name} [−\d.]+ → [−\d.]+, too few to test", gained), (name, gained)
            assert few or f", a mean improvement of {plain} point" in said
        elif "pseudomedian improvement" in said:  # Wilcoxon leads: its estimate, not the mean of the title
            assert re.search(rf"\(n = {n}\); the pseudomedian improvement \(Hodges–Lehmann\) was {plain} point", said)
        else:
            assert re.search(rf"(improvement|worsening) of {re.escape(amount)}\b", gained), (name, gained, value)
            assert ("worsening" in gained) == value.startswith("−")
            assert f"(n = {n}), a mean improvement of {plain}" in said
        interval = f"{ends[0]} to {ends[1]}" if ends else ""
        assert f"95% CI {interval}" in said if ends else "no test: " in said
        drawn = charts(app)
        if "pseudomedian improvement (Hodges–Lehmann) was" in said:  # and they say so
            assert re.search(rf"a pseudomedian (improvement|worsening) of {re.escape(amount)}\b", gained)
            along = str(drawn["improvements"]["figure"]["layout"]["annotations"])
            assert "pseudomedian improvement" in along
        assert few or value in str(drawn["improvements"]["figure"]["layout"]["annotations"])
        compared = open_app("compare", query={**query, "measure": key, "compare": "center"})
        forest = charts(compared)[f"forest_{key.replace(':', '-')}"]["figure"]
        row = [a["text"] for a in forest["layout"]["annotations"]]
        assert re.sub(r"</?b>", "", row[0]).replace("\u00a0", " ") == f"All n {n}"
        assert re.sub(r"</?b>", "", row[1]) == (f"{value}  {interval}" if ends else f"{n} patients, no estimate")


@pytest.mark.parametrize("which", FILTERS)
def test_the_responders_of_a_card_are_those_of_every_page(open_app: OpenApp, which: str) -> None:
    query = FILTERS[which]
    start = open_app("", query=query)
    shares = responders(start)
    assert len(shares) == len(MEASURES)
    assert f"{shares[0]} improved by at least 2 points" in title(start)
    for (key, name), share in zip(MEASURES.items(), shares, strict=True):
        app = open_app("responders", query={**query, "measure": key})
        count, n = share.split(" of ")
        assert re.match(rf"{name}: {count} of {n} patients?( \([\d.]+%\))? improved", title(app))
        rates = charts(app)["outcomes"]["figure"]
        rows = [a["text"] for a in rates["layout"]["annotations"] if a["xanchor"] == "right"]
        assert rows[list(MEASURES).index(key)].startswith(f"<b>{share}")
        bars = [t for t in rates["data"] if t["type"] == "bar"]
        counted = [t["customdata"][list(MEASURES).index(key)] for t in bars]
        assert counted[0] == int(count)
        assert sum(counted) == int(n)
        dots = charts(open_app("before_after", query={**query, "measure": key}))["improvements"]["figure"]
        beside = [re.sub(r"</?b>", "", a["text"]) for a in dots["layout"]["annotations"]]  # bold from ten pairs on
        assert f"{count} improved" in beside


@pytest.mark.parametrize("which", FILTERS)
def test_statements_and_safety_of_the_overview_are_those_of_their_pages(open_app: OpenApp, which: str) -> None:
    query = FILTERS[which]
    start = open_app("", query=query)
    top = {row[0]: row[1:] for row in charts(start)["top_two"]["table"]["rows"]}
    page = open_app("statements", query=query)
    again = {row[0]: row[1:] for row in charts(page)["likert_0"]["table"]["rows"]}
    for name, row in top.items():
        assert row[0] == again[name][0], name
    satisfied = next(
        a["text"] for a in charts(start)["top_two"]["figure"]["layout"]["annotations"] if " of " in a["text"]
    )
    assert re.sub(r"</?b>", "", satisfied) in str(charts(page)["likert_0"]["figure"]["layout"]["annotations"])

    metrics = {m.label.split("**")[1]: str(m.value) for m in start.metric}
    safety = open_app("safety", query=query)
    hurt, people = metrics["Adverse events"].split(" of ")
    said = title(safety)
    assert said.startswith(f"{hurt} of {people} patient") if int(hurt) else said.startswith(("None of", "The one"))
    before, after = metrics["Opioid use"].split(" → ")
    if "too few to test" in said:
        assert f"{before} → {after} of" in said
    else:
        assert f"from {before} to {after} of" in said if before != after else f"stayed at {before} of" in said


@pytest.mark.parametrize("which", FILTERS)
def test_the_operated_and_analysed_of_the_sidebar_are_those_of_the_patients_page(open_app: OpenApp, which: str) -> None:
    query = FILTERS[which]
    app = open_app("patients", query=query)
    told = words(app).replace("*", "")
    operated = re.search(r"(\d+)(?: of 57)? operated\b", told.replace(title(app), ""))
    analysed = re.search(r"(\d+)(?: of 29)? analysed\b", told)
    assert operated
    assert analysed
    assert f"{analysed[1]} of {operated[1]} operated patient" in title(app)
    assert f"All (n = {analysed[1]})" in told
    missing = open_app("patients", query=query, state={"patients-tab": "Who is missing"})
    gone = int(operated[1]) - int(analysed[1])
    assert f"VAS pain: {gone} of {operated[1]} " in title(missing)


def test_the_registry_agrees_too(open_app: OpenApp) -> None:
    state = {"_cohort": sample("registry.csv")}
    start = open_app("", state=state, timeout=120)
    share = responders(start)[0]
    app = open_app("responders", state=state, timeout=120)
    count, n = share.split(" of ")
    assert title(app).startswith(f"VAS back pain: {count} of {n} patients ")
    value = next(str(m.value) for m in start.metric if "VAS back pain" in m.label)
    assert f"improvement of {value.lstrip('+')} points" in title(open_app("before_after", state=state, timeout=120))
