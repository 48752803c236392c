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
    return Table(title, columns, tuple((Cell(name), Cell(share(k, result.n), k)) for name, k in rows))


def thirds_table(measure: Measure, thirds: tuple[BaselineThird, ...] | NotComputed) -> Table:
    """Rate per third of the baseline, with its interval."""
    columns = (Column("Baseline"), Column("Improved", "right"), Column("Interval", "right"))
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
        ends = number(third.low, digits)
        if third.high != third.low:
            ends += f" to {number(third.high, digits)}"
        if isinstance(third.rate, Proportion):
            rows.append((Cell(ends), _rate(third.rate), Cell(percent_interval(third.rate.interval))))
        else:
            rows.append((Cell(ends), Cell(third.rate.reason), Cell("")))
    return Table(title, columns, tuple(rows), (note,))


def _rate(found: Proportion) -> Cell:
    return Cell(share(found.count, found.n) if found.n else count(0), found.share)
