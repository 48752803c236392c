"""001 in one table and 1 in another: one patient or two? Without an answer, before and after find no partner."""

from __future__ import annotations

from collections.abc import Iterator

from lib.importing.checks.base import Recognised
from lib.importing.checks.patients import same_number
from lib.importing.columns.identifiers import alike_words
from lib.importing.columns.roles import Role
from lib.importing.findings import Repair, quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

EXAMPLES = 8


def same_patient(table: Recognised) -> Iterator[Question]:
    """One question where numbers differ between time points only in zeros, spaces, capitals or marks."""
    same = same_number(table)
    if not same:
        return
    number = next(g.name for g in table.columns if g.role is Role.ID)
    levels = table.sheet.column(number).levels
    become = {text: same[text.strip()] for text in levels if text.strip() in same}
    other, first = next(iter(same.items()))
    pairs = [f"{b} and {a}" for a, b in list(same.items())[:3]]
    yield Question(
        code="same_patient",
        key=f"same_patient:{number}",
        text=f"Are {first[:20]} and {other[:20]} the same patient?",
        why=f"{alike_words(len(same))} They are {quoted_list(pairs)}{' …' if len(same) > len(pairs) else ''}.",
        stakes=(Stake.UNIT, Stake.DENOMINATOR),
        columns=(number,),
        answers=(
            Answer(
                key="same",
                label=f"Yes: {len(same):,} number{'' if len(same) == 1 else 's'} written in two ways",
                effect=f"{other} becomes {first}, and so on; before and after belong to one patient.",
                repairs=(
                    Repair("replace", (number,), f"{number}: {other} is {first}, and so on", tuple(become.items())),
                ),
            ),
            Answer("different", "No: they are different patients", "They are not paired."),
        ),
        evidence=Evidence(("one table", "another table"), tuple((b, a) for a, b in list(same.items())[:EXAMPLES])),
    )
