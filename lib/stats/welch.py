"""Difference of two independent means without assuming equal spread (Welch 1947); R `t.test(second, first)`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats import wald
from lib.stats.results import Estimate, NotComputed, Test


@dataclass(frozen=True, slots=True)
class WelchResult:
    """Mean of `second` minus mean of `first`, in the unit of the values, with both means and SDs (ddof 1)."""

    difference: Estimate
    standard_error: float
    test: Test
    n_first: int
    n_second: int
    mean_first: float
    mean_second: float
    sd_first: float
    sd_second: float


def welch_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, confidence: float = 0.95
) -> WelchResult | NotComputed:
    """Welch's t test and interval of mean(second) − mean(first).

    Args:
        first: values of the first group, for instance its changes.
        second: values of the second group.
        confidence: level of the interval.

    Returns:
        The difference, or NotComputed when a group has fewer than 2 values or neither group varies.

    Raises:
        ValueError: a value is not finite, or confidence is not inside 0..1.
    """
    wald.check_confidence(confidence)
    a, b = wald.finite(first, "first"), wald.finite(second, "second")
    n = int(a.size + b.size)
    if min(a.size, b.size) < 2:
        return NotComputed(f"groups of {a.size} and {b.size}; at least 2 in each are needed", n)
    variances = [float(np.var(v, ddof=1)) for v in (a, b)]
    sums = [v * (x.size - 1) for v, x in zip(variances, (a, b), strict=True)]
    variances = [0.0 if wald.negligible(s, x) else v for s, x, v in zip(sums, (a, b), variances, strict=True)]
    if max(variances) == 0.0:
        return NotComputed("all values within each group are equal, so no test is possible", n)
    parts = [v / x.size for v, x in zip(variances, (a, b), strict=True)]
    error = float(np.sqrt(sum(parts)))
    # Shares of the larger part instead of raw squares: no underflow on tiny units.
    shares = [part / sum(parts) for part in parts]
    df = 1.0 / sum(share**2 / (x.size - 1) for share, x in zip(shares, (a, b), strict=True))
    value = float(b.mean() - a.mean())
    return WelchResult(
        difference=wald.t_estimate("difference of means", value, error, df, confidence, "Welch"),
        standard_error=error,
        test=wald.t_test("Welch t test", value, error, df, n, "unequal variances, Satterthwaite df"),
        n_first=int(a.size),
        n_second=int(b.size),
        mean_first=float(a.mean()),
        mean_second=float(b.mean()),
        sd_first=float(np.sqrt(variances[0])),
        sd_second=float(np.sqrt(variances[1])),
    )
