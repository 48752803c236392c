"""One continuous outcome before and after: everything STATISTICS.md section 2 asks, in one frozen result."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from lib.settings import FEWEST_CHANGED, FEWEST_TO_TEST, SIGNIFICANCE, T_LEADS_FROM
from lib.stats.effect_sizes import standardised_changes
from lib.stats.hodges_lehmann import hodges_lehmann
from lib.stats.paired_tests import (
    SignResult,
    WilcoxonResult,
    has_ties,
    mean_interval,
    no_inference,
    paired_t,
    shapiro_wilk,
    sign_test,
    signed_rank,
)
from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.scores import Histogram, IntArray, Summary, check_resolution, scaled, summarise

Choice = Literal["t", "wilcoxon", "counts"]
ChosenBy = Literal["rule", "user", "large n", "mostly unchanged", "few changed", "too few", "no inference"]
Quality = Literal["ok", "too few to test reliably", "no inference"]


@dataclass(frozen=True, slots=True)
class PairedResult:
    """Two time points compared over complete pairs; scores and changes in score units, change = follow-up − baseline.

    Attributes:
        n: complete pairs, at least 1.
        resolution: the step scores were counted in.
        confidence: level of every interval, 0.95 for 95%.
        baseline: summary of the first time point.
        follow_up: summary of the second time point.
        change: summary of the differences.
        baseline_mean_ci: t interval of the baseline mean.
        follow_up_mean_ci: t interval of the follow-up mean.
        mean_change: mean of the differences with its t interval; comes first everywhere.
        hodges_lehmann: the pseudomedian, median of the Walsh averages of all differences, zeros included.
        shapiro: Shapiro–Wilk on the differences.
        t_test: paired t test.
        wilcoxon: signed-rank test with its rank-biserial correlation.
        counts: who rose, stayed and fell, and the exact sign test.
        effects: standardised changes that exist, in the order "d_z", "d_av", "Glass", "g_z".
        effects_absent: name and reason of those that do not.
        zeros: differences of exactly zero.
        ties: whether two non-zero differences are equally large.
        choice: what leads; None when there are too few pairs to choose. It brings its own estimate, interval and p
            (`leading`): "t" the mean change, "wilcoxon" the pseudomedian, "counts" the share among those who changed.
        chosen_by: what decided the choice.
        reason: the choice in one plain sentence without a full stop. It holds counts but no p value: results do not
            round, so `lib.present` adds `shapiro.p` in its own format.
        quality: whether p values may be shown ("ok"), belong in the details, or do not exist.
    """

    n: int
    resolution: Decimal
    confidence: float
    baseline: Summary
    follow_up: Summary
    change: Summary
    baseline_mean_ci: Interval | NotComputed
    follow_up_mean_ci: Interval | NotComputed
    mean_change: Estimate
    hodges_lehmann: Estimate
    shapiro: Test | NotComputed
    t_test: Test | NotComputed
    wilcoxon: WilcoxonResult | NotComputed
    counts: SignResult | NotComputed
    effects: tuple[Estimate, ...]
    effects_absent: tuple[tuple[str, NotComputed], ...]
    zeros: int
    ties: bool
    choice: Choice | None
    chosen_by: ChosenBy
    reason: str
    quality: Quality

    @property
    def testable(self) -> bool:
        """Whether p values may be shown beside the estimate."""
        return self.quality == "ok"

    @property
    def leading(self) -> tuple[Estimate, Test | NotComputed]:
        """Estimate with its interval, and the test, of one and the same method: the one that leads."""
        if self.choice == "wilcoxon":
            w = self.wilcoxon
            return self.hodges_lehmann, w if isinstance(w, NotComputed) else w.test
        if self.choice == "counts" and not isinstance(self.counts, NotComputed):
            share = self.counts.share_risen
            return Estimate("share risen of those who changed", share.share, share.interval), self.counts.test
        return self.mean_change, self.t_test


def compare_paired(
    baseline: IntArray,
    follow_up: IntArray,
    resolution: Decimal,
    *,
    confidence: float = 0.95,
    force: Choice | None = None,
) -> PairedResult | NotComputed:
    """Compare two time points of the same patients.

    Args:
        baseline: scores of n patients as whole counts of the resolution (`integers.to_counts`), complete pairs only.
        follow_up: the same patients in the same order.
        resolution: score units per count.
        confidence: level of every interval. "Rejected" is p < 0.05 whatever the level.
        force: lead with this test whatever the rule says.

    What leads: the counts where more than half of the differences are zero; from 100 pairs the paired t test; else
    Shapiro–Wilk on the differences, not rejected the paired t test, rejected Wilcoxon. Where some are unchanged and
    fewer than 20 changed, Wilcoxon stands in for t. 3–9 pairs: everything is computed, nothing chosen. Fewer than 3
    pairs or equal differences: descriptions only. No pairs at all: NotComputed. Every p value is in the result.

    Time O(n log n), memory O(n). Raises ValueError for arrays of different shape, a confidence outside 0–1 or a
    resolution that is not positive, TypeError for arrays that are not whole numbers.
    """
    before, after = _counts(baseline, "baseline"), _counts(follow_up, "follow-up")
    _check(before, after, resolution, confidence)
    if before.size == 0:
        return NotComputed("no complete pairs", 0)
    return _compare(before, after, resolution, confidence, force)


def _compare(
    before: IntArray, after: IntArray, resolution: Decimal, confidence: float, force: Choice | None
) -> PairedResult:
    first, second, change = Histogram.of(before), Histogram.of(after), Histogram.of(after - before)
    shapiro = shapiro_wilk(change)
    wilcoxon = signed_rank(change, confidence)
    lead = _lead(change, shapiro, force)
    effects, effects_absent = standardised_changes(first, second, change, confidence)
    return PairedResult(
        n=change.n,
        resolution=resolution,
        confidence=confidence,
        baseline=summarise(first, resolution),
        follow_up=summarise(second, resolution),
        change=summarise(change, resolution),
        baseline_mean_ci=mean_interval(first, resolution, confidence),
        follow_up_mean_ci=mean_interval(second, resolution, confidence),
        mean_change=_mean_change(change, resolution, confidence),
        hodges_lehmann=hodges_lehmann(change, resolution, confidence),
        shapiro=shapiro,
        t_test=paired_t(change),
        wilcoxon=wilcoxon,
        counts=sign_test(change, confidence),
        effects=effects,
        effects_absent=effects_absent,
        zeros=change.frequency(0),
        ties=has_ties(change) if isinstance(wilcoxon, NotComputed) else wilcoxon.has_ties,
        choice=lead.choice,
        chosen_by=lead.chosen_by,
        reason=lead.reason,
        quality=lead.quality,
    )


def _mean_change(change: Histogram, resolution: Decimal, confidence: float) -> Estimate:
    interval = no_inference(change) or mean_interval(change, resolution, confidence)
    return Estimate("mean change", scaled(change.mean, resolution), interval)


@dataclass(frozen=True, slots=True)
class _Lead:
    choice: Choice | None
    chosen_by: ChosenBy
    reason: str
    quality: Quality


def _lead(change: Histogram, shapiro: Test | NotComputed, force: Choice | None) -> _Lead:
    """Which test leads, and why (STATISTICS.md 2.1 and 2.2)."""
    n = change.n
    absent = no_inference(change)
    if absent:
        return _Lead(None, "no inference", f"No test: {absent.reason}", "no inference")
    quality: Quality = "ok" if n >= FEWEST_TO_TEST else "too few to test reliably"
    if force is not None:
        return _Lead(force, "user", "Chosen by the user", quality)
    if n < FEWEST_TO_TEST:
        return _Lead(None, "too few", f"{n} pairs are too few to test reliably", quality)
    zeros = change.frequency(0)
    if 2 * zeros > n:
        return _Lead("counts", "mostly unchanged", f"{zeros} of {n} did not change, so the counts lead", quality)
    tested = shapiro if n < T_LEADS_FROM and isinstance(shapiro, Test) else None
    if tested is not None and tested.p < SIGNIFICANCE:
        return _Lead("wilcoxon", "rule", f"Shapiro–Wilk on the {n} differences rejects normality", quality)
    if zeros > 0 and n - zeros < FEWEST_CHANGED:
        few = f"fewer than {FEWEST_CHANGED} changed, too few for a t interval"
        return _Lead("wilcoxon", "few changed", few, quality)
    if tested is None:
        return _Lead("t", "large n", f"From {T_LEADS_FROM} pairs the paired t test leads", quality)
    return _Lead("t", "rule", f"Shapiro–Wilk on the {n} differences does not reject normality", quality)


def _counts(scores: IntArray, name: str) -> IntArray:
    array = np.asarray(scores)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name}: whole counts are needed, not {array.dtype}; see integers.to_counts")
    return array.astype(np.int64, copy=False)


def _check(before: IntArray, after: IntArray, resolution: Decimal, confidence: float) -> None:
    if before.ndim != 1 or before.shape != after.shape:
        raise ValueError(f"pairs need two columns of equal length, not {before.shape} and {after.shape}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    check_resolution(resolution)
