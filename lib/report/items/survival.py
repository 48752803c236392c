"""Time to revision and to death."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis.survival import REVISION, TimeToEvent, at_risk, events_of, time_to_event
from lib.present.charts.incidence import incidence_data
from lib.present.sentences.survival import between_words, event_title, followed_words
from lib.present.tables.survival import at_risk_table, rates_table, survival_table
from lib.report.plan import Item, Plan
from lib.stats.survival import DAYS_PER_YEAR


def items(plan: Plan) -> Iterator[Item]:
    """Per event the curve with its table, and the rates."""
    for event in events_of(plan.analysis.cohort):
        found = time_to_event(plan.analysis, event, plan.comparison, confidence=plan.confidence)
        if not isinstance(found, TimeToEvent):
            continue
        title, heading = event_title(found), f"Time to {found.event}"
        risk = risk_of(plan, event, found)
        data = incidence_data(found, risk, title)
        notes = (followed_words(found), *between_words(found))
        n = found.everybody.incidence.n
        usual = event == REVISION
        yield Item(
            f"time_to_event:{event}",
            heading,
            title,
            data,
            "incidence",
            survival_table(found),
            1,
            n,
            notes=notes,
            usual=usual,
        )
        below = at_risk_table(found, risk)
        yield Item(f"at_risk:{event}", below.title, title, None, "", below, 0, n, usual=False)
        rates = rates_table(found)
        yield Item(
            f"event_rates:{event}", rates.title, rates.title, None, "", rates, 2, n, notes=rates.notes, usual=False
        )


def risk_of(plan: Plan, event: str, found: TimeToEvent) -> dict[str, tuple[tuple[int, int, int], ...]]:
    """At risk, with the event, and dead so far, per group and whole year."""
    everybody = plan.comparison.all if plan.comparison else plan.analysis
    masks = {found.everybody.label: everybody.selected}
    if plan.comparison is not None:
        masks |= {label: a.selected for label, a in plan.comparison.groups}
    return {
        g.label: at_risk(plan.analysis, event, masks[g.label], tuple(range(whole_years(found) + 1)))
        for g in (found.everybody, *found.groups)
    }


def whole_years(found: TimeToEvent) -> int:
    """Years that the last moment or event spans, for the numbers under the axis."""
    days = [*getattr(found.everybody.incidence, "steps", ()), *(y * DAYS_PER_YEAR for y in found.years)]
    return max(1, int(max(days, default=0.0) / DAYS_PER_YEAR + 0.999))
