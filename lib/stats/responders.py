"""Responders: who improved by at least a threshold, and how many.

Scores come as whole counts of the instrument's resolution (7.2 on a 0.1-step scale is 72), see `lib.stats.scores`.
The cumulative curve is in `responder_curve`, worst and best case for missing patients in `responder_bounds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lib.stats.proportions import Proportion, RateMethod, rate, wilson_limits
from lib.stats.responder_rule import BoolArray, Rule, RuleKind, Scale, cannot_reach, evaluable, reaches_change, responds
from lib.stats.results import NotComputed
from lib.stats.scores import FloatArray, Histogram, IntArray, threshold_counts

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

    maintained: int
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


def classify(rule: Rule, scale: Scale, baseline: IntArray, follow_up: IntArray) -> NDArray[np.int8]:
    """Outcome of each pair: 1 improved, 0 unchanged, −1 worsened, −2 not evaluable. Same shape as the arrays.

    A percent rule on a scale that goes below 0 is not offered: all are −2. ValueError when the lengths differ.
    """
    _check(baseline, follow_up)
    if rule.kind == "percent" and scale.goes_below_zero(baseline, follow_up):
        return np.full(baseline.shape, NOT_EVALUABLE, dtype=np.int8)
    return _outcomes(rule, scale, baseline, follow_up)


def count_responders(
    rule: Rule,
    scale: Scale,
    baseline: IntArray,
    follow_up: IntArray,
    *,
    confidence: float = 0.95,
    method: RateMethod = "wilson",
) -> ResponderResult | NotComputed:
    """Count the outcomes of complete pairs, given as whole counts of the scale.

    Args:
        rule: threshold, percent or state.
        scale: resolution, direction and ends of the measure.
        baseline: counts before, one per patient.
        follow_up: counts after, the same patients in the same order.
        confidence: of the interval of the rate.
        method: "wilson" (R `prop.test(correct = FALSE)`) or "clopper-pearson" (R `binom.test`).

    `NotComputed` only for a percent rule on a scale that goes below 0; without pairs all counts are 0 and the rate is
    `NotComputed`. ValueError when the lengths differ.
    """
    _check(baseline, follow_up)
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
    maintained, lost = int(np.count_nonzero(before & after)), int(np.count_nonzero(before & ~after))
    reached = int(np.count_nonzero(after)) - maintained
    return StateCounts(maintained, reached, lost, int(baseline.size) - maintained - lost - reached)


def _check(baseline: IntArray, follow_up: IntArray) -> None:
    if baseline.shape != follow_up.shape:
        raise ValueError(f"{baseline.size} baselines and {follow_up.size} follow-ups; they must be the same patients")


# Worst and best case of a responder rate over all patients, those with a missing score included.


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
    rule: Rule,
    scale: Scale,
    responders: int,
    complete_pairs: int,
    *,
    baseline_only: IntArray,
    follow_up_only: IntArray,
    neither: int,
    confidence: float = 0.95,
    method: RateMethod = "wilson",
) -> ResponderBounds | NotComputed:
    """Worst and best case.

    Args:
        rule, scale, confidence, method: as in `count_responders`.
        responders: from `count_responders`.
        complete_pairs: its n (patients the rule could not judge stay, as not improved, in both cases).
        baseline_only: counts before of patients without a follow-up.
        follow_up_only: counts after of patients without a baseline.
        neither: patients with neither.

    `NotComputed` without patients and for a percent rule on a scale that goes below 0. ValueError when there are more
    responders than pairs.
    """
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


# The cumulative responder curve: for every threshold, the share that improved by at least so much.


@dataclass(frozen=True, slots=True, eq=False)
class ResponderCurve:
    """A step function with one entry per distinct improvement, ascending; arrays are read-only.

    Between two entries the share is that of the next larger improvement; above the last it is 0.

    Attributes:
        n: patients.
        resolution, confidence: the step improvements were counted in; the level of the limits.
        counts: distinct improvements in counts of the resolution.
        x: the same in units of the scale, positive is better.
        at_least: patients with an improvement ≥ x.
        share: at_least / n.
        low, high: Wilson limits at each x. They are pointwise, not a band for the whole curve.
    """

    n: int
    resolution: Decimal
    confidence: float
    counts: IntArray
    x: FloatArray
    at_least: IntArray
    share: FloatArray
    low: FloatArray
    high: FloatArray

    def count_at(self, x: Decimal) -> int:
        """Patients with an improvement of at least x units, decided in whole counts."""
        place = int(np.searchsorted(self.counts, threshold_counts(x, self.resolution)))
        return int(self.at_least[place]) if place < self.counts.size else 0

    def share_at(self, x: Decimal) -> float:
        """Share with an improvement of at least x units: the responder rate at that absolute threshold."""
        return self.count_at(x) / self.n

    def rate_at(self, x: Decimal, *, method: RateMethod = "wilson") -> Proportion:
        """The same with count and interval, equal to `count_responders` with an absolute rule at x."""
        result = rate(self.count_at(x), self.n, confidence=self.confidence, method=method)
        assert isinstance(result, Proportion)  # a curve has at least one patient
        return result


def curve(improvement: IntArray, resolution: Decimal, *, confidence: float = 0.95) -> ResponderCurve | NotComputed:
    """The curve of improvements given as whole counts of `resolution`, positive is better; O(n log n) at most.

    `NotComputed` without patients. The limits agree with R `prop.test(correct = FALSE)` at each x.
    """
    if improvement.size == 0:
        return NotComputed("no complete pairs", 0)
    histogram = Histogram.of(improvement)
    at_least = histogram.n - histogram.cumulative + histogram.counts
    low, high = wilson_limits(at_least, histogram.n, confidence)
    step = Fraction(resolution)  # one rounding: 20 steps of 0.1 are the float 2.0
    x = histogram.values * step.numerator / step.denominator
    arrays = (histogram.values, x, at_least, at_least / histogram.n, low, high)
    for array in arrays:
        array.setflags(write=False)
    return ResponderCurve(histogram.n, resolution, confidence, *arrays)
