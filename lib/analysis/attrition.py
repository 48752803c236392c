"""Who is missing: operated → due → complete baseline → complete follow-up, by reason, per center and over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.analysis.table_one import Form, Group, TableOne, table_one
from lib.cohort.cohort import BASELINE, Category, Cohort, Dates
from lib.cohort.eq5d_index import is_computed
from lib.cohort.pairs import MISSING
from lib.cohort.selection import Mask
from lib.stats.events import lowest_run
from lib.stats.results import NotComputed

Unit = Literal["month", "quarter", "year"]
STATES = ("complete", "no_baseline", "no_follow_up", "neither", "illegal", "not_yet_due", "died")
"""What a patient lacks for a complete pair of one measure; each patient is in one state."""
COMPLETE, NO_BASELINE, NO_FOLLOW_UP, NEITHER, ILLEGAL, NOT_DUE, DIED = range(7)
MOST_MONTHS = 30
FEWEST_IN_GAP = 5


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the flow: its key, the patients in it, and those who left just before it, by reason."""

    key: Literal["operated", "due", "baseline", "follow-up"]
    n: int
    left: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureFlow:
    """The way from all operated patients of the selection to the pairs of one measure."""

    steps: tuple[FlowStep, ...]
    treated: str = "operated"

    @property
    def operated(self) -> int:
        """Patients of the selection."""
        return self.steps[0].n

    @property
    def pairs(self) -> int:
        """Complete pairs: the patients analysed for this measure."""
        return self.steps[-1].n


@dataclass(frozen=True, slots=True)
class Completeness:
    """Patients of one center or period by state (in the order of `STATES`).

    baseline: with a legal score before surgery, of all. follow_up: with one at the follow-up, of those due.
    """

    label: str
    n: int
    states: tuple[int, ...]
    baseline: int
    follow_up: int

    @property
    def complete(self) -> int:
        """Patients with a complete pair."""
        return self.states[COMPLETE]

    @property
    def due(self) -> int:
        """Patients whose follow-up could be there: all but those not yet due and those who died before."""
        return self.n - self.states[NOT_DUE] - self.states[DIED]


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of periods with few complete pairs: its first and last label, complete and due in it and outside it."""

    first: str
    last: str
    complete: int
    due: int
    complete_elsewhere: int
    due_elsewhere: int


@dataclass(frozen=True, slots=True)
class Periods:
    """Completeness over time, every period of the cohort in order, also those in which nobody was operated.

    tallest: most patients in one period over the whole cohort, so that the axis stays when the filter moves.
    undated: selected patients without a date of surgery.
    """

    unit: Unit
    rows: tuple[Completeness, ...]
    tallest: int
    undated: int


def states(cohort: Cohort, measure: str, follow_up: str) -> NDArray[np.int8]:
    """State of every patient, shape (n,), by the same rules and order of reasons as `Pairs.excluded`."""
    has_before = cohort.counts(measure, BASELINE) != MISSING
    has_after = cohort.counts(measure, follow_up) != MISSING
    bad = _illegal(cohort, measure, BASELINE) | _illegal(cohort, measure, follow_up)
    waiting, died = (mask & ~has_after for mask in (cohort.waiting(follow_up), cohort.died_before(follow_up)))
    complete = has_before & has_after
    found = np.select(
        [complete, bad, waiting, died, ~has_before & has_after, has_before & ~has_after],
        [COMPLETE, ILLEGAL, NOT_DUE, DIED, NO_BASELINE, NO_FOLLOW_UP],
        NEITHER,
    )
    return found.astype(np.int8)


def _illegal(cohort: Cohort, measure: str, time_point: str) -> Mask:
    computed = is_computed(measure, cohort.eq5d_version)
    key = "eq5d3l" if computed and ("eq5d3l", time_point) in cohort.illegal else measure
    return cohort.illegal.get((key, time_point), np.zeros(cohort.n, dtype=bool))


def _states(analysis: Analysis, measure: str, follow_up: str) -> NDArray[np.int8]:
    return analysis.keep(("states", measure, follow_up), lambda: states(analysis.cohort, measure, follow_up))


def measure_flow(analysis: Analysis, measure: str, follow_up: str) -> MeasureFlow:
    """Operated → due → with a score at baseline → with one at follow-up, of the selection, as STROBE asks.

    Each patient leaves once. Raises KeyError when the cohort does not have the measure at both time points.
    """

    def compute() -> MeasureFlow:
        inside = analysis.selected
        state = _states(analysis, measure, follow_up)[inside]
        no_score_before = (analysis.cohort.counts(measure, BASELINE) == MISSING)[inside]
        counts = np.bincount(state, minlength=len(STATES)).tolist()
        bad_before = int(np.count_nonzero((state == ILLEGAL) & no_score_before))
        due = len(state) - counts[NOT_DUE] - counts[DIED]
        before = due - counts[NO_BASELINE] - counts[NEITHER] - bad_before
        steps = (
            FlowStep("operated", len(state)),
            FlowStep("due", due, (("not_yet_due", counts[NOT_DUE]), ("died", counts[DIED]))),
            FlowStep(
                "baseline",
                before,
                (("no_baseline", counts[NO_BASELINE]), ("neither", counts[NEITHER]), ("illegal", bad_before)),
            ),
            FlowStep(
                "follow-up",
                counts[COMPLETE],
                (("no_follow_up", counts[NO_FOLLOW_UP]), ("illegal", counts[ILLEGAL] - bad_before)),
            ),
        )
        return MeasureFlow(steps, analysis.cohort.treatment)

    return analysis.keep(("measure flow", measure, follow_up), compute)


def by_category(
    analysis: Analysis, measure: str, follow_up: str, column: Category
) -> tuple[Completeness, ...] | NotComputed:
    """Completeness per category of a column (center) over the selection; patients without one come last."""

    def compute() -> tuple[Completeness, ...] | NotComputed:
        if not analysis.selected.any():
            return NotComputed("nobody in this selection", 0)
        rows = [
            _completeness(analysis, measure, follow_up, column.codes == code, label)
            for code, label in enumerate(column.labels)
        ]
        if np.any(column.codes[analysis.selected] < 0):
            rows.append(_completeness(analysis, measure, follow_up, column.codes < 0, "Not recorded"))
        return tuple(rows)

    return analysis.keep(("completeness", measure, follow_up, column.key), compute)


def by_period(analysis: Analysis, measure: str, follow_up: str) -> Periods | NotComputed:
    """Completeness per month of surgery; per quarter or year when the cohort spans more than 30 of the smaller unit.

    Not computed when the file has no date of surgery.
    """

    def compute() -> Periods | NotComputed:
        column = analysis.cohort.columns.get("surgery_date")
        n = int(np.count_nonzero(analysis.selected))
        if not isinstance(column, Dates) or np.all(np.isnat(column.days)):
            return NotComputed("the file has no date of treatment", n)
        known = ~np.isnat(column.days)
        unit, place, labels = periods_of(column.days)
        tallest = int(np.bincount(place[known]).max())
        rows = tuple(
            _completeness(analysis, measure, follow_up, known & (place == k), label) for k, label in enumerate(labels)
        )
        return Periods(unit, rows, tallest, int(np.count_nonzero(analysis.selected & ~known)))

    return analysis.keep(("periods", measure, follow_up), compute)


def in_category(column: Category, place: int) -> Mask:
    """Patients of one row of `by_category`; the row behind the last label is of those without one."""
    found: Mask = column.codes == place if place < len(column.labels) else column.codes < 0
    return found


def in_period(cohort: Cohort, place: int) -> Mask:
    """Patients of one row of `by_period`; nobody when the file has no date of surgery."""
    column = cohort.columns.get("surgery_date")
    if not isinstance(column, Dates) or np.all(np.isnat(column.days)):
        return np.zeros(cohort.n, dtype=bool)
    _, places, _ = periods_of(column.days)
    found: Mask = ~np.isnat(column.days) & (places == place)
    return found


def in_state(analysis: Analysis, measure: str, follow_up: str, state: int, mask: Mask) -> NDArray[np.int64]:
    """Places in the cohort of the selected patients of `mask` who are in this state (a place in `STATES`)."""
    return np.flatnonzero(analysis.selected & mask & (_states(analysis, measure, follow_up) == state))


def gap(periods: Periods) -> Gap | None:
    """The run of periods with the fewest complete pairs of those due (`lowest_run`); it describes and is not tested.

    None unless at least 5 patients in it were due and its share is at most half of that in the other periods.
    """
    rows = periods.rows
    found = lowest_run([r.complete for r in rows], [r.due for r in rows], fewest=FEWEST_IN_GAP)
    if isinstance(found, NotComputed) or 2 * found.count * found.n_elsewhere > found.count_elsewhere * found.n:
        return None
    ends = rows[found.first].label, rows[found.last].label
    return Gap(*ends, found.count, found.n, found.count_elsewhere, found.n_elsewhere)


def occurring(analysis: Analysis, measure: str, follow_up: str) -> tuple[int, ...]:
    """States that somebody of the whole cohort is in, and always the three usual ones, in the order of `STATES`."""
    found = np.unique(_states(analysis, measure, follow_up)).tolist()
    return tuple(sorted({COMPLETE, NO_BASELINE, NO_FOLLOW_UP, *found}))


def periods_of(days: NDArray[np.datetime64], most: int = MOST_MONTHS) -> tuple[Unit, NDArray[np.int64], list[str]]:
    """Unit, period of each patient (0 …, meaningless where NaT), and the label of every period in order.

    At most so many months, or so many quarters, else years.
    """
    months = days.astype("datetime64[M]").astype(np.int64)
    known = ~np.isnat(days)
    span = int(months[known].max() - months[known].min()) + 1
    size, unit = _unit(span, most)
    first = int(months[known].min()) // size
    place = months // size - first
    labels = [_period_words((first + k) * size, unit) for k in range(int(place[known].max()) + 1)]
    return unit, np.where(known, place, 0), labels


def _unit(months: int, most: int) -> tuple[int, Unit]:
    if months <= most:
        return 1, "month"
    return (3, "quarter") if months <= 3 * most else (12, "year")


def _period_words(month: int, unit: Unit) -> str:
    year, of_year = 1970 + month // 12, month % 12
    if unit == "year":
        return f"{year}"
    return f"{year}-{of_year + 1:02d}" if unit == "month" else f"{year} Q{of_year // 3 + 1}"


def _completeness(analysis: Analysis, measure: str, follow_up: str, mask: Mask, label: str) -> Completeness:
    inside = mask & analysis.selected
    state = _states(analysis, measure, follow_up)[inside]
    counts = np.bincount(state, minlength=len(STATES)).tolist()
    before = (analysis.cohort.counts(measure, BASELINE) != MISSING)[inside]
    after = (analysis.cohort.counts(measure, follow_up) != MISSING)[inside]
    return Completeness(label, len(state), tuple(counts), int(np.count_nonzero(before)), int(np.count_nonzero(after)))


def analysed_against_not(
    analysis: Analysis, measure: str, follow_up: str, *, form: Form = "auto"
) -> TableOne | NotComputed:
    """Table 1 of the selected patients who are due: those with a complete pair against those without, by SMD.

    Patients not yet due, or dead before they were, are in neither group.
    """
    state = _states(analysis, measure, follow_up)
    due = analysis.selected & (state != NOT_DUE) & (state != DIED)
    complete = state == COMPLETE
    n = int(np.count_nonzero(due))
    if not np.any(due & ~complete):
        return NotComputed("every patient who is due has a complete pair", n)
    if not np.any(due & complete):
        return NotComputed("nobody has a complete pair", n)
    groups = (Group("Analysed", complete), Group("Not analysed", ~complete))
    return table_one(analysis, due, groups, form=form, events=False)
