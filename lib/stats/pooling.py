"""From m completed cohorts to one estimate (Rubin's rules), and what it takes to turn it: the tipping point.

Means: Rubin's variance, Barnard & Rubin's degrees of freedom from n − 1. Rates: the Wilson interval for imputed data.
A shift δ is taken off the improvement of everybody without an answer, and not cut at the ends of the scale.
Sources: Rubin 1987; Barnard & Rubin, Biometrika 1999;86:948; Lott & Reiter, Am Stat 2020;74:109 (Wilson); Cro et al.,
Stat Med 2020;39:2815 (controlled imputation, δ).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.stats import results
from lib.stats.results import Estimate, Floats, Interval, NotComputed

RUBIN, MI_WILSON = "multiple imputation, Rubin, Barnard–Rubin", "multiple imputation, Wilson"
_BISECTIONS = 80


@dataclass(frozen=True, slots=True)
class Pooled:
    """One estimate over all imputations.

    Attributes:
        estimate: mean or share; `standard_error` √T, `df` of Barnard & Rubin.
        missing_information: share of the information that is missing (`mice` "fmi").
        monte_carlo_error: √(B/m), of the estimate.
        imputations: m.
    """

    estimate: Estimate
    standard_error: float
    df: float
    missing_information: float
    monte_carlo_error: float
    imputations: int

    @property
    def settled(self) -> bool:
        """Whether the Monte-Carlo error is at most a tenth of the standard error."""
        return self.monte_carlo_error <= self.standard_error / 10.0


@dataclass(frozen=True, slots=True)
class Tip:
    """How much less the missing must have improved until the answer changes.

    Attributes:
        value: the limit or rate that counts as a change; `delta` the smallest shift that reaches it.
        already: it does so without any shift (δ = 0).
        within_scale: False where even the worst legal score for everybody missing is a smaller shift.
    """

    value: float
    delta: float
    already: bool
    within_scale: bool


def pool(values: Floats, variances: Floats, n: int, *, parameters: int = 1, confidence: float = 0.95) -> Pooled:
    """Rubin's rules over m ≥ 2 estimates and their squared standard errors; complete-data df n − parameters.

    R: `mice::pool.scalar(values, variances, n, k = parameters)`.
    """
    value, total, df, information, error = _rubin(values, float(variances.mean()), n - parameters)
    spread = float(np.sqrt(total))
    estimate = results.t_estimate("mean improvement", value, spread, df, confidence, RUBIN)
    return Pooled(estimate, spread, df, information, error, int(values.size))


def pool_share(shares: Floats, n: int, confidence: float = 0.95) -> Pooled:
    """Rubin's rules over m ≥ 2 shares of n patients each, with the Wilson interval of Lott & Reiter."""
    q = float(shares.mean())
    within = q * (1.0 - q) / n
    value, total, df, information, error = _rubin(shares, within, n - 1)
    t = results.t_quantile(confidence, df)
    ratio = total / within - 1.0 if within > 0.0 else 0.0
    c = t * t * (1.0 + ratio) / n
    half = float(np.sqrt((2.0 * q + c) ** 2 - 4.0 * q * q * (1.0 + c)))
    low, high = ((2.0 * q + c + side * half) / (2.0 * (1.0 + c)) for side in (-1.0, 1.0))
    interval = Interval(max(0.0, low), min(1.0, high), confidence, MI_WILSON)
    estimate = Estimate("share improved", value, interval)
    return Pooled(estimate, float(np.sqrt(total)), df, information, error, int(shares.size))


def _rubin(values: Floats, within: float, complete: float) -> tuple[float, float, float, float, float]:
    """Mean, total variance, df, missing information, Monte-Carlo error."""
    m = int(values.size)
    between = float(np.var(values, ddof=1))
    total = within + (1.0 + 1.0 / m) * between
    seen = (complete + 1.0) / (complete + 3.0) * complete
    if between <= 0.0 or total <= 0.0:
        return float(values.mean()), total, seen, 0.0, 0.0
    share = (1.0 + 1.0 / m) * between / total
    old, observed = (m - 1.0) / share**2, seen * (1.0 - share)
    df = old * observed / (old + observed)
    ratio = share / (1.0 - share) if share < 1.0 else float("inf")
    information = (ratio + 2.0 / (df + 3.0)) / (ratio + 1.0) if np.isfinite(ratio) else 1.0
    return float(values.mean()), total, float(df), float(information), float(np.sqrt(between / m))


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Improvements in m completed cohorts, as far as a shift of the missing needs them; each array has m entries.

    Attributes:
        n: patients; `missing` of them without an answer.
        mean, squares: of all: the mean, the sum of squares about it; `cross` Σ over the missing of value − mean.
        worst: mean improvement over all were every missing answer the worst legal one; None on an open scale.
    """

    n: int
    missing: int
    mean: Floats
    squares: Floats
    cross: Floats
    worst: Floats | None

    @classmethod
    def of(cls, improvement: Floats, missing: Floats, worst: Floats | None) -> Means:
        """From (m, n) improvements and who of the n has no answer (0 and 1)."""
        mean = improvement.mean(axis=1)
        apart = improvement - mean[:, None]
        cross = apart @ missing
        return cls(improvement.shape[1], int(missing.sum()), mean, np.einsum("ij,ij->i", apart, apart), cross, worst)

    def pooled(self, delta: float = 0.0, confidence: float = 0.95) -> Pooled:
        """Everybody, with δ taken off the improvement of the missing."""
        share = self.missing / self.n
        squares = self.squares - 2.0 * delta * self.cross + delta**2 * self.n * share * (1.0 - share)
        variances = squares / (self.n - 1.0) / self.n
        return pool(self.mean - delta * share, variances, self.n, confidence=confidence)

    @property
    def of_missing(self) -> float:
        """Mean improvement imputed for the missing."""
        return float((self.mean + self.cross / max(self.missing, 1)).mean())

    @property
    def furthest(self) -> float | None:
        """The shift that equals the worst legal score for everybody missing, on average; None on an open scale."""
        if self.worst is None:
            return None
        return float((self.mean - self.worst).mean()) * self.n / max(self.missing, 1)

    def tip(self, value: float, confidence: float = 0.95) -> Tip | NotComputed:
        """Smallest δ ≥ 0 at which the lower limit of the mean improvement reaches `value`, by bisection."""

        def low(delta: float) -> float:
            ends = self.pooled(delta, confidence).estimate.interval
            assert isinstance(ends, Interval)
            return ends.low

        if self.missing == 0:
            return NotComputed("everybody has an answer", self.n)
        if low(0.0) <= value:
            return Tip(value, 0.0, True, True)
        below, above = 0.0, max(1.0, abs(float(self.mean.mean()) - value)) * self.n / self.missing
        while low(above) > value:
            below, above = above, 2.0 * above
        for _ in range(_BISECTIONS):
            middle = (below + above) / 2.0
            below, above = (below, middle) if low(middle) <= value else (middle, above)
        return Tip(value, above, False, self.furthest is None or above <= self.furthest)


def tip_of_share(
    share: Callable[[int], float], value: float, most: int, unit: float, furthest: float | None, n: int
) -> Tip | NotComputed:
    """Smallest shift in whole steps of the scale at which the pooled share falls below `value`.

    `share(steps)` never rises with the steps; `most` steps are as many as can still change it. NotComputed when even
    they leave the share at or above the value.
    """
    if share(0) < value:
        return Tip(value, 0.0, True, True)
    if share(most) >= value:
        return NotComputed("those who answered alone keep the share at or above this value", n)
    below, above = 0, most
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if share(middle) < value else (middle, above)
    delta = above * unit
    return Tip(value, delta, False, furthest is None or delta <= furthest + 1e-9)
