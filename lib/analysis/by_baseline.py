"""Does the threshold mean the same to everybody: responder rates by third of the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.cohort.cohort import BASELINE
from lib.cohort.pairs import MISSING, to_values
from lib.settings import DEFAULTS
from lib.stats.proportions import Proportion, rate
from lib.stats.responders import NOT_EVALUABLE, Rule
from lib.stats.results import NotComputed


@dataclass(frozen=True, slots=True)
class BaselineThird:
    """One third of the baseline: its ends in the unit of the score (both inside) and the responder rate in it.

    `place` counts from the lowest of `parts`, the thirds that hold anybody of the unfiltered cohort: a filter that
    leaves nobody in one of them must not rename the others.
    """

    place: int
    parts: int
    low: float
    high: float
    rate: Proportion | NotComputed


def by_baseline_third(
    analysis: Analysis, measure: str, follow_up: str, rule: Rule, *, confidence: float = DEFAULTS.confidence
) -> tuple[BaselineThird, ...] | NotComputed:
    """Rates by third of the baseline. Cuts are type-7 tertiles of the unfiltered cohort, a tie goes down.

    Descriptive only: thirds of the baseline differ in change by regression to the mean alone. Fewer than three
    distinct thirds (everybody at one score) are shown as they are.
    """

    def compute() -> tuple[BaselineThird, ...] | NotComputed:
        pairs = analysis.pairs(measure, follow_up)
        everyone = analysis.cohort.counts(measure, BASELINE)
        everyone = everyone[everyone != MISSING]
        if not len(everyone) or not pairs.n:
            return NotComputed("no complete pairs", pairs.n)
        cuts = np.quantile(everyone, [1 / 3, 2 / 3])
        third = np.searchsorted(cuts, pairs.baseline_counts, side="left")
        parts = np.unique(np.searchsorted(cuts, everyone, side="left"))
        outcomes = analysis.outcomes(measure, follow_up, rule)
        met_rule = analysis.responds(measure, follow_up, rule)
        found = []
        for place, k in enumerate(parts):
            here = (third == k) & (outcomes != NOT_EVALUABLE)
            if not here.any():
                continue
            ends = pairs.baseline_counts[here]
            low, high = to_values(np.array([ends.min(), ends.max()]), pairs.measure.resolution)
            met = int(np.count_nonzero(here & met_rule))
            found.append(
                BaselineThird(
                    place, len(parts), float(low), float(high), rate(met, int(here.sum()), confidence=confidence)
                )
            )
        return tuple(found)

    return analysis.keep(("thirds", measure, follow_up, rule, confidence), compute)
