"""What if the missing differ: one outcome under each assumption, and where the answer would change."""

from __future__ import annotations

from lib.analysis.what_if import Assumptions, WhatIf
from lib.cohort.measure import Measure
from lib.present.sentences.what_if import COMPLETE, IMPUTED, WEIGHTED, assumption_lines, did, values_of
from lib.present.table import Cell, Column, Table
from lib.present.wording import compact, count, interval, number, signed
from lib.stats.pooling import Tip
from lib.stats.responder_rule import Rule
from lib.stats.results import Interval, NotComputed
from lib.stats.weighting import Weighted


def assumptions_table(measure: Measure, found: WhatIf, rule: Rule | None) -> Table:
    """Mean improvement and share of responders under each assumption, over how many, and the worst legal score."""
    columns = (
        Column("Assumption"),
        *(Column(name, "right") for name in ("n", "Mean improvement", "95% CI", "Improved", "95% CI ")),
    )
    shares = values_of(found.share) if isinstance(found.share, Assumptions) else {}
    means = values_of(found.mean)
    weights = found.mean.weighted
    sizes = {
        COMPLETE: found.people.pairs,
        WEIGHTED: weights.n if isinstance(weights, Weighted) else 0,
        IMPUTED: found.people.due,
    }
    rows = []
    for name, n in sizes.items():
        mean = _cells(means.get(name), measure.decimals, 1.0)
        rows.append((Cell(name), Cell(count(n), n), *mean, *_cells(shares.get(name), 1, 100.0)))
    worst = found.mean.worst
    if worst is not None:
        of_share = found.share.worst if isinstance(found.share, Assumptions) else None
        share = Cell("") if of_share is None else Cell(f"{number(100 * of_share, 1)}%", of_share)
        n = found.people.due
        row = (Cell("Every missing answer the worst score"), Cell(count(n), n))
        rows.append((*row, Cell(signed(worst, measure.decimals), worst), Cell(""), share, Cell("")))
    notes = tuple(f"{name}: {meaning}." for name, meaning in assumption_lines(found)[:3])
    if rule is not None:
        notes = (*notes, f"Improved: {did(rule, measure)}.")
    return Table(f"{measure.label}: what if the missing differ", columns, tuple(rows), notes)


def _cells(found: tuple[float, Interval | NotComputed] | None, decimals: int, factor: float) -> tuple[Cell, Cell]:
    if found is None:
        return Cell("not computed"), Cell("")
    value, ends = found
    if factor == 1.0:
        return Cell(signed(value, decimals), value), Cell(interval(ends, decimals))
    if isinstance(ends, Interval):
        return (
            Cell(f"{number(100 * value, decimals)}%", value),
            Cell(f"{number(100 * ends.low, decimals)} to {number(100 * ends.high, decimals)}%"),
        )
    return Cell(f"{number(100 * value, decimals)}%", value), Cell(ends.reason)


def tips_table(measure: Measure, found: WhatIf, rule: Rule | None) -> Table:
    """How much less the missing must have improved until the answer changes."""
    unit = measure.unit or "points"
    rows = [(Cell(f"interval reaches {_value(tip)}"), *_tip(tip, measure)) for tip in found.mean.tips]
    if isinstance(found.share, Assumptions) and rule is not None:
        for tip in found.share.tips:
            at = f"under {compact(round(100 * found.share_value, 6))}%"
            rows.append((Cell(f"{at} {did(rule, measure)}"), *_tip(tip, measure)))
    columns = (Column("Where the answer would change"), Column(f"{unit} less", "right"))
    return Table("Where the answer would change", columns, tuple(rows))


def _value(tip: Tip | NotComputed) -> str:
    return "the value" if isinstance(tip, NotComputed) else compact(round(tip.value, 6))


def _tip(tip: Tip | NotComputed, measure: Measure) -> tuple[Cell]:
    if isinstance(tip, NotComputed):
        return (Cell(f"never: {tip.reason}"),)
    if tip.already:
        return (Cell("0: it does already", 0.0),)
    words = number(tip.delta, measure.decimals)
    return (Cell(words if tip.within_scale else f"{words}: not within this scale", tip.delta),)
