"""The ROC curve of an integer score for two classes: area, its variance, the cut with the largest Youden J.

A rule is "score ≥ c" with c an observed score; larger scores belong to the cases. Shares are compared as whole numbers
(multiplied by both class sizes), so ties are ties.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lib.stats.wald import Floats, Ints

# Resamples are drawn in blocks of about this many table cells, which bounds memory whatever the number of scores.
_BLOCK = 4_000_000


def auc_delong(cases: Ints, rest: Ints) -> tuple[float, float | None]:
    """Area under the curve and its DeLong variance (None when a class has one member); both classes not empty.

    R: `pROC::roc(..., direction = "<")`, `var(roc, method = "delong")`.
    """
    ordered_rest, ordered_cases = np.sort(rest), np.sort(cases)
    below = np.searchsorted(ordered_rest, cases, "left") + np.searchsorted(ordered_rest, cases, "right")
    above = np.searchsorted(ordered_cases, rest, "left") + np.searchsorted(ordered_cases, rest, "right")
    area = int(below.sum()) / (2 * cases.size * rest.size)
    if min(cases.size, rest.size) < 2:
        return area, None
    of_cases, of_rest = below / (2.0 * rest.size), 1.0 - above / (2.0 * cases.size)
    variance = np.var(of_cases, ddof=1) / cases.size + np.var(of_rest, ddof=1) / rest.size
    return area, float(variance)


def best_cut(cases: Ints, rest: Ints) -> tuple[list[int], int]:
    """All observed cuts with the largest J, ascending, and the chosen one (smallest |sens − spec|, then smallest)."""
    values, of_cases, of_rest = _histograms(cases, rest)
    j, gap = _rules(of_cases[None, :], of_rest[None, :], cases.size, rest.size)
    tied = values[j[0] == j[0].max()]
    chosen = _choose(j, gap)[0]
    return tied.tolist(), int(values[chosen])


def bootstrap_cuts(cases: Ints, rest: Ints, *, draws: int, seed: int) -> Floats:
    """The chosen cut of each resample, drawn with replacement within cases and within rest.

    A resample is a multinomial draw of the counts per score, which is the same distribution and far fewer numbers.
    """
    values, of_cases, of_rest = _histograms(cases, rest)
    random = np.random.Generator(np.random.PCG64(seed))
    block = max(1, _BLOCK // values.size)
    found: list[npt.NDArray[np.int64]] = []
    for start in range(0, draws, block):
        size = min(block, draws - start)
        drawn_cases = random.multinomial(cases.size, of_cases / cases.size, size=size)
        drawn_rest = random.multinomial(rest.size, of_rest / rest.size, size=size)
        j, gap = _rules(drawn_cases, drawn_rest, cases.size, rest.size)
        # A score that this resample does not contain is no rule of its own.
        j[(drawn_cases + drawn_rest) == 0] = np.iinfo(np.int64).min
        found.append(values[_choose(j, gap)])
    return np.concatenate(found).astype(np.float64)


def _histograms(cases: Ints, rest: Ints) -> tuple[Ints, Ints, Ints]:
    values, place = np.unique(np.concatenate([cases, rest]), return_inverse=True)
    of_cases = np.bincount(place[: cases.size], minlength=values.size)
    of_rest = np.bincount(place[cases.size :], minlength=values.size)
    return values, of_cases.astype(np.int64), of_rest.astype(np.int64)


def _rules(of_cases: Ints, of_rest: Ints, m: int, n: int) -> tuple[Ints, Ints]:
    """For every rule, per row: J and |sens − spec|, both times m·n."""
    hit = np.cumsum(of_cases[:, ::-1], axis=1)[:, ::-1]
    spared = n - np.cumsum(of_rest[:, ::-1], axis=1)[:, ::-1]
    return hit * n + spared * m - m * n, np.abs(hit * n - spared * m)


def _choose(j: Ints, gap: Ints) -> Ints:
    """Column of the chosen rule in each row; argmin takes the first, which is the smallest score."""
    tied = j == j.max(axis=1, keepdims=True)
    return np.asarray(np.argmin(np.where(tied, gap, np.iinfo(np.int64).max), axis=1), dtype=np.int64)
