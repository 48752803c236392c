"""Indirectly standardised shares: what each center's rate would be if its patients had started like everybody's.

Expected responders of a center are the sum of its patients' probabilities under one logistic regression over all
patients (response on covariates, without center); the standardised rate is observed / expected × the pooled rate.

R: `m <- glm(response ~ x, family = binomial)`, `tapply(fitted(m), center, sum)`. Source: Spiegelhalter, Stat Med
2005;24:1185, section 3; Iezzoni, Risk Adjustment, 4th ed. 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats import wald
from lib.stats.results import NotComputed

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
    x, code = wald.finite(covariate, "covariate"), wald.codes(center, "center", centers)
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


def _logistic(y: wald.Floats, x: wald.Floats) -> wald.Floats | None:
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


def _probability(linear: wald.Floats) -> wald.Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(linear, -500, 500))), dtype=np.float64)
