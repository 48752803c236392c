"""A yes/no outcome before and after (opioid use): who stopped, who started, and how the share changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray
from scipy import special, stats
from statsmodels.stats.contingency_tables import mcnemar

from lib.stats.contingency import fisher_exact
from lib.stats.proportions import Proportion, paired_difference, rate
from lib.stats.results import Estimate, NotComputed, Test


@dataclass(frozen=True, slots=True)
class YesNoResult:
    """The 2×2 table of patients with an answer at both time points, and what follows from it.

    Attributes:
        n: patients with both answers; both + stopped + started + neither.
        before, after: share with "yes" at each time point, Wilson interval.
        difference: share after − share before, Newcombe's interval for paired data.
        exact: exact McNemar test; mid_p: its mid-p form (less conservative). Always shown together.
        fisher_association: Fisher's test that before and after go together. It does not test change; the paper
            prints it as if it did, and one sentence on the sample explains that.
    """

    n: int
    both: int
    stopped: int
    started: int
    neither: int
    before: Proportion
    after: Proportion
    difference: Estimate
    exact: Test | NotComputed
    mid_p: Test | NotComputed
    fisher_association: Test | NotComputed


def compare_yes_no(before: NDArray[Any], after: NDArray[Any], *, confidence: float = 0.95) -> YesNoResult | NotComputed:
    """Compare two boolean arrays of the same patients, in the same order (only patients with both answers).

    `NotComputed` when empty; ValueError when the lengths differ.
    """
    first, second = np.asarray(before, dtype=bool), np.asarray(after, dtype=bool)
    if first.shape != second.shape:
        raise ValueError(f"{first.size} answers before and {second.size} after; they must be the same patients")
    both = int(np.count_nonzero(first & second))
    yes_before, yes_after = int(np.count_nonzero(first)), int(np.count_nonzero(second))
    neither = first.size - yes_before - yes_after + both
    return from_counts(both, yes_before - both, yes_after - both, neither, confidence=confidence)


def from_counts(
    both: int, stopped: int, started: int, neither: int, *, confidence: float = 0.95
) -> YesNoResult | NotComputed:
    """The same from the four counts of patients; the formulas are in STATISTICS terms a, b, c, d.

    Sources: McNemar 1947; Fagerland, BMC Med Res Methodol 2013;13:91 (mid-p); Newcombe, Stat Med 1998;17:2635.
    R: `binom.test(min(b, c), b + c)`, `fisher.test(matrix(c(a, c, b, d), 2))`.
    """
    n = both + stopped + started + neither
    difference = paired_difference(both, stopped, started, neither, confidence=confidence)
    before = rate(both + stopped, n, confidence=confidence)
    after = rate(both + started, n, confidence=confidence)
    if isinstance(difference, NotComputed) or isinstance(before, NotComputed) or isinstance(after, NotComputed):
        return NotComputed("nobody has an answer at both time points", 0)
    return YesNoResult(
        n=n,
        both=both,
        stopped=stopped,
        started=started,
        neither=neither,
        before=before,
        after=after,
        difference=difference,
        exact=mcnemar_exact(stopped, started),
        mid_p=mcnemar_mid_p(stopped, started),
        fisher_association=fisher_exact(((both, stopped), (started, neither))),
    )


def mcnemar_exact(stopped: int, started: int) -> Test | NotComputed:
    """Exact McNemar test of the patients whose answer changed: `statsmodels` `mcnemar(exact=True)`.

    R `binom.test(stopped, stopped + started)`; p = min(1, 2·P(X ≤ min)), X ~ Bin(stopped + started, ½). `NotComputed`
    when nobody changed.
    """
    changed = stopped + started
    if changed == 0:
        return _nobody_changed()
    p = float(mcnemar(((0, stopped), (started, 0)), exact=True).pvalue)
    return Test("McNemar test", "stopped", float(stopped), (), p, "exact binomial", changed)


def mcnemar_mid_p(stopped: int, started: int) -> Test | NotComputed:
    """Mid-p McNemar test: exact − P(X = stopped); for as many stopped as started 1 − ½·P(X = stopped).

    Neither SciPy nor statsmodels has it. Source: Fagerland 2013. `NotComputed` when nobody changed.
    """
    changed = stopped + started
    if changed == 0:
        return _nobody_changed()
    k = min(stopped, started)
    at_most, fewer = (float(stats.binom.cdf(x, changed, 0.5)) for x in (k, k - 1))
    # 2·P(X ≤ k) − P(X = k) = P(X ≤ k) + P(X ≤ k − 1): no small difference of large numbers.
    p = 1 - (at_most - fewer) / 2 if stopped == started else at_most + fewer
    return Test("McNemar test, mid-p", "stopped", float(stopped), (), p, "exact binomial, mid-p", changed)


def _nobody_changed() -> NotComputed:
    return NotComputed("nobody's answer changed, so there is nothing to test", 0)


# Levels of one question before and after: who moved, and did the levels move as a whole (marginal homogeneity)?

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
        before: integer levels, one per patient with both time points.
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
        return NotComputed("no patient has both time points", 0)
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
        before: integer levels 1..levels, 1 the best, one per patient with both time points.
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
        return NotComputed("no patient has both time points", 0)
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
