"""Standardised mean changes, named by what they are divided by, with intervals from the noncentral t."""

from __future__ import annotations

import math

from lib.stats.histogram import Histogram
from lib.stats.noncentral_t import noncentrality_limits
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.t_test import no_inference, t_statistic

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
