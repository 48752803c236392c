"""Table 1, safety and yes/no outcomes of a Comparison: its categories as groups of patients."""

from __future__ import annotations

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison, made_of
from lib.analysis.safety import SafetyOf, safety_of
from lib.analysis.table_one import Form, Group, TableOne, table_one
from lib.cohort.selection import Mask
from lib.stats.results import NotComputed


def groups_of(comparison: Comparison | None) -> tuple[Group, ...]:
    """Each category with its selected patients; () when nothing is compared."""
    if comparison is None:
        return ()
    return tuple(Group(label, group.selected) for label, group in comparison.groups)


def people_of(analysis: Analysis, comparison: Comparison | None, follow_up: str) -> Mask:
    """The population of the page: of the selection, or of everybody who is compared."""
    whole = analysis if comparison is None else comparison.all
    return whole.people(follow_up)


def patients_table(
    analysis: Analysis, comparison: Comparison | None, follow_up: str, *, form: Form = "auto"
) -> TableOne:
    """Table 1 of the population, overall and by the categories of the comparison; what they are made of is not tested.

    Groups that may not be tested at all (`Comparison.within_only`) are described, with their differences.
    """
    people = people_of(analysis, comparison, follow_up)
    if comparison is None:
        return table_one(analysis, people, form=form)
    by, within_only = made_of(comparison.grouping), comparison.within_only
    return table_one(analysis, people, groups_of(comparison), form=form, by=by, within_only=within_only)


def safety_by_group(analysis: Analysis, comparison: Comparison) -> tuple[tuple[str, SafetyOf | NotComputed], ...]:
    """Adverse events of everybody treated who is compared, then of each category."""
    people = comparison.all.selected
    rows = (Group(comparison.everybody, people), *(Group(g.label, g.mask & people) for g in groups_of(comparison)))
    return tuple((row.label, safety_of(analysis, row)) for row in rows)
