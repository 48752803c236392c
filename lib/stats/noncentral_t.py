"""Confidence limits of the noncentrality of Student's t, for any t and any degrees of freedom.

SciPy's noncentral t is NaN far out and R's `pt` approximate beyond |δ| = 37.62, so the distribution function is
integrated here. T = (Z + δ)/S with S = √(χ²/ν), and both forms of the integral are smooth:
    P(T ≤ t) = E Φ(t·S − δ)                                  over S, when t·SD(S) < 1,
    P(T ≤ t) = Φ(−δ) + ∫ φ(z)·P(χ² ≥ ν((z + δ)/t)²) dz, z > −δ  over Z, otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from lib.stats.integers import FloatArray

_NODES = 256
_FAR = 9.5  # φ beyond is below 1e-20
_NEGLIGIBLE = 1e-20
_DOUBLINGS = 60  # only a level closer to 1 than floats can tell apart needs them all


def noncentrality_limits(t: float, df: float, confidence: float) -> tuple[float, float]:
    """δ with P(T ≤ t; df, δ) = 1 − α/2 and = α/2 (Cumming & Finch 2001), lower limit first.

    Solved for |t| and mirrored, bracketing outward from δ = |t|. Agrees with R's
    `uniroot(function(d) pt(t, df, d) - p, …)` where R's `pt` is exact.
    """
    tail = (1 - confidence) / 2
    below = _distribution(abs(t), df)
    # SD of T about δ: the natural step for the search.
    step = math.sqrt(1 + t * t / (2 * df))
    low = _solve(below, 1 - tail, abs(t), -step)
    high = _solve(below, tail, abs(t), step)
    return (low, high) if t >= 0 else (-high, -low)


def _solve(below: Callable[[float], float], share: float, start: float, step: float) -> float:
    """δ with below(δ) = share; `below` falls with δ, and the solution lies from `start` in the direction of `step`."""
    near, far = start, start + step
    # Skewed distributions may have the solution on the other side of the start for very low confidence.
    if (below(start) - share) * step < 0:
        step = -step
        far = start + step
    for _ in range(_DOUBLINGS):
        if (below(far) - share) * step <= 0:
            break
        step *= 2
        near, far = far, far + step
    low, high = min(near, far), max(near, far)
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        if below(middle) > share:
            low = middle
        else:
            high = middle


def _distribution(t: float, df: float) -> Callable[[float], float]:
    """P(T ≤ t; df, δ) as a function of δ, t ≥ 0."""
    return _over_spread(t, df) if t * t < 2 * df else _over_normal(t, df)


def _over_spread(t: float, df: float) -> Callable[[float], float]:
    from scipy.special import gammainccinv, gammaincinv, ndtr

    low = math.sqrt(2 / df * float(gammaincinv(df / 2, _NEGLIGIBLE)))
    high = math.sqrt(2 / df * float(gammainccinv(df / 2, _NEGLIGIBLE)))
    nodes, weights = _quadrature()
    s = low + (high - low) * nodes
    # log density up to a constant, written around s = 1 so that large df do not cancel.
    excess = s - 1
    log_density = df * (np.log1p(excess) - excess - excess**2 / 2) - np.log(s)
    mass = weights * np.exp(log_density - log_density.max())
    mass /= mass.sum()
    return lambda delta: float(mass @ ndtr(t * s - delta))


def _over_normal(t: float, df: float) -> Callable[[float], float]:
    from scipy.special import chdtrc, ndtr

    nodes, weights = _quadrature()

    def below(delta: float) -> float:
        low = max(-delta, -_FAR)
        width = max(_FAR - low, 0.0)
        z = low + width * nodes
        density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        inner = width * float(weights @ (density * chdtrc(df, df * ((z + delta) / t) ** 2)))
        return float(ndtr(-delta)) + inner

    return below


@cache
def _quadrature() -> tuple[FloatArray, FloatArray]:
    """Gauss–Legendre nodes and weights on 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1) / 2, weights / 2
