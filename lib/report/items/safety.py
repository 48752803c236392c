"""Adverse events."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis import Flow
from lib.cohort.selection import Population
from lib.present.small_counts import is_small
from lib.present.table import Table
from lib.present.tables.events import safety_table
from lib.present.wording import plural
from lib.report.plan import Item, Plan
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """Patients with an event, by type, timing and severity."""
    found = plan.safety()
    table = safety_table(found, population_words(plan))
    told = plan.sayable(found)
    finding = "Adverse events"
    if not isinstance(told, NotComputed):
        patients = told.by_type.patients
        finding = f"{patients.count or 'None'} of {plural(patients.n, 'patient')} had an adverse event"
    elif isinstance(found, NotComputed):
        finding = f"Adverse events: {found.reason}"
    n = None if isinstance(found, NotComputed) else found.by_type.n
    recorded = not isinstance(found, NotComputed)
    notes = ("Exact (Clopper–Pearson) intervals.",) if recorded else ()
    yield Item("safety", "Adverse events", finding, None, "", table, n=n, notes=notes, usual=recorded)


def population_words(plan: Plan) -> str:
    """Over whom one-time point results are counted: "29 analysed patients", "57 operated patients"."""
    flow: Flow = plan.analysis.flow(plan.time)
    analysed = plan.analysis.population is Population.ANALYSED and flow.analysed_selected is not None
    n = (flow.analysed_selected or 0) if analysed else flow.selected
    what = "analysed patient" if analysed else "operated patient"
    return f"{what}s" if plan.outside and is_small(n) else plural(n, what)


def tables(plan: Plan) -> Iterator[Table]:
    """Adverse events."""
    yield safety_table(plan.safety(), population_words(plan))
