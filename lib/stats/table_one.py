"""Table 1: one variable described, overall or in a group, and a test between groups. Balance is in `balance`.

All arrays are one group's patients; NaN (or a negative code) is missing: counted, never a category.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.oneway import anova_oneway

from lib.settings import FEWEST_TO_DESCRIBE, MOST_TO_SHAPIRO, SIGNIFICANCE
from lib.stats.groups import welch_difference
from lib.stats.paired_tests import shapiro_wilk
from lib.stats.ranks import kruskal_wallis, mann_whitney
from lib.stats.results import NotComputed, Test
from lib.stats.scores import FloatArray, Histogram, Summary, resolution_of, summarise, to_counts

__all__ = [
    "CategoricalSummary",
    "Display",
    "NumericSummary",
    "Shown",
    "choose_display",
    "compare_numeric",
    "smd_categorical",
    "smd_numeric",
    "summarise_categorical",
    "summarise_numeric",
]

Shown = Literal["mean (SD)", "median [Q1, Q3]"]


@dataclass(frozen=True, slots=True)
class NumericSummary:
    """A number of one group of patients.

    Attributes:
        n: patients with a value; missing: patients without.
        values: mean, SD, median, quartiles (type 7) and range in the unit of the variable; `NotComputed` for n = 0.
    """

    n: int
    missing: int
    values: Summary | NotComputed


@dataclass(frozen=True, slots=True)
class Display:
    """Which of the two forms a row of Table 1 uses, decided over all patients and then the same in every group.

    Attributes:
        shown: the form.
        shapiro: Shapiro–Wilk over all patients with a value.
        reason: one plain sentence without a full stop and without the p value, which is in `shapiro`.
    """

    shown: Shown
    shapiro: Test | NotComputed
    reason: str


@dataclass(frozen=True, slots=True)
class CategoricalSummary:
    """A category of one group of patients: n with a value, missing, and patients per level, in the levels' order."""

    n: int
    missing: int
    counts: tuple[int, ...]


def summarise_numeric(values: FloatArray, *, resolution: Decimal | None = None) -> NumericSummary:
    """Describe a column of floats, NaN for missing; `resolution` None takes the decimals of the column (at most 6).

    R: `mean`, `sd`, `quantile(type = 7)`. ValueError for infinite values or values off a given resolution.
    """
    present = _present(values)
    missing = int(np.size(values)) - int(present.size)
    if present.size == 0:
        return NumericSummary(0, missing, NotComputed("no values", 0))
    step = resolution if resolution is not None else resolution_of(present)
    return NumericSummary(int(present.size), missing, summarise(Histogram.of(to_counts(present, step)), step))


def choose_display(values: FloatArray, *, force: Shown | None = None) -> Display:
    """Mean (SD), or median [Q1, Q3] when Shapiro–Wilk rejects normality (p < 0.05) over all these patients, or forced.

    Above 5,000 patients the test is not valid and the mean is shown. ValueError for infinite values.
    Royston 1995; R `shapiro.test`.
    """
    shapiro = _shapiro(_present(values))
    if force is not None:
        return Display(force, shapiro, "as chosen")
    if isinstance(shapiro, NotComputed):
        return Display("mean (SD)", shapiro, "normality was not tested")
    if shapiro.p < SIGNIFICANCE:
        return Display("median [Q1, Q3]", shapiro, "the Shapiro–Wilk test rejects a normal distribution")
    return Display("mean (SD)", shapiro, "the Shapiro–Wilk test does not reject a normal distribution")


def summarise_categorical(codes: NDArray[Any], levels: int) -> CategoricalSummary:
    """Describe integer codes 0 … levels − 1, negative for missing. ValueError for a code beyond the levels."""
    values = np.asarray(codes)
    if values.size and int(values.max()) >= levels:
        raise ValueError(f"code {int(values.max())} but only {levels} levels")
    counts = np.bincount(values[values >= 0].astype(np.int64), minlength=levels)
    n = int(counts.sum())
    return CategoricalSummary(n, int(values.size) - n, tuple(int(x) for x in counts))


def compare_numeric(groups: Sequence[FloatArray], *, shown: Shown) -> Test | NotComputed:
    """Do the groups differ? Follows how the row is shown; NaN is missing, groups without values are left out.

    "mean (SD)": Welch's t (second − first; R `t.test`) or Welch's ANOVA (R `oneway.test`).
    "median [Q1, Q3]": Mann–Whitney or Kruskal–Wallis (`lib.stats.ranks`).
    `NotComputed` when fewer than two groups have values, or none of them varies.
    """
    present = [filled for group in groups if (filled := _present(group)).size]
    if len(present) < 2:
        return NotComputed("fewer than two groups have values", sum(filled.size for filled in present))
    if shown == "median [Q1, Q3]":
        return mann_whitney(present[0], present[1]) if len(present) == 2 else kruskal_wallis(present)
    if len(present) > 2:
        return welch_anova(present)
    result = welch_difference(present[0], present[1])
    return result if isinstance(result, NotComputed) else result.test


def welch_anova(groups: Sequence[FloatArray]) -> Test | NotComputed:
    """Welch's one-way ANOVA of two or more groups without missing values: `statsmodels` `anova_oneway`.

    R `oneway.test(var.equal = FALSE)`. Source: Welch, Biometrika 1951;38:330. `NotComputed` when a group has fewer than
    2 values or no spread of its own.
    """
    n = sum(int(group.size) for group in groups)
    if any(group.size < 2 for group in groups):
        return NotComputed("a group has fewer than 2 values", n)
    if any(group.min() == group.max() for group in groups):
        return NotComputed("all values in a group are equal", n)
    found = anova_oneway(groups, use_var="unequal", welch_correction=True)
    df = (float(found.df_num), float(found.df_denom))
    return Test("Welch ANOVA", "F", float(found.statistic), df, float(found.pvalue), "unequal variances", n)


def _shapiro(present: FloatArray) -> Test | NotComputed:
    n = int(present.size)
    if n < FEWEST_TO_DESCRIBE:
        return NotComputed(f"{n} {'value' if n == 1 else 'values'}; at least 3 are needed", n)
    if n > MOST_TO_SHAPIRO:
        return NotComputed(f"the Shapiro–Wilk test is not valid above {MOST_TO_SHAPIRO} patients", n)
    if present.min() == present.max():
        return NotComputed(f"all {n} values are equal", n)
    return shapiro_wilk(Histogram.of(to_counts(present, resolution_of(present))))


def _present(values: FloatArray) -> FloatArray:
    array = np.asarray(values, dtype=float)
    present: FloatArray = array[~np.isnan(array)]
    return present


# Balance between groups: standardised mean differences, always absolute.
#
# Sources: Austin, Stat Med 2009;28:3083; Yang & Dalton, SAS Global Forum 2012, paper 335 (more than two levels); as R's
# tableone, except where its generalised inverse would call groups without a common level identical.

_TOLERANCE = 1e-9  # relative size below which an eigenvalue, or a distance outside the range of S, is rounding


def smd_numeric(groups: Sequence[FloatArray]) -> float | NotComputed:
    """|m₁ − m₂| / √((s₁² + s₂²) / 2), SD with n − 1; more than two groups: mean over the pairs. NaN is missing.

    `NotComputed` when fewer than two groups, a group has fewer than 2 values, or a pair has no spread at all.
    """
    arrays = [np.asarray(group, dtype=float) for group in groups]
    present = [array[~np.isnan(array)] for array in arrays]
    n = sum(int(array.size) for array in present)
    if len(present) < 2:
        return NotComputed("fewer than two groups", n)
    if any(array.size < 2 for array in present):
        return NotComputed("a group has fewer than 2 values", n)
    # A constant column has variance 0, not what rounding leaves of it.
    moments = [
        (float(array.mean()), 0.0 if array.min() == array.max() else float(array.var(ddof=1))) for array in present
    ]
    distances = []
    for (mean1, variance1), (mean2, variance2) in combinations(moments, 2):
        if variance1 + variance2 == 0:
            return NotComputed("no spread in two of the groups", n)
        distances.append(abs(mean1 - mean2) / math.sqrt((variance1 + variance2) / 2))
    return math.fsum(distances) / len(distances)


def smd_categorical(counts: ArrayLike) -> float | NotComputed:
    """Counts of patients with a value, one row per group, one column per level; more groups: mean over the pairs.

    Two levels: |p₁ − p₂| / √((p₁q₁ + p₂q₂) / 2). More: √(v′S⁻v), v = difference of shares, S = mean of diag(p) − pp′,
    S⁻ its generalised inverse (levels nobody has do not matter). `NotComputed` when fewer than two groups, a group is
    empty, or the difference has no finite size (a pair has no spread, or none in the direction in which it differs).
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or (table.size and table.min() < 0):
        raise ValueError("a table of counts has two dimensions and no negative count")
    n = int(table.sum())
    if table.shape[0] < 2:
        return NotComputed("fewer than two groups", n)
    if not (table.sum(axis=1) > 0).all():
        return NotComputed("a group has no values", n)
    shares = table / table.sum(axis=1, keepdims=True)
    distances = [_distance(p, q) for p, q in combinations(shares, 2)]
    finite = [distance for distance in distances if distance is not None]
    if len(finite) < len(distances):
        return NotComputed("two of the groups have no level in common, or no spread", n)
    return math.fsum(finite) / len(finite)


def _distance(p: NDArray[np.float64], q: NDArray[np.float64]) -> float | None:
    """√(v′S⁻v); None when S says nothing about the direction of v."""
    v: NDArray[Any] = p - q
    s = ((np.diag(p) - np.outer(p, p)) + (np.diag(q) - np.outer(q, q))) / 2
    values, vectors = np.linalg.eigh(s)
    projected = vectors.T @ v
    filled = values > _TOLERANCE
    if not filled.any() or float(np.abs(projected[~filled]).max(initial=0.0)) > math.sqrt(_TOLERANCE):
        return None
    return math.sqrt(float((projected[filled] ** 2 / values[filled]).sum()))
