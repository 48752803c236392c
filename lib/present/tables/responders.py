"""Responders: improved, unchanged and worsened of each measure, the rate with its interval, worst and best case."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.mcid import BaselineThird
from lib.cohort.measure import Measure
from lib.present.sentences import outcomes
from lib.present.sentences.responders import between_words, rule_source
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, number, percent, percent_interval, share
from lib.settings import FEWEST_FOR_PERCENT
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderBounds, ResponderResult, Rule
from lib.stats.results import Interval, NotComputed

Row = tuple[Measure, Rule, ResponderResult | NotComputed, ResponderBounds | NotComputed | None]


def responders_table(rows: Sequence[Row]) -> Table:
    """One row per measure with a rule: what counts, of how many, the three outcomes, the rate, its CI, both bounds.

    Bounds are over all selected patients, whoever lacks a score included; None leaves them blank.
    """
    columns = (
        Column("Outcome"),
        Column("Responder when"),
        Column("n", "right"),
        Column("Improved", "right"),
        Column(between_words([rule for _, rule, _, _ in rows]), "right"),
        Column("Worsened", "right"),
        Column("Rate", "right"),
        Column(_level(rows), "right"),
        Column("Worst case", "right"),
        Column("Best case", "right"),
    )
    body = tuple(_row(*row) for row in rows)
    return Table("Responders", columns, body, _notes(rows))


def rate_cells(rate: Proportion | NotComputed) -> tuple[Cell, Cell]:
    """ "69.0%" and "50.8 to 82.7%"; below 10 patients no percent, the interval stays."""
    if isinstance(rate, NotComputed):
        return Cell(rate.reason), Cell("")
    shown = percent(rate.count, rate.n) if rate.n >= FEWEST_FOR_PERCENT else f"{rate.count} of {rate.n}"
    found = rate.interval
    if isinstance(found, NotComputed):
        return Cell(shown, rate.share), Cell(found.reason)
    words = f"{number(found.low * 100, 1)} to {number(found.high * 100, 1)}%"
    return Cell(shown, rate.share), Cell(words)


def _row(
    measure: Measure, rule: Rule, found: ResponderResult | NotComputed, bounds: ResponderBounds | NotComputed | None
) -> tuple[Cell, ...]:
    words = outcomes.rule_words(rule, measure)
    head = (Cell(measure.label), Cell(f"ended {words}" if rule.kind == "state" else f"improved by at least {words}"))
    if isinstance(found, NotComputed):
        return (*head, Cell(count(found.n), found.n), Cell(f"not computed: {found.reason}"), *(Cell(""),) * 6)
    rate, ci = rate_cells(found.rate)
    return (
        *head,
        Cell(count(found.evaluable), found.evaluable),
        Cell(count(found.improved), found.improved),
        Cell(count(found.unchanged), found.unchanged),
        Cell(count(found.worsened), found.worsened),
        rate,
        ci,
        *_bounds(bounds),
    )


def _bounds(bounds: ResponderBounds | NotComputed | None) -> tuple[Cell, Cell]:
    if bounds is None or isinstance(bounds, NotComputed):
        return Cell(""), Cell("")
    return (
        Cell(f"{bounds.worst.count} of {bounds.n}"),
        Cell(f"{bounds.best.count} of {bounds.n}"),
    )


def _level(rows: Sequence[Row]) -> str:
    for _, _, found, _ in rows:
        if isinstance(found, ResponderResult) and isinstance(found.rate, Proportion):
            interval = found.rate.interval
            if isinstance(interval, Interval):
                return f"{number(interval.confidence * 100, 0)}% CI ({interval.method})"
    return "95% CI"


def _notes(rows: Sequence[Row]) -> tuple[str, ...]:
    notes = ["A threshold judges patients, not differences of means."]
    if any(isinstance(bounds, ResponderBounds) for _, _, _, bounds in rows):
        notes.append(
            "Worst and best case: over all selected patients, if none or all of those without a score improved enough."
        )
    for measure, rule, found, _ in rows:
        notes.append(f"{measure.label}: threshold {rule_source(measure, rule)}.")
        if isinstance(found, ResponderResult) and found.not_evaluable:
            notes.append(f"{measure.label}: patients with a baseline of 0 cannot be judged by a percentage.")
    return tuple(notes)


# Kept, reached, lost, never: what a state rule counts; and the rates by third of the baseline.


def state_table(result: ResponderResult | NotComputed) -> Table:
    """The four ways through a state; shares are of all pairs."""
    columns = (Column("State"), Column("Patients", "right"))
    title = "Before and after the state"
    if isinstance(result, NotComputed) or result.states is None or result.n == 0:
        return Table(title, columns, (), ("Not computed for this selection",))
    rows = (
        ("In the state before and after (kept)", result.states.maintained),
        ("Reached it", result.states.reached),
        ("Lost it", result.states.lost),
        ("Never in it", result.states.never),
    )
    body = tuple((Cell(name), Cell(share(k, result.n), k)) for name, k in rows)
    return Table(title, columns, body, ())


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
            ci = Cell(percent_interval(third.rate.interval))
            rows.append((Cell(name), Cell(ends), _rate(third.rate), ci))
        else:
            rows.append((Cell(name), Cell(ends), Cell(third.rate.reason), Cell("")))
    return Table(title, columns, tuple(rows), (note,))


_THIRDS = {1: ("all",), 2: ("lower", "higher"), 3: ("lowest", "middle", "highest")}
"""What the parts are called; fewer than three where many patients begin at one score."""


def _rate(found: Proportion) -> Cell:
    return Cell(share(found.count, found.n) if found.n else count(0), found.share)
