"""A card of the Overview, group by group: few columns, small, grey in its words where patients are few."""

from __future__ import annotations

from collections.abc import Callable

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.cohort.measure import Measure
from lib.present.charts.forest import GAP
from lib.present.charts.forest_rows import improvement_rows
from lib.present.table import Cell, Column, Table
from lib.present.wording import count
from lib.stats.results import NotComputed


def groups_on_a_card(comparison: Comparison, measure: Measure, time: str) -> Table:
    """Name, n, improvement by the method that leads and its interval, of all and of every group."""
    rows = []
    for row in improvement_rows(comparison, measure, time):
        value, _, interval = row.words.partition(GAP)
        if row.value is None:
            value, interval = "", row.words.partition(", ")[2] or row.words
        rows.append((Cell(row.label), Cell(count(row.n), row.n), Cell(value, row.value), Cell(interval)))
    columns = (Column(""), Column("n", "right"), Column("", "right"), Column("95% CI", "right"))
    return Table(f"{measure.label} by group", columns, tuple(rows))


def yes_no_on_a_card(comparison: Comparison, outcome: str, time: str) -> Table:
    """ "8 → 4 of 13" of all and of every group."""

    def words(group: Analysis) -> str:
        found = group.yes_no(outcome, time)
        if isinstance(found, NotComputed):
            return "not computed"
        return f"{count(found.before.count)} → {count(found.after.count)} of {count(found.n)}"

    return _two_columns(comparison, "before → after", words)


def events_on_a_card(comparison: Comparison, time: str) -> Table:
    """Patients with an adverse event, of all and of every group."""

    def words(group: Analysis) -> str:
        found = group.safety(time)
        if isinstance(found, NotComputed):
            return "not recorded"
        return f"{count(found.by_type.patients.count)} of {count(found.by_type.patients.n)}"

    return _two_columns(comparison, "patients", words)


def _two_columns(comparison: Comparison, name: str, words: Callable[[Analysis], str]) -> Table:
    rows = tuple((Cell(label), Cell(words(group))) for label, group in comparison.rows)
    return Table(f"{name} by group", (Column(""), Column(name, "right")), rows)
