"""Time to revision or death over all treated patients: who was followed from when to when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import Cohort, Dates
from lib.cohort.selection import Mask
from lib.settings import DEFAULTS
from lib.stats.results import Estimate, Floats, Ints, NotComputed, Test
from lib.stats.survival import (
    CENSORED,
    COMPETING,
    DAYS_PER_YEAR,
    EVENT,
    FollowUp,
    HazardRatio,
    Incidence,
    aalen_johansen,
    cox,
    kaplan_meier,
    log_rank,
    median_follow_up,
    rate_per_100_years,
    repeated_rate_per_100_years,
)

SURGERY, REVISION, DEATH = "surgery_date", "revision_date", "death_date"
LAST_CONTACT, EXTRACTION = "last_contact_date", "extraction_date"
EVENTS = {REVISION: "revision", DEATH: "death"}
YEARS = (1, 2, 5, 10)

Days = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Days from treatment per patient of the cohort, NaN where they are not known; status as in `lib.stats.survival`.

    Attributes:
        negative: rows, as Excel shows them, whose event or last contact lies before the treatment: left out.
        unknown: patients without a date of treatment or any date until which they were followed: left out.
        ends: what follow-up without an event ends with, in words.
    """

    days: Floats
    status: Ints
    negative: tuple[int, ...]
    unknown: int
    ends: str


@dataclass(frozen=True, slots=True)
class Group:
    """One group, or everybody: the curve with its competing event, the plain Kaplan–Meier, follow-up and rate."""

    label: str
    incidence: Incidence | NotComputed
    kaplan_meier: Incidence | NotComputed
    follow_up: FollowUp | NotComputed
    rate: Estimate | NotComputed


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """Everything about one event.

    Attributes:
        event: "revision" or "death"; `competes`: whether death takes patients away.
        years: at which estimates are given: those of 1, 2, 5, 10 that somebody was followed for.
        everybody, groups: the groups of a comparison, () without one.
        log_rank, cox: between the groups; cox of two groups only.
        patients: fewer than treatments where two sides of a patient are two rows: variances are then by patient.
    """

    event: str
    competes: bool
    years: tuple[int, ...]
    everybody: Group
    groups: tuple[Group, ...]
    log_rank: Test | NotComputed
    cox: HazardRatio | NotComputed
    negative: tuple[int, ...]
    unknown: int
    ends: str
    patients: int = 0


def events_of(cohort: Cohort) -> tuple[str, ...]:
    """The events this file can be asked for: a date of treatment, of the event, and of the end of follow-up."""
    has = {c.key for c in cohort.dates() if (~np.isnat(c.days)).any()}
    if SURGERY not in has or not has & {LAST_CONTACT, EXTRACTION}:
        return ()
    return tuple(key for key in EVENTS if key in has)


def times_of(cohort: Cohort, event: str) -> Times:
    """Days to the event, to the competing death, or to the end of follow-up, whichever comes first.

    Follow-up ends with the last contact; without that column with the extraction of the data. An event proves that the
    patient was followed until then.
    """
    start, happened = _days(cohort, SURGERY), _days(cohort, event)
    died = _days(cohort, DEATH)
    ends = "last contact" if isinstance(cohort.columns.get(LAST_CONTACT), Dates) else "data extraction"
    last = _days(cohort, LAST_CONTACT if ends == "last contact" else EXTRACTION)
    first = np.where(np.isnat(happened), np.where(np.isnat(died), last, died), happened)
    status = np.where(np.isnat(happened), np.where(np.isnat(died), CENSORED, COMPETING), EVENT)
    known = ~np.isnat(start) & ~np.isnat(first)
    days = np.full(cohort.n, np.nan)
    days[known] = (first[known] - start[known]).astype("timedelta64[D]").astype(np.int64)
    negative = known & (days < 0)
    days[negative] = np.nan
    rows = tuple(int(r) for r in cohort.source_rows[negative])
    return Times(days, status.astype(np.int64), rows, int(np.count_nonzero(~known)), ends)


def _days(cohort: Cohort, key: str) -> Days:
    column = cohort.columns.get(key)
    return column.days if isinstance(column, Dates) else np.full(cohort.n, np.datetime64("NaT", "D"))


def time_to_event(
    analysis: Analysis, event: str, comparison: Comparison | None = None, *, confidence: float = DEFAULTS.confidence
) -> TimeToEvent | NotComputed:
    """Over all treated patients of the selection (harms are), and by group where the groups may be tested."""
    key = ("time to event", event, None if comparison is None else comparison.grouping, confidence)
    return analysis.keep(key, lambda: _compute(analysis, event, comparison, confidence))


def _compute(
    analysis: Analysis, event: str, comparison: Comparison | None, confidence: float
) -> TimeToEvent | NotComputed:
    cohort = analysis.cohort
    if event not in events_of(cohort):
        return NotComputed("the file lacks a date of treatment, of the event, or of the end of follow-up", 0)
    times = times_of(cohort, event)
    who = (comparison.all if comparison else analysis).selected
    known = who & ~np.isnan(times.days)
    if not known.any():
        return NotComputed("nobody here has both dates", 0)
    longest = float(times.days[known].max())
    years = tuple(y for y in YEARS if y * DAYS_PER_YEAR <= longest)
    competes = event != DEATH and bool((times.status[known] == COMPETING).any())
    groups = [] if comparison is None else [(label, a.selected & known) for label, a in comparison.groups]
    groups = [(label, mask) for label, mask in groups if mask.any()]

    patient = _patients(cohort, known)

    def one(label: str, mask: Mask) -> Group:
        t, s = times.days[mask], times.status[mask]
        at = [y * DAYS_PER_YEAR for y in years]
        cluster = None if patient is None else patient[mask]
        plain = kaplan_meier(t, s, at, confidence, cluster)
        found = aalen_johansen(t, s, at, confidence, cluster) if competes else plain
        if cluster is None:
            rate = rate_per_100_years(int(np.count_nonzero(s == EVENT)), float(t.sum()), confidence)
        else:
            events, followed = (np.bincount(cluster, weights=each) for each in (s == EVENT, t))
            rate = repeated_rate_per_100_years(events, followed, confidence)
        return Group(label, found, plain, median_follow_up(t, s, confidence), rate)

    reason = "one group" if comparison is None else comparison.within_only
    tested: Test | NotComputed = NotComputed(reason, int(np.count_nonzero(known)))
    ratio: HazardRatio | NotComputed = NotComputed("a hazard ratio is of two groups", int(np.count_nonzero(known)))
    if len(groups) > 1 and comparison is not None and not comparison.within_only:
        code = np.full(cohort.n, -1, dtype=np.int64)
        for place, (_, mask) in enumerate(groups):
            code[mask] = place
        inside = code >= 0
        t, s, of = times.days[inside], times.status[inside], None if patient is None else patient[inside]
        tested = log_rank(t, s, code[inside], groups=len(groups), cluster=of)
        if len(groups) == 2:
            ratio = cox(t, s, code[inside] == 1, confidence, of)
    chosen = {int(r) for r in cohort.source_rows[who]}
    unknown = int(np.count_nonzero(who & np.isnan(times.days)))
    negative = tuple(r for r in times.negative if r in chosen)
    return TimeToEvent(
        event=EVENTS[event],
        competes=competes,
        years=years,
        everybody=one("All", known),
        groups=tuple(one(label, mask) for label, mask in groups),
        log_rank=tested,
        cox=ratio,
        negative=negative,
        unknown=unknown - len(negative),
        ends=times.ends,
        patients=int(np.count_nonzero(known)) if patient is None else int(np.unique(patient[known]).size),
    )


def _patients(cohort: Cohort, known: Mask) -> Ints | None:
    """Which patient each row is, None where nobody has two of them."""
    if len(cohort.id_hashes) != cohort.n:
        return None
    _, patient = np.unique(np.array(cohort.id_hashes), return_inverse=True)
    return patient.astype(np.int64) if np.bincount(patient[known]).max(initial=0) > 1 else None


def at_risk(analysis: Analysis, event: str, mask: Mask, years: tuple[int, ...]) -> tuple[tuple[int, int, int], ...]:
    """Per year (0, 1, 2 …): at risk, with the event so far, dead so far, among the patients of `mask`."""
    times = times_of(analysis.cohort, event)
    known = mask & ~np.isnan(times.days)
    t, s = times.days[known], times.status[known]
    found = []
    for year in years:
        day = year * DAYS_PER_YEAR
        past = t <= day
        masks = (t >= day, past & (s == EVENT), past & (s == COMPETING))
        risk, events, deaths = (int(np.count_nonzero(m)) for m in masks)
        found.append((risk, events, deaths))
    return tuple(found)
