"""From an estimate, its standard error and degrees of freedom to an interval and a test (Student's t, Fisher's F).

Every linear model of this room ends here, so that they all use one p value and one interval.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from lib.stats.results import Estimate, Interval, Test

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless 0 < confidence < 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")


def finite(values: npt.ArrayLike, name: str) -> Floats:
    """`values` as a one-dimensional float array; ValueError when it is not that, or holds NaN or infinity."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {array.ndim}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers only")
    return array


def codes(values: npt.ArrayLike, name: str, count: int) -> Ints:
    """`values` as integer codes 0..count−1; ValueError for anything else."""
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be a one-dimensional array of integer codes")
    if array.min() < 0 or array.max() >= count:
        raise ValueError(f"{name} codes must lie in 0..{count - 1}")
    return array.astype(np.int64)


def t_quantile(confidence: float, df: float) -> float:
    """The two-sided quantile: R `qt((1 + confidence) / 2, df)`."""
    return float(special.stdtrit(df, (1.0 + confidence) / 2.0))


def t_estimate(name: str, value: float, error: float, df: float, confidence: float, method: str) -> Estimate:
    """value ± t·error, in the unit of `value`."""
    half = t_quantile(confidence, df) * error
    return Estimate(name, float(value), Interval(float(value - half), float(value + half), confidence, method))


def t_test(name: str, value: float, error: float, df: float, n: int, method: str) -> Test:
    """Two-sided t test of value = 0; R `2 * pt(-abs(t), df)`. `error` must be positive."""
    t = float(value / error)
    return Test(name, "t", t, (float(df),), float(2.0 * special.stdtr(df, -abs(t))), method, n)


def f_test(name: str, f: float, numerator: int, denominator: float, n: int, method: str) -> Test:
    """Upper tail of F; R `pf(f, numerator, denominator, lower.tail = FALSE)`."""
    p = float(special.fdtrc(numerator, denominator, f))
    return Test(name, "F", float(f), (float(numerator), float(denominator)), p, method, n)


def negligible(sum_of_squares: float, *scales: Floats) -> bool:
    """Whether a sum of squares is nothing but rounding of the arrays it was made from.

    A constant such as 0.1 leaves 1e-34, not 0, after its mean is taken off; a test on that would be of rounding errors.
    """
    largest = max((float(np.abs(scale).max(initial=0.0)) for scale in scales), default=0.0)
    n = max((scale.size for scale in scales), default=0)
    return bool(sum_of_squares <= n * (32.0 * np.finfo(np.float64).eps * largest) ** 2)
