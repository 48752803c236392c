"""The analysis as readers outside the department may see it: a result that would list its patients is only its n."""

from __future__ import annotations

from dataclasses import replace

from lib.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.disclosure.value_sets import ENOUGH, FEWEST, enough_fit
from lib.settings import DEFAULTS
from lib.stats.paired import Choice, PairedResult
from lib.stats.results import NotComputed

_OPEN = 1_000_000_000
"""End of a scale that has none, in counts."""
TOO_FEW = f"means are shown outside the department from {FEWEST} patients on"
TOO_TELLING = f"fewer than {ENOUGH} different sets of values fit the means, SDs and quartiles, so they are not shown"


class Disclosed(Analysis):
    """The same selection; its paired results are `NotComputed` where they could be solved for single patients."""

    def paired(
        self,
        measure: str,
        follow_up: str,
        *,
        confidence: float = DEFAULTS.confidence,
        force: Choice | None = None,
    ) -> PairedResult | NotComputed:
        """As `Analysis.paired`; `NotComputed` with n for fewer than 10 patients, or where it could be solved."""
        found = super().paired(measure, follow_up, confidence=confidence, force=force)
        if isinstance(found, NotComputed):
            return found
        if found.n < FEWEST:
            return NotComputed(TOO_FEW, found.n)
        fits = self.keep(("fit", measure, follow_up), lambda: self._fits(measure, follow_up))
        return found if fits else NotComputed(TOO_TELLING, found.n)

    def _fits(self, measure: str, follow_up: str) -> bool:
        pairs = self.pairs(measure, follow_up)
        scale = pairs.measure
        low = -_OPEN if scale.low is None else round(scale.low / scale.resolution)
        high = _OPEN if scale.high is None else round(scale.high / scale.resolution)
        return enough_fit(pairs.baseline_counts, pairs.follow_up_counts, low, high)


def disclosed(analysis: Analysis) -> Analysis:
    """The analysis for readers outside."""
    return Disclosed(analysis.cohort, analysis.selection, analysis.population, within=analysis.within)


def disclosed_groups(comparison: Comparison) -> Comparison:
    """The comparison for readers outside."""
    groups = tuple((name, disclosed(one)) for name, one in comparison.groups)
    return replace(comparison, all=disclosed(comparison.all), groups=groups)
