"""Groups side by side: the Analysis of all, one per group, and what may be said between them.

The results between groups are functions of a Comparison in the `grouped_…` modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.groups.contrasts import Question
from lib.cohort.design import Kind
from lib.cohort.grouping import ByBaseline, ByColumn, ByQuantile, Grouping, TwoCohorts, VersusRest
from lib.cohort.selection import Mask, Selection
from lib.stats.results import NotComputed

R = TypeVar("R")

_AVERAGE = Question()


@dataclass(frozen=True, eq=False)
class Comparison:
    """All, then each group, in the fixed order of the grouping (groups without patients included: nothing jumps).

    Attributes:
        grouping: what parts the patients.
        title: the same in words ("Etiology").
        all: everybody who is compared: the selection of the page, or the union of two pinned selections, or the whole
            cohort when a selection is set against the rest.
        groups: (name, Analysis) per group.
        members: per group the labels of the column it holds, () where it has none.
        overlap: True when two groups share patients; then nothing is tested between them.
        in_none: patients of `all` that are in no group (no value in the column).
        every: names of all groups of the grouping, also of those left out because nobody is in them.
        question: which groups are set against which, and which outcome is the primary one.
    """

    grouping: Grouping
    title: str
    all: Analysis
    groups: tuple[tuple[str, Analysis], ...]
    members: tuple[tuple[str, ...], ...]
    overlap: bool
    in_none: int
    every: tuple[str, ...] = ()
    question: Question = _AVERAGE
    _results: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the groups."""
        return tuple(label for label, _ in self.groups)

    @property
    def nobody_in(self) -> tuple[str, ...]:
        """Groups that were left out because nobody is in them."""
        return tuple(label for label in self.every if label not in self.labels)

    @property
    def everybody(self) -> str:
        """What all of them are called: "All", or "All patients" beside a group with that name."""
        return name_of_all(self.labels)

    @property
    def rows(self) -> tuple[tuple[str, Analysis], ...]:
        """("All", …), then every group: what a forest or a table shows."""
        return ((self.everybody, self.all), *self.groups)

    @property
    def within_only(self) -> str:
        """Why nothing is tested between these groups, "" when it may be."""
        if self.overlap:
            return "the two selections share patients, so they are shown side by side and not tested"
        if isinstance(self.grouping, ByBaseline):
            return (
                "groups cut from the baseline itself differ in change by regression to the mean alone, so they are "
                "described and not tested"
            )
        return ""

    @property
    def randomised(self) -> bool:
        """Whether these groups are the arms that the user says patients were randomised to."""
        design = self.all.cohort.design
        by = self.grouping.column if isinstance(self.grouping, ByColumn) else ""
        return design.kind is Kind.RANDOMISED and by == design.groups_by

    def between(self, n: int) -> NotComputed | None:
        """NotComputed where nothing may be tested between these groups at all, else None; n goes into the reason."""
        return NotComputed(self.within_only, n) if self.within_only else None

    def keep(self, key: Hashable, compute: Callable[[], R]) -> R:
        """The result under this key, computed on first use."""
        if key not in self._results:
            self._results[key] = compute()
        return cast(R, self._results[key])


def compare(analysis: Analysis, grouping: Grouping, question: Question = _AVERAGE) -> Comparison:
    """The comparison of an analysis by a grouping; kept with the analysis. Raises GroupingError for an unknown column.

    By a column or a number: within the selection of the analysis. Two pinned selections, and a selection against the
    rest, are what they are whatever the filter says.
    """
    return analysis.keep(("comparison", grouping, question), lambda: _compare(analysis, grouping, question))


def with_patients(comparison: Comparison) -> Comparison:
    """The same comparison without the groups nobody is in (named by `nobody_in`); unchanged while every group is empty.

    What a page draws: rows for nobody only push the others apart. Tests and families are the same, empty groups are in
    none of them.
    """

    def compute() -> Comparison:
        filled = [k for k, (_, group) in enumerate(comparison.groups) if group.selected.any()]
        if len(filled) in (0, len(comparison.groups)):
            return comparison
        return replace(
            comparison,
            groups=tuple(comparison.groups[k] for k in filled),
            members=tuple(comparison.members[k] for k in filled),
            _results={},
        )

    return comparison.keep("with patients", compute)


def name_of_all(labels: Collection[str]) -> str:
    """What everybody is called beside these groups, so that no two rows have one name."""
    return "All patients" if "All" in labels else "All"


def made_of(grouping: Grouping) -> tuple[str, ...]:
    """The variables (their keys in Table 1) that the groups are made of: to compare the groups in them says nothing."""
    if isinstance(grouping, ByColumn | ByQuantile):
        return (grouping.column,)
    if isinstance(grouping, ByBaseline):
        return (f"score:{grouping.measure}",)
    if isinstance(grouping, VersusRest):
        return grouping.selection.columns
    return tuple(dict.fromkeys((*grouping.first.selection.columns, *grouping.second.selection.columns)))


def _compare(analysis: Analysis, grouping: Grouping, question: Question) -> Comparison:
    cohort, population = analysis.cohort, analysis.population
    parts = grouping.split(cohort)
    free = isinstance(grouping, VersusRest | TwoCohorts)
    covered = np.sum([part.mask for part in parts], axis=0) if parts else np.zeros(cohort.n, dtype=np.int64)
    whole = analysis
    if free:
        whole = Analysis(cohort, Selection(), population, within=covered > 0)
    return Comparison(
        grouping=grouping,
        title=grouping.describe(cohort),
        all=whole,
        groups=tuple(
            (p.label, Analysis(cohort, whole.selection, population, within=_inside(whole, p.mask))) for p in parts
        ),
        members=tuple(part.members for part in parts),
        overlap=bool((covered > 1).any()),
        in_none=int(np.count_nonzero(whole.selected & (covered == 0))),
        every=tuple(part.label for part in parts),
        question=question,
    )


def _inside(whole: Analysis, mask: Mask) -> Mask:
    return mask if whole.within is None else mask & whole.within
