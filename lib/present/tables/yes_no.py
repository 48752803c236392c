"""A yes/no outcome before and after: the four groups of patients, both shares, the difference and both tests."""

from __future__ import annotations

from collections.abc import Sequence

from lib.analysis.yes_no import YesNoRow
from lib.cohort.cohort import YesNo
from lib.present.table import Cell, Column, Table
from lib.present.tables.responders import rate_cells
from lib.present.wording import NBSP, confidence_words, count, number, p_value, percent, signed
from lib.settings import FEWEST_COMPARED, FEWEST_FOR_PERCENT, FEWEST_TO_TEST
from lib.stats.proportions import Proportion
from lib.stats.results import Interval, NotComputed
from lib.stats.yes_no import YesNoResult

_BEFORE, _AFTER = ("both", "stopped"), ("both", "started")


def yes_no_table(outcome: YesNo, found: YesNoResult | NotComputed, time_points: tuple[str, str]) -> Table:
    """The 2×2 table with its margins: rows before, columns after. Tests stand in the notes."""
    columns = (
        Column(time_points[0] or "Before"),
        Column(f"{time_points[1] or 'After'}: yes", "right"),
        Column(f"{time_points[1] or 'After'}: no", "right"),
        Column("All", "right"),
    )
    if isinstance(found, NotComputed):
        row = (Cell(outcome.label), Cell(f"not computed: {found.reason}"), Cell(""), Cell(""))
        return Table(outcome.label, columns, (row,))

    def row_of(name: str, *counts: int) -> tuple[Cell, ...]:
        return (Cell(name), *(Cell(count(value), value) for value in counts))

    rows = (
        row_of("Yes", found.both, found.stopped, found.before.count),
        row_of("No", found.started, found.neither, found.n - found.before.count),
        row_of("All", found.after.count, found.n - found.after.count, found.n),
    )
    return Table(outcome.label, columns, rows, yes_no_notes(found))


def yes_no_shares(outcome: YesNo, found: YesNoResult | NotComputed, time_points: tuple[str, str]) -> Table:
    """One row per time point: how many said yes, of how many, share and interval; then the change."""
    right = (Column(name, "right") for name in ("Yes", "n", "Share", "95% CI"))
    columns = (Column(outcome.label), *right)
    if isinstance(found, NotComputed):
        return Table(outcome.label, columns, ((Cell(f"not computed: {found.reason}"), *(Cell(""),) * 4),))
    rows = []
    for name, rate in ((time_points[0], found.before), (time_points[1], found.after)):
        share, ci = rate_cells(rate)
        yes, n = Cell(count(rate.count), rate.count), Cell(count(rate.n), rate.n)
        rows.append((Cell(name), yes, n, share, ci))
    difference = found.difference
    low_high = difference.interval
    words = (
        low_high.reason
        if isinstance(low_high, NotComputed)
        else f"{number(low_high.low * 100, 1)} to {number(low_high.high * 100, 1)} points"
    )
    rows.append(
        (
            Cell("Change, percentage points"),
            Cell(""),
            Cell(count(found.n), found.n),
            Cell(signed(difference.value * 100, 1), difference.value),
            Cell(words),
        )
    )
    return Table(outcome.label, columns, tuple(rows), yes_no_notes(found))


def yes_no_notes(found: YesNoResult) -> tuple[str, ...]:
    """Both McNemar tests, always together, from ten patients on; Newcombe's interval of the change."""
    notes = []
    if found.n < FEWEST_TO_TEST:
        notes.append(f"Fewer than {FEWEST_TO_TEST} patients: too few to test reliably.")
    elif not isinstance(found.exact, NotComputed) and not isinstance(found.mid_p, NotComputed):
        notes.append(f"McNemar’s test: exact {p_value(found.exact.p)}, mid-{p_value(found.mid_p.p)}.")
    elif isinstance(found.exact, NotComputed):
        notes.append(f"No test: {found.exact.reason}.")
    difference = found.difference
    if isinstance(difference.interval, Interval):
        low, high = number(difference.interval.low * 100, 1), number(difference.interval.high * 100, 1)
        level = confidence_words(difference.interval.confidence)
        change = signed(difference.value * 100, 1)
        notes.append(f"Change {change} percentage points ({level} {low} to {high}, Newcombe for pairs).")
    return tuple(notes)


def yes_no_groups_table(rows: Sequence[YesNoRow], outcome: YesNo, time_points: tuple[str, str]) -> Table:
    """One row per group: both shares, who stopped and started, the change with Newcombe's interval, both McNemar p."""
    before, after = time_points[0] or "Before", time_points[1] or "After"
    heads = (
        "n",
        before,
        after,
        "Stopped",
        "Started",
        "Change, points",
        "95% CI",
        "McNemar, exact",
        "McNemar, mid-p",
        "No answer",
    )
    columns = (Column("Group"), *(Column(head, "right") for head in heads))
    body = tuple(_group_row(row) for row in rows)
    notes = [
        "Patients with an answer at both time points. Each group is compared with itself; groups are not compared "
        "with each other here."
    ]
    if any(isinstance(r.result, YesNoResult) and r.result.n < FEWEST_TO_TEST for r in rows):
        notes.append("Below 10 patients too few to test reliably, below 3 the patients only.")
    return Table(f"{outcome.label} by group", columns, body, tuple(notes))


def _group_row(row: YesNoRow) -> tuple[Cell, ...]:
    found = row.result
    gap = Cell(count(row.missing), row.missing)
    if isinstance(found, NotComputed):
        return (Cell(row.label), Cell("0", 0), Cell(found.reason), *(Cell(""),) * 7, gap)
    return (
        Cell(row.label),
        Cell(count(found.n), found.n),
        Cell(_yes(found.before)),
        Cell(_yes(found.after)),
        Cell(count(found.stopped), found.stopped),
        Cell(count(found.started), found.started),
        *_change_cells(found),
        gap,
    )


def _change_cells(found: YesNoResult) -> tuple[Cell, ...]:
    """Change, interval and both p; below 3 patients none of them, below 10 no p."""
    if found.n < FEWEST_COMPARED:
        return (Cell("patients only"), Cell(""), Cell(""), Cell(""))
    ends = found.difference.interval
    words = (
        ends.reason
        if isinstance(ends, NotComputed)
        else f"{number(ends.low * 100, 1)}{NBSP}to{NBSP}{number(ends.high * 100, 1)}"
    )
    tests = [
        Cell("nobody changed" if isinstance(test, NotComputed) else p_value(test.p))
        for test in (found.exact, found.mid_p)
    ]
    if found.n < FEWEST_TO_TEST:
        tests = [Cell("too few"), Cell("too few")]
    change = Cell(signed(found.difference.value * 100, 1), found.difference.value)
    return (change, Cell(words), *tests)


def _yes(rate: Proportion) -> str:
    return f"{count(rate.count)} ({percent(rate.count, rate.n)})" if rate.n >= FEWEST_FOR_PERCENT else count(rate.count)
