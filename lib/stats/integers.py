"""Scores as whole counts of their resolution, so that zeros, ties and thresholds are decided without float noise.

In floats 12 of the 81 pairs of 0.1-step scores that differ by exactly 2.0 fail `>= 2.0`. Everything in `lib.stats` that
compares scores therefore works on counts (7.2 on a 0.1-step scale is 72) and is scaled back once, at the end.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_DECIMALS = 6
# Below this a double still has at least three spare bits, so rounding to the nearest count cannot be wrong by noise.
LARGEST_COUNT = 2**50
# Distance from a whole count, in counts, that is taken for float noise and not for a finer scale.
NOISE = 1e-6


def resolution_of(values: FloatArray) -> Decimal:
    """The step of a column without a declared resolution: 10^−k, k = most decimals in the column, at most 6.

    Missing values (NaN) are passed over; a column of whole numbers, or without any value, gives 1. Noise below half of
    the sixth decimal is not counted as decimals: 0.1 + 0.2 has one.

    Raises:
        ValueError: a value is infinite or too large for exact counts (10^15 and above).
    """
    present = np.asarray(values, dtype=np.float64)
    present = present[~np.isnan(present)]
    if present.size == 0:
        return Decimal(1)
    largest = float(np.abs(present).max())
    if not largest < LARGEST_COUNT:
        raise ValueError(f"cannot count in whole steps: the column reaches {largest:g}")
    decimals = MOST_DECIMALS
    while decimals and largest * 10**decimals >= LARGEST_COUNT:
        decimals -= 1
    counts = np.rint(present * 10**decimals).astype(np.int64)
    while decimals and not (counts % 10).any():
        counts //= 10
        decimals -= 1
    return Decimal(1).scaleb(-decimals)


def off_step(values: FloatArray, resolution: Decimal) -> NDArray[np.bool_]:
    """True where a value is not a whole number of steps (7.25 on a 0.1-step scale); False for NaN.

    For checking a column before `to_counts`, which refuses such values. At a resolution of 10⁻⁶ or finer nothing is off
    step: there the rule is to round, since no more than six decimals are kept.
    """
    steps = _in_steps(np.asarray(values, dtype=np.float64), resolution)
    if resolution <= Decimal(1).scaleb(-MOST_DECIMALS):
        return np.zeros(steps.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        allowed = np.maximum(NOISE, 8 * np.finfo(np.float64).eps * np.abs(steps))
        return np.asarray(np.abs(steps - np.rint(steps)) > allowed, dtype=np.bool_)


def to_counts(values: FloatArray, resolution: Decimal) -> IntArray:
    """Scores as whole counts of the resolution: 7.2 at 0.1 is 72. Same shape; float noise is absorbed.

    Raises:
        ValueError: a value is missing or infinite, is too large for exact counts, or is not a whole number of steps
            (see `off_step`): rounding it would change a score silently.
    """
    scores = np.asarray(values, dtype=np.float64)
    if not np.isfinite(scores).all():
        raise ValueError(f"{int((~np.isfinite(scores)).sum())} missing or infinite values cannot be counted in steps")
    steps = _in_steps(scores, resolution)
    if scores.size and float(np.abs(steps).max()) >= LARGEST_COUNT:
        raise ValueError(f"values too large to be counted in steps of {resolution}")
    off = off_step(scores, resolution)
    if off.any():
        raise ValueError(f"{int(off.sum())} values are not a whole number of steps of {resolution}")
    return np.rint(steps).astype(np.int64)


def threshold_counts(threshold: Decimal, resolution: Decimal) -> int:
    """The smallest whole count that reaches a threshold: 2.7 on a whole-number scale is 3, 2.0 at 0.1 is 20.

    Exact decimal arithmetic. Raises ValueError when the resolution is not positive or the threshold not finite.
    """
    check_resolution(resolution)
    if not threshold.is_finite():
        raise ValueError(f"a threshold must be a number, not {threshold}")
    ratio = Fraction(threshold) / Fraction(resolution)
    return -(-ratio.numerator // ratio.denominator)


def scaled(counts: Fraction | int, resolution: Decimal) -> float:
    """A (fractional) number of counts in score units, rounded once, to the nearest float."""
    return float(Fraction(counts) * Fraction(resolution))


def _in_steps(scores: FloatArray, resolution: Decimal) -> FloatArray:
    """Scores divided by the resolution; × 10 is kinder to decimals in binary than ÷ 0.1."""
    check_resolution(resolution)
    step = Fraction(resolution)
    return scores * float(step.denominator) / float(step.numerator)


def check_resolution(resolution: Decimal) -> None:
    """Raise ValueError unless the resolution is a positive number."""
    if not (resolution.is_finite() and resolution > 0):
        raise ValueError(f"a resolution must be positive, not {resolution}")
