"""Rates of responders between groups: only when a comparison is active."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.rates import RateFamily, rate_family, responder_rates
from lib.cohort.measure import Measure
from lib.present.chart_data import ChartData
from lib.present.charts.outcome_bars import outcome_data
from lib.present.sentences.groups import named_by, rates_title
from lib.present.tables.between_groups import rate_gaps_table
from lib.report.plan import Item, Plan, threshold_notes
from lib.stats.responders import Rule


def items(plan: Plan) -> Iterator[Item]:
    """Per measure with a rule: improved, unchanged, worsened in every group, and the differences of the rates."""
    comparison, family = plan.comparison, rates_of(plan)
    if comparison is None or family is None:
        return
    for measure, rule in with_rules(plan):
        heading = rates_heading(measure, comparison)
        data = _data(plan, measure, rule, comparison, family)
        gaps = replace(rate_gaps_table(family, measure.key, comparison), title=f"{heading}: differences")
        notes = (*threshold_notes(measure, rule), *gaps.notes)
        key = f"rates:{measure.key}"
        yield Item(key, heading, data.finding, data, "outcomes", None, measure.decimals, data.n, (), notes, False)
        if gaps.rows and not comparison.within_only:
            between = f"{heading}: differences between groups"
            key = f"rate_gaps:{measure.key}"
            yield Item(key, between, data.finding, None, "", gaps, measure.decimals, data.n, (), notes, False)


def with_rules(plan: Plan) -> list[tuple[Measure, Rule]]:
    """Measures of the plan that have a rule."""
    return [(m, rule) for m in plan.measures if (rule := plan.rules.get(m.key)) is not None]


def rates_heading(measure: Measure, comparison: Comparison) -> str:
    """ "Responders in VAS pain by center"."""
    return named_by(f"Responders in {measure.label}", comparison)


def rates_of(plan: Plan) -> RateFamily | None:
    """Every rate of responders between the groups; None without groups or without a rule."""
    comparison = plan.comparison
    if comparison is None:
        return None
    rates = [
        (m.key, responder_rates(comparison, m.key, plan.time, rule, confidence=plan.confidence))
        for m, rule in with_rules(plan)
    ]
    return rate_family(comparison, rates, confidence=plan.confidence) if rates else None


def _data(plan: Plan, measure: Measure, rule: Rule, comparison: Comparison, family: RateFamily) -> ChartData:
    found = [
        (
            label,
            group.responders(measure.key, plan.time, rule, confidence=plan.confidence, method=plan.choices.interval),
        )
        for label, group in comparison.rows
    ]
    title = rates_title(f"Responders in {measure.label}", comparison, family, measure.key)
    return outcome_data(tuple(found), rates_heading(measure, comparison), title)
