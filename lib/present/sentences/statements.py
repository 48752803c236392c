"""Sentences about statements: two of them together, groups apart, wording in reverse."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.cross_table import CrossTable
from lib.analysis.statements import GroupedStatement, Suspicion
from lib.cohort.cohort import Statement
from lib.present.sentences.outcomes import top_two_words
from lib.present.wording import count, inside, interval, joined, number, p_value, plural, result_of_test, signed
from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.results import Estimate, Interval, NotComputed, Test

_MOST_NAMED = 8


def name_of(statement: Statement) -> str:
    """The short name of a statement, its full text where it has none."""
    return statement.short or statement.label


def together(found: CrossTable | NotComputed, first: Statement, second: Statement) -> str:
    """ "Of 29 who answered both, 17 are in the best answers of both; 7 only of “…”, 1 only of “…”, 4 of neither"."""
    if isinstance(found, NotComputed):
        return f"Not computed: {found.reason}"
    one, two = name_of(first), name_of(second)
    return (
        f"“{one}”: {count(found.both + found.only_first)} of {count(found.n)}; "
        f"“{two}”: {count(found.both + found.only_second)} of {count(found.n)}. "
        f"Both: {count(found.both)}; only “{one}”: {count(found.only_first)}; only “{two}”: "
        f"{count(found.only_second)}; neither: {count(found.neither)}"
    )


def bars_note(statement: Statement, most: int, *, ranked: bool) -> str:
    """How to read the bars; `most` is the largest number of answers to one of them."""
    best = inside(top_two_words(statement))
    if ranked and most < FEWEST_FOR_PERCENT:
        return f"A square is a patient. Right: {best}."
    numbers = "Numbers in the bars: percent, or patients where fewer than 20 answered. Right: " + best
    if ranked:
        return f"{numbers}; the line under a bar is the 95% CI (Wilson) of that share."
    return f"{numbers}, and who did not answer."


def left_out_words(found: CrossTable | NotComputed) -> str:
    """Who is not in the cross-table, empty when nobody."""
    if isinstance(found, NotComputed) or found.left_out == 0:
        return ""
    return f"{plural(found.left_out, 'patient')} did not answer both."


def between_title(rows: tuple[GroupedStatement, ...], grouping: str) -> str:
    """ "Statements by Etiology: 7 statements, 6 groups"; exploratory, so no verdict."""
    groups = len(rows[0].names) if rows else 0
    return f"Statements by {grouping}: {plural(len(rows), 'statement')}, {plural(groups, 'group')}"


def groups_finding(rows: Sequence[GroupedStatement], names: Sequence[str], grouping: str) -> str:
    """ "Statements by etiology, best answers of “Satisfied”: Postpartum 8 of 13; …; and 6 more statements".

    The first statement of which something is known, group by group; no verdict.
    """
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        known = [
            f"{group} {count(found.top_two.count)} of {count(found.n)}"
            for group, found in zip(row.names, row.results, strict=True)
            if not isinstance(found, NotComputed)
        ]
        if known:
            groups = [*known[:_MOST_NAMED], *([f"{len(known) - _MOST_NAMED} more"] if len(known) > _MOST_NAMED else [])]
            others = len(rows) - place - 1
            more = f"; and {plural(others, 'more statement')}" if others else ""
            return f"Statements by {grouping}, best answers of “{name}”: {'; '.join(groups)}{more}"
    return between_title(tuple(rows), grouping)


def test_words(test: Test | NotComputed, corrected: float | NotComputed, family: int) -> str:
    """ "U = 31.00, p = 0.041; corrected for looking 7 times p = 0.287"."""
    if isinstance(test, NotComputed):
        return f"no test: {test.reason}"
    words = result_of_test(test)
    if family > 1 and not isinstance(corrected, NotComputed):
        words += f"; corrected for looking {family} times {p_value(corrected)}"
    return words


def delta_words(delta: Estimate | NotComputed) -> str:
    """ "+0.32 (−0.10 to +0.64)", or why there is none; the table says at which level."""
    if isinstance(delta, NotComputed):
        return delta.reason
    ends = f" ({interval(delta.interval, 2, sign=True)})" if isinstance(delta.interval, Interval) else ""
    return f"{signed(delta.value, 2)}{ends}"


def points_words(difference: Estimate | NotComputed) -> str:
    """A difference of shares in percentage points with its interval."""
    if isinstance(difference, NotComputed):
        return difference.reason
    words = f"{signed(difference.value * 100, 1)} points"
    if isinstance(difference.interval, Interval):
        low, high = difference.interval.low * 100, difference.interval.high * 100
        words += f" ({number(low, 1)} to {number(high, 1)})"
    return words


def suspicion_words(found: Suspicion, statement: Statement) -> str:
    """Why a statement may be worded in reverse, and what then."""
    why = []
    if found.by_words:
        why.append("its words say that agreeing is unfavourable")
    if found.correlation is not None:
        why.append(
            "its answers run against those of the other statements "
            f"(rank correlation {number(found.correlation, 2)}, whole cohort)"
        )
    name = name_of(statement)
    return f"“{name}” may be worded in reverse: {joined(why)}. If so, turn it around under “Order and direction”."


def reverse_note(statement: Statement) -> str:
    """What a reversed statement counts as best."""
    best = statement.levels[: 2 if len(statement.levels) > 3 else 1]
    return f"Worded in reverse: agreeing is unfavourable, so “{joined(list(best), 'and')}” count as the best answers."
