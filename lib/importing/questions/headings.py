"""A survey with three rows of headings: its columns are known by the wording of their questions, or by codes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.importing.checks.base import Recognised
from lib.importing.columns.recognise import recognise
from lib.importing.files.headings import THREE_HEADINGS
from lib.importing.findings import quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

EXAMPLES = 8


def three_headings(table: Recognised) -> Iterator[Question]:
    """One question where the reader took more rows than two for the heading."""
    found = next((f for f in table.sheet.findings if f.code == THREE_HEADINGS), None)
    worded = [c for c in table.sheet.columns if c.heading]
    if found is None or not worded:
        return
    short = replace(table.sheet, columns=tuple(replace(c, heading="") for c in table.sheet.columns))
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
