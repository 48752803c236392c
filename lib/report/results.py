"""The results paragraphs, from result objects only, in the p-value and interval style of the paper."""

from __future__ import annotations

from lib.analysis.follow_up_time import follow_up_time
from lib.present.sentences import outcomes, what_if
from lib.present.sentences.responders import worst_case_title
from lib.present.wording import confidence_words, count, joined, number, percent_interval, plain_spaces, plural, share
from lib.report.groups_text import classes_results, comparison_results, rates_results, table_one_results
from lib.report.plan import Plan
from lib.report.registry_text import centers_results, events_results
from lib.stats.events import EventSummary
from lib.stats.likert import LikertResult
from lib.stats.responders import ResponderBounds
from lib.stats.results import Interval, NotComputed


def results_parts(plan: Plan) -> tuple[tuple[str, str], ...]:
    """A paragraph each, with its name: scores, responders, health states, groups, statements, yes/no, events."""
    found = {
        "follow_up": _follow_up(plan),
        "scores": _scores(plan),
        "responders": _responders(plan),
        "missing": _what_if(plan),
        "classes": classes_results(plan),
        "table_one": table_one_results(plan),
        "groups": comparison_results(plan),
        "rates": rates_results(plan),
        "statements": _statements(plan),
        "yes_no": _yes_no(plan),
        "safety": _safety(plan),
        "events": events_results(plan),
        "centers": centers_results(plan),
    }
    return tuple((name, plain_spaces(words)) for name, words in found.items() if words)


def _follow_up(plan: Plan) -> str:
    """When the follow-up really was; inside only, for its smallest and largest value."""
    if plan.outside or not plan.measures:
        return ""
    found = follow_up_time(plan.analysis, plan.measures[0].key, plan.time)
    if isinstance(found, NotComputed):
        return ""
    q1, q3, low, high = (number(v, 1) for v in (found.q1, found.q3, found.shortest, found.longest))
    what = {
        "questionnaire": f"{plan.time_points[1]} was answered",
        "last contact": "Last contact was",
    }[found.until]
    without = f"; {count(found.without)} without both dates" if found.without else ""
    return (
        f"{what} a median of {number(found.median, 1)} months after treatment (quartiles {q1} to {q3}, range {low} to "
        f"{high}; n = {count(found.n)}{without})."
    )


def _scores(plan: Plan) -> str:
    return " ".join(outcomes.result_sentence(m, plan.paired(m), plan.time_points) for m in plan.measures)


def _what_if(plan: Plan) -> str:
    """The first measure, if the missing are like those who answered; single patients stand behind it."""
    if plan.outside or not plan.measures:
        return ""
    found = plan.what_if(plan.measures[0])
    return "" if isinstance(found, NotComputed) else f"{what_if.title(plan.measures[0], found)}."


def _responders(plan: Plan) -> str:
    words = []
    for measure in plan.measures:
        found = plan.responders(measure)
        if found is None:
            continue
        title = outcomes.responder_title(measure, found)
        bounds, rule = plan.bounds(measure), plan.rules.get(measure.key)
        if plan.choices.over_all and rule is not None and isinstance(bounds, ResponderBounds):
            worst = worst_case_title(measure, rule, bounds)
            words.append(f"{worst} ({percent_interval(bounds.worst.interval)}).")
            continue
        if isinstance(found, NotComputed) or isinstance(found.rate, NotComputed):
            words.append(f"{title}.")
        else:
            words.append(f"{title} ({percent_interval(found.rate.interval)}).")
    return " ".join(words)


def _statements(plan: Plan) -> str:
    """Per set of answers, since "the best two" of one are not those of another."""
    parts: dict[str, list[str]] = {}
    for statement in plan.statements:
        found = plan.statement(statement)
        sentence = (
            share(found.top_two.count, found.n) if isinstance(found, LikertResult) else f"not computed ({found.reason})"
        )
        parts.setdefault(outcomes.top_two_words(statement), []).append(f"“{statement.label}”: {sentence}")
    return " ".join(f"{who}: {'; '.join(words)}." for who, words in parts.items())


def _yes_no(plan: Plan) -> str:
    words = []
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        if isinstance(found, NotComputed):
            words.append(f"{outcome.label}: not computed ({found.reason}).")
            continue
        change = found.difference
        ci = ""
        if isinstance(change.interval, Interval):
            level = confidence_words(change.interval.confidence)
            low, high = number(change.interval.low * 100, 1), number(change.interval.high * 100, 1)
            ci = f", a change of {number(change.value * 100, 1)} percentage points ({level} {low} to {high})"
        before, after = share(found.before.count, found.n), share(found.after.count, found.n)
        tests = outcomes.yes_no_line(found).replace(" · ", "; ")
        words.append(f"{outcome.label}: {before} before and {after} after{ci}; {tests}.")
    return " ".join(words)


def _safety(plan: Plan) -> str:
    found = plan.safety()
    if isinstance(found, NotComputed):
        return f"Adverse events: {found.reason}."
    patients, events = found.by_type.patients, found.by_type.events
    if patients.count == 0:
        return f"No adverse event occurred: {outcomes.safety_line(found)}."
    share_of = share(patients.count, patients.n).replace(f"of {patients.n}", f"of {patients.n} patients")
    words = f"{plural(events, 'adverse event')} in {share_of}, {percent_interval(patients.interval)}"
    kinds = _kinds(found.by_type, found.types)
    shown = f"{words}{': ' + joined(kinds) if kinds else ''}."
    if isinstance(found.analysed, NotComputed):
        return shown
    beside = found.analysed
    return f"{shown} Of those analysed {share(beside.count, beside.n)}, {percent_interval(beside.interval)}."


def _kinds(summary: EventSummary, names: tuple[str, ...]) -> list[str]:
    counted = zip(names, summary.by_type, strict=True)
    return [f"{name[:1].lower()}{name[1:]} ({t.events})" for name, t in counted if t.events]
