"""The cohort: one immutable object with every value of the file that was kept, aligned to its patients.

Arrays are read-only. Scores are also offered as whole counts of the measure's resolution, because zeros, ties,
ranks and thresholds are decided on integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.catalog.value_sets import Version
from lib.cohort import eq5d_index
from lib.cohort.design import NOT_CHECKED, SERIES, Design, FileCheck
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING, Excluded, Pairs, to_counts

NO_ANSWER = -1
DONT_KNOW = -2
BASELINE = "baseline"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A time point. `months` after the operation, 0 for baseline, None where the file does not say."""

    key: str
    label: str
    months: float | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with ordered answers, from the least to the most agreeing level.

    `reverse` marks a statement whose agreement is unfavourable; `short` fits on a slide.
    """

    key: str
    label: str
    levels: tuple[str, ...]
    short: str = ""
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """A yes/no outcome ("opioid use"); `good` is the answer patients hope for (False: no)."""

    key: str
    label: str
    good: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Adverse events, 0..n rows per patient. Optional columns are None where the file does not have them.

    `patient[i]` is an index into the cohort's patients. Texts are as in the file; empty text means not given.
    `unknown` are the patients of whom the file says that nobody knows: they are missing, not without event.
    """

    patient: NDArray[np.int64]
    type: tuple[str, ...]
    timing: tuple[str, ...] | None = None
    severity: tuple[str, ...] | None = None
    serious: tuple[bool | None, ...] | None = None
    procedure: tuple[str, ...] | None = None
    unknown: tuple[int, ...] = ()
    day: NDArray[np.datetime64] | None = None
    """When each event happened, NaT where the file does not say."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the cohort comes from. `fingerprint` is the hash over file digest, columns and repairs."""

    file_name: str
    file_digest: str
    fingerprint: str
    synthetic: bool = False
    repairs: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    """Names and digests of the files that were joined; empty for one file."""
    checked: FileCheck = NOT_CHECKED
    """What was found in the file and what was answered, for the page Data check."""
    guesses: tuple[str, ...] = ()
    """Questions about the file that nobody answered: the cohort goes on with what was guessed."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """An immutable cohort; every array has length n and follows the order of the file.

    Attributes:
        source_rows: row number of each patient as Excel shows it (the heading is row 1).
        columns: categories, numbers and dates by key, in file order.
        time_points: time points in order, baseline first (if there is one).
        measures: scores by key, in the order in which pages offer them.
        primary: keys of the primary measures: "analysed" is a complete pair of one of them.
        scores: (measure, time point) → floats, NaN missing or illegal.
        illegal: (measure or "eq5d3l", time point) → True where the file holds a value outside the scale.
        states: time point → (n, 5) EQ-5D levels 1–3 (5L: 1–5), 0 missing or illegal.
        eq5d_version: which questionnaire the states are answers to.
        statements, answers: (statement, time point) → level index, −1 no answer, −2 don't know / not applicable.
        outcomes, yesno: (outcome, time point) → 1 yes, 0 no, −1 not recorded.
        events: None when the file does not record adverse events.
        not_due: time point → True for patients whose time point had not come when the data were extracted.
        died: time point → True for patients who died before its window had closed. Read both through `due`.
        design: the word for the treatment, and whether there are groups; as the user says it, never guessed.
    """

    n: int
    source_rows: NDArray[np.int64]
    columns: Mapping[str, PatientColumn]
    time_points: tuple[TimePoint, ...]
    measures: Mapping[str, Measure]
    primary: tuple[str, ...]
    scores: Mapping[tuple[str, str], NDArray[np.float64]]
    provenance: Provenance
    illegal: Mapping[tuple[str, str], Mask] = field(default_factory=dict)
    states: Mapping[str, NDArray[np.int8]] = field(default_factory=dict)
    statements: Mapping[str, Statement] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], NDArray[np.int8]] = field(default_factory=dict)
    outcomes: Mapping[str, YesNo] = field(default_factory=dict)
    yesno: Mapping[tuple[str, str], NDArray[np.int8]] = field(default_factory=dict)
    events: Events | None = None
    not_due: Mapping[str, Mask] = field(default_factory=dict)
    died: Mapping[str, Mask] = field(default_factory=dict)
    id_hashes: tuple[str, ...] = field(default=(), repr=False)
    design: Design = SERIES
    eq5d_version: Version = "3L"
    _counts: dict[tuple[str, str], NDArray[np.int64]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for array in self._arrays():
            if len(array) != self.n:
                raise ValueError(f"an array of {len(array)} rows in a cohort of {self.n} patients")
            array.setflags(write=False)

    def _arrays(self) -> Iterable[NDArray[np.generic]]:
        yield self.source_rows
        for column in self.columns.values():
            if isinstance(column, Category):
                yield column.codes
            elif isinstance(column, Number):
                yield column.values
            else:
                yield column.days
        for mapping in (self.scores, self.illegal, self.states, self.answers, self.yesno, self.not_due, self.died):
            yield from mapping.values()

    @property
    def events_known(self) -> Mask:
        """True but for patients of whom the file says that nobody knows whether there was an event."""
        known = np.ones(self.n, dtype=bool)
        known[list(self.events.unknown if self.events else ())] = False
        return known

    @property
    def treatment(self) -> str:
        """What was done to the patients, as a participle: "operated", "treated"."""
        return self.design.treatment

    # --- time points -------------------------------------------------------------------------------------------
    @property
    def baseline(self) -> TimePoint | None:
        """The time point before the operation, None when the file has none."""
        return next((o for o in self.time_points if o.key == BASELINE), None)

    @property
    def follow_ups(self) -> tuple[TimePoint, ...]:
        """Every time point after baseline, in order."""
        return tuple(o for o in self.time_points if o.key != BASELINE)

    def time_point(self, key: str) -> TimePoint:
        """The time point with that key; KeyError otherwise."""
        for time_point in self.time_points:
            if time_point.key == key:
                return time_point
        raise KeyError(key)

    def measures_at(self, follow_up: str) -> tuple[Measure, ...]:
        """Measures that have both a baseline and this follow-up column."""
        return tuple(
            m for m in self.measures.values() if self.has_scores(m.key, BASELINE) and self.has_scores(m.key, follow_up)
        )

    # --- who is due --------------------------------------------------------------------------------------------
    def due(self, time_point: str, answered: Mask) -> Mask:
        """Who belongs in a denominator of this time point; every denominator of the product asks here.

        Whoever has the value counted (`answered`, shape (n,)), and everybody treated whose window had closed when the
        data were extracted and who had not died before that. Without the dates everybody is due.
        """
        return answered | ~(self.waiting(time_point) | self.died_before(time_point))

    def waiting(self, time_point: str) -> Mask:
        """Not yet due: alive, and the window was open when the data were extracted."""
        return self._marked(self.not_due, time_point) & ~self.died_before(time_point)

    def died_before(self, time_point: str) -> Mask:
        """Who died before the window of the time point had closed."""
        return self._marked(self.died, time_point)

    def _marked(self, of: Mapping[str, Mask], time_point: str) -> Mask:
        found = of.get(time_point)
        return np.zeros(self.n, dtype=bool) if found is None else found

    # --- columns -----------------------------------------------------------------------------------------------
    def categories(self) -> tuple[Category, ...]:
        """Category columns, those with a known role (etiology, center) first."""
        found = [c for c in self.columns.values() if isinstance(c, Category)]
        first = {"etiology": 0, "center": 1}
        return tuple(sorted(found, key=lambda c: first.get(c.role or "", 2)))

    def numbers(self) -> tuple[Number, ...]:
        """Number columns in file order."""
        return tuple(c for c in self.columns.values() if isinstance(c, Number))

    def dates(self) -> tuple[Dates, ...]:
        """Date columns in file order."""
        return tuple(c for c in self.columns.values() if isinstance(c, Dates))

    # --- scores ------------------------------------------------------------------------------------------------
    def measure(self, key: str) -> Measure:
        """The measure with that key; an EQ-5D index under another value set is derived on demand."""
        if key in self.measures:
            return self.measures[key]
        if self.states:
            known = next(m for m in self.measures.values() if m.value_set)
            return eq5d_index.measure_like(known, key, self.eq5d_version)
        raise KeyError(key)

    def _computed(self, measure: str) -> bool:
        return eq5d_index.is_computed(measure, self.eq5d_version)

    def has_scores(self, measure: str, time_point: str) -> bool:
        """Whether the file has this measure at this time point."""
        return (measure, time_point) in self.scores or (time_point in self.states and self._computed(measure))

    def counts(self, measure: str, time_point: str) -> NDArray[np.int64]:
        """Scores as whole counts of the measure's resolution; `MISSING` where there is none. Kept once made."""
        key = (measure, time_point)
        if key not in self._counts:
            values = self.scores.get(key)
            if values is None:
                if not self.has_scores(measure, time_point):
                    raise KeyError(key)
                values = eq5d_index.values(self.states[time_point], measure, self.eq5d_version)
            self._counts[key] = to_counts(values, self.measure(measure).resolution)
        return self._counts[key]

    def pairs(self, measure: str, baseline: str, follow_up: str, selected: Mask | None = None) -> Pairs:
        """Complete pairs of one measure among the selected patients: the only door to before/after values.

        The excluded are counted by reason; not yet due, and died before due, are reasons of their own, not losses.
        Raises KeyError when the cohort does not have the measure at one of the time points.
        """
        before, after = self.counts(measure, baseline), self.counts(measure, follow_up)
        has_before, has_after = before != MISSING, after != MISSING
        selected = np.ones(self.n, dtype=bool) if selected is None else selected
        illegal = self._illegal(measure, baseline) | self._illegal(measure, follow_up)
        outside = self.waiting(follow_up), self.died_before(follow_up)
        excluded = Excluded.count(selected, has_before, has_after, illegal, *outside)
        rows = np.flatnonzero(selected & has_before & has_after)
        return Pairs(
            measure=self.measure(measure),
            rows=rows,
            source_rows=self.source_rows[rows],
            baseline_counts=before[rows],
            follow_up_counts=after[rows],
            excluded=excluded,
        )

    def _illegal(self, measure: str, time_point: str) -> Mask:
        key = "eq5d3l" if self._computed(measure) and ("eq5d3l", time_point) in self.illegal else measure
        found = self.illegal.get((key, time_point))
        return np.zeros(self.n, dtype=bool) if found is None else found


# What is known of each patient besides scores: categories, numbers and dates, aligned to the cohort's patients.


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """A column with labels ("etiology"). `codes[i]` indexes `labels`; −1 means not recorded.

    `role` names a meaning the product knows ("etiology", "center", "sex", "asa", "side" …), else None.
    `ordered` says that the order of the labels carries meaning (ASA I < II < III).
    """

    key: str
    label: str
    labels: tuple[str, ...]
    codes: NDArray[np.int32]
    role: str | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of numbers ("age"); NaN means not recorded."""

    key: str
    label: str
    values: NDArray[np.float64]
    unit: str = ""
    resolution: Decimal = Decimal(1)
    role: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """A column of days ("surgery_date"); NaT means not recorded."""

    key: str
    label: str
    days: NDArray[np.datetime64]
    role: str | None = None


PatientColumn = Category | Number | Dates
