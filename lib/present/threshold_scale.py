"""The threshold slider of a measure: its ends and step, and the published values beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lib.cohort.measure import Measure
from lib.measures.thresholds import Threshold

_STEPS = 200


@dataclass(frozen=True, slots=True)
class ThresholdScale:
    """A slider from `low` to `high` in steps of `step`, in units of the measure."""

    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Both ends."""
        return self.low, self.high

    @property
    def whole(self) -> bool:
        """Whether every stop is a whole number."""
        return all(v == v.to_integral_value() for v in (self.low, self.high, self.step))


def published(measure: Measure, kind: str = "absolute") -> tuple[Threshold, ...]:
    """Published thresholds of one kind ("absolute", "percent", "state"), the default first."""
    return tuple(t for t in measure.thresholds if t.kind == kind)


def percent_scale() -> ThresholdScale:
    """5% to 100% of the baseline."""
    return ThresholdScale(Decimal(5), Decimal(100), Decimal(5))


def state_scale(measure: Measure) -> ThresholdScale:
    """The whole scale of the measure, in the steps of its threshold slider. Both ends must be known."""
    step = threshold_scale(measure).step
    low = measure.low if measure.low is not None else Decimal(0)
    high = measure.high if measure.high is not None else Decimal(100)
    if measure.resolution > step:
        step = measure.resolution
    return ThresholdScale((low / step).to_integral_value() * step, (high / step).to_integral_value() * step, step)


def threshold_scale(measure: Measure) -> ThresholdScale:
    """Up to half the span of the scale; one step is the resolution, or what the published values need.

    A whole-number scale with a published 2.7 moves in tenths; an index of four decimals moves in the decimals of its
    published values, because a slider of ten thousand stops cannot be set.
    """
    span = (measure.high - measure.low) if measure.high is not None and measure.low is not None else Decimal(100)
    decimals = [_decimals(t.value) for t in published(measure)]
    own = _decimals(measure.resolution)
    if span * 10**own <= _STEPS:
        decimals.append(own)
    step = Decimal(1).scaleb(-max(decimals, default=own))
    half = (span / 2 / step).to_integral_value() * step
    return ThresholdScale(step, max([half, *(t.value for t in published(measure))]), step)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
