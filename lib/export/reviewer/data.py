"""The columns that the reviewer's script computes from: a row per patient of the selection, nothing that names one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.analysis.attrition import COMPLETE, DIED, NOT_DUE, states
from lib.analysis.eq5d import has_states, levels_of
from lib.analysis.follow_up_time import days_followed
from lib.analysis.safety import SafetyOf, populations, safety_of
from lib.analysis.survival import events_of, times_of
from lib.analysis.variables import Variable as Described
from lib.catalog import answers as words_of_answers
from lib.catalog import eq5d
from lib.cohort.cohort import BASELINE, Category, Cohort, Number
from lib.cohort.due import DAYS_PER_MONTH
from lib.cohort.measure import Measure
from lib.cohort.pairs import MISSING
from lib.cohort.selection import Mask, analysed
from lib.report.items.eq5d import value_sets_of
from lib.report.plan import Plan
from lib.stats.results import NotComputed

_MOST_LABELS = 12
"""A column of more texts than this that are as many as half of its patients names persons; it is left out."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the data: values per patient, None where blank; the words of a coded value."""

    name: str
    label: str
    values: list[Any]
    words: dict[int, str] = field(default_factory=dict)


def rows_of(plan: Plan) -> Mask:
    """The patients of the zip: the selection, and who else is compared with it."""
    chosen: Mask = plan.analysis.selected
    return chosen if plan.comparison is None else chosen | plan.comparison.all.selected


def columns(plan: Plan) -> Iterator[Variable]:
    """Every column, each name once."""
    seen: set[str] = set()
    for variable in _columns(plan, rows_of(plan)):
        if variable.name not in seen:
            seen.add(variable.name)
            yield variable


def all_due(plan: Plan) -> bool:
    """The zip has no dates: its script counts everybody, which is right where everybody is due."""
    cohort = plan.analysis.cohort
    return bool(cohort.due(plan.time, np.zeros(cohort.n, dtype=bool)).all())


def third_name(measure: Measure) -> str:
    """The column that says in which third of the baseline a patient is."""
    return f"third_{measure.key}"


def column_of(plan: Plan, variable: Described) -> str:
    """The column that holds a variable of Table 1."""
    column = plan.analysis.cohort.columns.get(variable.key)
    if variable.key.startswith("event:"):
        return _event_column(plan, variable)
    own = "table1_" + variable.key.replace(";", ",").replace("=", " ")
    if column is None:
        return own
    same = isinstance(column, Category) and column.codes is variable.values
    return f"about_{column.key}" if same or variable.kind == "number" else own


def _event_column(plan: Plan, variable: Described) -> str:
    _, kind, name = variable.key.split(":", 2)
    found = safety_of(plan.analysis, populations(plan.analysis, plan.time)[0])
    for tally in found.tallies if isinstance(found, SafetyOf) else ():
        if tally.kind.lower() == kind and name in tally.names:
            return f"events_{tally.kind}_{tally.names.index(name)}"
    return "events_unknown"


def _columns(plan: Plan, chosen: Mask) -> Iterator[Variable]:
    cohort = plan.analysis.cohort
    yield Variable("patient", "number within the zip", list(range(1, int(chosen.sum()) + 1)))
    yield from _of_whom(plan, chosen)
    named = set()
    for column in cohort.columns.values():
        if isinstance(column, Category):
            if _names_persons(len(column.labels), int((column.codes >= 0).sum())):
                named.add(column.key)
                continue
            yield _coded(f"about_{column.key}", column.label, column.codes[chosen], column.labels)
        elif isinstance(column, Number):
            yield _measured(f"about_{column.key}", column.label, column.values[chosen])
    followed = days_followed(cohort, plan.time)
    if not isinstance(followed, NotComputed):
        until, days = followed
        yield _measured("months_followed", f"months from treatment to the {until}", (days / DAYS_PER_MONTH)[chosen])
    yield from _scores(plan, chosen)
    for statement in plan.statements:
        answers = cohort.answers[statement.key, plan.time][chosen]
        yield _coded(f"answer_{statement.key}", statement.label, answers, statement.levels)
    for outcome in plan.outcomes:
        for time, words_of in zip((BASELINE, plan.time), plan.time_points, strict=True):
            label = f"{outcome.label}, {words_of}"
            yield _coded(f"yes_{outcome.key}_{time}", label, cohort.yesno[outcome.key, time][chosen], ("no", "yes"))
    yield from _states(plan, chosen)
    yield from _events(plan, chosen)
    for event in events_of(cohort):
        times = times_of(cohort, event)
        known = chosen & ~np.isnan(times.days)
        yield _measured(
            f"days_{event}", f"days from treatment until the {event} or what came first", times.days[chosen]
        )
        status = np.where(known, times.status, -1)[chosen]
        yield _coded(
            f"status_{event}", f"{event}: how it ended", status, ("followed until then", "event", "died before")
        )
    for row in plan.table_one(plan.comparison).rows:
        variable, name = row.variable, column_of(plan, row.variable)
        if variable.key not in named and name.startswith("table1_") and not variable.key.startswith("event:"):
            values, label = variable.values[chosen], f"{variable.label}, as in Table 1"
            numeric = variable.kind == "number"
            yield _measured(name, label, values) if numeric else _coded(name, label, values, variable.levels)


def _names_persons(texts: int, values: int) -> bool:
    return texts > _MOST_LABELS and 2 * texts >= values


def _of_whom(plan: Plan, chosen: Mask) -> Iterator[Variable]:
    """Which of the counts a patient is in."""
    analysis, comparison, cohort = plan.analysis, plan.comparison, plan.analysis.cohort
    yield _flag("selected", "patient of the selection", analysis.selected[chosen])
    counted = "statements and yes/no answers are counted over this patient; events over everybody"
    people = (
        analysis.people(plan.time)
        if comparison is None
        else analysis.people(plan.time) | comparison.all.people(plan.time)
    )
    yield _flag("counted", counted, people[chosen])
    complete = analysed(cohort, plan.time)
    if complete is not None:
        yield _flag("analysed", "both scores of a primary outcome", complete[chosen])
    if plan.measures:
        state = states(cohort, plan.measures[0].key, plan.time)
        words = plan.measures[0].label
        yield _flag("due", f"{words}: due at follow-up", ((state != NOT_DUE) & (state != DIED))[chosen])
        yield _flag("with_pair", f"{words}: both scores", (state == COMPLETE)[chosen])
        yield _flag("without_pair", f"{words}: not both scores", (state != COMPLETE)[chosen])
    if comparison is None:
        return
    yield _flag("in_comparison", "patient of the comparison", comparison.all.selected[chosen])
    yield _flag("compared", "Table 1 of the groups counts this patient", comparison.all.people(plan.time)[chosen])
    for k, (label, group) in enumerate(comparison.groups):
        yield _flag(f"in_group_{k}", f"{comparison.title}: {label}", group.selected[chosen])


def _scores(plan: Plan, chosen: Mask) -> Iterator[Variable]:
    cohort = plan.analysis.cohort
    sets = value_sets_of(plan) if has_states(plan.analysis, plan.time) else ()
    measures = {m.key: m for m in (*plan.measures, *cohort.measures.values())}
    measures |= {found.measure: cohort.measure(found.measure) for found in sets}
    for measure in measures.values():
        better = "higher is better" if measure.higher_is_better else "lower is better"
        for time in cohort.time_points:
            if not cohort.has_scores(measure.key, time.key):
                continue
            counts = cohort.counts(measure.key, time.key)[chosen]
            scores = [None if c == MISSING else float(int(c) * measure.resolution) for c in counts]
            yield Variable(f"score_{measure.key}_{time.key}", f"{measure.label}, {time.label} ({better})", scores)
    for measure in plan.measures:
        everyone = cohort.counts(measure.key, BASELINE)
        known = everyone[everyone != MISSING]
        if known.size:
            cuts = np.quantile(known, [1 / 3, 2 / 3])
            place = np.searchsorted(cuts, everyone, side="left")
            parts = np.unique(np.searchsorted(cuts, known, side="left"))
            place = np.where(everyone == MISSING, -1, np.searchsorted(parts, place))
            label = f"third of {measure.label} before, cut from the whole cohort, 0 the lowest"
            yield _coded(third_name(measure), label, place[chosen], ())


def _states(plan: Plan, chosen: Mask) -> Iterator[Variable]:
    if not has_states(plan.analysis, plan.time):
        return
    cohort = plan.analysis.cohort
    for time in (BASELINE, plan.time):
        states = cohort.states[time]
        legal = eq5d.legal_rows(states, levels_of(plan.analysis))
        for k, dimension in enumerate(eq5d.DIMENSIONS):
            levels = np.where(legal, states[:, k], -1)[chosen]
            yield _coded(f"state_{dimension.key}_{time}", f"EQ-5D {dimension.key}, level at {time}", levels, ())


def _events(plan: Plan, chosen: Mask) -> Iterator[Variable]:
    cohort = plan.analysis.cohort
    if cohort.events is None:
        return
    known = cohort.events_known

    def per_patient(mask: NDArray[np.bool_]) -> list[int | None]:
        counts = np.bincount(cohort.events.patient[mask], minlength=cohort.n) if cohort.events is not None else ()
        return [int(n) if k else None for n, k in zip(np.asarray(counts)[chosen], known[chosen], strict=True)]

    yield Variable(
        "events", "adverse events of this patient", per_patient(np.ones(len(cohort.events.patient), dtype=bool))
    )
    found = safety_of(plan.analysis, populations(plan.analysis, plan.time)[0])
    if isinstance(found, SafetyOf):
        texts = dict(_texts_of_events(cohort))
        for tally in found.tallies:
            text = texts[tally.kind]
            if _names_persons(len(tally.names), sum(t != "" for t in text)):
                continue
            for k, name in enumerate(tally.names):
                mask = np.array([t == name for t in text], dtype=bool)
                label = f"adverse events, {tally.kind.lower()}: {name}"
                yield Variable(f"events_{tally.kind}_{k}", label, per_patient(mask))
    for column in cohort.columns.values():
        if isinstance(column, Category) and column.role == "staged_bilateral":
            twice = [words_of_answers.yes_no(label) for label in column.labels]
            second = np.isin(column.codes, [k for k, yes in enumerate(twice) if yes])
            label = "operations of this patient, one where it is not known"
            yield Variable("operations", label, [1 + int(s) for s in second[chosen]])


def _texts_of_events(cohort: Cohort) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name of each text of the events, and the text of every event, as the Safety page counts them."""
    events = cohort.events
    if events is None:
        return
    yield "Type", tuple(events.type)
    for kind, text in (
        ("Timing", events.timing),
        ("Severity", events.severity),
        ("Procedure for it", events.procedure),
    ):
        if text is not None:
            yield kind, tuple(text)
    if events.serious is not None:
        yield "Seriousness", tuple("" if s is None else "Serious" if s else "Not serious" for s in events.serious)


def _flag(name: str, label: str, mask: NDArray[Any]) -> Variable:
    return Variable(name, label, [int(x) for x in mask], {0: "no", 1: "yes"})


def _coded(name: str, label: str, codes: NDArray[Any], words: tuple[str, ...]) -> Variable:
    return Variable(name, label, [None if c < 0 else int(c) for c in codes], dict(enumerate(words)))


def _measured(name: str, label: str, values: NDArray[Any]) -> Variable:
    return Variable(name, label, [None if np.isnan(v) else float(v) for v in values])
