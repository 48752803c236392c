"""Which statements share a chart, and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from lib.cohort.cohort import Statement
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed

Order = Literal["file", "agreement", "name"]


def same_scale(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Statements with the same levels together, groups in the order of their first statement."""
    groups: dict[tuple[tuple[str, ...], bool], list[Statement]] = {}
    for statement in statements:
        groups.setdefault((statement.levels, statement.reverse), []).append(statement)
    return list(groups.values())


def sorted_rows(
    statements: Sequence[Statement], results: Mapping[str, LikertResult | NotComputed], order: Order
) -> tuple[tuple[str, LikertResult | NotComputed], ...]:
    """(name, result) rows as the file has them, by falling agreement (no answers last), or by name."""
    rows = [(s.short or s.label, results[s.key]) for s in statements]
    if order == "name":
        rows.sort(key=lambda row: row[0].casefold())
    elif order == "agreement":
        rows.sort(key=lambda row: -row[1].top_two.share if isinstance(row[1], LikertResult) else 1.0)
    return tuple(rows)
