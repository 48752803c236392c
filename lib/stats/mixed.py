"""More than two time points: a mixed model with a random intercept per patient, all patients with a value.

y ~ time point, or y ~ group × time point (both categorical), REML. Assumes values missing at random. The fit is
`reml.py`; here its cell means become fixed effects, changes, differences of changes and marginal F tests, with the
degrees of freedom of R's nlme: within patients for everything with a time point, patients − groups for a group. R: `m
<- nlme::lme(y ~ time_point * group, random = ~ 1 | patient)`, `summary(m)$tTable`, `anova(m, type = "marginal")`,
`emmeans(m, ~ time_point | group)` (containment df).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lib.stats import results
from lib.stats.reml import InterceptFit, fit_random_intercept
from lib.stats.results import Estimate, Floats, NotComputed, Test

__all__ = ["ChangeDifference", "FixedEffect", "MixedResult", "TimePointChange", "TimePointMean", "fit_mixed"]

_METHOD = "mixed model, random intercept, REML"


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The fit with what every contrast of it needs; a contrast is a vector over the cells (groups, time points)."""

    fit: InterceptFit
    time_points: int
    groups: int
    df_within: int
    df_between: int
    confidence: float

    def cell(self, group: int, time_point: int) -> Floats:
        vector = np.zeros(self.groups * self.time_points)
        vector[group * self.time_points + time_point] = 1.0
        return vector

    def change(self, group: int, time_point: int) -> Floats:
        return self.cell(group, time_point) - self.cell(group, 0)

    def value(self, vector: Floats) -> tuple[float, float]:
        """Estimate and standard error of one contrast."""
        return float(vector @ self.fit.means), float(np.sqrt(vector @ self.fit.covariance @ vector))

    def estimate(self, name: str, vector: Floats, df: float) -> tuple[Estimate, float]:
        value, error = self.value(vector)
        return results.t_estimate(name, value, error, df, self.confidence, _METHOD), error

    def t_test(self, name: str, vector: Floats, df: float) -> Test:
        return results.t_test(name, *self.value(vector), df, self.fit.n_observations, _METHOD)

    def f_test(self, name: str, rows: list[Floats], df: float) -> Test:
        contrast = np.array(rows)
        value = contrast @ self.fit.means
        f = float(value @ np.linalg.solve(contrast @ self.fit.covariance @ contrast.T, value)) / len(rows)
        return results.f_test(name, f, len(rows), df, self.fit.n_observations, _METHOD)


def fit_mixed(
    y: npt.ArrayLike,
    time_point: npt.ArrayLike,
    patient: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    time_points: int,
    groups: int = 1,
    confidence: float = 0.95,
) -> MixedResult | NotComputed:
    """Fit y ~ time point (one group) or y ~ group × time point with a random intercept per patient.

    Args:
        y: values in long form, one per patient and time point that has one, in any order.
        time_point: codes 0..time points−1; 0 is the baseline.
        patient: integer codes; a patient has at most one value per time point.
        group: codes 0..groups−1, constant within a patient; None for one group.
        time_points: number of time points, at least 2.
        groups: number of groups.
        confidence: level of every interval.

    Returns:
        The model, or NotComputed: fewer than 2 time points, a group without values at an time point, too few repeated
        values, no variation, not converged.

    Raises:
        ValueError: lengths differ, a value is not finite, codes out of range, a patient twice at one time point or
            in two groups, confidence not inside 0..1.
    """
    results.check_confidence(confidence)
    values = results.finite(y, "y")
    when = results.codes(time_point, "time point", time_points)
    who = np.asarray(patient) if values.size else np.zeros(0, dtype=np.int64)
    if not np.issubdtype(who.dtype, np.integer):
        raise ValueError("patient must be a one-dimensional array of integer codes")
    where = np.zeros(when.size, dtype=np.int64) if group is None else results.codes(group, "group", groups)
    if not values.size == when.size == who.size == where.size:
        raise ValueError("y, time point, patient and group differ in length")
    n = int(values.size)
    if time_points < 2:
        return NotComputed("a change needs at least 2 time points", n)
    patients = int(np.unique(who).size)
    df_within = n - patients - (time_points - 1) * groups
    df_between = patients - groups
    if min(df_within, df_between) < 1:
        return NotComputed(f"{n} values of {patients} patients; too few repeated values for this model", n)
    fit = fit_random_intercept(values, when, who.astype(np.int64), where, time_points=time_points, groups=groups)
    if isinstance(fit, NotComputed):
        return fit
    return _result(_Model(fit, time_points, groups, df_within, df_between, confidence))


def _result(model: _Model) -> MixedResult:
    fit, grouped = model.fit, model.groups > 1
    followups = range(1, model.time_points)
    absent = NotComputed("there is one group", fit.n_observations)
    interaction = [model.change(g, o) - model.change(0, o) for g in range(1, model.groups) for o in followups]
    mean_change = [sum((model.change(g, o) for g in range(model.groups)), np.zeros(fit.means.size)) for o in followups]
    baseline_gap = [model.cell(g, 0) - model.cell(0, 0) for g in range(1, model.groups)]
    return MixedResult(
        n_observations=fit.n_observations,
        n_patients=fit.n_patients,
        time_points=model.time_points,
        groups=model.groups,
        patient_variance=fit.patient_variance,
        residual_variance=fit.residual_variance,
        intraclass=fit.patient_variance / (fit.patient_variance + fit.residual_variance),
        log_likelihood=fit.log_likelihood,
        df_within=model.df_within,
        df_between=model.df_between,
        fixed=_fixed(model),
        means=_means(model),
        changes=_changes(model),
        change_differences=_change_differences(model),
        time_point=model.f_test("time point", mean_change, model.df_within),
        group=model.f_test("group", _mean_gaps(model), model.df_between) if grouped else absent,
        interaction=model.f_test("group × time point", interaction, model.df_within) if grouped else absent,
        time_point_in_first_group=model.f_test(
            "time point, first group", [model.change(0, o) for o in followups], model.df_within
        ),
        group_at_baseline=model.f_test("group, at baseline", baseline_gap, model.df_between) if grouped else absent,
    )


def _mean_gaps(model: _Model) -> list[Floats]:
    return [
        sum((model.cell(g, o) - model.cell(0, o) for o in range(model.time_points)), np.zeros(model.fit.means.size))
        for g in range(1, model.groups)
    ]


def _fixed(model: _Model) -> tuple[FixedEffect, ...]:
    followups, others = range(1, model.time_points), range(1, model.groups)
    terms = [(0, 0, model.cell(0, 0), model.df_within)]
    terms += [(o, 0, model.change(0, o), model.df_within) for o in followups]
    terms += [(0, g, model.cell(g, 0) - model.cell(0, 0), model.df_between) for g in others]
    terms += [(o, g, model.change(g, o) - model.change(0, o), model.df_within) for g in others for o in followups]
    found = []
    for time_point, group, vector, df in terms:
        estimate, error = model.estimate("fixed effect", vector, df)
        found.append(FixedEffect(time_point, group, estimate, error, model.t_test("fixed effect", vector, df)))
    return tuple(found)


def _means(model: _Model) -> tuple[TimePointMean, ...]:
    # Containment: a mean holds both kinds of variation, so it takes the smaller of the two degrees of freedom.
    df = min(model.df_between, model.df_within)
    found = []
    for g in range(model.groups):
        for o in range(model.time_points):
            estimate, error = model.estimate("estimated mean", model.cell(g, o), df)
            found.append(TimePointMean(g, o, int(model.fit.counts[g, o]), estimate, error, float(df)))
    return tuple(found)


def _changes(model: _Model) -> tuple[TimePointChange, ...]:
    found = []
    for g in range(model.groups):
        for o in range(1, model.time_points):
            vector = model.change(g, o)
            estimate, error = model.estimate("change from baseline", vector, model.df_within)
            test = model.t_test("change from baseline", vector, model.df_within)
            found.append(TimePointChange(g, o, estimate, error, test))
    return tuple(found)


def _change_differences(model: _Model) -> tuple[ChangeDifference, ...]:
    found = []
    for a, b in combinations(range(model.groups), 2):
        for o in range(1, model.time_points):
            vector = model.change(b, o) - model.change(a, o)
            estimate, error = model.estimate("difference of changes", vector, model.df_within)
            test = model.t_test("difference of changes", vector, model.df_within)
            found.append(ChangeDifference(a, b, o, estimate, error, test))
    return tuple(found)


# What a mixed model gives back (see `mixed.fit_mixed`); codes are the caller's, 0 the baseline or the first group.


@dataclass(frozen=True, slots=True)
class FixedEffect:
    """A coefficient against group 0 at time point 0; `time_point` and `group` are its codes (0, 0: the intercept)."""

    time_point: int
    group: int
    estimate: Estimate
    standard_error: float
    test: Test


@dataclass(frozen=True, slots=True)
class TimePointMean:
    """Estimated mean of a group at an time point, n values seen there."""

    group: int
    time_point: int
    n: int
    mean: Estimate
    standard_error: float
    df: float


@dataclass(frozen=True, slots=True)
class TimePointChange:
    """Follow-up minus baseline (time point − time point 0) within one group."""

    group: int
    time_point: int
    change: Estimate
    standard_error: float
    test: Test


@dataclass(frozen=True, slots=True)
class ChangeDifference:
    """Change of group `second` minus change of group `first`, from time point 0 to `time_point`."""

    first: int
    second: int
    time_point: int
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
        fixed: coefficients in R's order: intercept, time points, groups, then group × time point.
        means: every group at every time point, group by group.
        changes: every group's follow-ups against time point 0.
        change_differences: for every pair of groups and every follow-up; empty without groups.
        time_point: F test, averaged equally over the groups (`anova(type = "marginal")` with contr.sum).
        group: F test, averaged equally over the time points (contr.sum); NotComputed without groups.
        interaction: F test of group × time point (the same under every coding); NotComputed without groups.
        time_point_in_first_group: F test as `anova(type = "marginal")` prints under R's default coding: group 0 alone.
        group_at_baseline: likewise: the groups at time point 0; NotComputed without groups.
    """

    n_observations: int
    n_patients: int
    time_points: int
    groups: int
    patient_variance: float
    residual_variance: float
    intraclass: float
    log_likelihood: float
    df_within: int
    df_between: int
    fixed: tuple[FixedEffect, ...]
    means: tuple[TimePointMean, ...]
    changes: tuple[TimePointChange, ...]
    change_differences: tuple[ChangeDifference, ...]
    time_point: Test
    group: Test | NotComputed
    interaction: Test | NotComputed
    time_point_in_first_group: Test
    group_at_baseline: Test | NotComputed
