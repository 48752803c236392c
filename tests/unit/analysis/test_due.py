"""Not yet due is not missing: who waits changes no denominator of that time point, anywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lib.analysis import Analysis, default_rule
from lib.analysis.attrition import measure_flow
from lib.analysis.yes_no import yes_no_between
from lib.cohort.cohort import BASELINE, Category, Cohort
from lib.cohort.selection import Population, Selection
from lib.present.sentences.patients import completeness_words, missing_title, patients_title
from lib.report.numbers import results
from lib.report.report import build_report
from tests.cohorts import FOLLOW_UP, cohort
from tests.sample import sample

BEFORE_OR_TREATED = ("flow", "table_one", "events", f"yesno:opioids:{BASELINE}")
"""Counted over everybody treated, whatever is due."""


@pytest.fixture(scope="module")
def half_waits() -> Cohort:
    """60 patients; every second one has nothing at follow-up yet, the others miss some of it."""
    made = cohort(60, missing=0.2)
    waits = np.arange(made.n) % 2 == 1
    rng = np.random.default_rng(4)

    def cut(values: Any, absent: float) -> Any:
        found = values.copy()
        found[waits | (rng.random(made.n) < 0.1)] = absent
        return found

    scores = {k: cut(v, np.nan) if k[1] == FOLLOW_UP else v for k, v in made.scores.items()}
    answers = {k: cut(v, -1) for k, v in made.answers.items()}
    yesno = {k: cut(v, -1) if k[1] == FOLLOW_UP else v for k, v in made.yesno.items()}
    due = Category("due", "Due", ("yes", "no"), waits.astype(np.int32))
    return replace(
        made,
        scores=scores,
        answers=answers,
        yesno=yesno,
        columns={**made.columns, "due": due},
        not_due={FOLLOW_UP: waits},
        _counts={},
    )


def _results(of: Cohort, selection: Selection) -> dict[str, Any]:
    analysis = Analysis(of, selection, Population.ALL)
    rules = {key: default_rule(measure) for key, measure in of.measures.items()}
    found = dict(results(build_report(analysis, rules=rules).plan))
    for name, value in found.items():
        if name.startswith("excluded"):
            value.pop("not_yet_due")
        if name.startswith("what_if"):
            value["people"].pop("waiting")
    return {name: value for name, value in found.items() if not name.startswith(BEFORE_OR_TREATED)}


def test_every_result_is_that_of_the_patients_who_are_due(half_waits: Cohort) -> None:
    everybody, due = _results(half_waits, Selection()), _results(half_waits, Selection.of({"due": ["yes"]}))
    assert len(everybody) > 12
    assert everybody == due


def test_every_denominator_on_screen_is_of_those_due(half_waits: Cohort) -> None:
    everybody = Analysis(half_waits, population=Population.ALL)
    due = Analysis(half_waits, Selection.of({"due": ["yes"]}), Population.ALL)
    flow, other = everybody.flow(FOLLOW_UP), due.flow(FOLLOW_UP)
    assert (
        (flow.selected - flow.not_due, flow.analysed_selected) == (other.selected, other.analysed_selected) == (30, 24)
    )
    row, same = (yes_no_between(a, "opioids", BASELINE, FOLLOW_UP, a.people(FOLLOW_UP)) for a in (everybody, due))
    assert row == same
    assert row.people == 30
    lost, kept = (measure_flow(a, "vas_pain", FOLLOW_UP) for a in (everybody, due))
    assert missing_title(lost) == missing_title(kept).replace(" of 30 ", " of 30 due ") + "; 30 not yet due"
    assert "24 of 30" in completeness_words(lost)
    assert patients_title(flow, build_report(everybody).plan.table_one(None)).startswith(
        "24 of 30 operated patients due (30 not yet due) are analysed"
    )


def test_the_registry_at_24_months() -> None:
    registry = sample("registry.csv")
    analysis = Analysis(registry)
    measure = registry.measure("odi")
    rule = default_rule(measure)
    assert rule is not None
    found = analysis.responder_bounds(measure.key, "24m", rule)
    shares = (found.worst.count, found.worst.n, round(found.worst.share * 100, 1), round(found.best.share * 100, 1))
    assert shares == (348, 962, 36.2, 74.9)  # was 348 of 2,000, 17.4%
    flow = analysis.flow("24m")
    assert (flow.selected, flow.not_due) == (2000, 1038)
