"""The text of a chart says what that chart shows, not what the page's title says already."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from lib.present.sentences.responders import improved_of
from lib.stats.results import NotComputed
from tests.pages.conftest import OpenApp


def said(app: AppTest) -> dict[str, str]:
    """What each chart of the page says for those who do not see it."""
    charts = [e.proto for e in app.get("bidi_component") if e.proto.component_name.endswith(".chart")]
    told = [json.loads(proto.bytes) for proto in charts]
    return {each["file_name"]: each["alt"] for each in told}


def test_where_nothing_is_computed_no_number_is_named() -> None:
    assert improved_of([("VAS pain", NotComputed("2 pairs", 2))]) == "Improved"


@pytest.mark.parametrize("page", ["", "responders", "before_after", "eq5d", "statements"])
@pytest.mark.parametrize("query", [{}, {"f.etiology": "Postpartum", "compare": "center"}], ids=["all", "by center"])
def test_charts_of_one_page_say_different_things(open_app: OpenApp, page: str, query: dict[str, str]) -> None:
    findings = [alt.partition(". ")[2] for alt in said(open_app(page, query={**query, "each.0": "one"})).values()]
    assert len(findings) > 1
    assert sorted(set(findings)) == sorted(findings)


def test_what_the_charts_of_the_sample_say(open_app: OpenApp) -> None:
    responders = said(open_app("responders"))
    assert "Improved: VAS pain 20 of 29; EQ-5D-3L index 21 of 29; EQ VAS 15 of 29" in responders["outcomes"]
    patients = "20 of 29 count as improved, 6 as changed by less, 3 as worsened; from 2.00 worse to 10.00 better"
    assert patients in responders["waterfall"]
    assert "20 past the threshold" in responders["scatter"]
    assert patients in said(open_app("before_after"))["improvements"]
    moved = "largest net change in pain/discomfort, 15 of 29 patients better and 1 worse"
    assert moved in said(open_app("eq5d"))["dimensions"]
    groups = said(
        open_app("statements", query={"compare": "center", "each.0": "one", "one_statement.0": "Complaints reduced"})
    )["groups_0"]
    assert "best answers of “Complaints reduced”: " in groups
    assert "of 16" in groups
