"""Details of a score that the catalogue does not have: assumed from the file until the user says better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from lib.cohort.build_scores import instrument_of
from lib.cohort.columns import ColumnGuess, MeasureSpec, Role
from lib.cohort.profiles import Profile


def assumed_specs(
    columns: Sequence[ColumnGuess], profiles: Mapping[str, Profile], told: set[str]
) -> tuple[MeasureSpec, ...]:
    """For each unknown score: no ends of the scale, and lower is better, marked as assumed (a finding asks for it)."""
    found: dict[str, MeasureSpec] = {}
    for column in columns:
        unknown = column.role is Role.SCORE and column.target not in told and instrument_of(column.target) is None
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
