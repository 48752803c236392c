"""One continuous outcome before and after: everything STATISTICS.md section 2 asks, in one frozen result."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lib.stats.integers import IntArray
from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.summaries import Summary
from lib.stats.wilcoxon import WilcoxonResult

Choice = Literal["t", "wilcoxon"]
ChosenBy = Literal["rule", "user", "large n", "too few", "no inference"]
Quality = Literal["ok", "too few to test reliably", "no inference"]


@dataclass(frozen=True, slots=True)
class PairedResult:
    """A comparison of two occasions over complete pairs; scores and changes in score units, change = follow-up − baseline.

    Attributes:
        n: complete pairs, at least 1.
        resolution: the step scores were counted in.
        confidence: level of every interval, 0.95 for 95%.
        baseline: summary of the first occasion.
        follow_up: summary of the second occasion.
        change: summary of the differences.
        baseline_mean_ci: t interval of the baseline mean.
        follow_up_mean_ci: t interval of the follow-up mean.
        mean_change: mean of the differences with its t interval; comes first everywhere.
        hodges_lehmann: median of the Walsh averages of all differences, zeros included.
        shapiro: Shapiro–Wilk on the differences.
        t_test: paired t test.
        wilcoxon: signed-rank test with its rank-biserial correlation.
        effects: standardised changes that exist, in the order "d_z", "d_av", "Glass", "g_z".
        effects_absent: name and reason of those that do not.
        zeros: differences of exactly zero.
        ties: whether two non-zero differences are equally large.
        choice: the test to lead with; None when there are too few pairs to choose.
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


def compare_paired(
    baseline: IntArray,
    follow_up: IntArray,
    resolution: Decimal,
    *,
    confidence: float = 0.95,
    force: Choice | None = None,
) -> PairedResult | NotComputed:
    """Compare two occasions of the same patients, given as whole counts of the resolution (`integers.to_counts`)."""
    raise NotImplementedError
