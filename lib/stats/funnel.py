"""The drawn limits of a rate: how far chance alone would scatter centers (Spiegelhalter 2005).

They draw a curve and judge nobody: at a rate of 0.95 the interpolated line puts 60% of centers of 10 patients outside.
Who is outside is decided by exact tails (`lib.stats.centers.center_rates`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats.results import NotComputed


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Limits of the share at each n; None where a center of that size cannot lie outside on that side."""

    pooled: float
    level: float
    ns: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


def limits(pooled: float, ns: npt.ArrayLike, level: float) -> FunnelLimits | NotComputed:
    """Interpolated exact binomial limits around a pooled rate θ.

    For each tail p = (1 ∓ level)/2: q = `qbinom(p, n, θ)`, limit = (q − (F(q) − p)/(F(q) − F(q−1)))/n, kept inside
    0..1. No lower limit where nobody improving is itself likelier than the tail, no upper one where everybody is.

    Args:
        pooled: the pooled share θ, 0..1.
        ns: patients per center, each at least 1; a range of them draws the curve.
        level: 0.95 or 0.998.

    Returns:
        Both limits per n, or NotComputed where θ is 0 or 1 or there is no n.

    Raises:
        ValueError: θ, a level or an n out of range.

    Source: Spiegelhalter, Stat Med 2005;24:1185–1202, section A.1.1; R `qbinom`, `pbinom`.
    """
    if not 0.0 <= pooled <= 1.0:
        raise ValueError(f"the pooled rate must lie in 0..1, not {pooled}")
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    sizes = np.asarray(ns, dtype=np.int64).reshape(-1)
    total = int(sizes.sum())
    if sizes.size == 0:
        return NotComputed("there are no centers", 0)
    if sizes.min() < 1:
        raise ValueError("every center needs at least 1 patient")
    if pooled in (0.0, 1.0):
        return NotComputed("nobody or everybody improved, so there is no scatter to expect", total)
    tail = (1.0 - level) / 2.0
    low = _limit(tail, sizes, pooled, (1.0 - pooled) ** sizes > tail)
    high = _limit(1.0 - tail, sizes, pooled, pooled**sizes > tail)
    return FunnelLimits(float(pooled), level, tuple(sizes.tolist()), low, high)


def _limit(
    tail: float, sizes: npt.NDArray[np.int64], pooled: float, none: npt.NDArray[np.bool_]
) -> tuple[float | None, ...]:
    from scipy import stats

    q = stats.binom.ppf(tail, sizes, pooled)
    reached, step = stats.binom.cdf(q, sizes, pooled), stats.binom.pmf(q, sizes, pooled)
    found = np.clip((q - (reached - tail) / step) / sizes, 0.0, 1.0)
    return tuple(None if gone else value for value, gone in zip(found.tolist(), none.tolist(), strict=True))
