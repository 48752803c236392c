"""Responders: who improved by at least a threshold, and how many.

Scores come as whole counts of the instrument's resolution (7.2 on a 0.1-step scale is 72), see `lib.stats.integers`.
The cumulative curve is in `responder_curve`, worst and best case for missing patients in `responder_bounds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.stats.integers import IntArray
from lib.stats.proportions import Proportion, RateMethod, rate
from lib.stats.responder_bounds import ResponderBounds, bounds
from lib.stats.responder_curve import ResponderCurve, curve
from lib.stats.responder_rule import Rule, RuleKind, Scale, cannot_reach, evaluable, reaches_change, responds
from lib.stats.results import NotComputed

__all__ = [
    "IMPROVED",
    "NOT_EVALUABLE",
    "UNCHANGED",
    "WORSENED",
    "ResponderBounds",
    "ResponderCurve",
    "ResponderResult",
    "Rule",
    "RuleKind",
    "StateCounts",
    "bounds",
    "classify",
    "count_responders",
    "curve",
]

IMPROVED, UNCHANGED, WORSENED, NOT_EVALUABLE = 1, 0, -1, -2


@dataclass(frozen=True, slots=True)
class StateCounts:
    """Patients by whether they were in the state before and after: kept yes/yes, reached no/yes, lost yes/no, never."""

    kept: int
    reached: int
    lost: int
    never: int


@dataclass(frozen=True, slots=True)
class ResponderResult:
    """Responders by one rule.

    Attributes:
        n: complete pairs; n = evaluable + len(not_evaluable).
        evaluable: patients the rule can judge; improved + unchanged + worsened.
        not_evaluable: positions in the arrays of the others (percent rule, baseline 0 or below).
        improved, unchanged, worsened: outcomes. For a state these are reached, kept or never, and lost; for change
            and state: both reached, neither, worse by at least the threshold.
        responders: who meets the rule: the improved, for a state kept + reached.
        rate: responders of evaluable.
        could_not_reach: evaluable patients whose baseline left no way to reach it; they stay in the rate.
        states: kept / reached / lost / never where the rule has a state, else None.
    """

    rule: Rule
    n: int
    evaluable: int
    not_evaluable: tuple[int, ...]
    improved: int
    unchanged: int
    worsened: int
    responders: int
    rate: Proportion | NotComputed
    could_not_reach: int
    states: StateCounts | None


def classify(
    baseline: IntArray,
    follow_up: IntArray,
    resolution: Decimal,
    *,
    higher_is_better: bool,
    low: Decimal | None,
    high: Decimal | None,
    rule: Rule,
) -> NDArray[np.int8]:
    """Outcome of each pair: 1 improved, 0 unchanged, −1 worsened, −2 not evaluable. Same shape as the arrays.

    A percent rule on a scale that goes below 0 is not offered: all are −2. ValueError when the lengths differ.
    """
    _check(baseline, follow_up)
    scale = Scale(resolution, higher_is_better, low, high)
    if rule.kind == "percent" and scale.goes_below_zero(baseline, follow_up):
        return np.full(baseline.shape, NOT_EVALUABLE, dtype=np.int8)
    return _outcomes(rule, scale, baseline, follow_up)


def count_responders(
    baseline: IntArray,
    follow_up: IntArray,
    resolution: Decimal,
    *,
    higher_is_better: bool,
    low: Decimal | None,
    high: Decimal | None,
    rule: Rule,
    confidence: float = 0.95,
    method: RateMethod = "wilson",
) -> ResponderResult | NotComputed:
    """Count the outcomes of complete pairs, given as whole counts of `resolution`.

    Args:
        baseline: counts before, one per patient.
        follow_up: counts after, the same patients in the same order.
        resolution: the step of the scale, in its unit.
        higher_is_better: direction of the measure.
        low: lower end of the scale in its unit, None when open.
        high: upper end, likewise.
        rule: threshold, percent or state.
        confidence: of the interval of the rate.
        method: "wilson" (R `prop.test(correct = FALSE)`) or "clopper-pearson" (R `binom.test`).

    `NotComputed` only for a percent rule on a scale that goes below 0; without pairs all counts are 0 and the rate is
    `NotComputed`. ValueError when the lengths differ.
    """
    _check(baseline, follow_up)
    scale = Scale(resolution, higher_is_better, low, high)
    if rule.kind == "percent" and scale.goes_below_zero(baseline, follow_up):
        return NotComputed("percent of baseline is not offered on a scale that goes below 0", int(baseline.size))
    outcomes = _outcomes(rule, scale, baseline, follow_up)
    improved, unchanged, worsened = (int(np.count_nonzero(outcomes == x)) for x in (IMPROVED, UNCHANGED, WORSENED))
    judged = improved + unchanged + worsened
    count = int(np.count_nonzero(responds(rule, scale, baseline, follow_up)))
    return ResponderResult(
        rule=rule,
        n=int(baseline.size),
        evaluable=judged,
        not_evaluable=tuple(np.flatnonzero(outcomes == NOT_EVALUABLE).tolist()),
        improved=improved,
        unchanged=unchanged,
        worsened=worsened,
        responders=count,
        rate=rate(count, judged, confidence=confidence, method=method),
        could_not_reach=int(np.count_nonzero(cannot_reach(rule, scale, baseline))),
        states=_states(rule, scale, baseline, follow_up),
    )


def _outcomes(rule: Rule, scale: Scale, baseline: IntArray, follow_up: IntArray) -> NDArray[np.int8]:
    outcomes = np.zeros(baseline.shape, dtype=np.int8)
    if rule.kind == "state":
        assert rule.state is not None
        before, after = scale.in_state(baseline, rule.state), scale.in_state(follow_up, rule.state)
        outcomes[after & ~before] = IMPROVED
        outcomes[before & ~after] = WORSENED
        return outcomes
    outcomes[reaches_change(rule, scale, baseline, -scale.improvement(baseline, follow_up))] = WORSENED
    outcomes[responds(rule, scale, baseline, follow_up)] = IMPROVED
    outcomes[~evaluable(rule, baseline)] = NOT_EVALUABLE
    return outcomes


def _states(rule: Rule, scale: Scale, baseline: IntArray, follow_up: IntArray) -> StateCounts | None:
    if rule.state is None:
        return None
    before, after = scale.in_state(baseline, rule.state), scale.in_state(follow_up, rule.state)
    kept, lost = int(np.count_nonzero(before & after)), int(np.count_nonzero(before & ~after))
    reached = int(np.count_nonzero(after)) - kept
    return StateCounts(kept, reached, lost, int(baseline.size) - kept - lost - reached)


def _check(baseline: IntArray, follow_up: IntArray) -> None:
    if baseline.shape != follow_up.shape:
        raise ValueError(f"{baseline.size} baselines and {follow_up.size} follow-ups; they must be the same patients")
