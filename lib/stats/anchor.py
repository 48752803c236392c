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

from lib.settings import SMALL_SAMPLE_SD
from lib.stats import results
from lib.stats.correlation import CorrelationResult, spearman
from lib.stats.ranks import NEWCOMBE_5, area_limits
from lib.stats.results import Estimate, Floats, Interval, Ints, NotComputed

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
        auc: area under the ROC curve of improvement for improved against rest, DeLong interval on the logit; without
            scatter Newcombe's method 5.
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
    results.check_confidence(confidence)
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
    return results.t_estimate(name, mean, error, n - 1, confidence, "t")


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
    if variance == 0.0 or area in (0.0, 1.0):
        low, high = area_limits(area, cases.size, rest.size, confidence)
        return Estimate(name, area, Interval(low, high, confidence, NEWCOMBE_5))
    half = float(special.ndtri((1.0 + confidence) / 2.0)) * float(np.sqrt(variance)) / (area * (1.0 - area))
    low, high = (float(special.expit(special.logit(area) + side * half)) for side in (-1, 1))
    return Estimate(name, area, Interval(low, high, confidence, "DeLong, logit"))


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


# The ROC curve of an integer score for two classes: area, its variance, the cut with the largest Youden J.
#
# A rule is "score ≥ c" with c an observed score; larger scores belong to the cases. Shares are compared as whole
# numbers (multiplied by both class sizes), so ties are ties.

# Resamples are drawn in blocks of about this many table cells, which bounds memory whatever the number of scores.
_BLOCK = 4_000_000


def auc_delong(cases: Ints, rest: Ints) -> tuple[float, float | None]:
    """Area under the curve and its DeLong variance (None when a class has one member); both classes not empty.

    R: `pROC::roc(..., direction = "<")`, `var(roc, method = "delong")`.
    """
    ordered_rest, ordered_cases = np.sort(rest), np.sort(cases)
    below = np.searchsorted(ordered_rest, cases, "left") + np.searchsorted(ordered_rest, cases, "right")
    above = np.searchsorted(ordered_cases, rest, "left") + np.searchsorted(ordered_cases, rest, "right")
    area = int(below.sum()) / (2 * cases.size * rest.size)
    if min(cases.size, rest.size) < 2:
        return area, None
    of_cases, of_rest = below / (2.0 * rest.size), 1.0 - above / (2.0 * cases.size)
    variance = np.var(of_cases, ddof=1) / cases.size + np.var(of_rest, ddof=1) / rest.size
    return area, float(variance)


def best_cut(cases: Ints, rest: Ints) -> tuple[list[int], int]:
    """All observed cuts with the largest J, ascending, and the chosen one (smallest |sens − spec|, then smallest)."""
    values, of_cases, of_rest = _histograms(cases, rest)
    j, gap = _rules(of_cases[None, :], of_rest[None, :], cases.size, rest.size)
    tied = values[j[0] == j[0].max()]
    chosen = _choose(j, gap)[0]
    return tied.tolist(), int(values[chosen])


def bootstrap_cuts(cases: Ints, rest: Ints, *, draws: int, seed: int) -> Floats:
    """The chosen cut of each resample, drawn with replacement within cases and within rest.

    A resample is a multinomial draw of the counts per score, which is the same distribution and far fewer numbers.
    """
    values, of_cases, of_rest = _histograms(cases, rest)
    random = np.random.Generator(np.random.PCG64(seed))
    block = max(1, _BLOCK // values.size)
    found: list[npt.NDArray[np.int64]] = []
    for start in range(0, draws, block):
        size = min(block, draws - start)
        drawn_cases = random.multinomial(cases.size, of_cases / cases.size, size=size)
        drawn_rest = random.multinomial(rest.size, of_rest / rest.size, size=size)
        j, gap = _rules(drawn_cases, drawn_rest, cases.size, rest.size)
        # A score that this resample does not contain is no rule of its own.
        j[(drawn_cases + drawn_rest) == 0] = np.iinfo(np.int64).min
        found.append(values[_choose(j, gap)])
    return np.concatenate(found).astype(np.float64)


def _histograms(cases: Ints, rest: Ints) -> tuple[Ints, Ints, Ints]:
    values, place = np.unique(np.concatenate([cases, rest]), return_inverse=True)
    of_cases = np.bincount(place[: cases.size], minlength=values.size)
    of_rest = np.bincount(place[cases.size :], minlength=values.size)
    return values, of_cases.astype(np.int64), of_rest.astype(np.int64)


def _rules(of_cases: Ints, of_rest: Ints, m: int, n: int) -> tuple[Ints, Ints]:
    """For every rule, per row: J and |sens − spec|, both times m·n."""
    hit = np.cumsum(of_cases[:, ::-1], axis=1)[:, ::-1]
    spared = n - np.cumsum(of_rest[:, ::-1], axis=1)[:, ::-1]
    return hit * n + spared * m - m * n, np.abs(hit * n - spared * m)


def _choose(j: Ints, gap: Ints) -> Ints:
    """Column of the chosen rule in each row; argmin takes the first, which is the smallest score."""
    tied = j == j.max(axis=1, keepdims=True)
    return np.asarray(np.argmin(np.where(tied, gap, np.iinfo(np.int64).max), axis=1), dtype=np.int64)


# Thresholds from the spread of the scores alone: half an SD, the standard error of measurement, MDC95.

Z_975 = float(special.ndtri(0.975))


@dataclass(frozen=True, slots=True)
class DistributionBased:
    """Thresholds that say what noise looks like, not what patients notice; in the unit of the scores.

    Attributes:
        n: pairs whose baseline was used.
        baseline_sd: SD of the baseline (ddof 1).
        half_sd: ½ SD (Norman, Sloan & Wyrwich 2003).
        reliability: the r that the caller stated, or why there is none.
        sem: SD·√(1 − r), the standard error of measurement (Wyrwich 1999).
        mdc95: 1.96·√2·SEM, the smallest change beyond measurement error in one patient (Beaton 2000).
        small: fewer than 30 pairs, the SD itself is uncertain.
    """

    n: int
    baseline_sd: float
    half_sd: float
    reliability: float | NotComputed
    sem: float | NotComputed
    mdc95: float | NotComputed
    small: bool


def distribution_based(baseline: npt.ArrayLike, reliability: float | None = None) -> DistributionBased | NotComputed:
    """½ SD, SEM and MDC95 of one measure.

    Args:
        baseline: baseline scores of the complete pairs.
        reliability: test–retest reliability r of the instrument, 0..1; None when none is known.

    Returns:
        The thresholds (SEM and MDC95 are NotComputed without r), or NotComputed with fewer than 2 scores or no spread.

    Raises:
        ValueError: a score is not finite, or r is not in 0..1.

    Source: by formula; R `sd(x) / 2`, `sd(x) * sqrt(1 - r)`, `qnorm(0.975) * sqrt(2) * sd(x) * sqrt(1 - r)`.
    """
    scores = results.finite(baseline, "baseline")
    if reliability is not None and not 0.0 <= reliability <= 1.0:
        raise ValueError(f"reliability must lie in 0..1, not {reliability}")
    n = int(scores.size)
    if n < 2:
        return NotComputed(f"{n} {'score' if n == 1 else 'scores'}; at least 2 are needed", n)
    spread = float(np.sum((scores - scores.mean()) ** 2))
    if results.negligible(spread, scores):
        return NotComputed("all baseline values are equal, so they have no spread", n)
    sd = float(np.sqrt(spread / (n - 1)))
    if reliability is None:
        absent = NotComputed("no reliability of the instrument was stated", n)
        return DistributionBased(n, sd, sd / 2.0, absent, absent, absent, n < SMALL_SAMPLE_SD)
    sem = sd * float(np.sqrt(1.0 - reliability))
    return DistributionBased(n, sd, sd / 2.0, float(reliability), sem, Z_975 * 2**0.5 * sem, n < SMALL_SAMPLE_SD)
