"""One cohort, one filter, one population: every number of the product is a method of this object.

Results are kept once computed, so a slider step recomputes only its own result. Pages, shell and exports use the
same methods; nothing else calls lib.stats.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE, Cohort, Events, Occasion
from lib.cohort.pairs import MISSING, Pairs
from lib.cohort.selection import Mask, Population, Selection, analysed
from lib.measures.thresholds import Threshold
from lib.settings import DEFAULTS
from lib.stats import events as event_stats
from lib.stats import likert, responders, yes_no
from lib.stats.paired import Choice, PairedResult, compare_paired
from lib.stats.proportions import RateMethod
from lib.stats.results import NotComputed

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Flow:
    """Patients in the file and in the selection, operated and analysed.

    `analysed` counts complete pairs of a primary measure; both are None when the file has no pairs at all.
    """

    operated: int
    selected: int
    analysed: int | None
    analysed_selected: int | None


@dataclass(frozen=True, slots=True)
class SafetyResult:
    """Adverse events over one population: by type, and by timing and severity where the file has them."""

    by_type: event_stats.EventSummary
    types: tuple[str, ...]
    by_timing: event_stats.EventSummary | NotComputed
    timings: tuple[str, ...]
    by_severity: event_stats.EventSummary | NotComputed
    severities: tuple[str, ...]


class Analysis:
    """The results of one selection. Everything but cohort, selection and population is a method argument."""

    def __init__(
        self, cohort: Cohort, selection: Selection | None = None, population: Population = Population.ANALYSED
    ) -> None:
        self.cohort = cohort
        self.selection = selection or Selection()
        self.population = population
        self._kept: dict[Hashable, Any] = {}

    def _keep(self, key: Hashable, compute: Callable[[], R]) -> R:
        if key not in self._kept:
            self._kept[key] = compute()
        return cast(R, self._kept[key])

    # --- who ---------------------------------------------------------------------------------------------------
    @cached_property
    def selected(self) -> Mask:
        """True for the patients of the filter, shape (cohort.n,)."""
        return self.selection.apply(self.cohort)

    def people(self, follow_up: str) -> Mask:
        """Patients over whom one-occasion results are counted: analysed or all of the selection.

        "Analysed" falls back to all when the file has no pairs.
        """
        complete = analysed(self.cohort, follow_up) if self.population is Population.ANALYSED else None
        return self.selected if complete is None else self.selected & complete

    def flow(self, follow_up: str) -> Flow:
        """How many were operated, selected and analysed."""

        def compute() -> Flow:
            complete = analysed(self.cohort, follow_up)
            selected = int(np.count_nonzero(self.selected))
            if complete is None:
                return Flow(self.cohort.n, selected, None, None)
            inside = int(np.count_nonzero(complete & self.selected))
            return Flow(self.cohort.n, selected, int(np.count_nonzero(complete)), inside)

        return self._keep(("flow", follow_up), compute)

    def default_follow_up(self) -> Occasion | None:
        """The time point pages open with: 12 months where there is one, else the last with pairs, else the last."""
        offered = [o for o in self.cohort.follow_ups if self.cohort.measures_at(o.key)] or list(self.cohort.follow_ups)
        if not offered:
            return None
        return next((o for o in offered if o.months == 12), offered[-1])

    # --- before and after --------------------------------------------------------------------------------------
    def pairs(self, measure: str, follow_up: str) -> Pairs:
        """Complete pairs of the selection (own pairs of this measure: a gap elsewhere drops nobody)."""
        return self._keep(
            ("pairs", measure, follow_up), lambda: self.cohort.pairs(measure, BASELINE, follow_up, self.selected)
        )

    def paired(
        self,
        measure: str,
        follow_up: str,
        *,
        confidence: float = DEFAULTS.confidence,
        force: Choice | None = None,
    ) -> PairedResult | NotComputed:
        """The paired comparison of STATISTICS section 2; change = follow-up − baseline."""

        def compute() -> PairedResult | NotComputed:
            pairs = self.pairs(measure, follow_up)
            return compare_paired(
                pairs.baseline_counts,
                pairs.follow_up_counts,
                pairs.measure.resolution,
                confidence=confidence,
                force=force,
            )

        return self._keep(("paired", measure, follow_up, confidence, force), compute)

    # --- responders --------------------------------------------------------------------------------------------
    def responders(
        self,
        measure: str,
        follow_up: str,
        rule: responders.Rule,
        *,
        confidence: float = DEFAULTS.confidence,
        method: RateMethod = "wilson",
    ) -> responders.ResponderResult | NotComputed:
        """Improved, unchanged, worsened by one rule, over the evaluable pairs of the selection."""

        def compute() -> responders.ResponderResult | NotComputed:
            pairs = self.pairs(measure, follow_up)
            return responders.count_responders(
                pairs.baseline_counts,
                pairs.follow_up_counts,
                self.scale_of(measure),
                rule,
                confidence=confidence,
                method=method,
            )

        return self._keep(("responders", measure, follow_up, rule, confidence, method), compute)
