"""A random intercept per patient, fitted by REML through one number: the ratio of the two variances.

Model: y = mean of its cell (group × time point) + patient + error. With ρ = patient variance / error variance the
inverse of a patient's covariance matrix is I − wJ, w = ρ/(1 + nρ) for n values (Searle et al. 1992, ch. 3),
so the likelihood and its slope are sums over patients with the same number of values: after one pass over the data each
evaluation costs the same for ten patients and for a million.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats import results
from lib.stats.results import Floats, Ints, NotComputed

# log ρ is searched on this grid: from an intraclass correlation of 0.0000001 to one of 0.9999999.
_LOG_RATIOS = np.linspace(-16.0, 16.0, 65)
_BISECTIONS = 60


@dataclass(frozen=True, slots=True, eq=False)
class InterceptFit:
    """The fitted model.

    Attributes:
        means: (groups · time points,) estimated cell means, group-major, in the unit of y.
        covariance: of these means, (X′V⁻¹X)⁻¹.
        patient_variance: between patients (0 when the estimate lies on that border).
        residual_variance: within patients.
        log_likelihood: restricted, as R's `logLik(lme)`.
        counts: values per cell, (groups, time points).
    """

    means: Floats
    covariance: Floats
    patient_variance: float
    residual_variance: float
    log_likelihood: float
    n_observations: int
    n_patients: int
    counts: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums over the patients who have s = sizes[i] values; residuals are from the raw cell means."""

    sizes: Floats  # (k,)
    patients: Floats  # (k,)
    joint: Floats  # (k, cells, cells): patients with a value in both cells
    totals: Floats  # (k, cells): residual totals of the patients with a value in the cell
    squares: Floats  # (k,): squared residual totals
    counts: Floats  # (cells,)
    residual_squares: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class _Profile:
    """Everything at one ρ; `slope` is the derivative of the deviance to ρ."""

    deviance: float
    slope: float
    shift: Floats
    inverse: Floats
    rss: float


def fit_random_intercept(
    y: npt.ArrayLike, time_point: Ints, patient: Ints, group: Ints, *, time_points: int, groups: int
) -> InterceptFit | NotComputed:
    """REML fit of cell means with a random intercept per patient.

    Args:
        y: the values, one per patient and time point that has one.
        time_point: codes 0..time points−1.
        patient: any integer code of the patient.
        group: codes 0..groups−1, the same at every time point of a patient.
        time_points: number of time points.
        groups: number of groups.

    Returns:
        The fit, or NotComputed with an empty cell, nobody seen twice, no variation, or no convergence.

    Raises:
        ValueError: a patient twice at one time point, or in two groups.

    Source: Searle, Casella & McCulloch 1992; R `nlme::lme(y ~ time_point * group, random = ~ 1 | patient)`.
    """
    values = results.finite(y, "y")
    n = int(values.size)
    labels, row = np.unique(patient, return_inverse=True)
    row = row.reshape(-1)
    place = row * time_points + time_point
    if np.unique(place).size != n:
        raise ValueError("a patient has two values at one time point")
    own_group = np.zeros(labels.size, dtype=np.int64)
    own_group[row] = group
    if (own_group[row] != group).any():
        raise ValueError("a patient is in two groups")
    cell = group * time_points + time_point
    counts = np.bincount(cell, minlength=groups * time_points)
    if n == 0 or (counts == 0).any():
        return NotComputed("a group has no values at one of the time points", n)
    raw_means = np.bincount(cell, weights=values, minlength=counts.size) / counts
    residuals = values - raw_means[cell]
    if results.negligible(float(residuals @ residuals), values):
        return NotComputed("at each time point all values are equal, so there is no variation to model", n)
    sums = _sums(residuals, place, own_group, counts, time_points)
    if float(sums.sizes.max()) < 2:
        return NotComputed("nobody has values at two time points", n)
    ratio = _best_ratio(sums)
    if isinstance(ratio, NotComputed):
        return ratio
    at = _profile(sums, ratio)
    variance = at.rss / (n - counts.size)
    constant = (n - counts.size) * (np.log(2.0 * np.pi) + 1.0 - np.log(n - counts.size))
    return InterceptFit(
        means=raw_means + at.shift,
        covariance=variance * at.inverse,
        patient_variance=ratio * variance,
        residual_variance=variance,
        log_likelihood=float(-(at.deviance + constant) / 2.0),
        n_observations=n,
        n_patients=int(labels.size),
        counts=counts.reshape(groups, time_points).astype(np.int64),
    )


def _sums(residuals: Floats, place: Ints, own_group: Ints, counts: Ints, time_points: int) -> _Sums:
    patients, cells = own_group.size, counts.size
    seen = np.zeros((patients, time_points))
    seen.reshape(-1)[place] = 1.0
    total = np.bincount(place // time_points, weights=residuals, minlength=patients)
    size = seen.sum(axis=1).astype(np.int64)
    sizes = np.unique(size)
    joint, totals = np.zeros((sizes.size, cells, cells)), np.zeros((sizes.size, cells))
    squares = np.zeros(sizes.size)
    for i, s in enumerate(sizes.tolist()):
        for code in range(cells // time_points):
            here = (size == s) & (own_group == code)
            block = slice(code * time_points, (code + 1) * time_points)
            joint[i, block, block] = seen[here].T @ seen[here]
            totals[i, block] = total[here] @ seen[here]
            squares[i] += float(total[here] @ total[here])
    return _Sums(
        sizes=sizes.astype(np.float64),
        patients=np.bincount(size, minlength=int(sizes.max()) + 1)[sizes].astype(np.float64),
        joint=joint,
        totals=totals,
        squares=squares,
        counts=counts.astype(np.float64),
        residual_squares=float(residuals @ residuals),
        n=int(residuals.size),
    )


def _profile(sums: _Sums, ratio: float) -> _Profile:
    """REML deviance at ρ with means and error variance profiled out, up to a constant, and its slope in ρ.

    By the envelope theorem the residual sum changes only through w, whose derivative is 1/(1 + nρ)².
    """
    shrink = 1.0 + sums.sizes * ratio
    w, w_slope = ratio / shrink, 1.0 / shrink**2
    information = np.diag(sums.counts) - np.tensordot(w, sums.joint, axes=1)
    inverse: Floats = np.asarray(np.linalg.inv(information), dtype=np.float64)
    right = -(w @ sums.totals)
    shift: Floats = np.asarray(inverse @ right, dtype=np.float64)
    rss = sums.residual_squares - float(w @ sums.squares) - float(right @ shift)
    own = sums.squares - 2.0 * (sums.totals @ shift) + np.einsum("kij,i,j->k", sums.joint, shift, shift)
    free = sums.n - sums.counts.size
    slope = (
        -free * float(w_slope @ own) / rss
        + float((sums.patients * sums.sizes / shrink).sum())
        - float(np.einsum("ij,ji->", inverse, np.tensordot(w_slope, sums.joint, axes=1)))
    )
    _, log_determinant = np.linalg.slogdet(information)
    deviance = free * np.log(rss) + float(sums.patients @ np.log(shrink)) + float(log_determinant)
    return _Profile(float(deviance), slope, shift, inverse, rss)


def _best_ratio(sums: _Sums) -> float | NotComputed:
    """ρ of the least deviance: every fall-then-rise of the slope on the grid, and ρ = 0, are compared."""
    border = _profile(sums, 0.0)
    candidates = [(border.deviance, 0.0)] if border.slope >= 0.0 else []
    ratios = np.exp(_LOG_RATIOS)
    slopes = [_profile(sums, ratio).slope for ratio in ratios.tolist()]
    if slopes[0] > 0.0 and border.slope < 0.0:
        candidates.append((border.deviance, 0.0))  # between 0 and 1e-7: 0 to every digit that is shown
    for i in range(len(slopes) - 1):
        if slopes[i] <= 0.0 < slopes[i + 1]:
            root = _root(sums, float(_LOG_RATIOS[i]), float(_LOG_RATIOS[i + 1]))
            candidates.append((_profile(sums, root).deviance, root))
    if slopes[-1] <= 0.0 or not candidates:
        return NotComputed("the model did not converge: within patients hardly any variation is left", sums.n)
    return min(candidates)[1]


def _root(sums: _Sums, low: float, high: float) -> float:
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if _profile(sums, float(np.exp(middle))).slope <= 0.0:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2.0))
