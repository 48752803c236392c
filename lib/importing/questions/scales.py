"""Questions of scales: two units in one column, 0–1, points or percent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from lib.importing.checks.base import Recognised, decimal_text, every_row, rows_of, used_columns
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
    return Evidence(tuple(names), table.sheet.texts_of(shown, names), tuple(int(numbers[i]) for i in shown if rows[i]))


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
