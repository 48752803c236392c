"""A score of the catalogue in which nearly everybody is worse after the treatment: is it turned round in this file?

WOMAC, pain and function are given with either end as the best. The heading does not say it, the patients do: read the
wrong way, a good result would be reported as harm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE
from lib.importing.checks.base import Recognised, decimal_text, used_columns
from lib.importing.columns.roles import ColumnGuess, MeasureSpec, Role
from lib.importing.columns.scores import instrument_of
from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.findings import quoted_list
from lib.importing.long_format import row_time_points
from lib.importing.questions.base import Answer, Question, Stake

CODE = "turned"
LEAST_PAIRS = 12
NEARLY_ALL = 0.8
"""Share of the pairs that got worse, at every time point: of 12 unchanged patients 10 or more in one of fifty files."""
Values = Mapping[str, NDArray[np.float64]]


def turned_round(table: Recognised) -> Iterator[Question]:
    """One question per measure; not for one whose direction the user stated."""
    stated = {m.key for m in table.measures}
    columns: dict[str, list[ColumnGuess]] = defaultdict(list)
    for guess, _ in used_columns(table, Role.SCORE):
        if guess.doubt is None and guess.target not in stated and instrument_of(guess.target) is not None:
            columns[guess.target].append(guess)
    for target, own in columns.items():
        if any(g.confidence == 1 for g in own):  # the user said what it is, with its direction
            continue
        values = _by_time(table, own)
        before = values.pop(BASELINE, None)
        if before is None or not values:
            continue
        sign = 1 if table.score_measures[target].higher_is_better else -1
        changes = {
            key: change[~np.isnan(change)] for key, now in values.items() if len(change := sign * (now - before))
        }
        worse = {key: int((change < 0).sum()) for key, change in changes.items()}
        if all(len(changes[k]) >= LEAST_PAIRS and worse[k] >= NEARLY_ALL * len(changes[k]) for k in changes):
            last = max(changes, key=lambda k: time_point_of_key(k).months or 0)
            where = np.flatnonzero(~np.isnan(values[last]) & ~np.isnan(before))
            means = float(before[where].mean()), float(values[last][where].mean())
            yield _question(table, own, (worse[last], len(changes[last])), means, last)


def _by_time(table: Recognised, columns: list[ColumnGuess]) -> dict[str, NDArray[np.float64]]:
    """Time point → the values of the patients, in one order for all; only what lies on the scale."""
    measure = table.score_measures[columns[0].target]
    low, high = (float("nan") if end is None else float(end) for end in (measure.low, measure.high))

    def on_the_scale(name: str) -> NDArray[np.float64]:
        values = table.profiles[name].row_values().copy()
        values[(values < low) | (values > high)] = np.nan
        return values

    found = {g.time_point: on_the_scale(g.name) for g in columns if g.time_point not in ("*", "once", "")}
    long = next((g for g in columns if g.time_point == "*"), None)
    time = next((g for g in table.columns if g.role is Role.TIME_POINT), None)
    number = next((g for g in table.columns if g.role is Role.ID), None)
    if long is None or time is None or number is None:
        return found
    place, keys = row_time_points(table.sheet.column(time.name), time)
    patients, values = table.sheet.column(number.name).codes, on_the_scale(long.name)
    for k, key in enumerate(keys):
        of_patient = np.full(len(table.sheet.column(number.name).levels), np.nan)
        rows = np.flatnonzero(place == k)[::-1]  # the first row of a patient counts
        of_patient[patients[rows]] = values[rows]
        found[key] = of_patient
    return found


def _question(
    table: Recognised, columns: list[ColumnGuess], worse: tuple[int, int], means: tuple[float, float], last: str
) -> Question:
    measure = table.score_measures[columns[0].target]
    now, other = ("higher", "lower") if measure.higher_is_better else ("lower", "higher")
    names = tuple(g.name for g in columns)
    low, high = (None if end is None else Decimal(end) for end in (measure.low, measure.high))
    shown = " → ".join(decimal_text(round(mean, 1)) for mean in means)
    return Question(
        code=CODE,
        key=f"{CODE}:{measure.key}",
        text=f"{measure.label[:40]}: {worse[0]} of {worse[1]} are worse. Which end is better?",
        why=f"{quoted_list(names, 4)}: {measure.label} is published with {now} as better; read so, {worse[0]} of "
        f"{worse[1]} patients are worse at {time_point_of_key(last).label.lower()} ({shown}). Some files hold it "
        "turned round.",
        stakes=(Stake.SIGN,),
        columns=names,
        answers=(
            Answer(
                other,
                f"{other.capitalize()} is better in this file",
                f"{other.capitalize()} counts as improved.",
                tuple(g.with_role(Role.SCORE, g.target, g.time_point) for g in columns),
                (MeasureSpec(measure.key, measure.label, low, high, other == "higher"),),
            ),
            Answer(
                now,
                f"{now.capitalize()} is better, as published: they are worse",
                "Nothing changes.",
                tuple(g.with_role(Role.SCORE, g.target, g.time_point) for g in columns),
            ),
        ),
        skip="If you skip this: it is left out.",
    )
