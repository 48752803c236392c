"""The question of numbered columns of one time point: "VAS pre 1", "VAS pre 2" and "VAS post"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from lib.importing.checks.base import Recognised
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.columns.scores import instrument_of
from lib.importing.findings import quoted_list
from lib.importing.questions.base import Answer, Question, Stake

NUMBERED = re.compile(r"_(\d)$")
MOST_REPEATS = 4


def repeats(table: Recognised) -> Iterator[Question]:
    """Scores of one instrument that differ in a number at one time point, where the other time point has one column."""
    found: dict[tuple[str, str], list[ColumnGuess]] = defaultdict(list)
    for guess in table.columns:
        known = instrument_of(guess.target) if guess.role is Role.SCORE and guess.doubt is None else None
        if known is not None:
            found[known.key, guess.time_point].append(guess)
    for (instrument, time_point), columns in found.items():
        numbered = [c for c in columns if NUMBERED.search(c.target)]
        others = [
            c for (key, time), others in found.items() if key == instrument and time != time_point for c in others
        ]
        targets = {c.target for c in others}
        alone = len(targets) == 1 and not any(NUMBERED.search(target) for target in targets)
        if 2 <= len(numbered) <= MOST_REPEATS and len(numbered) == len(columns) and alone:
            yield _question(numbered, targets.pop(), [c.name for c in others])


def _question(columns: Sequence[ColumnGuess], target: str, others: Sequence[str]) -> Question:
    names = [c.name for c in columns]
    ways = (("first", columns[0]), ("last", columns[-1]))
    chosen = tuple(
        Answer(
            key=key,
            label=f"{quoted_list([one.name], 1)} is compared with {quoted_list(others, 2)}",
            effect=f"{quoted_list([n for n in names if n != one.name], 3)}: left out.",
            columns=tuple(
                c.with_role(Role.SCORE, target, c.time_point) if c is one else c.with_role(Role.IGNORE) for c in columns
            ),
        )
        for key, one in ways
    )
    return Question(
        code="repeats",
        key=f"repeats:{target}:{columns[0].time_point}",
        text=f"{quoted_list(names, 2)}: which is compared with {quoted_list(others, 1)}?"[:90],
        why=f"{quoted_list(names, 4)} are numbered at one time point, {quoted_list(others, 3)} is not, so nothing says "
        "which belongs to it: a measurement done twice, or two sites.",
        stakes=(Stake.TIME, Stake.DENOMINATOR),
        answers=(*chosen, Answer("apart", "Each is a measure of its own", "None of them is compared with the others.")),
        columns=(*names, *others),
        skip="If you skip this: each stays a measure of its own, and none is compared.",
    )
