"""Questions of scales: two units in one column, 0–1, points or percent, and which EQ-5D some levels are of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from lib.importing.checks.base import Recognised, decimal_text, every_row, rows_of, used_columns
from lib.importing.columns.eq5d_levels import FIVE_LEVELS, dimension_levels
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, MeasureSpec, Role
from lib.importing.columns.scores import PERCENT, instrument_of
from lib.importing.findings import Repair, quoted_list, rows_in_words
from lib.importing.questions.base import Answer, Evidence, Question, Stake

LEAST = 8
MOSTLY_SMALL = 0.5
ODD_SHARE = 0.2
LEAST_ROWS = 2
HIT_ROWS, OTHER_ROWS = 3, 2
"""Those in question first, then two to compare with: as many as a card shows."""
Columns = Sequence[tuple[ColumnGuess, Profile]]


def _measures(table: Recognised) -> Iterator[tuple[str, Columns]]:
    """Measures of the catalogue that the user has given no range, with their columns."""
    stated = {m.key for m in table.measures}
    found: dict[str, list[tuple[ColumnGuess, Profile]]] = defaultdict(list)
    for guess, p in used_columns(table, Role.SCORE):
        if guess.doubt is None and guess.target not in stated and instrument_of(guess.target) is not None:
            found[guess.target].append((guess, p))
    yield from found.items()


def _spec(table: Recognised, target: str, low: str, high: str) -> MeasureSpec:
    measure = table.score_measures[target]
    return MeasureSpec(target, measure.label, Decimal(low), Decimal(high), measure.higher_is_better)


def two_units(table: Recognised) -> Iterator[Question]:
    """Millimetres among centimetres: most numbers lie on the scale to 10, a few above it."""
    for target, columns in _measures(table):
        found = instrument_of(target)
        ends = sorted(float(high) for _, high in found.scales) if found else []
        if len(ends) < 2 or ends[-1] != 10 * ends[0]:
            continue
        small, large = ends[0], ends[-1]
        cells = {g.name: p.row_values() for g, p in columns}
        on_it = {n: v[(v >= 0) & (v <= large) & ~np.isin(v, NUMERIC_CODES)] for n, v in cells.items()}
        shares = [float((v > small).mean()) for v in on_it.values() if len(v) >= LEAST]
        masks = {n: (v > small) & (v <= large) & ~np.isin(v, NUMERIC_CODES) for n, v in cells.items()}
        rows = np.logical_or.reduce(list(masks.values()))
        if not shares or max(shares) > MOSTLY_SMALL or int(rows.sum()) < LEAST_ROWS:
            continue
        names = tuple(n for n, mask in masks.items() if mask.any())
        where = rows_in_words(rows_of(table, rows), int(rows.sum()))
        count = sum(int(mask.sum()) for mask in masks.values())
        yield Question(
            code="two_units",
            key=f"two_units:{target}",
            text=f"{names[0][:40]}: {count} numbers above {small:g} among others. Another unit?",
            why=f"{quoted_list(names, 4)}: most numbers lie between 0 and {small:g}, but {count} in {where} lie above "
            f"it, as millimetres would. The scale is 0 to {small:g} or 0 to {large:g}, not both.",
            stakes=(Stake.SCALE,),
            columns=names,
            rows=rows_of(table, rows),
            answers=(
                Answer(
                    key="divide",
                    label=f"They are millimetres: divide these {count} by {large / small:g}",
                    effect=f"{quoted_list(names, 3)}: {count} cells are divided by {large / small:g}; the scale "
                    f"is 0 to {small:g}.",
                    repairs=tuple(
                        Repair(
                            "scale",
                            (name,),
                            f"{name}: divided by {large / small:g} where above {small:g}",
                            rows=every_row(table, masks[name]),
                            factor="0.1",
                        )
                        for name in names
                    ),
                ),
                Answer(
                    key="large_scale",
                    label=f"The scale runs from 0 to {large:g}; the others are that low",
                    effect="No cell changes.",
                    measures=(_spec(table, target, "0", f"{large:g}"),),
                ),
                Answer(
                    key="mistakes",
                    label="They are mistakes: make them blank",
                    effect=f"{count} cells become blank; the scale is 0 to {small:g}.",
                    repairs=tuple(
                        Repair(
                            "blank",
                            (name,),
                            f"{name}: values above {small:g} become blank",
                            rows=every_row(table, masks[name]),
                        )
                        for name in names
                    ),
                ),
            ),
            skip="If you skip this: these columns are left out.",
            evidence=_evidence(table, names, rows),
        )


def _evidence(table: Recognised, names: Sequence[str], rows: np.ndarray) -> Evidence:
    numbers = table.sheet.row_numbers.tolist()
    shown = [*np.flatnonzero(rows)[:HIT_ROWS].tolist(), *np.flatnonzero(~rows)[:OTHER_ROWS].tolist()]
    columns = [table.sheet.column(n) for n in names]
    cells = tuple((str(numbers[i]), *(c.levels[c.codes[i]] for c in columns)) for i in shown)
    return Evidence(tuple(names), cells, tuple(int(numbers[i]) for i in shown if rows[i]))


def from_0_to_1(table: Recognised) -> Iterator[Question]:
    """A score of an instrument to 10 or more whose numbers never pass 1."""
    for target, columns in _measures(table):
        found = instrument_of(target)
        values = np.unique(np.concatenate([p.values for _, p in columns]))
        values = values[~np.isin(values, NUMERIC_CODES)]
        if found is None or found.high > 50 or found.high < 10 or sum(p.number_rows for _, p in columns) < LEAST:
            continue
        if len(values) < 3 or values.min() < 0 or values.max() > 1 or (values == np.floor(values)).all():
            continue
        names = tuple(g.name for g, _ in columns)
        high = f"{found.high:g}"
        yield Question(
            code="scale_0_1",
            key=f"scale_0_1:{target}",
            text=f"{names[0][:40]}: from 0 to 1. Which scale is it?",
            why=f"{quoted_list(names, 4)}: numbers from {decimal_text(float(values.min()))} to "
            f"{decimal_text(float(values.max()))}, while {found.short} runs from 0 to {high}.",
            stakes=(Stake.SCALE,),
            columns=names,
            answers=(
                Answer(
                    key="times",
                    label=f"Tenths of the scale: multiply by {high}",
                    effect=f"Every number in {quoted_list(names, 3)} is multiplied by {high}.",
                    repairs=(Repair("scale", names, f"{quoted_list(names)}: multiplied by {high}", factor=high),),
                ),
                Answer(
                    key="scale_0_1",
                    label="The scale runs from 0 to 1",
                    effect="No cell changes; no threshold is known for this scale.",
                    measures=(_spec(table, target, "0", "1"),),
                ),
            ),
            skip="If you skip this: these columns are left out.",
        )


def points_or_percent(table: Recognised) -> Iterator[Question]:
    """An instrument given in points (0–50) and in percent (0–100), where every number would fit both."""
    for target, columns in _measures(table):
        found = instrument_of(target)
        ends = sorted(float(high) for _, high in found.scales) if found else []
        if found is not None and found.key == "odi" and _odd(columns):
            ends = [50.0, 100.0]
        if len({g.time_point for g, _ in columns} - {"once"}) < 2 and columns[0][0].time_point != "*":
            continue  # at one time point nothing has improved
        if found is None or len(ends) != 2 or ends[1] != 2 * ends[0] or sum(p.number_rows for _, p in columns) < LEAST:
            continue
        values = np.concatenate([p.values for _, p in columns])
        values = values[~np.isin(values, NUMERIC_CODES)]
        if not len(values) or values.max() > ends[0] or any(PERCENT.search(p.column.name) for _, p in columns):
            continue
        names = tuple(g.name for g, _ in columns)
        yield Question(
            code="points_or_percent",
            key=f"points_or_percent:{target}",
            text=f"{names[0][:40]}: points of {ends[0]:g} or percent?",
            why=f"{quoted_list(names, 4)}: nobody is above {decimal_text(float(values.max()))}. {found.short} is given "
            f"from 0 to {ends[0]:g} and from 0 to {ends[1]:g}, and what counts as improved is twice as much on one.",
            stakes=(Stake.SCALE,),
            columns=names,
            answers=tuple(
                Answer(
                    key=key,
                    label=f"{words}: 0 to {high:g}",
                    effect=f"The scale runs from 0 to {high:g}; no cell changes.",
                    measures=(_spec(table, target, "0", f"{high:g}"),),
                )
                for key, words, high in (("points", "Points", ends[0]), ("percent", "Percent", ends[1]))
            ),
            skip="If you skip this: these columns are left out.",
        )


def _odd(columns: Columns) -> bool:
    """Whether many numbers are odd: ten answered sections give an even percentage, but any number of points."""
    odd = sum(int(p.counts[p.numbers.values % 2 == 1].sum()) for _, p in columns)
    return odd > ODD_SHARE * sum(p.number_rows for _, p in columns)


_NAMED_FIVE = re.compile(r"5 ?d[ _.-]*(?:5 ?l)(?![a-z])|5l(?![a-z])", re.IGNORECASE)


_NO_VERSION = re.compile(r"eq[ _.-]?5[ _.-]?d(?![ _.-]*(?:[35]|y))", re.IGNORECASE)


def eq5d_version(table: Recognised) -> Iterator[Question]:
    """Only levels 1 to 3 occur, but the heading says five levels, or names the EQ-5D in columns without a version."""
    columns = list(used_columns(table, Role.EQ5D_STATE, Role.EQ5D_DIMENSION))
    if any(g.confidence == 1 for g, _ in columns):
        return
    five = any(_says_five(p) for _, p in columns)
    unnamed = bool(columns) and all(g.role is Role.EQ5D_DIMENSION and _NO_VERSION.search(g.name) for g, _ in columns)
    if not five and not unnamed:
        return
    if max((_highest(g, p) for g, p in columns), default=0) > 3:
        return
    names = tuple(g.name for g, _ in columns)
    if five:
        text = "EQ-5D with five levels by its name, but only 1 to 3 occur. Which one?"
        says = "the heading says 5L, the levels 1 to 3 are those of the 3L"
    else:
        text = "Which EQ-5D is it: with three levels or with five?"
        says = "the heading names no version, and only the levels 1 to 3 occur"
    answered = sum(p.filled for _, p in columns)
    yield Question(
        code="eq5d_version",
        key="eq5d_version",
        text=text,
        why=f"{quoted_list(names, 4)}: {says}. The same state has another value in each version.",
        stakes=(Stake.SCALE,),
        columns=names,
        evidence=_levels_counted(columns),
        answers=(
            Answer(
                key="eq5d3l",
                label="EQ-5D-3L: three levels, the name is wrong" if five else "EQ-5D-3L: three levels",
                likely="" if five else f"Nobody has a 4 or 5 in {answered:,} answers.",
                effect="The index is computed from the three-level value sets.",
                columns=tuple(g.with_role(g.role, g.target, g.time_point) for g, _ in columns),
            ),
            Answer(
                key="eq5d5l",
                label="EQ-5D-5L: nobody chose 4 or 5",
                effect="The index is computed from the five-level value sets.",
                columns=tuple(
                    g.with_role(g.role, f"{g.target.partition(':')[0]}:{FIVE_LEVELS}", g.time_point) for g, _ in columns
                ),
            ),
        ),
        skip="If you skip this: these columns are left out.",
    )


def _levels_counted(columns: Sequence[tuple[ColumnGuess, Profile]]) -> Evidence:
    """How often each of the five levels was chosen, a row per dimension, all time points together."""
    chosen: dict[str, list[int]] = {}
    first: dict[str, str] = {}
    for guess, p in columns:
        if guess.role is Role.EQ5D_DIMENSION:
            levels = dimension_levels(p)
            key = guess.target.partition(":")[0]
            before = chosen.get(key, [0] * 5)
            own = [int(p.counts[levels == k].sum()) if len(levels) else 0 for k in range(1, 6)]
            chosen[key] = [a + b for a, b in zip(before, own, strict=True)]
            first.setdefault(key, guess.name)
    rows = tuple((first[key], *(f"{n:,}" for n in counts)) for key, counts in chosen.items())
    return Evidence(("Column in the file, all times together", "answer 1", "2", "3", "4", "5"), rows)


_SPELLED = re.compile(r"\W{0,3}[1-5](?:\W{0,3}[1-5]){4}\W{0,3}")


def eq5d_spelling(table: Recognised) -> Iterator[Question]:
    """Health states that are not written as five digits: with spaces, dashes or an apostrophe."""
    for guess, p in used_columns(table, Role.EQ5D_STATE):
        if guess.confidence == 1 or not len(p.levels):
            continue
        odd = [
            t for t in p.levels if re.fullmatch(r"\W*[1-5](?:\W*[1-5]){4}\W*", t) and not re.fullmatch(r"[1-5]{5}", t)
        ]
        if not odd:
            continue
        shown = [(t, "".join(re.findall(r"[1-5]", t))) for t in odd[:5]]
        yield Question(
            code="eq5d_spelling",
            key=f"eq5d_spelling:{guess.name}",
            text=f'{guess.label or "EQ-5D"}: is "{shown[0][0]}" the state {shown[0][1]}?',
            why=f"{quoted_list([guess.name])} spells {len(odd)} of {len(p.levels)} states with more than five digits.",
            stakes=(Stake.DENOMINATOR,),
            columns=(guess.name,),
            answers=(
                Answer(
                    key="state",
                    label="Yes: the five digits are the five dimensions",
                    effect=f"{shown[0][0]} is read as {shown[0][1]}.",
                    columns=(guess.with_role(guess.role, guess.target, guess.time_point),),
                ),
                Answer(
                    key="not",
                    label="No: this is no health state",
                    effect="The column is left out.",
                    columns=(guess.with_role(Role.IGNORE),),
                ),
            ),
            evidence=Evidence(("in the file", "read as"), tuple(shown)),
            skip="If you skip this: the column is left out.",
        )


def _says_five(p: Profile) -> bool:
    return any(_NAMED_FIVE.search(text) for text in (p.column.name, p.column.heading))


def _highest(guess: ColumnGuess, p: Profile) -> int:
    if guess.role is Role.EQ5D_DIMENSION:
        levels = dimension_levels(p)
        levels = levels[(p.counts > 0) & ~np.isnan(levels) & (levels <= 5)] if len(levels) else levels
        return int(levels.max()) if len(levels) else 0
    digits = [int(d) for t in p.levels for d in re.findall(r"\d", t) if d in "12345"]
    return max(digits, default=0)


def eq5d_from_zero(table: Recognised) -> Iterator[Question]:
    """Dimensions with zeros where the highest level is missing: 0, 1, 2 for 1, 2, 3 (or 0 to 4 for 1 to 5)."""
    columns = list(used_columns(table, Role.EQ5D_DIMENSION))
    zeros = [(g, p) for g, p in columns if (p.values == 0).any()]
    top = max((_highest(g, p) for g, p in columns), default=0)
    if not zeros or top not in (2, 4):
        return
    names = tuple(g.name for g, _ in columns)
    count = sum(int(p.counts[p.numbers.values == 0].sum()) for _, p in zeros)
    raised = tuple((str(level), str(level + 1)) for level in range(top + 1))
    yield Question(
        code="eq5d_from_zero",
        key="eq5d_from_zero",
        text=f"EQ-5D levels 0 to {top}: is 0 “no problems”, or not answered?",
        why=f"{quoted_list(names, 4)} hold the levels 0 to {top} (0 in {count} cells) and no {top + 1}. The levels are "
        f"numbered from 1; counted from 0, every answer would be one level too good.",
        stakes=(Stake.SCALE, Stake.DENOMINATOR),
        columns=names,
        answers=(
            Answer(
                key="from_zero",
                label=f"0 is “no problems”: 0 to {top} become 1 to {top + 1}",
                effect="Every level is raised by one.",
                repairs=(
                    Repair(
                        "replace", names, f"{quoted_list(names, 3)}: levels 0 to {top} become 1 to {top + 1}", raised
                    ),
                ),
            ),
            Answer(
                key="not_answered",
                label="0 is not answered",
                effect=f"{count} cells become blank; nobody chose level {top + 1}.",
                repairs=(Repair("replace", names, f"{quoted_list(names, 3)}: 0 becomes blank", (("0", ""),)),),
            ),
        ),
        skip="If you skip this: these columns are left out.",
    )
