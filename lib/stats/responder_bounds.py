"""Worst and best case of a responder rate over all patients, those with a missing score included."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from lib.stats.integers import IntArray
from lib.stats.proportions import Proportion, RateMethod, rate
from lib.stats.responder_rule import BoolArray, Rule, Scale, reaches_change, responds
from lib.stats.results import NotComputed


@dataclass(frozen=True, slots=True)
class ResponderBounds:
    """What the rate over all patients would be if every missing patient were not, or were, a responder.

    Attributes:
        n: all patients: complete pairs (evaluable or not), one half known, nothing known.
        responders: responders among the complete pairs.
        missing: patients without a complete pair.
        ruled_out: missing patients whose known half makes a response impossible on this scale.
        worst: responders of n; also the answer to "missing = not improved".
        best: responders + missing − ruled_out, of n.
    """

    n: int
    responders: int
    missing: int
    ruled_out: int
    worst: Proportion
    best: Proportion


def bounds(
    responders: int,
    complete_pairs: int,
    resolution: Decimal,
    *,
    baseline_only: IntArray,
    follow_up_only: IntArray,
    neither: int,
    higher_is_better: bool,
    low: Decimal | None,
    high: Decimal | None,
    rule: Rule,
    confidence: float = 0.95,
    method: RateMethod = "wilson",
) -> ResponderBounds | NotComputed:
    """Worst and best case.

    Args:
        responders: from `count_responders`.
        complete_pairs: its n (patients the rule could not judge stay, as not improved, in both cases).
        resolution, higher_is_better, low, high, rule, confidence, method: as in `count_responders`.
        baseline_only: counts before of patients without a follow-up.
        follow_up_only: counts after of patients without a baseline.
        neither: patients with neither.

    `NotComputed` without patients and for a percent rule on a scale that goes below 0. ValueError when there are more
    responders than pairs.
    """
    scale = Scale(resolution, higher_is_better, low, high)
    missing = int(baseline_only.size) + int(follow_up_only.size) + neither
    n = complete_pairs + missing
    if not 0 <= responders <= complete_pairs:
        raise ValueError(f"{responders} responders of {complete_pairs} pairs")
    if rule.kind == "percent" and scale.goes_below_zero(baseline_only, follow_up_only):
        return NotComputed("percent of baseline is not offered on a scale that goes below 0", n)
    possible = int(np.count_nonzero(possible_from_baseline(rule, scale, baseline_only)))
    possible += int(np.count_nonzero(possible_from_follow_up(rule, scale, follow_up_only))) + neither
    worst = rate(responders, n, confidence=confidence, method=method)
    best = rate(responders + possible, n, confidence=confidence, method=method)
    if isinstance(worst, NotComputed) or isinstance(best, NotComputed):
        return NotComputed("no patients", 0)
    return ResponderBounds(n, responders, missing, missing - possible, worst, best)


def possible_from_baseline(rule: Rule, scale: Scale, baseline: IntArray) -> BoolArray:
    """Whether some legal follow-up would make each patient a responder: the best end of the scale is tried.

    On an open end everything is possible, except that a percent rule cannot judge a baseline of 0.
    """
    if scale.best is not None:
        return responds(rule, scale, baseline, np.full_like(baseline, scale.best))
    return np.asarray(baseline > 0) if rule.kind == "percent" else np.ones(baseline.shape, dtype=bool)


def possible_from_follow_up(rule: Rule, scale: Scale, follow_up: IntArray) -> BoolArray:
    """Whether some legal baseline would make each patient a responder.

    An absolute rule is easiest from the worst end. A percent rule is linear in the baseline, so if it can be met at
    all it is met at the smallest positive or the largest baseline.
    """
    if rule.kind == "percent":
        return _possible_percent(rule, scale, follow_up)
    if scale.worst is not None:
        return responds(rule, scale, np.full_like(follow_up, scale.worst), follow_up)
    possible = np.ones(follow_up.shape, dtype=bool)
    return possible if rule.state is None else scale.in_state(follow_up, rule.state)


def _possible_percent(rule: Rule, scale: Scale, follow_up: IntArray) -> BoolArray:
    assert rule.threshold is not None
    smallest = max(1, scale.lowest if scale.lowest is not None else 1)
    possible = _percent_from(rule, scale, smallest, follow_up)
    if scale.highest is not None:
        return possible | _percent_from(rule, scale, scale.highest, follow_up)
    # From an arbitrarily high baseline a fall of less than 100% is always within reach, a rise never.
    if not scale.higher_is_better and Fraction(rule.threshold) < 100:
        return np.ones(follow_up.shape, dtype=bool)
    return possible


def _percent_from(rule: Rule, scale: Scale, baseline: int, follow_up: IntArray) -> BoolArray:
    start = np.full_like(follow_up, baseline)
    return reaches_change(rule, scale, start, scale.improvement(start, follow_up))
