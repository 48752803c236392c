"""Dates of revision and of death out of dated events: a second file, a repeating form, columns beside the patient."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from lib.catalog.answers import normalise
from lib.cohort.cohort import Dates, Events
from lib.importing.columns.dates import read_days
from lib.importing.files.table import TextColumn

_HAPPENED = {
    "revision_date": ("Date of revision (from the events)", re.compile(r"(?:revision|revisie|revisi[oó]n)\b")),
    "death_date": (
        "Date of death (from the events)",
        re.compile(r"(?:death|died|deceased|overlijden|overleden|tod|verstorben|deces|decede)\b"),
    ),
}
"""What an event has to be called from its first word on; "reoperation" is no revision, and "revised note" neither."""


def dates_from_events(events: Events | None, n: int) -> dict[str, Dates]:
    """Per patient the first revision and the death among the dated events; without any, no column."""
    found: dict[str, Dates] = {}
    if events is None or events.day is None:
        return found
    names = [normalise(text) for text in events.type]
    for key, (label, words) in _HAPPENED.items():
        here = np.array([bool(words.match(name)) for name in names], dtype=bool) & ~np.isnat(events.day)
        if here.any():
            days = np.full(n, np.datetime64("NaT", "D"))
            last_first = np.argsort(events.day[here])[::-1]  # the earliest is written last
            days[events.patient[here][last_first]] = events.day[here][last_first]
            found[key] = Dates(key, label, days)
    return found


def row_of_day(column: TextColumn, patient: NDArray[np.int64], n: int, *, latest: bool) -> NDArray[np.intp]:
    """(n,) per patient the row with the earliest (`latest`: the last) date of a column, −1 without one."""
    levels = read_days(column.levels).days
    days = levels[column.codes] if len(levels) else np.zeros(0, dtype="datetime64[D]")
    known = np.flatnonzero(~np.isnat(days) & (patient >= 0))
    order = known[np.argsort(days[known], kind="stable")]
    rows = np.full(n, -1, dtype=np.intp)
    order = order if latest else order[::-1]
    rows[patient[order]] = order
    return rows
