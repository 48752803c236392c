"""Adverse events: patients and events apart, by type, timing and severity, with exact intervals."""

from __future__ import annotations

from lib.analysis import SafetyResult
from lib.present.table import Cell, Column, Table
from lib.present.tables.responders import rate_cells
from lib.present.wording import count, number
from lib.stats.events import EventSummary
from lib.stats.proportions import Proportion
from lib.stats.results import Interval, NotComputed

_KINDS = ("Type", "Timing", "Severity")


def safety_table(found: SafetyResult | NotComputed, population: str) -> Table:
    """First row: any event. Then one row per type, timing and severity that the file records.

    `population` says over whom ("29 analysed patients"). A patient counts once in each row in which he has an event.
    """
    columns = (
        Column("Adverse events"),
        Column("Events", "right"),
        Column("Patients", "right"),
        Column("n", "right"),
        Column("Share", "right"),
        Column("95% CI (exact)", "right"),
    )
    title = f"Adverse events, {population}"
    if isinstance(found, NotComputed):
        return Table(title, columns, ((Cell(f"not computed: {found.reason}"), *(Cell(""),) * 5),))
    rows = [_row("Any event", found.by_type.events, found.by_type.patients)]
    people = [_people(found.by_type.events, found.by_type.patients)]
    groups = ((found.by_type, found.types), (found.by_timing, found.timings), (found.by_severity, found.severities))
    for kind, (summary, names) in zip(_KINDS, groups, strict=True):
        if isinstance(summary, NotComputed):
            continue
        for name, entry in zip(names, summary.by_type, strict=True):
            rows.append(_row(f"{kind}: {name}", entry.events, entry.patients))
            people.append(_people(entry.events, entry.patients))
    return Table(title, columns, tuple(rows), _notes(found.by_type), tuple(people))


def _row(name: str, events: int, patients: Proportion) -> tuple[Cell, ...]:
    share, ci = rate_cells(patients, ("with",), ("with", "without"))
    return (
        Cell(name),
        Cell(count(events), events, ("events",)),
        Cell(count(patients.count), patients.count, ("with",)),
        Cell(count(patients.n), patients.n, ("with", "without")),
        share,
        ci,
    )


def _people(events: int, patients: Proportion) -> tuple[tuple[str, int], ...]:
    return (("with", patients.count), ("without", patients.n - patients.count), ("events", events))


def _notes(summary: EventSummary) -> tuple[str, ...]:
    notes = ["Shares are of patients; a patient with several events of one kind counts once."]
    if summary.patients.count == 0 and isinstance(summary.patients.interval, Interval):
        upper = number(summary.patients.interval.high * 100, 1)
        notes.append(f"No event among {count(summary.n)}: up to {upper}% cannot be excluded.")
    return tuple(notes)
