"""What if the missing differ: the finding, the sentence under the slider, and what each assumption says."""

from __future__ import annotations

from lib.analysis.what_if import Assumptions, WhatIf
from lib.cohort.measure import Measure
from lib.present import wording
from lib.present.sentences.outcomes import rule_words
from lib.present.wording import count, interval_with_level, joined, number, percent_interval, plural
from lib.stats.pooling import Pooled
from lib.stats.proportions import Proportion
from lib.stats.responder_rule import Rule
from lib.stats.results import Estimate, Interval, NotComputed
from lib.stats.weighting import Weighted

COMPLETE, WEIGHTED, IMPUTED = "Complete pairs", "Weighted", "Imputed"


def values_of(found: Assumptions) -> dict[str, tuple[float, Interval | NotComputed]]:
    """Name → value and interval of every assumption that gave one."""
    known: dict[str, tuple[float, Interval | NotComputed]] = {}
    if isinstance(found.complete, Proportion):
        known[COMPLETE] = found.complete.share, found.complete.interval
    elif isinstance(found.complete, Estimate):
        known[COMPLETE] = found.complete.value, found.complete.interval
    for name, other in ((WEIGHTED, found.weighted), (IMPUTED, found.imputed)):
        if not isinstance(other, NotComputed):
            known[name] = other.estimate.value, other.estimate.interval
    return known


def title(measure: Measure, found: WhatIf, delta: float = 0.0, shifted: Pooled | None = None) -> str:
    """ "ODI improved by 17.2 to 17.4 points; 14.4 if the missing improved by 10 less"."""
    values = [v for v, _ in values_of(found.mean).values()]
    ends = _span(min(values), max(values), measure.decimals)
    if min(values) > 0:
        head = f"{measure.label} improved by {ends}{_unit(measure)}"
    else:
        head = f"{measure.label}: mean improvement {ends}{_unit(measure)}"
    if shifted is None or delta == 0:
        return f"{head}{_assumed(found)}"
    value = number(shifted.estimate.value, measure.decimals)
    return f"{head}; {value} if the missing improved by {amount(measure, delta)} less"


def share_title(
    measure: Measure, rule: Rule, found: WhatIf, share: Assumptions, delta: float = 0.0, shifted: Pooled | None = None
) -> str:
    """ "58.0 to 59.0% improved by 15 or more; 50.1% if the missing improved by 10 less"."""
    values = [100 * v for v, _ in values_of(share).values()]
    head = f"{measure.label}: {_span(min(values), max(values), 1)}% {did(rule, measure)}"
    if shifted is None or delta == 0:
        return f"{head}{_assumed(found)}"
    value = number(100 * shifted.estimate.value, 1)
    return f"{head}; {value}% if the missing improved by {amount(measure, delta)} less"


def _assumed(found: WhatIf) -> str:
    """These assumptions only: the slider below them has others, in which the answer may change."""
    return f", if the {count(found.people.due - found.people.pairs)} without a pair are like those who answered"


def _span(low: float, high: float, decimals: int) -> str:
    first, last = number(low, decimals), number(high, decimals)
    return first if first == last else f"{first} to {last}"


def _unit(measure: Measure) -> str:
    return f" {measure.unit}" if measure.unit and measure.unit != "%" else measure.unit


def amount(measure: Measure, delta: float) -> str:
    """A shift as the slider writes it, "10" or "0.5", without the digits nobody chose."""
    return wording.compact(round(delta, 6)) if delta == round(delta, 6) else number(delta, measure.decimals)


def did(rule: Rule, measure: Measure) -> str:
    """ "improved by at least 15 points", "ended at 3 or lower"."""
    return ("ended at " if rule.kind == "state" else "improved by at least ") + rule_words(rule, measure)


def who_words(found: WhatIf, measure: Measure) -> str:
    """ "1496 due, 1010 with a pair, 486 without (419 no answer, 67 only no ODI before); 499 not yet due"."""
    p = found.people
    lacks = [f"{count(p.missing)} no answer"] if p.missing else []
    lacks += [f"{count(p.no_baseline)} only no {measure.label} before"] if p.no_baseline else []
    words = f"{count(p.due)} due, {count(p.pairs)} with a pair, {count(p.due - p.pairs)} without ({', '.join(lacks)})"
    if p.died:
        words += f"; {count(p.died)} died before due, in no denominator"
    if p.waiting:
        words += f"; {count(p.waiting)} not yet due"
    return words


def summary(
    measure: Measure, found: WhatIf, rule: Rule | None, delta: float, mean: Pooled, share: Pooled | None
) -> str:
    """The one sentence: who is shifted, by how much, and what all would then have done."""
    p = found.people
    supposed = f"Suppose the {plural(p.missing, 'patient')} without an answer improved by **{amount(measure, delta)}"
    supposed += f"{_unit(measure)} less** than imputed: all {count(p.due)} would have improved by "
    head = f"Imputed, all {count(p.due)} who are due improved by " if delta == 0 else supposed
    words = f"{head}**{number(mean.estimate.value, measure.decimals)}** "
    words += f"({interval_with_level(mean.estimate.interval, measure.decimals)})"
    if share is not None and rule is not None:
        level = percent_interval(share.estimate.interval)
        words += f", and **{number(100 * share.estimate.value, 1)}%** ({level}) {did(rule, measure)}"
    return f"{words}."


def assumption_lines(found: WhatIf) -> tuple[tuple[str, str], ...]:
    """Name of each assumption and what it says about the missing."""
    p = found.people
    weights = found.mean.weighted
    if isinstance(weights, Weighted):
        alike = f"alike, given {joined([wording.inside(c) for c in found.weighted_from])}"
        left = f"; {count(found.left_out)} without a value of these are left out" if found.left_out else ""
        sentence = f"{alike}: {count(weights.answered)} stand for {count(weights.n)}{left}. They know as much as "
        sentence += f"{number(weights.effective_n, 0)} of equal weight; the largest counts "
        sentence += f"{number(weights.largest_weight, 1)} times"
    else:
        sentence = f"not computed: {weights.reason}"
    imputed = f"alike, given {joined([wording.inside(c) for c in found.imputed_from])}: all {count(p.due)} due"
    if isinstance(found.mean.imputed, NotComputed):
        imputed = f"not computed: {found.mean.imputed.reason}"
    return (
        (COMPLETE, "who answered is like who did not"),
        (WEIGHTED, sentence),
        (IMPUTED, imputed),
        ("The slider", "the missing improved by less than imputed"),
    )


def notes(measure: Measure, found: WhatIf) -> tuple[str, ...]:
    """How the imputed did, what was left out for want of patients, draws, seed and Monte-Carlo error."""
    lines = []
    pooled = found.mean.imputed
    if isinstance(found.of_missing, float) and isinstance(found.mean.complete, Estimate):
        imputed, pairs = (number(v, measure.decimals) for v in (found.of_missing, found.mean.complete.value))
        lines.append(f"Imputed, the missing improved by {imputed}; complete pairs by {pairs}.")
    if found.dropped:
        few = "fewer than 10 of the rarer of answered and missing for each"
        lines.append(f"Left out, too few patients ({few}): {', '.join(found.dropped)}.")
    if isinstance(pooled, Pooled):
        cycles = "one pass" if found.cycles == 1 else f"{found.cycles} cycles"
        error = number(pooled.monte_carlo_error, measure.decimals + 1)
        lines.append(
            f"Chained equations, normal draws, {pooled.imputations} imputations of {cycles}, seed {found.seed}; "
            f"Monte-Carlo error {error}; {number(100 * pooled.missing_information, 0)}% of the information is missing."
        )
    if isinstance(found.share, Assumptions) and isinstance(found.share.imputed, Pooled):
        pooled = found.share.imputed
        error = number(100 * pooled.monte_carlo_error, 2)
        lines.append(
            f"The share: predictive mean matching, {pooled.imputations} imputations, Monte-Carlo error {error} points."
        )
    return tuple(lines)
