"""Table 1: who the patients were, overall and by group, with standardised differences and optional tests.

Groups are labelled masks over the patients of a cohort, so that any source of groups fits: analysed and not analysed,
a Comparison's categories, two selections.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison, made_of
from lib.analysis.variables import Variable, variables
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Mask
from lib.stats import table_one as stats
from lib.stats.contingency import compare_shares, cross_table
from lib.stats.responders import NOT_EVALUABLE, Rule
from lib.stats.results import NotComputed, Test, to_record
from lib.stats.table_one import CategoricalSummary, Display, NumericSummary, Shown

Form = Literal["auto", "mean (SD)", "median [Q1, Q3]"]
Described = NumericSummary | CategoricalSummary


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Some patients of a cohort under a name; `mask` is boolean, shape (cohort.n,)."""

    label: str
    mask: Mask


@dataclass(frozen=True, slots=True, eq=False)
class TableOneRow:
    """One variable: over all patients of the table and in each group.

    Attributes:
        display: mean or median, decided over all patients of the table; None for a category.
        smd: standardised difference between the groups, absolute (more than two: mean over the pairs).
        test: of the difference between the groups; which test follows `display`.
    """

    variable: Variable
    overall: Described
    groups: tuple[Described, ...]
    display: Display | None
    smd: float | NotComputed
    test: Test | NotComputed


@dataclass(frozen=True, slots=True, eq=False)
class TableOne:
    """Table 1: patients in it, its groups with their sizes, and its rows in sections.

    `partition`: every patient of the table is in exactly one group; `overlap`: somebody is in two.
    """

    n: int
    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    rows: tuple[TableOneRow, ...]
    partition: bool
    overlap: bool


def table_one(
    analysis: Analysis,
    people: Mask,
    groups: Sequence[Group] = (),
    *,
    form: Form = "auto",
    events: bool = True,
    by: tuple[str, ...] = (),
    within_only: str = "",
) -> TableOne:
    """Describe `people` (boolean, shape (cohort.n,)) by every variable, overall and in each group.

    A group counts only those of its patients who are in `people`. Groups that share patients are described, not
    compared, and nor are the variables `by` (their keys) they are made of; a group without patients takes no part.
    `within_only` says why nothing is tested between them (`Comparison.within_only`); their differences are described.
    `form` forces mean (SD) or median [Q1, Q3] for every number. `events`: with adverse events. Variables without any
    value in the cohort, and events that nobody in the table had, are left out.
    SMD: Austin 2009, Yang & Dalton 2012; tests as `lib.stats.table_one` and `lib.stats.contingency` say.
    """
    key = ("table one", digest(people), tuple((g.label, digest(g.mask)) for g in groups), form, events, by, within_only)

    def compute() -> TableOne:
        inside = [g.mask & people for g in groups]
        overlap = any(bool(np.any(a & b)) for a, b in combinations(inside, 2))
        covered = sum(int(np.count_nonzero(m)) for m in inside)
        rows = [
            _untested(
                _row(analysis, variable, (people, *inside), _why_not(variable, inside, overlap, by), form), within_only
            )
            for variable in variables(analysis.cohort)
            if _belongs(variable, people, events)
        ]
        return TableOne(
            n=int(np.count_nonzero(people)),
            labels=tuple(g.label for g in groups),
            sizes=tuple(int(np.count_nonzero(m)) for m in inside),
            rows=tuple(rows),
            partition=bool(groups) and not overlap and covered == int(np.count_nonzero(people)),
            overlap=overlap,
        )

    return analysis.keep(key, compute)


def of_sections(found: TableOne, sections: Collection[str]) -> TableOne:
    """The same table with the rows of these sections only."""
    return replace(found, rows=tuple(row for row in found.rows if row.variable.section in sections))


def digest(mask: Mask) -> str:
    """A short name of a mask, under which a result over its patients is kept."""
    return hashlib.blake2b(np.packbits(mask).tobytes(), digest_size=16).hexdigest()


def _belongs(variable: Variable, people: Mask, events: bool) -> bool:
    """Somebody in the cohort has a value; of the adverse events, somebody in the table has it."""
    if not variable.balance:
        return events and bool(np.any(variable.values[people] > 0))
    if variable.kind == "number":
        return bool(np.any(~np.isnan(variable.values)))
    return bool(np.any(variable.values >= 0))


def _row(
    analysis: Analysis, variable: Variable, masks: Sequence[Mask], absent: NotComputed | None, form: Form
) -> TableOneRow:
    """The row of a variable over everybody, the first mask, and over each group."""
    display = None
    if variable.time_point:
        due = analysis.cohort.due(variable.time_point, ~np.isnan(variable.values))
        masks = [mask & due for mask in masks]
    columns = [variable.values[mask] for mask in masks]
    overall: Described
    groups: Sequence[Described]
    if variable.kind == "number":
        force: Shown | None = None if form == "auto" else form
        display = stats.choose_display(columns[0], force=force)
        overall, *groups = analysis.described(columns[0], columns[1:], variable.decimals)
        gone = next((g.values for g in groups if g.n and isinstance(g.values, NotComputed)), None)
        absent = absent or gone
    else:
        overall, *groups = (stats.summarise_categorical(codes, len(variable.levels)) for codes in columns)
    if absent is not None:
        return TableOneRow(variable, overall, tuple(groups), display, absent, absent)
    parts = [column for column in columns[1:] if len(column)]
    if display is not None:
        smd, test = stats.smd_numeric(parts), stats.compare_numeric(parts, shown=display.shown)
        return TableOneRow(variable, overall, tuple(groups), display, smd, test)
    rows = np.concatenate([np.full(len(part), k) for k, part in enumerate(parts)])
    table = cross_table(rows, np.concatenate(parts), (len(parts), len(variable.levels)))
    return TableOneRow(variable, overall, tuple(groups), None, stats.smd_categorical(table), compare_shares(table))


def _untested(row: TableOneRow, within_only: str) -> TableOneRow:
    if not within_only or not isinstance(row.test, Test):
        return row
    return replace(row, test=NotComputed(within_only, sum(g.n for g in row.groups)))


def _why_not(variable: Variable, inside: Sequence[Mask], overlap: bool, by: Collection[str]) -> NotComputed | None:
    n = sum(int(np.count_nonzero(mask)) for mask in inside)
    if sum(bool(mask.any()) for mask in inside) < 2:
        return NotComputed("no groups to compare", n)
    if overlap:
        return NotComputed("the groups share patients", n)
    if not variable.balance:
        return NotComputed("known only afterwards", n)
    if variable.key in by:
        return NotComputed("the groups are made of it", n)
    return None


# Table 1 as plain JSON values: what was described and compared, without the patients behind it; unrounded.


def table_one_record(found: TableOne) -> dict[str, Any]:
    """Patients, groups with their sizes, and per variable its summaries, standardised difference and test.

    Keys: "n", "groups" (label, n), "partition", "overlap", "variables" by their key; in each "label",
    "section", "kind", "levels", "shown" (mean or median, with the reason), "overall", "groups", "smd", "test". The
    values of single patients, which a `Variable` holds, are not in it.
    """
    return {
        "n": found.n,
        "groups": [{"label": label, "n": n} for label, n in zip(found.labels, found.sizes, strict=True)],
        "partition": found.partition,
        "overlap": found.overlap,
        "variables": {row.variable.key: _record_row(row) for row in found.rows},
    }


def _record_row(row: TableOneRow) -> dict[str, Any]:
    variable = row.variable
    return {
        "label": variable.label,
        "section": variable.heading,
        "kind": variable.kind,
        "unit": variable.unit,
        "levels": list(variable.levels),
        "shown": to_record(row.display),
        "overall": to_record(row.overall),
        "groups": to_record(row.groups),
        "smd": to_record(row.smd),
        "test": to_record(row.test),
    }


# Who is compared with whom: Table 1 of the groups, and of responders against non-responders.


def case_mix(comparison: Comparison, follow_up: str) -> TableOne:
    """Table 1 over the population of the comparison, group by group, with standardised differences.

    There is none of what the groups are made of, and a column whose answers are the groups has no rows: it would say
    100% in its own group and 0% in all others.
    """
    groups = [Group(label, analysis.selected) for label, analysis in comparison.groups]
    by, within_only = made_of(comparison.grouping), comparison.within_only
    people = comparison.all.people(follow_up)
    found = table_one(comparison.all, people, groups, events=False, by=by, within_only=within_only)
    if not isinstance(comparison.grouping, ByColumn):
        return found
    rows = tuple(row for row in found.rows if row.variable.key not in by)
    return replace(found, rows=rows or found.rows)


def who_improved(analysis: Analysis, measure: str, follow_up: str, rule: Rule) -> TableOne:
    """Table 1 of the patients a rule can judge: those who met it against those who did not.

    The measure's own baseline is among the rows; it differs by regression to the mean alone.
    """
    pairs = analysis.pairs(measure, follow_up)
    evaluable = analysis.outcomes(measure, follow_up, rule) != NOT_EVALUABLE
    met = analysis.responds(measure, follow_up, rule)

    def mask(of: Mask) -> Mask:
        found = np.zeros(analysis.cohort.n, dtype=bool)
        found[pairs.rows[of]] = True
        return found

    groups = [Group("Improved enough", mask(evaluable & met)), Group("Did not", mask(evaluable & ~met))]
    return table_one(analysis, mask(evaluable), groups, events=False)
