"""What the checks share: which rows, how findings are begun, which columns hold numbers that are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lib.cohort.measure import Measure
from lib.importing.columns.coded_answers import AnswerSpec
from lib.importing.columns.profile import TEXT_FORMATS, Profile, profile
from lib.importing.columns.roles import ColumnGuess, MeasureSpec, Role
from lib.importing.columns.scores import instrument_of, measure_of
from lib.importing.files.table import Parsed, Sheet
from lib.importing.findings import Finding, Repair, Severity, rows_in_words

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


# A table and what its columns are taken for: all that a check may look at, and knowing no check itself.


@dataclass(frozen=True, eq=False)
class Recognised:
    """A table with the meaning of its columns.

    Attributes:
        parsed: the file. sheet: the chosen table, accepted repairs applied.
        columns: what each column is taken for.
        decimal: the decimal mark of the file; day_first: how 03/04/2020 is read, None: the column decides.
        measures: details of measures that the catalogue does not have.
        answers: what the user said about answers in numbers.
        windows: (time point, months on either side) pairs as told; see `half_window` for the others.
    """

    parsed: Parsed
    sheet: Sheet
    columns: tuple[ColumnGuess, ...]
    decimal: str
    measures: tuple[MeasureSpec, ...] = ()
    day_first: bool | None = None
    answers: tuple[AnswerSpec, ...] = ()
    windows: tuple[tuple[str, float], ...] = ()
    _profiles: dict[str, Profile] = field(default_factory=dict, repr=False)

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """The content of each column by name."""
        point = self.parsed.format not in TEXT_FORMATS
        return {
            c.name: self._profiles.get(c.name) or profile(c, self.decimal, point, self.day_first)
            for c in self.sheet.columns
        }

    @cached_property
    def specs(self) -> tuple[MeasureSpec, ...]:
        """The user's measures, and assumed details for scores that neither he nor the catalogue describes."""
        return (*self.measures, *assumed_specs(self.columns, self.profiles, {m.key for m in self.measures}))

    @cached_property
    def score_measures(self) -> Mapping[str, Measure]:
        """The measure of each score column's target, as the cohort will have it."""
        specs = {s.key: s for s in self.specs}
        columns: dict[str, list[ColumnGuess]] = {}
        for column in self.columns:
            if column.role is Role.SCORE:
                columns.setdefault(column.target, []).append(column)
        return {
            target: measure_of(target, listed[0].label, [self.profiles[c.name] for c in listed], specs.get(target))
            for target, listed in columns.items()
        }


# Details of a score that the catalogue does not have: assumed from the file until the user says better.


def assumed_specs(
    columns: Sequence[ColumnGuess], profiles: Mapping[str, Profile], stated: set[str]
) -> tuple[MeasureSpec, ...]:
    """For each unknown score: no ends of the scale, and lower is better, marked as assumed (a finding asks for it)."""
    found: dict[str, MeasureSpec] = {}
    for column in columns:
        unknown = column.role is Role.SCORE and column.target not in stated and instrument_of(column.target) is None
        if unknown and column.target not in found:
            found[column.target] = MeasureSpec(
                key=column.target,
                label=column.label or column.target,
                low=None,
                high=None,
                higher_is_better=False,
                assumed=True,
            )
    return tuple(found.values())


def resolution_of(profile: Profile) -> Decimal:
    """The step of a column's numbers: 1, 0.1, 0.01 …"""
    return Decimal(1).scaleb(-profile.numbers.decimals)
