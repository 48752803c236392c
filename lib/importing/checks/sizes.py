"""Numbers of two sizes in one column, and zeros that stand apart: another unit, a slip, or no answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.importing.checks.base import Recognised, cells, decimal_text, every_row, finding, in_rows, used_columns
from lib.importing.checks.values import PLAUSIBLE
from lib.importing.columns.numbers import NUMERIC_CODES
from lib.importing.columns.roles import Role
from lib.importing.findings import Finding, Repair, Severity

APART = 50.0
"""Above this ratio of neighbouring numbers there are two units; most quantities of patients spread less."""
ENOUGH = 10
QUARTER = 0.25


def far_apart(table: Recognised) -> Iterator[Finding]:
    """Numbers of two sizes in one column: 0.4 (litres) among 200 to 500 (millilitres), 1.25 (hours) among 75."""
    for guess, p in used_columns(table, Role.NUMBER):
        values = p.values[p.values > 0]
        if guess.target in PLAUSIBLE or len(values) < 3 or p.number_rows < ENOUGH or bool((p.values < 0).any()):
            continue
        ratios = values[1:] / values[:-1]
        at = int(np.argmax(ratios))
        low, high = values[: at + 1], values[at + 1 :]
        if ratios[at] < APART or max(low[-1] / low[0], high[-1] / high[0]) >= ratios[at]:
            continue
        numbers = p.row_values()
        small, large = (numbers > 0) & (numbers <= low[-1]), numbers >= high[0]
        mask = small if small.sum() <= large.sum() else large
        if set(np.unique(numbers[mask]).tolist()) <= set(map(float, NUMERIC_CODES)):
            continue  # a code for missing is named as such
        yield finding(
            table,
            "far_apart",
            Severity.WARNING,
            f"{guess.name}: {cells(int(mask.sum()))} ({in_rows(table, mask)}) "
            f"{'up to ' + decimal_text(low[-1]) if mask is small else 'from ' + decimal_text(high[0])}, the others "
            f"{'from ' + decimal_text(high[0]) if mask is small else 'up to ' + decimal_text(low[-1])}. Is it another "
            "unit, or a slip? They count as they stand; correct the file.",
            guess.name,
            mask,
        )


def zeros_apart(table: Recognised) -> Iterator[Finding]:
    """The worst possible score, 0, in several patients and nothing near it: the file may write 0 for no answer."""
    for guess, p in used_columns(table, Role.SCORE):
        measure = table.score_measures.get(guess.target)
        if measure is None or not measure.higher_is_better or measure.low != 0 or measure.high is None:
            continue
        values, zero = p.values, p.row_values() == 0
        others = p.number_rows - int(zero.sum())
        if len(values) < 3 or values[0] != 0 or not 2 <= zero.sum() <= others or others < ENOUGH:
            continue
        if values[1] < QUARTER * float(measure.high):
            continue
        yield finding(
            table,
            "zero_for_missing",
            Severity.WARNING,
            f"{guess.name}: 0, the worst possible score, in {cells(int(zero.sum()))} ({in_rows(table, zero)}); the "
            f"next is {decimal_text(values[1])}. These zeros may stand for missing. They count as 0 unless you say so.",
            guess.name,
            zero,
            repair=Repair("blank", (guess.name,), f"{guess.name}: 0 becomes blank", (), every_row(table, zero)),
        )
