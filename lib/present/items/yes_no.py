"""Yes/no outcomes before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.present.plan import Item, Plan
from lib.present.table import Table
from lib.present.tables.yes_no import yes_no_notes, yes_no_shares, yes_no_table
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """A two by two table per outcome."""
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        told = plan.sayable(found)
        finding = f"{outcome.label} before and after"
        if not isinstance(told, NotComputed):
            finding = f"{outcome.label}: {told.before.count} of {told.n} before, {told.after.count} of {told.n} after"
        table = yes_no_table(outcome, found, plan.occasions)
        notes = () if isinstance(told, NotComputed) else yes_no_notes(told)
        n = None if isinstance(found, NotComputed) else found.n
        yield Item(f"yes_no:{outcome.key}", outcome.label, finding, None, "", table, n=n, notes=notes)


def tables(plan: Plan) -> Iterator[Table]:
    """Before against after, and the shares, per outcome."""
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        yield yes_no_table(outcome, found, plan.occasions)
        yield replace(yes_no_shares(outcome, found, plan.occasions), title=f"{outcome.label}, shares")
