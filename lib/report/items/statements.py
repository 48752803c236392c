"""What patients say: one chart per set of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib.cohort.cohort import Statement
from lib.present.charts.axes import in_order, same_scale
from lib.present.charts.likert_bars import likert_data
from lib.present.sentences import outcomes
from lib.present.table import Table
from lib.present.tables.statements_between import answers_table, statements_table
from lib.report.plan import Item, Plan
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """One chart per set of answers."""
    for place, group in enumerate(same_scale(plan.statements)):
        answered = _ordered(plan, group)
        rows = tuple((s.short or s.label, found) for s, found in answered)
        finding = outcomes.statements_title(rows, reverse=group[0].reverse)
        data = likert_data(rows, group[0], "What patients say", finding)
        best_two = (f"{outcomes.top_two_words(group[0])} are the best two.",) if len(group[0].levels) > 3 else ()
        notes = ("Shares are of those who answered; Wilson intervals.", *best_two)
        yield Item(
            f"statements:{place}",
            "What patients say",
            finding,
            data,
            "statements",
            statements_table(answered),
            n=data.n,
            notes=notes,
        )


def _ordered(plan: Plan, group: Sequence[Statement]) -> list[tuple[Statement, LikertResult | NotComputed]]:
    """The statements in the order of the page."""
    found = {s.key: plan.statement(s) for s in group}
    return [(s, found[s.key]) for s in in_order(group, found, plan.choices.order)]


def tables(plan: Plan) -> Iterator[Table]:
    """Best two answers and every answer, per set of answers."""
    for group in same_scale(plan.statements):
        answered = _ordered(plan, group)
        yield statements_table(answered)
        yield answers_table(answered)
