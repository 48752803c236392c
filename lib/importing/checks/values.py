"""Checks of numbers: not a number, two readings, codes for missing, outside the scale."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lib.catalog import eq5d
from lib.catalog.value_sets import LEVELS_OF, value_set
from lib.importing.checks.base import (
    NUMERIC_ROLES,
    Recognised,
    cells,
    decimal_text,
    every_row,
    finding,
    in_rows,
    used_columns,
)
from lib.importing.columns import numbers as number_words
from lib.importing.columns.coded_answers import ANSWER_CODES
from lib.importing.columns.eq5d_levels import MORE_THAN_SLIPS, five_level_texts, proposed_set, version_of, worded
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.profile import Profile
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.findings import Finding, Repair, Severity, quoted_list

ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
MOST_SHOWN = 6
NEVER_ZERO = 10
"""From this lowest other value on, an age or BMI of 0 stands for missing; babies have an age of 0."""
NINETY_NINE, FAR_BELOW = 99, 90
LEAST_WORDS = 2
ANSWER_ROLES = (Role.CATEGORY, Role.STATEMENT, Role.YESNO)
PLAUSIBLE = {"age": (0, 120), "bmi": (10, 90), "height": (0.5, 250), "weight": (1, 400), "implants": (0, 50)}


def not_numbers(table: Recognised) -> Iterator[Finding]:
    """Texts in a column of numbers."""
    for guess, p in used_columns(table, *NUMERIC_ROLES, Role.EQ5D_DIMENSION):
        # a level outlives the rows that a repair left out
        held = {text for text, count in zip(p.column.levels, p.counts, strict=True) if count}
        texts = tuple(t for t in p.numbers.not_numbers if t in held)
        if guess.role is Role.EQ5D_DIMENSION:
            texts = tuple(t for t in texts if worded(p, t) is None)
        if texts:
            yield _no_number(table, guess, p, texts)
        if p.numbers.missing_words and p.rows_with(p.numbers.missing_words).any():
            mask = p.rows_with(p.numbers.missing_words)
            yield finding(
                table,
                "missing_word",
                Severity.NOTE,
                f"{guess.name}: {quoted_list(p.numbers.missing_words, 4)} in {cells(int(mask.sum()))} counts "
                "as missing.",
                guess.name,
                mask,
            )


def _no_number(table: Recognised, guess: ColumnGuess, p: Profile, texts: tuple[str, ...]) -> Finding:
    """The texts, and the repair for those with one plain meaning ("ca. 6", "8/10")."""
    mask = p.rows_with(texts)
    count = int(mask.sum())
    numbers = number_words.meant(texts, scale_ends(table, guess)[1])
    dated = any(ISO_DATE.match(t.strip()) for t in texts)
    advice = "; correct the file if a number was meant." if len(numbers) < len(texts) else " unless you say so."
    return finding(
        table,
        "not_a_number",
        Severity.WARNING,
        f"{guess.name}: {cells(count)} without a number ({quoted_list(texts, 4)}; {in_rows(table, mask)}). "
        f"{'It counts' if count == 1 else 'They count'} as missing{advice}"
        f"{' Excel makes a date of 7-8.' if dated else ''}",
        guess.name,
        mask,
        repair=Repair(
            "replace",
            (guess.name,),
            f"{guess.name}: {_becomes(numbers)}",
            tuple(numbers.items()),
        )
        if numbers
        else None,
    )


def _becomes(numbers: dict[str, str]) -> str:
    shown = [f'"{text.strip()}" becomes {number}' for text, number in list(numbers.items())[:MOST_SHOWN]]
    more = f" … ({len(numbers)} in all)" if len(numbers) > MOST_SHOWN else ""
    return ", ".join(shown) + more


def open_to_two_readings(table: Recognised) -> Iterator[Finding]:
    """`1,234` in a column that does not show which mark is decimal."""
    for guess, p in used_columns(table, *NUMERIC_ROLES):
        if not p.numbers.open_to_two or p.decimal_certain:
            continue
        mask = p.rows_with(p.numbers.open_to_two)
        text = p.numbers.open_to_two[0]
        value = p.numbers.values[p.column.levels.index(text)]
        yield finding(
            table,
            "two_readings",
            Severity.WARNING,
            f'{guess.name}: "{text.strip()}" was read as {decimal_text(value)} ({cells(int(mask.sum()))} like it). '
            "If that is wrong, choose the other decimal mark.",
            guess.name,
            mask,
        )


def code_values(table: Recognised, guess: ColumnGuess, p: Profile) -> list[float]:
    """Numbers in a column that look like codes for "missing": 9, 99, 999, −1 … apart from all other values."""
    values = p.values
    present = [v for v in values.tolist() if v in NUMERIC_CODES or (v == 0 and guess.target in PLAUSIBLE)]
    if guess.role in ANSWER_ROLES and len(p.numbers.not_numbers) >= LEAST_WORDS and len(present) == len(values):
        return present  # every other answer is a word
    if guess.role is Role.STATEMENT and not present and len(values) > 2 and values[-1] in ANSWER_CODES:
        present = [float(values[-1])]
    if not present or len(values) < 2:
        return []
    low, high = scale_ends(table, guess)
    others = np.array([v for v in values.tolist() if v not in present])
    if not len(others):
        return []
    return [v for v in present if _looks_missing(v, others, low, high, guess, p)]


def _looks_missing(
    value: float, others: NDArray[np.float64], low: float | None, high: float | None, guess: ColumnGuess, p: Profile
) -> bool:
    if value == 0:
        return float(others.min()) >= NEVER_ZERO
    if low is not None and high is not None:
        alone = value == NINETY_NINE and high == 100 and float(others.max()) <= FAR_BELOW and _count(p, value) > 1
        return value < low or value > high or alone
    if value < 0:
        return float(others.min()) >= 0
    if guess.role in (Role.CATEGORY, Role.STATEMENT, Role.YESNO):
        return value >= float(others.max()) + 3 and float(others.min()) >= 0
    # a number of patients: far above everything else, and more often than a slip
    return value >= 77 and value > 2 * float(others.max()) and (value in (99, 999, 9999, 99999) or _count(p, value) > 1)


def _count(p: Profile, value: float) -> int:
    return int(p.counts[p.numbers.values == value].sum())


def scale_ends(table: Recognised, guess: ColumnGuess) -> tuple[float | None, float | None]:
    """Ends of the scale of a score, None where open or not known; of an age or BMI none."""
    measure = table.score_measures.get(guess.target) if guess.role is Role.SCORE else None
    if measure is None:
        return None, None
    low, high = (None if end is None else float(end) for end in (measure.low, measure.high))
    return low, high


def missing_codes(table: Recognised) -> Iterator[Finding]:
    """Codes for missing, with the repair to make them blank. In a score with a scale they do not count anyway."""
    for guess, p in used_columns(table, Role.SCORE, Role.NUMBER, *ANSWER_ROLES):
        if guess.role in ANSWER_ROLES and (p.column.labels or guess.target == "center"):
            continue
        for code in code_values(table, guess, p):
            texts = [t for t, v in zip(p.column.levels, p.numbers.values.tolist(), strict=True) if v == code]
            mask = p.rows_with(texts)
            low, high = scale_ends(table, guess)
            harmless = low is not None and high is not None and not low <= code <= high
            worded = bool(p.numbers.not_numbers) and guess.role is Role.STATEMENT
            not_counted = "an answer" if worded or guess.role is Role.YESNO else "a score" if harmless else ""
            mean = _mean_words(p, code) if guess.role not in ANSWER_ROLES and not harmless else ""
            effect = f"It counts as a value{mean} unless you say so."
            effect = f"It does not count as {not_counted}." if not_counted else effect
            yield finding(
                table,
                "missing_code",
                Severity.WARNING if not_counted else Severity.ERROR,
                f"{guess.name}: {decimal_text(code)} stands in {cells(int(mask.sum()))} ({in_rows(table, mask)}) and "
                f"looks like a code for missing. {effect}",
                guess.name,
                mask,
                repair=Repair(
                    "replace",
                    (guess.name,),
                    f"{guess.name}: {decimal_text(code)} becomes blank",
                    tuple((t, "") for t in texts),
                ),
            )


def _mean_words(p: Profile, code: float) -> str:
    values = p.row_values()
    values = values[~np.isnan(values)]
    rest = values[values != code]
    if not len(rest):
        return ""
    return f" (the mean is {np.mean(values):.1f} with it and {np.mean(rest):.1f} without)"


def outside_the_scale(table: Recognised) -> Iterator[Finding]:
    """Scores beyond the ends of the instrument's scale, and illegal EQ-5D states."""
    for guess, p in used_columns(table, Role.SCORE):
        low, high = scale_ends(table, guess)
        if low is None and high is None:
            continue
        values = p.numbers.values
        codes = set(code_values(table, guess, p))
        bottom, top = -math.inf if low is None else low, math.inf if high is None else high
        texts = [
            t
            for t, v in zip(p.column.levels, values.tolist(), strict=True)
            if v == v and (v < bottom or v > top) and v not in codes
        ]
        mask = p.rows_with(texts)
        if mask.any():
            yield _outside(table, guess, mask, texts, _allowed(low, high))
    top = LEVELS_OF[version_of(table.columns, table.profiles)]
    for guess, p in used_columns(table, Role.EQ5D_STATE):
        texts = [t for t in p.levels if (s := eq5d.parse_state(t)) is None or any(level > top for level in s)]
        mask = p.rows_with([t for t in texts if re.search(r"\d", t)])
        if mask.any():
            yield _outside(table, guess, mask, texts, f"five digits, each 1 to {top}")
    for guess, p in used_columns(table, Role.EQ5D_DIMENSION):
        known = [*range(1, top + 1), 0, 9]
        texts = [
            t for t, v in zip(p.column.levels, p.numbers.values.tolist(), strict=True) if v == v and v not in known
        ]
        mask = p.rows_with(texts)
        if mask.any():
            yield _outside(table, guess, mask, texts, f"1 to {top}")


def _allowed(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"{decimal_text(low)} or more" if low is not None else f"{decimal_text(high or 0.0)} or less"
    return f"{decimal_text(low)} to {decimal_text(high)}"


def _outside(table: Recognised, guess: ColumnGuess, mask: NDArray[np.bool_], texts: list[str], allowed: str) -> Finding:
    return finding(
        table,
        "out_of_range",
        Severity.ERROR,
        f"{guess.name}: {cells(int(mask.sum()))} outside the scale ({quoted_list(texts, 4)}; {in_rows(table, mask)}); "
        f"allowed is {allowed}. They do not count.",
        guess.name,
        mask,
        repair=Repair(
            "blank", (guess.name,), f"{guess.name}: values outside {allowed} become blank", (), every_row(table, mask)
        ),
    )


def implausible(table: Recognised) -> Iterator[Finding]:
    """Ages of 450, a BMI of 3."""
    for guess, p in used_columns(table, Role.NUMBER):
        if guess.target not in PLAUSIBLE:
            continue
        low, high = PLAUSIBLE[guess.target]
        codes = set(code_values(table, guess, p))
        values = p.row_values()
        mask = (values < low) | (values > high)
        mask &= ~np.isin(values, list(codes))
        if mask.any():
            yield finding(
                table,
                "implausible",
                Severity.WARNING,
                f"{guess.name}: {cells(int(mask.sum()))} not between {low:g} and {high:g} ({in_rows(table, mask)}). "
                "They count as they stand; correct the file, or make them blank.",
                guess.name,
                mask,
                repair=Repair(
                    "blank", (guess.name,), f"{guess.name}: implausible values become blank", (), every_row(table, mask)
                ),
            )


def five_levels(table: Recognised) -> Iterator[Finding]:
    """Levels 4 and 5: the five-level questionnaire."""
    for guess, p in used_columns(table, Role.EQ5D_STATE, Role.EQ5D_DIMENSION):
        mask = p.rows_with(five_level_texts(p, state=guess.role is Role.EQ5D_STATE))
        if int(mask.sum()) > MORE_THAN_SLIPS * max(1, p.filled):
            which = "level 4 or 5" if p.numeric else "words of five levels (slight, severe)"
            yield finding(
                table,
                "five_levels",
                Severity.NOTE,
                f"{guess.name}: {cells(int(mask.sum()))} with {which}: this is the EQ-5D-5L. Its index uses "
                f"the value set {value_set(proposed_set('5L', table.columns, table.profiles)).label}; another one "
                "can be chosen on the page EQ-5D.",
                guess.name,
                mask,
            )
