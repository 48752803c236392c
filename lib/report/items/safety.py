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
    """Patients with an event, by type, timing and severity; nothing where none are recorded: the text says so."""
    found = plan.safety()
    if isinstance(found, NotComputed):
        return
    table = safety_table(found, population_words(plan))
    patients = found.by_type.patients
    finding = f"{patients.count or 'None'} of {plural(patients.n, 'patient')} had an adverse event"
    notes: tuple[str, ...] = ("Exact (Clopper–Pearson) intervals; everybody treated is counted.",)
    if isinstance(found.analysed, Proportion):
        own = found.analysed
        finding += f" ({analysed_words(own)})" if patients.count else ""
        notes += (f"Of those analysed {share(own.count, own.n)}, {percent_interval(own.interval)}.",)
    yield Item("safety", "Adverse events", finding, None, "", table, n=found.by_type.n, notes=notes)


def population_words(plan: Plan) -> str:
    """Over whom harms are counted, whatever else is counted over: "57 operated patients"."""
    return plural(plan.analysis.flow(plan.time).selected, f"{plan.analysis.cohort.design.treatment} patient")


def tables(plan: Plan) -> Iterator[Table]:
    """Adverse events, where the file records them."""
    found = plan.safety()
    if not isinstance(found, NotComputed):
        yield safety_table(found, population_words(plan))
