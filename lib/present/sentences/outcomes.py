"""Findings in neutral words: titles, strips, readouts and the copyable result sentence, built from results only."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from lib.analysis import Flow, SafetyResult
from lib.cohort.cohort import Statement
from lib.cohort.measure import Measure
from lib.cohort.pairs import Excluded
from lib.present import wording
from lib.present.sentences.leading import (
    better_and_worse,
    counted,
    few_words,
    leading_improvement,
    led_words,
    p_line,
)
from lib.present.wording import (
    NBSP,
    at_time,
    compact,
    count,
    inside,
    interval_with_level,
    joined,
    number,
    p_value,
    percent,
    percent_interval,
    plain_spaces,
    plural,
    result_of_test,
    share,
)
from lib.settings import FEWEST_FOR_PERCENT, FEWEST_TO_TEST
from lib.stats.likert import LikertResult
from lib.stats.paired import PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderBounds, ResponderResult, Rule
from lib.stats.results import Interval, NotComputed, Test
from lib.stats.yes_no import YesNoResult

MOST_TYPES = 3
"""Types of adverse events that the Overview names, the commonest first."""


def verb(result: PairedResult) -> str:
    """ "fell", "rose" or "did not change", by the mean change."""
    if result.mean_change.value == 0:
        return "did not change"
    return "rose" if result.mean_change.value > 0 else "fell"


def paired_title(measure: Measure, result: PairedResult | NotComputed, decimals: int | None = None) -> str:
    """ "VAS pain fell from 7.83 to 4.97, an improvement of 2.86 points"; below 10 pairs no verb: `few_words`."""
    if isinstance(result, NotComputed):
        return f"{measure.label}: not computed for this selection"
    digits = measure.decimals if decimals is None else decimals
    before, after = number(result.baseline.mean, digits), number(result.follow_up.mean, digits)
    if result.n < FEWEST_TO_TEST:
        return few_words(result.n, f"{measure.label} {before} → {after}")
    if result.choice == "counts":
        return f"{measure.label}: {led_words(measure, result, digits)}"
    if result.choice == "wilcoxon":
        moved = verb(result) if before != after else "hardly changed"
        means = f"from a mean of {before} to {after}" if before != after else f"with a mean of {before} at both times"
        return f"{measure.label} {moved} {means}, {led_words(measure, result, digits)}"
    if result.mean_change.value == 0 or before == after:
        changed = "did not change" if result.mean_change.value == 0 else "hardly changed"
        return f"{measure.label} {changed}: mean {before} at both time points"
    gain = measure.sign * result.mean_change.value
    kind = "an improvement" if gain > 0 else "a worsening"
    unit = f" {measure.unit}" if measure.unit else ""
    return f"{measure.label} {verb(result)} from {before} to {after}, {kind} of {number(abs(gain), digits)}{unit}"


def overview_sentence(
    measure: Measure | None,
    paired: PairedResult | NotComputed | None,
    responders: ResponderResult | NotComputed | None,
    satisfied: LikertResult | NotComputed | None,
    events: Proportion | None,
) -> str:
    """ "VAS pain fell from 7.8 to 5.0; 20 of 29 improved by at least 2 points; 18 are satisfied; 4 had …"."""
    parts: list[str] = []
    of = responders.evaluable if isinstance(responders, ResponderResult) else None
    if measure and isinstance(paired, PairedResult):
        digits = max(measure.decimals - 1, 0)
        before, after = number(paired.baseline.mean, digits), number(paired.follow_up.mean, digits)
        if paired.n < FEWEST_TO_TEST and isinstance(responders, ResponderResult) and responders.evaluable:
            rule = rule_words(responders.rule, measure)
            parts.append(
                f"{measure.label}: {count(responders.responders)} of {count(responders.evaluable)} improved "
                f"by at least {rule}, {count(responders.unchanged)} changed by less, "
                f"{count(responders.worsened)} worsened"
            )
            responders = None
        elif paired.n < FEWEST_TO_TEST:
            parts.append(few_words(paired.n, f"{measure.label} {before} → {after}"))
        elif paired.choice == "counts":
            parts.append(f"{measure.label}: {counted(measure, paired)}")
        elif paired.mean_change.value == 0 or before == after:
            parts.append(f"{measure.label} {'did not change' if paired.mean_change.value == 0 else 'hardly changed'}")
        else:
            parts.append(f"{measure.label} {verb(paired)} from {before} to {after}")
    if measure and isinstance(responders, ResponderResult) and responders.evaluable:
        rule = rule_words(responders.rule, measure)
        name = "" if parts else f"{measure.label}: "  # of which score, where its mean did not just say it
        parts.append(
            f"{name}{count(responders.responders)} of {count(responders.evaluable)} improved by at least {rule}"
        )
    # one denominator is said once; a part over other patients names its own
    if isinstance(satisfied, LikertResult):
        who = _of(satisfied.top_two.count, satisfied.n, of)
        who = who if satisfied.top_two.count else "nobody"
        parts.append(f"{who} {'are' if satisfied.top_two.count > 1 else 'is'} satisfied")
    if events is not None:
        parts.append(f"{_of(events.count, events.n, of) if events.count else 'nobody'} had an adverse event")
    if parts:
        words = "; ".join(parts)
        return words[0].upper() + words[1:] if words.startswith("nobody") else words
    return "Nothing to compare before and after in this selection"


def _of(found: int, n: int, denominator: int | None) -> str:
    return count(found) if n == denominator else f"{count(found)} of {count(n)}"


def rule_words(rule: Rule, measure: Measure) -> str:
    """What follows "improved by at least": "2 points", "30% of baseline"; for a state "3 points or lower"."""
    unit = f" {measure.unit}" if measure.unit else ""
    side = "or higher" if measure.higher_is_better else "or lower"
    if rule.kind == "percent" and rule.threshold is not None:
        return f"{compact(rule.threshold)}% of baseline"
    if rule.kind == "state" and rule.state is not None:
        return f"{compact(rule.state)}{unit} {side}"
    words = f"{compact(rule.threshold or Decimal(0))}{unit}"
    if rule.kind == "change and state" and rule.state is not None:
        words += f" and ended at {compact(rule.state)} {side}"
    if rule.reliability is not None:
        words += f" (beyond measurement error, reliability {number(float(rule.reliability), 2)})"
    return words


def responder_title(measure: Measure, result: ResponderResult | NotComputed) -> str:
    """ "20 of 29 patients (69.0%) improved by at least 2 points"."""
    if isinstance(result, NotComputed) or isinstance(result.rate, NotComputed):
        return f"{measure.label}: no responder rate for this selection"
    words = share(result.responders, result.evaluable, "patient")
    if result.rule.kind == "state":
        return f"{measure.label}: {words} ended at {rule_words(result.rule, measure)}"
    return f"{measure.label}: {words} improved by at least {rule_words(result.rule, measure)}"


def responder_readout(measure: Measure, result: ResponderResult | NotComputed) -> str:
    """The rate with its interval and the patients the rule could not count, in one or two sentences."""
    if isinstance(result, NotComputed):
        return f"Not computed: {result.reason}."
    if isinstance(result.rate, NotComputed):
        return f"Not computed: {result.rate.reason}."
    found = result.rate.interval
    method = found.method if isinstance(found, Interval) else ""
    words = f"{share(result.responders, result.evaluable)}, {percent_interval(found)} ({method})."
    if result.could_not_reach:
        words += f" {plural(result.could_not_reach, 'patient')} could not reach it from where they started."
    if result.not_evaluable:
        words += (
            f" {plural(len(result.not_evaluable), 'patient')} with a baseline of 0 cannot be judged by a percentage."
        )
    return words


def bounds_words(found: ResponderBounds | NotComputed) -> str:
    """ "20 of 57 if every missing patient did not improve, 48 of 57 if every one did"."""
    if isinstance(found, NotComputed):
        return f"Not computed: {found.reason}."
    if found.missing == 0:
        return "Nobody is missing."
    lack = "lacks" if found.missing == 1 else "lack"
    words = (
        f"{plural(found.missing, 'patient')} of {count(found.n)} due {lack} a score. Over all {count(found.n)} due: "
        f"{share(found.worst.count, found.n)} if none of them improved, {share(found.best.count, found.n)} if all did"
    )
    if found.ruled_out:
        words += f" ({plural(found.ruled_out, 'patient')} cannot have improved enough on this scale)"
    return words + "."


def strip(filters: tuple[str, ...], flow: Flow, time_points: tuple[str, str]) -> str:
    """ "Postpartum · 24 of 57 operated · 13 of 29 analysed · Baseline to 12 months"."""
    parts = [" · ".join(filters) if filters else "All patients"]
    everybody = flow.selected == flow.operated
    some = _part(flow.selected, flow.operated, flow.treated)
    parts.append(f"{count(flow.operated)} {flow.treated}" if everybody else some)
    if flow.analysed is not None and flow.analysed_selected is not None:
        whole = flow.analysed_selected == flow.analysed
        parts.append(
            f"{count(flow.analysed)} analysed" if whole else _part(flow.analysed_selected, flow.analysed, "analysed")
        )
    if time_points[0]:
        parts.append(f"{time_points[0]} to {time_points[1]}")
    return " · ".join(parts)


def _part(some: int, of: int, what: str) -> str:
    return f"{count(some)} of {count(of)} {what}"


def excluded_words(excluded: Excluded) -> str:
    """ "28 without a complete pair: 19 no baseline, 9 no follow-up", empty when nobody is excluded."""
    if excluded.total == 0:
        return ""
    reasons = (
        (excluded.no_baseline, "no baseline"),
        (excluded.no_follow_up, "no follow-up"),
        (excluded.neither, "neither"),
        (excluded.not_yet_due, "not yet due"),
        (excluded.died, "died before due"),
        (excluded.illegal, "a value outside the scale"),
    )
    listed = joined([f"{count(n)} {words}" for n, words in reasons if n], ", ").replace(" ,  ", ", ")
    return f"{count(excluded.total)} without a complete pair: {listed}"


def result_sentence(measure: Measure, result: PairedResult | NotComputed, time_points: tuple[str, str]) -> str:
    """The sentence for a manuscript, with plain spaces: means, SD, n, then estimate, CI and test of what leads."""
    if isinstance(result, NotComputed):
        return f"{measure.label}: not computed ({result.reason})."
    digits = measure.decimals
    unit = f" {measure.unit}" if measure.unit else ""

    def spread(value: float | NotComputed) -> str:
        return "" if isinstance(value, NotComputed) else f" (SD {number(value, digits)})"

    before = f"{number(result.baseline.mean, digits)}{spread(result.baseline.sd)}"
    after = f"{number(result.follow_up.mean, digits)}{spread(result.follow_up.sd)}"
    first, then = at_time(time_points[0]), at_time(time_points[1])
    moved = verb(result)
    if result.n < FEWEST_TO_TEST:
        head = f"{measure.label}, {plural(result.n, 'patient')}: mean {before} {first} and {after} {then}"
    elif moved == "did not change":
        head = f"{measure.label} {moved}, with a mean of {before} {first} and {after} {then} (n = {count(result.n)})"
    else:
        head = f"{measure.label} {moved} from a mean of {before} {first} to {after} {then} (n = {count(result.n)})"
    return plain_spaces(f"{head}{_estimate_words(measure, result, unit)}")


def _estimate_words(measure: Measure, result: PairedResult, unit: str) -> str:
    """Estimate, interval and test of one method, and what else a reader of it needs."""
    digits = measure.decimals
    _, estimate = leading_improvement(measure, result)
    _, test = result.leading
    if result.choice == "counts" and isinstance(test, Test):
        better, worse = better_and_worse(measure, result)
        of = f"of the {count(better + worse)} who changed {percent(better, better + worse)} improved"
        ci = percent_interval(estimate.interval)
        return f"; {counted(measure, result)}; {of} ({ci}; sign test ({test.method}), {p_value(test.p)})."
    size, ci = f"{number(estimate.value, digits)}{unit}", interval_with_level(estimate.interval, digits)
    if result.choice == "wilcoxon" and isinstance(test, Test):
        middle = number(measure.sign * result.change.median, digits)
        return (
            f"; the pseudomedian improvement (Hodges–Lehmann) was {size} ({ci}; Wilcoxon signed-rank test "
            f"({test.method}), {p_value(test.p)}), the median of the improvements {middle}{unit}."
        )
    clauses = [] if isinstance(estimate.interval, NotComputed) else [ci]
    if result.choice == "t" and isinstance(test, Test):
        clauses.append(f"paired t test, {result_of_test(wording.improvement_test(test, measure.sign))}")
    else:
        clauses.append(inside(p_line(result)))
    return f", a mean improvement of {size} ({'; '.join(clauses)})."


def statements_title(rows: tuple[tuple[str, LikertResult | NotComputed], ...], *, reverse: bool = False) -> str:
    """The most and the least agreed statement with their counts; where agreeing is unfavourable, "favourable"."""
    found = [(name, r) for name, r in rows if isinstance(r, LikertResult)]
    if not found:
        return "No answers in this selection"
    most = max(r.n for _, r in found)
    if most < FEWEST_TO_TEST:
        listed = ", ".join(f"“{name}” {count(r.top_two.count)} of {count(r.n)}" for name, r in found[:MOST_TYPES])
        more = len(found) - MOST_TYPES
        return few_words(most, f"{listed}{f' and {more} more' if more > 0 else ''}")
    if len(found) == 1:
        name, only = found[0]
        return f"“{name}”: {share(only.top_two.count, only.n)}"
    shares = [Fraction(r.top_two.count, r.n) for _, r in found]
    if min(shares) == max(shares):
        top = found[0][1].top_two
        words = "favourable" if reverse else "agrees" if top.count == 1 else "agree"
        return f"Every statement: {count(top.count)} of {count(top.n)} {words}"
    words = "favourable" if reverse else "agreed"
    return f"Most {words}: {_named(found, shares, max(shares))}; least: {_named(found, shares, min(shares))}"


def _named(found: list[tuple[str, LikertResult]], shares: list[Fraction], wanted: Fraction) -> str:
    """The first statement with this share, how many more have it, and the count."""
    tied = [item for item, its in zip(found, shares, strict=True) if its == wanted]
    name, result = tied[0]
    more = f" and {plural(len(tied) - 1, 'other')}" if len(tied) > 1 else ""
    return f"“{name}”{more}, {count(result.top_two.count)} of {count(result.n)}"


def too_few(n: int) -> str:
    """What stands where a result needs more patients."""
    return f"{plural(n, 'pair')}; at least 3 are needed".replace(" ", NBSP, 1)


def responder_line(measure: Measure, result: ResponderResult | NotComputed) -> str:
    """The last line of an Overview card: "20 of 29 (69.0%) improved by ≥ 2"."""
    if isinstance(result, NotComputed):
        return f"Responders not computed: {result.reason}"
    if isinstance(result.rate, NotComputed):
        return f"Responders not computed: {result.rate.reason}"
    threshold = compact(result.rule.threshold) if result.rule.threshold is not None else ""
    return f"{share(result.responders, result.evaluable)} improved by ≥{NBSP}{threshold}"


def top_two_words(statement: Statement) -> str:
    """Who is counted: "Patients who answered “Agree” or “Totally agree”"."""
    best = statement.levels[:2] if statement.reverse else statement.levels[-2:]
    if len(statement.levels) <= 3:
        best = best[:1] if statement.reverse else best[-1:]
    return f"Patients who answered {joined([f'“{level}”' for level in best], 'or')}"


def yes_no_line(found: YesNoResult) -> str:
    """ "7 stopped, 1 started · exact McNemar p = 0.070, mid-p p = 0.039"; no p of fewer than ten."""
    words = f"{count(found.stopped)} stopped, {count(found.started)} started"
    if found.n < FEWEST_TO_TEST:
        return f"{words} · too few to test"
    if isinstance(found.exact, NotComputed) or isinstance(found.mid_p, NotComputed):
        return words
    return f"{words} · exact McNemar {p_value(found.exact.p)}, mid-{p_value(found.mid_p.p)}"


def safety_line(found: SafetyResult) -> str:
    """Share with its exact interval, then the types; with no event, what cannot be excluded."""
    patients = found.by_type.patients
    if isinstance(patients.interval, NotComputed):
        return f"no CI: {patients.interval.reason}"
    if patients.count == 0:
        return f"0 of {count(patients.n)}: up to {number(patients.interval.high * 100, 1)}% cannot be excluded"
    types = [
        f"{inside(name)}{NBSP}{count(t.events)}"
        for name, t in sorted(zip(found.types, found.by_type.by_type, strict=True), key=lambda item: -item[1].events)
        if t.events
    ]
    head = f"{percent(patients.count, patients.n)}, " if patients.n >= FEWEST_FOR_PERCENT else ""
    rest = len(types) - MOST_TYPES
    if rest > 1:  # a card of one height: the others are on Safety
        types = [*types[:MOST_TYPES], f"{rest}{NBSP}other types"]
    beside = found.analysed
    more = "" if isinstance(beside, NotComputed) else f" · analysed {count(beside.count)} of {count(beside.n)}"
    return f"{head}{percent_interval(patients.interval)} · {', '.join(types)}{more}"
