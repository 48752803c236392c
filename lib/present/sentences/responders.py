"""Sentences of the Responders page beyond the rate itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.catalog.thresholds import Threshold
from lib.cohort.measure import Measure
from lib.cohort.pairs import Pairs
from lib.present.sentences.outcomes import rule_words
from lib.present.wording import NBSP, compact, count, estimate_words, interval_with_level, number, plural, share
from lib.settings import SMALL_SAMPLE_SD
from lib.stats.anchor import AnchorMcid, DistributionBased
from lib.stats.predictive_mic import PredictiveMic
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderBounds, ResponderResult, Rule
from lib.stats.results import Estimate, NotComputed

_MOST_NAMED = 8


def worst_case_title(measure: Measure, rule: Rule, bounds: ResponderBounds | NotComputed) -> str:
    """The rate over everybody selected, the missing counted as not improved."""
    if isinstance(bounds, NotComputed):
        return f"{measure.label}: no responder rate for this selection"
    met = "ended at" if rule.kind == "state" else "improved by at least"
    return (
        f"{measure.label}: {share(bounds.worst.count, bounds.n)} {met} {rule_words(rule, measure)}, "
        "missing counted as not improved"
    )


def source_words(threshold: Threshold) -> str:
    """Where a published threshold comes from: source, population, scale, and what does not fit this measure."""
    parts = [threshold.citation, threshold.population]
    if threshold.converted:
        parts.append(f"converted to this scale as {compact(threshold.value)}")
    if threshold.smallest_detectable_change is not None:
        parts.append(f"smallest detectable change {compact(threshold.smallest_detectable_change)}")
    note = threshold.note
    note = note[0].lower() + note[1:] if note[1:2].islower() else note  # it goes on after a semicolon
    return "; ".join(p for p in (*parts, note) if p)


def threshold_mark(measure: Measure, threshold: Decimal) -> str:
    """Beside the line of a threshold: "MCID 2" for a published value, "threshold 3" for one that the user chose."""
    known = any(t.kind == "absolute" and t.value == threshold for t in measure.thresholds)
    return f"{'MCID' if known else 'threshold'}{NBSP}{compact(threshold)}"


def rule_source(measure: Measure, rule: Rule) -> str:
    """Where the number in a rule comes from, with the remark that belongs beside it; else that the user chose it."""
    if rule.reliability is not None:
        return f"reliable change (Jacobson & Truax 1991), reliability {rule.source}"
    kind, value = ("state", rule.state) if rule.kind == "state" else (rule.kind, rule.threshold)
    kind = "absolute" if rule.kind == "change and state" else kind
    found = next((t for t in measure.thresholds if t.kind == kind and t.value == value), None)
    return "chosen by the user" if found is None else source_words(found)


def short_rule(rule: Rule, measure: Measure) -> str:
    """The rule beside a bar: "2 points", "3 points or lower", "2 points, then ≤ 3"."""
    if rule.kind == "change and state" and rule.state is not None:
        side = "≥" if measure.higher_is_better else "≤"
        return (
            f"{rule_words(Rule('absolute', threshold=rule.threshold), measure)}, then {side}{NBSP}{compact(rule.state)}"
        )
    return rule_words(rule, measure)


def curve_heading(rule: Rule | None) -> str:
    """What the card of the rule shows: a state is reached, not improved by."""
    if rule is not None and rule.kind == "state":
        return "Share that ended at …"
    if rule is not None and rule.kind == "change and state":
        return "Share that improved and ended at …"
    return "Share improved by at least …"


def quadrants(pairs: Pairs, outcomes: NDArray[np.int8], measure: Measure, rule: Rule) -> str:
    """How many ended better, the same and worse by any amount, and how many of each reached the threshold."""
    better = int(np.count_nonzero(pairs.improvement_counts > 0))
    same = int(np.count_nonzero(pairs.improvement_counts == 0))
    worse = pairs.n - better - same
    met = int(np.count_nonzero(outcomes == 1))
    side = "below" if not measure.higher_is_better else "above"
    where = f"{count(better)} {side} the line of no change (better), {count(same)} on it, {count(worse)} beyond it"
    rest = "past the threshold" if rule.kind in ("absolute", "percent", "reliable") else "as the rule above asks"
    return f"{where}; {count(met)} {rest}"


def improved_of(rows: Sequence[tuple[str, ResponderResult | NotComputed]], what: str = "Improved") -> str:
    """ "Improved: VAS pain 20 of 29; EQ VAS 15 of 29", the first of many; `what` alone where nothing is computed."""
    known = [
        f"{name} {count(found.rate.count)} of {count(found.rate.n)}"
        for name, found in rows
        if isinstance(found, ResponderResult) and isinstance(found.rate, Proportion)
    ]
    more = [f"{len(known) - _MOST_NAMED} more"] if len(known) > _MOST_NAMED else []
    return f"{what}: {'; '.join([*known[:_MOST_NAMED], *more])}" if known else what


def between_words(rules: Sequence[Rule]) -> str:
    """What patients are called who neither improved nor worsened: by a change they changed by less than the threshold,
    either way; a rule with a state was not met."""
    return "Not met" if any(rule.state is not None for rule in rules) else "Changed by less"


def each_patient(pairs: Pairs, outcomes: NDArray[np.int8], measure: Measure) -> str:
    """ "VAS pain: 20 of 29 count as improved, 6 as changed by less, 3 as worsened; from 2.00 worse to 10.00 better".

    Args:
        pairs: complete pairs, at least one.
        outcomes: 1 improved, −1 worsened, 0 unchanged, aligned to the pairs; others could not be judged.
        measure: gives direction and decimals.
    """
    improved, same, worse = (int(np.count_nonzero(outcomes == o)) for o in (1, 0, -1))
    low, high = float(pairs.improvement.min()), float(pairs.improvement.max())
    span = (
        f"all changed by {_sized(low, measure)}"
        if low == high
        else f"from {_sized(low, measure)} to {_sized(high, measure)}"
    )
    judged = improved + same + worse
    return (
        f"{measure.label}: {count(improved)} of {count(judged)} count as improved, {count(same)} as changed by less, "
        f"{count(worse)} as worsened; {span}"
    )


def _sized(gain: float, measure: Measure) -> str:
    if gain == 0:
        return "no change"
    return f"{number(abs(gain), measure.decimals)} {'better' if gain > 0 else 'worse'}"


def anchor_words(measure: Measure, found: AnchorMcid | NotComputed) -> tuple[str, ...]:
    """What the anchor says, estimate by estimate, with its warnings."""
    if isinstance(found, NotComputed):
        return (f"By an anchor: not computed, {found.reason}.",)
    digits = measure.decimals
    lines = []
    mean = found.mean_improvement
    if isinstance(mean, Estimate):
        who = plural(found.n_just_improved, "patient")
        lines.append(f"{who} just improved: mean improvement {estimate_words(mean, digits)}.")
    else:
        lines.append(f"Mean of the just improved: not computed, {mean.reason}.")
    if isinstance(found.auc, Estimate) and not isinstance(found.cut, NotComputed):
        cut = found.cut.chosen
        lines.append(
            f"ROC of improvement ({count(found.n_improved)} improved, {count(found.n_rest)} not): AUC "
            f"{estimate_words(found.auc, 2)}; best cut {number(cut.value, digits)} "
            f"({interval_with_level(found.cut.interval, digits)}, {count(found.cut.draws)} seeded draws), "
            f"sensitivity {number(cut.sensitivity * 100, 0)}%, specificity {number(cut.specificity * 100, 0)}%."
        )
    elif isinstance(found.auc, NotComputed):
        lines.append(f"ROC: not computed, {found.auc.reason}.")
    if isinstance(found.correlation, NotComputed):
        lines.append(f"Correlation of anchor and improvement: not computed, {found.correlation.reason}.")
    else:
        words = f"Spearman correlation of anchor and improvement {estimate_words(found.correlation.estimate, 2)}."
        if found.weak_anchor:
            words += " Below 0.3: the anchor says little about this measure."
        lines.append(words)
    if found.small:
        lines.append(f"n{NBSP}={NBSP}{count(found.n)}: fewer than 30, too few to rely on.")
    return tuple(lines)


def mic_words(measure: Measure, found: PredictiveMic | NotComputed) -> tuple[str, ...]:
    """The predictive MIC with the share improved, the correlation and the reliability that it rests on."""
    if isinstance(found, NotComputed):
        return (f"Predictive MIC: not computed, {found.reason}.",)
    digits = measure.decimals
    by = f"the share improved, {share(found.improved, found.n)}, and r{NBSP}={NBSP}{number(found.correlation, 2)}"
    if isinstance(found.reliability, float):
        by += f", and the stated reliability of the anchor, R{NBSP}={NBSP}{number(found.reliability, 2)}"
    words = (
        f"Predictive MIC {estimate_words(found.leading, digits)}, adjusted by {by}; not adjusted "
        f"{number(found.unadjusted.value, digits)}; {count(found.draws)} seeded draws"
    )
    words += f", {count(found.redrawn)} drawn again." if found.redrawn else "."
    if found.outside:
        words += " The share lies outside 30 to 70%, where the adjustment is large."
    if isinstance(found.reliability, NotComputed):
        words += " State the reliability of the anchor for the adjustment of 2022."
    return (words,)


def spread_words(measure: Measure, found: DistributionBased | NotComputed) -> str:
    """Half an SD, SEM and MDC95, which say what noise looks like, not what patients notice."""
    if isinstance(found, NotComputed):
        return f"By the spread: not computed, {found.reason}."
    digits = measure.decimals
    parts = [f"half a baseline SD {number(found.half_sd, digits)}"]
    if not isinstance(found.sem, NotComputed) and not isinstance(found.mdc95, NotComputed):
        parts.append(f"SEM {number(found.sem, digits)}")
        parts.append(f"smallest detectable change (MDC95) {number(found.mdc95, digits)}")
    else:
        parts.append("SEM and MDC95 need a reliability: state it above, there is no default")
    words = f"By the spread of {plural(found.n, 'baseline score')}: {', '.join(parts)}."
    return words + (f" Fewer than {SMALL_SAMPLE_SD}: the SD itself is uncertain." if found.small else "")


def worse(pairs: Pairs) -> int:
    """Everybody below zero, also those who changed by less than the threshold."""
    return int((pairs.improvement < 0).sum())


def worse_words(pairs: Pairs) -> str:
    """ "5 worse than before"."""
    return f"{count(worse(pairs))} worse than before"
