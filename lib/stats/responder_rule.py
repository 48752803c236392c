"""What counts as a responder: the rule, and how it is decided on whole counts of the instrument's resolution.

Nothing here compares floats: thresholds are decimals, turned into the smallest whole count that reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lib.stats.scores import IntArray, threshold_counts

RuleKind = Literal["absolute", "percent", "state", "change and state", "reliable"]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a patient is a responder; hashable, equal decimals are equal rules (2.0 and 2).

    Attributes:
        kind: "absolute": improvement ≥ threshold; "percent": 100·improvement ≥ threshold·baseline; "state": the
            follow-up lies in the state; "change and state": both, improvement ≥ threshold and follow-up in the state;
            "reliable": improvement beyond measurement error, the threshold being the first step of the scale past it.
        threshold: in units of the scale, or percent for "percent"; above 0. None for "state".
        state: the bound of the state, itself inside (VAS pain ≤ 3). None for "absolute" and "percent".
        reliability: the coefficient that "reliable" rests on; there is no default. None for the other kinds.
        source: who states that coefficient, and of which kind it is; "" for the other kinds.
    """

    kind: RuleKind
    threshold: Decimal | None = None
    state: Decimal | None = None
    reliability: Decimal | None = field(default=None, metadata={"later": True})
    source: str = field(default="", metadata={"later": True})

    def __post_init__(self) -> None:
        """Refuse a rule that lacks a number it needs, or has one it does not use. Raises ValueError."""
        if (self.threshold is None) != (self.kind == "state"):
            raise ValueError(f"a rule of kind {self.kind!r} with threshold {self.threshold}")
        if (self.state is None) == (self.kind in ("state", "change and state")):
            raise ValueError(f"a rule of kind {self.kind!r} with state {self.state}")
        if self.threshold is not None and not (self.threshold.is_finite() and self.threshold > 0):
            raise ValueError(f"a threshold must be above 0, not {self.threshold}")
        if self.state is not None and not self.state.is_finite():
            raise ValueError(f"the bound of a state must be a number, not {self.state}")
        if (self.reliability is None) == (self.kind == "reliable"):
            raise ValueError(f"a rule of kind {self.kind!r} with reliability {self.reliability}")
        if self.reliability is not None and not (0 <= self.reliability <= 1 and self.source):
            raise ValueError(f"a reliability lies in 0..1 and has a source, not {self.reliability} of {self.source!r}")


Z_975 = 1.959963984540054
"""The 97.5% quantile of the normal distribution: reliable change keeps it whatever level is shown."""


def reliable_change(baseline_sd: float, resolution: Decimal, reliability: Decimal, source: str) -> Rule:
    """Improved by more than z₀.₉₇₅·√2·SEM, SEM = SD·√(1 − r) (Jacobson & Truax 1991): the first step beyond it.

    Scores are whole counts of the resolution, so "more than 5.83" and "at least 6" are the same patients; worsened is
    its mirror. Raises ValueError for a reliability outside 0..1.
    """
    limit = Z_975 * 2**0.5 * baseline_sd * float(1 - reliability) ** 0.5
    steps = int(Fraction(limit) / Fraction(resolution)) + 1
    return Rule("reliable", threshold=steps * resolution, reliability=reliability, source=source)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale in whole counts of `resolution`; an end that is None is open."""

    resolution: Decimal
    higher_is_better: bool
    low: Decimal | None
    high: Decimal | None

    @property
    def lowest(self) -> int | None:
        """The lowest legal count."""
        return None if self.low is None else threshold_counts(self.low, self.resolution)

    @property
    def highest(self) -> int | None:
        """The highest legal count."""
        return None if self.high is None else -threshold_counts(-self.high, self.resolution)

    @property
    def best(self) -> int | None:
        """The best legal count."""
        return self.highest if self.higher_is_better else self.lowest

    @property
    def worst(self) -> int | None:
        """The worst legal count."""
        return self.lowest if self.higher_is_better else self.highest

    def improvement(self, baseline: IntArray, follow_up: IntArray) -> IntArray:
        """Change in counts, positive is better."""
        return follow_up - baseline if self.higher_is_better else baseline - follow_up

    def in_state(self, counts: IntArray, bound: Decimal) -> BoolArray:
        """Whether each count lies at the bound or on its better side."""
        if self.higher_is_better:
            return np.asarray(counts >= threshold_counts(bound, self.resolution))
        return np.asarray(counts <= -threshold_counts(-bound, self.resolution))

    def goes_below_zero(self, *counts: IntArray) -> bool:
        """Whether percent of baseline makes no sense: a legal or an observed score below 0."""
        return (self.low is not None and self.low < 0) or any(array.size and int(array.min()) < 0 for array in counts)


def reaches_change(rule: Rule, scale: Scale, baseline: IntArray, improvement: IntArray) -> BoolArray:
    """Whether each improvement (in counts) is at least the threshold of the rule; a percent rule uses the baseline.

    For percent, baselines must be above 0 where the answer matters. Integer arithmetic throughout.
    """
    assert rule.threshold is not None
    if rule.kind != "percent":
        return np.asarray(improvement >= threshold_counts(rule.threshold, scale.resolution))
    share = Fraction(rule.threshold) / 100
    factor = max(share.numerator, share.denominator)
    largest = max((int(np.abs(array).max()) for array in (baseline, improvement) if array.size), default=0)
    if factor * largest >= 2**63:  # a percentage with very many decimals: Python's integers, slowly but exactly
        left: NDArray[Any] = improvement.astype(object) * share.denominator
        return np.asarray(left >= baseline.astype(object) * share.numerator, dtype=bool)
    return np.asarray(improvement * share.denominator >= baseline * share.numerator)


def evaluable(rule: Rule, baseline: IntArray) -> BoolArray:
    """Whether the rule can judge each patient: a percent rule needs a baseline above 0."""
    return np.asarray(baseline > 0) if rule.kind == "percent" else np.ones(baseline.shape, dtype=bool)


def responds(rule: Rule, scale: Scale, baseline: IntArray, follow_up: IntArray) -> BoolArray:
    """Whether each patient is a responder; False where the rule cannot judge."""
    inside = np.ones(baseline.shape, dtype=bool)
    if rule.state is not None:
        inside = scale.in_state(follow_up, rule.state)
    if rule.kind == "state":
        return inside
    change = reaches_change(rule, scale, baseline, scale.improvement(baseline, follow_up))
    return np.asarray(evaluable(rule, baseline) & inside & change)


def cannot_reach(rule: Rule, scale: Scale, baseline: IntArray) -> BoolArray:
    """Whether the baseline leaves no way to reach the threshold: too little room, or already in the state.

    "Change and state" asks for room only: who starts in the state can still improve by the threshold within it.
    Patients whom the rule cannot judge are False.
    """
    if rule.kind == "state":
        assert rule.state is not None
        return scale.in_state(baseline, rule.state)
    if scale.best is None:
        return np.zeros(baseline.shape, dtype=bool)
    room = scale.improvement(baseline, np.full_like(baseline, scale.best))
    return np.asarray(evaluable(rule, baseline) & ~reaches_change(rule, scale, baseline, room))
