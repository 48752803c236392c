"""Not yet due is not missing, nor is who died before: they change no denominator of that time point, anywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.analysis import Analysis, default_rule
from lib.analysis.attrition import analysed_against_not, by_category, by_period, measure_flow
from lib.analysis.cross_table import cross_table
from lib.analysis.groups.comparison import ByColumn
from lib.analysis.missing import missing_values
from lib.analysis.table_one import table_one
from lib.analysis.trends import response, trend
from lib.analysis.what_if_people import frame_of, usual
from lib.analysis.yes_no import yes_no_between
from lib.cohort.cohort import BASELINE, Category, Cohort, Dates
from lib.cohort.due import died_before_due, not_due
from lib.cohort.selection import Population, Selection
from lib.present.sentences.patients import completeness_words, missing_title, patients_title
from lib.report.numbers import results
from lib.report.report import build_report
from tests.cohorts import EQ_VAS, FOLLOW_UP, cohort
from tests.sample import sample

BEFORE_OR_TREATED = ("flow", "table_one", "events", f"yesno:opioids:{BASELINE}")
"""Counted over everybody treated, whatever is due."""


@pytest.fixture(scope="module")
def half_waits() -> Cohort:
    """120 patients; of half nothing is due yet, 21 have died (one of them waited), the others miss some of it."""
    made = cohort(120, missing=0.2)
    place = np.arange(made.n)
    waits, died = place % 2 == 1, (place % 6 == 0) | (place == 1)
    left = waits | died
    rng = np.random.default_rng(4)

    def cut(values: Any, absent: float) -> Any:
        found = values.copy()
        found[left | (rng.random(made.n) < 0.1)] = absent
        return found

    scores = {k: cut(v, np.nan) if k[1] == FOLLOW_UP else v for k, v in made.scores.items()}
    answers = {k: cut(v, -1) for k, v in made.answers.items()}
    yesno = {k: cut(v, -1) if k[1] == FOLLOW_UP else v for k, v in made.yesno.items()}
    due = Category("due", "Due", ("yes", "no"), left.astype(np.int32))
    days = np.datetime64("2020-01-01") + (place * 5).astype("timedelta64[D]")
    treated = Dates("surgery_date", "Date of surgery", days, role="surgery_date")
    only_after = replace(EQ_VAS, key="ceiling", label="Asked afterwards")
    scores["ceiling", FOLLOW_UP] = scores["eq_vas", FOLLOW_UP]
    return replace(
        made,
        scores=scores,
        answers=answers,
        yesno=yesno,
        measures={**made.measures, "ceiling": only_after},
        columns={**made.columns, "due": due, "surgery_date": treated},
        not_due={FOLLOW_UP: waits},
        died={FOLLOW_UP: died},
        _counts={},
    )


def _results(of: Cohort, selection: Selection) -> dict[str, Any]:
    analysis = Analysis(of, selection, Population.ALL)
    rules = {key: default_rule(measure) for key, measure in of.measures.items()}
    found = dict(results(build_report(analysis, rules=rules).plan))
    for name, value in found.items():
        if name.startswith("excluded"):
            value.pop("not_yet_due")
            value.pop("died")
        if name.startswith("what_if"):
            value["people"].pop("waiting")
            value["people"].pop("died")
    return {name: value for name, value in found.items() if not name.startswith(BEFORE_OR_TREATED)}


def test_every_result_is_that_of_the_patients_who_are_due(half_waits: Cohort) -> None:
    everybody, due = _results(half_waits, Selection()), _results(half_waits, Selection.of({"due": ["yes"]}))
    assert len(everybody) > 12
    assert everybody == due


def _denominators(analysis: Analysis) -> dict[str, Any]:
    """Everything of the product that is counted out of patients at a time point, by where it stands."""
    cohort = analysis.cohort
    rule = default_rule(cohort.measure("vas_pain"))
    assert rule is not None
    bounds = analysis.responder_bounds("vas_pain", FOLLOW_UP, rule)
    statement = analysis.statement("satisfied", FOLLOW_UP)
    crossed = cross_table(analysis, "satisfied", "recommend_surgery", FOLLOW_UP)
    centers = by_category(analysis, "vas_pain", FOLLOW_UP, cohort.columns["center"])
    months = by_period(analysis, "vas_pain", FOLLOW_UP)
    balance = analysed_against_not(analysis, "vas_pain", FOLLOW_UP)
    over_time = trend(analysis, "vas_pain", FOLLOW_UP, "year")
    came = response(analysis, ByColumn("center"))
    frame = frame_of(analysis, "vas_pain", FOLLOW_UP, usual(cohort, "vas_pain"))
    described = table_one(analysis, analysis.selected).rows
    values = [r for r in missing_values(analysis).rows if r.label.endswith(", 12 months")]
    flow = analysis.flow(FOLLOW_UP)
    return {
        "strip and titles": (flow.due, flow.analysed_selected),
        "flow": measure_flow(analysis, "vas_pain", FOLLOW_UP).steps[2:],
        "responders, worst and best case": (bounds.n, bounds.worst, bounds.best),
        "statement": (statement.n, statement.missing, statement.top_two),
        "two statements": (crossed.n, crossed.left_out),
        "yes or no": yes_no_between(analysis, "opioids", BASELINE, FOLLOW_UP, analysis.people(FOLLOW_UP)),
        "complete per center": [(r.complete, r.due, r.follow_up) for r in centers],
        "complete per period": [(r.complete, r.due) for r in months.rows],
        "analysed against not": (balance.n, balance.sizes),
        "trend": [(p.answered, p.due, p.n) for p in over_time.periods],
        "response": [(o.due, o.missing, o.rows) for o in came.time_points],
        "what if": (frame.people.due, frame.people.pairs, frame.people.missing),
        "Table 1, asked afterwards": next(r.overall for r in described if r.variable.key == "score:ceiling:12m"),
        "Data check": [(r.label, r.complete, r.due, r.to_call) for r in values],
    }


def test_every_denominator_of_the_product_is_of_those_due(half_waits: Cohort) -> None:
    everybody, due = (
        _denominators(Analysis(half_waits, selection, Population.ALL))
        for selection in (Selection(), Selection.of({"due": ["yes"]}))
    )
    assert everybody["strip and titles"][0] == 40
    assert len(everybody["Data check"]) == 5
    assert {name for name in everybody if everybody[name] != due[name]} == set()


def test_only_the_cohort_reads_the_dates_of_who_is_due() -> None:
    root = Path(__file__).parents[3]
    own = {"lib/cohort/cohort.py"}
    asked = re.compile(r"\.(not_due|died)(\[|\.get|\.items| or )")
    files = [*root.glob("lib/**/*.py"), *root.glob("pages/*.py")]
    assert {str(f.relative_to(root)) for f in files if asked.search(f.read_text())} - own == set()


def test_what_is_said_of_those_who_are_not_due(half_waits: Cohort) -> None:
    everybody = Analysis(half_waits, population=Population.ALL)
    due = Analysis(half_waits, Selection.of({"due": ["yes"]}), Population.ALL)
    flow = everybody.flow(FOLLOW_UP)
    assert (flow.selected, flow.not_due, flow.died, flow.due) == (120, 59, 21, 40)
    lost, kept = (measure_flow(a, "vas_pain", FOLLOW_UP) for a in (everybody, due))
    assert lost.steps[1].left == (("not_yet_due", 59), ("died", 21))
    apart = "59 not yet due, 21 died before due"
    assert missing_title(lost) == missing_title(kept).replace(" of 40 ", " of 40 due ") + f"; {apart}"
    assert f"of 40 ({100 * lost.pairs / 40:.1f}%)" in completeness_words(lost)
    assert "21 patients died before it was due and are in no share" in completeness_words(lost)
    assert " of 40 operated patients due are analysed" in patients_title(
        flow, build_report(everybody).plan.table_one(None)
    )
    cells = {row.label: row.cells for row in missing_values(everybody).rows}["VAS pain, 12 months"]
    assert (sum(c.not_due for c in cells), sum(c.died for c in cells)) == (59, 21)


def test_who_died_on_the_last_day_of_the_window_had_died_before_it_closed() -> None:
    day = np.datetime64("2020-01-01")
    columns = {
        "surgery_date": Dates("surgery_date", "Surgery", np.array([day] * 5)),
        # 12 months ± 2: 426 days
        "death_date": Dates("death_date", "Death", np.array([day + 426, day + 427, day + 100, "NaT", "NaT"], "M8[D]")),
    }
    points = cohort(5).time_points
    assert died_before_due(columns, points)[FOLLOW_UP].tolist() == [True, False, True, False, False]
    narrow = died_before_due(columns, points, {FOLLOW_UP: 1.0})
    assert narrow[FOLLOW_UP].tolist() == [False, False, True, False, False]
    assert not_due(columns, points, "2021-03-02") == {}, "day 426, the last of the window"
    made = replace(cohort(5), not_due=not_due(columns, points, "2021-03-01"), died=died_before_due(columns, points))
    assert made.waiting(FOLLOW_UP).tolist() == [False, True, False, True, True]
    nobody = np.zeros(5, dtype=bool)
    assert not made.due(FOLLOW_UP, nobody).any()
    assert made.due(BASELINE, nobody).all()
    assert made.due(FOLLOW_UP, ~nobody).all()


def _by_hand(months: float) -> dict[str, int]:
    """Who is due and how many improved in ODI by 15 at 24 or 12 months, from the file alone."""
    d = pd.read_csv(Path(__file__).parents[3] / "sample_data" / "registry.csv", dtype=str)
    before, after = (pd.to_numeric(d[f"odi_{t}"]) for t in ("pre", f"{months}m"))
    closed = pd.to_datetime(d.surgery_date) + pd.Timedelta(days=round(months * 7 / 6 * 30.4375))
    died = after.isna() & (pd.to_datetime(d.death_date) <= closed)
    waiting = after.isna() & (closed > pd.to_datetime(d.extraction_date)) & ~died
    due, pair = ~died & ~waiting, before.notna() & after.notna()
    improved = (before - after >= 15) & pair
    impossible = (before.lt(15) & after.isna()) | (after.gt(85) & before.isna())
    could = improved | (~pair & ~impossible)
    counts = {"due": due, "died": died, "waiting": waiting, "worst": improved & due, "best": could & due}
    return {name: int(mask.sum()) for name, mask in counts.items()}


@pytest.mark.parametrize("months", [12, 24])
def test_the_registry_as_counted_by_hand(months: int) -> None:
    registry = sample("registry.csv")
    analysis, at = Analysis(registry), f"{months}m"
    rule = default_rule(registry.measure("odi"))
    assert rule is not None
    found, flow = analysis.responder_bounds("odi", at, rule), analysis.flow(at)
    hand = _by_hand(months)
    assert (found.n, found.worst.count, found.best.count) == (hand["due"], hand["worst"], hand["best"])
    assert (flow.due, flow.died, flow.not_due) == (hand["due"], hand["died"], hand["waiting"])
    frame = frame_of(analysis, "odi", at, usual(registry, "odi"))
    assert (frame.people.due, frame.people.died) == (hand["due"], hand["died"])


def test_the_registry_at_24_months() -> None:
    registry = sample("registry.csv")
    analysis = Analysis(registry)
    measure = registry.measure("odi")
    rule = default_rule(measure)
    assert rule is not None
    found = analysis.responder_bounds(measure.key, "24m", rule)
    shares = (found.worst.count, found.worst.n, round(found.worst.share * 100, 1), round(found.best.share * 100, 1))
    assert shares == (348, 956, 36.4, 74.8)  # with the dead 721 of 962, 74.9%; before that 348 of 2,000, 17.4%
    flow = analysis.flow("24m")
    assert (flow.selected, flow.not_due, flow.died) == (2000, 1030, 14)
