"""What only the user can know of a file: a question with its evidence, its answers and what skipping does.

A question is asked when another reading of the file would change sign, scale, time, unit of analysis or denominator and
the file itself does not decide. An answer is a change of the import; nothing is chosen beforehand, and because each of
these five is expensive to get wrong, no answer is marked as the likely one: what points to it stands in the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.importing.columns.coded_answers import AnswerSpec
from lib.importing.columns.roles import ColumnGuess, MeasureSpec
from lib.importing.findings import Repair

SKIP = "skip"
"""The answer "leave it out": allowed where a question has words for it."""


class Stake(StrEnum):
    """What would be wrong if the reading were."""

    SIGN = "sign"
    SCALE = "scale"
    TIME = "time"
    UNIT = "unit"
    DENOMINATOR = "denominator"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Cells to look at: `head` names the columns, each row begins with its number as Excel shows it."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    hit: tuple[int, ...] = ()
    """Row numbers in question, marked on screen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a claim in plain words, and the change of the import that it is.

    Attributes:
        key: short stable name inside its question ("eq5d5l", "keep"); saved with the columns.
        label: the claim ("Yes: divide these four by 10").
        effect: one sentence, what changes in the cells or the columns of the file.
        columns: what columns are taken for, once this is chosen. measures: details of scores.
        answers: answers in numbers. repairs: changes of cells. unit: what one patient is (see `unit` in `Choice`).
    """

    key: str
    label: str
    effect: str = ""
    columns: tuple[ColumnGuess, ...] = ()
    measures: tuple[MeasureSpec, ...] = ()
    answers: tuple[AnswerSpec, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a file.

    Attributes:
        code: its kind ("direction", "eq5d_version"); tests and the shell's JSON use it.
        key: stable name of this very question: the code and the columns it is about.
        text: the question, at most 90 characters, in words of a nurse and of the file.
        why: one sentence, what is found and what is allowed; names the columns.
        stakes: what would be wrong if the reading were.
        columns: names of the columns concerned. rows: row numbers as Excel shows them.
        answers: two to four of them.
        skip: "If you skip this: …"; '' where it cannot be skipped.
    """

    code: str
    key: str
    text: str
    why: str
    stakes: tuple[Stake, ...]
    answers: tuple[Answer, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    skip: str = ""
    evidence: Evidence = Evidence()

    def answer(self, key: str) -> Answer | None:
        """The answer of this name; None for another name, for `SKIP` too."""
        return next((a for a in self.answers if a.key == key), None)
