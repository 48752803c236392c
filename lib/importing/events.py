"""Adverse events of a second sheet or file, one row per event, joined to the cohort by the patient's number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lib.cohort.cohort import Events
from lib.importing.build import events_from_columns
from lib.importing.columns.dates import EVENT_DATE
from lib.importing.columns.identifiers import hash_ids
from lib.importing.columns.redcap import is_dictionary
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.files.table import Parsed
from lib.importing.findings import Finding, Severity, refuse, rows_in_words
from lib.importing.proposal import Import, propose


@dataclass(frozen=True, slots=True, eq=False)
class EventTable:
    """A table of events.

    Attributes:
        table: its import; its id column holds the same numbers as the cohort's.
        findings: about the join, once the patients are known (`joined`).
    """

    table: Import
    findings: tuple[Finding, ...] = ()

    def events(self, hashes: Sequence[str]) -> Events | None:
        """The events of the patients with these id hashes, in the cohort's order; rows of others are left out."""
        return events_from_columns(self.table.columns, self.table.profiles, self._patients(hashes))

    def _patients(self, hashes: Sequence[str]) -> np.ndarray:
        place = {h: i for i, h in enumerate(hashes)}
        column = self.table.sheet.column(_id_column(self.table.columns).name)
        of_level = np.array([place.get(h, -1) for h in hash_ids(column.levels)], dtype=np.int64)
        return np.where(column.blank(), -1, of_level[column.codes])

    def joined(self, hashes: Sequence[str]) -> EventTable:
        """The same table with findings about rows that belong to no patient of the cohort."""
        lost = self._patients(hashes) < 0
        if not lost.any():
            return self
        rows = tuple(int(r) for r in self.table.sheet.row_numbers[lost])
        return EventTable(
            self.table,
            (
                Finding(
                    "event_without_patient",
                    Severity.ERROR if lost.all() else Severity.WARNING,
                    f"{int(lost.sum())} of {len(lost)} events belong to a patient who is not in the cohort "
                    f"({rows_in_words(rows)}). They are left out; check the numbers of the patients.",
                    sheet=self.table.sheet.name,
                    column=_id_column(self.table.columns).name,
                    count=int(lost.sum()),
                    rows=rows[:1000],
                ),
            ),
        )


def _id_column(columns: Sequence[ColumnGuess]) -> ColumnGuess:
    return next(c for c in columns if c.role is Role.ID)


def propose_events(parsed: Parsed, sheet: str | None = None) -> EventTable:
    """A sheet or file with one row per event.

    Raises ImportProblem when it has no number of the patient or no column that says what happened.
    """
    table = propose(parsed, sheet)
    where = f'Sheet "{table.sheet.name}"' if table.sheet.name else "The file"
    roles = {c.role for c in table.columns}
    if Role.ID not in roles:
        raise refuse("events_without_id", f"{where} has no number of the patient, so its events cannot be joined.")
    if Role.EVENT_TYPE not in roles:
        raise refuse("no_events", f'{where} has no column that says what happened ("adverse event", "complication" …).')
    # one row per event: a patient stands there several times, and no column of it is a time point
    columns = tuple(c if c.role is not Role.TIME_POINT else c.with_role(Role.IGNORE) for c in table.columns)
    dates = [c for c in columns if c.role is Role.DATE]
    if len(dates) == 1:  # the only date of a table of events is that of the event
        columns = tuple(replace(c, target=EVENT_DATE) if c is dates[0] else c for c in columns)
    return EventTable(table.with_columns(columns))


def event_sheets(parsed: Parsed, chosen: str) -> tuple[str, ...]:
    """Names of the other sheets of a workbook that look like tables of events."""
    found = []
    for sheet in parsed.sheets:
        if sheet.name == chosen or not sheet.n or is_dictionary(sheet):
            continue
        roles = {c.role for c in propose(parsed, sheet.name).columns}
        if {Role.ID, Role.EVENT_TYPE} <= roles:
            found.append(sheet.name)
    return tuple(found)
