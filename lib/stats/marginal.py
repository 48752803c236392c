"""Ordered marginal homogeneity: did the levels of one question move as a whole between two occasions?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from lib.stats.results import NotComputed, Test

EXACT_UP_TO = 50


def marginal_homogeneity(before: npt.ArrayLike, after: npt.ArrayLike) -> Test | NotComputed:
    """The scores test of equal margins, d = level after − level before (Agresti 2002, section 10.3; as SPSS).

    z = Σd / √Σd², negative when the levels went down (in EQ-5D: got better). With at most 50 patients who changed, p is
    exact: every one of the 2^m sign patterns of the observed |d| is equally likely when the margins are equal.

    Args:
        before: integer levels, one per patient with both occasions.
        after: integer levels in the same order.

    Returns:
        The test over all patients given, or NotComputed when nobody changed.

    Raises:
        ValueError: lengths differ, or levels are not whole numbers.

    Source: z and its p are `coin::mh_test(table, scores = list(response = 1:3))` (its z squared); the exact p is
    `exactRankTests::perm.test(after, before, paired = TRUE, exact = TRUE)`.
    """
    first, second = _levels(before), _levels(after)
    if first.shape != second.shape:
        raise ValueError(f"before and after differ in length ({first.size}, {second.size})")
    n = int(first.size)
    if n == 0:
        return NotComputed("no patient has both occasions", 0)
    change = second - first
    moved = np.abs(change[change != 0])
    if moved.size == 0:
        return NotComputed(f"nobody changed ({n} {'patient' if n == 1 else 'patients'})", n)
    total = int(change.sum())
    z = total / float(np.sqrt(float((moved * moved).sum())))
    name = "marginal homogeneity test, ordered"
    if moved.size <= EXACT_UP_TO:
        return Test(name, "z", z, (), _exact_p(moved, abs(total)), f"exact over {moved.size} random signs", n)
    return Test(name, "z", z, (), float(2.0 * special.ndtr(-abs(z))), "normal approximation", n)


def _levels(values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError("levels must be a one-dimensional array of whole numbers")
    return array.astype(np.int64)


def _exact_p(moved: npt.NDArray[np.int64], observed: int) -> float:
    """P(|S| ≥ observed), S = Σ ±moved with fair signs, counted in whole numbers.

    Sums have the parity of Σmoved, so the upsum u (the moves counted as plus) is enough: S = 2u − Σmoved.
    """
    largest = int(moved.sum())
    ways: dict[int, int] = {0: 1}
    for step in moved.tolist():
        grown = dict(ways)
        for upsum, count in ways.items():
            grown[upsum + step] = grown.get(upsum + step, 0) + count
        ways = grown
    extreme = sum(count for upsum, count in ways.items() if abs(2 * upsum - largest) >= observed)
    return float(extreme / 2 ** int(moved.size))
