"""Dots stacked on ties, and their summary where there are too many to draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MANY_DOTS = 300
"""Above this many patients dots become a histogram: they would overlap, and the page would grow with n."""


def stacked(values: NDArray[np.float64], low: float, high: float, columns: int) -> NDArray[np.int64]:
    """How high each dot stands above the first of its column, in dots; shape of `values`, in its order.

    Dots whose values fall into the same of `columns` equal parts of low–high stand on each other (Wilkinson).
    """
    width = (high - low) / columns or 1.0
    place = np.floor((values - low) / width + 0.5).astype(np.int64)
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    starts = np.r_[0, np.flatnonzero(np.diff(ordered)) + 1] if len(ordered) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(ordered)])
    heights = np.arange(len(ordered)) - np.repeat(starts, lengths)
    result = np.empty(len(values), dtype=np.int64)
    result[order] = heights
    return result


def binned(values: NDArray[np.float64], low: float, high: float, bins: int) -> tuple[list[float], list[int]]:
    """Centres and counts of equal bins from low to high; values outside fall into the end bins."""
    edges = np.linspace(low, high, bins + 1)
    found, _ = np.histogram(np.clip(values, low, high), edges)
    centres = (edges[:-1] + edges[1:]) / 2
    return [float(c) for c in centres], [int(k) for k in found]
