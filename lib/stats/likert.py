"""Answers to one statement on an ordered scale: counts, top two, median category, whole percents for the bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.stats.proportions import Proportion, rate
from lib.stats.results import NotComputed

NO_ANSWER = -1
DONT_KNOW = -2


@dataclass(frozen=True, slots=True)
class LikertResult:
    """The answers to one statement.

    Attributes:
        n: patients who chose a level; missing: without an answer; dont_know: "don't know / not applicable",
            which is not an answer and counts in no share.
        counts: patients per level, in the order of the levels, levels nobody chose included.
        top_levels: the best levels counted in `top_two`: two, or one where there are only two or three levels.
        top_two: share of n in those levels, Wilson interval.
        median: the middle level, or two levels when the two patients in the middle chose different ones.
        whole_percents: one per level, summing to 100, for labels on a bar (tables round each share for itself).
    """

    n: int
    missing: int
    dont_know: int
    counts: tuple[int, ...]
    top_levels: tuple[int, ...]
    top_two: Proportion
    median: tuple[int, ...]
    whole_percents: tuple[int, ...]


def summarise(
    codes: NDArray[Any], levels: int, *, agree_high: bool, confidence: float = 0.95
) -> LikertResult | NotComputed:
    """Summarise integer codes 0 … levels − 1 (−1 no answer, −2 don't know), one per patient.

    `agree_high`: the best answer has the highest code; the direction belongs to the statement, not to the scale.
    `NotComputed` when nobody answered. ValueError for fewer than two levels or a code outside them.
    """
    values = np.asarray(codes)
    if levels < 2:
        raise ValueError(f"{levels} level: a statement needs at least two")
    if values.size and (values.min() < DONT_KNOW or values.max() >= levels):
        raise ValueError(f"a code lies outside {DONT_KNOW} to {levels - 1}")
    tally = np.bincount(values.astype(np.int64) - DONT_KNOW, minlength=levels + 2)
    dont_know, missing, counts = int(tally[0]), int(tally[1]), tuple(int(x) for x in tally[2:])
    n = sum(counts)
    top = top_levels(levels, agree_high=agree_high)
    top_two = rate(sum(counts[level] for level in top), n, confidence=confidence)
    if isinstance(top_two, NotComputed):
        return NotComputed("nobody answered", 0)
    return LikertResult(
        n=n,
        missing=missing,
        dont_know=dont_know,
        counts=counts,
        top_levels=top,
        top_two=top_two,
        median=median_levels(counts),
        whole_percents=whole_percents(counts),
    )


def top_levels(levels: int, *, agree_high: bool) -> tuple[int, ...]:
    """The best two levels (the best one of two or three), in ascending order."""
    size = 2 if levels > 3 else 1
    return tuple(range(levels - size, levels)) if agree_high else tuple(range(size))


def median_levels(counts: Sequence[int]) -> tuple[int, ...]:
    """The level of the middle patient, or both levels when the middle two differ; empty when nobody answered."""
    cumulative = np.cumsum(np.asarray(counts, dtype=np.int64))
    n = int(cumulative[-1]) if len(counts) else 0
    if n == 0:
        return ()
    lower, upper = (int(np.searchsorted(cumulative, rank)) for rank in ((n + 1) // 2, n // 2 + 1))
    return (lower,) if lower == upper else (lower, upper)


def whole_percents(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole percents that sum to 100: largest remainder, ties to the earlier level; all 0 when nobody answered.

    Source: Hamilton's method, in integers, so that a tie is a tie.
    """
    n = sum(counts)
    if n == 0:
        return tuple(0 for _ in counts)
    whole = [100 * count // n for count in counts]
    remainders = [Fraction(100 * count % n, n) for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda level: (-remainders[level], level))
    for level in by_remainder[: 100 - sum(whole)]:
        whole[level] += 1
    return tuple(whole)
