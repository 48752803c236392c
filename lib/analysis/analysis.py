"""One cohort, one filter, one population: every number of the product is a method of this object.

Results are kept once computed, so a slider step recomputes only its own result. Pages, shell and exports use the
same methods; nothing else calls lib.stats.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from lib.catalog.thresholds import Threshold
from lib.cohort.cohort import BASELINE, Cohort, Events, TimePoint
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING, Pairs
from lib.cohort.selection import Mask, Population, Selection, analysed
from lib.settings import DEFAULTS
from lib.stats import likert, responders, yes_no
from lib.stats.events import EventSummary, summarise_events
from lib.stats.likert import LikertResult
from lib.stats.paired import Choice, PairedResult, compare_paired
from lib.stats.proportions import Proportion, RateMethod, rate
from lib.stats.responder_rule import Scale, responds
from lib.stats.responders import ResponderBounds, ResponderCurve, ResponderResult, Rule
from lib.stats.results import NotComputed
from lib.stats.table_one import NumericSummary, summarise_numeric
from lib.stats.yes_no import YesNoResult

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
    not_due: int = 0
    """Of the selected: those whose follow-up had not come yet, and who have no score of it; in no denominator of it."""
    died: int = 0
    """Of the selected: those who died before their follow-up was due, without a score of it; in no denominator."""
    treated: str = "operated"
    """What was done to them, as the cohort says it."""

    @property
    def due(self) -> int:
        """Of the selected: those whose follow-up was due, or who have a score of it."""
        return self.selected - self.not_due - self.died


@dataclass(frozen=True, slots=True)
class SafetyResult:
    """Adverse events of everybody treated: by type, and by timing and severity where the file has them.

    `analysed`: patients with an event of those with complete pairs; NotComputed where these are everybody.
    """

    by_type: EventSummary
    types: tuple[str, ...]
    by_timing: EventSummary | NotComputed
    timings: tuple[str, ...]
    by_severity: EventSummary | NotComputed
    severities: tuple[str, ...]
    analysed: Proportion | NotComputed


class Analysis:
    """The results of one selection. Everything but cohort, selection and population is a method argument."""

    def __init__(
        self,
        cohort: Cohort,
        selection: Selection | None = None,
        population: Population = Population.ANALYSED,
        *,
        within: Mask | None = None,
    ) -> None:
        """`within` narrows the selection to one group of a Comparison (True for its patients, shape (cohort.n,))."""
        self.cohort = cohort
        self.selection = selection or Selection()
        self.population = population
        self.within = within
        self._results: dict[Hashable, Any] = {}

    def keep(self, key: Hashable, compute: Callable[[], R]) -> R:
        """The result under this key, computed on first use. Modules beside this one keep their results here too."""
        if key not in self._results:
            self._results[key] = compute()
        return cast(R, self._results[key])

    # --- who ---------------------------------------------------------------------------------------------------
    @cached_property
    def selected(self) -> Mask:
        """True for the patients of the filter (of one group, where the Analysis is that), shape (cohort.n,)."""
        selected = self.selection.apply(self.cohort)
        return selected if self.within is None else selected & self.within

    def people(self, follow_up: str) -> Mask:
        """Patients over whom one-time point results are counted: analysed or all of the selection.

        "Analysed" falls back to all when the file has no pairs.
        """

        def compute() -> Mask:
            complete = analysed(self.cohort, follow_up) if self.population is Population.ANALYSED else None
            return self.selected if complete is None else self.selected & complete

        return self.keep(("people", follow_up), compute)

    def flow(self, follow_up: str) -> Flow:
        """How many were operated, selected and analysed."""

        def compute() -> Flow:
            complete = analysed(self.cohort, follow_up)
            selected = int(np.count_nonzero(self.selected))
            if complete is None:
                return Flow(self.cohort.n, selected, None, None, treated=self.cohort.treatment)
            inside = int(np.count_nonzero(complete & self.selected))
            answered = [
                self.cohort.counts(key, follow_up) != MISSING
                for key in self.cohort.primary
                if self.cohort.has_scores(key, follow_up)
            ]
            lost = self.selected & ~np.any(answered, axis=0)
            whole = int(np.count_nonzero(complete))
            waiting, died = (
                int(np.count_nonzero(lost & mask))
                for mask in (self.cohort.waiting(follow_up), self.cohort.died_before(follow_up))
            )
            return Flow(self.cohort.n, selected, whole, inside, waiting, died, self.cohort.treatment)

        return self.keep(("flow", follow_up), compute)

    def default_follow_up(self) -> TimePoint | None:
        """The time point pages open with: 12 months where there is one, else the last with pairs, else the last."""
        offered = [o for o in self.cohort.follow_ups if self.cohort.measures_at(o.key)] or list(self.cohort.follow_ups)
        if not offered:
            return None
        return next((o for o in offered if o.months == 12), offered[-1])

    # --- before and after --------------------------------------------------------------------------------------
    def pairs(self, measure: str, follow_up: str) -> Pairs:
        """Complete pairs of the selection (own pairs of this measure: a gap elsewhere drops nobody)."""
        return self.keep(
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

        return self.keep(("paired", measure, follow_up, confidence, force), compute)

    def described(
        self, whole: NDArray[np.float64], parts: Sequence[NDArray[np.float64]], decimals: int
    ) -> tuple[NumericSummary, ...]:
        """A column of Table 1 over everybody, then over each group; NaN where missing, printed with `decimals`."""
        del decimals  # what is printed changes nothing here
        return tuple(summarise_numeric(values) for values in (whole, *parts))

    # --- responders --------------------------------------------------------------------------------------------
    def responders(
        self,
        measure: str,
        follow_up: str,
        rule: Rule,
        *,
        confidence: float = DEFAULTS.confidence,
        method: RateMethod = "wilson",
    ) -> ResponderResult | NotComputed:
        """Improved, unchanged, worsened by one rule, over the evaluable pairs of the selection."""

        def compute() -> ResponderResult | NotComputed:
            pairs = self.pairs(measure, follow_up)
            return responders.count_responders(
                rule,
                scale_of(pairs.measure),
                pairs.baseline_counts,
                pairs.follow_up_counts,
                confidence=confidence,
                method=method,
            )

        return self.keep(("responders", measure, follow_up, rule, confidence, method), compute)

    def outcomes(self, measure: str, follow_up: str, rule: Rule) -> NDArray[np.int8]:
        """Outcome of each pair (1 improved, 0 unchanged, −1 worsened, −2 not evaluable), aligned to `pairs`."""

        def compute() -> NDArray[np.int8]:
            pairs = self.pairs(measure, follow_up)
            return responders.classify(rule, scale_of(pairs.measure), pairs.baseline_counts, pairs.follow_up_counts)

        return self.keep(("outcomes", measure, follow_up, rule), compute)

    def responds(self, measure: str, follow_up: str, rule: Rule) -> Mask:
        """True for each pair that meets the rule, aligned to `pairs`; a state kept counts as well as one reached."""

        def compute() -> Mask:
            pairs = self.pairs(measure, follow_up)
            return responds(rule, scale_of(pairs.measure), pairs.baseline_counts, pairs.follow_up_counts)

        return self.keep(("responds", measure, follow_up, rule), compute)

    def responder_curve(
        self, measure: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
    ) -> ResponderCurve | NotComputed:
        """Share improved by at least x, for every x."""

        def compute() -> ResponderCurve | NotComputed:
            pairs = self.pairs(measure, follow_up)
            return responders.curve(pairs.improvement_counts, pairs.measure.resolution, confidence=confidence)

        return self.keep(("curve", measure, follow_up, confidence), compute)

    def responder_bounds(
        self,
        measure: str,
        follow_up: str,
        rule: Rule,
        *,
        confidence: float = DEFAULTS.confidence,
        method: RateMethod = "wilson",
    ) -> ResponderBounds | NotComputed:
        """Worst and best case over all selected patients who are due, whoever lacks a questionnaire included.

        Not yet due is not missing, nor is who died before it: they are in no denominator of that time point.
        """

        def compute() -> ResponderBounds | NotComputed:
            found = self.responders(measure, follow_up, rule, confidence=confidence, method=method)
            if isinstance(found, NotComputed):
                return found
            due = self.selected & self.cohort.due(follow_up, self.cohort.counts(measure, follow_up) != MISSING)
            before = self.cohort.counts(measure, BASELINE)[due]
            after = self.cohort.counts(measure, follow_up)[due]
            has_before, has_after = before != MISSING, after != MISSING
            return responders.bounds(
                rule,
                scale_of(self.cohort.measure(measure)),
                found.responders,
                found.n,
                baseline_only=before[has_before & ~has_after],
                follow_up_only=after[~has_before & has_after],
                neither=int(np.count_nonzero(~has_before & ~has_after)),
                confidence=confidence,
                method=method,
            )

        return self.keep(("bounds", measure, follow_up, rule, confidence, method), compute)

    # --- statements and yes/no ---------------------------------------------------------------------------------
    def statement(
        self, key: str, time_point: str, *, confidence: float = DEFAULTS.confidence
    ) -> LikertResult | NotComputed:
        """Answers to one statement over the population; `top_two` counts the best two levels."""

        def compute() -> LikertResult | NotComputed:
            answers = self.cohort.answers.get((key, time_point))
            if answers is None:
                return NotComputed("not asked at this time point", 0)
            statement = self.cohort.statements[key]
            due = self.people(time_point) & self.cohort.due(time_point, answers != likert.NO_ANSWER)
            return likert.summarise(
                answers[due],
                len(statement.levels),
                agree_high=not statement.reverse,
                confidence=confidence,
            )

        return self.keep(("statement", key, time_point, confidence), compute)

    def yes_no(
        self, outcome: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
    ) -> YesNoResult | NotComputed:
        """A yes/no outcome before and after, over the patients of the population who have both answers."""

        def compute() -> YesNoResult | NotComputed:
            before = self.cohort.yesno.get((outcome, BASELINE))
            after = self.cohort.yesno.get((outcome, follow_up))
            if before is None or after is None:
                return NotComputed("not recorded at both time points", 0)
            both = self.people(follow_up) & (before >= 0) & (after >= 0)
            return yes_no.compare_yes_no(before[both] == 1, after[both] == 1, confidence=confidence)

        return self.keep(("yes_no", outcome, follow_up, confidence), compute)

    def share_yes(
        self, outcome: str, time_point: str, follow_up: str, *, confidence: float = DEFAULTS.confidence
    ) -> Proportion | NotComputed:
        """Share with "yes" at one time point, of the population's patients with an answer there."""

        def compute() -> Proportion | NotComputed:
            answers = self.cohort.yesno.get((outcome, time_point))
            if answers is None:
                return NotComputed("not recorded at this time point", 0)
            known = answers[self.people(follow_up) & (answers >= 0)]
            return rate(int(np.count_nonzero(known == 1)), len(known), confidence=confidence)

        return self.keep(("share_yes", outcome, time_point, follow_up, confidence), compute)

    # --- safety ------------------------------------------------------------------------------------------------
    def safety(self, follow_up: str, *, confidence: float = DEFAULTS.confidence) -> SafetyResult | NotComputed:
        """Adverse events of everybody treated in the selection, whatever `population` says: none is lost with a form.

        Patients and events apart, by type, timing and severity; the analysed beside them.
        """

        def compute() -> SafetyResult | NotComputed:
            events, people = self.cohort.events, self.selected & self.cohort.events_known
            if events is None:
                return NotComputed("the file does not record adverse events", int(np.count_nonzero(people)))
            by_type, types = _tally(events, events.type, people, confidence)
            if isinstance(by_type, NotComputed):
                return by_type
            by_timing, timings = _tally(events, events.timing, people, confidence)
            by_severity, severities = _tally(events, events.severity, people, confidence)
            complete = analysed(self.cohort, follow_up)
            beside: Proportion | NotComputed = NotComputed("everybody treated is counted", by_type.n)
            if complete is not None and np.any(people & ~complete):
                with_event = np.zeros(self.cohort.n, dtype=bool)
                with_event[events.patient] = True
                inside = people & complete
                hurt = int(np.count_nonzero(inside & with_event))
                beside = rate(hurt, int(np.count_nonzero(inside)), confidence=confidence, method="clopper-pearson")
            return SafetyResult(by_type, types, by_timing, timings, by_severity, severities, beside)

        return self.keep(("safety", follow_up, confidence), compute)


def default_rule(measure: Measure) -> Rule | None:
    """The rule pages open with: the default absolute threshold of the measure, None when it has none."""
    threshold = default_threshold(measure)
    return None if threshold is None else Rule("absolute", threshold=threshold.value)


def default_threshold(measure: Measure) -> Threshold | None:
    """The first absolute threshold of a measure, the default one first; None when there is none."""
    return next((t for t in measure.thresholds if t.kind == "absolute"), None)


def scale_of(measure: Measure) -> Scale:
    """The scale of a measure as the rules of responders need it."""
    return Scale(measure.resolution, measure.higher_is_better, measure.low, measure.high)


def _tally(
    events: Events, texts: tuple[str, ...] | None, people: Mask, confidence: float
) -> tuple[EventSummary | NotComputed, tuple[str, ...]]:
    """Events by one of their texts, names sorted by number of events in the cohort, then by name."""
    if texts is None:
        return NotComputed("not recorded in this file", int(np.count_nonzero(people))), ()
    names = tuple(sorted({t for t in texts if t}, key=lambda t: (-texts.count(t), t)))
    codes = np.array([names.index(t) if t else -1 for t in texts], dtype=np.int64)
    found = summarise_events(events.patient, codes, type_count=len(names), included=people, confidence=confidence)
    return found, names
