"""Every result of an analysis by name, as plain JSON values, for the analysis file; unrounded, no patient rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lib.analysis.comparison import Comparison, compare
from lib.analysis.eq5d import change_classes, dimensions, has_states, state_pairs
from lib.analysis.grouped_patients import patients_table
from lib.analysis.grouped_rates import rate_family, responder_rates
from lib.analysis.grouped_record import comparison_record
from lib.analysis.table_one_record import table_one_record
from lib.cohort.cohort import BASELINE
from lib.cohort.grouping_text import parse_grouping
from lib.present.items.eq5d import value_sets_of
from lib.present.plan import Plan
from lib.present.report_groups import grouping_of
from lib.stats.responders import Rule
from lib.stats.results import to_record

LATER = frozenset(
    {
        "table_one",
        "eq5d_pairs",
        "eq5d_dimensions",
        "eq5d_classes",
        "eq5d_index",
        "comparison_table_one",
        "comparison_rates",
        "comparison_eq5d",
    }
)
"""Kinds of results that the first analysis files did not hold: a file without any of a kind is not different in it."""


def results(plan: Plan, compared: str = "") -> Iterator[tuple[str, Any]]:
    """Every result of the analysis by name ("paired:vas_pain:12m"), as plain JSON values.

    `compared`: a grouping as text ("center", "age/3", "rest:etiology=Postpartum") or the bare key of a column; adds the
    groups. Raises GroupingError when this cohort has no such groups.
    """
    groups = comparison_of(plan, compared) if compared else None
    for occasion in plan.analysis.cohort.follow_ups:
        at = replace(plan, follow_up=occasion)
        for name, result in (*_at(at), *_patients(at), *_eq5d(at)):
            yield name, _without_rows(to_record(result))
        if groups is not None:
            for name, result in _groups(at, groups, f"{compared}:{occasion.key}"):
                yield name, _without_rows(to_record(result))


def comparison_of(plan: Plan, compared: str) -> Comparison:
    """The plan's analysis by a grouping in text form or a column's key. Raises GroupingError for what groups nobody."""
    cohort = plan.analysis.cohort
    known = compared in cohort.columns
    return compare(plan.analysis, grouping_of(cohort, compared) if known else parse_grouping(compared, cohort))


def _at(plan: Plan) -> Iterator[tuple[str, Any]]:
    analysis, time = plan.analysis, plan.time
    yield f"flow:{time}", analysis.flow(time)
    for measure in plan.measures:
        at = f"{measure.key}:{time}"
        yield f"excluded:{at}", analysis.pairs(measure.key, time).excluded
        yield f"paired:{at}", plan.paired(measure)
        yield f"curve:{at}", analysis.responder_curve(measure.key, time, confidence=plan.confidence)
        rule = plan.rules.get(measure.key)
        if rule is not None:
            words = rule_words(rule)
            yield f"responders:{at}:{words}", plan.responders(measure)
            bounds = analysis.responder_bounds(measure.key, time, rule, confidence=plan.confidence)
            yield f"bounds:{at}:{words}", bounds
    for statement in plan.statements:
        yield f"statement:{statement.key}:{time}", plan.statement(statement)
    for outcome in analysis.cohort.outcomes.values():
        for occasion in (BASELINE, time):
            share = analysis.share_yes(outcome.key, occasion, time, confidence=plan.confidence)
            yield f"yesno:{outcome.key}:{occasion}:{time}", share
        yield f"yesno_paired:{outcome.key}:{time}", plan.yes_no(outcome)
    yield f"events:{time}", plan.safety()


def _patients(plan: Plan) -> Iterator[tuple[str, Any]]:
    yield f"table_one:{plan.time}", table_one_record(patients_table(plan.analysis, None, plan.time))


def _eq5d(plan: Plan) -> Iterator[tuple[str, Any]]:
    analysis, time = plan.analysis, plan.time
    if not has_states(analysis, time):
        return
    yield f"eq5d_pairs:{time}", state_pairs(analysis, time).excluded
    yield f"eq5d_dimensions:{time}", dimensions(analysis, time, confidence=plan.confidence)
    yield f"eq5d_classes:{time}", change_classes(analysis, time)
    for found in value_sets_of(plan):
        yield f"eq5d_index:{found.value_set}:{time}", found


def _groups(plan: Plan, comparison: Comparison, at: str) -> Iterator[tuple[str, Any]]:
    time, confidence = plan.time, plan.confidence
    yield f"comparison:{at}", comparison_record(comparison, time, confidence=confidence)
    yield f"comparison_table_one:{at}", table_one_record(patients_table(plan.analysis, comparison, time))
    rates = []
    for measure in plan.measures:
        rule = plan.rules.get(measure.key)
        if rule is not None:
            found = responder_rates(comparison, measure.key, time, rule, confidence=confidence)
            rates.append((f"{measure.key}:{rule_words(rule)}", found))
    if rates:
        yield f"comparison_rates:{at}", rate_family(comparison, rates, confidence=confidence)
    if has_states(plan.analysis, time):
        classes = [{"label": label, "classes": change_classes(a, time)} for label, a in comparison.rows]
        yield f"comparison_eq5d:{at}", classes


def rule_words(rule: Rule) -> str:
    """A rule in a result's name: "improvement>=2", "percent>=30", "state@3"."""
    if rule.kind == "state":
        return f"state@{rule.state}"
    name = "percent" if rule.kind == "percent" else "improvement"
    return f"{name}>={rule.threshold}" + (f" and state@{rule.state}" if rule.state is not None else "")


def _without_rows(value: Any) -> Any:
    """Positions of single patients become their number."""
    if isinstance(value, dict):
        return {k: _number_of(v) if k == "not_evaluable" else _without_rows(v) for k, v in value.items()}
    return [_without_rows(v) for v in value] if isinstance(value, list) else value


def _number_of(rows: Any) -> Any:
    return len(rows) if isinstance(rows, list) else rows
