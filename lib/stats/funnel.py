"""Funnel plot of a rate over centers: how far chance alone would scatter them (Spiegelhalter 2005)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats import results
from lib.stats.results import NotComputed

MIN_CENTERS = 5
WARNING_LEVEL = 0.95
ALARM_LEVEL = 0.998


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Limits of the share at each n: with no difference between centers, `level` of them lie inside."""

    pooled: float
    level: float
    ns: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Every center around the pooled rate.

    Attributes:
        pooled: all responders / all patients.
        responders: per center, in the order given; `ns` likewise; `rates` their quotient.
        warning: limits at 95% at each center's own n; `alarm` at 99.8%.
        outside_warning: per center: −1 below, 1 above, 0 inside the 95% limits; `outside_alarm` the 99.8% limits.
    """

    pooled: float
    responders: tuple[int, ...]
    ns: tuple[int, ...]
    rates: tuple[float, ...]
    warning: FunnelLimits
    alarm: FunnelLimits
    outside_warning: tuple[int, ...]
    outside_alarm: tuple[int, ...]


def limits(pooled: float, ns: npt.ArrayLike, level: float) -> FunnelLimits | NotComputed:
    """Interpolated exact binomial limits around a pooled rate θ.

    For each tail p = (1 ∓ level)/2: q = `qbinom(p, n, θ)`, limit = (q − (F(q) − p)/(F(q) − F(q−1)))/n, kept inside 0..1
    (the interpolation runs below 0 when nobody improving is itself likelier than p).

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
    low, high = (_limit(tail, sizes, pooled) for tail in ((1.0 - level) / 2.0, (1.0 + level) / 2.0))
    return FunnelLimits(float(pooled), level, tuple(sizes.tolist()), low, high)


def funnel(responders: npt.ArrayLike, ns: npt.ArrayLike) -> Funnel | NotComputed:
    """Centers against 95% and 99.8% limits around their pooled rate.

    Args:
        responders: responders per center.
        ns: patients per center, in the same order.

    Returns:
        The funnel, or NotComputed below 5 centers or when nobody or everybody improved.

    Raises:
        ValueError: lengths differ, a center without patients, or more responders than patients.
    """
    counts, sizes = np.asarray(responders, dtype=np.int64), np.asarray(ns, dtype=np.int64)
    if counts.shape != sizes.shape or counts.ndim != 1:
        raise ValueError("responders and patients per center differ in length")
    total = int(sizes.sum())
    if sizes.size < MIN_CENTERS:
        return NotComputed(f"{sizes.size} centers; at least {MIN_CENTERS} are needed", total)
    if sizes.min() < 1 or counts.min() < 0 or (counts > sizes).any():
        raise ValueError("every center needs at least 1 patient, and responders between 0 and its patients")
    pooled = int(counts.sum()) / total
    warning, alarm = limits(pooled, sizes, WARNING_LEVEL), limits(pooled, sizes, ALARM_LEVEL)
    if isinstance(warning, NotComputed):
        return warning
    if isinstance(alarm, NotComputed):
        return alarm
    rates = tuple((counts / sizes).tolist())
    return Funnel(
        pooled=pooled,
        responders=tuple(counts.tolist()),
        ns=tuple(sizes.tolist()),
        rates=rates,
        warning=warning,
        alarm=alarm,
        outside_warning=_sides(rates, warning),
        outside_alarm=_sides(rates, alarm),
    )


def beyond(responders: npt.ArrayLike, ns: npt.ArrayLike, pooled: float, level: float) -> tuple[int, ...]:
    """Per center −1, 1 or 0: whether so few (so many) responders have a chance of less than (1 − level)/2.

    Exact binomial tails P(X ≤ r) and P(X ≥ r) at the pooled rate. The interpolated limits of `limits` draw the curve,
    but for a handful of patients they lie below 1 even where everybody responding is likely (2 of 2 at a rate of 0.66
    has a chance of 0.44). R: `pbinom(r, n, theta)`, `pbinom(r - 1, n, theta, lower.tail = FALSE)`.

    Raises ValueError for a rate or a level out of range.
    """
    from scipy import stats

    if not (0.0 <= pooled <= 1.0 and 0.0 < level < 1.0):
        raise ValueError(f"a rate of {pooled} at a level of {level} has no tails")
    counts, sizes = np.asarray(responders, dtype=np.int64), np.asarray(ns, dtype=np.int64)
    tail = (1.0 - level) / 2.0
    low = stats.binom.cdf(counts, sizes, pooled) < tail
    high = stats.binom.sf(counts - 1, sizes, pooled) < tail
    return tuple((high.astype(int) - low.astype(int)).tolist())


def _limit(tail: float, sizes: npt.NDArray[np.int64], pooled: float) -> tuple[float, ...]:
    from scipy import stats

    q = stats.binom.ppf(tail, sizes, pooled)
    reached, step = stats.binom.cdf(q, sizes, pooled), stats.binom.pmf(q, sizes, pooled)
    found = (q - (reached - tail) / step) / sizes
    return tuple(np.clip(found, 0.0, 1.0).tolist())


def _sides(rates: tuple[float, ...], around: FunnelLimits) -> tuple[int, ...]:
    return tuple((rate > high) - (rate < low) for rate, low, high in zip(rates, around.low, around.high, strict=True))


# Indirectly standardised shares: what each center's rate would be if its patients had started like everybody's.
#
# Expected responders of a center are the sum of its patients' probabilities under one logistic regression over all
# patients (response on covariates, without center); the standardised rate is observed / expected × the pooled rate.
#
# R: `m <- glm(response ~ x, family = binomial)`, `tapply(fitted(m), center, sum)`. Source: Spiegelhalter, Stat Med
# 2005;24:1185, section 3; Iezzoni, Risk Adjustment, 4th ed. 2013.

_STEPS = 50
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Standardised:
    """Per center, in the order of its codes: observed and expected responders, and the standardised rate (0 …).

    A standardised rate can exceed 1 where a center's patients were expected to respond rarely and did often.
    """

    pooled: float
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    rates: tuple[float, ...]


def standardised_rates(
    responded: npt.ArrayLike, covariate: npt.ArrayLike, center: npt.ArrayLike, *, centers: int
) -> Standardised | NotComputed:
    """Observed, expected and standardised rate of every center.

    Args:
        responded: True for each responder, one per patient.
        covariate: a number per patient, for instance the baseline score.
        center: codes 0..centers−1.
        centers: how many.

    Returns:
        The rates, or NotComputed when nobody or everybody responded, a center is empty, the covariate does not vary or
        separates responders from the others completely.

    Raises:
        ValueError: lengths differ, a value is not finite, a code out of range.
    """
    y = np.asarray(responded, dtype=bool)
    x, code = results.finite(covariate, "covariate"), results.codes(center, "center", centers)
    if not y.size == x.size == code.size:
        raise ValueError(f"response, covariate and center differ in length ({y.size}, {x.size}, {code.size})")
    n = int(y.size)
    if n == 0 or y.all() or not y.any():
        return NotComputed("nobody or everybody responded", n)
    if (np.bincount(code, minlength=centers) == 0).any():
        return NotComputed("a center has no patients", n)
    if x.min() == x.max():
        return NotComputed("the covariate does not vary, so there is nothing to adjust for", n)
    fitted = _logistic(y.astype(np.float64), (x - x.mean()) / x.std())
    if fitted is None:
        return NotComputed("the covariate separates responders from the others, so the model has no finite fit", n)
    observed = np.bincount(code, weights=y, minlength=centers).astype(np.int64)
    expected = np.bincount(code, weights=fitted, minlength=centers)
    pooled = float(y.mean())
    return Standardised(
        pooled,
        tuple(int(k) for k in observed),
        tuple(expected.tolist()),
        tuple((observed / expected * pooled).tolist()),
    )


def _logistic(y: results.Floats, x: results.Floats) -> results.Floats | None:
    """Fitted probabilities of intercept and one slope by Newton's method; None when it runs away (separation)."""
    design = np.column_stack([np.ones_like(x), x])
    beta = np.array([np.log(y.mean() / (1 - y.mean())), 0.0])
    for _ in range(_STEPS):
        p = _probability(design @ beta)
        weights = p * (1 - p)
        information = design.T @ (weights[:, None] * design)
        if np.linalg.cond(information) > 1e12:
            return None
        step = np.linalg.solve(information, design.T @ (y - p))
        beta = beta + step
        if np.abs(beta).max() > 30:
            return None
        if np.abs(step).max() < _CLOSE * max(1.0, float(np.abs(beta).max())):
            return _probability(design @ beta)
    return None


def _probability(linear: results.Floats) -> results.Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(linear, -500, 500))), dtype=np.float64)
