"""The numbers between groups, and of time to event, that the reviewer's script computes again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib.analysis.groups.contrasts import Contrast
from lib.analysis.groups.rates import BetweenRates
from lib.analysis.groups.scores import BetweenScores, score_family
from lib.analysis.statements import GroupedStatement, compare_statements
from lib.analysis.survival import Group, TimeToEvent, events_of, time_to_event
from lib.cohort.cohort import Statement
from lib.export.reviewer.kinds import NOT_IN_R, Number, drawn, likert, paired, responders, rule_kind, scores_of
from lib.report.items.rates import rates_of
from lib.report.plan import Plan
from lib.stats.likert import LikertResult
from lib.stats.paired import PairedResult
from lib.stats.ranks import NEWCOMBE_5
from lib.stats.responders import ResponderResult
from lib.stats.results import Estimate, Interval, NotComputed, Test
from lib.stats.survival import FollowUp, Incidence, Moment


def between_groups(plan: Plan) -> Iterator[Number]:
    """Each group before and after, and what is set between the groups."""
    comparison = plan.comparison
    if comparison is None:
        return
    for k, (_, analysis) in enumerate(comparison.groups):
        where = f"in_group_{k}"
        for measure in plan.measures:
            columns, rule = scores_of(plan, measure.key), plan.rules.get(measure.key)
            found = analysis.paired(measure.key, plan.time, confidence=plan.confidence, force=plan.choices.test)
            if isinstance(found, PairedResult):
                yield from paired(f"paired {plan.confidence}", columns, where, found)
            if rule is None:
                continue
            rate = analysis.responders(
                measure.key, plan.time, rule, confidence=plan.confidence, method=plan.choices.interval
            )
            if isinstance(rate, ResponderResult):
                yield from responders(f"responders {rule_kind(plan, measure, rule)}", columns, where, rate)
        for statement in plan.statements:
            answers = analysis.statement(statement.key, plan.time, confidence=plan.confidence)
            if isinstance(answers, LikertResult):
                yield from likert(plan, f"answer_{statement.key}", f"{where};counted", answers)
    if plan.measures:
        family = score_family(comparison, [m.key for m in plan.measures], plan.time, confidence=plan.confidence)
        for scores in family.results:
            yield from _scores(plan, scores)
    rates = rates_of(plan)
    for between in () if rates is None else rates.results:
        measure = plan.analysis.cohort.measure(between.name)
        rule = plan.rules[between.name]
        if rule is not None:
            kind = f"rates {rule_kind(plan, measure, rule)}"
            yield from _rates(plan, between, kind, scores_of(plan, measure.key))
    yield from _statements(plan)


def _groups(plan: Plan, labels: Sequence[str]) -> str:
    known = [] if plan.comparison is None else list(plan.comparison.labels)
    return ";".join(f"in_group_{known.index(label)}" for label in labels)


def _pair(own: Contrast) -> str:
    return f"{'average' if own.first is None else own.first} {own.second}"


def _contrast(kind: str, columns: str, own: Contrast, family: int) -> Iterator[Number]:
    """A difference with interval and p, corrected for the size of its family."""
    if not isinstance(own.difference, Estimate):
        return
    kind = f"{kind} {_pair(own)} {family if own.in_family else 1}"
    yield kind, columns, "", "difference", own.difference.value
    if isinstance(own.difference.interval, Interval):
        yield kind, columns, "", "difference low", own.difference.interval.low
        yield kind, columns, "", "difference high", own.difference.interval.high
    if not isinstance(own.p, NotComputed):
        yield kind, columns, "", "p", own.p


def _scores(plan: Plan, found: BetweenScores) -> Iterator[Number]:
    columns = f"{scores_of(plan, found.measure)};{_groups(plan, found.labels)}"
    for what, contrasts in (("ancova", found.contrasts), ("welch", found.gaps)):
        for own in contrasts:
            yield from _contrast(f"{what} {plan.confidence}", columns, own, found.family_size)
    fit = found.ancova
    if isinstance(fit, NotComputed):
        return
    kind = f"ancova {plan.confidence} 0 1 1"
    yield kind, columns, "", "slope", fit.slope.value
    yield kind, columns, "", "residual SD", fit.residual_sd
    yield kind, columns, "", "groups F p", fit.heterogeneity.p
    if isinstance(fit.slopes, Test):
        yield kind, columns, "", "slopes F p", fit.slopes.p
    for at in fit.at_baseline:
        for line in at.differences:
            first = "average" if line.first is None else line.first
            kind = f"lines {plan.confidence} {first} {line.second} {at.baseline!r}"
            yield kind, columns, "", "difference", line.difference.value
            if isinstance(line.difference.interval, Interval):
                yield kind, columns, "", "difference low", line.difference.interval.low
                yield kind, columns, "", "difference high", line.difference.interval.high


def _rates(plan: Plan, found: BetweenRates, kind: str, columns: str) -> Iterator[Number]:
    columns = f"{columns};{_groups(plan, found.labels)}"
    if isinstance(found.heterogeneity, Test):
        how = drawn(found.heterogeneity) or f"{kind} 0 1 1"
        yield how, columns, "", "groups p", found.heterogeneity.p
    for own in found.gaps:
        yield from _contrast(kind, columns, own, found.family_size)
        if not isinstance(own.number_needed, NotComputed):
            yield f"{kind} {_pair(own)} 1", columns, "", "needed to treat", own.number_needed.value


def _statements(plan: Plan) -> Iterator[Number]:
    comparison = plan.comparison
    if comparison is None or not plan.statements:
        return
    keys = [s.key for s in plan.statements]
    found = compare_statements(
        comparison.groups, keys, plan.time, confidence=plan.confidence, within_only=comparison.within_only
    )
    for k, (statement, row) in enumerate(zip(plan.statements, found.rows, strict=True)):
        sizes = (found.test_p.size, found.rates_p.size)
        adjusted = (found.test_p.adjusted[k], found.rates_p.adjusted[k])
        yield from _statement(plan, statement, row, sizes, adjusted)


def _statement(
    plan: Plan,
    statement: Statement,
    row: GroupedStatement,
    sizes: tuple[int, int],
    adjusted: tuple[float | NotComputed, float | NotComputed],
) -> Iterator[Number]:
    columns = f"answer_{statement.key};counted;{_groups(plan, row.tested)}"
    turned = "turned" if statement.reverse else "as_is"
    best = next((",".join(map(str, r.top_levels)) for r in row.results if isinstance(r, LikertResult)), "")
    for size, p, test, name in (
        (sizes[0], adjusted[0], row.test, "order p"),
        (sizes[1], adjusted[1], row.rates, "best answers p"),
    ):
        if isinstance(test, Test):
            how = drawn(test) or f"statement {plan.confidence} {turned} {best} {size}"
            yield how, columns, "", name, test.p
            if not isinstance(p, NotComputed):
                yield how, columns, "", f"{name} corrected", p
    kind = f"statement {plan.confidence} {turned} {best}"
    for size, name, estimate in ((sizes[0], "Cliff", row.delta), (sizes[1], "best answers difference", row.difference)):
        if not isinstance(estimate, Estimate):
            continue
        yield f"{kind} {size}", columns, "", name, estimate.value
        ends = estimate.interval
        if isinstance(ends, Interval):
            how = f"{NOT_IN_R}limits of groups that do not overlap" if ends.method == NEWCOMBE_5 else f"{kind} {size}"
            yield how, columns, "", f"{name} low", ends.low
            yield how, columns, "", f"{name} high", ends.high


# Time to event: Kaplan–Meier, Aalen–Johansen, rates, the log-rank test.


def followed(plan: Plan) -> Iterator[Number]:
    """Per event the shares at each year, the follow-up, the rates, and the tests between groups."""
    for event in events_of(plan.analysis.cohort):
        found = time_to_event(plan.analysis, event, plan.comparison, confidence=plan.confidence)
        if not isinstance(found, TimeToEvent):
            continue
        columns = f"days_{event};status_{event}"
        two_sides = found.patients < getattr(found.everybody.incidence, "n", 0)
        everybody = "selected" if plan.comparison is None else "in_comparison"
        yield from _curve(plan, columns, everybody, found.everybody, two_sides)
        labels = [] if plan.comparison is None else list(plan.comparison.labels)
        for group in found.groups:
            yield from _curve(plan, columns, f"in_group_{labels.index(group.label)}", group, two_sides)
        if isinstance(found.log_rank, Test):
            how = f"{NOT_IN_R}variance by patient" if two_sides else "log-rank"
            groups = _groups(plan, [g.label for g in found.groups])
            yield how, f"{columns};{groups}", "", "log-rank p", found.log_rank.p
        if not isinstance(found.cox, NotComputed):
            cox = f"{NOT_IN_R}Cox regression is in R’s package survival"
            yield cox, "", "", f"hazard ratio, {found.event}", found.cox.ratio.value
            yield cox, "", "", f"hazard ratio, {found.event}, p", found.cox.test.p


def _curve(plan: Plan, columns: str, where: str, group: Group, two_sides: bool) -> Iterator[Number]:
    for found in dict.fromkeys((group.incidence, group.kaplan_meier)):
        if isinstance(found, Incidence):
            yield from _moments(plan, columns, where, found, two_sides)
    kind = f"survival {plan.confidence}"
    if isinstance(group.follow_up, FollowUp):
        yield kind, columns, where, "median follow-up", group.follow_up.median
    if isinstance(group.rate, Estimate):
        yield kind, columns, where, "per 100 years", group.rate.value
        if isinstance(group.rate.interval, Interval):
            how = kind if group.rate.interval.method == "exact Poisson" else f"{NOT_IN_R}variance by patient"
            yield how, columns, where, "per 100 years low", group.rate.interval.low
            yield how, columns, where, "per 100 years high", group.rate.interval.high


def _moments(plan: Plan, columns: str, where: str, found: Incidence, two_sides: bool) -> Iterator[Number]:
    plain = found.method == "Kaplan–Meier"
    name = "KM" if plain else "AJ"
    kind = f"survival {plan.confidence}"
    yield kind, columns, where, "n", found.n
    yield kind, columns, where, "with the event", found.events
    for moment in found.moments:
        if not isinstance(moment, Moment):
            continue
        at = f"{kind} {moment.days!r}"
        yield at, columns, where, f"{name} share", moment.value
        yield at, columns, where, "at risk", moment.at_risk
        yield at, columns, where, "events so far", moment.events
        for end, value in (("low", moment.low), ("high", moment.high)):
            if value is not None:
                how = at if plain and not two_sides else f"{NOT_IN_R}this variance is in R’s package survival"
                yield how, columns, where, f"{name} {end}", value
