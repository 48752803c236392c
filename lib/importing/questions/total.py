"""Columns that add up to another one, whatever they are called: the answers of a questionnaire beside its total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lib.catalog.answers import normalise
from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.scoring import questionnaires
from lib.importing.checks.base import Recognised
from lib.importing.columns.doubts import without_codes
from lib.importing.columns.items import item_sets
from lib.importing.columns.roles import ColumnGuess, MeasureSpec, Role
from lib.importing.columns.timepoints import split_names
from lib.importing.findings import quoted_list
from lib.importing.questions.base import Answer, Evidence, Question, Stake

TOTAL = frozenset(
    ("score", "scores", "total", "totaal", "totale", "totalt", "gesamt", "sum", "som", "summe", "somscore", "sumscore",
     "gesamtscore", "totaalscore", "totalscore", "index", "tot")
)  # fmt: skip
FEWEST_ITEMS, FEWEST_ROWS, NEARLY_ALL, MOSTLY = 4, 10, 0.95, 0.9
LEAST_OF_A_NAME = 3
NO_NAME = TOTAL | frozenset(("and", "bis", "der", "for", "fur", "the", "und", "van"))
SHOWN_ROWS, SHOWN_ITEMS, LONGEST = 5, 12, 40
At = Mapping[str, ColumnGuess]
"""Time point → column."""


def total_of_answers(table: Recognised) -> Iterator[Question]:
    """One question per total whose answers stand beside it: the answers are no outcomes of their own."""
    pool = [g for g in table.columns if _may_be_an_answer(table, g) or g.role is Role.SCORE]
    known = {name for found in item_sets(table.columns, table.profiles) for name in found.columns}
    by_stem: dict[str, dict[str, ColumnGuess]] = defaultdict(dict)
    for guess, name in zip(pool, split_names([g.name for g in pool]), strict=True):
        by_stem[name.stem][name.time_point.key if name.time_point else guess.time_point] = guess
    for stem, total in by_stem.items():
        words = stem.split()
        while words and words[-1] in TOTAL:
            words.pop()
        first = " ".join(words)
        if not words or first == stem or any(g.role is not Role.SCORE for g in total.values()):
            continue
        items = [
            at
            for other, at in by_stem.items()
            if other.startswith(f"{first} ") and other != stem and set(total) <= set(at)
            and all(g.name not in known and _may_be_an_answer(table, g) for g in at.values())
        ]  # fmt: skip
        if len(items) >= FEWEST_ITEMS and (rows := _adds_up(table, total, items)):
            yield _question(table, total, items, rows)


def _may_be_an_answer(table: Recognised, guess: ColumnGuess) -> bool:
    """Numbers without words for them, which nothing else explains."""
    open_score = guess.role is Role.SCORE and guess.doubt is not None
    other = guess.role in (Role.STATEMENT, Role.CATEGORY, Role.NUMBER) and guess.confidence < 1
    p = table.profiles[guess.name]
    return (open_score or other) and p.numeric > MOSTLY and not p.column.labels


def _adds_up(table: Recognised, total: At, items: Sequence[At]) -> str:
    """ "in 45,052 of 45,052 rows", '' where the total is another one."""
    same = there = 0
    for time, column in total.items():
        wanted = table.profiles[column.name].row_values()
        have = np.sum([table.profiles[at[time].name].row_values() for at in items], axis=0)
        both = ~np.isnan(wanted) & ~np.isnan(have)
        there += int(both.sum())
        same += int((both & (np.abs(wanted - have) < 1e-9)).sum())
    return f"in {same:,} of {there:,} rows" if there >= FEWEST_ROWS and same >= NEARLY_ALL * there else ""


def _question(table: Recognised, total: At, items: Sequence[At], rows: str) -> Question:
    totals = tuple(total.values())
    own = tuple(g for at in items for g in at.values())
    name = totals[0].label or totals[0].name
    left_out = tuple(g.with_role(Role.IGNORE) for g in own)
    answers = []
    if all(g.doubt is None for g in totals):
        answers.append(Answer("total", f"Yes: {_short(name)} counts, its answers are left out", columns=left_out))
    else:
        for key in _instruments(table, totals[0], items):
            found = INSTRUMENTS[key]
            better = "higher" if found.higher_is_better else "lower"
            answers.append(
                Answer(
                    key,
                    f"Yes, of the {found.names['en']}: {found.low:g} to {found.high:g}, {better} is better",
                    f"The total gets the range and the thresholds of {found.short}; its answers are left out.",
                    (*left_out, *(g.with_role(Role.SCORE, key, g.time_point, found.short) for g in totals)),
                )
            )
        for key in ("higher", "lower"):
            spec = MeasureSpec(totals[0].target, name, None, None, key == "higher")
            answers.append(
                Answer(
                    key,
                    f"{'Another total' if answers and answers[0].key in INSTRUMENTS else 'Yes'}: {key} is better",
                    f"{key.capitalize()} totals count as improved; no threshold is known; the answers are left out.",
                    (*left_out, *(g.with_role(Role.SCORE, g.target, g.time_point) for g in totals)),
                    (spec,),
                )
            )
    return Question(
        code="items",
        key=f"items:total:{totals[0].target}",
        text=f"“{_short(name)}”: the total of these {len(items)} answers?",
        why=f"{quoted_list([g.name for g in own], 3)} ({len(items)} columns per time point) add up to "
        f"{quoted_list([g.name for g in totals], 2)} {rows}. An answer has neither the range nor the threshold of the "
        "total.",
        stakes=(Stake.SCALE, Stake.SIGN),
        columns=tuple(g.name for g in table.columns if g in own or (g in totals and g.doubt is not None)),
        answers=tuple(answers),
        skip="If you skip this: all of them are left out.",
        evidence=_evidence(table, total, items),
    )


def _instruments(table: Recognised, total: ColumnGuess, items: Sequence[At]) -> list[str]:
    """Sums of as many items with these codes, one word of whose name ("knee") the heading has."""
    answered = set(normalise(f"{total.name} {total.label}").split())
    every = [table.profiles[g.name].values for at in items for g in at.values()]
    values = without_codes(np.unique(np.concatenate(every)))
    found = []
    for rules in questionnaires().values():
        sums = [s for s in rules.scales if s.offered and s.way == "sum" and len(s.items) == len(rules.items)]
        if len(rules.items) != len(items) or len(sums) != 1 or rules.recode or sums[0].instrument not in INSTRUMENTS:
            continue
        instrument = INSTRUMENTS[sums[0].instrument]
        words = {w for n in instrument.names.values() for w in normalise(n).split() if len(w) >= LEAST_OF_A_NAME}
        if answered & (words - NO_NAME) and rules.low <= values[0] and values[-1] <= rules.high:
            found.append(instrument.key)
    return found[:2]


def _evidence(table: Recognised, total: At, items: Sequence[At]) -> Evidence:
    time = next(iter(total))
    names = [*(at[time].name for at in items[:SHOWN_ITEMS]), total[time].name]
    texts = [table.sheet.column(n).texts() for n in names]
    numbers = table.sheet.row_numbers.tolist()
    rows = tuple((str(numbers[i]), *(t[i] for t in texts)) for i in range(min(SHOWN_ROWS, table.sheet.n)))
    return Evidence(tuple(names), rows)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
