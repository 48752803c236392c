"""Two tables beside each other on one sheet, with their patients in another order: rows would pair different people."""

from __future__ import annotations

from collections.abc import Iterator

from lib.importing.checks.base import Recognised
from lib.importing.columns.identifiers import likeness
from lib.importing.columns.roles import AT_TIME_POINT, Role
from lib.importing.files.table import TextColumn
from lib.importing.questions.base import Answer, Question, Stake

SHARED = 0.8


def _alike(column: TextColumn) -> list[str]:
    """Per row the number without what may differ in writing it: 1 and 001 are one here."""
    of_level = [likeness(text) for text in column.levels]
    return [of_level[code] for code in column.codes.tolist()]


def side_by_side(table: Recognised) -> Iterator[Question]:
    """Asks where a second number column holds the patients of the first in other rows, and scores follow it."""
    first = next((g for g in table.columns if g.role is Role.ID), None)
    second = [g for g in table.columns if g.role is Role.IDENTIFIER and g.target == "record_number"]
    if first is None or not second:
        return
    numbers = _alike(table.sheet.column(first.name))
    known = set(numbers) - {""}
    place = {g.name: i for i, g in enumerate(table.columns)}
    for guess in second:
        others = _alike(table.sheet.column(guess.name))
        filled = set(others) - {""}
        apart = sum(bool(a and b) and a != b for a, b in zip(numbers, others, strict=True))
        behind = [g for g in table.columns[place[guess.name] + 1 :] if g.role in AT_TIME_POINT]
        if not filled or len(filled & known) < SHARED * len(filled) or not apart or not behind:
            continue
        names = ", ".join(g.name for g in behind)
        yield Question(
            "side_by_side",
            f"side_by_side:{guess.name}",
            "Do two tables stand beside each other, each with its own patients?",
            f"{guess.name} holds the numbers of {first.name}, in {apart:,} of {len(numbers):,} rows another one: "
            f"row by row, {names} would be of another patient.",
            (Stake.UNIT,),
            (
                Answer(
                    "leave_out",
                    f"Yes: leave out {names}",
                    "Put the second table on a sheet of its own to pair it by number.",
                    columns=tuple(g.with_role(Role.IGNORE) for g in behind),
                ),
                Answer("same_row", f"No: each row is one patient, {guess.name} is something else"),
            ),
            columns=(guess.name, *(g.name for g in behind)),
        )
