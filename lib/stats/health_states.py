"""Health states made of several levels: Paretian change, the profile grid, the commonest states.

Works on plain levels; no value set is needed except for the grid, whose ranks the caller passes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from lib.stats.results import Ints, NotComputed


class ProfileChange(Enum):
    """What became of one patient's state (Devlin, Parkin & Browne 2010)."""

    BETTER = "better"
    WORSE = "worse"
    MIXED = "mixed"
    SAME = "same, with problems"
    NO_PROBLEMS = "no problems at both"


@dataclass(frozen=True, slots=True)
class PchcResult:
    """Paretian classification of health change; the five counts add up to n.

    `better`: at least one dimension better and none worse. `worse`: the reverse. `mixed`: some better, some worse.
    `same_with_problems`: the same state twice, not the best one. `no_problems`: the best state (11111) twice.
    """

    n: int
    better: int
    worse: int
    mixed: int
    same_with_problems: int
    no_problems: int


@dataclass(frozen=True, slots=True)
class GridPoint:
    """Patients at one place of the profile grid; rank 1 is the best state."""

    before_rank: float
    after_rank: float
    change: ProfileChange
    count: int


@dataclass(frozen=True, slots=True)
class ProfileGrid:
    """The health profile grid: rank before against rank after; better, equal and worse by rank add up to n."""

    n: int
    states: int
    points: tuple[GridPoint, ...]
    better: int
    equal: int
    worse: int


@dataclass(frozen=True, slots=True)
class StateCount:
    """A state as its digits ("11221"), how many have it, and their share of all."""

    state: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class CommonStates:
    """The commonest states, most frequent first; `others` patients have none of them; `distinct` states occur."""

    n: int
    distinct: int
    states: tuple[StateCount, ...]
    others: int


def pchc(before: npt.ArrayLike, after: npt.ArrayLike, *, levels: int = 3) -> PchcResult | NotComputed:
    """Count better, worse, mixed and same (Paretian Classification of Health Change).

    Args:
        before: (n, dimensions) integer levels, 1 the best; only patients with a legal state at both time points.
        after: the same patients in the same order.
        levels: worst level.

    Returns:
        The counts, or NotComputed without patients.

    Raises:
        ValueError: shapes differ, or a level is not in 1..levels.

    Source: Devlin, Parkin & Browne, Health Econ 2010;19:886–905.
    """
    found = _change_codes(before, after, levels)
    if found.size == 0:
        return NotComputed("no patient has a state at both time points", 0)
    better, worse, mixed, same, none = np.bincount(found, minlength=len(ProfileChange)).tolist()
    return PchcResult(int(found.size), better, worse, mixed, same, none)


def state_codes(states: npt.ArrayLike, *, levels: int = 3) -> Ints:
    """Each state's place in the list of all states in digit order: 11111 → 0, 11112 → 1, … (n, dimensions) → (n,)."""
    checked = _states(states, levels)
    powers = levels ** np.arange(checked.shape[1] - 1, -1, -1, dtype=np.int64)
    return np.asarray((checked - 1) @ powers, dtype=np.int64)


def state_ranks(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Rank of every state by its value, 1 the best (largest value), equal values share the mean rank.

    `values` holds one number per state, in the order of `state_codes`. R: `rank(-values)`.
    """
    numbers = np.asarray(values, dtype=np.float64)
    _, place, counts = np.unique(-numbers, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[place], dtype=np.float64)


def profile_grid(
    before: npt.ArrayLike, after: npt.ArrayLike, ranks: Sequence[float] | npt.ArrayLike, *, levels: int = 3
) -> ProfileGrid | NotComputed:
    """The health profile grid: where each patient's state stood among all states, before against after.

    Args:
        before: (n, dimensions) integer levels 1..levels; `after`: the same patients in the same order.
        after: see `before`.
        ranks: rank of every state in the order of `state_codes` (see `state_ranks`), 1 the best.
        levels: worst level.

    Returns:
        Points with their counts, ordered by rank, or NotComputed without patients.

    Raises:
        ValueError: shapes differ, a level is illegal, or there is not one rank per state.

    Source: Devlin, Parkin & Browne 2010 (as above).
    """
    kinds = _change_codes(before, after, levels)
    if kinds.size == 0:
        return NotComputed("no patient has a state at both time points", 0)
    table = np.asarray(ranks, dtype=np.float64)
    states = levels ** np.asarray(before).shape[1]
    if table.shape != (states,):
        raise ValueError(f"{table.size} ranks for {states} states")
    first, second = table[state_codes(before, levels=levels)], table[state_codes(after, levels=levels)]
    rows, counts = np.unique(np.column_stack([first, second, kinds]), axis=0, return_counts=True)
    order = tuple(ProfileChange)
    points = tuple(
        GridPoint(x, y, order[int(kind)], count)
        for (x, y, kind), count in zip(rows.tolist(), counts.tolist(), strict=True)
    )
    return ProfileGrid(
        n=int(kinds.size),
        states=states,
        points=points,
        better=int((second < first).sum()),
        equal=int((second == first).sum()),
        worse=int((second > first).sum()),
    )


def commonest(states: npt.ArrayLike, k: int = 10, *, levels: int = 3) -> CommonStates | NotComputed:
    """The k commonest states; equally common ones in digit order, so the list never depends on the order of rows.

    Args:
        states: (n, dimensions) integer levels 1..levels, one row per patient with a legal state.
        k: how many states to list.
        levels: worst level.

    Returns:
        The states with counts and shares, or NotComputed without patients.

    Raises:
        ValueError: a level is not in 1..levels, or k < 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    checked = _states(states, levels)
    n = int(checked.shape[0])
    if n == 0:
        return NotComputed("no patient has a state", 0)
    # One number per state sorts a million rows in a blink, and in digit order; one row of each is kept to spell it.
    _, rows, counts = np.unique(state_codes(checked, levels=levels), return_index=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:k]
    listed = tuple(
        StateCount("".join(str(digit) for digit in checked[rows[i]].tolist()), int(counts[i]), float(counts[i] / n))
        for i in order
    )
    return CommonStates(n, len(counts), listed, n - sum(state.count for state in listed))


def _states(states: npt.ArrayLike, levels: int) -> Ints:
    array = np.asarray(states)
    if array.ndim != 2:
        if array.size == 0:
            return np.zeros((0, 5), dtype=np.int64)
        raise ValueError("states must be a table, one row per patient and one column per dimension")
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError("levels must be whole numbers")
    if array.min() < 1 or array.max() > levels:
        raise ValueError(f"levels must lie in 1..{levels}")
    return array.astype(np.int64)


def _change_codes(before: npt.ArrayLike, after: npt.ArrayLike, levels: int) -> Ints:
    """Place of each patient's change in ProfileChange."""
    first, second = _states(before, levels), _states(after, levels)
    if first.shape != second.shape:
        raise ValueError(f"before and after differ in shape ({first.shape}, {second.shape})")
    better, worse = (second < first).any(axis=1), (second > first).any(axis=1)
    best = (first == 1).all(axis=1)
    found = np.select([better & worse, better, worse, best], [2, 0, 1, 4], default=3)
    return np.asarray(found, dtype=np.int64)
