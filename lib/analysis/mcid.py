"""Where does the MCID come from: estimates from this cohort, by an anchor question and by the spread of the scores."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import BASELINE, Statement
from lib.cohort.pairs import MISSING, Pairs, to_values
from lib.cohort.selection import Mask
from lib.settings import DEFAULTS, FEWEST_COMPARED
from lib.stats.anchor import AnchorMcid, DistributionBased, distribution_based, estimate_mcid
from lib.stats.predictive_mic import PredictiveMic, predictive_mic
from lib.stats.proportions import Proportion, rate
from lib.stats.responder_rule import reliable_change
from lib.stats.responders import NOT_EVALUABLE, ResponderCurve, Rule, curve
from lib.stats.results import Ints, NotComputed


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor question: a statement, and which of its levels mean "just improved".

    Levels above the highest of `just_improved` (in the good direction) mean "more than just improved".
    """

    statement: str
    just_improved: tuple[int, ...]


_OF_CHANGE = re.compile(
    r"better|worse|improv|recover|unchanged|no change|beter|slechter|verbeter|besser|schlechter", re.I
)
_IMPROVED = re.compile(r"better|improv|recover|beter|verbeter|besser", re.I)


def is_rating_of_change(statement: Statement) -> bool:
    """Whether the answers themselves say better or worse: a global rating of change, no satisfaction."""
    return sum(bool(_OF_CHANGE.search(level)) for level in statement.levels) >= 2


def anchors(analysis: Analysis, time_point: str) -> tuple[Statement, ...]:
    """What could be the anchor at that time point: ratings of change first, then the others as in the file."""
    cohort = analysis.cohort
    answered = [s for s in cohort.statements.values() if (s.key, time_point) in cohort.answers and len(s.levels) >= 3]
    return tuple(sorted(answered, key=lambda s: not is_rating_of_change(s)))


def smallest_improved(statement: Statement) -> tuple[int, ...]:
    """The smallest improved level of a rating of change; () for any other question, where nobody can know."""
    if not is_rating_of_change(statement):
        return ()
    order = range(len(statement.levels))
    better = [k for k in order if _IMPROVED.search(statement.levels[k])]
    past = just_past_neutral(len(statement.levels), statement.reverse)
    if past in better or not better:
        return (past,)
    return (max(better) if statement.reverse else min(better),)


def just_past_neutral(levels: int, reverse: bool) -> int:
    """Index of the first level better than the middle of the scale."""
    return (levels - 1) // 2 - (1 if levels % 2 else 0) if reverse else levels // 2 + (1 if levels % 2 else 0)


def parse_anchor(text: str, analysis: Analysis, time_point: str) -> Anchor | None:
    """ "global_change=4" or "global_change=4+5"; None for what this cohort does not have at that time point."""
    key, _, levels = text.partition("=")
    statement = next((s for s in anchors(analysis, time_point) if s.key == key), None)
    places = [int(k) for k in levels.split("+") if k.isdigit()]
    if statement is None or not places or max(places) >= len(statement.levels):
        return None
    return Anchor(key, tuple(sorted(set(places))))


def _anchored(
    analysis: Analysis, measure: str, follow_up: str, anchor: Anchor
) -> tuple[Pairs, Mask, Ints, set[int], set[int]] | NotComputed:
    """Pairs, who of them answered, the answers turned so that larger is better, and the two sets of levels."""
    pairs = analysis.pairs(measure, follow_up)
    answers = analysis.cohort.answers.get((anchor.statement, follow_up))
    if answers is None:
        return NotComputed("the anchor was not asked at this time point", pairs.n)
    statement = analysis.cohort.statements[anchor.statement]
    codes = answers[pairs.rows].astype(np.int64)
    known = codes >= 0
    if not known.any():
        return NotComputed("nobody answered the anchor", 0)
    top = len(statement.levels) - 1
    turned = top - codes[known] if statement.reverse else codes[known]
    just = {top - k for k in anchor.just_improved} if statement.reverse else set(anchor.just_improved)
    return pairs, known, turned, just, {k for k in range(top + 1) if k > max(just)}


def anchor_based(
    analysis: Analysis, measure: str, follow_up: str, anchor: Anchor, *, confidence: float = DEFAULTS.confidence
) -> AnchorMcid | NotComputed:
    """Mean improvement at "just improved", ROC and Youden cut, over pairs whose patient answered the anchor."""

    def compute() -> AnchorMcid | NotComputed:
        found = _anchored(analysis, measure, follow_up, anchor)
        if isinstance(found, NotComputed):
            return found
        pairs, known, turned, just, better = found
        return estimate_mcid(
            pairs.improvement_counts[known],
            turned,
            just_improved=just,
            better=better,
            resolution=pairs.measure.resolution,
            confidence=confidence,
        )

    return analysis.keep(("anchor", measure, follow_up, anchor, confidence), compute)


def predictive(
    analysis: Analysis,
    measure: str,
    follow_up: str,
    anchor: Anchor,
    reliability: float | None = None,
    *,
    confidence: float = DEFAULTS.confidence,
) -> PredictiveMic | NotComputed:
    """The predictive MIC of "just improved or better", adjusted for the share improved; `reliability` of the anchor."""

    def compute() -> PredictiveMic | NotComputed:
        found = _anchored(analysis, measure, follow_up, anchor)
        if isinstance(found, NotComputed):
            return found
        pairs, known, turned, just, better = found
        return predictive_mic(
            pairs.improvement_counts[known],
            np.isin(turned, [*just, *better]),
            resolution=pairs.measure.resolution,
            reliability=reliability,
            confidence=confidence,
        )

    return analysis.keep(("predictive", measure, follow_up, anchor, reliability, confidence), compute)


def by_distribution(
    analysis: Analysis, measure: str, follow_up: str, reliability: float | None
) -> DistributionBased | NotComputed:
    """Half an SD, SEM and MDC95 from the baseline of the pairs."""
    return analysis.keep(
        ("distribution", measure, follow_up, reliability),
        lambda: distribution_based(analysis.pairs(measure, follow_up).baseline, reliability),
    )


def reliable_rule(
    analysis: Analysis, measure: str, follow_up: str, reliability: Decimal, source: str
) -> Rule | NotComputed:
    """Improvement beyond measurement error at a stated reliability.

    The SD is that of the baseline of the pairs of the whole cohort: a filter does not reclassify a patient.
    """
    cohort = analysis.cohort
    if not all(cohort.has_scores(measure, at) for at in (BASELINE, follow_up)):
        return NotComputed("no score both before and after", 0)
    whole = analysis.keep("whole cohort", lambda: Analysis(cohort))
    spread = by_distribution(whole, measure, follow_up, float(reliability))
    if isinstance(spread, NotComputed):
        return spread
    return reliable_change(spread.baseline_sd, cohort.measure(measure).resolution, reliability, source)


# The cumulative curve of improvement in percent of the baseline.


def percent_curve(
    analysis: Analysis, measure: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> ResponderCurve | NotComputed:
    """Share improved by at least x percent of the baseline, over pairs with a baseline above 0.

    Improvements are counted in whole percents, rounded down: for a whole x, 100·improvement ≥ x·baseline exactly when
    the rounded one is ≥ x, so the curve meets the table's rate at every stop of the slider.
    Not computed where the scale goes below 0.
    """

    def compute() -> ResponderCurve | NotComputed:
        pairs = analysis.pairs(measure, follow_up)
        low = pairs.measure.low
        negative = np.any(pairs.baseline_counts < 0) or np.any(pairs.follow_up_counts < 0)
        if (low is not None and low < 0) or negative:
            return NotComputed("percent of baseline is not offered on a scale that goes below 0", pairs.n)
        known = pairs.baseline_counts > 0
        percents = np.floor_divide(100 * pairs.improvement_counts[known], pairs.baseline_counts[known])
        return curve(percents, Decimal(1), confidence=confidence)

    return analysis.keep(("percent curve", measure, follow_up, confidence), compute)


def responder_curves(
    comparison: Comparison | None, measure: str, follow_up: str, rule: Rule | None
) -> tuple[tuple[str, ResponderCurve], ...]:
    """(name, curve) of every group with at least three pairs, in the order of the groups; () without groups."""
    if comparison is None or (rule is not None and rule.kind not in ("absolute", "reliable", "percent")):
        return ()
    found = []
    for label, group in comparison.groups:
        absolute = rule is None or rule.kind != "percent"
        its = group.responder_curve(measure, follow_up) if absolute else percent_curve(group, measure, follow_up)
        if isinstance(its, ResponderCurve) and its.n >= FEWEST_COMPARED:
            found.append((label, its))
    return tuple(found)


# Does the threshold mean the same to everybody: responder rates by third of the baseline.


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
