"""Three to six time points: means per group and time point with an unstructured covariance, by REML (MMRM).

Fisher scoring on the variances and covariances themselves: the structure is linear in them, so Kenward & Roger's
adjustment (expected information) needs no second derivatives. Patients are gathered by which time points they have, so
an iteration costs the same for ten patients and for a million. No library call: statsmodels 0.15.0 has no unstructured
residual covariance. A cell without a value takes its contrasts with it, not the model.

Source: Kenward & Roger, Biometrics 1997;53:983. R: `nlme::gls(y ~ group * time, correlation = corSymm(form = ~ time |
patient), weights = varIdent(form = ~ 1 | time))`, `mmrm::mmrm(us(time | patient), method = "Kenward-Roger")`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import special

from lib.stats import results
from lib.stats.mixed import ChangeDifference, TimePointChange, TimePointMean
from lib.stats.results import Estimate, Floats, Interval, Ints, NotComputed, Test

FEWEST_AT_TIME, FEWEST_AT_BOTH, FEWEST_REPEATED = 5, 3, 10
FEWEST_TIMES, MOST_TIMES = 3, 6
LARGE = 500
"""Above this many patients: the standard error as it is, and the normal distribution."""
_STEPS, _CLOSE = 100, 1e-11
KENWARD_ROGER, NORMAL = "MMRM, unstructured covariance, REML, Kenward–Roger", "MMRM, unstructured covariance, REML, z"


@dataclass(frozen=True, slots=True)
class RepeatedResult:
    """The model for repeated measures; a contrast with an empty cell is in none of the tuples.

    Attributes:
        covariance: of the values of one patient, (time points, time points).
        log_likelihood: restricted; `aic` −2 of it + 2 · (means and covariances).
        means, changes, change_differences: as in `mixed.MixedResult`.
        time_point: the change over time, averaged over the groups that have it; `interaction`: do groups run apart.
        empty: (group, time point) without any value.
    """

    n_observations: int
    n_patients: int
    time_points: int
    groups: int
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float
    aic: float
    means: tuple[TimePointMean, ...]
    changes: tuple[TimePointChange, ...]
    change_differences: tuple[ChangeDifference, ...]
    time_point: Test | NotComputed
    interaction: Test | NotComputed
    empty: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Per pattern of time points and group: patients, totals and cross-products of residuals; 0 where not seen."""

    seen: npt.NDArray[np.bool_]  # (patterns, t)
    counts: Floats  # (patterns, groups)
    totals: Floats  # (patterns, groups, t)
    squares: Floats  # (patterns, t, t), groups together


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Everything at one covariance matrix; `phi` (groups, t, t) is 0 in empty cells."""

    sigma: Floats
    shift: Floats
    phi: Floats
    slopes: Floats  # (k, groups, t, t): X′V⁻¹V̇V⁻¹X
    score: Floats
    information: Floats
    inverse: Floats  # (patterns, t, t)
    deviance: float


def fit_repeated(
    y: npt.ArrayLike,
    time_point: npt.ArrayLike,
    patient: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    time_points: int,
    groups: int = 1,
    confidence: float = 0.95,
) -> RepeatedResult | NotComputed:
    """Fit y ~ group × time point with an unstructured covariance; arguments as `mixed.fit_mixed`.

    Returns:
        The model, or NotComputed: other than 3 to 6 time points, fewer than 5 patients at one, fewer than 3 at a pair
        of them, fewer than 10 with two values, or no convergence.
    """
    results.check_confidence(confidence)
    values = results.finite(y, "y")
    n = int(values.size)
    if not FEWEST_TIMES <= time_points <= MOST_TIMES:
        return NotComputed(f"{time_points} time points; an unstructured covariance is for 3 to 6", n)
    when = results.codes(time_point, "time point", time_points)
    where = np.zeros(n, dtype=np.int64) if group is None else results.codes(group, "group", groups)
    labels, row = np.unique(np.asarray(patient), return_inverse=True)
    wide = np.full((labels.size, time_points), np.nan)
    wide[row, when] = values
    if int(np.count_nonzero(~np.isnan(wide))) != n:
        raise ValueError("a patient has two values at one time point")
    own = np.zeros(labels.size, dtype=np.int64)
    own[row] = where
    absent = _too_few(~np.isnan(wide))
    if absent is not None:
        return absent
    counts = np.zeros((groups, time_points))
    np.add.at(counts, (where, when), 1.0)
    raw = np.zeros_like(counts)
    np.add.at(raw, (where, when), values)
    raw = np.divide(raw, counts, out=raw, where=counts > 0)
    residual = wide - raw[own]
    if results.negligible(float(np.nansum(residual**2)), values):
        return NotComputed("at each time point all values are equal, so there is no variation to model", n)
    sums = _gather(residual, own, groups)
    fit = _scoring(sums, _start(residual))
    if fit is None:
        return NotComputed("the unstructured covariance did not converge", n)
    cells = int(np.count_nonzero(counts))
    log_likelihood = -(fit.deviance + (n - cells) * float(np.log(2.0 * np.pi))) / 2.0
    parameters = cells + time_points * (time_points + 1) // 2
    model = _Model(fit, sums, raw + fit.shift, counts, labels.size, n, confidence)
    return RepeatedResult(
        n_observations=n,
        n_patients=int(labels.size),
        time_points=time_points,
        groups=groups,
        covariance=tuple(tuple(r) for r in fit.sigma.tolist()),
        log_likelihood=log_likelihood,
        aic=-2.0 * log_likelihood + 2.0 * parameters,
        means=model.means(),
        changes=model.changes(),
        change_differences=model.differences(),
        time_point=model.over_time(),
        interaction=model.apart(),
        empty=tuple((int(g), int(t)) for g, t in np.argwhere(counts == 0)),
    )


def _too_few(seen: npt.NDArray[np.bool_]) -> NotComputed | None:
    both = seen.astype(np.int64).T @ seen.astype(np.int64)
    n = int(seen.sum())
    fewest = int(np.diag(both).min())
    if fewest < FEWEST_AT_TIME:
        return NotComputed(f"{fewest} patients at one time point; an unstructured covariance needs {FEWEST_AT_TIME}", n)
    if both.min() < FEWEST_AT_BOTH:
        return NotComputed(f"{both.min()} patients at two time points; a covariance needs {FEWEST_AT_BOTH}", n)
    repeated = int(np.count_nonzero(seen.sum(axis=1) > 1))
    if repeated < FEWEST_REPEATED:
        return NotComputed(f"{repeated} patients with two values; at least {FEWEST_REPEATED} are needed", n)
    return None


def _gather(residual: Floats, own: Ints, groups: int) -> _Sums:
    seen = ~np.isnan(residual)
    code = seen @ (1 << np.arange(seen.shape[1]))
    patterns, place = np.unique(code, return_inverse=True)
    filled = np.where(seen, residual, 0.0)
    t = seen.shape[1]
    counts, totals = np.zeros((patterns.size, groups)), np.zeros((patterns.size, groups, t))
    squares = np.zeros((patterns.size, t, t))
    np.add.at(counts, (place, own), 1.0)
    np.add.at(totals, (place, own), filled)
    for p in range(patterns.size):
        rows = filled[place == p]
        squares[p] = rows.T @ rows
    known = (patterns[:, None] >> np.arange(t)) & 1 == 1
    return _Sums(known, counts, totals, squares)


def _start(residual: Floats) -> Floats:
    """Variances as they are, correlations of a half: positive definite whatever is missing."""
    spread = np.sqrt(np.nanmean(residual**2, axis=0))
    spread = np.maximum(spread, 1e-6 * spread.max())
    found: Floats = np.outer(spread, spread) * (0.5 + 0.5 * np.eye(spread.size))
    return found


def _basis(t: int) -> tuple[Floats, tuple[Ints, Ints]]:
    i, j = np.triu_indices(t)
    units = np.zeros((i.size, t, t))
    units[np.arange(i.size), i, j] = 1.0
    units[np.arange(i.size), j, i] = 1.0
    return units, (i, j)


def _scoring(sums: _Sums, sigma: Floats) -> _Fit | None:
    """Fisher scoring; a step that leaves the positive definite matrices or raises the deviance is halved."""
    units, (i, j) = _basis(sigma.shape[0])
    fit = _at(sums, sigma, units)
    for _ in range(_STEPS):
        if fit is None:
            return None
        step = np.linalg.solve(fit.information, fit.score)
        size = 1.0
        while size > 1e-6:
            moved = fit.sigma + size * np.einsum("k,kij->ij", step, units)
            after = _at(sums, moved, units) if np.linalg.eigvalsh(moved)[0] > 0 else None
            if after is not None and after.deviance <= fit.deviance + 1e-9:
                break
            size /= 2.0
        else:
            return None
        scale = np.sqrt(np.diag(fit.sigma))
        close = np.abs(size * step / (scale[i] * scale[j])).max() < _CLOSE
        fit = after
        if close:
            return fit
    return None


def _at(sums: _Sums, sigma: Floats, units: Floats) -> _Fit | None:
    patterns, t = sums.seen.shape
    inverse, log_det = np.zeros((patterns, t, t)), np.zeros(patterns)
    for p, seen in enumerate(sums.seen):
        part = sigma[np.ix_(seen, seen)]
        sign, log_det[p] = np.linalg.slogdet(part)
        if sign <= 0:
            return None
        inverse[p][np.ix_(seen, seen)] = np.linalg.inv(part)
    groups = sums.counts.shape[1]
    needs = np.einsum("pg,pij->gij", sums.counts, inverse)
    filled = np.einsum("gii->gi", needs) > 0
    phi, shift, log_cells = np.zeros((groups, t, t)), np.zeros((groups, t)), 0.0
    right = np.einsum("pij,pgj->gi", inverse, sums.totals)
    for g in range(groups):
        cells = np.ix_(filled[g], filled[g])
        phi[g][cells] = np.linalg.inv(needs[g][cells])
        shift[g] = phi[g] @ right[g]
        log_cells += float(np.linalg.slogdet(needs[g][cells])[1])
    n_p = sums.counts.sum(axis=1)
    outer = np.einsum("pgi,gj->pij", sums.totals, shift)
    spread = sums.squares - outer - np.swapaxes(outer, 1, 2) + np.einsum("pg,gi,gj->pij", sums.counts, shift, shift)
    between = np.einsum("pij,kjl,plm->pkim", inverse, units, inverse)  # V⁻¹V̇V⁻¹
    slopes = np.einsum("pg,pkim->kgim", sums.counts, between)
    around = spread + np.einsum("pg,gij->pij", sums.counts, phi)
    seen = np.einsum("pi,pj->pij", sums.seen, sums.seen)
    around = around * seen  # a shift is of cells the pattern does not have, too
    score = 0.5 * (np.einsum("pkij,pji->k", between, around) - np.einsum("p,pij,kji->k", n_p, inverse, units))
    held = np.einsum("pg,gij->pij", sums.counts, phi)
    triple = np.einsum("pkij,ljm,pmn->pklin", between, units, inverse)
    turned = np.einsum("kgij,gjm->kgim", slopes, phi)
    information = 0.5 * (
        np.einsum("p,pkij,lji->kl", n_p, between, units)
        - 2.0 * np.einsum("pklij,pji->kl", triple, held)
        + np.einsum("kgij,lgji->kl", turned, turned)
    )
    deviance = float(n_p @ log_det) + log_cells + float(np.einsum("pij,pji->", inverse, spread * seen))
    return _Fit(sigma, shift, phi, slopes, score, (information + information.T) / 2.0, inverse, deviance)


class _Model:
    """Contrasts of the fitted means; a contrast is (groups, time points)."""

    def __init__(
        self, fit: _Fit, sums: _Sums, means: Floats, counts: Floats, patients: int, n: int, confidence: float
    ) -> None:
        self.fit, self.value_of, self.counts, self.n, self.confidence = fit, means, counts, n, confidence
        self.normal = patients > LARGE
        self.method = NORMAL if self.normal else KENWARD_ROGER
        self.spread = np.linalg.inv(fit.information)
        self.adjusted = fit.phi if self.normal else fit.phi + 2.0 * self._bias(sums)

    def _bias(self, sums: _Sums) -> Floats:
        """Λ of Kenward & Roger, group by group (their means share no cell)."""
        fit = self.fit
        units, _ = _basis(fit.sigma.shape[0])
        left = np.einsum("pij,kjl->pkil", fit.inverse, units)
        quadratic = np.einsum("kl,pkij,pljm,pmn->pin", self.spread, left, left, fit.inverse)
        curved = np.einsum("pg,pij->gij", sums.counts, quadratic)
        curved -= np.einsum("kl,kgij,gjm,lgmn->gin", self.spread, fit.slopes, fit.phi, fit.slopes)
        found: Floats = np.einsum("gij,gjm,gmn->gin", fit.phi, curved, fit.phi)
        return found

    def cell(self, group: int, time_point: int) -> Floats:
        vector = np.zeros(self.counts.shape)
        vector[group, time_point] = 1.0
        return vector

    def change(self, group: int, time_point: int) -> Floats:
        return self.cell(group, time_point) - self.cell(group, 0)

    def has(self, group: int, time_point: int = 0) -> bool:
        """Whether a change can be estimated: values at both ends."""
        return bool(self.counts[group, 0] > 0 and self.counts[group, time_point] > 0)

    def _moments(self, rows: list[Floats]) -> tuple[float, float]:
        """A1 and A2 of the contrasts."""
        at = np.array(rows)
        each = np.einsum("qgi,gij,rgj->qr", at, self.fit.phi, at)
        turned = np.einsum("qgi,gij,kgjm,gmn,rgn->kqr", at, self.fit.phi, self.fit.slopes, self.fit.phi, at)
        share = np.linalg.solve(each, turned)
        trace = np.einsum("kqq->k", share)
        first = float(trace @ self.spread @ trace)
        return first, float(np.einsum("kl,kqr,lrq->", self.spread, share, share))

    def one(self, name: str, vector: Floats) -> tuple[Estimate, float, float, Test]:
        """Estimate, standard error, df, test."""
        value = float((vector * self.value_of).sum())
        error = float(np.sqrt(np.einsum("gi,gij,gj->", vector, self.adjusted, vector)))
        if self.normal:
            half = float(special.ndtri((1.0 + self.confidence) / 2.0)) * error
            interval = Interval(value - half, value + half, self.confidence, self.method)
            p = float(2.0 * special.ndtr(-abs(value / error)))
            test = Test(name, "z", value / error, (), p, self.method, self.n)
            return Estimate(name, value, interval), error, float(self.n), test
        df = 2.0 / self._moments([vector])[1]
        estimate = results.t_estimate(name, value, error, df, self.confidence, self.method)
        return estimate, error, df, results.t_test(name, value, error, df, self.n, self.method)

    def many(self, name: str, rows: list[Floats]) -> Test | NotComputed:
        """Wald test of several contrasts, scaled as Kenward & Roger; above 500 patients χ²."""
        if not rows:
            return NotComputed("no contrast has values at both time points", self.n)
        q = len(rows)
        at = np.array(rows)
        value = np.einsum("qgi,gi->q", at, self.value_of)
        spread = np.einsum("qgi,gij,rgj->qr", at, self.adjusted, at)
        wald = float(value @ np.linalg.solve(spread, value))
        if self.normal:
            return Test(name, "χ²", wald, (float(q),), float(special.chdtrc(q, wald)), self.method, self.n)
        first, second = self._moments(rows)
        if q == 1:
            return results.f_test(name, wald, 1, 2.0 / second, self.n, self.method)
        b = (first + 6.0 * second) / (2.0 * q)
        g = ((q + 1) * first - (q + 4) * second) / ((q + 2) * second)
        below = 3.0 * q + 2.0 * (1.0 - g)
        c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
        expected = 1.0 / (1.0 - second / q)
        variance = 2.0 / q * (1.0 + c1 * b) / ((1.0 - c2 * b) ** 2 * (1.0 - c3 * b))
        rho = variance / (2.0 * expected**2)
        if q * rho <= 1.0:
            return NotComputed("too few patients for a test of all changes together", self.n)
        df = 4.0 + (q + 2.0) / (q * rho - 1.0)
        return results.f_test(name, wald / q * df / (expected * (df - 2.0)), q, df, self.n, self.method)

    def means(self) -> tuple[TimePointMean, ...]:
        found = []
        for g, o in np.argwhere(self.counts > 0).tolist():
            estimate, error, df, _ = self.one("estimated mean", self.cell(g, o))
            found.append(TimePointMean(g, o, int(self.counts[g, o]), estimate, error, df))
        return tuple(found)

    def changes(self) -> tuple[TimePointChange, ...]:
        found = []
        for g in range(len(self.counts)):
            for o in range(1, self.counts.shape[1]):
                if self.has(g, o):
                    estimate, error, _, test = self.one("change from baseline", self.change(g, o))
                    found.append(TimePointChange(g, o, estimate, error, test))
        return tuple(found)

    def differences(self) -> tuple[ChangeDifference, ...]:
        found = []
        for a, b in combinations(range(len(self.counts)), 2):
            for o in range(1, self.counts.shape[1]):
                if self.has(a, o) and self.has(b, o):
                    vector = self.change(b, o) - self.change(a, o)
                    estimate, error, _, test = self.one("difference of changes", vector)
                    found.append(ChangeDifference(a, b, o, estimate, error, test))
        return tuple(found)

    def over_time(self) -> Test | NotComputed:
        rows = []
        for o in range(1, self.counts.shape[1]):
            own = [self.change(g, o) for g in range(len(self.counts)) if self.has(g, o)]
            if own:
                rows.append(np.asarray(sum(own, np.zeros(self.counts.shape)) / len(own)))
        return self.many("time point", rows)

    def apart(self) -> Test | NotComputed:
        if len(self.counts) < 2:
            return NotComputed("there is one group", self.n)
        rows = []
        for o in range(1, self.counts.shape[1]):
            own = [g for g in range(len(self.counts)) if self.has(g, o)]
            rows += [self.change(g, o) - self.change(own[0], o) for g in own[1:]]
        return self.many("group × time point", rows)
