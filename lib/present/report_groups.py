"""Groups side by side as tables, for the shell: within each group, and between them with the correction for looking."""

from __future__ import annotations

from lib.analysis.comparison import Comparison, compare
from lib.analysis.grouped_scores import score_family
from lib.cohort.cohort import Cohort
from lib.cohort.grouping import ByColumn, ByParts, Grouping
from lib.cohort.patient_columns import Category
from lib.present.plan import Plan
from lib.present.table import Table
from lib.present.tables.between_groups import between_table
from lib.present.tables.groups import groups_table


def grouping_of(cohort: Cohort, column: str) -> Grouping:
    """By the labels of a category column, by thirds of a number. Splitting by anything else raises GroupingError."""
    return ByColumn(column) if isinstance(cohort.columns.get(column), Category) else ByParts(column)


def comparison_of(plan: Plan, column: str) -> Comparison:
    """The plan's analysis by that column. Raises GroupingError for a column that groups nobody."""
    return compare(plan.analysis, grouping_of(plan.analysis.cohort, column))


def comparison_tables(plan: Plan, column: str) -> tuple[Table, ...]:
    """Per measure: each group beside "All", and the differences between groups where they may be tested."""
    comparison = comparison_of(plan, column)
    measures = plan.measures
    if not measures:
        return ()
    family = score_family(comparison, [m.key for m in measures], plan.time, confidence=plan.confidence)
    tables = []
    for measure in measures:
        tables.append(groups_table(comparison, measure, plan.time, plan.occasions))
        between = between_table(measure, family)
        if between.rows:
            tables.append(between)
    return tuple(tables)
