"""Patients in parts of about equal size by a number: cuts from everybody in the file, so that they never move."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def quantile_cuts(counts: Counts, parts: int) -> tuple[int, ...]:
    """The largest count of every part but the last: type-7 quantiles (R `quantile`), a tie goes down.

    `counts` are whole counts of a resolution, at least one. The quantiles are exact fractions: in floats a cut can
    land a hair below the value it should equal, and the tie would go up.
    """
    ordered = np.sort(counts)
    found = []
    for k in range(1, parts):
        place = Fraction(k * (len(ordered) - 1), parts)
        below = place.numerator // place.denominator
        low, high = int(ordered[below]), int(ordered[min(below + 1, len(ordered) - 1)])
        cut = low + (place - below) * (high - low)
        found.append(cut.numerator // cut.denominator)
    return tuple(found)


def part_of(counts: Counts, cuts: tuple[int, ...]) -> NDArray[np.int64]:
    """The part (0 …) of each count; a count equal to a cut belongs to the lower part."""
    return np.searchsorted(np.array(cuts, dtype=np.int64), counts, side="left").astype(np.int64)
