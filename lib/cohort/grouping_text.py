"""The text form of a grouping read back: "etiology~Unknown+Degenerative", "age/3", "baseline:pain/3", "rest:…"."""

from __future__ import annotations

from lib.cohort.cohort import Cohort
from lib.cohort.grouping import (
    PARTS,
    AgainstRest,
    ByBaseline,
    ByColumn,
    ByParts,
    Grouping,
    GroupingError,
    Merge,
    Named,
    OfTwo,
)
from lib.cohort.patient_columns import Category, Number
from lib.cohort.selection_text import decoded, parse_selection

MOST_PARTS = 10


def parse_grouping(text: str, cohort: Cohort) -> Grouping:
    """The grouping of such a text; a bare key of a number column means its thirds.

    Raises GroupingError (or SelectionError for the selections inside) when the cohort has no such column, label or
    measure, or the text is of no known form.
    """
    head, colon, rest = text.partition(":")
    if colon and head == "rest":
        return AgainstRest(parse_selection(rest, cohort))
    if colon and head == "two":
        return _two(rest, cohort)
    if colon and head == "baseline":
        found: Grouping = ByBaseline(*_parts(rest))
    else:
        found = _column(text, cohort)
    found.describe(cohort)  # says what is missing, in words
    return found


def _column(text: str, cohort: Cohort) -> Grouping:
    key, *merges = text.split("~")
    name, parts = _parts(key)
    column = cohort.columns.get(name)
    if isinstance(column, Number):
        return ByParts(name, parts)
    if not isinstance(column, Category):
        known = [c.key for c in cohort.categories()] + [n.key for n in cohort.numbers()]
        raise GroupingError(
            f"There is no column “{name}” in this cohort to compare by. There are: {', '.join(known) or 'none'}."
        )
    return ByColumn(name, tuple(m for m in (_merge(part, column) for part in merges) if len(m.labels) > 1))


def _merge(text: str, column: Category) -> Merge:
    name, equals, labels = text.rpartition("=")
    return Merge(
        tuple(label for label in map(decoded, labels.split("+")) if label in column.labels),
        decoded(name) if equals else "",
    )


def _parts(text: str) -> tuple[str, int]:
    key, slash, parts = text.partition("/")
    if not slash:
        return decoded(key), PARTS
    if not (parts.isascii() and parts.isdigit() and 2 <= int(parts) <= MOST_PARTS):
        raise GroupingError(f"“{text}” asks for “{parts}” parts; a number can be cut into 2 to {MOST_PARTS}.")
    return decoded(key), int(parts)


def _two(text: str, cohort: Cohort) -> OfTwo:
    halves = text.split("|")
    if len(halves) != 2:
        raise GroupingError("Two selections are needed, with a | between them.")
    one, two = (_named(half, cohort) for half in halves)
    return OfTwo(one, two)


def _named(text: str, cohort: Cohort) -> Named:
    name, colon, rest = text.rpartition(":")
    return Named(parse_selection(rest, cohort), decoded(name) if colon else "")
