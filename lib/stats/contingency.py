"""Shares between groups: chi-square without Yates' correction, Fisher's exact test for any table."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

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
    """Pearson's chi-square of a table of counts, `scipy.stats.chi2_contingency(correction=False)`, so never Yates.

    R `chisq.test(table, correct = FALSE)`.
    """
    counts = _occupied(table)
    absent = _no_test(counts)
    if absent is not None:
        return absent
    statistic, p, df, _ = stats.chi2_contingency(counts, correction=False)
    method = "no continuity correction"
    return Test("chi-square test", "chi-square", float(statistic), (float(df),), float(p), method, _total(counts))


def fisher_exact(table: ArrayLike, *, draws: int = DRAWS, seed: int = SEED) -> Test | NotComputed:
    """Fisher's exact test, two-sided: all tables with these margins that are at most as likely as this one.

    2 × 2 (`scipy.stats.fisher_exact`) and r × c exactly, as R `fisher.test`; an r × c table that is too big gets
    `draws` random tables with its margins (NumPy PCG64 from `seed`, p = (1 + as unlikely) / (1 + draws), as R
    `simulate.p.value`), and the method says so. The statistic is the probability of the observed table. `NotComputed`
    as in `compare_shares`.
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


# Fisher's exact test for 2 × 2 and r × c tables: the computation behind `contingency.fisher_exact`.
#
# p is the probability, margins fixed, of all tables at most (1 + 1e-7) times as likely as the observed one (as R).
# Tables come without empty rows and columns.

_SLACK = 10**7  # 1 + 1e-7, as a ratio of whole numbers
_STEPS = 1_000_000  # of the exact r × c count, a few tenths of a second
_BITS = 20_000  # longest whole numbers of the exact r × c count

Counts = NDArray[np.int64]
Remainder = tuple[int, ...]


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
    """R `fisher.test` of a 2 × 2 table: `scipy.stats.fisher_exact`."""
    (a, b), (c, d) = counts.tolist()
    p = float(stats.fisher_exact(counts).pvalue)
    return FisherP(p, float(stats.hypergeom.pmf(a, a + b + c + d, a + b, a + c)), "exact")


def exact_r_by_c(counts: Counts, *, steps: int = _STEPS) -> FisherP | NotComputed:
    """R `fisher.test` of an r × c table, in whole numbers (SciPy draws tables at random, up to 0.21 off); `NotComputed`
    when it takes more than `steps`.

    Column by column: what remains of the row totals (sorted, since equal remainders continue alike) → {product of the
    columns' multinomial coefficients so far: in how many ways}. A table's probability is its product over the
    multinomial coefficient of the row totals. Products that no, or any, completion makes unlikely enough are settled
    at once (Mehta & Patel, JASA 1983;78:427); all completions of a remainder sum to its multinomial coefficient.
    """
    table = _arranged(counts)
    columns = [[int(x) for x in column] for column in table.T]
    rows = tuple(sorted(int(x) for x in table.sum(axis=1)))
    bits = _multinomial_bits(rows)
    if bits > _BITS:
        return _too_big(counts)
    observed = math.prod(_multinomial(column) for column in columns)
    bound = observed * (_SLACK + 1) // _SLACK
    network = _Network([sum(column) for column in columns], int(steps / (1 + bits / 1000)))
    states: dict[Remainder, dict[int, int]] = {rows: {1: 1}}
    unlikely = 0
    try:
        for step in range(len(columns) - 1):
            states, settled = network.advance(step, states, bound)
            unlikely += settled
    except _TooManySteps:
        return _too_big(counts)
    total = _multinomial(rows)
    return FisherP(unlikely / total, observed / total, "exact")


class _TooManySteps(Exception):  # noqa: N818  (it never leaves this module)
    pass


class _Network:
    """The column totals still to be filled, what each remainder can lead to, and the steps left."""

    def __init__(self, totals: list[int], steps: int) -> None:
        self._totals = totals
        self._left = steps
        self._edges: dict[tuple[int, Remainder], list[tuple[Remainder, int]]] = {}
        self._range: dict[tuple[int, Remainder], tuple[int, int]] = {}

    def advance(
        self, step: int, states: dict[Remainder, dict[int, int]], bound: int
    ) -> tuple[dict[Remainder, dict[int, int]], int]:
        """Fill one column: the products still undecided, and the sum of those settled as unlikely enough."""
        following: dict[Remainder, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        settled = 0
        for state, products in states.items():
            for rest, ways in self._next(step, state):
                self._spend(len(products) + 4)  # an edge itself costs as much as some products
                least, most = self._completions(step + 1, rest)
                all_in, some_in = bound // (most * ways), bound // (least * ways)
                whole, target = 0, following[rest]
                for product, count in products.items():
                    if product <= all_in:
                        whole += product * count
                    elif product <= some_in:
                        target[product * ways] += count
                settled += whole * ways * _multinomial(rest)
        return following, settled

    def _completions(self, step: int, state: Remainder) -> tuple[int, int]:
        """Smallest and largest product of the columns from `step` on."""
        key = (step, state)
        if key not in self._range:
            if step == len(self._totals) - 1:
                self._range[key] = (_multinomial(state),) * 2
            else:
                least, most = None, 0
                for rest, ways in self._next(step, state):
                    low, high = self._completions(step + 1, rest)
                    least = low * ways if least is None else min(least, low * ways)
                    most = max(most, high * ways)
                assert least is not None  # what remains always fits
                self._range[key] = (least, most)
        return self._range[key]

    def _next(self, step: int, state: Remainder) -> list[tuple[Remainder, int]]:
        key = (step, state)
        if key not in self._edges:
            edges = []
            for rest, ways in _splits(self._totals[step], state):
                self._spend(8)
                edges.append((tuple(sorted(rest)), ways))
            self._edges[key] = edges
        return self._edges[key]

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooManySteps


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
    return FisherP((1 + unlikely) / (1 + draws), math.exp(float(log_margins) - seen), f"simulated, {draws} draws")


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
