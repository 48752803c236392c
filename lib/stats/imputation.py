"""Multiple imputation by chained equations: m completed cohorts, so that what is missing adds its uncertainty.

Own code, since statsmodels 0.15.0 `MICEData` does not do what is needed: it matches only (no normal draws, which a mean
needs), its matching takes perturbed coefficients on both sides (type 2; `mice` 3.15 uses type 1) and the residual
variance is not drawn. Here a mean is imputed by Bayesian linear regression (`mice` "norm": drawn variance and slopes,
unrounded, uncut), a rate by predictive mean matching (`mice` "pmm": 5 donors, type 1), which gives legal scores only.
tests/golden/missing holds the comparison with `mice` within Monte-Carlo error.

Source: Rubin 1987; van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011;45(3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lib.stats.case_mix import Covariate, matrix
from lib.stats.results import Floats, Ints, NotComputed

Method = Literal["norm", "pmm"]
SEED = 20261130
CYCLES, DONORS = 10, 5
_RIDGE = 1e-5  # as `mice`
_TIE = 1e-9
_BLOCK = 4_000_000
"""Values of completed cohorts held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """What was drawn: a row per imputation, a column per patient who lacks the value, in the order given.

    Attributes:
        baseline, follow_up: (imputations, missing values).
        no_baseline, no_follow_up: places of the patients who lack them.
        method: how; `seed` of NumPy's PCG64; `cycles` of the chain (1 where only one variable is incomplete).
    """

    baseline: Floats
    follow_up: Floats
    no_baseline: Ints
    no_follow_up: Ints
    method: Method
    seed: int
    cycles: int


class _Chain:
    """All variables side by side, many imputations at once; X′X of the complete rows is made once for all of them."""

    def __init__(self, columns: Sequence[Floats], fixed: Floats, random: np.random.Generator) -> None:
        self.random = random
        self.p = fixed.shape[1]
        self.centers = [float(np.nanmean(c)) for c in columns]
        self.scales = [float(np.nanstd(c)) or 1.0 for c in columns]
        centered = [(c - m) / s for c, m, s in zip(columns, self.centers, self.scales, strict=True)]
        self.start = np.column_stack([fixed, *centered])
        self.width = self.start.shape[1]
        self.lacks = [np.flatnonzero(np.isnan(c)) for c in columns]
        self.known = [np.flatnonzero(~np.isnan(c)) for c in columns]
        whole = ~np.isnan(self.start).any(axis=1)
        self.base = self.start[whole].T @ self.start[whole]
        self.partly = [np.flatnonzero(~np.isnan(c) & ~whole) for c in columns]
        self.incomplete = [t for t, rows in enumerate(self.lacks) if rows.size]

    def run(self, draws: int, cycles: int, method: Method) -> Floats:
        """(draws, patients, columns): every gap filled with an observed value at random, then cycle after cycle."""
        data: Floats = np.repeat(self.start[None], draws, axis=0)
        for t in self.incomplete:
            at = self.p + t
            observed = self.start[self.known[t], at]
            data[:, self.lacks[t], at] = self.random.choice(observed, (draws, self.lacks[t].size))
        step = self._norm if method == "norm" else self._pmm
        for _ in range(cycles):
            for t in self.incomplete:
                data[:, self.lacks[t], self.p + t] = step(data, t)
        return data

    def _slopes(self, data: Floats, t: int) -> tuple[Floats, Floats, Floats]:
        """Slopes of variable t on all others (0 for itself), one draw of them, and one of the residual SD."""
        rows = data[:, self.partly[t]]
        cross = self.base + np.swapaxes(rows, 1, 2) @ rows
        at = self.p + t
        others = np.delete(np.arange(self.width), at)
        square, right = cross[:, others[:, None], others], cross[:, others, at]
        ridge = square + _RIDGE * np.einsum("mii->mi", square)[:, :, None] * np.eye(others.size)
        beta = np.linalg.solve(ridge, right[..., None])[..., 0]
        rss = cross[:, at, at] - 2.0 * (beta * right).sum(axis=1) + np.einsum("mi,mij,mj->m", beta, square, beta)
        df = max(self.known[t].size - others.size, 1)
        sigma = np.sqrt(np.maximum(rss, 0.0) / self.random.chisquare(df, len(data)))
        upper = np.swapaxes(np.linalg.cholesky(ridge), 1, 2)
        noise = np.linalg.solve(upper, self.random.standard_normal((*beta.shape, 1)))[..., 0]
        fitted, drawn = np.zeros((2, len(data), self.width))
        fitted[:, others], drawn[:, others] = beta, beta + sigma[:, None] * noise
        return fitted, drawn, sigma

    def _norm(self, data: Floats, t: int) -> Floats:
        """Values for the gaps of variable t from the normal predictive distribution."""
        _, drawn, sigma = self._slopes(data, t)
        wanted = (data[:, self.lacks[t]] @ drawn[..., None])[..., 0]
        found: Floats = wanted + sigma[:, None] * self.random.standard_normal(wanted.shape)
        return found

    def _pmm(self, data: Floats, t: int) -> Floats:
        """Values of donors: observed ones whose fitted value is among the 5 nearest to the drawn prediction."""
        beta, drawn, _ = self._slopes(data, t)
        wanted = (data[:, self.lacks[t]] @ drawn[..., None])[..., 0]
        fits = (data[:, self.known[t]] @ beta[..., None])[..., 0]
        fits += _TIE * self.random.random(fits.shape)  # donors of equal fit are taken at random
        order = np.argsort(fits, axis=1)
        fits = np.take_along_axis(fits, order, axis=1)
        size = fits.shape[1]
        donors, span = min(DONORS, size), min(2 * DONORS, size)
        left = np.stack([np.searchsorted(f, w) for f, w in zip(fits, wanted, strict=True)]) - donors
        window = np.clip(left, 0, size - span)[..., None] + np.arange(span)
        apart = np.abs(np.take_along_axis(fits[:, None, :], window, axis=2) - wanted[..., None])
        nearest = np.argpartition(apart, donors - 1, axis=2)[..., :donors]
        pick = self.random.integers(0, donors, (*wanted.shape, 1))
        place = np.take_along_axis(window, np.take_along_axis(nearest, pick, axis=2), axis=2)[..., 0]
        chosen = self.known[t][np.take_along_axis(order, place, axis=1)]
        found: Floats = self.start[chosen, self.p + t]
        return found


def impute(
    baseline: Floats,
    follow_up: Floats,
    covariates: Sequence[Covariate],
    *,
    draws: int,
    method: Method,
    seed: int = SEED,
) -> Completed | NotComputed:
    """Complete baseline and follow-up `draws` times, given each other and the covariates.

    Only one variable incomplete: one pass; else 10 cycles. Covariates: codes without gaps, numbers may have some (NaN),
    which are imputed along.

    Args:
        baseline, follow_up: one value per patient, NaN where missing.
        covariates: aligned with them.
        draws: number of completed cohorts, at least 2.
        method: "norm" or "pmm".
        seed: of PCG64; the same input gives the same draws.

    Returns:
        NotComputed when nobody lacks a value or too few have both.

    R: `mice(m = draws, method = "norm" or "pmm", maxit = 10)`.
    """
    n = int(baseline.size)
    gaps = [c for c in covariates if c.numbers is not None and np.isnan(c.numbers).any()]
    whole = [c for c in covariates if c not in gaps]
    columns = [baseline, *(c.numbers for c in gaps if c.numbers is not None), follow_up]
    fixed = matrix(n, whole)
    both = int(np.count_nonzero(~np.isnan(baseline) & ~np.isnan(follow_up)))
    needed = fixed.shape[1] + len(columns) + 1
    if both < needed:
        return NotComputed(f"{both} complete pairs; imputing with these covariates needs at least {needed}", both)
    if not (np.isnan(baseline).any() or np.isnan(follow_up).any()):
        return NotComputed("nobody is missing", n)
    chain = _Chain(columns, fixed, np.random.Generator(np.random.PCG64(seed)))
    cycles = 1 if len(chain.incomplete) == 1 else CYCLES
    last = len(columns) - 1
    drawn_baseline = np.zeros((draws, chain.lacks[0].size))
    drawn_follow_up = np.zeros((draws, chain.lacks[last].size))
    at_once = max(1, _BLOCK // (n * chain.width))
    for first in range(0, draws, at_once):
        block = slice(first, min(first + at_once, draws))
        data = chain.run(block.stop - first, cycles, method)
        drawn_baseline[block] = data[:, chain.lacks[0], chain.p] * chain.scales[0] + chain.centers[0]
        drawn_follow_up[block] = data[:, chain.lacks[last], chain.p + last] * chain.scales[last] + chain.centers[last]
    if method == "pmm":  # donors' own scores, without the rounding of the scaling
        drawn_baseline = _exact(drawn_baseline, baseline)
        drawn_follow_up = _exact(drawn_follow_up, follow_up)
    return Completed(drawn_baseline, drawn_follow_up, chain.lacks[0], chain.lacks[last], method, seed, cycles)


def _exact(drawn: Floats, observed: Floats) -> Floats:
    known = np.unique(observed[~np.isnan(observed)])
    middle = (known[1:] + known[:-1]) / 2.0
    found: Floats = known[np.searchsorted(middle, drawn)]
    return found
