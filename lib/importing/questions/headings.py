"""Headings that stand elsewhere: three rows of a survey, or the first column of a table that lies on its side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.importing.checks.base import Recognised
from lib.importing.checks.columns import listed_headings
from lib.importing.columns.recognise import recognise
from lib.importing.files.headings import THREE_HEADINGS
from lib.importing.findings import Repair, quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake
from lib.importing.repairs import TURN

EXAMPLES, SHOWN_PATIENTS = 8, 3


def three_headings(table: Recognised) -> Iterator[Question]:
    """One question where the reader took more rows than two for the heading."""
    found = next((f for f in table.sheet.findings if f.code == THREE_HEADINGS), None)
    worded = [c for c in table.sheet.columns if c.heading]
    if found is None or not worded:
        return
    short = table.sheet.with_columns(*(replace(c, heading="") for c in worded))
    coded = recognise(short, table.profiles)
    first = found.rows[-1] + 1
    yield Question(
        code=THREE_HEADINGS,
        key=THREE_HEADINGS,
        text=f"Is row {first} the first patient, and row {found.rows[1]} what was asked?",
        why=f"{found.sentence} {quoted_list([c.name for c in worded], 3)} are read by their wording.",
        stakes=(Stake.TIME, Stake.DENOMINATOR),
        rows=found.rows,
        answers=(
            Answer("wording", f"Yes: row {found.rows[1]} is the wording of the questions", "No cell changes."),
            Answer("codes", "The codes are enough", "The columns are known by their codes only.", coded),
        ),
        evidence=Evidence(("code", "wording"), tuple((c.name, c.heading) for c in worded[:EXAMPLES])),
    )


def on_its_side(table: Recognised) -> Iterator[Question]:
    """Whether a table with a column per patient is turned here."""
    known = listed_headings(table)
    if not known:
        return
    first, *patients = table.sheet.columns
    shown = [first, *patients[:SHOWN_PATIENTS]]
    rows = zip(*(c.texts()[:EXAMPLES] for c in shown), strict=True)
    yield Question(
        code="on_its_side",
        key="on_its_side",
        text=f"Is each of the {len(patients):,} other columns a patient?",
        why=f"{first.name} lists {quoted_list(known, 3)}, which other files have as headings.",
        stakes=(Stake.UNIT,),
        answers=(
            Answer(
                "turn",
                f"Yes: turn the table, {len(patients):,} patients",
                "Its columns become rows (column B is row 2, and so on); no cell changes.",
                repairs=(Repair(TURN, (), "The table is turned: column B of the file is row 2, and so on"),),
            ),
            Answer("keep", "No: each row is a patient", "Nothing changes."),
        ),
        evidence=Evidence(tuple(c.name for c in shown), tuple(map(tuple, rows))),
    )
