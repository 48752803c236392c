"""The cumulative curve of improvement in percent of the baseline."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.comparison import FEWEST_PAIRS, Comparison
from lib.settings import DEFAULTS
from lib.stats.responders import ResponderCurve, Rule, curve
from lib.stats.results import NotComputed


def percent_curve(
    analysis: Analysis, measure: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> ResponderCurve | NotComputed:
    """Share improved by at least x percent of the baseline, over pairs with a baseline above 0.

    Improvements are counted in whole percents, rounded down: for a whole x, 100·improvement ≥ x·baseline exactly when
    the rounded one is ≥ x, so the curve meets the table's rate at every stop of the slider.
    Not computed where the scale goes below 0.
    """

    def compute() -> ResponderCurve | NotComputed:
        pairs = analysis.pairs(measure, follow_up)
        low = pairs.measure.low
        negative = np.any(pairs.baseline_counts < 0) or np.any(pairs.follow_up_counts < 0)
        if (low is not None and low < 0) or negative:
            return NotComputed("percent of baseline is not offered on a scale that goes below 0", pairs.n)
        known = pairs.baseline_counts > 0
        percents = np.floor_divide(100 * pairs.improvement_counts[known], pairs.baseline_counts[known])
        return curve(percents, Decimal(1), confidence=confidence)

    return analysis.keep(("percent curve", measure, follow_up, confidence), compute)


def responder_curves(
    comparison: Comparison | None, measure: str, follow_up: str, rule: Rule | None
) -> tuple[tuple[str, ResponderCurve], ...]:
    """(name, curve) of every group with at least three pairs, in the order of the groups; () without groups."""
    if comparison is None or (rule is not None and rule.kind not in ("absolute", "percent")):
        return ()
    found = []
    for label, group in comparison.groups:
        absolute = rule is None or rule.kind == "absolute"
        its = group.responder_curve(measure, follow_up) if absolute else percent_curve(group, measure, follow_up)
        if isinstance(its, ResponderCurve) and its.n >= FEWEST_PAIRS:
            found.append((label, its))
    return tuple(found)
