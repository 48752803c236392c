"""Adverse events in full: patients with each, both populations, each outcome with its own denominator, by group."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis.grouped_patients import groups_of, safety_by_group
from lib.analysis.safety import SafetyOf, after_surgery, between_groups, per_procedure, populations, safety_of
from lib.analysis.safety import whole_cohort as everybody
from lib.present.charts.event_bars import event_bars_data
from lib.present.sentences import safety
from lib.present.sentences.groups import named_by
from lib.present.tables.events import events_table, groups_table, outcomes_table
from lib.report.plan import Item, Plan

_NAME = "Adverse events"


def items(plan: Plan) -> Iterator[Item]:
    """Bars with the full table, outcomes with their own denominator, groups side by side."""
    if plan.analysis.cohort.events is None:
        return
    chosen, *others = populations(plan.analysis, plan.time)
    found = safety_of(plan.analysis, chosen, confidence=plan.confidence)
    whole = everybody(plan.analysis, plan.time)
    if not isinstance(found, SafetyOf) or not isinstance(whole, SafetyOf):
        return
    counted = [found, *(safety_of(plan.analysis, p, confidence=plan.confidence) for p in others)]
    full = events_table([c for c in counted if isinstance(c, SafetyOf)])
    words = safety.events_words(found, counted[-1]).rstrip(".")
    heading = "Patients with an adverse event"
    bars = event_bars_data(found, whole, words)
    yield Item("events:bars", heading, words, bars, "event_bars", None, n=found.n, notes=full.notes, usual=False)
    heading = "Adverse events: patients and events"
    yield Item("events:table", heading, words, None, "", full, n=found.n, notes=full.notes, usual=False)
    own = outcomes_table(
        found,
        per_procedure(plan.analysis, chosen.mask, confidence=plan.confidence),
        after_surgery(plan.analysis, chosen.mask, confidence=plan.confidence),
        plan.analysis.cohort.design.one,
    )
    heading = "Outcomes, each with its own denominator"
    yield Item("events:outcomes", heading, heading, None, "", own, n=found.n, notes=own.notes, usual=False)
    yield from _by_group(plan)


def _by_group(plan: Plan) -> Iterator[Item]:
    comparison = plan.comparison
    if comparison is None:
        return
    test = between_groups(
        plan.analysis, comparison.all.selected, groups_of(comparison), within_only=comparison.within_only
    )
    table = groups_table(safety_by_group(plan.analysis, comparison), test)
    heading = named_by(_NAME, comparison)
    yield Item("events:groups", heading, heading, None, "", table, notes=table.notes, usual=False)
