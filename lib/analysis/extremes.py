"""Floor and ceiling: how many patients stand at the worst and at the best possible score of each measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis, scale_of
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.settings import DEFAULTS
from lib.stats.proportions import Proportion, rate
from lib.stats.results import NotComputed

MANY = 0.15
"""More than this at one end is called a floor or ceiling effect (Terwee 2007, J Clin Epidemiol 60:34-42)."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """One measure at one time point, over the selected patients with a score then.

    `floor` is the share at the worst possible score, `ceiling` at the best, whichever way the scale runs.
    """

    measure: Measure
    time_point: str
    floor: Proportion | NotComputed
    ceiling: Proportion | NotComputed


def extremes(analysis: Analysis, *, confidence: float = DEFAULTS.confidence) -> tuple[Extremes, ...]:
    """Every measure with two known ends, at every time point where it has scores."""

    def compute() -> tuple[Extremes, ...]:
        cohort, found = analysis.cohort, []
        for measure in cohort.measures.values():
            scale = scale_of(measure)
            if scale.worst is None or scale.best is None:
                continue
            for time_point in cohort.time_points:
                if not cohort.has_scores(measure.key, time_point.key):
                    continue
                counts = cohort.counts(measure.key, time_point.key)[analysis.selected]
                counts = counts[counts != MISSING]
                ends = (int(np.count_nonzero(counts == end)) for end in (scale.worst, scale.best))
                floor, ceiling = (rate(k, len(counts), confidence=confidence) for k in ends)
                found.append(Extremes(measure, time_point.label, floor, ceiling))
        return tuple(found)

    return analysis.keep(("extremes", confidence), compute)
