"""Shares between groups: chi-square without Yates' correction, Fisher's exact test for any table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lib.stats.fisher import fisher_p
from lib.stats.results import NotComputed, Test

DRAWS = 100_000
SEED = 20190401


def cross_table(rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.int64]:
    """Count patients by row code and column code (0 …, aligned arrays); a negative code is missing and left out."""
    r, c = np.asarray(rows), np.asarray(columns)
    known = (r >= 0) & (c >= 0)
    cells = np.bincount(r[known] * shape[1] + c[known], minlength=shape[0] * shape[1])
    return cells.astype(np.int64).reshape(shape)


def compare_shares(table: ArrayLike, *, draws: int = DRAWS, seed: int = SEED) -> Test | NotComputed:
    """Do the groups (rows) differ in their answers (columns)? Chi-square, or Fisher if an expected count is below 5.

    `table` holds counts of patients; empty rows and columns are left out first. `NotComputed` when fewer than two
    groups or two answers remain (everybody or nobody).
    """
    counts = _occupied(table)
    absent = _no_test(counts)
    if absent is not None:
        return absent
    if _expected(counts).min() < 5:
        return fisher_exact(counts, draws=draws, seed=seed)
    return chi_square(counts)


def chi_square(table: ArrayLike) -> Test | NotComputed:
    """Pearson's chi-square of a table of counts, never Yates-corrected; R `chisq.test(table, correct = FALSE)`."""
    from scipy.special import chdtrc

    counts = _occupied(table)
    absent = _no_test(counts)
    if absent is not None:
        return absent
    expected = _expected(counts)
    statistic = float((((counts - expected) ** 2) / expected).sum())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    p = float(chdtrc(df, statistic))
    return Test("chi-square test", "chi-square", statistic, (float(df),), p, "no continuity correction", _total(counts))


def fisher_exact(table: ArrayLike, *, draws: int = DRAWS, seed: int = SEED) -> Test | NotComputed:
    """Fisher's exact test, two-sided: all tables with these margins that are at most as likely as this one.

    2 × 2 and r × c exactly, as R `fisher.test`; an r × c table that is too big gets `draws` random tables with its
    margins (NumPy PCG64 from `seed`, p = (1 + as unlikely) / (1 + draws), as R `simulate.p.value`), and the method
    says so. The statistic is the probability of the observed table. `NotComputed` as in `compare_shares`.
    """
    counts = _occupied(table)
    absent = _no_test(counts)
    if absent is not None:
        return absent
    result = fisher_p(counts, draws=draws, seed=seed)
    n = _total(counts)
    return Test("Fisher's exact test", "probability of the table", result.observed, (), result.p, result.method, n)


def _occupied(table: ArrayLike) -> NDArray[np.int64]:
    counts = np.asarray(table)
    if counts.ndim != 2 or (counts.size and (counts < 0).any()):
        raise ValueError("a table of counts has two dimensions and no negative count")
    counts = counts.astype(np.int64)
    return counts[counts.any(axis=1)][:, counts.any(axis=0)]


def _no_test(counts: NDArray[np.int64]) -> NotComputed | None:
    n = _total(counts)
    if counts.shape[0] < 2:
        return NotComputed("fewer than two groups have patients with an answer", n)
    if counts.shape[1] < 2:
        return NotComputed("all patients have the same answer, so there is nothing to test", n)
    return None


def _expected(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    expected: NDArray[np.float64] = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return expected


def _total(counts: NDArray[np.int64]) -> int:
    return int(counts.sum())
