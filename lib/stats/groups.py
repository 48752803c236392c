"""Groups compared at follow-up, adjusted for baseline (analysis of covariance).

The model is follow-up = group mean + slope · baseline. With one covariate every quantity is a closed form of sums
within the groups: no matrix is inverted, a million pairs cost three passes (Armitage, Berry & Matthews 2002, ch. 11).

R: `lm(follow_up ~ baseline + group)`, `pairs(emmeans(m, "group"), reverse = TRUE, adjust = "none")`,
`anova(lm(follow_up ~ baseline), m)`, `anova(m, lm(follow_up ~ baseline * group))`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lib.stats import results
from lib.stats.results import Estimate, Floats, Ints, NotComputed, Test

SLOPES_ALPHA = 0.05
_MODEL = "ANCOVA: follow-up on baseline and group"


@dataclass(frozen=True, slots=True)
class AdjustedDifference:
    """Group `second` minus group `first` (codes), in the unit of the score; negative: `second` scores lower."""

    first: int
    second: int
    difference: Estimate
    standard_error: float
    test: Test


@dataclass(frozen=True, slots=True)
class DifferencesAtBaseline:
    """All pairwise differences for patients who start at `baseline`, from the model with one line per group."""

    label: str
    baseline: float
    differences: tuple[AdjustedDifference, ...]


@dataclass(frozen=True, slots=True)
class AncovaResult:
    """Groups at follow-up, adjusted for baseline.

    Attributes:
        n: pairs in the model; `n_per_group` by group code.
        df: residual degrees of freedom, n − groups − 1.
        baseline_mean: mean baseline of all pairs, where the adjusted means stand.
        adjusted_means: one per group code.
        slope: the common slope of follow-up on baseline.
        residual_sd: √(residual sum of squares / df).
        differences: second − first for every pair of codes first < second.
        heterogeneity: F test of group given baseline.
        slopes: F test of baseline × group.
        slopes_differ: slopes p < 0.05; the common difference then describes nobody in particular.
        at_baseline: only then, differences at baseline Q1, median and Q3 (type 7, over all pairs); empty otherwise.
            NotComputed never stands here: where `slopes` has no test there is nothing to show.
        residual_normality: Shapiro–Wilk on the residuals.
    """

    n: int
    n_per_group: tuple[int, ...]
    df: int
    baseline_mean: float
    adjusted_means: tuple[Estimate, ...]
    slope: Estimate
    residual_sd: float
    differences: tuple[AdjustedDifference, ...]
    heterogeneity: Test
    slopes: Test | NotComputed
    slopes_differ: bool
    at_baseline: tuple[DifferencesAtBaseline, ...]
    residual_normality: Test | NotComputed


def adjusted_differences(
    baseline: npt.ArrayLike,
    follow_up: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    groups: int,
    confidence: float = 0.95,
) -> AncovaResult | NotComputed:
    """Baseline-adjusted differences between groups.

    Args:
        baseline: scores before, one per complete pair.
        follow_up: scores after, in the same order and unit.
        group: integer codes 0..groups−1. The caller leaves out groups with fewer than 3 pairs.
        groups: number of groups.
        confidence: level of every interval.

    Returns:
        The model, or NotComputed with fewer than 2 groups, an empty group, no residual degree of freedom, no spread of
        the baseline within the groups, or a follow-up that baseline and group explain completely.

    Raises:
        ValueError: lengths differ, a value is not finite, a code is out of range, confidence is not inside 0..1.
    """
    results.check_confidence(confidence)
    x, y = results.finite(baseline, "baseline"), results.finite(follow_up, "follow-up")
    code = results.codes(group, "group", groups)
    if not x.size == y.size == code.size:
        raise ValueError(f"baseline, follow-up and group differ in length ({x.size}, {y.size}, {code.size})")
    n = int(x.size)
    counts = np.bincount(code, minlength=groups)
    if groups < 2:
        return NotComputed("a difference needs at least 2 groups", n)
    if (counts == 0).any():
        return NotComputed("a group has no pairs", n)
    if n < groups + 2:
        return NotComputed(f"{n} pairs in {groups} groups; at least {groups + 2} are needed", n)
    sums = within_groups(x - x.mean(), y, code, counts)
    if results.negligible(float(sums.sxx.sum()), x):
        return NotComputed("within every group all baseline values are equal, so there is nothing to adjust for", n)
    return _fit(sums, float(x.mean()), x, confidence)


def _fit(sums: GroupSums, center: float, baseline: Floats, confidence: float) -> AncovaResult | NotComputed:
    n, groups = sums.x.size, sums.n.size
    df = n - groups - 1
    sxx = float(sums.sxx.sum())
    slope = float(sums.sxy.sum()) / sxx
    fitted = sums.y_mean[sums.group] + slope * (sums.x - sums.x_mean[sums.group])
    residuals = sums.y - fitted
    rss = float(residuals @ residuals)
    if results.negligible(rss, sums.y, slope * baseline):
        return NotComputed("baseline and group explain every follow-up value exactly, so no test is possible", n)
    sigma = float(np.sqrt(rss / df))
    means = sums.y_mean - slope * sums.x_mean
    mean_errors = sigma * np.sqrt(1.0 / sums.n + sums.x_mean**2 / sxx)
    slopes = slopes_test(sums, slope)
    differ = isinstance(slopes, Test) and slopes.p < SLOPES_ALPHA
    return AncovaResult(
        n=n,
        n_per_group=tuple(int(count) for count in sums.n),
        df=df,
        baseline_mean=center,
        adjusted_means=tuple(
            results.t_estimate("adjusted mean", mean, error, df, confidence, _MODEL)
            for mean, error in zip(means.tolist(), mean_errors.tolist(), strict=True)
        ),
        slope=results.t_estimate("slope on baseline", slope, sigma / sxx**0.5, df, confidence, _MODEL),
        residual_sd=sigma,
        differences=_common_differences(sums, means, sigma, df, confidence),
        heterogeneity=_heterogeneity(sums, fitted, rss / df, df),
        slopes=slopes,
        slopes_differ=differ,
        at_baseline=_at_quartiles(sums, center, baseline, confidence) if differ else (),
        residual_normality=_normality(residuals),
    )


def _difference(
    pair: tuple[int, int], value: float, error: float, df: int, n: int, confidence: float, method: str
) -> AdjustedDifference:
    return AdjustedDifference(
        first=pair[0],
        second=pair[1],
        difference=results.t_estimate("adjusted difference", value, error, df, confidence, method),
        standard_error=float(error),
        test=results.t_test("difference adjusted for baseline", value, error, df, n, method),
    )


def _common_differences(
    sums: GroupSums, means: Floats, sigma: float, df: int, confidence: float
) -> tuple[AdjustedDifference, ...]:
    sxx = float(sums.sxx.sum())
    found = []
    for a, b in combinations(range(sums.n.size), 2):
        error = sigma * np.sqrt(1 / sums.n[a] + 1 / sums.n[b] + (sums.x_mean[b] - sums.x_mean[a]) ** 2 / sxx)
        found.append(_difference((a, b), means[b] - means[a], error, df, sums.x.size, confidence, _MODEL))
    return tuple(found)


def _heterogeneity(sums: GroupSums, fitted: Floats, variance: float, df: int) -> Test:
    """Group given baseline: how far the fit moves when the groups are left out.

    The squares of the difference of the two fits, because the difference of two large sums would lose digits.
    """
    line = (sums.x @ (sums.y - sums.y.mean())) / (sums.x @ sums.x)
    moved = fitted - (sums.y.mean() + line * sums.x)
    numerator = sums.n.size - 1
    f = float(moved @ moved) / numerator / variance
    return results.f_test("group, given baseline", f, numerator, df, sums.x.size, _MODEL)


def _at_quartiles(
    sums: GroupSums, center: float, baseline: Floats, confidence: float
) -> tuple[DifferencesAtBaseline, ...]:
    slopes, rss = own_lines(sums)
    df = sums.x.size - 2 * sums.n.size
    sigma2 = rss / df
    quartiles = np.quantile(baseline, [0.25, 0.5, 0.75])
    found = []
    for label, at in zip(("Q1", "median", "Q3"), quartiles.tolist(), strict=True):
        gap = (at - center) - sums.x_mean
        mean, variance = sums.y_mean + slopes * gap, sigma2 * (1 / sums.n + gap**2 / sums.sxx)
        pairs = tuple(
            _difference(
                (a, b), mean[b] - mean[a], np.sqrt(variance[a] + variance[b]), df, sums.x.size, confidence, LINES_MODEL
            )
            for a, b in combinations(range(sums.n.size), 2)
        )
        found.append(DifferencesAtBaseline(label, at, pairs))
    return tuple(found)


def _normality(residuals: Floats) -> Test | NotComputed:
    n = int(residuals.size)
    if n > 5000:
        return NotComputed(f"{n} residuals; Shapiro–Wilk is not valid above 5,000", n)
    from scipy import stats

    w, p = stats.shapiro(residuals)
    # SciPy's polynomials can leave 0..1 by a rounding error.
    return Test(
        "Shapiro–Wilk on the residuals", "W", min(float(w), 1.0), (), min(max(float(p), 0.0), 1.0), "Royston 1995", n
    )


# Sums within groups for one line through each group, and whether those lines share a slope.

LINES_MODEL = "follow-up on baseline, one line per group"


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Sums within groups.

    `x` is the baseline minus its mean over all pairs, `y` the follow-up, `group` the code, one per pair; the others are
    one per group: pairs, means of x and y, and the centered sums of squares and products.
    """

    x: Floats
    y: Floats
    group: Ints
    n: Floats
    x_mean: Floats
    y_mean: Floats
    sxx: Floats
    sxy: Floats


def within_groups(x: Floats, y: Floats, group: Ints, counts: Ints) -> GroupSums:
    """The sums of `x` (centered) and `y` by group; `counts` pairs per group, none of them 0."""
    n = counts.astype(np.float64)
    x_mean = np.bincount(group, weights=x, minlength=n.size) / n
    y_mean = np.bincount(group, weights=y, minlength=n.size) / n
    dx, dy = x - x_mean[group], y - y_mean[group]
    sxx: Floats = np.bincount(group, weights=dx * dx, minlength=n.size).astype(np.float64)
    sxy: Floats = np.bincount(group, weights=dx * dy, minlength=n.size).astype(np.float64)
    return GroupSums(x, y, group, n, x_mean, y_mean, sxx, sxy)


def own_lines(sums: GroupSums) -> tuple[Floats, float]:
    """Each group's own slope, and the residual sum of squares around these lines."""
    slopes = sums.sxy / sums.sxx
    fitted = sums.y_mean[sums.group] + slopes[sums.group] * (sums.x - sums.x_mean[sums.group])
    residuals = sums.y - fitted
    return slopes, float(residuals @ residuals)


def slopes_test(sums: GroupSums, common: float) -> Test | NotComputed:
    """F test that all groups share the slope `common`: R `anova(lm(y ~ x + group), lm(y ~ x * group))`.

    NotComputed with too few pairs, a group whose baseline does not vary, or no scatter around the lines.
    """
    n, groups = sums.x.size, sums.n.size
    df = n - 2 * groups
    if df < 1:
        return NotComputed(f"{n} pairs; {2 * groups + 1} are needed to compare the slopes of {groups} groups", n)
    if any(results.negligible(float(own), sums.x[sums.group == code]) for code, own in enumerate(sums.sxx)):
        return NotComputed("in one group all baseline values are equal, so it has no slope", n)
    slopes, rss = own_lines(sums)
    if results.negligible(rss, sums.y, slopes[sums.group] * sums.x):
        return NotComputed("each group lies exactly on its own line, so no test is possible", n)
    f = float(((slopes - common) ** 2 * sums.sxx).sum()) / (groups - 1) / (rss / df)
    return results.f_test("baseline × group", f, groups - 1, df, n, LINES_MODEL)


# Difference of two independent means without assuming equal spread (Welch 1947); R `t.test(second, first)`.


@dataclass(frozen=True, slots=True)
class WelchResult:
    """Mean of `second` minus mean of `first`, in the unit of the values, with both means and SDs (ddof 1)."""

    difference: Estimate
    standard_error: float
    test: Test
    n_first: int
    n_second: int
    mean_first: float
    mean_second: float
    sd_first: float
    sd_second: float


def welch_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, confidence: float = 0.95
) -> WelchResult | NotComputed:
    """Welch's t test and interval of mean(second) − mean(first).

    Args:
        first: values of the first group, for instance its changes.
        second: values of the second group.
        confidence: level of the interval.

    Returns:
        The difference, or NotComputed when a group has fewer than 2 values or neither group varies.

    Raises:
        ValueError: a value is not finite, or confidence is not inside 0..1.
    """
    results.check_confidence(confidence)
    a, b = results.finite(first, "first"), results.finite(second, "second")
    n = int(a.size + b.size)
    if min(a.size, b.size) < 2:
        return NotComputed(f"groups of {a.size} and {b.size}; at least 2 in each are needed", n)
    variances = [float(np.var(v, ddof=1)) for v in (a, b)]
    sums = [v * (x.size - 1) for v, x in zip(variances, (a, b), strict=True)]
    variances = [0.0 if results.negligible(s, x) else v for s, x, v in zip(sums, (a, b), variances, strict=True)]
    if max(variances) == 0.0:
        return NotComputed("all values within each group are equal, so no test is possible", n)
    parts = [v / x.size for v, x in zip(variances, (a, b), strict=True)]
    error = float(np.sqrt(sum(parts)))
    # Shares of the larger part instead of raw squares: no underflow on tiny units.
    shares = [part / sum(parts) for part in parts]
    df = 1.0 / sum(share**2 / (x.size - 1) for share, x in zip(shares, (a, b), strict=True))
    value = float(b.mean() - a.mean())
    return WelchResult(
        difference=results.t_estimate("difference of means", value, error, df, confidence, "Welch"),
        standard_error=error,
        test=results.t_test("Welch t test", value, error, df, n, "unequal variances, Satterthwaite df"),
        n_first=int(a.size),
        n_second=int(b.size),
        mean_first=float(a.mean()),
        mean_second=float(b.mean()),
        sd_first=float(np.sqrt(variances[0])),
        sd_second=float(np.sqrt(variances[1])),
    )
