"""What a mixed model gives back (see `mixed.fit_mixed`); codes are the caller's, 0 the baseline or the first group."""

from __future__ import annotations

from dataclasses import dataclass

from lib.stats.results import Estimate, NotComputed, Test


@dataclass(frozen=True, slots=True)
class FixedEffect:
    """A coefficient against group 0 at occasion 0: `occasion` and `group` say of which codes (0, 0: the intercept)."""

    occasion: int
    group: int
    estimate: Estimate
    standard_error: float
    test: Test


@dataclass(frozen=True, slots=True)
class OccasionMean:
    """Estimated mean of a group at an occasion, n values seen there."""

    group: int
    occasion: int
    n: int
    mean: Estimate
    standard_error: float
    df: float


@dataclass(frozen=True, slots=True)
class OccasionChange:
    """Follow-up minus baseline (occasion − occasion 0) within one group."""

    group: int
    occasion: int
    change: Estimate
    standard_error: float
    test: Test


@dataclass(frozen=True, slots=True)
class ChangeDifference:
    """Change of group `second` minus change of group `first`, from occasion 0 to `occasion`."""

    first: int
    second: int
    occasion: int
    difference: Estimate
    standard_error: float
    test: Test


@dataclass(frozen=True, slots=True)
class MixedResult:
    """The mixed model.

    Attributes:
        n_observations: values used; `n_patients` patients with at least one.
        patient_variance: between patients; `residual_variance` within; `intraclass` = between / (between + within).
        log_likelihood: restricted.
        df_within: observations − patients − within-patient columns; `df_between`: patients − groups.
        fixed: coefficients in R's order: intercept, occasions, groups, then group × occasion.
        means: every group at every occasion, group by group.
        changes: every group's follow-ups against occasion 0.
        change_differences: for every pair of groups and every follow-up; empty without groups.
        occasion: F test, averaged equally over the groups (`anova(type = "marginal")` with contr.sum).
        group: F test, averaged equally over the occasions (contr.sum); NotComputed without groups.
        interaction: F test of group × occasion (the same under every coding); NotComputed without groups.
        occasion_in_first_group: F test as `anova(type = "marginal")` prints under R's default coding: group 0 alone.
        group_at_baseline: likewise: the groups at occasion 0; NotComputed without groups.
    """

    n_observations: int
    n_patients: int
    occasions: int
    groups: int
    patient_variance: float
    residual_variance: float
    intraclass: float
    log_likelihood: float
    df_within: int
    df_between: int
    fixed: tuple[FixedEffect, ...]
    means: tuple[OccasionMean, ...]
    changes: tuple[OccasionChange, ...]
    change_differences: tuple[ChangeDifference, ...]
    occasion: Test
    group: Test | NotComputed
    interaction: Test | NotComputed
    occasion_in_first_group: Test
    group_at_baseline: Test | NotComputed
