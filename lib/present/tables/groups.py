"""Each group on its own: before, after and improvement of one measure, "All" first."""

from __future__ import annotations

from dataclasses import replace

from lib.analysis.comparison import FEWEST_PAIRS, Comparison
from lib.cohort.measure import Measure
from lib.present import orient
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, confidence_words, count, interval, number, plural, signed
from lib.settings import DEFAULTS
from lib.stats.paired import PairedResult
from lib.stats.results import Interval, NotComputed

_NONE = "in no group"


def unbroken(found: Interval, decimals: int) -> str:
    """An interval that a narrow column does not break."""
    return interval(found, decimals).replace(" ", NBSP)


def groups_table(
    comparison: Comparison, measure: Measure, follow_up: str, occasions: tuple[str, str], *, short: bool = False
) -> Table:
    """n, mean (SD) before and after, mean improvement (SD) and its interval; below 3 pairs the n only.

    `short` keeps n, both means and their remark, for a place beside the forest.

    p values within a group stay on Before and after: side by side they invite comparing them, which answers nothing.
    """
    columns = (
        Column(comparison.title),
        Column("n", "right"),
        Column(f"{occasions[0] or 'Before'}, mean (SD)", "right"),
        Column(f"{occasions[1] or 'After'}, mean (SD)", "right"),
        Column("Improvement (SD)", "right"),
        Column(confidence_words(DEFAULTS.confidence), "right"),
        Column("Remark"),
    )
    found = [(label, analysis.paired(measure.key, follow_up)) for label, analysis in comparison.rows]
    sizes = [result.n for _, result in found]
    left = sizes[0] - sum(sizes[1:])
    names = [str(k) for k in range(1, len(found))]
    rows = [
        _row(label, measure, result, (*names, _NONE) if k == 0 else (str(k),))
        for k, (label, result) in enumerate(found)
    ]
    parts = (*zip(names, sizes[1:], strict=True), (_NONE, left))
    people = (parts,) * len(rows)
    notes = ["Improvement is positive when patients are better; complete pairs."]
    if comparison.overlap:  # groups that share patients cannot be masked together
        rows, people = [tuple(replace(c, counts=()) for c in row) for row in rows], ()
    elif left > 0:
        notes.append(f"{plural(left, 'pair is', 'pairs are')} in no group (not recorded).")
    kept = [0, 1, 2, 3, 6] if short else list(range(len(columns)))
    return Table(
        f"{measure.label} by group",
        tuple(columns[k] for k in kept),
        tuple(tuple(row[k] for k in kept) for row in rows),
        tuple(notes),
        people,
        together=True,
    )


def _row(label: str, measure: Measure, result: PairedResult | NotComputed, pairs: tuple[str, ...]) -> tuple[Cell, ...]:
    head = (Cell(label), Cell(count(result.n), result.n, pairs))
    if isinstance(result, NotComputed) or result.n < FEWEST_PAIRS:
        return (*head, *(Cell(""),) * 4, Cell("too few for an estimate" if result.n else "no complete pair"))
    digits = measure.decimals

    def spread(value: float | NotComputed) -> str:
        return "" if isinstance(value, NotComputed) else f" ({number(value, digits)})"

    gain = orient.improvement(result.mean_change, measure.sign)
    ci = gain.interval.reason if isinstance(gain.interval, NotComputed) else unbroken(gain.interval, digits)
    return (
        *head,
        Cell(number(result.baseline.mean, digits) + spread(result.baseline.sd), result.baseline.mean, pairs),
        Cell(number(result.follow_up.mean, digits) + spread(result.follow_up.sd), result.follow_up.mean, pairs),
        Cell(signed(gain.value, digits) + spread(result.change.sd), gain.value, pairs),
        Cell(ci, counts=pairs),
        Cell("too few to test reliably" if result.n < DEFAULTS.few_pairs else ""),
    )
