"""Which counts of a whole table must be hidden, when its rows count the same patients in other ways.

The levels of a characteristic add up to the size of its column, the groups to all, the boxes of a flow to each other.
So all counts of such a table are one system: its patients in parts, sums of parts that are shown, and sums that are
known to be equal. A group of 1 to 4 is given away when it is a linear combination of what is shown. Of all groups only
unions of small parts matter: a group of at most 4 holds at most 4 parts that are not empty, and empty parts are taken
as known. `lib.present.small_counts` does the same for one row, over all unions of its parts.
Hundepool 2012, Statistical Disclosure Control, chapter 4 (linked tables).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lib.present.small_counts import FEWEST_SHOWN, Sum, is_small

Floats = NDArray[np.float64]
Equal = tuple[Collection[str], Collection[str]]

_TOLERANCE = 1e-7
_DIGITS = 6


def hidden_together(parts: Mapping[str, int], shown: Mapping[Sum, bool], equal: Sequence[Equal] = ()) -> set[Sum]:
    """Which of the shown sums to hide.

    Args:
        parts: patients in each part. Parts of one characteristic do not overlap; those of two are tied by `equal`.
        shown: each sum that is shown; True for one that is hidden last (a total).
        equal: sums of parts that everybody knows to be equal (two characteristics of one column).
    """
    names = [name for name, value in parts.items() if value > 0]
    sizes = np.array([parts[name] for name in names], dtype=np.int64)
    place = {name: i for i, name in enumerate(names)}
    hidden = {s for s in shown if is_small(_value(parts, s))}
    if not names:
        return hidden
    ties = np.array([_row(left, place) - _row(right, place) for left, right in equal]).reshape(-1, len(names))
    while True:
        visible = [s for s in shown if s not in hidden and _value(parts, s)]
        if not visible:
            return hidden
        seen = np.vstack([np.array([_row(s, place) for s in visible]), ties])
        null, weights_of = _solve(seen)
        more: set[int] = set()
        for group in small_groups(null, sizes):
            weights = weights_of(np.isin(np.arange(len(names)), group).astype(float))[: len(visible)]
            needed = set(np.flatnonzero(np.abs(weights) > _TOLERANCE).tolist())
            if needed and not more & needed:
                # what is said in many ways has little weight in each of them: to hide it takes all of them
                most = np.flatnonzero(np.abs(weights) > 0.5 * np.abs(weights).max()).tolist()
                more.add(min(most, key=lambda i: _order(visible[i], parts, shown)))
        if not more:
            more = {
                i
                for i, s in enumerate(visible)
                if _all_single(np.array([place[p] for p in s if p in place]), null, sizes)
            }
        if not more:
            return hidden
        hidden |= {visible[i] for i in more}


def small_groups(null: Floats, sizes: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Unions of parts with 1 to 4 patients that can be worked out: their rows of the null space add up to nothing.

    The smallest kind of union that there is: single parts, else pairs, threes or fours. `null` has one row per part.
    """
    small = np.flatnonzero(sizes < FEWEST_SHOWN)
    known = np.abs(null[small]).max(axis=1, initial=0.0) < _TOLERANCE
    if known.any():
        return [(int(i),) for i in small[known]]
    # one number per part, so that unions can be looked up; what is found is checked in full
    rows = (null[small] @ np.random.default_rng(0).standard_normal(null.shape[1])).tolist()
    n = sizes[small].tolist()
    pairs = [(a, b) for a, b in combinations(range(len(n)), 2) if n[a] + n[b] < FEWEST_SHOWN]
    sums = {pair: rows[pair[0]] + rows[pair[1]] for pair in pairs}
    places: dict[float, list[tuple[int, ...]]] = {}
    for pair, value in sums.items():
        places.setdefault(_key(value), []).append(pair)
    candidates: tuple[Callable[[], list[tuple[int, ...]]], ...] = (
        lambda: places.get(0.0, []),
        lambda: [(a, *p) for a in range(len(n)) for p in places.get(_key(-rows[a]), []) if a < p[0]],
        lambda: [(*p, *q) for p, value in sums.items() for q in places.get(_key(-value), []) if p[0] < q[0]],
    )
    for unions in candidates:
        found = []
        for union in unions():
            here = small[list(union)]
            distinct = len(set(union)) == len(union) and sizes[here].sum() < FEWEST_SHOWN
            if distinct and np.abs(null[here].sum(axis=0)).max(initial=0.0) < _TOLERANCE:
                found.append(tuple(int(i) for i in here))
        if found:
            return found
    return []


def _all_single(parts: NDArray[np.int64], null: Floats, sizes: NDArray[np.int64]) -> bool:
    """Whether what is not known of a sum is as many patients as parts: then each is 1, since zeros are shown."""
    unknown = parts[np.abs(null[parts]).max(axis=1, initial=0.0) > _TOLERANCE] if parts.size else parts
    return bool(unknown.size and (sizes[unknown] == 1).all())


def _key(value: float) -> float:
    return round(float(value), _DIGITS) + 0.0


def _solve(seen: Floats) -> tuple[Floats, Callable[[Floats], Floats]]:
    """The null space of what is seen (a row per part), and the weights with which a group follows from it."""
    left, values, right = np.linalg.svd(seen, full_matrices=True)
    rank = int(np.count_nonzero(values > _TOLERANCE))
    inverse = left[:, :rank] / values[:rank]

    def weights(group: Floats) -> Floats:
        return np.asarray(inverse @ (right[:rank] @ group))

    return np.asarray(right[rank:].T), weights


def _row(one: Collection[str], place: Mapping[str, int]) -> Floats:
    row = np.zeros(len(place))
    row[[place[name] for name in one if name in place]] = 1.0
    return row


def _value(parts: Mapping[str, int], one: Sum) -> int:
    return sum(parts[name] for name in one)


def _order(one: Sum, parts: Mapping[str, int], shown: Mapping[Sum, bool]) -> tuple[bool, int, int, list[str]]:
    """Who is hidden first: not a total, the smallest, of equal ones the one of fewer parts."""
    return (shown[one], _value(parts, one), len(one), sorted(one))
