"""Which counts must be hidden so that no group of 1 to 4 patients can be read or worked out.

One row of a table is a set of patients in parts that do not overlap; what is shown are sums of parts. An outsider can
add and subtract what he sees, so a sum of parts is given away when it is a linear combination of the shown sums. Small
sums are hidden first, then, as long as a group of 1 to 4 can still be worked out, the smallest sum that helps to do so.
Primary and complementary cell suppression: Hundepool 2012, Statistical Disclosure Control, chapter 4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FEWEST_SHOWN = 5
_MOST_PARTS = 14
_TOLERANCE = 1e-9

Sum = frozenset[str]


def is_small(value: int) -> bool:
    """1 to 4 patients; nobody is not small: zero tells about no one."""
    return 0 < value < FEWEST_SHOWN


def small_share(count: int, n: int) -> bool:
    """Whether "count of n" names a small group: those counted, the others, or all."""
    return is_small(count) or is_small(n - count) or is_small(n)


def hidden_sums(parts: Mapping[str, int], shown: Mapping[Sum, bool], forced: Collection[Sum] = ()) -> set[Sum]:
    """Which of the shown sums of parts to hide.

    Args:
        parts: patients in each part; parts do not overlap.
        shown: each sum that is shown, by the names of its parts; True for one that is said elsewhere too (a rate in a
            sentence) and is therefore hidden last.
        forced: sums hidden already for another reason.

    Time grows with 2^parts up to 14 parts. With more, every sum of several parts is hidden as soon as one of its own
    parts is, all parts together excepted, which is safe and hides more.
    """
    hidden = {s for s in shown if is_small(_value(parts, s))} | set(forced)
    everyone = frozenset(parts)
    if any(is_small(_value(parts, s)) and s == everyone for s in shown):
        return set(shown)
    if len(parts) > _MOST_PARTS:
        return _hide_by_rest(parts, shown, hidden)
    while True:
        visible = [s for s in shown if s not in hidden]
        needed = _gives_away(parts, visible)
        if not needed:
            return hidden
        hidden.add(min(needed, key=lambda s: _order(s, parts, shown)))


def tellable_sums(parts: Mapping[str, int], wished: Sequence[Sum]) -> list[Sum]:
    """Those of the wished sums that may be told together, the first ones first; empty parts count as known."""
    full = {name: value for name, value in parts.items() if value}
    told: list[Sum] = []
    for one in wished:
        known = [frozenset(s & full.keys()) for s in (*told, one)]
        if not is_small(_value(parts, one)) and not _gives_away(full, known):
            told.append(one)
    return told


def _value(parts: Mapping[str, int], one: Iterable[str]) -> int:
    return sum(parts[name] for name in one)


def _order(one: Sum, parts: Mapping[str, int], shown: Mapping[Sum, bool]) -> tuple[bool, bool, bool, int, list[str]]:
    """Who is hidden first: not everybody, not a zero, not what stands in a sentence, then the smallest."""
    value = _value(parts, one)
    return (len(one) == len(parts), value == 0, shown[one], value, sorted(one))


def _gives_away(parts: Mapping[str, int], visible: Sequence[Sum]) -> list[Sum]:
    """The visible sums with which a group of 1 to 4 can be worked out; empty when none can."""
    if not visible:
        return []
    names = list(parts)
    seen = np.array([[name in s for name in names] for s in visible], dtype=float)
    groups = _every_group(len(names))
    counts = np.array([parts[name] for name in names], dtype=float)
    sizes = groups @ counts
    # a sum that is as large as the number of its parts says that each of them is one patient: zeros are shown
    ones = sizes == groups @ (counts > 0)
    groups = groups[(sizes > 0) & ((sizes < FEWEST_SHOWN) | ones)]
    null = _null_space(seen)
    for group in groups[np.abs(groups @ null).max(axis=1, initial=0.0) < _TOLERANCE]:
        weights = np.abs(np.linalg.lstsq(seen.T, group, rcond=None)[0])
        # what is said in several ways has little weight in each of them, and hiding one of them would not help
        return [s for s, weight in zip(visible, weights, strict=True) if weight > 0.5 * weights.max()]
    return []


def _every_group(k: int) -> NDArray[np.float64]:
    codes = np.arange(1, 2**k)
    return ((codes[:, None] >> np.arange(k)) & 1).astype(float)


def _null_space(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    _, values, rows = np.linalg.svd(matrix)
    rank = int(np.count_nonzero(values > _TOLERANCE))
    return np.asarray(rows[rank:].T)


def _hide_by_rest(parts: Mapping[str, int], shown: Mapping[Sum, bool], hidden: set[Sum]) -> set[Sum]:
    """Many single parts and their total: hide the next smallest until the hidden ones are not few together."""
    singles = sorted((s for s in shown if len(s) == 1), key=lambda s: _order(s, parts, shown))
    hidden = hidden & set(singles)
    for one in singles:
        if 0 < sum(_value(parts, s) for s in hidden) < FEWEST_SHOWN and one not in hidden:
            hidden.add(one)
    touched = frozenset().union(*hidden) if hidden else frozenset()
    several = {s for s in shown if 1 < len(s) < len(parts) and s & touched}
    return hidden | several


def hidden_rows(total: int | None, values: Sequence[int], hidden: Collection[int]) -> set[int]:
    """Which further entries of a column to hide when its total is shown: indices into `values`.

    The hidden ones together are the total less the shown ones, so they must not be few, nor as many as there are hidden
    entries (then each is 1): the next smallest is hidden too, until they are not or nothing is left. `total` None:
    there is no total to subtract from.
    """
    gone = set(hidden)
    if total is None:
        return gone
    rest = sorted((i for i in range(len(values)) if i not in gone and values[i] > 0), key=lambda i: (values[i], i))
    for i in rest:
        found = sum(values[k] for k in gone)
        if not is_small(found) and (not found or found > sum(values[k] > 0 for k in gone)):
            break
        gone.add(i)
    return gone


def blocks_of(total: int, values: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of entries that add up to the total, as (first, after the last): types, then timing, then severity."""
    found: list[tuple[int, int]] = []
    start = reached = 0
    for i, value in enumerate(values):
        reached += value
        if reached >= total > 0:
            if reached == total:
                found.append((start, i + 1))
            start, reached = i + 1, 0
    # zeros after a run belong to it: they do not change its sum
    return found


def pooled(counts: Sequence[int]) -> list[int]:
    """Counts along an axis in which each small one is added to its neighbour; the sum stays, none is 1 to 4.

    An entry that was added elsewhere is 0. All together fewer than 5: everything is 0.
    """
    result = [0] * len(counts)
    carried = 0
    last = -1
    for i, value in enumerate(counts):
        carried += value
        if carried >= FEWEST_SHOWN and value:
            result[i], last, carried = carried, i, 0
    if last >= 0:
        result[last] += carried
    return result


def thinned(at_least: Sequence[int], n: int, beside: Collection[int] = ()) -> list[int]:
    """Which corners of a cumulative curve to keep: each step and both ends stand for 0 or at least 5 patients.

    `beside`: counts of the same kind that are told elsewhere; no corner is 1 to 4 patients away from one of them.
    """
    kept: list[int] = []
    for i, value in enumerate(at_least):
        if is_small(value) or is_small(n - value) or any(is_small(abs(value - told)) for told in beside):
            continue
        if not kept or not is_small(abs(at_least[kept[-1]] - value)):
            kept.append(i)
    return kept if all(not is_small(abs(at_least[a] - at_least[b])) for a, b in pairwise(kept)) else []
