"""Yes/no outcomes before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.analysis.grouped_patients import groups_of, people_of
from lib.analysis.yes_no import yes_no_by_group
from lib.cohort.cohort import BASELINE, YesNo
from lib.present.charts.alluvial import alluvial_data
from lib.present.sentences.groups import named_by
from lib.present.sentences.leading import few_words
from lib.present.sentences.safety import yes_no_change
from lib.present.table import Table
from lib.present.tables.yes_no import yes_no_groups_table, yes_no_notes, yes_no_shares, yes_no_table
from lib.present.wording import count
from lib.report.plan import Item, Plan
from lib.settings import FEWEST_TO_TEST
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """A two by two table per outcome."""
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        finding = f"{outcome.label} before and after"
        if not isinstance(found, NotComputed):
            finding = (
                f"{outcome.label}: {count(found.before.count)} of {count(found.n)} before, "
                f"{count(found.after.count)} of {count(found.n)} after"
            )
            if found.n < FEWEST_TO_TEST:
                finding = few_words(found.n, f"{outcome.label} {yes_no_change(found)}")
        table = yes_no_table(outcome, found, plan.time_points)
        notes = () if isinstance(found, NotComputed) else yes_no_notes(found)
        n = None if isinstance(found, NotComputed) else found.n
        drawn = None if isinstance(found, NotComputed) else alluvial_data(outcome, found, plan.time_points, finding)
        figure = "alluvial" if drawn else ""
        yield Item(f"yes_no:{outcome.key}", outcome.label, finding, drawn, figure, table, n=n, notes=notes)
        yield from _by_group(plan, outcome)


def _by_group(plan: Plan, outcome: YesNo) -> Iterator[Item]:
    comparison = plan.comparison
    if comparison is None:
        return
    people = people_of(plan.analysis, comparison, plan.time)
    groups = groups_of(comparison)
    rows = yes_no_by_group(plan.analysis, outcome.key, BASELINE, plan.time, people, groups, confidence=plan.confidence)
    table = yes_no_groups_table(rows, outcome, plan.time_points)
    words = named_by(outcome.label, comparison)
    yield Item(f"yes_no_groups:{outcome.key}", words, words, None, "", table, notes=table.notes, usual=False)


def tables(plan: Plan) -> Iterator[Table]:
    """Before against after, and the shares, per outcome."""
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        yield yes_no_table(outcome, found, plan.time_points)
        yield replace(yes_no_shares(outcome, found, plan.time_points), title=f"{outcome.label}, shares")
