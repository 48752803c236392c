"""A table and what its columns are taken for: all that a check may look at, and knowing no check itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lib.cohort.build_scores import measure_of
from lib.cohort.coded_answers import AnswerSpec
from lib.cohort.columns import ColumnGuess, MeasureSpec, Role
from lib.cohort.measure import Measure
from lib.cohort.profiles import TEXT_FORMATS, Profile, profile
from lib.cohort.sheets import Parsed, Sheet
from lib.cohort.specs import assumed_specs


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
