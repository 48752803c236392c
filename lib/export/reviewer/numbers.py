"""The numbers that the reviewer's script computes again: how, from which columns, over whom, what, and ours.

A number that base R cannot compute from the columns of the zip stands in the list too, with the reason, so that the
count of the script is of every number of the report. Columns are named by `data`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lib.analysis.attrition import analysed_against_not, by_category, by_period, measure_flow
from lib.analysis.eq5d import SetResult, change_classes, dimensions, has_states
from lib.analysis.extremes import extremes
from lib.analysis.follow_up_time import follow_up_time
from lib.analysis.grouped_patients import groups_of, people_of
from lib.analysis.mcid import by_baseline_third
from lib.analysis.safety import SafetyOf, after_surgery, per_procedure, populations, safety_of
from lib.analysis.table_one import TableOne
from lib.analysis.yes_no import yes_no_by_group
from lib.cohort.cohort import BASELINE, Category, YesNo
from lib.cohort.measure import Measure
from lib.export.reviewer.data import Variable, all_due, column_of, third_name
from lib.export.reviewer.groups import between_groups, followed
from lib.export.reviewer.kinds import (
    NOT_IN_R,
    Number,
    drawn,
    likert,
    paired,
    responders,
    rule_kind,
    scores_of,
    share,
    yes_no,
)
from lib.report.items.eq5d import value_sets_of
from lib.report.numbers import centers_record
from lib.report.plan import Plan
from lib.stats.health_states import PchcResult
from lib.stats.likert import LikertResult
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderBounds, ResponderCurve, ResponderResult
from lib.stats.results import Interval, NotComputed, Test, to_record
from lib.stats.table_one import NumericSummary
from lib.stats.yes_no import DimensionMoves, YesNoResult


def numbers(plan: Plan, columns: Mapping[str, Variable]) -> Iterator[Number]:
    """Every number of the report. `columns`: those of the data, by name."""
    for number in _all(plan):
        missing = [name for name in number[1].split(";") if name and name not in columns]
        if missing and not number[0].startswith(NOT_IN_R):
            yield f"{NOT_IN_R}a column that could name a patient is left out", "", *number[2:]
        else:
            yield number


def _all(plan: Plan) -> Iterator[Number]:
    for measure in plan.measures:
        yield from _of_measure(plan, measure)
    for found in extremes(plan.analysis, confidence=plan.confidence):
        name = f"score_{found.measure.key}_{_time(plan, found.time_point)}"
        ends = (found.measure.low, found.measure.high)
        worst, best = ends if found.measure.higher_is_better else ends[::-1]
        for words, end, rate in (("floor", worst, found.floor), ("ceiling", best, found.ceiling)):
            if isinstance(rate, Proportion):
                yield from share(f"equal {plan.confidence} {end}", name, "selected", words, rate)
    yield from _answers(plan)
    for outcome in plan.outcomes:
        yield from _yes_no(plan, outcome)
    yield from _safety(plan)
    yield from _states(plan)
    yield from _table_one(plan)
    yield from _missing(plan)
    yield from between_groups(plan)
    yield from followed(plan)
    yield from _elsewhere(plan)


def _time(plan: Plan, label: str) -> str:
    return next(t.key for t in plan.analysis.cohort.time_points if t.label == label)


def _of_measure(plan: Plan, measure: Measure) -> Iterator[Number]:
    columns = scores_of(plan, measure.key)
    found = plan.paired(measure)
    if isinstance(found, PairedResult):
        yield from paired(f"paired {plan.confidence}", columns, "selected", found)
    rule = plan.rules.get(measure.key)
    curve = plan.analysis.responder_curve(measure.key, plan.time, confidence=plan.confidence)
    if rule is not None and isinstance(curve, ResponderCurve):
        kind = f"curve {plan.confidence} {'up' if measure.higher_is_better else 'down'}"
        for x, n, low, high in zip(curve.x, curve.at_least, curve.low, curve.high, strict=True):
            yield from (
                (f"{kind} {float(x)!r}", columns, "selected", what, float(value))
                for what, value in (("at least", n), ("at least Wilson low", low), ("at least Wilson high", high))
            )
    result = plan.responders(measure)
    if rule is None or not isinstance(result, ResponderResult):
        return
    kind = f"responders {rule_kind(plan, measure, rule)}"
    yield from responders(kind, columns, "selected", result)
    bounds = plan.bounds(measure)
    if isinstance(bounds, ResponderBounds) and all_due(plan):
        yield kind, columns, "selected", "worst case", bounds.worst.count
        yield kind, columns, "selected", "patients of both cases", bounds.n
    thirds = by_baseline_third(plan.analysis, measure.key, plan.time, rule, confidence=plan.confidence)
    if not isinstance(thirds, NotComputed):
        for third in thirds:
            if isinstance(third.rate, Proportion):
                where = f"selected;{third_name(measure)}={third.place}"
                yield from share(kind, columns, where, "rate", third.rate)


def _answers(plan: Plan) -> Iterator[Number]:
    for statement in plan.statements:
        answers = plan.statement(statement)
        if isinstance(answers, LikertResult):
            yield from likert(plan, f"answer_{statement.key}", "selected;counted", answers)


def _yes_no(plan: Plan, outcome: YesNo) -> Iterator[Number]:
    columns, kind = f"yes_{outcome.key}_{BASELINE};yes_{outcome.key}_{plan.time}", f"yes_no {plan.confidence}"
    yes = plan.yes_no(outcome)
    if isinstance(yes, YesNoResult):
        yield from yes_no(kind, columns, "selected;counted", yes)
    if plan.comparison is None:
        return
    people = people_of(plan.analysis, plan.comparison, plan.time)
    groups = groups_of(plan.comparison)
    rows = yes_no_by_group(plan.analysis, outcome.key, BASELINE, plan.time, people, groups, confidence=plan.confidence)
    for k, row in enumerate(rows[1:] if len(rows) > len(groups) else rows):
        if isinstance(row.result, YesNoResult):
            yield from yes_no(kind, columns, f"compared;in_group_{k}", row.result)


def _safety(plan: Plan) -> Iterator[Number]:
    if plan.analysis.cohort.events is None:
        return
    level = plan.confidence
    for place, people in enumerate(populations(plan.analysis, plan.time)):
        where = "selected;analysed" if place else "selected"
        found = safety_of(plan.analysis, people, confidence=level)
        if isinstance(found, SafetyOf):
            yield from _events(level, where, found)
        one = per_procedure(plan.analysis, people.mask, confidence=level)
        if not isinstance(one, NotComputed) and not place:
            kind, columns = f"operations {level}", "events;operations"
            yield kind, columns, where, "operations", one.procedures
            yield kind, columns, where, "with an event", one.with_event.count
            if isinstance(one.with_event.interval, Interval):
                yield kind, columns, where, "Korn-Graubard low", one.with_event.interval.low
                yield kind, columns, where, "Korn-Graubard high", one.with_event.interval.high
    everybody = populations(plan.analysis, plan.time)[0].mask
    for outcome in after_surgery(plan.analysis, everybody, confidence=level):
        column = plan.analysis.cohort.columns[outcome.key]
        for answer, rate in outcome.answers:
            if isinstance(rate, Proportion) and isinstance(column, Category) and answer in column.labels:
                kind = f"answers {level} {column.labels.index(answer)}"
                yield from share(kind, f"about_{outcome.key}", "selected", "answered so", rate)


def _events(level: float, where: str, found: SafetyOf) -> Iterator[Number]:
    yield f"events {level}", "events", where, "events", found.any.events
    yield from share(f"events {level}", "events", where, "patients", found.any.patients)
    for tally in found.tallies:
        for k, entry in enumerate(tally.summary.by_type):
            column = f"events_{tally.kind}_{k}"
            yield f"events {level}", column, where, "events", entry.events
            yield from share(f"events {level}", column, where, "patients", entry.patients)


def _states(plan: Plan) -> Iterator[Number]:
    if not has_states(plan.analysis, plan.time):
        return
    found = dimensions(plan.analysis, plan.time, confidence=plan.confidence)
    both = [f"state_{row.key}_{time}" for row in found.rows for time in (BASELINE, plan.time)]
    for k, row in enumerate(found.rows):
        kind, columns = f"dimension {plan.confidence} {k}", ";".join(both)
        if isinstance(row.moves, DimensionMoves):
            for name in ("n", "better", "same", "worse", "problems_before", "problems_after"):
                yield kind, columns, "selected", name, getattr(row.moves, name)
        if isinstance(row.test, Test):
            yield kind, columns, "selected", "z", row.test.statistic
            yield kind, columns, "selected", "homogeneity p", row.test.p
        if isinstance(row.problems, YesNoResult):
            yield from yes_no(kind, columns, "selected", row.problems)
        for name, family in (("homogeneity Holm", found.test_p), ("McNemar Holm", found.problems_p)):
            p = family.adjusted[k]
            if not isinstance(p, NotComputed):
                yield kind, columns, "selected", name, p
    groups = (
        [] if plan.comparison is None else [(f"in_group_{k}", a) for k, (_, a) in enumerate(plan.comparison.groups)]
    )
    for where, analysis in (("selected", plan.analysis), *groups):
        classes = change_classes(analysis, plan.time)
        if isinstance(classes, PchcResult):
            for name in ("n", "better", "worse", "mixed", "same_with_problems", "no_problems"):
                yield "classes", ";".join(both), where, name, getattr(classes, name)
    known = {m.key for m in plan.measures}
    for of_set in value_sets_of(plan):
        if of_set.measure not in known:
            yield from _of_set(plan, of_set)


def _of_set(plan: Plan, found: SetResult) -> Iterator[Number]:
    columns = scores_of(plan, found.measure)
    if isinstance(found.paired, PairedResult):
        yield from paired(f"paired {plan.confidence}", columns, "selected", found.paired)
    if isinstance(found.responders, ResponderResult):
        measure = plan.analysis.cohort.measure(found.measure)
        kind = f"responders {rule_kind(plan, measure, found.responders.rule)}"
        yield from responders(kind, columns, "selected", found.responders)


def _table_one(plan: Plan) -> Iterator[Number]:
    """Table 1 and 2, and that of the analysed against the others."""
    comparison = plan.comparison
    found = plan.table_one(comparison)
    everybody = "selected;counted" if comparison is None else "compared"
    yield from _described(plan, found, everybody, [f"in_group_{k}" for k in range(len(found.labels))])
    if plan.measures:
        apart = analysed_against_not(plan.analysis, plan.measures[0].key, plan.time, form=plan.choices.numbers)
        if not isinstance(apart, NotComputed):
            yield from _described(plan, apart, "selected;due", ["with_pair", "without_pair"])


def _described(plan: Plan, found: TableOne, everybody: str, groups: Sequence[str]) -> Iterator[Number]:
    """Each variable over all and per group, standardised differences, tests."""
    for row in found.rows:
        column = column_of(plan, row.variable)
        for where, summary in zip(
            (everybody, *(f"{everybody};{g}" for g in groups)), (row.overall, *row.groups), strict=True
        ):
            if row.variable.key.startswith("event:") and not isinstance(summary, NumericSummary):
                yield f"events {plan.confidence}", column, where, "patients", summary.counts[1]
                continue
            if not isinstance(summary, NumericSummary):
                for level, n in enumerate(summary.counts):
                    yield f"answers {plan.confidence} {level}", column, where, "answered so", n
                if summary.n:
                    yield f"answers {plan.confidence} 0", column, where, "answered so of", summary.n
                continue
            yield "describe", column, where, "n", summary.n
            if not isinstance(summary.values, NotComputed):
                for name in ("mean", "median", "q1", "q3"):
                    yield "describe", column, where, name, getattr(summary.values, name)
                if not isinstance(summary.values.sd, NotComputed):
                    yield "describe", column, where, "sd", summary.values.sd
        of = ";".join((column, *groups))
        kind = "balance number" if row.display is not None else f"balance {len(row.variable.levels)}"
        if not isinstance(row.smd, NotComputed):
            yield kind, of, everybody, "SMD", row.smd
        if isinstance(row.test, Test):
            yield drawn(row.test) or kind, of, everybody, row.test.name, row.test.p


def _missing(plan: Plan) -> Iterator[Number]:
    """Who is analysed, and completeness by center."""
    if not plan.measures:
        return
    measure = plan.measures[0]
    columns = scores_of(plan, measure.key)
    for step in measure_flow(plan.analysis, measure.key, plan.time).steps:
        where = "selected" if step.key == "operated" else "selected;due"
        yield "flow", columns, where, f"flow {step.key}", step.n
    achieved = follow_up_time(plan.analysis, measure.key, plan.time)
    if not isinstance(achieved, NotComputed):
        where = "selected;with_pair" if achieved.until == "questionnaire" else "selected"
        for name in ("n", "median", "q1", "q3", "shortest", "longest"):
            yield "describe", "months_followed", where, name, getattr(achieved, name)
    center = next((c for c in plan.analysis.cohort.categories() if c.role == "center"), None)
    rows = () if center is None else by_category(plan.analysis, measure.key, plan.time, center)
    for k, row in enumerate(() if isinstance(rows, NotComputed) else rows):
        if center is not None and k < len(center.labels):
            where = f"selected;about_{center.key}={k}"
            yield "flow", columns, where, "flow operated", row.n
            yield "flow", columns, where, "flow score before", row.baseline
            yield "flow", columns, where, "flow follow-up", row.complete
            yield "flow", columns, f"{where};due", "flow due", row.due
    periods = by_period(plan.analysis, measure.key, plan.time)
    if not isinstance(periods, NotComputed):
        for period in periods.rows:
            for name, n in (("treated", period.n), ("complete", period.complete)):
                yield f"{NOT_IN_R}it needs dates, which are left out", "", "", f"{period.label}, {name}", n


def _elsewhere(plan: Plan) -> Iterator[Number]:
    """What base R does not compute from the zip: each of its numbers, with the reason."""
    if plan.measures:
        found = plan.what_if(plan.measures[0])
        if not isinstance(found, NotComputed):
            for name, value in _leaves(to_record(found)):
                yield f"{NOT_IN_R}imputations drawn by NumPy, and their weights", "", "", f"what if: {name}", value
    for measure in plan.measures:
        origins = plan.origins(measure)
        if origins is not None:
            for name, value in _leaves(to_record(origins)):
                yield f"{NOT_IN_R}bootstrap drawn by NumPy", "", "", f"MCID {measure.label}: {name}", value
        by = plan.centers
        for what, result in () if by is None else centers_record(plan, by, measure):
            for name, value in _leaves(to_record(result)):
                yield f"{NOT_IN_R}centers: models of the program", "", "", f"{what} {measure.label}: {name}", value


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for k, inner in enumerate(value):
            yield from _leaves(inner, f"{name}.{k}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, float(value)
