"""A patient's number in more than one row (at one time point): another patient, side, operation, or a slip?

Only the owner knows; pairing a left hip before with a right hip after, or half of the patients, would pass unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.catalog.answers import normalise
from lib.importing.checks.base import Recognised, every_row
from lib.importing.checks.patients import same_as_first, unlike_the_first, visits
from lib.importing.columns.patient_values import days_of
from lib.importing.columns.recognise_time import SIDES
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.findings import Repair, quoted_list, rows_in_words
from lib.importing.questions.base import Answer, Evidence, Question, Stake

NEARLY = 0.95
MOST_KINDS = 2
MOST_EXAMPLES = 6
GROUPINGS = frozenset({"center", "surgeon"})
KINDS = ("center", "side", "date", "operation", "other")
OPERATION = re.compile(r"\b(?:op|operat\w*|surger\w*|procedure|ingreep|eingriff|intervention)\b")


@dataclass(frozen=True, slots=True)
class _Separator:
    """A column that tells the repeated rows apart, and what it is."""

    guess: ColumnGuess
    kind: str


def unit_of_analysis(table: Recognised) -> Iterator[Question]:
    """One question where rows of one number are no copies of each other."""
    number = next((g for g in table.columns if g.role is Role.ID), None)
    if number is None:
        return
    seen = visits(table)
    if seen is None:
        return
    keys, rows, patient = seen
    marked = np.flatnonzero(rows)
    _, inverse, counts = np.unique(keys[marked], return_inverse=True, return_counts=True)
    several = np.zeros(table.sheet.n, dtype=bool)
    several[marked] = counts[inverse] > 1
    several &= np.isin(keys, keys[several & ~same_as_first(table, keys, rows)])
    if not several.any():
        return
    found = _separators(table, keys, several)
    people = len(np.unique(patient[several]))
    first = patient == patient[np.flatnonzero(several)[0]]
    example = tuple(int(r) for r in table.sheet.row_numbers[several & first])
    named = table.sheet.column(number.name)
    text = named.levels[named.codes[np.flatnonzero(several)[0]]].strip()
    values = [v for s in found[:1] for v in _values(table, s.guess.name, several & first)]
    apart = f", with {found[0].guess.name} {quoted_list(values, 3)}" if found else " with different values"
    several_words = "1 patient stands" if people == 1 else f"{people:,} patients stand"
    time = any(g.role is Role.TIME_POINT for g in table.columns)
    yield Question(
        "unit",
        f"unit:{number.name}",
        f"{several_words} twice{' at one time point' if time else ''}: what is one row?",
        f"{number.name} {text} stands in {rows_in_words(example)}{apart}. "
        f"{int(several.sum()):,} of {table.sheet.n:,} rows are concerned.",
        (Stake.UNIT, Stake.DENOMINATOR),
        _answers(table, number, found, keys, rows, patient, several),
        columns=(number.name, *(s.guess.name for s in found)),
        rows=every_row(table, several)[:1000],
        evidence=_evidence(table, number, found, several),
    )


def _values(table: Recognised, name: str, rows: NDArray[np.bool_]) -> list[str]:
    column = table.sheet.column(name)
    return [column.levels[c].strip() for c in dict.fromkeys(column.codes[rows].tolist())]


def _separators(table: Recognised, keys: NDArray[np.int64], several: NDArray[np.bool_]) -> list[_Separator]:
    """Columns that differ between the rows of a number, surest first, one of a kind."""
    found: dict[str, _Separator] = {}
    for guess in table.columns:
        if guess.role not in (Role.CATEGORY, Role.DATE, Role.TIME_POINT, Role.IDENTIFIER):
            continue
        if guess.role is Role.TIME_POINT or guess.target == "follow_up_date":
            continue
        column = table.sheet.column(guess.name)
        filled = several & ~column.blank()
        if filled.sum() < NEARLY * several.sum():
            continue
        pairs = keys[filled] * (len(column.levels) + 1) + column.codes[filled]
        if len(np.unique(pairs)) < NEARLY * len(pairs):
            continue
        if guess.role is Role.IDENTIFIER and len(column.filled_levels()) > 0.5 * table.sheet.n:
            continue
        words = {t.strip().casefold() for t in table.profiles[guess.name].words}
        kind = (
            "date"
            if guess.role is Role.DATE
            else "side"
            if guess.target == "side" or words <= SIDES
            else "operation"
            if guess.target not in GROUPINGS and OPERATION.search(normalise(guess.name))
            else "center"
            if guess.target in GROUPINGS or _numbered_anew(table, several, guess)
            else "other"
        )
        if kind not in found or guess.target == "surgery_date":
            found[kind] = _Separator(guess, kind)
    return [found[k] for k in KINDS if k in found][:MOST_KINDS]


def _numbered_anew(table: Recognised, several: NDArray[np.bool_], guess: ColumnGuess) -> bool:
    """Whether each group of the column holds most of the numbers of the others: 1 to 15 in each of two hospitals."""
    column = table.sheet.column(guess.name)
    sizes = np.bincount(column.codes, minlength=len(column.levels))
    largest = int(sizes.max(initial=0))
    return (
        len(column.filled_levels()) > 1 and int(several.sum()) > 0.5 * table.sheet.n and largest < 0.9 * table.sheet.n
    )


def _answers(
    table: Recognised,
    number: ColumnGuess,
    found: Sequence[_Separator],
    keys: NDArray[np.int64],
    rows: NDArray[np.bool_],
    patient: NDArray[np.int64],
    several: NDArray[np.bool_],
) -> tuple[Answer, ...]:
    """Four answers at the most; `several`: the rows that are asked about."""
    answers: list[Answer] = []
    for separator in found:
        answers += _answers_by(table, number, separator, patient, several)
    if not found or found[0].kind == "center":
        first, last = _first_and_last(table, keys, rows)
        answers.append(
            _leave_out("first_row", "The same patient by mistake: the first row counts", table, ~first & several)
        )
        if not found:
            answers.append(_leave_out("last_row", "Corrected later: the last row counts", table, ~last & several))
            answers.append(_leave_out("neither", "Nobody knows which is right: leave out these rows", table, several))
    return tuple({a.key: a for a in answers}.values())[:4]


def _answers_by(
    table: Recognised,
    number: ColumnGuess,
    separator: _Separator,
    patient: NDArray[np.int64],
    several: NDArray[np.bool_],
) -> list[Answer]:
    """What the rows of a number may be when this column tells them apart; `patient`: number of each row's patient."""
    name = separator.guess.name
    units = _units(table, name, patient)
    people = len(np.unique(patient[patient >= 0]))
    both = f"{number.name} and {name} together are the patient: {units:,} instead of {people:,}"
    combine = Repair("combine", (number.name, name), both)
    later = _not_first(table, separator, patient)
    if separator.kind == "center":
        label = f"Different patients: each {name} has numbers of its own"
        found = [Answer("center", label, f"{both}.", repairs=(combine,))]
        if separator.guess.target not in GROUPINGS:  # "level", "group": the same patient may stand there for each
            found.append(_leave_out("first_of", f"One patient: the {name} that stands first counts", table, later))
        return found
    if separator.kind == "side":
        return [
            Answer("side", "Each side was operated: every side counts", f"{both}; before and after are of one side.",
                   repairs=(combine,)),
            _leave_out("first_side", "Each patient counts once: the side that stands first", table, later),
        ]  # fmt: skip
    if separator.kind in ("date", "operation"):
        return [
            _leave_out("first_operation", f"Operated again: the first operation by {name} counts", table, later),
            Answer("operation", "Operated again: every operation counts", f"{both}.", repairs=(combine,)),
        ]
    return [
        Answer("row", f"Every {name} counts for itself", f"{both}.", repairs=(combine,)),
        _leave_out("first_of", f"Each patient counts once: the {name} that stands first", table, later),
    ]


def _units(table: Recognised, name: str, patient: NDArray[np.int64]) -> int:
    """How many different combinations of a patient and a value of this column there are."""
    column = table.sheet.column(name)
    known = patient >= 0
    return len(np.unique(patient[known] * (len(column.levels) + 1) + column.codes[known]))


def _not_first(table: Recognised, separator: _Separator, patient: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) rows of a patient's later operations by date, or of what does not stand first."""
    column = table.sheet.column(separator.guess.name)
    if separator.kind == "date":
        order = pd.factorize(days_of(table.profiles[separator.guess.name]).astype("datetime64[s]"), sort=True)[0]
    elif separator.kind == "operation" and table.profiles[separator.guess.name].numeric == 1:
        order = pd.factorize(table.profiles[separator.guess.name].row_values(), sort=True)[0]
    else:
        order = np.arange(table.sheet.n)
    return unlike_the_first(patient, order, column.codes) & ~column.blank()


def _first_and_last(
    table: Recognised, keys: NDArray[np.int64], rows: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    first, last = rows.copy(), rows.copy()
    first[rows] = ~pd.Series(keys[rows]).duplicated()
    last[rows] = ~pd.Series(keys[rows]).duplicated(keep="last")
    return first, last


def _leave_out(key: str, label: str, table: Recognised, mask: NDArray[np.bool_]) -> Answer:
    rows = every_row(table, mask)
    words = rows_in_words(rows) if rows else "no row"
    repair = (Repair("drop_rows", (), f"{label} ({words} left out)", (), rows),) if rows else ()
    return Answer(key, label, f"{words.capitalize()} left out.", repairs=repair)


def _evidence(
    table: Recognised, number: ColumnGuess, found: Sequence[_Separator], several: NDArray[np.bool_]
) -> Evidence:
    names = [number.name, *(s.guess.name for s in found)]
    names += [g.name for g in table.columns if g.role in (Role.TIME_POINT, Role.SCORE)][:3]
    shown = np.flatnonzero(several)
    ids = table.sheet.column(number.name).codes
    of_one = [i for code in dict.fromkeys(ids[shown].tolist()) for i in shown[ids[shown] == code]][:MOST_EXAMPLES]
    return Evidence(("row", *names), table.sheet.texts_of(of_one, names))
