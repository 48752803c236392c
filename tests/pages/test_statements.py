"""Statements through AppTest: the sample, groups, two together, told direction, one scale beside another, nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.cohort.cohort import Statement
from tests.cohorts import FOLLOW_UP, cohort
from tests.pages.conftest import OpenApp
from tests.pages.screen import charts, words


def test_the_sample_in_the_top_two(open_app: OpenApp) -> None:
    app = open_app("statements")
    drawn = charts(app).values()
    rows = next(c for c in drawn if c["file_name"] == "likert_0")["table"]["rows"]
    shares = [float(row[2]) for row in rows if row[0] == "Best two answers"]
    assert shares == pytest.approx([k / 29 for k in (25, 24, 23, 18, 17, 16, 8)], abs=1e-4)
    shown = words(app)
    assert "least: “Completely free of complaints”, 8 of 29" in shown
    assert "Best answers by etiology" in shown
    assert "corrected" in shown


@pytest.mark.parametrize("layout", ["diverging", "aside", "100%", "nonsense"])
def test_every_layout(open_app: OpenApp, layout: str) -> None:
    assert "What patients say" in words(open_app("statements", query={"bars": layout}))


def test_by_group_every_statement_is_a_row_and_one_at_a_time_has_bars(open_app: OpenApp) -> None:
    table = words(open_app("statements"))
    assert '<td title="11 of 13"' in table
    assert table.count('<span role="img" aria-label="5 of 5">') == 3  # unknown etiology: one square per patient
    one = open_app("statements", query={"each.0": "one", "one_statement.0": "Complaints reduced"})
    drawn = next(c for c in charts(one).values() if c["file_name"] == "groups_0")
    assert {row[1] for row in drawn["table"]["rows"]} == {
        f"Complaints reduced: {name}"
        for name in (
            "All",
            "Postpartum",
            "Unknown",
            "Prior spinal fusion",
            "Ehlers-Danlos syndrome",
            "Posttraumatic",
            "Degenerative",
        )
    }


@pytest.mark.parametrize("order", ["file", "agreement", "name"])
def test_every_order(open_app: OpenApp, order: str) -> None:
    assert "What patients say" in words(open_app("statements", query={"order": order}))


def test_two_statements_together(open_app: OpenApp) -> None:
    app = open_app("statements", state={"statement_tabs": "Two statements together"})
    shown = words(app)
    assert "“Satisfied with the results”: 18 of 29; “Would have the same surgery again”: 24 of 29" in shown
    app.session_state["_cell"] = ("satisfied_with_results", "same_surgery_again", (2, 3))
    assert "Row in the file" in words(app.run())


def test_a_statement_turned_around_on_every_page(open_app: OpenApp) -> None:
    app = open_app("statements", query={"turned": "complaint_free"})
    assert "Worded in reverse" in words(app)
    overview = open_app(query={"turned": "complaint_free"})
    assert "15 of 29" in words(overview)  # disagree 9 and totally disagree 6


def test_the_toggle_turns_a_statement(open_app: OpenApp) -> None:
    app = open_app("statements", query={"told_statement": "complaint_free"})
    app.toggle(key="turned_complaint_free").set_value(True).run()
    assert app.session_state["choice.turned"] == "complaint_free"
    assert "Worded in reverse" in words(app)
    app.toggle(key="turned_complaint_free").set_value(False).run()
    assert "Worded in reverse" not in words(app)


def test_answers_put_in_order(open_app: OpenApp) -> None:
    made = cohort(12)
    statement = Statement("mood", "My mood", ("good", "bad", "so so"))
    answers = {("mood", FOLLOW_UP): np.array([0, 1, 2] * 4, dtype=np.int8)}
    made = replace(made, statements={"mood": statement}, answers=answers)
    app = open_app("statements", state={"_cohort": made})
    app.multiselect(key="ordered_mood").set_value([1, 2, 0]).run()
    assert app.session_state["choice.levels.mood"] == "1.2.0"
    shown = words(app)
    assert shown.index("bad") < shown.index("so so")


def test_a_statement_that_looks_reversed_is_asked_about(open_app: OpenApp) -> None:
    made = cohort(20, statements={"regret": "I regret the surgery", "good": "I am satisfied"})
    assert "may be worded in reverse" in words(open_app("statements", state={"_cohort": made}))


def test_two_scales_stand_in_two_charts(open_app: OpenApp) -> None:
    made = cohort(15)
    answers = {**made.answers, ("score", FOLLOW_UP): (np.arange(15) % 11).astype(np.int8)}
    numbers = Statement("score", "How likely are you to recommend", tuple(str(k) for k in range(11)))
    made = replace(made, statements={**made.statements, "score": numbers}, answers=answers)
    shown = words(open_app("statements", state={"_cohort": made}))
    assert "How likely are you to recommend" in shown


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_patients(open_app: OpenApp, n: int) -> None:
    for tab in ("By group", "Two statements together", "Every answer"):
        assert "of" in words(open_app("statements", state={"_cohort": cohort(n), "statement_tabs": tab}))


def test_nobody_answered_and_nothing_asked(open_app: OpenApp) -> None:
    made = cohort(6)
    silent = replace(made, answers={key: np.full(6, -1, np.int8) for key in made.answers})
    for tab in ("By group", "Two statements together", "Every answer"):
        assert "Nobody under this filter has an answer" in words(
            open_app("statements", state={"_cohort": silent, "statement_tabs": tab})
        )
    assert "No statements" in words(open_app("statements", state={"_cohort": cohort(6, statements={})}))


def test_one_statement_has_no_pair(open_app: OpenApp) -> None:
    made = cohort(8, statements={"only": "The only one"})
    app = open_app("statements", state={"_cohort": made, "statement_tabs": "Two statements together"})
    assert "only one statement" in words(app)


def test_compare_by_is_obeyed(open_app: OpenApp) -> None:
    shown = words(open_app("statements", query={"compare": "center"}))
    assert "Best answers by center" in shown
    assert "Cliff’s delta" in shown


def test_a_filter_on_etiology_is_set_against_the_rest_by_group(open_app: OpenApp) -> None:
    assert "Postpartum against the rest" in words(open_app("statements", query={"f.etiology": "Postpartum"}))
