"""Who is missing, as tables: the flow by reason, and completeness per center or period."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.attrition import ILLEGAL, NEITHER, NO_BASELINE, NO_FOLLOW_UP, STATES, Completeness, MeasureFlow
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, at_time, count, inside, share

STATE_WORDS = {
    "complete": "complete pair",
    "no_baseline": "no baseline score",
    "no_follow_up": "no follow-up score",
    "neither": "neither score",
    "illegal": "a value outside the scale",
    "not_yet_due": "not yet due",
}


def completeness_table(rows: Sequence[Completeness], name: str, time_points: tuple[str, str]) -> Table:
    """A row per center or period: operated, complete before surgery (of all), complete at follow-up and in pairs.

    Follow-up and pairs are shares of those due; who is not yet due is counted apart and not lost.
    """
    before, after = time_points[0] or "Before surgery", time_points[1] or "Follow-up"
    heads = ("Operated", f"{before}", "Not yet due", f"{after}, of those due", "Both, of those due", "Lost")
    columns = (Column(name), *(Column(head, "right") for head in heads))
    body = tuple(_row(row, k) for k, row in enumerate(rows))
    people = tuple(_people(row, k) for k, row in enumerate(rows))
    equal = tuple(tie for k in range(len(rows)) for tie in _ties(k))
    notes = ("Lost: due, without a complete pair.",)
    return Table(f"Completeness by {inside(name)}", columns, body, notes, people, together=True, equal=equal)


_LOST = ("no_baseline", "no_follow_up", "neither", "illegal")
_DUE = ("complete", *_LOST)


def _row(row: Completeness, k: int) -> tuple[Cell, ...]:
    lost = sum(row.states[i] for i in (NO_BASELINE, NO_FOLLOW_UP, NEITHER, ILLEGAL))
    waiting = row.n - row.due

    def of(*names: str) -> tuple[str, ...]:
        return tuple(f"{k} {name}" for name in names)

    everyone, due = of(*STATES), of(*_DUE)
    return (
        Cell(row.label),
        Cell(count(row.n), row.n, everyone),
        Cell(_of(row.baseline, row.n), None, of("complete", "no_follow_up", "before, out"), (everyone,)),
        Cell(count(waiting), waiting, of("not_yet_due")),
        Cell(_of(row.follow_up, row.due), None, of("complete", "no_baseline", "after, out"), (due,)),
        Cell(_of(row.complete, row.due), None, of("complete"), (due,)),
        Cell(count(lost), lost, of(*_LOST)),
    )


def _people(row: Completeness, k: int) -> tuple[tuple[str, int], ...]:
    """Each patient by state, and those waiting or with an illegal value once more: had they one of the two scores?"""
    size = dict(zip(STATES, row.states, strict=True))
    before = row.baseline - size["complete"] - size["no_follow_up"]
    after = row.follow_up - size["complete"] - size["no_baseline"]
    out = {
        "before, out": before,
        "none before, out": size["not_yet_due"] + size["illegal"] - before,
        "after, out": after,
        "none after, out": size["illegal"] - after,
    }
    return tuple((f"{k} {name}", n) for name, n in (size | out).items())


def _ties(k: int) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    def of(*names: str) -> tuple[str, ...]:
        return tuple(f"{k} {name}" for name in names)

    return (
        (of("not_yet_due", "illegal"), of("before, out", "none before, out")),
        (of("illegal"), of("after, out", "none after, out")),
    )


def flow_table(flow: MeasureFlow, time_points: tuple[str, str]) -> Table:
    """The way from operated to analysed: each step, and under it who left just before it and why."""
    names = flow_words(time_points, flow.treated)
    columns = (Column("Step"), Column("Patients", "right"), Column(f"Of those {flow.treated}", "right"))
    illegal = {step.key: dict(step.left).get("illegal", 0) for step in flow.steps}
    left = {f"{step.key}: {reason}": n for step in flow.steps for reason, n in step.left if reason != "illegal" or n}
    left |= {f"{key}: illegal": n for key, n in illegal.items() if key in ("baseline", "follow-up")}
    parts = (("complete", flow.pairs), *left.items())
    steps = [s.key for s in flow.steps]
    rows: list[tuple[Cell, ...]] = []
    for i, step in enumerate(flow.steps):
        for reason, n in step.left:
            if n:
                rows.append(
                    (
                        Cell(f"{NBSP * 3}left: {STATE_WORDS[reason]}"),
                        Cell(count(n), n, (f"{step.key}: {reason}",)),
                        Cell(""),
                    )
                )
        inside = ("complete", *(name for name in left if name.split(":")[0] in steps[i + 1 :]))
        whole = ("complete", *left)
        if step.key == "due" and step.n == flow.operated:
            continue
        rows.append(
            (
                Cell(names[step.key]),
                Cell(count(step.n), step.n, inside),
                Cell(_of(step.n, flow.operated) if i else "", None, inside, (whole,)),
            )
        )
    return Table("Who is analysed", columns, tuple(rows), (), (parts,) * len(rows), together=True)


def flow_words(time_points: tuple[str, str], treated: str = "operated") -> dict[str, str]:
    """The steps of the flow in words."""
    before, after = time_points[0] or "Before surgery", time_points[1] or "follow-up"
    return {
        "operated": treated.capitalize(),
        "due": f"{after} due",
        "baseline": f"Score {at_time(before)}",
        "follow-up": f"Score {at_time(after)} too: analysed",
    }


def _of(k: int, n: int) -> str:
    return share(k, n) if n else "nobody"
