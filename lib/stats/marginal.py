"""Levels of one question before and after: who moved, and did the levels move as a whole (marginal homogeneity)?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lib.stats.results import NotComputed, Test

EXACT_UP_TO = 50


@dataclass(frozen=True, slots=True)
class DimensionMoves:
    """One dimension before and after.

    Attributes:
        n: patients.
        before: patients per level, best level first; `after` likewise.
        table: rows level before, columns level after.
        better: patients whose level went down; `same`, `worse` the others.
        problems_before: patients above the best level; `problems_after` likewise.
    """

    n: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    table: tuple[tuple[int, ...], ...]
    better: int
    same: int
    worse: int
    problems_before: int
    problems_after: int


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


def dimension_moves(before: npt.ArrayLike, after: npt.ArrayLike, *, levels: int = 3) -> DimensionMoves | NotComputed:
    """Levels of one dimension before and after, with who moved.

    Args:
        before: integer levels 1..levels, 1 the best, one per patient with both occasions.
        after: the same patients in the same order.
        levels: worst level.

    Returns:
        The counts, or NotComputed without patients.

    Raises:
        ValueError: lengths differ, or a level is not in 1..levels.
    """
    first, second = _levels(before), _levels(after)
    if first.size != second.size:
        raise ValueError(f"before and after differ in length ({first.size}, {second.size})")
    if first.size == 0:
        return NotComputed("no patient has both occasions", 0)
    if min(first.min(), second.min()) < 1 or max(first.max(), second.max()) > levels:
        raise ValueError(f"levels must lie in 1..{levels}")
    flat = np.bincount((first - 1) * levels + second - 1, minlength=levels * levels)
    table = flat.reshape(levels, levels)
    return DimensionMoves(
        n=int(first.size),
        before=tuple(table.sum(axis=1).tolist()),
        after=tuple(table.sum(axis=0).tolist()),
        table=tuple(tuple(row) for row in table.tolist()),
        better=int((second < first).sum()),
        same=int((second == first).sum()),
        worse=int((second > first).sum()),
        problems_before=int((first > 1).sum()),
        problems_after=int((second > 1).sum()),
    )


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
