"""Standardised mean changes, named by what they are divided by, with intervals from the noncentral t."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from lib.stats.paired_tests import no_inference, t_statistic
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.scores import FloatArray, Histogram

NAMES = ("d_z", "d_av", "Glass", "g_z")
Absences = tuple[tuple[str, NotComputed], ...]


def standardised_changes(
    baseline: Histogram, follow_up: Histogram, change: Histogram, confidence: float
) -> tuple[tuple[Estimate, ...], Absences]:
    """Effect sizes of a mean change, and name and reason of those that do not exist; unit-free, sign of the change.

    d_z = mean / SD of change (the standardised response mean); d_av = mean / √((SD₀² + SD₁²)/2) (Cumming 2012);
    Glass = mean / SD of baseline (the "effect size" of the outcome literature); g_z = J·d_z (Hedges).
    Limits: noncentral t for d_z (Cumming & Finch 2001; R `effectsize::cohens_d(paired = TRUE)` gives 6 digits), times
    J for g_z, times SD of change / divisor for d_av and Glass (Algina & Keselman 2003).
    None below 3 pairs or when all differences are equal; no Glass when all baseline values are equal.
    """
    absent = no_inference(change)
    if absent:
        return (), tuple((name, absent) for name in NAMES)
    n = change.n
    t = t_statistic(change)
    low, high = (limit / math.sqrt(n) for limit in noncentrality_limits(t, n - 1, confidence))

    def rescaled(name: str, factor: float, method: str) -> Estimate:
        interval = Interval(low * factor, high * factor, confidence, method)
        return Estimate(name, t / math.sqrt(n) * factor, interval)

    by_both = math.sqrt(2 * change.variance / (baseline.variance + follow_up.variance))
    effects = [rescaled("d_z", 1.0, "noncentral t"), rescaled("d_av", by_both, "noncentral t, rescaled")]
    absences: Absences = ()
    if baseline.is_constant:
        absences = (("Glass", NotComputed("all baseline values are equal", n)),)
    else:
        by_baseline = math.sqrt(change.variance / baseline.variance)
        effects.append(rescaled("Glass", by_baseline, "noncentral t, rescaled"))
    effects.append(rescaled("g_z", small_sample_factor(n - 1), "noncentral t, small-sample factor"))
    return tuple(effects), absences


def small_sample_factor(df: int) -> float:
    """Hedges' J = Γ(m/2) / (√(m/2)·Γ((m − 1)/2)) for m = df ≥ 2; rises to 1."""
    if df <= 200:
        return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
    # Γ(x + ½)/Γ(x) = √x·(1 − 1/(8x) + …) (Tricomi & Erdélyi 1951): the difference of two large lgamma loses digits.
    x = (df - 1) / 2
    series = 1 - 1 / (8 * x) + 1 / (128 * x**2) + 5 / (1024 * x**3) - 21 / (32768 * x**4)
    return math.sqrt(x / (df / 2)) * series


# Confidence limits of the noncentrality of Student's t, for any t and any degrees of freedom.
#
# Own code: `scipy.special.nctdtrinc` stops 1e-6 short and gives δ = 1,000,000 for t = 1e13, `scipy.stats.nct.cdf` does
# not return for t = 1e9 with 2 degrees of freedom, and R's `pt` is approximate beyond |δ| = 37.62. So the distribution
# function is integrated here; within SciPy's range both agree to 1e-8. T = (Z + δ)/S with S = √(χ²/ν), and both forms
# of the integral are smooth:     P(T ≤ t) = E Φ(t·S − δ)                                  over S, when t·SD(S) < 1,
#     P(T ≤ t) = Φ(−δ) + ∫ φ(z)·P(χ² ≥ ν((z + δ)/t)²) dz, z > −δ  over Z, otherwise.

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
    """Gauss–Legendre nodes and weights on 0 to 1; numpy's `leggauss` gives the same to 1e-14, in 50 to 500 ms for 5."""
    from scipy.special import roots_legendre

    nodes, weights = roots_legendre(_NODES)
    return (nodes + 1) / 2, weights / 2
