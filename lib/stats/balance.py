"""Balance between groups: standardised mean differences, always absolute.

Sources: Austin, Stat Med 2009;28:3083; Yang & Dalton, SAS Global Forum 2012, paper 335 (more than two levels); as
R's tableone, except where its generalised inverse would call groups without a common level identical.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lib.stats.integers import FloatArray
from lib.stats.results import NotComputed

_TOLERANCE = 1e-9  # relative size below which an eigenvalue, or a distance outside the range of S, is rounding


def smd_numeric(groups: Sequence[FloatArray]) -> float | NotComputed:
    """|m₁ − m₂| / √((s₁² + s₂²) / 2), SD with n − 1; more than two groups: mean over the pairs. NaN is missing.

    `NotComputed` when fewer than two groups, a group has fewer than 2 values, or a pair has no spread at all.
    """
    arrays = [np.asarray(group, dtype=float) for group in groups]
    present = [array[~np.isnan(array)] for array in arrays]
    n = sum(int(array.size) for array in present)
    if len(present) < 2:
        return NotComputed("fewer than two groups", n)
    if any(array.size < 2 for array in present):
        return NotComputed("a group has fewer than 2 values", n)
    # A constant column has variance 0, not what rounding leaves of it.
    moments = [
        (float(array.mean()), 0.0 if array.min() == array.max() else float(array.var(ddof=1))) for array in present
    ]
    distances = []
    for (mean1, variance1), (mean2, variance2) in combinations(moments, 2):
        if variance1 + variance2 == 0:
            return NotComputed("no spread in two of the groups", n)
        distances.append(abs(mean1 - mean2) / math.sqrt((variance1 + variance2) / 2))
    return math.fsum(distances) / len(distances)


def smd_categorical(counts: ArrayLike) -> float | NotComputed:
    """Counts of patients with a value, one row per group, one column per level; more groups: mean over the pairs.

    Two levels: |p₁ − p₂| / √((p₁q₁ + p₂q₂) / 2). More: √(v′S⁻v), v = difference of shares, S = mean of diag(p) − pp′,
    S⁻ its generalised inverse (levels nobody has do not matter). `NotComputed` when fewer than two groups, a group is
    empty, or the difference has no finite size (a pair has no spread, or none in the direction in which it differs).
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or (table.size and table.min() < 0):
        raise ValueError("a table of counts has two dimensions and no negative count")
    n = int(table.sum())
    if table.shape[0] < 2:
        return NotComputed("fewer than two groups", n)
    if not (table.sum(axis=1) > 0).all():
        return NotComputed("a group has no values", n)
    shares = table / table.sum(axis=1, keepdims=True)
    distances = [_distance(p, q) for p, q in combinations(shares, 2)]
    finite = [distance for distance in distances if distance is not None]
    if len(finite) < len(distances):
        return NotComputed("two of the groups have no level in common, or no spread", n)
    return math.fsum(finite) / len(finite)


def _distance(p: NDArray[np.float64], q: NDArray[np.float64]) -> float | None:
    """√(v′S⁻v); None when S says nothing about the direction of v."""
    v: NDArray[Any] = p - q
    s = ((np.diag(p) - np.outer(p, p)) + (np.diag(q) - np.outer(q, q))) / 2
    values, vectors = np.linalg.eigh(s)
    along = vectors.T @ v
    kept = values > _TOLERANCE
    if not kept.any() or float(np.abs(along[~kept]).max(initial=0.0)) > math.sqrt(_TOLERANCE):
        return None
    return math.sqrt(float((along[kept] ** 2 / values[kept]).sum()))
