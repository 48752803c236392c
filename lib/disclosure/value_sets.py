"""How many different sets of values fit the summaries that stand together, counted by finding them, stopping at ten.

With n = 5, mean 7.80 and SD 1.48 of whole numbers are exactly {6, 7, 8, 8, 10}: a summary can be an unnamed list of
patients. Here other sets of pairs are looked for that show the same n, means, SDs, medians and quartiles before, after
and of the change, within the scale. Each one found is checked, so ten found are ten; a search that finds fewer hides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ENOUGH = 10
FEWEST = 10
"""Patients below which nothing but their number is shown."""
_STEPS = 80
_DRAWS = 512
_MOST_SEARCHED = 400
_DECIMALS = 2
Counts = NDArray[np.int64]


def enough_fit(baseline: Counts, follow_up: Counts, lowest: int, highest: int) -> bool:
    """Whether at least ten different sets of pairs fit what is shown of these.

    Args:
        baseline, follow_up: scores of the same n patients in whole steps of the scale.
        lowest, highest: ends of the scale in the same steps; wider where scores lie outside.
    """
    return len(baseline) >= FEWEST and different_sets(baseline, follow_up, lowest, highest) >= ENOUGH


def different_sets(baseline: Counts, follow_up: Counts, lowest: int, highest: int) -> int:
    """How many different sets of pairs that fit were found, itself included; at most `ENOUGH`.

    A walk over sets of pairs with the same sums: three patients are moved by +1, −2 and +1, or two pairs of patients
    against each other, before, after or both. The seed is fixed, so that the same patients are always judged alike.
    """
    pairs = np.stack([baseline, follow_up]).astype(np.int64)
    if pairs.shape[1] > _MOST_SEARCHED:
        pairs = pairs[:, :_MOST_SEARCHED]  # what can be exchanged among these can be among all
    low, high = min(lowest, int(pairs.min())), max(highest, int(pairs.max()))
    wanted = _shown(pairs[None])[0]
    found = {_as_set(pairs)}
    draw = np.random.Generator(np.random.PCG64(20261130))
    here = pairs
    for _ in range(_STEPS):
        tried = _moved(here, draw)
        fits = ((tried >= low) & (tried <= high)).all(axis=(1, 2)) & (_shown(tried) == wanted).all(axis=1)
        for one in tried[fits]:
            found.add(_as_set(one))
            if len(found) >= ENOUGH:
                return ENOUGH
        if fits.any():
            here = tried[fits][int(draw.integers(int(fits.sum())))]
    return len(found)


def _moved(pairs: Counts, draw: np.random.Generator) -> Counts:
    """(draws, 2, n): the pairs, each time with four patients moved so that the sums stay."""
    n = pairs.shape[1]
    out = np.repeat(pairs[None], _DRAWS, axis=0)
    who = np.argsort(draw.random((_DRAWS, n)), axis=1)[:, :4]
    moves = np.array([[1, -2, 1, 0], [1, -1, 1, -1], [1, -1, -1, 1], [2, -1, -1, 0], [1, -1, 0, 0]])
    step = moves[draw.integers(len(moves), size=_DRAWS)] * draw.choice([-1, 1], size=(_DRAWS, 1))
    sides = np.array([[1, 0], [0, 1], [1, 1]])[draw.integers(3, size=_DRAWS)]
    rows = np.arange(_DRAWS)[:, None]
    for side in (0, 1):
        out[rows, side, who[:, : step.shape[1]]] += step * sides[:, side : side + 1]
    return out


def _shown(sets: Counts) -> NDArray[np.float64]:
    """(sets, numbers): means, SDs, medians and quartiles before, after and of the change, as finely as any table."""
    lists = np.concatenate([sets, (sets[:, 1] - sets[:, 0])[:, None]], axis=1).astype(np.float64)
    quartiles = np.quantile(lists, (0.25, 0.5, 0.75), axis=2)
    sums = (lists.mean(axis=2), lists.std(axis=2, ddof=1), *quartiles)
    return np.round(np.concatenate(sums, axis=1), _DECIMALS)


def _as_set(pairs: Counts) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted(zip(*pairs.tolist(), strict=True)))
