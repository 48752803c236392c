"""Where does the MCID come from: estimates from this cohort, by an anchor question and by the spread of the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.settings import DEFAULTS
from lib.stats.anchor import AnchorMcid, estimate_mcid
from lib.stats.distribution_based import DistributionBased, distribution_based
from lib.stats.results import NotComputed


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor question: a statement, and which of its levels mean "just improved".

    Levels above the highest of `just_improved` (in the good direction) mean "more than just improved".
    """

    statement: str
    just_improved: tuple[int, ...]


def default_anchor(analysis: Analysis, occasion: str) -> Anchor | None:
    """The first global rating or statement asked at that time point, "just improved" the level past neutral."""
    for key, statement in analysis.cohort.statements.items():
        if (key, occasion) in analysis.cohort.answers and len(statement.levels) >= 3:
            return Anchor(key, (just_past_neutral(len(statement.levels), statement.reverse),))
    return None


def just_past_neutral(levels: int, reverse: bool) -> int:
    """Index of the first level better than the middle of the scale."""
    return (levels - 1) // 2 - (1 if levels % 2 else 0) if reverse else levels // 2 + (1 if levels % 2 else 0)


def anchor_based(
    analysis: Analysis, measure: str, follow_up: str, anchor: Anchor, *, confidence: float = DEFAULTS.confidence
) -> AnchorMcid | NotComputed:
    """Mean improvement at "just improved", ROC and Youden cut, over pairs whose patient answered the anchor."""

    def compute() -> AnchorMcid | NotComputed:
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
        return estimate_mcid(
            pairs.improvement_counts[known],
            turned,
            just_improved=just,
            better={k for k in range(top + 1) if k > max(just)},
            resolution=pairs.measure.resolution,
            confidence=confidence,
        )

    return analysis.keep(("anchor", measure, follow_up, anchor, confidence), compute)


def by_distribution(
    analysis: Analysis, measure: str, follow_up: str, reliability: float | None
) -> DistributionBased | NotComputed:
    """Half an SD, SEM and MDC95 from the baseline of the pairs."""
    return analysis.keep(
        ("distribution", measure, follow_up, reliability),
        lambda: distribution_based(analysis.pairs(measure, follow_up).baseline, reliability),
    )
