"""Who is missing, as tables: the flow by reason, and completeness per center or period."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.attrition import (
    DIED,
    ILLEGAL,
    NEITHER,
    NO_BASELINE,
    NO_FOLLOW_UP,
    NOT_DUE,
    Completeness,
    MeasureFlow,
)
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, at_time, count, inside, share

STATE_WORDS = {
    "complete": "complete pair",
    "no_baseline": "no baseline score",
    "no_follow_up": "no follow-up score",
    "neither": "neither score",
    "illegal": "a value outside the scale",
    "not_yet_due": "not yet due",
    "died": "died before due",
}


def completeness_table(rows: Sequence[Completeness], name: str, time_points: tuple[str, str], treated: str) -> Table:
    """A row per center or period: treated, complete at baseline (of all), complete at follow-up and in pairs.

    Follow-up and pairs are shares of those due; who is not yet due, or died before, is counted apart and not lost.
    """
    before, after = time_points[0] or "Baseline", time_points[1] or "Follow-up"
    dead = any(row.states[DIED] for row in rows)
    apart = ("Not yet due", *(("Died before",) if dead else ()))
    heads = (treated.capitalize(), f"{before}", *apart, f"{after}, of those due", "Both, of those due", "Lost")
    columns = (Column(name), *(Column(head, "right") for head in heads))
    body = tuple(_row(row, dead) for row in rows)
    notes = ("Lost: due, without a complete pair.",)
    return Table(f"Completeness by {inside(name)}", columns, body, notes)


def _row(row: Completeness, dead: bool) -> tuple[Cell, ...]:
    lost = sum(row.states[i] for i in (NO_BASELINE, NO_FOLLOW_UP, NEITHER, ILLEGAL))
    apart = [row.states[k] for k in ((NOT_DUE, DIED) if dead else (NOT_DUE,))]
    return (
        Cell(row.label),
        Cell(count(row.n), row.n),
        Cell(_of(row.baseline, row.n)),
        *(Cell(count(n), n) for n in apart),
        Cell(_of(row.follow_up, row.due)),
        Cell(_of(row.complete, row.due)),
        Cell(count(lost), lost),
    )


def flow_table(flow: MeasureFlow, time_points: tuple[str, str]) -> Table:
    """The way from operated to analysed: each step, and under it who left just before it and why."""
    names = flow_words(time_points, flow.treated)
    columns = (Column("Step"), Column("Patients", "right"), Column(f"Of those {flow.treated}", "right"))
    rows: list[tuple[Cell, ...]] = []
    for i, step in enumerate(flow.steps):
        for reason, n in step.left:
            if n:
                rows.append(
                    (
                        Cell(f"{NBSP * 3}left: {STATE_WORDS[reason]}"),
                        Cell(count(n), n),
                        Cell(""),
                    )
                )
        if step.key == "due" and step.n == flow.operated:
            continue
        rows.append(
            (
                Cell(names[step.key]),
                Cell(count(step.n), step.n),
                Cell(_of(step.n, flow.operated) if i else ""),
            )
        )
    return Table("Who is analysed", columns, tuple(rows), ())


def flow_words(time_points: tuple[str, str], treated: str) -> dict[str, str]:
    """The steps of the flow in words."""
    before, after = time_points[0] or "baseline", time_points[1] or "follow-up"
    return {
        "operated": treated.capitalize(),
        "due": f"{after} due",
        "baseline": f"Score {at_time(before)}",
        "follow-up": f"Score {at_time(after)} too: analysed",
    }


def _of(k: int, n: int) -> str:
    return share(k, n) if n else "nobody"
