"""Inverse probability weighting: those who answered stand for those who did not but are like them.

A logistic model of "answered" gives each patient a probability p̂; those who answered count 1/p̂ times. The standard
error is the stacked sandwich (the weights are estimated, which the plain one forgets) times √(n_a/(n_a − k)); Student's
t with n_a − k degrees of freedom, since the normal quantile covers 90–91% at 57 patients with half of them answered.
Source: Robins, Rotnitzky & Zhao, JASA 1994;89:846; Lunceford & Davidian, Stat Med 2004;23:2937 (stacked equations).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from lib.stats import results
from lib.stats.case_mix import Covariate, logistic, matrix
from lib.stats.results import Estimate, Floats, Interval, NotComputed

FEWEST_ANSWERED = 10
WEIGHTED, WEIGHTED_RATE = "inverse probability weights, sandwich", "inverse probability weights, sandwich, logit"


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted mean or share.

    Attributes:
        estimate: with its interval; `standard_error` on the scale of the estimate, `df` of Student's t.
        n: patients in the model of who answered; `answered` of them answered.
        effective_n: (Σw)²/Σw², as many equally weighted patients would know as much.
        largest_weight: 1/p̂ of the one who counts most.
        parameters: of the logistic model, the intercept too.
        left_out: covariates that say nothing here (constant, or known from the others).
    """

    estimate: Estimate
    standard_error: float
    df: float
    n: int
    answered: int
    effective_n: float
    largest_weight: float
    parameters: int
    left_out: tuple[str, ...]


def weighted(
    y: Floats,
    answered: np.ndarray[tuple[int], np.dtype[np.bool_]],
    covariates: Sequence[Covariate],
    *,
    share: bool = False,
    confidence: float = 0.95,
) -> Weighted | NotComputed:
    """The weighted mean of `y`; with `share` (y 0 and 1) its interval is made on the logit and stays inside 0 to 1.

    Args:
        y: one value per patient; what stands at those who did not answer is not used.
        answered: who answered.
        covariates: finite numbers or codes, aligned with y.
        share: whether y is 0 and 1.
        confidence: level of the interval.

    Returns:
        NotComputed with fewer than 10 answers, nobody missing, or covariates that separate the two.

    R: `glm(answered ~ …, family = binomial)`, `weighted.mean`, the sandwich by hand (tests/golden/missing).
    """
    results.check_confidence(confidence)
    n, n_a = int(answered.size), int(np.count_nonzero(answered))
    if n_a < FEWEST_ANSWERED:
        return NotComputed(f"{n_a} answered; weighting needs at least {FEWEST_ANSWERED}", n_a)
    if n_a == n:
        return NotComputed("nobody is missing", n)
    model = logistic(answered.astype(np.float64), covariates)
    if isinstance(model, NotComputed):
        reason = "a covariate tells exactly who answered, so no weights can be made"
        return NotComputed(reason, n)
    k = model.parameters
    if n_a <= k:
        return NotComputed(f"{n_a} answered; a model of {k} parameters needs more", n_a)
    p = model.values
    w = np.where(answered, 1.0 / p, 0.0)
    value = float(w[answered] @ y[answered] / w.sum())
    residual = np.zeros(n)
    residual[answered] = y[answered] - value
    x = matrix(n, [c for c in covariates if c.name not in model.left_out])
    information = x.T @ ((p * (1.0 - p))[:, None] * x)
    drift = x.T @ (w * (1.0 - p) * residual)
    influence = w * residual - (x @ np.linalg.solve(information, drift)) * (answered - p)
    error = float(np.sqrt(influence @ influence)) / float(w.sum()) * float(np.sqrt(n_a / (n_a - k)))
    df = float(n_a - k)
    if share:
        estimate = Estimate("weighted share", value, _logit_interval(value, error, df, confidence, n_a))
    else:
        estimate = results.t_estimate("weighted mean", value, error, df, confidence, WEIGHTED)
    most = float(w.max())
    effective = float(w.sum() ** 2 / (w @ w))
    return Weighted(estimate, error, df, n, n_a, effective, most, k, model.left_out)


def _logit_interval(value: float, error: float, df: float, confidence: float, n: int) -> Interval | NotComputed:
    if not 0.0 < value < 1.0:
        return NotComputed("nobody or everybody of those who answered improved", n)
    half = results.t_quantile(confidence, df) * error / (value * (1.0 - value))
    low, high = (float(special.expit(special.logit(value) + side * half)) for side in (-1, 1))
    return Interval(low, high, confidence, WEIGHTED_RATE)
