"""Every result of a plan by name ("paired:vas_pain:12m"), as plain JSON values: unrounded, no patient rows.

The analysis file, the workbook and the list of statistics (`lib.report.statistics`) read the same values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lib.analysis.analysis import Analysis, default_rule
from lib.analysis.eq5d import Dimensions, change_classes, dimensions, has_states, state_pairs
from lib.analysis.groups.centers import MeansOf, RatesOf, center_gains, center_responders, is_many
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.contrasts import Question
from lib.analysis.groups.rates import rate_family, responder_rates, top_two_rates
from lib.analysis.groups.scores import score_family
from lib.analysis.groups.surveillance import Surveillance, surveillance
from lib.analysis.groups.time_points import time_points_of, trajectories
from lib.analysis.statements import compare_statements
from lib.analysis.survival import events_of, time_to_event
from lib.analysis.table_one import table_one_record
from lib.analysis.trends import trend
from lib.cohort.cohort import BASELINE
from lib.cohort.grouping import ByColumn, Grouping, parse_grouping
from lib.cohort.measure import Measure
from lib.report.groups_text import grouping_of
from lib.report.items.eq5d import value_sets_of
from lib.report.plan import Plan
from lib.settings import DEFAULTS, FEWEST_TO_TEST
from lib.stats.responders import Rule
from lib.stats.results import NotComputed, to_record
from lib.stats.surveillance import Cusum
from lib.stats.yes_no import YesNoResult


def results(plan: Plan, compared: str = "", question: Question | None = None) -> Iterator[tuple[str, Any]]:
    """Every result of the analysis by name ("paired:vas_pain:12m"), as plain JSON values.

    `compared`: a grouping as text ("center", "age/3", "rest:etiology=Postpartum") or the bare key of a column; adds the
    groups. Raises GroupingError when this cohort has no such groups. `question`: what is set against what, and the
    primary outcome.
    """
    grouping = _grouping(plan, compared) if compared else None
    many = grouping if isinstance(grouping, ByColumn) and is_many(grouping, plan.analysis.cohort) else None
    versus = question or Question()
    groups = None if grouping is None or many is not None else compare(plan.analysis, grouping, versus)
    for time_point in plan.analysis.cohort.follow_ups:
        at = replace(plan, follow_up=time_point, comparison=groups)
        for name, result in (*_at(at), *_patients(at), *_eq5d(at)):
            yield name, _without_rows(to_record(result))
        of = many or (None if groups is None else replace(at, comparison=groups).centers)
        if of is not None:
            for measure in at.measures:
                for kind, result in centers_record(at, of, measure):
                    yield f"{kind}:{measure.key}:{compared}:{time_point.key}", to_record(result)
        if groups is not None:
            for name, result in _groups(at, groups, f"{compared}:{time_point.key}"):
                yield name, _without_rows(to_record(result))


def reported(plan: Plan) -> Iterator[Any]:
    """The results, as objects, that a report of this plan shows: its follow-up, its groups, no test of too few."""
    yield from (_shown(result) for _, result in (*_at(plan), *_patients(plan), *_eq5d(plan)))
    if plan.centers is not None:
        yield from (result for m in plan.measures for _, result in centers_record(plan, plan.centers, m))
    if plan.comparison is not None:
        measures = [m.key for m in plan.measures]
        if measures:
            yield score_family(plan.comparison, measures, plan.time, confidence=plan.confidence)
        yield from (result for _, result in _between(plan, plan.comparison, ""))


def _shown(result: Any) -> Any:
    """A result without the tests that nobody sees of fewer than ten patients."""
    if isinstance(result, YesNoResult) and result.n < FEWEST_TO_TEST:
        few = NotComputed("too few", result.n)
        return replace(result, exact=few, mid_p=few)
    if not isinstance(result, Dimensions):
        return result
    rows = tuple(
        replace(
            row,
            problems=_shown(row.problems),
            test=row.test if getattr(row.moves, "n", 0) >= FEWEST_TO_TEST else NotComputed("too few", 0),
        )
        for row in result.rows
    )
    return rows if all(isinstance(row.test, NotComputed) for row in rows) else replace(result, rows=rows)


def comparison_of(plan: Plan, compared: str) -> Comparison:
    """The plan's analysis by a grouping in text form or a column's key. Raises GroupingError for what groups nobody."""
    return compare(plan.analysis, _grouping(plan, compared))


def _grouping(plan: Plan, compared: str) -> Grouping:
    cohort = plan.analysis.cohort
    return grouping_of(cohort, compared) if compared in cohort.columns else parse_grouping(compared, cohort)


def _at(plan: Plan) -> Iterator[tuple[str, Any]]:
    analysis, time = plan.analysis, plan.time
    yield f"flow:{time}", analysis.flow(time)
    for measure in plan.measures:
        at = f"{measure.key}:{time}"
        yield f"excluded:{at}", analysis.pairs(measure.key, time).excluded
        yield f"paired:{at}", plan.paired(measure)
        yield f"curve:{at}", analysis.responder_curve(measure.key, time, confidence=plan.confidence)
        rule = plan.rules.get(measure.key)
        if rule is not None:
            words = rule_words(rule)
            yield f"responders:{at}:{words}", plan.responders(measure)
            yield f"bounds:{at}:{words}", plan.bounds(measure)
        origins = plan.origins(measure)
        if origins is not None:
            yield f"mcid:{at}:{plan.choices.anchor or 'spread'}", origins
        if measure.key in analysis.cohort.primary:
            yield f"what_if:{at}", plan.what_if(measure)
    for statement in plan.statements:
        yield f"statement:{statement.key}:{time}", plan.statement(statement)
    for outcome in analysis.cohort.outcomes.values():
        for time_point in (BASELINE, time):
            share = analysis.share_yes(outcome.key, time_point, time, confidence=plan.confidence)
            yield f"yesno:{outcome.key}:{time_point}:{time}", share
        yield f"yesno_paired:{outcome.key}:{time}", plan.yes_no(outcome)
    yield f"events:{time}", plan.safety()
    for event in events_of(analysis.cohort):
        yield f"time_to_event:{event}:{time}", time_to_event(analysis, event, confidence=plan.confidence)


def _patients(plan: Plan) -> Iterator[tuple[str, Any]]:
    yield f"table_one:{plan.time}", table_one_record(plan.table_one(None))


def _eq5d(plan: Plan) -> Iterator[tuple[str, Any]]:
    analysis, time = plan.analysis, plan.time
    if not has_states(analysis, time):
        return
    yield f"eq5d_pairs:{time}", state_pairs(analysis, time).excluded
    yield f"eq5d_dimensions:{time}", dimensions(analysis, time, confidence=plan.confidence)
    yield f"eq5d_classes:{time}", change_classes(analysis, time)
    for found in value_sets_of(plan):
        yield f"eq5d_index:{found.value_set}:{time}", found


def _groups(plan: Plan, comparison: Comparison, at: str) -> Iterator[tuple[str, Any]]:
    yield f"comparison:{at}", comparison_record(comparison, plan.time, confidence=plan.confidence)
    yield from _between(plan, comparison, at)


def _between(plan: Plan, comparison: Comparison, at: str) -> Iterator[tuple[str, Any]]:
    time, confidence = plan.time, plan.confidence
    yield f"comparison_table_one:{at}", table_one_record(plan.table_one(comparison))
    rates = []
    for measure in plan.measures:
        rule = plan.rules.get(measure.key)
        if rule is not None:
            found = responder_rates(comparison, measure.key, time, rule, confidence=confidence)
            rates.append((f"{measure.key}:{rule_words(rule)}", found))
    if rates:
        yield f"comparison_rates:{at}", rate_family(comparison, rates, confidence=confidence)
    for event in events_of(plan.analysis.cohort):
        found_event = time_to_event(plan.analysis, event, comparison, confidence=confidence)
        yield f"time_to_event_groups:{event}:{at}", found_event
    if has_states(plan.analysis, time):
        classes = [{"label": label, "classes": change_classes(a, time)} for label, a in comparison.rows]
        yield f"comparison_eq5d:{at}", classes


def rule_words(rule: Rule) -> str:
    """A rule in a result's name: "improvement>=2", "percent>=30", "state@3"."""
    if rule.kind == "state":
        return f"state@{rule.state}"
    name = {"percent": "percent", "reliable": f"reliability {rule.reliability}, improvement"}.get(
        rule.kind, "improvement"
    )
    return f"{name}>={rule.threshold}" + (f" and state@{rule.state}" if rule.state is not None else "")


def _without_rows(value: Any) -> Any:
    """Positions of single patients become their number."""
    if isinstance(value, dict):
        return {k: _number_of(v) if k == "not_evaluable" else _without_rows(v) for k, v in value.items()}
    return [_without_rows(v) for v in value] if isinstance(value, list) else value


def _number_of(rows: Any) -> Any:
    return len(rows) if isinstance(rows, list) else rows


# A whole comparison: every group's results, and what was computed between them.


def comparison_record(
    comparison: Comparison, follow_up: str, *, confidence: float = DEFAULTS.confidence
) -> dict[str, Any]:
    """Everything the Compare page computes without further choices, at the published thresholds.

    Keys: "grouping" (text form), "title", "overlap", "in_none", "within_only" (why nothing is tested, or ""), "against"
    (reference, pairs, primary outcome), "groups" (one per row, "All" first, by measure, statement), "between" (scores,
    rates, answers; which outcome is the primary one, and how many comparisons are corrected together), "trajectories"
    where a measure has three or more time points. Change is follow-up − baseline and a difference is second − first, as
    everywhere in results.
    """
    cohort = comparison.all.cohort
    measures = cohort.measures_at(follow_up) if cohort.baseline else ()
    rules = {m.key: rule for m in measures if (rule := default_rule(m)) is not None}
    statements = [key for key in cohort.statements if (key, follow_up) in cohort.answers]
    responders = [
        (key, responder_rates(comparison, key, follow_up, rule, confidence=confidence)) for key, rule in rules.items()
    ]
    top_two = [(key, top_two_rates(comparison, key, follow_up, confidence=confidence)) for key in statements]

    def one(label: str, analysis: Analysis) -> dict[str, Any]:
        return {
            "label": label,
            "patients": int(analysis.selected.sum()),
            "paired": {m.key: to_record(analysis.paired(m.key, follow_up, confidence=confidence)) for m in measures},
            "responders": {
                key: to_record(analysis.responders(key, follow_up, rule, confidence=confidence))
                for key, rule in rules.items()
            },
            "statements": {
                key: to_record(analysis.statement(key, follow_up, confidence=confidence)) for key in statements
            },
        }

    scores = score_family(comparison, [m.key for m in measures], follow_up, confidence=confidence)
    return {
        "grouping": comparison.grouping.text(names=True),
        "title": comparison.title,
        "follow_up": follow_up,
        "overlap": comparison.overlap,
        "in_none": comparison.in_none,
        "within_only": comparison.within_only,
        "against": to_record(comparison.question),
        "groups": [one(label, analysis) for label, analysis in comparison.rows],
        "between": {
            "scores": to_record(scores),
            "responders": to_record(rate_family(comparison, responders, confidence=confidence)),
            "top_two": to_record(rate_family(comparison, top_two, confidence=confidence)),
            "answers": to_record(
                compare_statements(
                    comparison.groups,
                    statements,
                    follow_up,
                    confidence=confidence,
                    within_only=comparison.within_only,
                )
            ),
        },
        "trajectories": {
            m.key: _trajectories(comparison, m.key, confidence)
            for m in measures
            if len(time_points_of(comparison.all, m.key)) > 2
        },
    }


def _trajectories(comparison: Comparison, measure: str, confidence: float) -> Any:
    found = trajectories(comparison.all, comparison, measure, confidence=confidence)
    if isinstance(found, NotComputed):
        return to_record(found)
    return {
        "occasions": [o.key for o in found.time_points],
        "groups": [{"label": line.label, "points": to_record(line.points)} for line in found.lines],
        "in_model": list(found.in_model),
        "model": to_record(found.model),
    }


def centers_record(plan: Plan, grouping: ByColumn, measure: Measure) -> Iterator[tuple[str, Any]]:
    """Funnel of means with shrunken means, funnel of rates, my center patient by patient, the outcome by quarter."""
    analysis, time, adjust = plan.analysis, plan.time, plan.adjust(measure.key, grouping)
    gains = center_gains(analysis, grouping, measure.key, time, adjust)
    yield "centers", gains if isinstance(gains, NotComputed) else _of_centers(gains) | {"shrunken": gains.shrunken}
    rule = plan.rules.get(measure.key)
    if rule is not None:
        rates = center_responders(analysis, grouping, measure.key, time, rule, adjust)
        named = {"rule": rule_words(rule)}
        yield "center_rates", rates if isinstance(rates, NotComputed) else _of_centers(rates) | named
        mine = plan.choices.center
        if mine:
            found = surveillance(analysis, grouping, measure.key, time, rule, adjust, mine)
            yield "watch", found if isinstance(found, NotComputed) else _of_watch(found) | named
    yield "trend", trend(analysis, measure.key, time, "quarter", confidence=plan.confidence)


def _of_watch(found: Surveillance) -> dict[str, Any]:
    """The ends of the VLAD and what the CUSUM came to; no value per patient, from which outcomes could be read."""
    own = found.chosen
    sides = {"fewer": own.fewer, "more": own.more}
    return {
        "center": own.label,
        "improved": own.improved,
        "expected": own.expected,
        "difference": own.sums.sums[-1],
        "band": own.sums.band[-1],
        "cusum": {name: s if isinstance(s, NotComputed) else _without_values(s) for name, s in sides.items()},
        "others": [{"center": label, "pairs": n, "difference": gap} for label, n, gap, _ in found.others],
        "without_date": found.left_out,
    }


def _without_values(found: Cusum) -> dict[str, Any]:
    return {name: value for name, value in to_record(found).items() if name != "values"}


def _of_centers(found: MeansOf | RatesOf) -> dict[str, Any]:
    return {
        "labels": found.members.labels,
        "adjusted_for": found.adjust,
        "left_out": found.left_out,
        "without_center": found.members.without,
        "means" if isinstance(found, MeansOf) else "rates": found.found,
        "not_adjusted": found.plain,
    }
