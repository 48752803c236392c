"""Who is missing, for the first measure: by center and period, analysed against not, what if the missing differ."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis.attrition import analysed_against_not, by_category, by_period, gap, measure_flow, occurring
from lib.cohort.measure import Measure
from lib.present.charts.completeness import completeness_data, periods_data
from lib.present.charts.what_if import assumptions_data
from lib.present.sentences import patients
from lib.present.sentences.what_if import notes, title, who_words
from lib.present.tables.attrition import completeness_table
from lib.present.tables.table_one import table_one_table
from lib.present.tables.what_if import assumptions_table, tips_table
from lib.present.wording import inside
from lib.report.plan import Item, Plan
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """Completeness by center, by period of treatment, and Table 1 of the analysed against the others."""
    if not plan.measures:
        return
    measure = plan.measures[0]
    yield from _by_center(plan, measure)
    yield from _by_period(plan, measure)
    yield from _what_if(plan, measure)
    found = analysed_against_not(plan.analysis, measure.key, plan.time, form=plan.choices.numbers)
    if isinstance(found, NotComputed):
        return
    heading = f"{measure.label}: analysed against not analysed"
    table = table_one_table(found, heading, overall="Due")
    words = f"{heading}. {patients.balance_words(found)}".rstrip(".")
    yield Item(f"analysed:{measure.key}", heading, words, None, "", table, n=found.n, usual=False)


def _what_if(plan: Plan, measure: Measure) -> Iterator[Item]:
    found = plan.what_if(measure)
    if isinstance(found, NotComputed):
        return
    words = title(measure, found)
    heading = f"{measure.label}: what if the missing differ"
    table = assumptions_table(measure, found, plan.rules.get(measure.key))
    tips = tips_table(measure, found, plan.rules.get(measure.key))
    tipping = tuple(f"{row[0].text}: {row[1].text} {tips.columns[1].name}." for row in tips.rows)
    lines = (f"{who_words(found, measure)}.", *tipping, *notes(measure, found))
    data = assumptions_data(measure, found, words)
    yield Item(
        f"what_if:{measure.key}",
        heading,
        words,
        data,
        "forest",
        table,
        measure.decimals,
        found.people.due,
        notes=lines,
        usual=False,
    )


def _by_center(plan: Plan, measure: Measure) -> Iterator[Item]:
    columns = plan.analysis.cohort.categories()
    column = next((c for c in columns if c.role == "center"), columns[0] if columns else None)
    rows = None if column is None else by_category(plan.analysis, measure.key, plan.time, column)
    if column is None or rows is None or isinstance(rows, NotComputed):
        return
    table = completeness_table(rows, column.label, plan.time_points, plan.analysis.cohort.treatment)
    heading = f"{measure.label}: complete pairs by {inside(column.label)}"
    flow = measure_flow(plan.analysis, measure.key, plan.time)
    words = f"{heading}. {patients.completeness_words(flow)}".rstrip(".")
    data = completeness_data(rows, occurring(plan.analysis, measure.key, plan.time), heading, words)
    yield Item(f"completeness:{measure.key}", heading, words, data, "completeness", table, n=data.n, usual=False)


def _by_period(plan: Plan, measure: Measure) -> Iterator[Item]:
    found = by_period(plan.analysis, measure.key, plan.time)
    if isinstance(found, NotComputed):
        return
    table = completeness_table(
        found.rows, f"{found.unit} of treatment".capitalize(), plan.time_points, plan.analysis.cohort.treatment
    )
    heading = f"{measure.label}: complete pairs by {found.unit} of treatment"
    words = patients.gap_words(gap(found), found) or f"{heading}: no period stands out"
    data = periods_data(found, occurring(plan.analysis, measure.key, plan.time), words.rstrip("."))
    yield Item(f"periods:{measure.key}", heading, data.finding, data, "periods", table, n=data.n, usual=False)
