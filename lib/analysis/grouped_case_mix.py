"""Who is compared with whom: Table 1 of the groups, and of responders against non-responders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.comparison import Comparison, made_of
from lib.analysis.table_one import Group, TableOne, table_one
from lib.cohort.grouping import ByColumn
from lib.cohort.selection import Mask
from lib.stats.responders import NOT_EVALUABLE, Rule


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
