"""From a comparison to the rows of a forest: mean improvement, responders, best two answers, and the literature."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from lib.analysis import default_threshold
from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.literature import PublishedCohort
from lib.analysis.groups.rates import Rates
from lib.cohort.cohort import BASELINE, Cohort
from lib.cohort.measure import Measure
from lib.present.chart_data import Axis, ChartData, Reference
from lib.present.charts.axes import axis_title, improvement_axis, nice_step
from lib.present.charts.forest import GAP, ForestRow, drawn_patients, forest_data, patients_only
from lib.present.sentences.groups import forest_finding
from lib.present.sentences.leading import better_and_worse, leading_improvement, leads
from lib.present.sentences.responders import threshold_mark
from lib.present.wording import number, plural, share, signed
from lib.settings import FEWEST_COMPARED, FEWEST_TO_TEST
from lib.stats.paired import Choice, PairedResult
from lib.stats.proportions import Proportion
from lib.stats.responders import Rule
from lib.stats.results import Interval, NotComputed

MANY_PAIRS = 150
SHARES = Axis("share", 0.0, 1.0, ticks=(0.0, 0.25, 0.5, 0.75, 1.0))


def improvement_rows(
    comparison: Comparison, measure: Measure, follow_up: str, force: Choice | None = None
) -> tuple[ForestRow, ...]:
    """Improvement by the method that leads over all (`leads`); below 10 pairs with the patients, below 3 these only.

    Mean with its t interval, or pseudomedian with that of Hodges and Lehmann; where the counts lead, the share that
    improved of those who changed.
    """
    rows = []
    lead = leads(comparison, measure, follow_up, force)
    for label, analysis in comparison.rows:
        pairs = analysis.pairs(measure.key, follow_up)
        result = analysis.paired(measure.key, follow_up, force=lead)
        if lead == "counts":
            rows.append(_changed_row(label, measure, result, pairs.n))
            continue
        patients: tuple[tuple[float, int], ...] = ()
        if drawn_patients(pairs.n):
            patients = tuple(zip(pairs.improvement.tolist(), pairs.source_rows.tolist(), strict=True))
        if not isinstance(result, PairedResult) or patients_only(pairs.n):
            rows.append(ForestRow(label, pairs.n, None, None, None, few_words(pairs.n), patients))
            continue
        _, gain = leading_improvement(measure, result)
        found = gain.interval if isinstance(gain.interval, Interval) else None
        words = signed(gain.value, measure.decimals)
        if found:
            words += f"{GAP}{number(found.low, measure.decimals)} to {number(found.high, measure.decimals)}"
        low, high = (found.low, found.high) if found else (None, None)
        rows.append(ForestRow(label, pairs.n, gain.value, low, high, words, patients))
    return tuple(rows)


def _changed_row(label: str, measure: Measure, result: PairedResult | NotComputed, n: int) -> ForestRow:
    if not isinstance(result, PairedResult) or patients_only(n) or isinstance(result.counts, NotComputed):
        return ForestRow(label, n, None, None, None, few_words(n) if patients_only(n) else "nobody changed")
    better, worse = better_and_worse(measure, result)
    _, share_better = leading_improvement(measure, result)
    ends = share_better.interval if isinstance(share_better.interval, Interval) else None
    low, high = (ends.low, ends.high) if ends else (None, None)
    return ForestRow(label, n, share_better.value, low, high, share(better, better + worse))


def rate_rows(rates: Rates) -> tuple[ForestRow, ...]:
    """A share per group with its interval; below 3 patients the count only."""
    rows = []
    for label, found in rates:
        if not isinstance(found, Proportion):
            rows.append(ForestRow(label, found.n, None, None, None, found.reason))
        elif found.n < FEWEST_COMPARED:
            rows.append(ForestRow(label, found.n, None, None, None, f"{found.count} of {found.n}"))
        else:
            ends = found.interval if isinstance(found.interval, Interval) else None
            low, high = (ends.low, ends.high) if ends else (None, None)
            rows.append(ForestRow(label, found.n, found.share, low, high, share(found.count, found.n)))
    return tuple(rows)


def published_rows(studies: Sequence[PublishedCohort], measure: Measure) -> tuple[ForestRow, ...]:
    """Published changes as improvement; an interval only where one was printed."""
    rows = []
    for study in studies:
        value = measure.sign * float(study.change)
        ends = sorted(measure.sign * float(v) for v in study.ci) if study.ci else (None, None)
        words = signed(value, measure.decimals)
        if ends[0] is not None and ends[1] is not None:
            words += f"{GAP}{number(ends[0], measure.decimals)} to {number(ends[1], measure.decimals)}"
        name = f"{study.study}, {study.time_point}"
        rows.append(ForestRow(name, study.n, value, ends[0], ends[1], words, published=True))
    return tuple(rows)


def few_words(n: int) -> str:
    """What stands at the right of a row without an estimate."""
    return "no complete pair" if n == 0 else f"{plural(n, 'patient')}, no estimate"


def improvement_references(measure: Measure, rule: Rule | None = None) -> tuple[Reference, ...]:
    """No change, and the threshold in points; the overall line is the band of the first row."""
    found = [Reference(0.0, "no change", "x", "zero")]
    threshold = _points(measure, rule)
    if threshold is not None:
        found.append(Reference(float(threshold), threshold_mark(measure, threshold), "x", "threshold"))
    return tuple(found)


def _points(measure: Measure, rule: Rule | None) -> Decimal | None:
    """The threshold in points: of the rule in force, else, as for a percentage or a state, the published one."""
    if rule is not None and rule.kind == "absolute":
        return rule.threshold
    threshold = default_threshold(measure)
    return None if threshold is None else threshold.value


def overall_reference(rows: Sequence[ForestRow], reference: str = "") -> tuple[Reference, ...]:
    """The line that rows are read against: the reference group, else all; nothing when it has no estimate."""
    row = next((r for r in rows if r.label == reference), rows[0] if rows else None)
    if row is None or row.value is None:
        return ()
    return (Reference(row.value, reference if row.label == reference else "all", "x", "overall"),)


def forest_axis(
    cohort: Cohort,
    measure: Measure,
    follow_up: str,
    rows: Sequence[ForestRow] = (),
    led_by: str = "mean",
    rule: Rule | None = None,
) -> Axis:
    """From worse to better over the whole cohort: every patient, or in a large cohort its middle 80%.

    Published rows widen it, whatever the filter says, so nothing moves when groups do.
    """
    pairs = cohort.pairs(measure.key, BASELINE, follow_up)
    if pairs.n <= MANY_PAIRS:
        axis = improvement_axis(cohort, measure, follow_up)
        low, high, ticks = axis.low, axis.high, axis.ticks
    else:
        low, high = (float(v) for v in np.percentile(pairs.improvement, [10, 90]))
        ticks = ()
    threshold = _points(measure, rule)
    wanted = [
        0.0,
        *([float(threshold)] if threshold else []),
        *(r.value for r in rows if r.published and r.value),
    ]
    wider = (min([low, *wanted]), max([high, *wanted]))
    if wider != (low, high) or not ticks:
        step = nice_step(wider[1] - wider[0], 6)
        first, last = int(np.floor(wider[0] / step)), int(np.ceil(wider[1] / step))
        ticks = tuple(round(k * step, 10) for k in range(first, last + 1))
        low, high = ticks[0] - step * 0.1, ticks[-1] + step * 0.1
    return Axis(
        axis_title(led_by, measure),
        low,
        high,
        measure.worse_words,
        measure.better_words,
        ticks,
    )


def small_groups_note(rows: Sequence[ForestRow]) -> str:
    """Says what hollow marks and dots mean; empty when every group is large."""
    own = [r for r in rows[1:] if not r.published]
    if not any(r.n < FEWEST_TO_TEST for r in own):
        return ""
    return (
        f"Hollow and grey: fewer than {FEWEST_TO_TEST} pairs, too few to test reliably; dots are the patients. "
        f"Fewer than {FEWEST_COMPARED}: patients only, outside every model."
    )


# The forests of a comparison, ready to draw: improvement, responders, best two answers, and the literature.


LED = {"t": "Mean improvement", "wilcoxon": "Pseudomedian improvement", "counts": "Improved of those who changed"}
"""What a forest of improvements shows, by the method that leads over all."""


def improvement_forest(
    comparison: Comparison, measure: Measure, follow_up: str, force: Choice | None = None, rule: Rule | None = None
) -> ChartData:
    """Improvement of all and of each group on a fixed axis with "no change", the overall line and the threshold.

    Where the counts lead: the share improved of those who changed, 0 to 100%, with one half as "no change".
    """
    lead = leads(comparison, measure, follow_up, force)
    rows = improvement_rows(comparison, measure, follow_up, force)
    name = f"{LED[lead]}, {measure.label}"
    note = small_groups_note(rows)
    counted = lead == "counts"
    return forest_data(
        rows,
        SHARES if counted else forest_axis(comparison.all.cohort, measure, follow_up, led_by=LEADS_AS[lead], rule=rule),
        (
            *((AS_MANY_WORSE,) if counted else improvement_references(measure, rule)),
            *overall_reference(rows, comparison.question.reference),
        ),
        title=name,
        finding=_finding(comparison, name, rows),
        name=LED[lead],
        notes=tuple(n for n in (LED_NOTES.get(lead, ""), note) if n),
    )


LEADS_AS = {"t": "mean", "wilcoxon": "pseudomedian", "counts": ""}
AS_MANY_WORSE = Reference(0.5, "as many worse", "x", "zero")
LED_NOTES = {
    "wilcoxon": "Pseudomedian (Hodges–Lehmann) in every row: over all, Wilcoxon leads.",
    "counts": "Most did not change: the share that improved of those who changed.",
}


def rate_forest(comparison: Comparison, name: str, rates: Rates) -> ChartData:
    """A share of all and of each group on 0 to 100%."""
    rows = rate_rows(rates)
    note = (
        f"Hollow and grey: fewer than {FEWEST_TO_TEST} patients." if any(r.n < FEWEST_TO_TEST for r in rows[1:]) else ""
    )
    return forest_data(
        rows,
        SHARES,
        overall_reference(rows, comparison.question.reference),
        title=name,
        finding=_finding(comparison, name, rows),
        name=name,
        notes=(note,) if note else (),
    )


def literature_forest(
    comparison: Comparison, measure: Measure, follow_up: str, studies: Sequence[PublishedCohort]
) -> ChartData:
    """The same forest with published cohorts as reference rows under it."""
    published = published_rows(studies, measure)
    own = improvement_rows(comparison, measure, follow_up, "t")  # what studies print are means
    rows = (*own, *published)
    name = f"{measure.label}, beside published cohorts"
    return forest_data(
        rows,
        forest_axis(comparison.all.cohort, measure, follow_up, published),
        improvement_references(measure),
        title=name,
        finding=_finding(comparison, name, rows),
        name="Mean improvement",
    )


def _finding(comparison: Comparison, name: str, rows: Sequence[ForestRow]) -> str:
    return forest_finding(comparison, name, tuple((r.label, r.n, r.words) for r in rows))
