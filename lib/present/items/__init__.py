"""The figures and tables of a report, in the order of the overview."""

from __future__ import annotations

from dataclasses import replace

from lib.present import disclosure
from lib.present.items import (
    compare,
    eq5d,
    events,
    missing,
    outcomes,
    patients,
    rates,
    responders,
    safety,
    statement_groups,
    statements,
    yes_no,
)
from lib.present.plan import Item, Plan
from lib.present.small_counts import is_small
from lib.present.table import Table

_SUBJECTS = (
    (outcomes, "Scores before and after"),
    (responders, "Responders"),
    (eq5d, "EQ-5D"),
    (compare, "Groups side by side"),
    (rates, "Groups side by side"),
    (statements, "What patients say"),
    (statement_groups, "What patients say"),
    (yes_no, "Yes or no, and adverse events"),
    (safety, "Yes or no, and adverse events"),
    (events, "Yes or no, and adverse events"),
    (patients, "Who they are, and who is missing"),
    (missing, "Who they are, and who is missing"),
)
_FEWEST_STEPS = 3


def report_items(plan: Plan) -> tuple[Item, ...]:
    """Every figure and table, subject by subject; masked when the plan says so."""
    found = [replace(item, subject=name) for subject, name in _SUBJECTS for item in subject.items(plan)]
    if not plan.outside:
        return tuple(found)
    masked = [(item, _masked(item)) for item in found]
    # a chart of single patients is nothing without them, nor is a curve of one step
    return tuple(safe for item, safe in masked if _worth_showing(item) <= _worth_showing(safe))


def workbook_tables(plan: Plan) -> tuple[Table, ...]:
    """Every table of the report, and one number per cell where a printed table has two; masked when asked."""
    found = [table for subject, _ in _SUBJECTS for table in subject.tables(plan)]
    return tuple(disclosure.mask_table(t) for t in found) if plan.outside else tuple(found)


def _worth_showing(item: Item) -> bool:
    series = item.chart.series if item.chart else ()
    if item.figure in ("lines", "improvements", "waterfall", "scatter"):
        return any(s.rows or s.role == "band" or s.x for s in series)
    return item.figure != "curve" or any(len(s.values) > _FEWEST_STEPS for s in series)


def _masked(item: Item) -> Item:
    table = None if item.table is None else disclosure.mask_table(item.table)
    n = None if item.n is None or is_small(item.n) else item.n
    if item.chart is None:
        return replace(item, table=table, n=n)
    chart = disclosure.mask_chart(item.chart, item.finding)
    return replace(item, chart=chart, finding=chart.finding, table=table, n=n)
