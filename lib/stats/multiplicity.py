"""Holm's correction: p values corrected for how many times we looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.stats.results import NotComputed, Test


@dataclass(frozen=True, slots=True)
class HolmFamily:
    """Corrected p values in the order of the tests given.

    Attributes:
        adjusted: one entry per test; the `NotComputed` of a test that was not done stays where it was.
        size: how many tests the correction counts, those not done left out.
    """

    adjusted: tuple[float | NotComputed, ...]
    size: int


def holm_p(p: Sequence[float]) -> tuple[float, ...]:
    """Holm-corrected p values in the order given; R `p.adjust(p, "holm")`.

    Source: Holm, Scand J Stat 1979;6:65. ValueError when a p is not between 0 and 1. No p: an empty tuple.
    """
    if not all(0 <= value <= 1 for value in p):
        raise ValueError("a p value lies outside 0 to 1")
    adjusted = [0.0] * len(p)
    running = 0.0
    for step, index in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        running = max(running, min(1.0, (len(p) - step) * float(p[index])))
        adjusted[index] = running
    return tuple(adjusted)


def holm(tests: Sequence[Test | NotComputed]) -> HolmFamily:
    """Holm over the tests that were done, in their order; tests not done count nowhere and stay `NotComputed`."""
    done = iter(holm_p([test.p for test in tests if isinstance(test, Test)]))
    adjusted = tuple(next(done) if isinstance(test, Test) else test for test in tests)
    return HolmFamily(adjusted, sum(isinstance(test, Test) for test in tests))
