"""Each group on its own: before, after and improvement of one measure, "All" first."""

from __future__ import annotations

from lib.analysis.comparison import FEWEST_PAIRS, Comparison
from lib.cohort.measure import Measure
from lib.present import orient
from lib.present.table import Cell, Column, Table
from lib.present.wording import NBSP, confidence_words, count, interval, number, plural, signed
from lib.settings import DEFAULTS
from lib.stats.paired import PairedResult
from lib.stats.results import Interval, NotComputed

_PAIRS = ("pairs",)


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
    rows = []
    people = []
    for label, analysis in comparison.rows:
        result = analysis.paired(measure.key, follow_up)
        rows.append(_row(label, measure, result))
        people.append((("pairs", result.n),))
    notes = ["Improvement is positive when patients are better; complete pairs."]
    left = 0 if comparison.overlap else people[0][0][1] - sum(row[0][1] for row in people[1:])
    if left > 0:
        notes.append(f"{plural(left, 'pair is', 'pairs are')} in no group (not recorded).")
    kept = [0, 1, 2, 3, 6] if short else list(range(len(columns)))
    return Table(
        f"{measure.label} by group",
        tuple(columns[k] for k in kept),
        tuple(tuple(row[k] for k in kept) for row in rows),
        tuple(notes),
        tuple(people),
    )


def _row(label: str, measure: Measure, result: PairedResult | NotComputed) -> tuple[Cell, ...]:
    head = (Cell(label), Cell(count(result.n), result.n, _PAIRS))
    if isinstance(result, NotComputed) or result.n < FEWEST_PAIRS:
        return (*head, *(Cell(""),) * 4, Cell("too few for an estimate" if result.n else "nobody"))
    digits = measure.decimals

    def spread(value: float | NotComputed) -> str:
        return "" if isinstance(value, NotComputed) else f" ({number(value, digits)})"

    gain = orient.improvement(result.mean_change, measure.sign)
    ci = gain.interval.reason if isinstance(gain.interval, NotComputed) else unbroken(gain.interval, digits)
    return (
        *head,
        Cell(number(result.baseline.mean, digits) + spread(result.baseline.sd), result.baseline.mean, _PAIRS),
        Cell(number(result.follow_up.mean, digits) + spread(result.follow_up.sd), result.follow_up.mean, _PAIRS),
        Cell(signed(gain.value, digits) + spread(result.change.sd), gain.value, _PAIRS),
        Cell(ci, counts=_PAIRS),
        Cell("too few to test reliably" if result.n < DEFAULTS.few_pairs else ""),
    )
