"""Many centers at once: funnel of means, adjusted rates, overdispersion, shrunken means. Sums by center, no loops.

Sources: Spiegelhalter, Stat Med 2005;24:1185–1202 (funnel, winsorised φ, additive τ²); Searle, Casella & McCulloch,
Variance Components 1992 (random intercept by REML).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.settings import FEWEST_TO_TEST
from lib.stats import results
from lib.stats.case_mix import expit
from lib.stats.results import Floats, Ints, NotComputed

Z95, Z998 = 1.96, 3.09
TAIL95, TAIL998 = 0.025, 0.001
EXACT_BELOW = 5
"""Observed, expected, not observed or not expected below this: the exact tail in place of the normal one."""
_WINSOR = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much more centers scatter than chance: φ = Σz²/I over winsorised z, and the additive τ."""

    phi: float
    tau: float
    centers: int


@dataclass(frozen=True, slots=True)
class CenterMeans:
    """Means of centers around their average; tuples are per center, in the order of its code.

    Attributes:
        average: the mean of all patients.
        sd: of one patient, behind the limits: average ± z·sd/√n.
        z: (mean − average)/(sd/√n).
        judged: at least 10 patients.
        outside95, outside998: −1 below, 1 above, 0 inside or not judged; `wide…` beside the limits that allow for
            overdispersion, which only those outside the plain limits can leave.
    """

    average: float
    sd: float
    ns: tuple[int, ...]
    means: tuple[float, ...]
    z: tuple[float, ...]
    judged: tuple[bool, ...]
    outside95: tuple[int, ...]
    outside998: tuple[int, ...]
    spread: Overdispersion
    wide95: tuple[int, ...]
    wide998: tuple[int, ...]


def center_means(
    values: npt.ArrayLike, center: npt.ArrayLike, *, centers: int, sd: float | None = None
) -> CenterMeans | NotComputed:
    """Means per center against limits around the mean of all patients.

    Args:
        values: one per patient: improvement, or adjusted gain = observed − expected + average.
        center: codes 0..centers−1, each with at least one patient.
        sd: of one patient; without it the pooled SD within centers (N − centers df). With adjusted values: the residual
            SD of the case-mix model.

    Returns:
        NotComputed when nothing varies.
    """
    y, code = results.finite(values, "values"), results.codes(center, "center", centers)
    ns = _sizes(y.size, code, centers)
    means = np.bincount(code, weights=y, minlength=centers) / ns
    average = float(y.mean())
    if sd is None:
        within = float(((y - means[code]) ** 2).sum())
        free = y.size - centers
        if free <= 0 or results.negligible(within, y):
            return NotComputed("within centers nothing varies", int(y.size))
        sd = float(np.sqrt(within / free))
    if not sd > 0:
        return NotComputed("nothing varies beyond what the model expects", int(y.size))
    error = sd / np.sqrt(ns)
    z = (means - average) / error
    judged = ns >= FEWEST_TO_TEST
    spread = overdispersion(z[judged], error[judged])
    wide = np.sqrt(error**2 + spread.tau**2)
    off95, off998 = _sides(z, Z95, judged), _sides(z, Z998, judged)
    beside = (means - average) / wide
    return CenterMeans(
        average=average,
        sd=sd,
        ns=tuple(ns.tolist()),
        means=tuple(means.tolist()),
        z=tuple(z.tolist()),
        judged=tuple(judged.tolist()),
        outside95=_whole(off95),
        outside998=_whole(off998),
        spread=spread,
        wide95=_whole(off95 * np.abs(_sides(beside, Z95, judged))),
        wide998=_whole(off998 * np.abs(_sides(beside, Z998, judged))),
    )


def overdispersion(z: npt.ArrayLike, error: npt.ArrayLike) -> Overdispersion:
    """φ from z pulled in to their 10th and 90th percentile (type 7), and τ² = max(0, (Iφ − (I−1))/(Σw − Σw²/Σw)).

    `error`: standard error of each center, w = 1/error². Fewer than 2 centers: φ 1, τ 0.
    """
    scores, errors = np.asarray(z, dtype=np.float64), np.asarray(error, dtype=np.float64)
    count = int(scores.size)
    if count < 2:
        return Overdispersion(1.0, 0.0, count)
    low, high = np.quantile(scores, _WINSOR)
    phi = float((np.clip(scores, low, high) ** 2).mean())
    w = 1.0 / errors**2
    tau2 = (count * phi - (count - 1)) / float(w.sum() - (w**2).sum() / w.sum())
    return Overdispersion(phi, float(np.sqrt(max(0.0, tau2))), count)


# Rates: observed against expected responders.


@dataclass(frozen=True, slots=True)
class CenterRates:
    """Observed and expected responders per center.

    Attributes:
        pooled: the share of all patients.
        rates: what is drawn: observed/n, or adjusted within 0..1: the share that all patients would have reached with
            the center's shift on the logit scale.
        ratios: observed / expected.
        z: (O − E)/√v, v = Σp(1 − p).
        exact: whether a center was judged by its exact tail.
        outside95 …: as in `CenterMeans`; overdispersion is on O/E.
    """

    pooled: float
    adjusted: bool
    ns: tuple[int, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    rates: tuple[float, ...]
    ratios: tuple[float, ...]
    z: tuple[float, ...]
    judged: tuple[bool, ...]
    exact: tuple[bool, ...]
    outside95: tuple[int, ...]
    outside998: tuple[int, ...]
    spread: Overdispersion
    wide95: tuple[int, ...]
    wide998: tuple[int, ...]


def center_rates(
    responded: npt.ArrayLike, center: npt.ArrayLike, *, centers: int, expected: npt.ArrayLike | None = None
) -> CenterRates | NotComputed:
    """Rates per center against what chance alone would do, judged by exact tails and never by a drawn line.

    Without `expected` (a probability per patient from the case-mix model) everybody has the pooled rate and all tails
    are binomial. With it the tail is normal, (O − E)/√v, and Poisson-binomial (exact) where O, E, n − O or n − E is
    below 5. A center is below if F(O) ≤ p, above if 1 − F(O − 1) ≤ p, p = 0.025 and 0.001.
    """
    y, code = np.asarray(responded, dtype=bool), results.codes(center, "center", centers)
    ns = _sizes(y.size, code, centers)
    hits = int(y.sum())
    if hits in (0, y.size):
        return NotComputed("nobody or everybody improved, so there is no scatter to expect", int(y.size))
    observed = np.bincount(code[y], minlength=centers)
    pooled = hits / y.size
    p = np.full(y.size, pooled) if expected is None else results.finite(expected, "expected")
    total = ns * pooled if expected is None else np.bincount(code, weights=p, minlength=centers)
    v = ns * pooled * (1 - pooled) if expected is None else np.bincount(code, weights=p * (1 - p), minlength=centers)
    z = (observed - total) / np.sqrt(v)
    judged = ns >= FEWEST_TO_TEST
    if expected is None:
        exact = np.ones(centers, dtype=bool)
        below, above = _binomial_tails(observed, ns, pooled)
        rates = observed / ns
    else:
        fewest = np.min([observed, total, ns - observed, ns - total], axis=0)
        exact = fewest < EXACT_BELOW
        below, above = _tails(observed, p, code, z, exact & judged)
        rates = _shifted(observed, ns, p, code, pooled)
    off95, off998 = ((above <= t).astype(int) - (below <= t) for t in (TAIL95, TAIL998))
    off95, off998 = off95 * judged, off998 * judged
    error = np.sqrt(v) / total
    spread = overdispersion(z[judged], error[judged])
    beside = (observed / total - 1.0) / np.sqrt(error**2 + spread.tau**2)
    return CenterRates(
        pooled=pooled,
        adjusted=expected is not None,
        ns=tuple(ns.tolist()),
        observed=tuple(observed.tolist()),
        expected=tuple(total.tolist()),
        rates=tuple(rates.tolist()),
        ratios=tuple((observed / total).tolist()),
        z=tuple(z.tolist()),
        judged=tuple(judged.tolist()),
        exact=tuple(exact.tolist()),
        outside95=_whole(off95),
        outside998=_whole(off998),
        spread=spread,
        wide95=_whole(off95 * np.abs(_sides(beside, Z95, judged))),
        wide998=_whole(off998 * np.abs(_sides(beside, Z998, judged))),
    )


def _binomial_tails(observed: Ints, ns: Ints, pooled: float) -> tuple[Floats, Floats]:
    from scipy import stats

    return stats.binom.cdf(observed, ns, pooled), stats.binom.sf(observed - 1, ns, pooled)


def _tails(observed: Ints, p: Floats, code: Ints, z: Floats, exact: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    from scipy import special

    below, above = special.ndtr(z), special.ndtr(-z)
    if exact.any():
        order = np.argsort(code, kind="stable")
        ends = np.cumsum(np.bincount(code, minlength=observed.size))
        for k in np.flatnonzero(exact).tolist():
            mine = p[order[ends[k - 1] if k else 0 : ends[k]]]
            below[k], above[k] = poisson_binomial_tails(int(observed[k]), mine)
    return below, above


def poisson_binomial_tails(observed: int, p: Floats) -> tuple[float, float]:
    """P(X ≤ observed) and P(X ≥ observed) where X counts independent events of these probabilities; exact.

    Convolution in pairs, cut off where no longer needed; the rarer of event and no event is counted.
    """
    if 2 * observed > p.size:
        below, above = poisson_binomial_tails(int(p.size) - observed, 1.0 - p)
        return above, below
    ways = _counts_up_to(observed, p)
    return float(min(1.0, ways.sum())), float(min(1.0, max(0.0, 1.0 - ways[:-1].sum())))


def _counts_up_to(most: int, p: Floats) -> Floats:
    """P(X = 0) … P(X = most)."""
    width = most + 1
    ways = np.column_stack([1.0 - p, p])[:, :width]
    while len(ways) > 1:
        if len(ways) % 2:
            nothing = np.zeros((1, ways.shape[1]))
            nothing[0, 0] = 1.0
            ways = np.vstack([ways, nothing])
        first, second = ways[::2], ways[1::2]
        both = np.zeros((len(first), min(2 * ways.shape[1] - 1, width)))
        for j in range(ways.shape[1]):
            room = min(ways.shape[1], both.shape[1] - j)
            both[:, j : j + room] += second[:, j : j + 1] * first[:, :room]
        ways = both
    found: Floats = np.zeros(width)
    found[: ways.shape[1]] = ways[0]
    return found


def _shifted(observed: Ints, ns: Ints, p: Floats, code: Ints, pooled: float) -> Floats:
    """expit(logit θ + a), a solving Σ expit(logit pᵢ + a) = O over the center's patients; O = 0 or n: 0 or 1."""
    from scipy import special

    logit = special.logit(p)
    inside = (observed > 0) & (observed < ns)
    low, high = np.full(ns.size, -40.0), np.full(ns.size, 40.0)
    a = np.zeros(ns.size)
    for _ in range(60):
        q = expit(logit + a[code])
        gap = np.bincount(code, weights=q, minlength=ns.size) - observed
        slope = np.bincount(code, weights=q * (1 - q), minlength=ns.size)
        low, high = np.where(gap < 0, a, low), np.where(gap > 0, a, high)
        new = a - gap / np.maximum(slope, 1e-300)
        new = np.where((new > low) & (new < high), new, (low + high) / 2)
        done = np.abs(new - a)[inside].max(initial=0.0) < 1e-12
        a = np.where(inside, new, 0.0)
        if done:
            break
    rates = expit(special.logit(pooled) + a)
    return np.where(observed == 0, 0.0, np.where(observed == ns, 1.0, rates))


# Shrunken means.


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Random intercept per center by REML; R `lmer(y ~ 1 + (1 | center))`.

    Attributes:
        mean: of the centers' distribution; tau, sigma: SD between centers and of one patient.
        means: per center, mean + τ²/(τ² + σ²/n)·(own − mean); errors: their conditional SD (`condVar`).
        rank_low, rank_high: 2.5% and 97.5% of a center's rank (1 lowest) over `draws` seeded draws.
    """

    mean: float
    tau: float
    sigma: float
    means: tuple[float, ...]
    errors: tuple[float, ...]
    rank_low: tuple[int, ...]
    rank_high: tuple[int, ...]
    seed: int
    draws: int


def shrunken_means(
    values: npt.ArrayLike, center: npt.ArrayLike, *, centers: int, seed: int = 20260601, draws: int = 2000
) -> Shrunken | NotComputed:
    """Means pulled towards each other by how little they say. The REML profile needs n, mean and squares per center."""
    y, code = results.finite(values, "values"), results.codes(center, "center", centers)
    ns = _sizes(y.size, code, centers)
    if centers < 2 or y.size <= centers:
        return NotComputed("fewer than two centers, or one patient in each", int(y.size))
    means = np.bincount(code, weights=y, minlength=centers) / ns
    within = float(((y - means[code]) ** 2).sum())
    if results.negligible(within, y):
        return NotComputed("within centers nothing varies", int(y.size))
    ratio = _reml_ratio(ns.astype(np.float64), means, within)
    w = ns / (1.0 + ns * ratio)
    mean = float((w @ means) / w.sum())
    sigma2 = (within + float(w @ (means - mean) ** 2)) / (y.size - 1)
    shrunken = mean + ratio * w * (means - mean)
    errors = np.sqrt(ratio * sigma2 / (1.0 + ns * ratio))
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = shrunken + errors * rng.standard_normal((draws, centers))
    ranks = np.empty(drawn.shape, dtype=np.int32)
    np.put_along_axis(ranks, np.argsort(drawn, axis=1), np.arange(1, centers + 1, dtype=np.int32)[None, :], axis=1)
    low, high = np.quantile(ranks, (0.025, 0.975), axis=0)
    return Shrunken(
        mean=mean,
        tau=float(np.sqrt(ratio * sigma2)),
        sigma=float(np.sqrt(sigma2)),
        means=tuple(shrunken.tolist()),
        errors=tuple(errors.tolist()),
        rank_low=tuple(np.rint(low).astype(int).tolist()),
        rank_high=tuple(np.rint(high).astype(int).tolist()),
        seed=seed,
        draws=draws,
    )


def _reml_ratio(ns: Floats, means: Floats, within: float) -> float:
    """τ²/σ² at the root of the slope of the restricted deviance; 0 where the deviance rises from the start."""
    from scipy import optimize

    free = float(ns.sum() - 1)

    def slope(ratio: float) -> float:
        w = ns / (1.0 + ns * ratio)
        off = means - float(w @ means) / float(w.sum())
        rss = within + float(w @ off**2)
        return float(w.sum() - (w**2).sum() / w.sum() - free * float((w**2) @ off**2) / rss)

    if slope(0.0) >= 0.0:
        return 0.0
    high = 1e-6
    while slope(high) < 0.0:
        high *= 4.0
    return float(optimize.brentq(slope, 0.0, high, xtol=1e-18, rtol=1e-14))


def _sizes(n: int, code: Ints, centers: int) -> Ints:
    if code.size != n:
        raise ValueError(f"values and centers differ in length ({n}, {code.size})")
    ns = np.bincount(code, minlength=centers)
    if centers == 0 or ns.min() < 1:
        raise ValueError("every center needs at least 1 patient")
    return ns.astype(np.int64)


def _sides(z: Floats, limit: float, judged: npt.NDArray[np.bool_]) -> Ints:
    found: Ints = ((z > limit).astype(np.int64) - (z < -limit)) * judged
    return found


def _whole(sides: Ints) -> tuple[int, ...]:
    return tuple(int(s) for s in sides.tolist())
