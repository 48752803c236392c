"""Table 1: one variable described, overall or in a group, and a test between groups. Balance is in `balance`.

All arrays are one group's patients; NaN (or a negative code) is missing: counted, never a category.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lib.stats.balance import smd_categorical, smd_numeric
from lib.stats.histogram import Histogram
from lib.stats.integers import FloatArray, resolution_of, to_counts
from lib.stats.normality import MOST_VALUES, shapiro_wilk
from lib.stats.ranks import kruskal_wallis, mann_whitney
from lib.stats.results import NotComputed, Test
from lib.stats.summaries import Summary, summarise

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
REJECTED_BELOW = 0.05


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
    if shapiro.p < REJECTED_BELOW:
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
    present = [kept for group in groups if (kept := _present(group)).size]
    if len(present) < 2:
        return NotComputed("fewer than two groups have values", sum(kept.size for kept in present))
    if shown == "median [Q1, Q3]":
        return mann_whitney(present[0], present[1]) if len(present) == 2 else kruskal_wallis(present)
    if len(present) > 2:
        return welch_anova(present)
    from lib.stats.welch import welch_difference  # brings SciPy along, which starting the app need not wait for

    result = welch_difference(present[0], present[1])
    return result if isinstance(result, NotComputed) else result.test


def welch_anova(groups: Sequence[FloatArray]) -> Test | NotComputed:
    """Welch's one-way ANOVA of two or more groups without missing values; R `oneway.test(var.equal = FALSE)`.

    Source: Welch, Biometrika 1951;38:330. `NotComputed` when a group has fewer than 2 values or no spread of its own.
    """
    from scipy.special import fdtrc

    n = sum(int(group.size) for group in groups)
    if any(group.size < 2 for group in groups):
        return NotComputed("a group has fewer than 2 values", n)
    if any(group.min() == group.max() for group in groups):
        return NotComputed("all values in a group are equal", n)
    k = len(groups)
    sizes = np.array([group.size for group in groups], dtype=float)
    means = np.array([group.mean() for group in groups])
    weights = sizes / np.array([group.var(ddof=1) for group in groups])
    shares = weights / weights.sum()
    unevenness = float(((1 - shares) ** 2 / (sizes - 1)).sum())
    between = float((weights * (means - (shares * means).sum()) ** 2).sum()) / (k - 1)
    f = between / (1 + 2 * (k - 2) / (k * k - 1) * unevenness)
    df2 = (k * k - 1) / (3 * unevenness)
    return Test("Welch ANOVA", "F", f, (float(k - 1), df2), float(fdtrc(k - 1, df2, f)), "unequal variances", n)


def _shapiro(present: FloatArray) -> Test | NotComputed:
    n = int(present.size)
    if n < 3:
        return NotComputed(f"{n} {'value' if n == 1 else 'values'}; at least 3 are needed", n)
    if n > MOST_VALUES:
        return NotComputed(f"the Shapiro–Wilk test is not valid above {MOST_VALUES} patients", n)
    if present.min() == present.max():
        return NotComputed(f"all {n} values are equal", n)
    return shapiro_wilk(Histogram.of(to_counts(present, resolution_of(present))))


def _present(values: FloatArray) -> FloatArray:
    array = np.asarray(values, dtype=float)
    present: FloatArray = array[~np.isnan(array)]
    return present
