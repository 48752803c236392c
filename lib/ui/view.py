"""What a page looks at: the cohort under the filter, the time points, the groups compared, and the line about whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.analysis import Analysis
from lib.analysis.eq5d import has_states
from lib.analysis.groups.comparison import Comparison
from lib.analysis.survival import events_of
from lib.cohort.cohort import Cohort, TimePoint
from lib.cohort.grouping import TwoCohorts, VersusRest
from lib.cohort.measure import Measure
from lib.cohort.selection import Population
from lib.present.sentences import outcomes
from lib.present.tables.data_check import still_open
from lib.ui.compare import control


@dataclass(frozen=True)
class View:
    """One run of a page: who is looked at, and when."""

    cohort: Cohort
    analysis: Analysis
    baseline: TimePoint | None
    follow_up: TimePoint | None
    compared: Comparison | None = None
    """Set by `about`: every number of the page is of the patients compared, not of the filter."""

    def about(self, comparison: Comparison) -> View:
        """The same view for a page whose every number is of the patients compared."""
        return replace(self, compared=comparison)

    @property
    def time(self) -> str:
        """Key of the follow-up; "" when the file has none."""
        return self.follow_up.key if self.follow_up else ""

    @property
    def time_points(self) -> tuple[str, str]:
        """Labels of both time points, as in the file."""
        return (self.baseline.label if self.baseline else "", self.follow_up.label if self.follow_up else "")

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Measures with a before and an after at this follow-up."""
        return self.cohort.measures_at(self.time) if self.follow_up and self.baseline else ()

    @property
    def anybody_paired(self) -> bool:
        """Whether any patient under the filter has a before and an after of any measure."""
        return any(self.analysis.pairs(m.key, self.time).n for m in self.measures)

    @property
    def nothing_on(self) -> dict[str, str]:
        """Pages of the menu with nothing to show, by their address, each with the reason."""
        cohort, found = self.cohort, {}
        scores = "This file has no score both before and after"
        if self.measures and not self.anybody_paired:
            scores = "Nobody under this filter has a score both before and after"
        if not self.measures or not self.anybody_paired:
            found = {"before_after": scores, "responders": scores}
        if not any((s.key, self.time) in cohort.answers for s in cohort.statements.values()):
            found["statements"] = "This file has no statements at this time point"
        index = any((m.instrument or "").startswith("eq5d") for m in self.measures)
        if not index and not has_states(self.analysis, self.time):
            found["eq5d"] = "This file has no EQ-5D before and after"
        if not any(len(c.labels) > 1 for c in cohort.categories()):
            found["compare"] = "This file has no column with two or more groups"
        if cohort.events is None and not cohort.outcomes and not events_of(cohort):
            found["safety"] = "This file has no adverse events and no yes or no outcomes"
        return found

    @property
    def comparison(self) -> Comparison | None:
        """The groups of the "Compare by" control, None when nothing is compared."""
        return control.comparison(self.analysis)

    @property
    def strip(self) -> str:
        """About whom: filter, operated, analysed, time points."""
        whose, described = self.analysis, self.analysis.selection.describe(self.cohort)
        free = self.compared if self.compared and isinstance(self.compared.grouping, VersusRest | TwoCohorts) else None
        if free:
            whose, described = free.all, (free.title,)
        words = outcomes.strip(described, whose.flow(self.time), self.time_points)
        if self.analysis.population is Population.ALL:
            words += f" · statements over all {self.cohort.treatment}"
        if not free and self.comparison is not None and isinstance(self.comparison.grouping, VersusRest | TwoCohorts):
            words += f" · compared: {self.comparison.title}"
        words += still_open(self.cohort.provenance)
        return f"Invented data · {words}" if self.cohort.provenance.synthetic else words
