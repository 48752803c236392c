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


def published(measure: Measure) -> tuple[Threshold, ...]:
    """Published absolute thresholds, the default first."""
    return tuple(t for t in measure.thresholds if t.kind == "absolute")


def threshold_scale(measure: Measure) -> ThresholdScale:
    """Up to half the span of the scale; one step is the resolution, or finer where a published value needs it."""
    span = (measure.high - measure.low) if measure.high is not None and measure.low is not None else Decimal(100)
    wanted = [measure.resolution, *(t.value for t in published(measure))]
    step = _finest(wanted, span)
    high = (span / 2 / step).to_integral_value() * step
    largest = max((t.value for t in published(measure)), default=Decimal(0))
    return ThresholdScale(step, max(high, largest), step)


def _finest(values: list[Decimal], span: Decimal) -> Decimal:
    """The largest power of ten that divides every value, but not finer than a few hundred steps need."""
    finest = min(
        v.normalize().as_tuple().exponent for v in values if isinstance(v.normalize().as_tuple().exponent, int)
    )
    step = Decimal(1).scaleb(min(int(finest), 0))
    published = min((int(v.normalize().as_tuple().exponent) for v in values[1:]), default=0)
    needed = Decimal(1).scaleb(min(published, 0))
    return needed if span / step > _STEPS else step
