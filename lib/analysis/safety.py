"""Adverse events over any patients: by type, timing, severity, seriousness and procedure; per operation; by group.

`Analysis.safety` is the short form for the Overview; both count with lib.stats.events.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.analysis.table_one import Group, digest
from lib.analysis.variables import AFTER_SURGERY
from lib.catalog import answers
from lib.catalog.answers import normalise
from lib.cohort.cohort import BASELINE, Category, Cohort, Events
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING, to_values
from lib.cohort.selection import Mask, analysed
from lib.importing.columns.patient_values import GRADES, ROMAN
from lib.settings import DEFAULTS
from lib.stats.contingency import compare_shares
from lib.stats.events import EventSummary, summarise_events
from lib.stats.proportions import Proportion, clustered_rate, rate
from lib.stats.responders import Rule
from lib.stats.results import NotComputed, Test

SERIOUS = ("Serious", "Not serious")


@dataclass(frozen=True, slots=True)
class EventTally:
    """Events by one of their texts ("Timing"); `summary.by_type` follows `names`."""

    kind: str
    names: tuple[str, ...]
    summary: EventSummary


@dataclass(frozen=True, slots=True)
class SafetyOf:
    """Adverse events of n patients: any event, and a tally per text that the file has (type first)."""

    label: str
    n: int
    any: EventSummary
    tallies: tuple[EventTally, ...]


@dataclass(frozen=True, slots=True)
class PerProcedure:
    """Events counted over operations: a staged bilateral patient had two.

    Attributes:
        procedures: operations of these patients; second: of them second sides; unknown: patients of whom the file does
            not say whether there was a second, counted with one.
        with_event: operations with an event, interval over patients (`clustered_rate`), since two operations of one
            patient are alike. A patient's events are laid on one operation; with two of both, up to `most` had one.
    """

    procedures: int
    second: int
    unknown: int
    events: int
    with_event: Proportion
    most: int


@dataclass(frozen=True, slots=True)
class AfterSurgery:
    """An outcome of its own (implant position, reoperation): shares over those with a value, exact intervals.

    `of_yes`: the one answer is yes, 0 of n where nobody has it; else each answer of the file has its share.
    """

    key: str
    label: str
    missing: int
    answers: tuple[tuple[str, Proportion | NotComputed], ...]
    of_yes: bool


def populations(analysis: Analysis, follow_up: str) -> tuple[Group, ...]:
    """The patients safety is counted over: everybody treated, whatever the page counts over, then the analysed."""
    everyone = Group(f"All {analysis.cohort.treatment}", analysis.selected)
    complete = analysed(analysis.cohort, follow_up)
    if complete is None or not np.any(analysis.selected & ~complete):
        return (everyone,)
    return (everyone, Group("Analysed", analysis.selected & complete))


def whole_cohort(analysis: Analysis, follow_up: str) -> SafetyOf | NotComputed:
    """Everybody treated, without the filter: what a chart takes its axis from, so that it stays."""

    def compute() -> SafetyOf | NotComputed:
        everybody = Analysis(analysis.cohort, population=analysis.population)
        return safety_of(everybody, populations(everybody, follow_up)[0])

    return analysis.keep(("safety of the whole cohort", follow_up), compute)


def safety_of(analysis: Analysis, people: Group, *, confidence: float = DEFAULTS.confidence) -> SafetyOf | NotComputed:
    """Events of these patients; patients with an event and events are counted apart.

    Not computed when the file does not record adverse events, or there is nobody. R: `binom.test`.
    """

    def compute() -> SafetyOf | NotComputed:
        events, known = analysis.cohort.events, people.mask & analysis.cohort.events_known
        n = int(np.count_nonzero(known))
        if events is None:
            return NotComputed("the file does not record adverse events", n)
        found = [_tally(kind, texts, names, events, known, confidence) for kind, texts, names in _kinds(events)]
        tallies = tuple(t for t in found if isinstance(t, EventTally))
        if not tallies:
            return NotComputed("no patients", 0)
        return SafetyOf(people.label, n, tallies[0].summary, tallies)

    return analysis.keep(("safety of", people.label, digest(people.mask), confidence), compute)


def _kinds(events: Events) -> list[tuple[str, Sequence[str], tuple[str, ...]]]:
    """Name of each text, the text of every event, and the different ones in order."""
    found: list[tuple[str, Sequence[str], tuple[str, ...]]] = [("Type", events.type, _by_number(events.type))]
    if events.timing is not None:
        found.append(("Timing", events.timing, tuple(sorted(set(events.timing) - {""}))))
    if events.severity is not None:
        names = sorted(_by_number(events.severity), key=_grade)
        found.append(("Severity", events.severity, tuple(names)))
    if events.serious is not None:
        texts = ["" if s is None else SERIOUS[0] if s else SERIOUS[1] for s in events.serious]
        found.append(("Seriousness", texts, SERIOUS))
    if events.procedure is not None:
        found.append(("Procedure for it", events.procedure, _by_number(events.procedure)))
    return found


def _by_number(texts: Sequence[str]) -> tuple[str, ...]:
    """The different texts, the commonest of the whole cohort first, so that rows stay when the filter moves."""
    counts = Counter(t for t in texts if t)
    return tuple(sorted(counts, key=lambda t: (-counts[t], t)))


def _grade(name: str) -> int:
    plain = normalise(name)
    numbered = re.fullmatch(r"(?:\w+ )*(iv|v|i{1,3}|[1-9])([a-d]?)", plain)
    if numbered:  # Clavien–Dindo I, II, IIIa … V, "grade 2"
        return 10 * ROMAN.get(numbered[1], int(numbered[1]) if numbered[1].isdigit() else 0) + ord(numbered[2] or "a")
    return next((i for i, words in enumerate(GRADES) if plain in words), 1000 + len(GRADES))


def _tally(
    kind: str, texts: Sequence[str], names: tuple[str, ...], events: Events, people: Mask, confidence: float
) -> EventTally | NotComputed:
    place = {name: i for i, name in enumerate(names)}
    codes = np.array([place.get(t, -1) for t in texts], dtype=np.int64)
    found = summarise_events(events.patient, codes, type_count=len(names), included=people, confidence=confidence)
    return found if isinstance(found, NotComputed) else EventTally(kind, names, found)


def per_procedure(
    analysis: Analysis, people: Mask, *, confidence: float = DEFAULTS.confidence
) -> PerProcedure | NotComputed:
    """Events over operations. Needs a column that says who was operated on a second time (staged bilateral)."""

    def compute() -> PerProcedure | NotComputed:
        cohort = analysis.cohort
        known_events = people & cohort.events_known
        n = int(np.count_nonzero(known_events))
        if cohort.events is None:
            return NotComputed("the file does not record adverse events", n)
        twice = _operated_twice(cohort)
        if twice is None:
            return NotComputed(f"the file does not say who had a second {cohort.design.one}", n)
        second, known = twice
        of_patient = np.bincount(cohort.events.patient, minlength=cohort.n)
        most = int(np.minimum(of_patient, 1 + second)[known_events].sum())
        procedures = n + int(np.count_nonzero(second & known_events))
        found = clustered_rate(
            np.minimum(of_patient[known_events], 1), 1 + second[known_events].astype(np.int64), confidence=confidence
        )
        if isinstance(found, NotComputed):
            return found
        return PerProcedure(
            procedures,
            procedures - n,
            int(np.count_nonzero(people & ~known)),
            int(of_patient[people].sum()),
            found,
            most,
        )

    return analysis.keep(("per procedure", digest(people), confidence), compute)


def _operated_twice(cohort: Cohort) -> tuple[Mask, Mask] | None:
    """Who had a second operation, and of whom that is known; None when no column says so."""
    for column in cohort.columns.values():
        if isinstance(column, Category) and column.role == "staged_bilateral":
            meant = [answers.yes_no(label) for label in column.labels]
            if meant and None not in meant:  # "No" alone too: nobody had a second one
                return np.isin(column.codes, [k for k, yes in enumerate(meant) if yes]), column.codes >= 0
    return None


def after_surgery(
    analysis: Analysis, people: Mask, *, confidence: float = DEFAULTS.confidence
) -> tuple[AfterSurgery, ...]:
    """Outcomes known after the operation, each over its own denominator: CT made, implant position, reoperation.

    A yes/no column gives the share of yes, another one the share of each answer. () when the file has none.
    """

    def compute() -> tuple[AfterSurgery, ...]:
        found = []
        for role in AFTER_SURGERY:
            for column in analysis.cohort.columns.values():
                if isinstance(column, Category) and column.role == role and column.labels:
                    found.append(_outcome(column, people, confidence))
        return tuple(found)

    return analysis.keep(("after surgery", digest(people), confidence), compute)


def _outcome(column: Category, people: Mask, confidence: float) -> AfterSurgery:
    codes = column.codes[people]
    known = codes[codes >= 0]
    yes_no = all(answers.yes_no(label) is not None for label in column.labels)
    # a file in which nobody was operated again holds "no" alone
    shown = [k for k, label in enumerate(column.labels) if not yes_no or answers.yes_no(label)] or [-2]
    shares = tuple(
        (
            column.labels[k] if k >= 0 else "Yes",
            rate(int(np.count_nonzero(known == k)), len(known), confidence=confidence, method="clopper-pearson"),
        )
        for k in shown
    )
    return AfterSurgery(column.key, column.label, len(codes) - len(known), shares, yes_no)


def between_groups(
    analysis: Analysis, people: Mask, groups: Sequence[Group], *, within_only: str = ""
) -> Test | NotComputed:
    """Do the groups differ in the share of patients with any event? Section 6: chi-square, or Fisher when few.

    Nothing is tested where groups share patients or `within_only` says why not (`Comparison.within_only`).
    """
    events = analysis.cohort.events
    if events is None:
        return NotComputed("the file does not record adverse events", int(np.count_nonzero(people)))
    if within_only:
        return NotComputed(within_only, int(np.count_nonzero(people)))
    people = people & analysis.cohort.events_known
    inside = [g.mask & people for g in groups]
    if any(bool(np.any(a & b)) for a, b in combinations(inside, 2)):
        return NotComputed("the groups share patients", int(np.count_nonzero(people)))
    has = np.zeros(analysis.cohort.n, dtype=bool)
    has[events.patient] = True
    table = [(int(np.count_nonzero(m & has)), int(np.count_nonzero(m & ~has))) for m in inside]
    return compare_shares(table) if table else NotComputed("no groups to compare", int(np.count_nonzero(people)))


# Which patients stand behind a mark, a bar or a cell: places in the cohort, in the order of the file.

OUTCOMES = {"Improved": 1, "Unchanged": 0, "Worsened": -1, "Not evaluable": -2}
"""Names of the outcomes of a rule, as bars and cells show them."""


def with_pairs(analysis: Analysis, measure: str, follow_up: str) -> NDArray[np.int64]:
    """Patients with a complete pair."""
    return analysis.pairs(measure, follow_up).rows


def with_outcome(analysis: Analysis, measure: str, follow_up: str, rule: Rule, outcome: str) -> NDArray[np.int64]:
    """Patients with a complete pair and one outcome of a rule; KeyError for an unknown outcome."""
    found = analysis.outcomes(measure, follow_up, rule) == OUTCOMES[outcome]
    rows: NDArray[np.int64] = analysis.pairs(measure, follow_up).rows[found]
    return rows


def with_answer(analysis: Analysis, statement: str, time_point: str) -> NDArray[np.int64]:
    """Patients of the population who answered a statement."""
    answers = analysis.cohort.answers.get((statement, time_point))
    if answers is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(analysis.people(time_point) & (answers >= 0))


def in_row(cohort: Cohort, source_row: int) -> NDArray[np.int64]:
    """The patient of one row of the file; nobody when there is no such row."""
    return np.flatnonzero(cohort.source_rows == source_row)


def outcome_counts(
    groups: tuple[tuple[str, Analysis], ...], measure: str, follow_up: str, rule: Rule
) -> tuple[tuple[str, dict[str, int]], ...]:
    """Patients per group and outcome; "Not evaluable" only where the rule can fail to judge."""
    names = [name for name in OUTCOMES if name != "Not evaluable" or rule.kind == "percent"]
    return tuple(
        (label, {name: len(with_outcome(group, measure, follow_up, rule, name)) for name in names})
        for label, group in groups
    )


# Every adverse event by the row number of its patient, with what happened to that patient's scores.


@dataclass(frozen=True, slots=True)
class ScoreOfOne:
    """One patient's score before and after in the unit of the file; improvement is positive when better."""

    measure: Measure
    before: float | NotComputed
    after: float | NotComputed
    improvement: float | NotComputed


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event: row of its patient as Excel shows it, its texts ("" not given), scores and one answer.

    `counted`: the patient belongs to those over whom the rates are counted. `serious`: None when not given.
    """

    row: int
    counted: bool
    type: str
    timing: str
    severity: str
    serious: bool | None
    procedure: str
    scores: tuple[ScoreOfOne, ...]
    answer: str


def event_list(
    analysis: Analysis, people: Mask, measures: Sequence[str], follow_up: str, statement: str | None = None
) -> tuple[EventRecord, ...] | NotComputed:
    """All events of the selected patients, in the order of the file.

    Args:
        people: over whom the rates are counted, boolean, shape (cohort.n,).
        measures: keys of the measures whose scores stand beside the event.
        statement: key of the statement whose answer stands beside it, if any.
    """
    cohort = analysis.cohort
    events = cohort.events
    if events is None:
        return NotComputed("the file does not record adverse events", int(np.count_nonzero(people)))
    inside = [i for i in range(len(events.patient)) if analysis.selected[events.patient[i]]]
    return tuple(
        EventRecord(
            row=int(cohort.source_rows[patient]),
            counted=bool(people[patient]),
            type=events.type[i],
            timing=events.timing[i] if events.timing else "",
            severity=events.severity[i] if events.severity else "",
            serious=events.serious[i] if events.serious else None,
            procedure=events.procedure[i] if events.procedure else "",
            scores=tuple(_score(cohort, key, follow_up, patient) for key in measures),
            answer=_answer(cohort, statement, follow_up, patient),
        )
        for i, patient in ((i, int(events.patient[i])) for i in sorted(inside, key=lambda i: int(events.patient[i])))
    )


def _score(cohort: Cohort, measure: str, follow_up: str, patient: int) -> ScoreOfOne:
    known = cohort.measure(measure)
    before, after = (
        int(cohort.counts(measure, o)[patient]) if cohort.has_scores(measure, o) else MISSING
        for o in (BASELINE, follow_up)
    )
    absent = NotComputed("not recorded", 0)

    def value(count: int) -> float:
        return float(to_values(np.array([count], dtype=np.int64), known.resolution)[0])

    both = before != MISSING and after != MISSING
    return ScoreOfOne(
        known,
        value(before) if before != MISSING else absent,
        value(after) if after != MISSING else absent,
        value(known.sign * (after - before)) if both else absent,
    )


def _answer(cohort: Cohort, statement: str | None, follow_up: str, patient: int) -> str:
    answers = cohort.answers.get((statement, follow_up)) if statement else None
    if statement is None or answers is None or answers[patient] < 0:
        return ""
    return cohort.statements[statement].levels[int(answers[patient])]
