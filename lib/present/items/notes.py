"""What stands in the notes of a slide: tests and why, value set, threshold with its source."""

from __future__ import annotations

from lib.cohort.measure import Measure
from lib.measures.value_sets import value_set
from lib.present import orient, sentences
from lib.present.plan import Plan
from lib.present.tables.why_this_test import NAMES
from lib.present.wording import compact, p_value, result_of_test
from lib.stats.paired import PairedResult
from lib.stats.responders import Rule
from lib.stats.results import NotComputed


def test_notes(plan: Plan, measure: Measure) -> tuple[str, ...]:
    """Test and why, both p values, the value set of an index."""
    result = plan.sayable(plan.paired(measure))
    notes = []
    if isinstance(result, PairedResult):
        both = []
        if not isinstance(result.t_test, NotComputed):
            test = orient.improvement_test(result.t_test, measure.sign)
            both.append(f"{NAMES['t']}: {result_of_test(test)}")
        if not isinstance(result.wilcoxon, NotComputed):
            both.append(f"{NAMES['wilcoxon']}: {p_value(result.wilcoxon.test.p)} ({result.wilcoxon.test.method})")
        shapiro = "" if isinstance(result.shapiro, NotComputed) else f" ({p_value(result.shapiro.p)})"
        notes.append(f"{measure.label}: {result.reason}{shapiro}. {'; '.join(both)}{'.' if both else ''}".strip())
    if measure.value_set:
        found = value_set(measure.value_set)
        notes.append(f"{measure.label}: value set {found.label}; {found.citation}.")
    return tuple(notes)


def threshold_notes(measure: Measure, rule: Rule | None) -> tuple[str, ...]:
    """The rule in words with the source of its threshold."""
    if rule is None:
        return ()
    words = f"{measure.label}: responder when improved by at least {sentences.rule_words(rule, measure)}"
    if rule.kind == "state":
        words = f"{measure.label}: responder when ended at {sentences.rule_words(rule, measure)}"
    source = next((t for t in measure.thresholds if t.kind == "absolute" and t.value == rule.threshold), None)
    if rule.kind != "absolute" or source is None:
        return (f"{words}.",)
    converted = f", converted to the scale of this file ({compact(source.value)})" if source.converted else ""
    return (f"{words} ({source.citation}{converted}).",)
