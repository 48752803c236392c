"""Statements between groups: only when a comparison is active."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib.analysis.groups.comparison import Comparison
from lib.analysis.statements import compare_statements
from lib.cohort.cohort import Statement
from lib.present.charts.axes import same_scale
from lib.present.charts.likert_groups import groups_data
from lib.present.sentences.groups import named_by
from lib.present.sentences.statements import between_title, name_of
from lib.present.tables.statements_between import between_table, shares_between
from lib.report.plan import Item, Plan


def items(plan: Plan) -> Iterator[Item]:
    """Per set of answers: bars of all and of each group, the tests between groups, the best answers of each group."""
    if plan.comparison is None:
        return
    for place, group in enumerate(same_scale(plan.statements)):
        yield from _of_scale(plan, plan.comparison, place, group)


def _of_scale(plan: Plan, comparison: Comparison, place: int, group: Sequence[Statement]) -> Iterator[Item]:
    known = plan.analysis.cohort.statements
    found = compare_statements(
        comparison.groups,
        [s.key for s in group],
        plan.time,
        confidence=plan.confidence,
        within_only=comparison.within_only,
    )
    blocks = [
        (
            name_of(s),
            [
                (comparison.everybody, comparison.all.statement(s.key, plan.time, confidence=plan.confidence)),
                *zip(row.names, row.results, strict=True),
            ],
        )
        for s, row in zip(group, found.rows, strict=True)
    ]
    title, heading = between_title(found.rows, comparison.title), named_by("What patients say", comparison)
    data = groups_data(blocks, group[0], heading, title)
    tests, shares = between_table(found, known), shares_between(found, known)
    notes = tests.notes
    yield Item(f"statements_by:{place}", heading, title, data, "statements", None, n=data.n, notes=notes, usual=False)
    for key, what, table in (("tests", "tests between groups", tests), ("shares", "best answers", shares)):
        words = f"{heading}: {what}"
        title_shown = title if key == "tests" else words
        yield Item(
            f"statements_{key}:{place}", words, title_shown, None, "", table, n=data.n, notes=table.notes, usual=False
        )
