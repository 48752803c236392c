"""Who is missing, as tables: the flow by reason, and completeness per center or period."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.attrition import ILLEGAL, NEITHER, NO_BASELINE, NO_FOLLOW_UP, STATES, Completeness
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, share

STATE_WORDS = {
    "complete": "complete pair",
    "no_baseline": "no score before surgery",
    "no_follow_up": "no score at follow-up",
    "neither": "neither score",
    "illegal": "a value outside the scale",
    "not_yet_due": "not yet due",
}


def completeness_table(rows: Sequence[Completeness], name: str, occasions: tuple[str, str]) -> Table:
    """A row per center or period: operated, complete before surgery (of all), complete at follow-up and in pairs.

    Follow-up and pairs are shares of those due; who is not yet due is counted apart and not lost.
    """
    before, after = occasions[0] or "Before surgery", occasions[1] or "Follow-up"
    heads = ("Operated", f"{before}", "Not yet due", f"{after}, of those due", "Both, of those due", "Lost")
    columns = (Column(name), *(Column(head, "right") for head in heads))
    body = tuple(_row(row) for row in rows)
    people = tuple(tuple(zip(STATES, row.states, strict=True)) for row in rows)
    notes = ("Lost: due, without a complete pair.",)
    return Table(f"Completeness by {name.lower()}", columns, body, notes, people)


def _row(row: Completeness) -> tuple[Cell, ...]:
    lost = sum(row.states[k] for k in (NO_BASELINE, NO_FOLLOW_UP, NEITHER, ILLEGAL))
    waiting = row.n - row.due
    return (
        Cell(row.label),
        Cell(count(row.n), row.n, STATES),
        Cell(_of(row.baseline, row.n), counts=("complete", "no_follow_up")),
        Cell(count(waiting), waiting, ("not_yet_due",)),
        Cell(_of(row.follow_up, row.due), counts=("complete", "no_baseline")),
        Cell(_of(row.complete, row.due), counts=("complete",)),
        Cell(count(lost), lost, ("no_baseline", "no_follow_up", "neither", "illegal")),
    )


def _of(k: int, n: int) -> str:
    return share(k, n) if n else "nobody"
