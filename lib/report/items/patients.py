"""Who the patients were (Table 1) and who is analysed (the flow of the first measure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.analysis.attrition import measure_flow
from lib.analysis.groups.comparison import made_of
from lib.analysis.table_one import TableOne, of_sections
from lib.analysis.variables import OF_PROCEDURE, SECTIONS
from lib.cohort.grouping import ByColumn
from lib.present.charts.flow import flow_data
from lib.present.sentences import patients
from lib.present.table import Table
from lib.present.tables.attrition import flow_table
from lib.present.tables.table_one import sections_heading, table_one_numbers, table_one_table
from lib.present.wording import inside
from lib.report.plan import Item, Plan

_BEFORE = tuple(name for name in SECTIONS if name not in OF_PROCEDURE)
_NOTE = "Standardised differences (Austin 2009); no test makes groups alike."


def items(plan: Plan) -> Iterator[Item]:
    """Table 1, Table 2 (procedure and events), the flow."""
    found = table_one_of(plan)
    before = plan.time_points[0]
    named = before if before.startswith("Before ") else plan.analysis.cohort.design.before
    title = f"Patients {inside(named)}"
    finding = patients.patients_title(plan.analysis.flow(plan.time), found)
    notes = (_NOTE,) if found.labels else ()
    for key, sections, usual in (("table_1", _BEFORE, True), ("table_2", OF_PROCEDURE, False)):
        part = of_sections(found, sections)
        if part.rows:
            heading, text = (title, finding) if usual else (sections_heading(part), sections_heading(part))
            table = table_one_table(part, heading, p=plan.choices.p_values)
            yield Item(key, heading, text, None, "", table, n=found.n, notes=notes, usual=usual)
    if plan.measures:
        measure = plan.measures[0]
        flow = measure_flow(plan.analysis, measure.key, plan.time)
        table = flow_table(flow, plan.time_points)
        words = f"{measure.label}: {inside(patients.missing_title(flow))}"
        chart = flow_data(flow, plan.time_points, words)
        heading = f"{measure.label}: who is analysed"
        yield Item(f"flow:{measure.key}", heading, words, chart, "flow", table, n=flow.operated)


def table_one_of(plan: Plan) -> TableOne:
    """Table 1 of the population, by the groups of the comparison where there is one, without what the groups are."""
    found = plan.table_one(plan.comparison)
    if plan.comparison is None or not isinstance(plan.comparison.grouping, ByColumn):
        return found
    by = made_of(plan.comparison.grouping)
    return replace(found, rows=tuple(row for row in found.rows if row.variable.key not in by) or found.rows)


def tables(plan: Plan) -> Iterator[Table]:
    """Table 1 as printed and unrounded, and the flow."""
    found = table_one_of(plan)
    if found.rows:
        yield table_one_table(found, "Table 1", p=plan.choices.p_values)
        yield table_one_numbers(found)
    if plan.measures:
        yield flow_table(measure_flow(plan.analysis, plan.measures[0].key, plan.time), plan.time_points)
