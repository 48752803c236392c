"""Sums within groups for one line through each group, and whether those lines share a slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.stats import wald
from lib.stats.results import NotComputed, Test
from lib.stats.wald import Floats, Ints

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
    if any(wald.negligible(float(own), sums.x[sums.group == code]) for code, own in enumerate(sums.sxx)):
        return NotComputed("in one group all baseline values are equal, so it has no slope", n)
    slopes, rss = own_lines(sums)
    if wald.negligible(rss, sums.y, slopes[sums.group] * sums.x):
        return NotComputed("each group lies exactly on its own line, so no test is possible", n)
    f = float(((slopes - common) ** 2 * sums.sxx).sum()) / (groups - 1) / (rss / df)
    return wald.f_test("baseline × group", f, groups - 1, df, n, LINES_MODEL)
