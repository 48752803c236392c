"""One colour and symbol per group of a comparison: those of its category on every page, or by place."""

from __future__ import annotations

from lib.analysis.comparison import Comparison
from lib.cohort.grouping import ByColumn
from lib.cohort.patient_columns import Category
from lib.present.theme import CategoryStyle, category_styles


def group_styles(comparison: Comparison) -> dict[str, CategoryStyle]:
    """Style per group label; a merged group is marked as the first of its labels in the file."""
    grouping = comparison.grouping
    if isinstance(grouping, ByColumn):
        column = comparison.all.cohort.columns[grouping.column]
        assert isinstance(column, Category)
        known = category_styles(column.labels)
        return {label: known[members[0]] for label, members in zip(comparison.labels, comparison.members, strict=True)}
    # by place among all groups: a group that a filter empties takes no colour from the others
    return category_styles(comparison.every or comparison.labels)
