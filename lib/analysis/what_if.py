"""What if the missing differ: complete pairs, weighting, multiple imputation, and how far the missing may fall short.

Over those who are due; who died before being due is an own line and in no denominator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lib.analysis.analysis import Analysis, scale_of
from lib.analysis.variables import Variable
from lib.analysis.what_if_people import (
    PER_PARAMETER,
    Frame,
    People,
    affordable,
    counts_of,
    covariate,
    frame_of,
    units_of,
)
from lib.cohort.measure import Measure
from lib.cohort.selection import Mask
from lib.settings import DEFAULTS
from lib.stats.case_mix import Covariate
from lib.stats.imputation import CYCLES, SEED, Completed, Method, impute
from lib.stats.pooling import Means, Pooled, Tip, pool_share, tip_of_share
from lib.stats.proportions import Proportion, rate
from lib.stats.responder_rule import Rule, Scale, responds
from lib.stats.results import Estimate, Floats, Interval, Ints, NotComputed
from lib.stats.weighting import Weighted, weighted

FEWEST_DRAWS, MOST_DRAWS = 50, 800
HALF = 0.5
MOST_STEPS = 100
_FAR = 1 << 40
_OWN = "score before"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The completed cohorts of one outcome in counts of the scale, for every shift of the missing.

    `known`: responders among those with an answer, per imputation; the pairs of those without stand in `before`,
    `after`, (imputations, missing).
    """

    n: int
    rule: Rule
    scale: Scale
    known: Ints
    before: Ints
    after: Ints
    furthest: float | None

    def shares(self, steps: int) -> Floats:
        """Share improved per imputation with the missing `steps` of the scale less improved."""
        shift = -steps if self.scale.higher_is_better else steps
        hits = np.count_nonzero(responds(self.rule, self.scale, self.before, self.after + shift), axis=1)
        return np.asarray((self.known + hits) / self.n, dtype=np.float64)

    def share(self, steps: int) -> float:
        """The pooled share."""
        return float(self.shares(steps).mean())


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One outcome under three assumptions, and its tipping points.

    Attributes:
        complete: over complete pairs; `weighted` those who answered for all alike; `imputed` over all due.
        tips: one per value that was looked for.
        worst: mean improvement, or share, were every missing answer the worst legal score; None on an open scale.
    """

    complete: Estimate | Proportion | NotComputed
    weighted: Weighted | NotComputed
    imputed: Pooled | NotComputed
    tips: tuple[Tip | NotComputed, ...]
    worst: float | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Everything of one measure that a record holds.

    Attributes:
        imputed_from, weighted_from: labels of their covariates; `dropped` of those with too few patients.
        left_out: due patients whom the weights leave out (no score before, or no value of a covariate).
        mean, share: both outcomes; the share has none without a rule.
        of_missing: mean improvement imputed for the missing.
        share_value: the share under which `share.tips` looks.
        seed, cycles: of the chained equations.
    """

    people: People
    imputed_from: tuple[str, ...]
    weighted_from: tuple[str, ...]
    dropped: tuple[str, ...]
    left_out: int
    mean: Assumptions
    share: Assumptions | NotComputed
    of_missing: float | NotComputed
    share_value: float
    seed: int
    cycles: int


def what_if(
    analysis: Analysis,
    measure: str,
    follow_up: str,
    rule: Rule | None,
    covariates: Sequence[str],
    *,
    values: tuple[float, ...] = (0.0,),
    share_value: float = HALF,
    confidence: float = DEFAULTS.confidence,
) -> WhatIf | NotComputed:
    """All three assumptions and the tipping points: the lower limit at each of `values`, the share below its own."""
    keys = tuple(covariates)

    def compute() -> WhatIf | NotComputed:
        frame = frame_of(analysis, measure, follow_up, keys)
        if isinstance(frame, NotComputed):
            return frame
        sign = analysis.cohort.measure(measure).sign
        used, dropped = affordable(frame.chosen, frame.rows, int(frame.pair.sum()), frame.rows.size, 1)
        gain = sign * (frame.after - frame.before)
        weights, from_weights, left_out = _weighted(frame, gain, confidence, share=False)
        numbers = [v.values[frame.rows] for v in used if v.kind == "number"]
        gaps = sum(bool(np.isnan(v).any()) for v in (frame.before, frame.after, *numbers))
        cycles = 1 if gaps == 1 else CYCLES
        means = means_of(analysis, measure, follow_up, keys)
        complete = analysis.paired(measure, follow_up, confidence=confidence)
        imputed = means if isinstance(means, NotComputed) else means.pooled(0.0, confidence)
        tips = () if isinstance(means, NotComputed) else tuple(means.tip(v, confidence) for v in values)
        worst = None if isinstance(means, NotComputed) or means.worst is None else float(means.worst.mean())
        mean = Assumptions(
            complete if isinstance(complete, NotComputed) else _improvement(complete.mean_change, sign),
            weights,
            imputed,
            tips,
            worst,
        )
        return WhatIf(
            frame.people,
            (frame.own, *map(_plain, used)),
            from_weights,
            tuple(map(_plain, dropped)),
            left_out,
            mean,
            _share(analysis, measure, follow_up, rule, keys, frame, share_value, confidence),
            means if isinstance(means, NotComputed) else means.of_missing,
            share_value,
            SEED,
            cycles,
        )

    return analysis.keep(("what if", measure, follow_up, rule, keys, values, share_value, confidence), compute)


def means_of(analysis: Analysis, measure: str, follow_up: str, covariates: Sequence[str]) -> Means | NotComputed:
    """Improvements in the completed cohorts (normal draws), for any shift of the missing."""
    keys = tuple(covariates)

    def compute() -> Means | NotComputed:
        frame = frame_of(analysis, measure, follow_up, keys)
        if isinstance(frame, NotComputed):
            return frame
        own = analysis.cohort.measure(measure)
        scale = scale_of(own)

        def of(found: Completed) -> Means:
            before, after = (np.tile(v, (len(found.follow_up), 1)) for v in (frame.before, frame.after))
            before[:, found.no_baseline], after[:, found.no_follow_up] = found.baseline, found.follow_up
            gain = own.sign * (after - before)
            missing = np.zeros(frame.rows.size)
            missing[found.no_follow_up] = 1.0
            worst = None
            if scale.worst is not None:
                fallen = gain.copy()
                lost = found.no_follow_up
                fallen[:, lost] = own.sign * (units_of(own, scale.worst) - before[:, lost])
                worst = fallen.mean(axis=1)
            return Means.of(gain, missing, worst)

        return _settled(frame, "norm", of, lambda means: means.pooled())

    return analysis.keep(("imputed means", measure, follow_up, keys), compute)


def draws_of(
    analysis: Analysis, measure: str, follow_up: str, rule: Rule, covariates: Sequence[str]
) -> Draws | NotComputed:
    """Responders in the completed cohorts (predictive mean matching), for any shift of the missing."""
    keys = tuple(covariates)

    def compute() -> Draws | NotComputed:
        frame = frame_of(analysis, measure, follow_up, keys)
        if isinstance(frame, NotComputed):
            return frame
        if rule.kind == "percent" and np.any(frame.before <= 0):
            return NotComputed("a baseline of 0 cannot be judged in percent of itself", frame.rows.size)
        own = analysis.cohort.measure(measure)
        scale = scale_of(own)

        def of(found: Completed) -> Draws:
            before, after = (np.tile(counts_of(own, v), (len(found.follow_up), 1)) for v in (frame.before, frame.after))
            before[:, found.no_baseline] = counts_of(own, found.baseline)
            after[:, found.no_follow_up] = counts_of(own, found.follow_up)
            lost = np.isnan(frame.after)
            known = np.count_nonzero(responds(rule, scale, before[:, ~lost], after[:, ~lost]), axis=1)
            furthest = None
            if scale.worst is not None and lost.any():
                furthest = float(np.abs(after[:, lost] - scale.worst).mean()) * float(own.resolution)
            return Draws(frame.rows.size, rule, scale, known, before[:, lost], after[:, lost], furthest)

        return _settled(frame, "pmm", of, lambda draws: pool_share(draws.shares(0), draws.n))

    return analysis.keep(("imputed scores", measure, follow_up, rule, keys), compute)


@dataclass(frozen=True, slots=True)
class Shift:
    """Everybody due with the missing improved by `delta` less than imputed; no share without a rule."""

    delta: float
    mean: Pooled
    share: Pooled | None


def shifts(
    analysis: Analysis,
    measure: str,
    follow_up: str,
    rule: Rule | None,
    covariates: Sequence[str],
    deltas: Sequence[float],
    *,
    confidence: float = DEFAULTS.confidence,
) -> tuple[Shift, ...]:
    """Both outcomes at each shift, from the same draws; shifts are whole steps of the scale."""
    means = means_of(analysis, measure, follow_up, covariates)
    if isinstance(means, NotComputed):
        return ()
    draws = None if rule is None else draws_of(analysis, measure, follow_up, rule, covariates)
    step = float(analysis.cohort.measure(measure).resolution)
    found = []
    for delta in deltas:
        share = None
        if isinstance(draws, Draws):
            share = pool_share(draws.shares(round(delta / step)), draws.n, confidence)
        found.append(Shift(delta, means.pooled(delta, confidence), share))
    return tuple(found)


def reach(found: WhatIf, measure: Measure) -> tuple[float, float]:
    """End and step of the slider: past the last tipping point, at most the worst legal score, in at most 100 steps."""
    tips = [t.delta for t in found.mean.tips if isinstance(t, Tip)]
    pooled, worst = found.mean.imputed, found.mean.worst
    wanted = 1.15 * max(tips, default=0.0)
    if isinstance(pooled, Pooled) and worst is not None and found.people.missing:
        furthest = (pooled.estimate.value - worst) * found.people.due / found.people.missing
        wanted = min(wanted, furthest) if wanted else furthest
    unit = float(measure.resolution)
    step = unit * max(1, math.ceil(wanted / unit / MOST_STEPS))
    return round(max(1, math.ceil(wanted / step)) * step, 10), round(step, 10)


def _settled(
    frame: Frame, method: Method, of: Callable[[Completed], T], pooled: Callable[[T], Pooled]
) -> T | NotComputed:
    """50 imputations or as many as percents are missing, doubled until the Monte-Carlo error is a tenth of the SE."""
    pairs, n = int(frame.pair.sum()), frame.rows.size
    used, _ = affordable(frame.chosen, frame.rows, pairs, n, 1)
    covariates = [covariate(v, frame.rows) for v in used]
    draws = max(FEWEST_DRAWS, math.ceil(100 * (n - pairs) / n))
    while True:
        found = impute(frame.before, frame.after, covariates, draws=draws, method=method)
        if isinstance(found, NotComputed):
            return found
        made = of(found)
        if pooled(made).settled or draws >= MOST_DRAWS:
            return made
        draws *= 2


def _share(
    analysis: Analysis,
    measure: str,
    follow_up: str,
    rule: Rule | None,
    keys: tuple[str, ...],
    frame: Frame,
    value: float,
    confidence: float,
) -> Assumptions | NotComputed:
    if rule is None:
        return NotComputed("no threshold was chosen", frame.rows.size)
    draws = draws_of(analysis, measure, follow_up, rule, keys)
    own, pairs = analysis.cohort.measure(measure), analysis.pairs(measure, follow_up)
    met = np.zeros(frame.rows.size)
    responders = np.zeros(analysis.cohort.n)
    responders[pairs.rows] = analysis.responds(measure, follow_up, rule)
    met[:] = responders[frame.rows]
    weights, _, _ = _weighted(frame, met, confidence, share=True)
    complete: Proportion | NotComputed = rate(int(met[frame.pair].sum()), int(frame.pair.sum()), confidence=confidence)
    if isinstance(draws, NotComputed):
        return Assumptions(complete, weights, draws, (), None)
    tip = tip_of_share(draws.share, value, _FAR, float(own.resolution), draws.furthest, draws.n)
    worst = None
    if draws.scale.worst is not None:
        fallen = responds(rule, draws.scale, draws.before, np.full_like(draws.after, draws.scale.worst))
        worst = float((draws.known + np.count_nonzero(fallen, axis=1)).mean()) / draws.n
    return Assumptions(complete, weights, pool_share(draws.shares(0), draws.n, confidence), (tip,), worst)


def _weighted(
    frame: Frame, y: Floats, confidence: float, *, share: bool
) -> tuple[Weighted | NotComputed, tuple[str, ...], int]:
    """With the score before where enough of those who have one lack the other; else without it, over everybody due."""
    for baseline in (1, 0):
        inside, used = _inside(frame, baseline)
        answered, rows = frame.pair[inside], frame.rows[inside]
        if min(answered.sum(), (~answered).sum()) // PER_PARAMETER < 1:
            continue
        covariates = [covariate(v, rows) for v in used]
        if baseline:
            covariates.insert(0, Covariate(_OWN, numbers=frame.before[inside]))
        found = weighted(y[inside], answered, covariates, share=share, confidence=confidence)
        own = (frame.own,) if baseline else ()
        return found, (*own, *map(_plain, used)), int(np.count_nonzero(~inside))
    reason = f"fewer than {PER_PARAMETER} answered or missing, so there is no covariate to weight by"
    return NotComputed(reason, frame.rows.size), (), 0


def _inside(frame: Frame, baseline: int) -> tuple[Mask, list[Variable]]:
    """Who has a value of every covariate there are patients enough for, and these covariates."""
    used = list(frame.chosen)
    while True:
        inside = ~np.isnan(frame.before) if baseline else np.ones(frame.rows.size, dtype=bool)
        for v in used:
            if v.kind == "number":
                inside = inside & ~np.isnan(v.values[frame.rows])
        pairs = int(frame.pair[inside].sum())
        if not affordable(used, frame.rows[inside], pairs, int(inside.sum()), baseline)[1]:
            return inside, used
        used.pop()  # one by one: without it more patients are inside


def _plain(variable: Variable) -> str:
    """Its name without a comma, to stand in a list: "ODI before surgery"."""
    return variable.label.replace(", ", " ")


def _improvement(change: Estimate, sign: int) -> Estimate:
    ends = change.interval
    if isinstance(ends, Interval) and sign < 0:
        ends = Interval(-ends.high, -ends.low, ends.confidence, ends.method)
    return Estimate("mean improvement", sign * change.value, ends)
