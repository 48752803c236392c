"""Predictive MIC: the improvement at which a patient is as likely to have improved as anybody in the cohort.

Logistic regression of "improved" by the anchor on the improvement, intercept C, slope B: MIC = (L − C)/B with
L = ln(q/(1 − q)) for the share improved q. It is too high where more than half improved, too low where fewer: adjusted
by the correlation ρ (2017) or, better, by a stated reliability R of the anchor as well (2022). All refits of the
bootstrap are made at once from counts per score, which `sm.Logit` cannot: 2,000 take a tenth of a second.

Source: Terluin et al., J Clin Epidemiol 2015;68:1388, 2017;83:90, 2022;148:48.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from lib.stats import results
from lib.stats.results import Estimate, Floats, Interval, NotComputed

FEWEST = 10
DRAWS, SEED = 2000, 20240229
USUAL = (0.3, 0.7)
_STEPS, _TRIES = 30, 50


@dataclass(frozen=True, slots=True)
class PredictiveMic:
    """The MIC, adjusted for the share improved and not, in the unit of the score.

    Attributes:
        n: patients; `improved` of them by the anchor, `share` q.
        correlation: ρ, Pearson, of improvement and the 0/1 anchor.
        unadjusted: (L − C)/B; `adjusted` by q and ρ; `by_reliability` by R as well, which leads where R was stated.
        reliability: R of the anchor.
        outside: q lies outside 0.3 to 0.7, where the adjustment is large.
        draws, redrawn, seed: bootstrap over patients; draws of one class or with separation are drawn again.
    """

    n: int
    improved: int
    share: float
    correlation: float
    unadjusted: Estimate
    adjusted: Estimate
    by_reliability: Estimate | NotComputed
    reliability: float | NotComputed
    outside: bool
    draws: int
    redrawn: int
    seed: int

    @property
    def leading(self) -> Estimate:
        """By the reliability where it was stated, else adjusted for the share improved."""
        return self.adjusted if isinstance(self.by_reliability, NotComputed) else self.by_reliability


def predictive_mic(
    improvement: npt.ArrayLike,
    improved: npt.ArrayLike,
    *,
    resolution: Decimal = Decimal(1),
    reliability: float | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> PredictiveMic | NotComputed:
    """The predictive MIC of integer improvements (counts of `resolution`) by who is improved or better by the anchor.

    Returns:
        NotComputed with fewer than 10 improved or 10 others, separation, or a slope that is not positive.

    Raises:
        ValueError: lengths differ, or reliability is not inside 0 to 1.

    R: `glm(improved ~ improvement, family = binomial)`, then the formulas.
    """
    results.check_confidence(confidence)
    steps, yes = np.asarray(improvement, dtype=np.int64), np.asarray(improved, dtype=bool)
    if steps.shape != yes.shape:
        raise ValueError(f"improvement and improved differ in length ({steps.size}, {yes.size})")
    if reliability is not None and not 0.0 < reliability <= 1.0:
        raise ValueError(f"reliability must lie in 0..1, not {reliability}")
    n, hits = int(steps.size), int(yes.sum())
    if min(hits, n - hits) < FEWEST:
        return NotComputed(f"{hits} improved and {n - hits} not by the anchor; at least {FEWEST} of each are needed", n)
    values, place = np.unique(steps, return_inverse=True)
    counts = np.zeros((values.size, 2))
    np.add.at(counts, (place, yes.astype(np.int64)), 1.0)
    x = values.astype(np.float64) * float(resolution)
    if not _fits(counts[None], x)[0]:
        return NotComputed("the improvement tells exactly who improved by the anchor, so no model fits", n)
    own = _mics(counts[None], x, reliability)
    if own[3][0] <= 0:
        return NotComputed("who improved more is not more often improved by the anchor", n)
    random = np.random.Generator(np.random.PCG64(seed))
    found, redrawn = np.zeros((draws, values.size, 2)), 0
    open_ = np.arange(draws)
    for _ in range(_TRIES):
        drawn = random.multinomial(n, counts.ravel() / n, size=open_.size).reshape(-1, values.size, 2)
        found[open_] = drawn
        open_ = open_[~_fits(found[open_], x)]
        if not open_.size:
            break
        redrawn += int(open_.size)
    if open_.size:
        return NotComputed("too few patients: resamples of them hold one class only or separate the two", n)
    drawn_mics = _mics(found, x, reliability)
    tails = [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0]
    method = f"bootstrap percentile, {draws} draws, PCG64 seed {seed}"
    estimates = []
    for name, at in (("predictive MIC", 0), ("adjusted for the share improved", 1), ("adjusted by the reliability", 2)):
        low, high = np.quantile(drawn_mics[at], tails).tolist()
        estimates.append(Estimate(name, float(own[at][0]), Interval(low, high, confidence, method)))
    stated: float | NotComputed = reliability if reliability is not None else NotComputed("was not stated", n)
    q = hits / n
    return PredictiveMic(
        n=n,
        improved=hits,
        share=q,
        correlation=float(own[4][0]),
        unadjusted=estimates[0],
        adjusted=estimates[1],
        by_reliability=NotComputed("no reliability of the anchor was stated", n)
        if reliability is None
        else estimates[2],
        reliability=stated,
        outside=not USUAL[0] <= q <= USUAL[1],
        draws=draws,
        redrawn=redrawn,
        seed=seed,
    )


def _fits(counts: Floats, x: Floats) -> npt.NDArray[np.bool_]:
    """Whether both classes are there and overlap in more than one score, so that the likelihood has a maximum."""
    last = counts.shape[1] - 1
    there = counts > 0
    first = there.argmax(axis=1)
    final = last - there[:, ::-1].argmax(axis=1)
    both = np.all(np.any(there, axis=1), axis=1)
    overlap = (first[:, 1] < final[:, 0]) & (first[:, 0] < final[:, 1])
    return np.asarray(both & overlap)


def _mics(counts: Floats, x: Floats, reliability: float | None) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Unadjusted, adjusted, by reliability, slope, correlation of each sample; Newton's method on standardised x."""
    size = counts.sum(axis=(1, 2))
    of_all, yes = counts.sum(axis=2), counts[:, :, 1]
    mean = of_all @ x / size
    squares = of_all @ x**2 - size * mean**2
    spread = np.sqrt(squares / (size - 1.0))
    q = yes.sum(axis=1) / size
    logit = np.log(q / (1.0 - q))
    z = (x[None, :] - mean[:, None]) / spread[:, None]
    c, b = logit.copy(), np.zeros_like(logit)
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(c[:, None] + b[:, None] * z, -700, 700)))
        off, w = yes - of_all * p, of_all * p * (1.0 - p)
        s0, s1, s2 = w.sum(axis=1), (w * z).sum(axis=1), (w * z**2).sum(axis=1)
        g0, g1 = off.sum(axis=1), (off * z).sum(axis=1)
        below = np.maximum(s0 * s2 - s1**2, 1e-300)
        step0, step1 = (s2 * g0 - s1 * g1) / below, (s0 * g1 - s1 * g0) / below
        c, b = c + np.clip(step0, -5, 5), b + np.clip(step1, -5, 5)
        if max(np.abs(step0).max(), np.abs(step1).max()) < 1e-13:
            break
    mic = mean + spread * (logit - c) / b
    rho = ((yes * (x[None, :] - mean[:, None])).sum(axis=1)) / np.sqrt(squares * size * q * (1.0 - q))
    adjusted = mic - (0.090 + 0.103 * rho) * spread * logit
    by = adjusted if reliability is None else mic - (0.8 / reliability - 0.5) * spread * rho * logit
    return mic, adjusted, by, b, rho
