"""Every adverse event by the row number of its patient, with what happened to that patient's scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.analysis.analysis import Analysis
from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING, to_values
from lib.cohort.selection import Mask
from lib.stats.results import NotComputed


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
