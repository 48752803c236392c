"""Kept, reached, lost, never: what a state rule counts; and the rates by third of the baseline."""

from __future__ import annotations

from lib.analysis.by_baseline import BaselineThird
from lib.cohort.measure import Measure
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, number, percent_interval, share
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult
from lib.stats.results import NotComputed


def state_table(result: ResponderResult | NotComputed) -> Table:
    """The four ways through a state; shares are of all pairs."""
    columns = (Column("State"), Column("Patients", "right"))
    title = "Before and after the state"
    if isinstance(result, NotComputed) or result.states is None or result.n == 0:
        return Table(title, columns, (), ("Not computed for this selection",))
    rows = (
        ("In the state before and after (kept)", result.states.kept),
        ("Reached it", result.states.reached),
        ("Lost it", result.states.lost),
        ("Never in it", result.states.never),
    )
    everyone = tuple(name for name, _ in rows)
    body = tuple((Cell(name), Cell(share(k, result.n), k, (name,), (everyone,))) for name, k in rows)
    return Table(title, columns, body, (), (rows,) * len(body), together=True)


def thirds_table(measure: Measure, thirds: tuple[BaselineThird, ...] | NotComputed) -> Table:
    """Rate per third of the baseline, with its interval."""
    columns = (Column("Third"), Column("Baseline"), Column("Improved", "right"), Column("Interval", "right"))
    title = "By third of the baseline"
    note = (
        "Thirds are cut from the whole cohort. They describe; patients who start worse improve more by chance alone "
        "(regression to the mean), so no test is made."
    )
    if isinstance(thirds, NotComputed):
        return Table(title, columns, (), (f"Not computed: {thirds.reason}",))
    digits = 0 if measure.resolution == 1 else measure.decimals
    rows = []
    for third in thirds:
        name = _THIRDS[third.parts][third.place]
        ends = number(third.low, digits)
        if third.high != third.low:
            ends += f" to {number(third.high, digits)}"
        if isinstance(third.rate, Proportion):
            ci = Cell(percent_interval(third.rate.interval), None, ("with",), (_BOTH,))
            rows.append((Cell(name), Cell(ends, alone=True), _rate(third.rate), ci))
        else:
            rows.append((Cell(name), Cell(ends, alone=True), Cell(third.rate.reason), Cell("")))
    people = tuple(
        (("with", r.count), ("without", r.n - r.count)) if isinstance(r := third.rate, Proportion) else ()
        for third in thirds
    )
    return Table(title, columns, tuple(rows), (note,), people)


_BOTH = ("with", "without")
_THIRDS = {1: ("all",), 2: ("lower", "higher"), 3: ("lowest", "middle", "highest")}
"""What the parts are called; fewer than three where many patients begin at one score."""


def _rate(found: Proportion) -> Cell:
    return Cell(share(found.count, found.n) if found.n else count(0), found.share, ("with",), (_BOTH,))
