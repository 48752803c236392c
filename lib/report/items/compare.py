"""Groups side by side, only when a comparison is active: forests, differences corrected by Holm, case mix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.analysis.groups.scores import score_family
from lib.analysis.table_one import case_mix
from lib.present.charts.forest_rows import LED, improvement_forest
from lib.present.sentences.groups import by_what, difference_title, exploratory, scores_title, title_by
from lib.present.sentences.leading import leads
from lib.present.tables.between_groups import between_table, groups_table
from lib.present.tables.table_one import table_one_table
from lib.present.wording import inside
from lib.report.plan import Item, Plan


def items(plan: Plan) -> Iterator[Item]:
    """Per measure a forest and the differences between groups; then the case mix."""
    comparison = plan.comparison
    if comparison is None or not plan.measures:
        return
    primary = set(plan.analysis.cohort.primary)
    family = score_family(comparison, [m.key for m in plan.measures], plan.time, confidence=plan.confidence)
    line = exploratory(comparison, family.size, len(plan.measures), plan.analysis.cohort.measure(family.primary).label)
    lines = (line,)
    for measure in plan.measures:
        test = plan.choices.test
        table = groups_table(comparison, measure, plan.time, plan.time_points, force=test)
        titled = scores_title if plan.outside else difference_title
        title = titled(measure, comparison, family)
        chart = replace(
            improvement_forest(comparison, measure, plan.time, test, plan.rules.get(measure.key)), finding=title
        )
        n = comparison.all.paired(measure.key, plan.time, confidence=plan.confidence).n
        yield Item(
            f"forest:{measure.key}",
            f"{title_by(measure, comparison)}: {inside(LED[leads(comparison, measure, plan.time, test)])}",
            title,
            chart,
            "forest",
            table,
            measure.decimals,
            n,
            notes=lines,
            usual=measure.key in primary,
        )
        between = between_table(measure, family, randomised=comparison.randomised)
        if between.rows:
            heading = f"{title_by(measure, comparison)}: differences between groups"
            yield Item(
                f"between:{measure.key}",
                heading,
                title,
                None,
                "",
                between,
                measure.decimals,
                n,
                notes=(*lines, *between.notes),
                usual=False,
            )
    mix = f"Case mix by {by_what(comparison)}"
    table = table_one_table(case_mix(comparison, plan.time), mix)
    yield Item("case_mix", mix, mix, None, "", table, usual=False)
