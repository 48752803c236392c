"""What would otherwise be gone without a word: a score of one time point, a yes/no with a third word, many levels.

And numbers of a patient in two units, or with a 0 that stands for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lib.catalog import answers
from lib.catalog.answers import normalise
from lib.importing.checks.base import (
    Recognised,
    cells,
    decimal_text,
    every_row,
    finding,
    in_rows,
    used_columns,
)
from lib.importing.columns.patient_values import age_zero
from lib.importing.columns.roles import Role
from lib.importing.columns.timepoints import split_names
from lib.importing.findings import Finding, Repair, Severity, quoted_list

MOST_LEVELS = 40
MANY_ARE_USUAL = frozenset({"center", "surgeon"})
MOST_OTHER_WORDS = 2
METRES, CENTIMETRES = (0.4, 2.6), (40.0, 260.0)


def one_time_point(table: Recognised) -> Iterator[Finding]:
    """Scores that stand at one time point only, beside others that have two: nothing to compare."""
    times: dict[str, set[str]] = defaultdict(set)
    columns: dict[str, list[str]] = defaultdict(list)
    for guess, _ in used_columns(table, Role.SCORE):
        times[guess.target].add(guess.time_point)
        columns[guess.target].append(guess.name)
    several = any(len(t) > 1 or "*" in t for t in times.values())
    names = [n for key, t in times.items() if len(t) == 1 and "*" not in t for n in columns[key]]
    if not several or not names:
        return
    one = len(names) == 1
    yield finding(
        table,
        "one_time_point",
        Severity.WARNING,
        f"{quoted_list(names)} {'stands' if one else 'stand'} at one time point only, so "
        f"{'it has' if one else 'they have'} no before and after. "
        "If the other time point is in the file under another name, say so for that column.",
        names[0],
        count=len(names),
    )


def third_word(table: Recognised) -> Iterator[Finding]:
    """Yes and no with another word ("stopped"), or only one of the two with it, beside a yes or no at another time: a
    category, so no test of before against after.
    """
    names = table.sheet.names()
    timed = dict(zip(names, split_names(names), strict=True))
    outcomes = {g.target for g, _ in used_columns(table, Role.YESNO)}
    for guess, p in used_columns(table, Role.CATEGORY):  # a yes or no at one time point is a category too
        if timed[guess.name].time_point is not None and {answers.yes_no(w) for w in p.words} == {True, False}:
            outcomes.add(normalise(timed[guess.name].stem).replace(" ", "_"))
    for guess, p in used_columns(table, Role.CATEGORY):
        if timed[guess.name].time_point is None:
            continue
        words = [w for w in p.levels if not answers.is_non_answer(p.column.labels.get(w, w))]
        meanings = {answers.yes_no(p.column.labels.get(w, w)) for w in words}
        others = [w for w in words if answers.yes_no(p.column.labels.get(w, w)) is None]
        stem = normalise(timed[guess.name].stem).replace(" ", "_")
        related = any(stem in o or o in stem for o in outcomes)
        if not {True, False} & meanings or not 0 < len(others) <= MOST_OTHER_WORDS:
            continue
        if not related and not {True, False} <= meanings:
            continue
        mask = p.rows_with(others)
        yield finding(
            table,
            "third_word",
            Severity.WARNING,
            f"{guess.name} says {' and '.join(w for w, m in (('yes', True), ('no', False)) if m in meanings)}, and "
            f"{quoted_list(others)} in {cells(int(mask.sum()))} "
            f"({in_rows(table, mask)}): it is shown as a category and not compared with its other time point. If that "
            "word means yes or no, replace it in the file; Table 1 and Compare show it as a group.",
            guess.name,
            mask,
        )


def many_levels(table: Recognised) -> Iterator[Finding]:
    """A category with more texts than a table can show; hospitals and surgeons have a view for many."""
    for guess, p in used_columns(table, Role.CATEGORY):
        if p.distinct > MOST_LEVELS and guess.target not in MANY_ARE_USUAL:
            yield finding(
                table,
                "many_levels",
                Severity.NOTE,
                f"{guess.name} has {p.distinct:,} different texts: Table 1 shows the commonest and the others in one "
                "line, the filter lists them all. For larger groups merge texts under Compare or add a column with "
                "few groups to the file; hospitals or surgeons have views of their own once the heading is “center” or "
                "“surgeon”; what nobody needs is left out under “All columns”.",
                guess.name,
                count=p.distinct,
            )


def zero_age(table: Recognised) -> Iterator[Finding]:
    """Age 0 among adults stands for an empty field: it counts as not recorded."""
    for guess, p in used_columns(table, Role.NUMBER):
        if guess.target == "age" and age_zero(p):
            mask = p.row_values() == 0
            yield finding(
                table,
                "age_zero",
                Severity.WARNING,
                f"{guess.name}: age 0 in {cells(int(mask.sum()))} ({in_rows(table, mask)}), the others are "
                f"{decimal_text(p.values[1])} or older. Age 0 counts as not recorded.",
                guess.name,
                mask,
            )


def two_units(table: Recognised) -> Iterator[Finding]:
    """Height in metres and in centimetres in one column."""
    for guess, p in used_columns(table, Role.NUMBER):
        if guess.target != "height":
            continue
        values = p.row_values()
        metres = (values >= METRES[0]) & (values <= METRES[1])
        if not metres.any() or not ((values >= CENTIMETRES[0]) & (values <= CENTIMETRES[1])).any():
            continue
        words = f"{guess.name}: {cells(int(metres.sum()))} in metres ({in_rows(table, metres)})"
        repair = Repair("scale", (guess.name,), f"{words} times 100", (), every_row(table, metres), "100")
        yield finding(
            table,
            "two_units",
            Severity.WARNING,
            f"{words}, the others in centimetres. Means would mix both; multiply these by 100.",
            guess.name,
            metres,
            repair=repair,
        )
