"""What the checks share: which rows, how findings are begun, which columns hold numbers that are used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lib.cohort.columns import ColumnGuess, Role
from lib.cohort.findings import Finding, Repair, Severity, rows_in_words
from lib.cohort.profiles import Profile
from lib.cohort.recognised_table import Recognised

MOST_ROWS = 1000
NUMERIC_ROLES = frozenset({Role.SCORE, Role.NUMBER})


def rows_of(table: Recognised, mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """Row numbers as Excel shows them, the first thousand."""
    return tuple(int(r) for r in table.sheet.row_numbers[mask][:MOST_ROWS])


def every_row(table: Recognised, mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """All row numbers, for a repair: one that stopped at the first thousand would leave the rest as it was."""
    return tuple(table.sheet.row_numbers[mask].tolist())


def in_rows(table: Recognised, mask: NDArray[np.bool_]) -> str:
    """`row 4`, `rows 4, 9 and 12`."""
    return rows_in_words(rows_of(table, mask), int(mask.sum()))


def cells(count: int) -> str:
    """`1 cell`, `3 cells`."""
    return f"{count:,} cell{'' if count == 1 else 's'}"


def finding(
    table: Recognised,
    code: str,
    severity: Severity,
    sentence: str,
    column: str = "",
    mask: NDArray[np.bool_] | None = None,
    count: int | None = None,
    repair: Repair | None = None,
) -> Finding:
    """A finding of this table; count and rows come from the mask."""
    return Finding(
        code=code,
        severity=severity,
        sentence=sentence,
        sheet=table.sheet.name,
        column=column,
        count=count if count is not None else int(mask.sum()) if mask is not None else 0,
        rows=rows_of(table, mask) if mask is not None else (),
        repair=repair,
    )


def used_columns(table: Recognised, *roles: Role) -> Iterator[tuple[ColumnGuess, Profile]]:
    """Columns of these roles with their content."""
    for guess in table.columns:
        if guess.role in roles:
            yield guess, table.profiles[guess.name]


def decimal_text(value: float) -> str:
    """A number as a clinician writes it: 7, 7.5, −1."""
    return f"{value:.10g}"
