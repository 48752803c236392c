"""Table 1: one variable described, overall or in a group, and the balance of groups.

Sources: Austin, Stat Med 2009;28:3083 (standardised mean difference); Yang & Dalton, SAS Global Forum 2012, 335 (more
than two levels); as R's tableone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from numpy.typing import ArrayLike, NDArray

from lib.stats.integers import FloatArray
from lib.stats.results import NotComputed, Test
from lib.stats.summaries import Summary

Shown = Literal["mean (SD)", "median [Q1, Q3]"]


@dataclass(frozen=True, slots=True)
class NumericSummary:
    """A number of one group of patients.

    Attributes:
        n: patients with a value.
        missing: without; counted, never a category.
        values: mean, SD, median, quartiles (type 7) and range in the unit of the variable; `NotComputed` for n = 0.
    """

    n: int
    missing: int
    values: Summary | NotComputed


@dataclass(frozen=True, slots=True)
class Display:
    """Which of the two forms a row of Table 1 uses, decided over all patients and then the same in every group."""

    shown: Shown
    shapiro: Test | NotComputed
    reason: str


@dataclass(frozen=True, slots=True)
class CategoricalSummary:
    """A category of one group of patients: n with a value, missing, and patients per level in the order of the levels."""

    n: int
    missing: int
    counts: tuple[int, ...]


def summarise_numeric(values: FloatArray, *, resolution: Decimal | None = None) -> NumericSummary:
    """Describe a column of floats, NaN for missing; `resolution` None takes the decimals of the column."""
    raise NotImplementedError


def choose_display(values: FloatArray, *, force: Shown | None = None) -> Display:
    """Mean (SD), or median [Q1, Q3] when Shapiro–Wilk rejects normality over all these patients, or as forced."""
    raise NotImplementedError


def summarise_categorical(codes: NDArray[Any], levels: int) -> CategoricalSummary:
    """Describe integer codes 0 … levels − 1, negative for missing."""
    raise NotImplementedError


def smd_numeric(groups: Sequence[FloatArray]) -> float | NotComputed:
    """Absolute standardised mean difference of two groups, or its mean over the pairs of more groups; NaN is missing."""
    raise NotImplementedError


def smd_categorical(counts: ArrayLike) -> float | NotComputed:
    """The same for categories: counts of patients, one row per group, one column per level."""
    raise NotImplementedError


def compare_numeric(groups: Sequence[FloatArray], *, shown: Shown) -> Test | NotComputed:
    """Welch's t / Welch's ANOVA for "mean (SD)", Mann–Whitney / Kruskal–Wallis for "median [Q1, Q3]"; NaN is missing."""
    raise NotImplementedError
