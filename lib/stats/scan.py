"""The run of consecutive periods whose rate is lowest against the rest: a scan that describes and does not test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lib.stats.results import NotComputed


@dataclass(frozen=True, slots=True)
class Run:
    """Periods `first` to `last` (places, both inside): counts in them, and in all the others."""

    first: int
    last: int
    count: int
    n: int
    count_elsewhere: int
    n_elsewhere: int


def lowest_run(counts: Sequence[int], sizes: Sequence[int], *, fewest: int = 1) -> Run | NotComputed:
    """The run with the largest Bernoulli likelihood ratio among those with a lower rate than the other periods.

    Args:
        counts: patients counted in each period, in order; sizes: patients at risk in each.
        fewest: a run needs at least so many at risk, inside and outside.

    The first of equal ones is taken. Time grows with the square of the number of periods. `NotComputed` when no run
    has a lower rate; ValueError when a count is not between 0 and its size, or the lengths differ. No p value: the
    run was found by looking (Kulldorff 1997 would simulate one).
    Source: Kulldorff, Commun Stat Theory Methods 1997;26:1481, Bernoulli model in one dimension.
    """
    if len(counts) != len(sizes):
        raise ValueError(f"{len(counts)} counts for {len(sizes)} periods")
    if any(not 0 <= k <= n for k, n in zip(counts, sizes, strict=True)):
        raise ValueError("a count is not between 0 and its size")
    total, everyone = sum(counts), sum(sizes)
    best: Run | None = None
    best_likelihood = -math.inf
    for first in range(len(sizes)):
        k = n = 0
        for last in range(first, len(sizes)):
            k, n = k + counts[last], n + sizes[last]
            rest, others = total - k, everyone - n
            if n < fewest or others < fewest or k * others >= rest * n:
                continue
            # an empty period at an end adds nothing: the shorter run, met first or later, says the same
            if not sizes[first] or not sizes[last]:
                continue
            likelihood = _log_likelihood(k, n) + _log_likelihood(rest, others)
            if likelihood > best_likelihood + 1e-12:
                best, best_likelihood = Run(first, last, k, n, rest, others), likelihood
    return best or NotComputed("no run of periods has a lower rate than the others", everyone)


def _log_likelihood(k: int, n: int) -> float:
    """k·ln(k/n) + (n − k)·ln(1 − k/n), 0 where a term is empty."""
    inside = k * math.log(k / n) if k else 0.0
    return inside + ((n - k) * math.log((n - k) / n) if n > k else 0.0)
