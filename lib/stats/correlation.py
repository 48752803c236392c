"""How two scores go together: Pearson and Spearman correlation, and a smooth with its band for the scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from lib.settings import FEWEST_TO_DESCRIBE, FEWEST_TO_SMOOTH
from lib.stats import results
from lib.stats.results import Estimate, Floats, Interval, NotComputed, Test

# Above this many points the smooth is fitted to the means of equal-count bins of x, weighted by their counts.
MAX_POINTS = 500
MIN_DISTINCT = 5
_GRID = 81


@dataclass(frozen=True, slots=True)
class CorrelationResult:
    """A correlation coefficient with interval and test over n pairs; the test is absent when the points are in line."""

    n: int
    estimate: Estimate
    test: Test | NotComputed


@dataclass(frozen=True, slots=True)
class Smooth:
    """A local straight-line smooth with a pointwise band.

    Attributes:
        n: pairs; `points` what the fit used (fewer than n when x was binned).
        x: grid from the smallest to the largest x; `fit`, `low`, `high` on it, in the unit of y.
        span: share of the points in each local fit.
        residual_sd: of one pair around the curve; `df` of the t quantile of the band.
        confidence: of each point of the band, not of the band as a whole.
    """

    n: int
    points: int
    x: tuple[float, ...]
    fit: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    span: float
    residual_sd: float
    df: float
    confidence: float


def pearson(x: npt.ArrayLike, y: npt.ArrayLike, confidence: float = 0.95) -> CorrelationResult | NotComputed:
    """Pearson's r with Fisher's interval.

    Args:
        x: one value per patient.
        y: the other, in the same order.
        confidence: level of the interval (needs 4 pairs).

    Returns:
        The correlation, or NotComputed with fewer than 3 pairs or when x or y does not vary.

    Raises:
        ValueError: lengths differ, a value is not finite, confidence not inside 0..1.

    Source: `scipy.stats.pearsonr`; R `cor.test(x, y)`.
    """
    a, b = _pair(x, y, confidence)
    n = int(a.size)
    absent = _no_spread(a, b)
    if absent is not None:
        return absent
    r = float(stats.pearsonr(a, b).statistic)
    return _correlation("Pearson r", r, n, 1.0 / np.sqrt(max(n - 3, 1)), confidence, "Fisher z")


def spearman(x: npt.ArrayLike, y: npt.ArrayLike, confidence: float = 0.95) -> CorrelationResult | NotComputed:
    """Spearman's rho on mid-ranks, with the t approximation and the interval of Bonett & Wright.

    Arguments, returns and errors as in `pearson`.

    Source: `scipy.stats.spearmanr`; R: rho and p `cor.test(x, y, method = "spearman", exact = FALSE)`; interval
    tanh(atanh ρ ± z·√((1 + ρ²/2)/(n − 3))) (Bonett & Wright, Psychometrika 2000;65:23–28).
    """
    a, b = _pair(x, y, confidence)
    n = int(a.size)
    absent = _no_spread(a, b)
    if absent is not None:
        return absent
    rho = float(stats.spearmanr(a, b).statistic)
    error = float(np.sqrt((1.0 + rho * rho / 2.0) / max(n - 3, 1)))
    return _correlation("Spearman rho", rho, n, error, confidence, "Bonett–Wright")


def smooth(x: npt.ArrayLike, y: npt.ArrayLike, *, span: float = 0.75, confidence: float = 0.95) -> Smooth | NotComputed:
    """Local linear regression with tricube weights (lowess family) and a pointwise t band.

    Args:
        x: one value per patient.
        y: the other, in the same order.
        span: share of the points in each local fit, 0 < span ≤ 1.
        confidence: of each point of the band.

    Returns:
        The curve on a grid, or NotComputed with fewer than 10 pairs, fewer than 5 distinct x, or no scatter.

    Raises:
        ValueError: lengths differ, a value is not finite, span or confidence out of range.

    Own code: `statsmodels` `lowess` fits the curve and has no band. Source: Cleveland & Devlin 1988; up to 500 points R
    `predict(loess(y ~ x, span = 0.75, degree = 1, control = loess.control(surface = "direct", statistics = "exact")),
    se = TRUE)`. Where ties leave a neighbourhood with fewer than four distinct x, it is widened to the fourth (R's fit
    can be singular there).
    """
    a, b = _pair(x, y, confidence)
    if not 0.0 < span <= 1.0:
        raise ValueError(f"span must lie in 0..1, not {span}")
    n = int(a.size)
    if n < FEWEST_TO_SMOOTH:
        return NotComputed(f"{n} pairs; a smooth needs at least {FEWEST_TO_SMOOTH}", n)
    if np.unique(a).size < MIN_DISTINCT:
        return NotComputed(f"fewer than {MIN_DISTINCT} different values; a smooth would follow single patients", n)
    points, means, weights = _binned(a, b) if n > MAX_POINTS else (a, b, np.ones(n))
    grid = np.linspace(float(a.min()), float(a.max()), _GRID)
    operator = _operator(points, weights, points, span)
    residuals = means - operator @ means
    rss = float(weights @ residuals**2)
    if results.negligible(rss, b):
        return NotComputed("the points lie exactly on a line, so there is no scatter for a band", n)
    # Standardised to equal variance, the residual operator is W^½ (I − L) W^−½.
    rest = np.sqrt(weights)[:, None] * (np.eye(points.size) - operator) / np.sqrt(weights)[None, :]
    squared = rest @ rest.T
    one, two = float(np.trace(squared)), float(np.sum(squared * squared))
    sigma = float(np.sqrt(rss / one))
    at = _operator(points, weights, grid, span)
    fit = at @ means
    half = results.t_quantile(confidence, one**2 / two) * sigma * np.sqrt((at**2 / weights[None, :]).sum(axis=1))
    return Smooth(
        n=n,
        points=int(points.size),
        x=tuple(grid.tolist()),
        fit=tuple(fit.tolist()),
        low=tuple((fit - half).tolist()),
        high=tuple((fit + half).tolist()),
        span=span,
        residual_sd=sigma,
        df=one**2 / two,
        confidence=confidence,
    )


def _pair(x: npt.ArrayLike, y: npt.ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    results.check_confidence(confidence)
    a, b = results.finite(x, "x"), results.finite(y, "y")
    if a.size != b.size:
        raise ValueError(f"x and y differ in length ({a.size}, {b.size})")
    return a, b


def _no_spread(a: Floats, b: Floats) -> NotComputed | None:
    n = int(a.size)
    if n < FEWEST_TO_DESCRIBE:
        return NotComputed(f"{n} {'pair' if n == 1 else 'pairs'}; at least 3 are needed", n)
    for values in (a, b):
        if results.negligible(float(np.sum((values - values.mean()) ** 2)), values):
            return NotComputed("one of the two does not vary", n)
    return None


def _correlation(name: str, r: float, n: int, error: float, confidence: float, method: str) -> CorrelationResult:
    if 1.0 - abs(r) < 1e-14:
        absent = NotComputed("the two rise and fall in perfect step, so neither interval nor test exists", n)
        return CorrelationResult(n, Estimate(name, float(np.sign(r)), absent), absent)
    t = r * float(np.sqrt((n - 2) / ((1.0 - r) * (1.0 + r))))
    test = results.t_test(f"{name} = 0", t, 1.0, n - 2, n, "t approximation")
    if n < 4:
        return CorrelationResult(n, Estimate(name, r, NotComputed("an interval needs at least 4 pairs", n)), test)
    half = float(special.ndtri((1.0 + confidence) / 2.0)) * error
    low, high = float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))
    return CorrelationResult(n, Estimate(name, r, Interval(low, high, confidence, method)), test)


def _binned(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean x, mean y and count of at most MAX_POINTS bins of about equal count; equal x stay together."""
    _, place, counts = np.unique(x, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2.0
    bins = np.minimum((middle * MAX_POINTS / x.size).astype(np.int64), MAX_POINTS - 1)[place.reshape(-1)]
    _, bins = np.unique(bins, return_inverse=True)
    weights = np.bincount(bins.reshape(-1)).astype(np.float64)
    return np.bincount(bins, weights=x) / weights, np.bincount(bins, weights=y) / weights, weights


def _operator(points: Floats, weights: Floats, at: Floats, span: float) -> Floats:
    """Rows l(x) with fit(x) = l(x)·y: weighted straight lines around each x of `at`."""
    gap = points[None, :] - at[:, None]
    distance = np.abs(gap)
    nearest = max(2, int(np.floor(points.size * span + 1e-5)))
    reach = np.partition(distance, nearest - 1, axis=1)[:, nearest - 1]
    reach = np.maximum(reach, _fourth_distinct(points, at))
    kernel = weights * np.clip(1.0 - (distance / reach[:, None]) ** 3, 0.0, None) ** 3
    total = kernel.sum(axis=1, keepdims=True)
    center = (kernel * gap).sum(axis=1, keepdims=True) / total
    lever = gap - center
    spread = (kernel * lever**2).sum(axis=1, keepdims=True)
    return np.asarray(kernel / total - kernel * lever * center / spread, dtype=np.float64)


def _fourth_distinct(points: Floats, at: Floats) -> Floats:
    """Distance to the fourth nearest different value of x.

    A point at the reach itself weighs nothing and at most two values share a distance, so with the fourth as reach at
    least two different values keep a weight, which a line needs.
    """
    values = np.unique(points)
    return np.asarray(np.partition(np.abs(values[None, :] - at[:, None]), 3, axis=1)[:, 3], dtype=np.float64)
