"""Axes that do not move: their range comes from the scale or the whole cohort, never from the selection."""

from __future__ import annotations

import math

from lib.analysis import default_threshold
from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.present.chart_data import Axis


def score_axis(cohort: Cohort, measure: Measure, follow_up: str) -> Axis:
    """The axis of a score: the ends of its scale, or the cohort's smallest and largest value where they are open."""
    low, high = _span(cohort, measure, follow_up)
    if measure.low is not None and measure.high is not None:
        low, high = float(measure.low), float(measure.high)
        return Axis(measure.label, low, high, ticks=_three(low, high))
    step = nice_step(high - low, 4)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return Axis(measure.label, low, high, ticks=_three(low, high))


def improvement_axis(cohort: Cohort, measure: Measure, follow_up: str) -> Axis:
    """The axis of an individual improvement over the whole cohort; worse at the left, better at the right."""
    pairs = cohort.pairs(measure.key, BASELINE, follow_up)
    threshold = default_threshold(measure)
    reach = float(threshold.value) if threshold else 0.0
    values = pairs.improvement
    low = min(float(values.min()) if pairs.n else 0.0, -reach)
    high = max(float(values.max()) if pairs.n else 0.0, reach)
    step = nice_step(high - low, 7)
    ticks = tuple(round(k * step, 10) for k in range(math.floor(low / step), math.ceil(high / step) + 1))
    pad = step * 0.6
    return Axis("improvement", min(low, ticks[0]) - pad, max(high, ticks[-1]) + pad, "worse", "better", ticks)


def nice_step(span: float, parts: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that cuts `span` into at most about `parts` parts."""
    if span <= 0:
        return 1.0
    rough = span / parts
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999))


def _span(cohort: Cohort, measure: Measure, follow_up: str) -> tuple[float, float]:
    ends: list[float] = []
    for occasion in (BASELINE, follow_up):
        if cohort.has_scores(measure.key, occasion):
            counts = cohort.counts(measure.key, occasion)
            known = counts[counts != MISSING]
            if len(known):
                ends += [float(known.min()), float(known.max())]
    scale = float(measure.resolution)
    return (min(ends) * scale, max(ends) * scale) if ends else (0.0, 1.0)


def _three(low: float, high: float) -> tuple[float, ...]:
    """Both ends and a round middle: enough to read a dot by."""
    if low < 0 < high:
        return (0.0, high / 2, high)
    return (low, (low + high) / 2, high)
