"""Differences between groups in one share: Newcombe's interval, test, Holm, patients for one more."""

from __future__ import annotations

from dataclasses import replace

from lib.analysis.comparison import Comparison
from lib.analysis.grouped_rates import RateFamily, RateGap
from lib.present.table import Cell, Column, Table
from lib.present.wording import confidence_words, count, number, p_value, plural, signed
from lib.stats.results import Interval, NotComputed

_COLUMNS = ("Between", "Difference, points", "Interval", "p", "p corrected", "Patients for one more")


def rate_gaps_table(family: RateFamily, name: str, comparison: Comparison, *, exploratory: bool = True) -> Table:
    """One row per pair of groups: share of the second minus share of the first, in percentage points."""
    result = family.of(name)
    corrected, together = family.corrected(name)
    columns = tuple(Column(c, "left" if i == 0 else "right") for i, c in enumerate(_COLUMNS))
    rows = tuple(_row(result.labels, gap, p) for gap, p in zip(result.gaps, corrected, strict=True))
    people = tuple(
        tuple(
            part
            for side, r in (("first", result.rates[gap.first]), ("second", result.rates[gap.second]))
            for part in ((f"{side} with", r.count), (f"{side} without", r.n - r.count))
        )
        for gap in result.gaps
    )
    notes = ["Groups were not randomised; a difference may come from who is in them."]
    if exploratory:  # said once per page: where the page itself says it, not here
        notes = [f"Exploratory. {notes[0]}"]
    if comparison.within_only:
        notes.append(f"Not tested: {comparison.within_only}.")
    elif isinstance(together, NotComputed):
        notes.append(f"All groups at once: {together.reason}.")
    else:
        outcomes, looks = plural(family.heterogeneity.size, "outcome"), plural(family.gaps.size, "time")
        notes.append(f"All groups at once: {p_value(together)}, corrected for {outcomes}.")
        notes.append(f"Pairs of groups corrected for looking {looks}.")
    if result.outside:
        small = ", ".join(f"{label} ({count(n)})" for label, n in result.outside)
        notes.append(f"Fewer than 3 pairs, left out of the differences: {small}.")
    return Table("Differences between groups", columns, rows, tuple(notes), people)


def _row(labels: tuple[str, ...], gap: RateGap, corrected: float | NotComputed) -> tuple[Cell, ...]:
    name = Cell(f"{labels[gap.second]} − {labels[gap.first]}")
    if isinstance(gap.difference, NotComputed):
        return (name, Cell("not computed"), Cell(""), Cell(""), Cell(""), Cell(""))
    found = gap.difference.interval
    ci = ""
    if isinstance(found, Interval):
        ends = f"{number(found.low * 100, 1)} to {number(found.high * 100, 1)}"
        ci = f"{confidence_words(found.confidence)} {ends}"
    p = "" if isinstance(gap.test, NotComputed) else p_value(gap.test.p)
    needed = "–"
    if not isinstance(gap.number_needed, NotComputed):
        its = gap.number_needed
        needed = f"{number(its.value, 1)} ({number(its.interval.low, 1)} to {number(its.interval.high, 1)})"
    cells = (
        Cell(signed(gap.difference.value * 100, 1), gap.difference.value),
        Cell(ci),
        Cell(p, None if isinstance(gap.test, NotComputed) else gap.test.p),
        Cell("" if isinstance(corrected, NotComputed) else p_value(corrected)),
        Cell(needed),
    )
    return (name, *(replace(cell, counts=_SIDES[0], also=_SIDES[1:]) if cell.text else cell for cell in cells))


_SIDES = (("first with",), ("first without",), ("second with",), ("second without",))
"""A difference of shares rests on all four counts."""
