"""Adverse events: from columns beside the patient, or from a sheet or file with one row per event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import Events
from lib.cohort.columns import EVENT_ROLES, ColumnGuess, Role
from lib.cohort.profiles import Profile
from lib.measures import answers
from lib.measures.words import normalise

NO_EVENT_WORDS = frozenset(
    (
        "none", "no", "nil", "nee", "geen", "keine", "kein", "nein", "0", "uneventful", "geen complicatie", "non",
        "geen complicaties", "no complication", "no complications", "keine komplikation", "keine komplikationen",
        "no adverse event", "no adverse events", "aucune", "n a", "na", "nvt", "false", "unchecked", "none reported",
    )
)  # fmt: skip


def events_from_columns(
    guesses: Sequence[ColumnGuess], profiles: Mapping[str, Profile], patient_of_row: NDArray[np.int64]
) -> Events | None:
    """Events of all event columns; None when the file has none. A blank (or "none") in a type column is no event.

    Args:
        guesses: all columns; `target` of an event column is its number ("1", "2": several events beside one patient).
        profiles: by column name, over the rows of the sheet.
        patient_of_row: (rows,) index of the patient each row is about; −1: none, its events are left out.
    """
    types = [g for g in guesses if g.role is Role.EVENT_TYPE]
    if not types:
        return None
    parts = [_one_column(g, guesses, profiles, patient_of_row) for g in types]
    patient = np.concatenate([p[0] for p in parts])
    order = np.argsort(patient, kind="stable")
    columns: dict[Role, list[str]] = {}
    for role in EVENT_ROLES:
        columns[role] = [text for p in parts for text in p[1].get(role, [""] * len(p[0]))]
    has = {role: any(role in p[1] for p in parts) for role in EVENT_ROLES}

    def texts(role: Role) -> tuple[str, ...] | None:
        return tuple(columns[role][i] for i in order) if has[role] else None

    serious = texts(Role.EVENT_SERIOUS)
    return Events(
        patient=patient[order].astype(np.int64),
        type=texts(Role.EVENT_TYPE) or (),
        timing=texts(Role.EVENT_TIMING),
        severity=texts(Role.EVENT_SEVERITY),
        serious=None if serious is None else tuple(answers.yes_no(t) if t else None for t in serious),
        procedure=texts(Role.EVENT_PROCEDURE),
    )


def _one_column(
    guess: ColumnGuess,
    guesses: Sequence[ColumnGuess],
    profiles: Mapping[str, Profile],
    patient_of_row: NDArray[np.int64],
) -> tuple[NDArray[np.int64], dict[Role, list[str]]]:
    """Patients of the events in one type column, and the texts of the columns that belong to it."""
    profile = profiles[guess.name]
    yes_no = _only_yes_and_no(profile)
    named = {level: _event_name(profile, level, guess.label if yes_no else "") for level in profile.column.levels}
    happened = np.array([bool(named[level]) for level in profile.column.levels], dtype=bool)[profile.column.codes]
    rows = np.flatnonzero(happened & (patient_of_row >= 0))
    found = {Role.EVENT_TYPE: [named[profile.column.levels[c]] for c in profile.column.codes[rows].tolist()]}
    for other in guesses:
        if other.role in EVENT_ROLES and other.role is not Role.EVENT_TYPE and other.target == guess.target:
            detail = profiles[other.name]
            words = [" ".join(detail.column.labels.get(t, t).split()) for t in detail.column.levels]
            found[other.role] = [words[c] for c in detail.column.codes[rows].tolist()]
    return patient_of_row[rows], found


def _only_yes_and_no(profile: Profile) -> bool:
    words = [w for w in profile.words if not answers.is_non_answer(w)]
    return bool(words) and all(answers.yes_no(w) is not None for w in words)


def _event_name(profile: Profile, level: str, column_label: str) -> str:
    """What happened, '' for nothing. In a yes/no column the column's own label is the event."""
    word = " ".join(profile.column.labels.get(level, level).split())
    if not word or normalise(word) in NO_EVENT_WORDS or answers.is_non_answer(word):
        return ""
    if column_label:
        return column_label if answers.yes_no(word) else ""
    return word
