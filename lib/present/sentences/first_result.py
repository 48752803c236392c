"""What a reading of a file gives in a few words and numbers: one measure before and after, and a line per page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lib.analysis import Analysis, default_threshold
from lib.cohort.cohort import BASELINE, Category, Cohort, TimePoint
from lib.cohort.design import Design, Kind
from lib.cohort.measure import Measure
from lib.present.sentences.outcomes import rule_words, verb
from lib.present.wording import at_time, compact, count, inside, joined, number, plural
from lib.stats.paired import PairedResult
from lib.stats.responders import ResponderResult, Rule
from lib.stats.results import NotComputed

_MOST = 4


@dataclass(frozen=True, slots=True)
class FirstResult:
    """One measure before and after, for an answer's card.

    Attributes:
        head: "VAS pain, before → 12 months". numbers: "7.6 → 4.7", or words where nothing is computed.
        line: "18 of 24 improved by at least 2 points".
        before, after: places on the axis from 0 to 1; None where there is no axis. ends: what its ends are.
        better: whether the mean moved to the better side; None where it did not move.
    """

    head: str
    numbers: str
    line: str
    before: float | None = None
    after: float | None = None
    ends: tuple[str, str] = ("", "")
    better: bool | None = None


def first_result(
    cohort: Cohort, about: Collection[str] = (), outcome: str = "", undirected: Collection[str] = ()
) -> FirstResult:
    """The result of the first measure that a question is about, else of the cohort's first one.

    `about`: keys of measures ("pain", "eq5d3l") or statements. `outcome`: what the question is about, where that is an
    outcome: then no other measure stands in for it. `undirected`: measures of which nobody has said yet which end is
    better: they are lower or higher, not better or worse.
    """
    analysis = Analysis(cohort)
    statement = next((s for k, s in cohort.statements.items() if k in about), None)
    when = next((t for k, t in cohort.answers if statement and k == statement.key), "")
    if statement is not None:
        found = analysis.statement(statement.key, when)
        if isinstance(found, NotComputed):
            return FirstResult(statement.label, "not computed", found.reason)
        who = f"{count(found.top_two.count)} of {count(found.n)}"
        words = "agree, which is unfavourable" if statement.reverse else "agree"
        return FirstResult(statement.short or statement.label, who, words)
    yes_no = next(((o, t) for (o, t) in cohort.yesno if o in about), None)
    if yes_no is not None:
        codes = cohort.yesno[yes_no]
        who = f"{count(int((codes == 1).sum()))} of {count(int((codes >= 0).sum()))}"
        return FirstResult(
            f"{cohort.outcomes[yes_no[0]].label}, {_short(cohort.time_point(yes_no[1]).label)}", who, "yes"
        )
    column = next((c for k, c in cohort.columns.items() if k in about and isinstance(c, Category)), None)
    if column is not None and not outcome:
        return _groups(column)
    measure, time = _measure(cohort, analysis, about)
    if outcome and (measure is None or not _is_about(measure, about)):
        return FirstResult(f"{outcome}, before and after", "not computed", "nothing to compare before and after")
    if measure is None or time is None:
        return FirstResult("Before and after", "nothing to compare", plural(cohort.n, "patient"))
    before = next((o.label for o in cohort.time_points if o.key == BASELINE), "")
    head = f"{measure.label}, {_short(before)} → {inside(time.label)}"
    result = analysis.paired(measure.key, time.key)
    if isinstance(result, NotComputed):
        return FirstResult(head, "not computed", f"{result.reason}; {plural(cohort.n, 'patient')}")
    digits = max(measure.decimals - 1, 1)
    numbers = f"{number(result.baseline.mean, digits)} → {number(result.follow_up.mean, digits)}"
    places = _places(measure, result)
    if measure.key in undirected:
        places = (None, None, ("", ""), None)
    return FirstResult(
        head, numbers, _line(analysis, measure, time.key, result, measure.key not in undirected), *places
    )


def _groups(column: Category) -> FirstResult:
    """How many patients each text of a column has: the share of "yes" where it is one, else the largest groups."""
    sizes = {label: int((column.codes == k).sum()) for k, label in enumerate(column.labels)}
    known = sum(sizes.values())
    largest = sorted(sizes, key=lambda label: -sizes[label])
    if len(sizes) <= 2 and largest:
        shown = next((label for label in sizes if label in ("yes", "1")), largest[0])
        return FirstResult(column.label, f"{count(sizes[shown])} of {count(known)}", shown)
    more = f" and {count(len(largest) - _MOST)} more" if len(largest) > _MOST else ""
    words = ", ".join(f"{label} {count(sizes[label])}" for label in largest[:_MOST])
    return FirstResult(column.label, plural(len(sizes), "group"), words + more)


def _short(words: str) -> str:
    return "before" if words.lower().startswith("before") else inside(words)


def _measure(cohort: Cohort, analysis: Analysis, about: Collection[str]) -> tuple[Measure | None, TimePoint | None]:
    time = analysis.default_follow_up()
    if time is None or cohort.baseline is None:
        return None, None
    offered = cohort.measures_at(time.key)
    own = [m for m in offered if _is_about(m, about)]
    for other in cohort.follow_ups:  # the measure asked about may have another time point only
        if not own:
            own = [m for m in cohort.measures_at(other.key) if m.key in about]
            time = other if own else time
    return next(iter(own or offered), None), time


def _is_about(measure: Measure, about: Collection[str]) -> bool:
    return measure.key in about or any(measure.key.startswith(f"{a}_") for a in about)


def _line(analysis: Analysis, measure: Measure, time: str, result: PairedResult, directed: bool) -> str:
    rule = _rule(measure)
    found = analysis.responders(measure.key, time, rule) if rule else None
    if rule and isinstance(found, ResponderResult) and found.evaluable:
        return f"{count(found.responders)} of {count(found.evaluable)} improved by at least {rule_words(rule, measure)}"
    change = result.mean_change.value * (measure.sign if directed else 1)
    up, down = ("better", "worse") if directed else ("higher", "lower")
    way = up if change > 0 else down if change < 0 else "unchanged"
    return f"{plural(result.n, 'patient')} with both values; on average {way}"


def _rule(measure: Measure) -> Rule | None:
    threshold = default_threshold(measure)
    return Rule("absolute", threshold=threshold.value) if threshold else None


def _places(measure: Measure, result: PairedResult) -> tuple[float | None, float | None, tuple[str, str], bool | None]:
    gain = measure.sign * result.mean_change.value
    better = None if gain == 0 else gain > 0
    if measure.low is None or measure.high is None:
        return None, None, ("", ""), better
    low, high = float(measure.low), float(measure.high)
    worst, best = (" worst", " best") if measure.higher_is_better else (" best", " worst")
    ends = (compact(measure.low) + worst, compact(measure.high) + best)

    def place(value: float) -> float:
        return min(1.0, max(0.0, (value - low) / (high - low)))

    return place(result.baseline.mean), place(result.follow_up.mean), ends, better


def headline(cohort: Cohort) -> str:
    """ "62 patients of 2 centers; VAS pain, EQ-5D index and ODI before and after surgery", at most 90 characters."""
    center = next((c for c in cohort.categories() if c.role == "center"), None)
    who = plural(cohort.n, "patient")
    if center is not None and len(center.labels) > 1:
        who += f" of {plural(len(center.labels), 'center')}"
    paired = [m.label for m in cohort.measures.values() if any(_is_paired(cohort, m, o.key) for o in cohort.follow_ups)]
    if not paired:
        return f"{who}; nothing to compare before and after yet"
    when = f"before and after {cohort.design.noun}"
    for most in range(min(len(paired), _MOST), 0, -1):
        more = [] if most == len(paired) else [f"{count(len(paired) - most)} more"]
        words = f"{who}; {joined([*paired[:most], *more])} {when}"
        if len(words) <= 90:
            return words
    return f"{who}; {plural(len(paired), 'measure')} {when}"


def _is_paired(cohort: Cohort, measure: Measure, time: str) -> bool:
    if cohort.baseline is None or measure not in cohort.measures_at(time):
        return False
    return cohort.pairs(measure.key, BASELINE, time).n > 0


def ready(cohort: Cohort) -> str:
    """ "Ready: 62 operated patients, before surgery to 12 months"."""
    who = f"Ready: {count(cohort.n)} {cohort.treatment} patient{'' if cohort.n == 1 else 's'}"
    if len(cohort.time_points) > 1:
        who += f", {inside(cohort.time_points[0].label)} to {inside(cohort.time_points[-1].label)}"
    return who


def so_a_sentence_reads(cohort: Cohort) -> str:
    """The sentence that results from the word for the treatment and the design."""
    analysis = Analysis(cohort)
    measure, time = _measure(cohort, analysis, ())
    who = f"{cohort.treatment} patients"
    with_whom = design_words(cohort.design, cohort)
    if measure is None or time is None:
        return f"{count(cohort.n)} {who}, {with_whom}."
    result = analysis.paired(measure.key, time.key)
    if isinstance(result, NotComputed):
        return f"{measure.label} is not computed ({result.reason}) in {count(cohort.n)} {who}, {with_whom}."
    digits = max(measure.decimals - 1, 0)
    before, after = number(result.baseline.mean, digits), number(result.follow_up.mean, digits)
    return (
        f"{measure.label} {verb(result)} from {before} to {after} {at_time(time.label)} in {count(result.n)} of "
        f"{count(cohort.n)} {who}, {with_whom}."
    )


def design_words(design: Design, cohort: Cohort) -> str:
    """ "without a control group", "compared by center", "randomised by arm (A 20, B 20)"."""
    column = cohort.columns.get(design.groups_by)
    name = inside(column.label) if column is not None else ""
    if design.kind is Kind.GROUPS:
        return f"compared by {name}" if name else "in groups"
    if design.kind is Kind.RANDOMISED:
        return f"randomised by {name}" if name else "randomised"
    return "without a control group"


def page_lines(cohort: Cohort, open_findings: int, answers: int) -> tuple[tuple[str, str], ...]:
    """One line per page: what it will show, with its numbers."""
    analysis = Analysis(cohort)
    time = analysis.default_follow_up()
    measures = cohort.measures_at(time.key) if time and cohort.baseline else ()
    first = first_result(cohort)
    with_n = [f"{m.label} n {count(cohort.pairs(m.key, BASELINE, time.key).n)}" for m in measures] if time else []
    rules = [m.label for m in measures if _rule(m)]
    groups = [f"{inside(c.label)} ({len(c.labels)})" for c in cohort.columns.values() if isinstance(c, Category)]
    outcome = [o.label for o in cohort.outcomes.values()]
    events = "no adverse events recorded" if cohort.events is None else plural(len(cohort.events.type), "adverse event")
    answered = [int((a >= 0).sum()) for a in cohort.answers.values()]
    return (
        ("Overview", f"{first.head}: {first.numbers}; {first.line}"),
        ("Before and after", _list(with_n) or "nothing to compare before and after"),
        ("Responders", f"published thresholds of {_list(rules)}" if rules else "no published threshold; you set one"),
        (
            "Statements",
            f"{plural(len(cohort.statements), 'statement')}, {count(max(answered))} patients answered"
            if answered
            else "no statements",
        ),
        ("EQ-5D", "health states and index" if cohort.states else "no health states"),
        ("Compare", f"by {_list(groups)}" if groups else "no column of groups"),
        ("Patients", f"Table 1 of {plural(len(cohort.columns), 'column')}" if cohort.columns else "no characteristics"),
        ("Safety and opioids", "; ".join([events, *([_list(outcome)] if outcome else [])])),
        ("Data check", f"{plural(open_findings, 'finding')} to look at, {plural(answers, 'answer')} given"),
    )


def _list(words: list[str]) -> str:
    if len(words) <= _MOST + 1:
        return joined(words)
    return f"{', '.join(words[:_MOST])} and {count(len(words) - _MOST)} more"


def not_shown(cohort: Cohort) -> tuple[tuple[str, str], ...]:
    """What cannot be shown, and why: measures without a partner, patients without both values."""
    rows: list[tuple[str, str]] = []
    for measure in cohort.measures.values():
        measured_at = [o.label for o in cohort.time_points if cohort.has_scores(measure.key, o.key)]
        if not cohort.has_scores(measure.key, BASELINE):
            rows.append(
                (
                    measure.label,
                    f"no value before; {joined([inside(a) for a in measured_at])} only: described in Table 1",
                )
            )
        elif len(measured_at) == 1:
            rows.append((measure.label, "asked before only: no follow-up column; described in Table 1"))
        else:
            missing = [o.label for o in cohort.follow_ups if not cohort.has_scores(measure.key, o.key)]
            if missing:
                rows.append((f"{measure.label} {joined([at_time(m) for m in missing])}", "not asked then: no column"))
    analysis = Analysis(cohort)
    time = analysis.default_follow_up()
    first = next(iter(cohort.measures_at(time.key)), None) if time and cohort.baseline else None
    if first is not None and time is not None:
        out = cohort.n - cohort.pairs(first.key, BASELINE, time.key).n
        if out:
            rows.append((f"{plural(out, 'patient')} in {first.label}", f"not both before and {at_time(time.label)}"))
    if cohort.events is None:
        rows.append(("Adverse events", "the file does not record them"))
    return tuple(rows)
