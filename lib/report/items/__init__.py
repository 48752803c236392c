"""The figures and tables of a report, in the order of the overview."""

from __future__ import annotations

from dataclasses import replace

from lib.present import disclosure
from lib.present.small_counts import is_small
from lib.present.table import Table
from lib.present.telling import tells_few
from lib.report.items import (
    centers,
    compare,
    eq5d,
    events,
    file_check,
    missing,
    outcomes,
    patients,
    rates,
    responders,
    safety,
    statement_groups,
    statements,
    survival,
    yes_no,
)
from lib.report.plan import Item, Plan

_SUBJECTS = (
    (outcomes, "Scores before and after"),
    (responders, "Responders"),
    (eq5d, "EQ-5D"),
    (compare, "Groups side by side"),
    (rates, "Groups side by side"),
    (centers, "Centers"),
    (statements, "What patients say"),
    (statement_groups, "What patients say"),
    (yes_no, "Yes or no, and adverse events"),
    (safety, "Yes or no, and adverse events"),
    (events, "Yes or no, and adverse events"),
    (survival, "Time to event"),
    (patients, "Who they are, and who is missing"),
    (missing, "Who they are, and who is missing"),
    (file_check, "The file, and what was answered"),
)
_FEWEST_STEPS = 3


def report_items(plan: Plan) -> tuple[Item, ...]:
    """Every figure and table, subject by subject; masked when the plan says so."""
    found = [replace(item, subject=name) for subject, name in _SUBJECTS for item in subject.items(plan)]
    if not plan.outside:
        return tuple(found)
    # what a workbook holds besides is masked with them, so that both hide the same
    tables = [item.table for item in found if item.table is not None]
    safe = iter(disclosure.mask_tables([*tables, *_raw_tables(plan)]))
    masked = [(item, _masked(item, None if item.table is None else next(safe))) for item in found]
    # a chart of single patients is nothing without them, nor is a curve of one step
    return tuple(told for item, told in masked if _worth_showing(item) <= _worth_showing(told))


def workbook_tables(plan: Plan) -> tuple[Table, ...]:
    """Every table of the report, and one number per cell where a printed table has two; masked when asked."""
    found = _raw_tables(plan)
    if not plan.outside:
        return tuple(found)
    beside = [item.table for subject, _ in _SUBJECTS for item in subject.items(plan) if item.table is not None]
    return disclosure.mask_tables([*found, *beside])[: len(found)]


def _raw_tables(plan: Plan) -> list[Table]:
    return [table for subject, _ in _SUBJECTS for table in subject.tables(plan)]


def _worth_showing(item: Item) -> bool:
    series = item.chart.series if item.chart else ()
    if item.figure in ("lines", "improvements", "waterfall", "scatter"):
        return any(s.rows or s.role == "band" or s.x for s in series)
    return item.figure != "curve" or any(len(s.values) > _FEWEST_STEPS for s in series)


def _masked(item: Item, table: Table | None) -> Item:
    n = None if item.n is None or is_small(item.n) else item.n
    safe = replace(item, table=table, n=n, notes=_notes(item, table))
    safe = replace(safe, sentences=tuple(s for s in item.sentences if not tells_few(s)))
    if item.chart is None:
        return replace(safe, finding=item.heading if tells_few(item.finding) else item.finding)
    chart = disclosure.mask_chart(item.chart, item.finding)
    return replace(safe, chart=chart, finding=chart.finding)


def _notes(item: Item, masked: Table | None) -> tuple[str, ...]:
    """Without those of its table that masking took away, and without any that tells of few."""
    gone = set() if item.table is None or masked is None else set(item.table.notes) - set(masked.notes)
    return tuple(note for note in item.notes if note not in gone and not tells_few(note))
