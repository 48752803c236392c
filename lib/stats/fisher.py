"""Fisher's exact test for 2 × 2 and r × c tables: the computation behind `contingency.fisher_exact`.

p is the probability, margins fixed, of all tables at most (1 + 1e-7) times as likely as the observed one (as R).
Tables come without empty rows and columns.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.stats.results import NotComputed

_SLACK = 10**7  # 1 + 1e-7, as a ratio of whole numbers
_STEPS = 200_000  # of the exact r × c count, a few tenths of a second
_BITS = 20_000  # longest whole numbers of the exact r × c count

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FisherP:
    """p, the probability of the observed table itself, and how both were obtained."""

    p: float
    observed: float
    method: str


def fisher_p(counts: Counts, *, draws: int, seed: int) -> FisherP:
    """Exactly where possible, else by `draws` random tables with these margins from NumPy's PCG64(seed)."""
    if counts.shape == (2, 2):
        return exact_2x2(counts)
    exact = exact_r_by_c(counts)
    return simulated(counts, draws=draws, seed=seed) if isinstance(exact, NotComputed) else exact


def exact_2x2(counts: Counts) -> FisherP:
    """R `fisher.test` of a 2 × 2 table. O(smallest margin), so also for a million patients.

    The hypergeometric probabilities are multiplied outwards from the mode by their exact ratios: no factorials, no
    cancellation.
    """
    (a, b), (c, d) = (tuple(int(x) for x in row) for row in counts)
    row, column, n = a + b, a + c, a + b + c + d
    low, high = max(0, row + column - n), min(row, column)
    mode = min(max((row + 1) * (column + 1) // (n + 2), low), high)
    up = np.arange(mode, high, dtype=float)  # P(x + 1) / P(x)
    down = np.arange(mode, low, -1, dtype=float)  # P(x − 1) / P(x)
    rising = np.cumprod((row - up) * (column - up) / ((up + 1) * (n - row - column + up + 1)))
    falling = np.cumprod(down * (n - row - column + down) / ((row - down + 1) * (column - down + 1)))
    weights = np.concatenate((falling[::-1], [1.0], rising))
    observed, total = weights[a - low], weights.sum()
    p = float(weights[weights <= observed * (1 + 1 / _SLACK)].sum() / total)
    return FisherP(min(1.0, p), float(observed / total), "exact")


def exact_r_by_c(counts: Counts, *, steps: int = _STEPS) -> FisherP | NotComputed:
    """R `fisher.test` of an r × c table, in whole numbers; `NotComputed` when it takes more than `steps`.

    Column by column: what remains of the row totals (sorted, since equal remainders continue alike) → {product of the
    columns' multinomial coefficients so far: in how many ways}. A table's probability is its product over the
    multinomial coefficient of the row totals.
    """
    table = _arranged(counts)
    columns = [[int(x) for x in column] for column in table.T]
    rows = tuple(int(x) for x in table.sum(axis=1))
    bits = _multinomial_bits(rows)
    if bits > _BITS:
        return _too_big(counts)
    observed = math.prod(_multinomial(column) for column in columns)
    states: dict[tuple[int, ...], dict[int, int]] = {rows: {1: 1}}
    left = steps / (1 + bits / 1000)  # longer numbers, longer steps
    for column in columns[:-1]:
        following: dict[tuple[int, ...], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for remaining, products in states.items():
            for rest, ways in _splits(sum(column), remaining):
                left -= len(products)
                if left < 0:
                    return _too_big(counts)
                target = following[tuple(sorted(rest))]
                for product, count in products.items():
                    target[product * ways] += count
        states = following
    unlikely = 0
    for remaining, products in states.items():
        last = _multinomial(remaining)
        for product, count in products.items():
            if product * last * _SLACK <= observed * (_SLACK + 1):
                unlikely += product * last * count
    total = _multinomial(rows)
    return FisherP(unlikely / total, observed / total, "exact")


def simulated(counts: Counts, *, draws: int, seed: int) -> FisherP:
    """p = (1 + random tables at most as likely) / (1 + draws), as R `fisher.test(simulate.p.value = TRUE)`."""
    from scipy.special import gammaln

    counts = _arranged(counts)
    rows, columns, n = counts.sum(axis=1), counts.sum(axis=0), int(counts.sum())
    log_factorial = gammaln(np.arange(int(rows.max()) + 1) + 1.0)
    generator = np.random.Generator(np.random.PCG64(seed))
    cost = np.zeros(draws)  # Σ log n_ij!: the larger, the less likely
    remaining = np.repeat(rows[:, None], draws, axis=1)
    for column in columns[:-1].tolist():
        to_place = np.full(draws, column)
        below = remaining.sum(axis=0)
        for row in range(rows.size - 1):
            below = below - remaining[row]
            cell = generator.hypergeometric(remaining[row], below, to_place)
            remaining[row] -= cell
            to_place -= cell
            cost += log_factorial[cell]
        remaining[-1] -= to_place
        cost += log_factorial[to_place]
    cost += log_factorial[remaining].sum(axis=0)
    seen = float(log_factorial[counts].sum())
    unlikely = int(np.count_nonzero(cost >= seen - 1 / _SLACK))
    log_margins = gammaln(rows + 1.0).sum() + gammaln(columns + 1.0).sum() - gammaln(n + 1.0)
    return FisherP((1 + unlikely) / (1 + draws), math.exp(float(log_margins) - seen), f"simulated, {draws:,} draws")


def _arranged(counts: Counts) -> Counts:
    """The same table with at most as many rows as columns, both in ascending order of their totals.

    Small totals leave few choices and the last row and column are forced, so the largest stand last. Which group comes
    first then changes neither the exact count nor the random tables.
    """
    table = counts if counts.shape[0] <= counts.shape[1] else counts.T
    table = table[np.argsort(table.sum(axis=1), kind="stable")]
    return table[:, np.argsort(table.sum(axis=0), kind="stable")]


def _splits(total: int, room: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
    """All ways to take `total` out of the room: what is left of it, the multinomial coefficient of what was taken."""
    if len(room) == 1:
        yield (room[0] - total,), 1
        return
    for take in range(max(0, total - sum(room[1:])), min(room[0], total) + 1):
        ways = math.comb(total, take)
        for rest, others in _splits(total - take, room[1:]):
            yield (room[0] - take, *rest), ways * others


def _too_big(counts: Counts) -> NotComputed:
    return NotComputed("the table is too big for the exact count", int(counts.sum()))


def _multinomial_bits(parts: tuple[int, ...]) -> float:
    return (math.lgamma(sum(parts) + 1) - sum(math.lgamma(part + 1) for part in parts)) / math.log(2)


def _multinomial(parts: list[int] | tuple[int, ...]) -> int:
    total, result = 0, 1
    for part in parts:
        total += part
        result *= math.comb(total, part)
    return result
