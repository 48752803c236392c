"""The figures and tables of a report, in the order of the overview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import ModuleType

from lib.present.table import Table
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
_OF_SINGLE_PATIENTS = frozenset(("lines", "improvements", "curve", "scatter", "waterfall", "thirds", "mcid", "what_if"))
"""Items, by the first word of their key, that draw patients, or name the smallest and largest of some."""
_FOR_THE_DEPARTMENT = (centers, survival, file_check)
"""Subjects of single centers, of single events, of rows of the file."""


def report_items(plan: Plan) -> tuple[Item, ...]:
    """Every figure and table, subject by subject, that its reader may see."""
    subjects = [(subject, name) for subject, name in _SUBJECTS if not (plan.outside and subject in _FOR_THE_DEPARTMENT)]
    found = [replace(item, subject=name) for subject, name in subjects for item in subject.items(plan)]
    if not plan.outside:
        return tuple(found)
    allowed = [_without_patients(i) for i in found if i.key.partition(":")[0] not in _OF_SINGLE_PATIENTS]
    return tuple(item for item in allowed if item.chart is not None or item.table is not None)


def workbook_tables(plan: Plan) -> tuple[Table, ...]:
    """Every table of the report, and one number per cell where a printed table has two; for others the printed ones."""
    if plan.outside:
        return tuple(item.table for item in report_items(plan) if item.table is not None)
    return tuple(table for subject, _ in _SUBJECTS for table in _tables(subject, plan))


def _tables(subject: ModuleType, plan: Plan) -> Iterable[Table]:
    """The tables a subject has for the workbook; those of its items where it has none of its own."""
    if hasattr(subject, "tables"):
        own: Iterable[Table] = subject.tables(plan)
        return own
    return [item.table for item in subject.items(plan) if item.table is not None]


def _without_patients(item: Item) -> Item:
    """Its chart without dots and lines of patients, and without the density of their scores."""
    if item.chart is None:
        return item
    allowed = tuple(s for s in item.chart.series if not s.rows and not s.role.endswith(("patients", "density")))
    chart = replace(item.chart, series=allowed) if any(s.values for s in allowed) else None
    return replace(item, chart=chart, figure=item.figure if chart else "")
