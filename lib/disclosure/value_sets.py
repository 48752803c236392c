"""How many sets of values fit what is shown of one column together: its n, mean, SD, quartiles and interval.

Of five whole numbers a mean of 7.80 and an SD of 1.48 fit {6, 7, 8, 8, 10} and nothing else: whoever reads them reads
the patients. So the sets are counted, from the true one on by exchanging values, and every one found is computed and
printed anew: the count is never too high, and may stop too early, which hides more. No library does this: the published
methods (GRIM, SPRITE) look for one set that fits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations, combinations_with_replacement

import numpy as np

from lib.settings import FEWEST_SETS, ROUNDED_TO
from lib.stats.hodges_lehmann import hodges_lehmann
from lib.stats.results import Interval, t_quantile
from lib.stats.scores import Histogram, IntArray

_MOST_VALUES = 200
"""Values that are tried in place of others; a part of the possible ones finds a part of the sets."""
_MOST_VALUES_OUT, _MOST_PARTS, _MOST_EXCHANGES, _MOST_TRIED = 14, 100, 6_000, 500
"""How much is tried: values taken out, sets of them, sets put in, columns with mean and SD as printed."""
_MOST_MOVES = 20_000
_QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def half_up(value: float, decimals: int) -> float:
    """A number as it is printed: half up on the number as written."""
    quantum = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed of a column of whole counts of `resolution`.

    Attributes:
        decimals: of everything.
        quartiles: whether median and quartiles stand beside mean and SD.
        confidence: of the t interval of the mean, None where none is printed.
        pseudomedian: whether it is printed too, with its interval (`lib.stats.hodges_lehmann`).
    """

    resolution: Decimal
    decimals: int
    quartiles: bool = True
    confidence: float | None = None
    pseudomedian: bool = False

    def of(self, column: Histogram) -> tuple[float, ...]:
        """The numbers as printed."""
        step = float(self.resolution)
        mean, sd = self._moments(column.n, column.total, _squares(column))
        found = [mean, sd]
        if self.quartiles:
            found += [float(column.quantile(share)) * step for share in _QUARTILES]
        if self.confidence is not None and column.n > 1:
            half = t_quantile(self.confidence, column.n - 1) * sd / math.sqrt(column.n)
            found += [mean - half, mean + half]
        if self.pseudomedian and self.confidence is not None:
            estimate = hodges_lehmann(column, self.resolution, self.confidence)
            ends = estimate.interval
            found += [estimate.value, *((ends.low, ends.high) if isinstance(ends, Interval) else ())]
        return tuple(half_up(value, self.decimals) for value in found)

    def _moments(self, n: int, total: int, squares: int) -> tuple[float, float]:
        step = float(self.resolution)
        variance = Fraction(n * squares - total * total, n * (n - 1)) if n > 1 else Fraction(0)
        return float(Fraction(total, n)) * step, math.sqrt(variance) * step


def sets_that_fit(
    column: Histogram, shown: Shown, possible: IntArray, printed: tuple[float, ...] = ()
) -> tuple[Histogram, ...]:
    """Different sets of n values that are printed alike, the true one among them; no more than `FEWEST_SETS`.

    Args:
        column: the true values.
        possible: the values that may stand in it, ascending: the scale in whole counts, or the indices of a value set.
        printed: what a set has to fit, without it what is printed of `column`.
    """
    target = printed or shown.of(column)
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], Histogram] = {}
    if shown.of(column) == target:
        found[_key(column)] = column
    start, tried = [column], 0
    while start and len(found) < FEWEST_SETS and tried < _MOST_TRIED:
        for other in _exchanged(start.pop(), shown, possible, target):
            tried += 1
            if _key(other) not in found and shown.of(other) == target:
                found[_key(other)] = other
                start.append(other)
            if len(found) >= FEWEST_SETS or tried >= _MOST_TRIED:
                break
    return tuple(found.values())


def another_n_fits(column: Histogram, shown: Shown, possible: IntArray) -> bool:
    """Whether one patient more or fewer, within the same rounded number, could have been printed alike.

    Else mean and SD would tell the exact n that rounding hides (7.80 of whole numbers is of 10, and of no other from 8
    to 12).
    """
    target = shown.of(column)
    for n in (column.n + 1, column.n - 1):
        if nearest(n) != nearest(column.n):
            continue
        for value in column.values if n < column.n else _near(possible, column):
            other = _changed(column, [int(value)] if n < column.n else [], [int(value)] if n > column.n else [])
            if sets_that_fit(other, shown, possible, target):
                return True
    return False


def nearest(value: int) -> int:
    """A count rounded to the nearest multiple of `ROUNDED_TO`."""
    return ROUNDED_TO * ((2 * value + ROUNDED_TO) // (2 * ROUNDED_TO))


def _key(column: Histogram) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(column.values.tolist()), tuple(column.counts.tolist())


def _squares(column: Histogram) -> int:
    return sum(int(v) ** 2 * int(c) for v, c in zip(column.values, column.counts, strict=True))


def _changed(column: Histogram, out: list[int], into: list[int]) -> Histogram:
    counts = dict(zip(column.values.tolist(), column.counts.tolist(), strict=True))
    for value in out:
        counts[value] -= 1
    for value in into:
        counts[value] = counts.get(value, 0) + 1
    values = sorted(v for v, c in counts.items() if c)
    return Histogram(np.array(values, dtype=np.int64), np.array([counts[v] for v in values], dtype=np.int64))


def _near(possible: IntArray, column: Histogram) -> IntArray:
    """Not more of the possible values than are tried: those nearest to values of the column."""
    if possible.size <= _MOST_VALUES:
        return possible
    place = np.searchsorted(possible, column.values[:: max(1, column.values.size // 40)])
    near = np.unique(np.clip(place[:, None] + np.arange(-2, 3), 0, possible.size - 1))
    return np.asarray(possible[near], dtype=np.int64)


def _exchanged(column: Histogram, shown: Shown, possible: IntArray, target: tuple[float, ...]) -> Iterator[Histogram]:
    """Columns with some values in place of as many others that keep mean and SD as printed; then four moved by one."""
    some, n = _near(possible, column), column.n
    half, step = 0.5 * 10.0**-shown.decimals, float(shown.resolution)
    total, square = column.total, _squares(column)
    size = max(k for k in (1, 2, 3, 4, 5) if k <= n and (k == 1 or math.comb(some.size + k - 1, k) <= _MOST_EXCHANGES))
    for k in range(min(2, size), size + 1):
        others = some[_with_repetition(some.size, k)]
        sums, squares = others.sum(axis=1), (others**2).sum(axis=1)
        for out in _parts_of(column, k):
            new = total + sums - sum(out)
            fits = np.abs(new * (step / n) - target[0]) <= half * 1.0001
            if n > 1:
                changed = (square - sum(v * v for v in out) + squares).astype(np.float64)
                variance = np.maximum(changed - new.astype(np.float64) ** 2 / n, 0.0) / (n - 1)
                fits &= np.abs(np.sqrt(variance) * step - target[1]) <= half * 1.0001
            for into in others[fits].tolist():
                if into != out:
                    yield _changed(column, out, into)
    yield from _moved(column, possible)


@lru_cache(maxsize=32)
def _with_repetition(values: int, size: int) -> IntArray:
    """Places of every set of `size` out of so many values, each as often as wanted; one set a row."""
    flat = chain.from_iterable(combinations_with_replacement(range(values), size))
    return np.fromiter(flat, dtype=np.int64).reshape(-1, size)


def _parts_of(column: Histogram, size: int) -> list[list[int]]:
    """Some of the sets of `size` of its values: of a long column of a thinned one."""
    values = np.repeat(column.values, np.minimum(column.counts, size))
    values = values[:: max(1, values.size // _MOST_VALUES_OUT)]
    parts = sorted(set(combinations(values.tolist(), min(size, values.size))))
    return [list(part) for part in parts[:: max(1, len(parts) // _MOST_PARTS)]]


def _moved(column: Histogram, possible: IntArray) -> Iterator[Histogram]:
    """Two values one count up and two one count down, so that sum and sum of squares stay: {0, 3, 3} is {1, 1, 4}."""
    allowed = set(possible.tolist())
    values = column.values.tolist()
    counts = dict(zip(values, column.counts.tolist(), strict=True))
    moves = 0
    for up in values:
        for more in values:
            for down in values:
                less = up + more + 2 - down
                moves += 1
                if more < up or less < down or less not in counts:
                    continue
                out, into = [up, more, down, less], [up + 1, more + 1, down - 1, less - 1]
                if all(out.count(v) <= counts[v] for v in out) and allowed.issuperset(into):
                    yield _changed(column, out, into)
                if moves > _MOST_MOVES:
                    return
