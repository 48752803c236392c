"""Adverse events."""

from __future__ import annotations

from collections.abc import Iterator

from lib.present.sentences.safety import analysed_words
from lib.present.table import Table
from lib.present.tables.events import safety_table
from lib.present.wording import percent_interval, plural, share
from lib.report.plan import Item, Plan
from lib.stats.proportions import Proportion
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """Patients with an event, by type, timing and severity."""
    found = plan.safety()
    table = safety_table(found, population_words(plan))
    if isinstance(found, NotComputed):
        finding = f"Adverse events: {found.reason}"
    else:
        patients = found.by_type.patients
        finding = f"{patients.count or 'None'} of {plural(patients.n, 'patient')} had an adverse event"
        if isinstance(found.analysed, Proportion) and patients.count:
            finding += f" ({analysed_words(found.analysed)})"
    n = None if isinstance(found, NotComputed) else found.by_type.n
    recorded = not isinstance(found, NotComputed)
    notes: tuple[str, ...] = ("Exact (Clopper–Pearson) intervals; everybody treated is counted.",) if recorded else ()
    if not isinstance(found, NotComputed) and isinstance(found.analysed, Proportion):
        own = found.analysed
        notes += (f"Of those analysed {share(own.count, own.n)}, {percent_interval(own.interval)}.",)
    yield Item("safety", "Adverse events", finding, None, "", table, n=n, notes=notes, usual=recorded)


def population_words(plan: Plan) -> str:
    """Over whom harms are counted, whatever else is counted over: "57 operated patients"."""
    return plural(plan.analysis.flow(plan.time).selected, f"{plan.analysis.cohort.design.treatment} patient")


def tables(plan: Plan) -> Iterator[Table]:
    """Adverse events."""
    yield safety_table(plan.safety(), population_words(plan))
