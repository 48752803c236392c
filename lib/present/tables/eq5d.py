"""EQ-5D: tests per dimension, any problem before and after, states in words, value sets side by side."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.eq5d import Dimensions, SetResult
from lib.catalog.value_sets import value_set
from lib.present.charts.profile_grid import plain_words
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, interval, number, p_value, percent_interval, share, signed
from lib.settings import FEWEST_TO_TEST
from lib.stats.health_states import CommonStates, PchcResult
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderResult
from lib.stats.results import Interval, NotComputed
from lib.stats.yes_no import DimensionMoves, YesNoResult


def moves_table(found: Dimensions, names: Sequence[str]) -> Table:
    """One row per dimension: who moved, and the ordered marginal homogeneity test."""
    heads = ("n", "Better", "Same", "Worse", "z", "p", "corrected")
    columns = (Column("Dimension"), *(Column(h, "right") for h in heads))
    rows: list[tuple[Cell, ...]] = []
    for k, (r, name) in enumerate(zip(found.rows, names, strict=True)):
        if not isinstance(r.moves, DimensionMoves):
            rows.append((Cell(name), Cell("0", 0), Cell(r.moves.reason), *(Cell(""),) * 5))
            continue
        sizes = (r.moves.n, r.moves.better, r.moves.same, r.moves.worse)
        counts = (Cell(count(v), v) for v in sizes)
        if isinstance(r.test, NotComputed):
            tested = (Cell(r.test.reason), Cell(""), Cell(""))
        elif r.moves.n < FEWEST_TO_TEST:
            tested = (Cell("too few"), Cell("too few"), Cell("too few"))
        else:
            # levels went down is better: z is turned, so that positive is improvement here as everywhere on screen
            tested = (
                Cell(number(-r.test.statistic, 2), -r.test.statistic),
                Cell(p_value(r.test.p), r.test.p),
                _p(found.test_p.adjusted[k]),
            )
        rows.append((Cell(name), *counts, *tested))
    tested_rows = [r for r in found.rows if isinstance(r.moves, DimensionMoves) and r.moves.n >= FEWEST_TO_TEST]
    methods = {r.test.method for r in tested_rows if not isinstance(r.test, NotComputed)}
    if not methods:
        return Table("Who moved", columns, tuple(rows), ())
    how = "p exact over the patients who changed" if any("exact" in m for m in methods) else "normal approximation"
    note = f"Ordered marginal homogeneity test ({how}); corrected by Holm for {count(found.test_p.size)} tests."
    return Table("Who moved", columns, tuple(rows), (note, "A positive z is improvement."))


def problems_table(found: Dimensions, names: Sequence[str], time_points: tuple[str, str]) -> Table:
    """One row per dimension: any problem (a level above 1) before and after, who lost and who got one, McNemar."""
    heads = (*time_points, "Lost it", "Got it", "Change, points", "McNemar exact", "mid-p", "corrected")
    columns = (Column("Any problem with"), *(Column(h, "right") for h in heads))
    rows = []
    for k, (r, name) in enumerate(zip(found.rows, names, strict=True)):
        p = r.problems
        if not isinstance(p, YesNoResult):
            rows.append((Cell(name), Cell(p.reason), *(Cell(""),) * 7))
            continue
        mid_p = Cell("") if isinstance(p.mid_p, NotComputed) else Cell(p_value(p.mid_p.p), p.mid_p.p)
        exact = Cell("nobody changed") if isinstance(p.exact, NotComputed) else Cell(p_value(p.exact.p), p.exact.p)
        corrected = _p(found.problems_p.adjusted[k])
        if p.n < FEWEST_TO_TEST and not isinstance(p.exact, NotComputed):
            exact, mid_p, corrected = (Cell("too few"),) * 3
        rows.append(
            (
                Cell(name),
                Cell(share(p.before.count, p.before.n), p.before.share),
                Cell(share(p.after.count, p.after.n), p.after.share),
                Cell(count(p.stopped), p.stopped),
                Cell(count(p.started), p.started),
                Cell(_points(p), p.difference.value),
                exact,
                mid_p,
                corrected,
            )
        )
    note = (
        "A problem is any level above 1. Change in percentage points (negative: fewer patients with a problem) with "
        "Newcombe’s interval for pairs"
    )
    if any(isinstance(r.problems, YesNoResult) and r.problems.n >= FEWEST_TO_TEST for r in found.rows):
        note += f"; the exact p is corrected by Holm for {count(found.problems_p.size)} tests"
    return Table("Any problem", columns, tuple(rows), (f"{note}.",))


def changes_table(rows: Sequence[tuple[str, PchcResult | NotComputed]]) -> Table:
    """Better, worse, mixed, same (Paretian classes): all, and a row per group; a group's patients are among all."""
    names = ("better", "mixed", "same_with_problems", "no_problems", "worse")
    heads = ("n", "Better", "Mixed", "Same, with problems", "No problems at both", "Worse")
    columns = (Column("Patients"), *(Column(h, "right") for h in heads))
    body: list[tuple[Cell, ...]] = []
    for label, r in rows:
        if not isinstance(r, PchcResult):
            body.append((Cell(label), Cell(r.reason), *(Cell(""),) * 5))
            continue
        cells = [Cell(count(getattr(r, n)), getattr(r, n)) for n in names]
        body.append((Cell(label), Cell(count(r.n), r.n), *cells))
    return Table("The health state as a whole", columns, tuple(body), ())


def states_table(
    before: CommonStates | NotComputed,
    after: CommonStates | NotComputed,
    time_points: tuple[str, str],
    five: bool = False,
) -> Table:
    """The states among the ten commonest of either time point, in plain words of our own."""
    columns = (Column("State"), Column("In words"), *(Column(o, "right") for o in time_points))
    counts = [
        {} if isinstance(found, NotComputed) else {s.state: s.count for s in found.states} for found in (before, after)
    ]
    states = list(dict.fromkeys([*counts[0], *counts[1]]))
    sides = ("before", "after")
    rows = tuple(
        (
            Cell(s),
            Cell(plain_words(s, five)),
            *(Cell(count(c[s]), c[s]) if s in c else Cell("") for side, c in zip(sides, counts, strict=True)),
        )
        for s in states
    )
    note = "Digits: mobility, self-care, usual activities, pain/discomfort, anxiety/depression; 1 none, " + (
        "5 the worst." if five else "3 serious."
    )
    blank = "An empty cell: not among the ten commonest there."
    return Table("Commonest states", columns, rows, (note, blank))


def value_sets_table(found: Sequence[SetResult]) -> Table:
    """One row per set: means, improvement with CI, responders, source."""
    heads = ("Before", "After", "Improvement", "95% CI", "Responders", "CI of the rate")
    columns = (Column("Value set"), *(Column(h, "right") for h in heads), Column("Source"))
    rows = []
    for f in found:
        chosen = value_set(f.value_set)
        source = Cell(chosen.citation or "no source on file")
        if not isinstance(f.paired, PairedResult):
            rows.append((Cell(chosen.label), Cell(f.paired.reason), *(Cell(""),) * 5, source))
            continue
        p = f.paired
        ends = p.mean_change.interval
        rows.append(
            (
                Cell(chosen.label),
                Cell(number(p.baseline.mean, 3), p.baseline.mean),
                Cell(number(p.follow_up.mean, 3), p.follow_up.mean),
                Cell(signed(p.mean_change.value, 3), p.mean_change.value),
                Cell(interval(ends, 3) if isinstance(ends, Interval) else ends.reason),
                *_responders(f.responders),
                source,
            )
        )
    return Table("Value sets", columns, tuple(rows), ())


def _responders(found: ResponderResult | NotComputed) -> tuple[Cell, Cell]:
    if isinstance(found, NotComputed):
        return Cell(found.reason), Cell("")
    if not isinstance(found.rate, Proportion):
        return Cell(found.rate.reason), Cell("")
    rate = found.rate
    words = percent_interval(rate.interval).split("CI", 1)[-1].strip(" \u00a0")
    return Cell(share(rate.count, rate.n), rate.share), Cell(words)


def _points(found: YesNoResult) -> str:
    words = signed(found.difference.value * 100, 1)
    ends = found.difference.interval
    if isinstance(ends, Interval):
        words += f" ({number(ends.low * 100, 1)} to {number(ends.high * 100, 1)})"
    return words


def _p(found: float | NotComputed) -> Cell:
    return Cell("") if isinstance(found, NotComputed) else Cell(p_value(found), found)
