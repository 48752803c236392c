"""The forests of a comparison, ready to draw: improvement, responders, best two answers, and the literature."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.comparison import Comparison
from lib.analysis.grouped_rates import Rates
from lib.analysis.literature import PublishedCohort
from lib.cohort.measure import Measure
from lib.present.chart_data import ChartData
from lib.present.charts.forest import ForestRow, forest_data
from lib.present.forest_rows import (
    SHARES,
    forest_axis,
    improvement_references,
    improvement_rows,
    overall_reference,
    published_rows,
    rate_rows,
    small_groups_note,
)
from lib.present.sentences_compare import forest_finding


def improvement_forest(comparison: Comparison, measure: Measure, follow_up: str) -> ChartData:
    """Mean improvement of all and of each group on a fixed axis with "no change", the overall line and the MCID."""
    rows = improvement_rows(comparison, measure, follow_up)
    name = f"Mean improvement, {measure.label}"
    note = small_groups_note(rows)
    return forest_data(
        rows,
        forest_axis(comparison.all.cohort, measure, follow_up),
        (*improvement_references(measure), *overall_reference(rows)),
        title=name,
        finding=_finding(comparison, name, rows),
        name="Mean improvement",
        notes=(note,) if note else (),
    )


def rate_forest(comparison: Comparison, name: str, rates: Rates) -> ChartData:
    """A share of all and of each group on 0 to 100%."""
    rows = rate_rows(rates)
    note = "Hollow and grey: fewer than 10 patients." if any(r.n < 10 for r in rows[1:]) else ""
    return forest_data(
        rows,
        SHARES,
        overall_reference(rows),
        title=name,
        finding=_finding(comparison, name, rows),
        name=name,
        notes=(note,) if note else (),
    )


def literature_forest(
    comparison: Comparison, measure: Measure, follow_up: str, studies: Sequence[PublishedCohort]
) -> ChartData:
    """The same forest with published cohorts as reference rows under it."""
    published = published_rows(studies, measure)
    own = improvement_rows(comparison, measure, follow_up)
    rows = (*own, *published)
    name = f"{measure.label}, beside published cohorts"
    return forest_data(
        rows,
        forest_axis(comparison.all.cohort, measure, follow_up, published),
        improvement_references(measure),
        title=name,
        finding=_finding(comparison, name, rows),
        name="Mean improvement",
    )


def _finding(comparison: Comparison, name: str, rows: Sequence[ForestRow]) -> str:
    return forest_finding(comparison, name, tuple((r.label, r.n, r.words) for r in rows))
