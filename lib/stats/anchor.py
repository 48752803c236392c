"""Smallest important improvement estimated from the cohort itself, with an anchor question ("are you better?").

Two anchor-based estimates side by side: the mean improvement of those "just improved", and the cut that best tells
"just improved or better" from the rest. All comparisons are made on integer counts of the instrument's resolution.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from scipy import special

from lib.stats import wald
from lib.stats.association import CorrelationResult, spearman
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.roc import auc_delong, best_cut, bootstrap_cuts
from lib.stats.wald import Ints

WEAK_ANCHOR = 0.3
SMALL_SAMPLE = 30
DRAWS = 2000
SEED = 20240229


@dataclass(frozen=True, slots=True)
class Cut:
    """One rule "improvement ≥ value": `count` is the value in steps of the resolution."""

    count: int
    value: float
    sensitivity: float
    specificity: float
    youden: float


@dataclass(frozen=True, slots=True)
class BestCut:
    """The cut with the largest Youden J.

    Attributes:
        chosen: of the tied cuts the one with the smallest |sensitivity − specificity|, then the smallest value.
        tied: all cuts with the largest J, smallest value first (`chosen` among them).
        interval: bootstrap percentile interval (type 7) of the value, resampled within improved and rest.
        draws: number of resamples; `seed` of NumPy's PCG64.
    """

    chosen: Cut
    tied: tuple[Cut, ...]
    interval: Interval
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class AnchorMcid:
    """Anchor-based estimates, in the unit of the score, positive is better.

    Attributes:
        n: patients with an improvement and an anchor answer.
        n_just_improved: at the "just improved" answers; `n_improved` these and better; `n_rest` all others.
        mean_improvement: mean improvement at "just improved", t interval.
        auc: area under the ROC curve of improvement for improved against rest, DeLong interval.
        cut: the Youden cut.
        correlation: Spearman of anchor and improvement (both larger = better).
        weak_anchor: the correlation is below 0.3 (or cannot be computed): the anchor says little about this score.
        small: n < 30.
    """

    n: int
    n_just_improved: int
    n_improved: int
    n_rest: int
    mean_improvement: Estimate | NotComputed
    auc: Estimate | NotComputed
    cut: BestCut | NotComputed
    correlation: CorrelationResult | NotComputed
    weak_anchor: bool
    small: bool


def estimate_mcid(
    improvement: npt.ArrayLike,
    anchor: npt.ArrayLike,
    *,
    just_improved: Collection[int],
    better: Collection[int],
    resolution: Decimal = Decimal(1),
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> AnchorMcid | NotComputed:
    """Estimate the smallest important improvement against an anchor.

    Args:
        improvement: integer counts of `resolution`, positive is better, one per patient with both values.
        anchor: integer anchor answers in the same order, larger = more improved.
        just_improved: the anchor answers that mean "just improved".
        better: the answers above them. Every other answer is "the rest".
        resolution: unit of one count, so that 20 counts of 0.1 are 2.0.
        confidence: level of every interval.
        draws: bootstrap resamples.
        seed: of the resamples; the same input gives the same interval.

    Returns:
        The estimates, each of which may be NotComputed by itself; NotComputed without patients.

    Raises:
        ValueError: lengths differ, values are not whole numbers, an answer is both just improved and better, no answer
            is just improved, or resolution, draws or confidence are out of range.

    Source: mean `t.test`; AUC DeLong, DeLong & Clarke-Pearson 1988, `pROC::ci.auc(direction = "<")`; Youden 1950;
    warnings: Devji et al. BMJ 2020;369:m1714 (credibility of anchor-based estimates).
    """
    wald.check_confidence(confidence)
    steps, answers = _integers(improvement, "improvement"), _integers(anchor, "anchor")
    _check(steps, answers, just_improved, better, resolution, draws)
    n = int(steps.size)
    if n == 0:
        return NotComputed("no patient has both an improvement and an anchor answer", 0)
    just = np.isin(answers, list(just_improved))
    improved = just | np.isin(answers, list(better))
    cases, rest = steps[improved], steps[~improved]
    correlation = spearman(answers, steps, confidence)
    return AnchorMcid(
        n=n,
        n_just_improved=int(just.sum()),
        n_improved=int(cases.size),
        n_rest=int(rest.size),
        mean_improvement=_mean(steps[just], resolution, confidence),
        auc=_area(cases, rest, confidence),
        cut=_cut(cases, rest, resolution, confidence, draws, seed),
        correlation=correlation,
        weak_anchor=isinstance(correlation, NotComputed) or correlation.estimate.value < WEAK_ANCHOR,
        small=n < SMALL_SAMPLE,
    )


def _integers(values: npt.ArrayLike, name: str) -> Ints:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be a one-dimensional array of whole numbers")
    return array.astype(np.int64)


def _check(
    steps: Ints, answers: Ints, just_improved: Collection[int], better: Collection[int], unit: Decimal, draws: int
) -> None:
    if steps.size != answers.size:
        raise ValueError(f"improvement and anchor differ in length ({steps.size}, {answers.size})")
    if not just_improved:
        raise ValueError("at least one anchor answer must mean just improved")
    if set(just_improved) & set(better):
        raise ValueError("an anchor answer is both just improved and better")
    if unit <= 0 or draws < 1:
        raise ValueError("resolution and draws must be positive")


def _mean(steps: Ints, unit: Decimal, confidence: float) -> Estimate | NotComputed:
    n = int(steps.size)
    if n == 0:
        return NotComputed("nobody answered just improved", 0)
    scale = float(unit)
    mean = float(steps.mean()) * scale
    name = "mean improvement of those just improved"
    if n < 2:
        return Estimate(name, mean, NotComputed("1 patient; an interval needs at least 2", n))
    error = float(np.std(steps, ddof=1)) / float(np.sqrt(n)) * scale
    if error == 0.0:
        return Estimate(name, mean, NotComputed("all improvements are equal, so they have no spread", n))
    return wald.t_estimate(name, mean, error, n - 1, confidence, "t")


def _one_sided(cases: Ints, rest: Ints) -> NotComputed | None:
    if min(cases.size, rest.size) == 0:
        who = "nobody improved" if cases.size == 0 else "everybody improved"
        return NotComputed(f"{who} by the anchor, so there is nothing to tell apart", int(cases.size + rest.size))
    return None


def _area(cases: Ints, rest: Ints, confidence: float) -> Estimate | NotComputed:
    absent = _one_sided(cases, rest)
    if absent is not None:
        return absent
    n = int(cases.size + rest.size)
    area, variance = auc_delong(cases, rest)
    name = "area under the ROC curve"
    if variance is None:
        return Estimate(name, area, NotComputed("one of the two classes has a single patient", n))
    if variance == 0.0:
        return Estimate(name, area, NotComputed("the curve has no scatter in this sample, so no interval", n))
    half = float(special.ndtri((1.0 + confidence) / 2.0)) * float(np.sqrt(variance))
    interval = Interval(max(0.0, area - half), min(1.0, area + half), confidence, "DeLong")
    return Estimate(name, area, interval)


def _cut(cases: Ints, rest: Ints, unit: Decimal, confidence: float, draws: int, seed: int) -> BestCut | NotComputed:
    absent = _one_sided(cases, rest)
    if absent is not None:
        return absent
    tied, chosen = best_cut(cases, rest)
    cuts = {count: _described(count, cases, rest, unit) for count in tied}
    found = bootstrap_cuts(cases, rest, draws=draws, seed=seed)
    tails = [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0]
    low, high = (np.quantile(found, tails) * float(unit)).tolist()
    method = f"bootstrap percentile, {draws} draws within class, PCG64 seed {seed}"
    return BestCut(cuts[chosen], tuple(cuts.values()), Interval(low, high, confidence, method), draws, seed)


def _described(count: int, cases: Ints, rest: Ints, unit: Decimal) -> Cut:
    hit, spared = int((cases >= count).sum()), int((rest < count).sum())
    sensitivity, specificity = hit / cases.size, spared / rest.size
    return Cut(count, float(count * unit), sensitivity, specificity, sensitivity + specificity - 1.0)
