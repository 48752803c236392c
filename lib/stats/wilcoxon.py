"""Wilcoxon's signed-rank test with ties and zeros, from the histogram of the differences."""

from __future__ import annotations

from dataclasses import dataclass

from lib.stats.results import Estimate, Test


@dataclass(frozen=True, slots=True)
class WilcoxonResult:
    """The signed-rank test and what it was computed from.

    Attributes:
        test: statistic "T+" for the exact p value, "z" for the normal approximation.
        n_zero: differences of zero, dropped as SPSS does.
        n_used: differences left, n′.
        has_ties: whether two of the differences left are equally large.
        t_plus: sum of the mid-ranks of the positive differences (R's V).
        t_minus: sum of the mid-ranks of the negative differences.
        rank_biserial: (T+ − T−)/(T+ + T−), positive when scores rose.
    """

    test: Test
    n_zero: int
    n_used: int
    has_ties: bool
    t_plus: float
    t_minus: float
    rank_biserial: Estimate
