"""The cumulative responder curve: for every threshold, the share that improved by at least so much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from lib.stats.histogram import Histogram
from lib.stats.integers import FloatArray, IntArray, threshold_counts
from lib.stats.proportions import Proportion, RateMethod, rate, wilson_limits
from lib.stats.results import NotComputed


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
