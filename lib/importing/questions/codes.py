"""Columns that hold a value and a code such as 9 and nothing else: is the code "no", or is the answer not known?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lib.catalog import answers
from lib.importing.checks.base import Recognised, decimal_text, used_columns
from lib.importing.checks.values import code_values
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.findings import Repair, quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

CODE, BLANK = "code_or_no", "blank_or_no"
_MARKS = frozenset(("x", "xx", "v", "✓", "✔", "+", "*", "●", "•"))
_OFTEN = 5
"""One cell in so many holds the code: more than answers that are usually not known."""
_SHOWN = 5


def code_or_no(table: Recognised) -> Iterator[Question]:
    """One question for all columns with the same two values; blanking the code would leave only those who have it."""
    groups: dict[tuple[str, str], list[tuple[ColumnGuess, Profile]]] = defaultdict(list)
    for guess, p in used_columns(table, Role.CATEGORY, Role.YESNO):
        codes = code_values(table, guess, p) if len(p.levels) == 2 else []
        if len(codes) != 1 or p.column.labels:
            continue
        code = decimal_text(codes[0])
        other = next((t for t in p.levels if t != code), "")
        if code in p.levels and _times(p, code) * _OFTEN >= p.filled:
            groups[other, code].append((guess, p))
    for (other, code), columns in groups.items():
        yield _question(other, code, columns)


def blank_or_no(table: Recognised) -> Iterator[Question]:
    """One question for columns that hold a mark ("x", yes) or nothing: are the others "no", or not known?"""
    columns = [
        (guess, p)
        for guess, p in used_columns(table, Role.CATEGORY, Role.YESNO)
        if len(p.levels) == 1 and not p.column.labels and _is_mark(p.words[0]) and _OFTEN * _blanks(p) >= len(p.column)
    ]
    if not columns:
        return
    names = tuple(g.name for g, _ in columns)
    marks = tuple(dict.fromkeys(p.levels[0] for _, p in columns))
    no = tuple(
        Repair("replace", (g.name,), f"{g.name}: {p.levels[0].strip()} is yes, blank is no", _yes_and_no(p))
        for g, p in columns
    )
    yield Question(
        code=BLANK,
        key=f"{BLANK}:{columns[0][0].target}",
        text=f"{quoted_list(names, 2)}: does a blank cell mean “no”?",
        why=f"{quoted_list(names, 4)}: only {quoted_list(marks, 3)} occurs, the other cells are blank. As “not known”, "
        "everybody who is known would have it.",
        stakes=(Stake.DENOMINATOR,),
        columns=names,
        evidence=Evidence(
            ("Column in the file", quoted_list(marks, 3), "blank"),
            tuple((g.name, f"{p.filled:,}", f"{_blanks(p):,}") for g, p in columns[:_SHOWN]),
        ),
        answers=(
            Answer("no", "Blank means “no”", "Blank cells become no.", repairs=no),
            Answer("unknown", "Blank means “not known”", "Nothing changes: everybody who is known has it."),
        ),
        skip="If you skip this: blank cells count as not known.",
    )


def _is_mark(word: str) -> bool:
    return word.strip().lower() in _MARKS or answers.yes_no(word) is True


def _blanks(p: Profile) -> int:
    return len(p.column) - p.filled


def _yes_and_no(p: Profile) -> tuple[tuple[str, str], ...]:
    blanks = tuple((t, "no") for t in p.column.levels if not t.strip())
    return ((p.levels[0], "yes"), *blanks)


def _times(p: Profile, text: str) -> int:
    return int(p.counts[p.column.levels.index(text)])


def _question(other: str, code: str, columns: list[tuple[ColumnGuess, Profile]]) -> Question:
    names = tuple(g.name for g, _ in columns)
    first, last = quoted_list(names[:1]), quoted_list(names[-1:])
    where = first if len(names) == 1 else f"{len(names)} columns, {first} to {last}"

    def repair(values: tuple[tuple[str, str], ...], words: str) -> Repair:
        return Repair("replace", names, f"{quoted_list(names, 3)}: {words}", values)

    return Question(
        code=CODE,
        key=f"{CODE}:{columns[0][0].target}",
        text=f"{where}: does {code} mean “no”?" if len(where) < 60 else f"{len(names)} columns: does {code} mean “no”?",
        why=f"{quoted_list(names, 4)}: only {other} and {code} occur. As a code for “not known”, {code} would leave "
        f"only patients with {other}.",
        stakes=(Stake.DENOMINATOR,),
        columns=names,
        evidence=Evidence(
            ("Column in the file", other, code),
            tuple((g.name, f"{_times(p, other):,}", f"{_times(p, code):,}") for g, p in columns[:_SHOWN]),
        ),
        answers=(
            Answer(
                key="no",
                label=f"{code} means “no”",
                effect=f"{other} becomes yes and {code} becomes no.",
                repairs=(repair(((other, "yes"), (code, "no")), f"{other} is yes, {code} is no"),),
            ),
            Answer(
                key="unknown",
                label=f"{code} means “not known”",
                effect=f"{code} becomes blank; everybody else has {other}.",
                repairs=(repair(((code, ""),), f"{code} becomes blank"),),
            ),
        ),
        skip="If you skip this: these columns are left out.",
    )
