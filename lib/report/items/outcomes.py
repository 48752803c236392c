"""Each measure before and after, every patient, individual improvements, the curve; then all outcomes in one table."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis.extremes import extremes
from lib.analysis.norms import beside_norm
from lib.cohort.measure import Measure
from lib.present.chart_data import ChartData
from lib.present.charts.axes import improvement_axis, score_axis
from lib.present.charts.baseline_scatter import scatter_data
from lib.present.charts.improvements import improvements_data
from lib.present.charts.lines import lines_data
from lib.present.charts.mini import mini_data
from lib.present.charts.responder_curve import curve_data
from lib.present.charts.threshold_axis import published, threshold_scale
from lib.present.charts.waterfall import waterfall_data
from lib.present.sentences import leading
from lib.present.sentences import outcomes as sentences
from lib.present.sentences.eq5d import norm_words
from lib.present.table import Table
from lib.present.tables.before_after import before_after_numbers, before_after_table, extremes_table
from lib.present.wording import at_time, count, number, plural
from lib.report.plan import Item, Plan, test_notes, threshold_notes
from lib.settings import FEWEST_TO_TEST
from lib.stats.paired import PairedResult
from lib.stats.results import NotComputed

_MOST_NAMED = 3
"""Outcomes that the title of all of them names one by one."""


def items(plan: Plan) -> Iterator[Item]:
    """Each measure, then all of them in one table."""
    for measure in plan.measures:
        yield from _of_measure(plan, measure)
    if plan.measures:
        table = before_after_table([(m, plan.paired(m)) for m in plan.measures], plan.time_points)
        notes = tuple(note for m in plan.measures for note in test_notes(plan, m))
        counted = {plan.analysis.pairs(m.key, plan.time).n for m in plan.measures}
        n = counted.pop() if len(counted) == 1 else None
        yield Item("before_after", "All outcomes", _finding(plan), None, "", table, n=n, notes=notes)
        ends = extremes_table(extremes(plan.analysis, confidence=plan.confidence))
        if ends.rows:
            yield Item("floor_ceiling", ends.title, ends.title, None, "", ends, notes=ends.notes, usual=False)


def _finding(plan: Plan) -> str:
    """ "12 months: VAS pain fell 2.86, EQ-5D-3L index rose 0.232, EQ VAS rose 11.7"; of many how many were better."""
    known = [(m, r) for m in plan.measures if isinstance(r := plan.paired(m), PairedResult)]
    when = plan.time_points[1]
    if not known:
        return f"All outcomes {at_time(when)}"
    if len(known) <= _MOST_NAMED:
        return f"{when}: {', '.join(_moved(m, r) for m, r in known)}"
    better = sum(m.sign * r.mean_change.value > 0 for m, r in known)
    return f"{when}: the mean of {better} of {len(known)} scores was better than before"


def _moved(measure: Measure, result: PairedResult) -> str:
    if result.n < FEWEST_TO_TEST:
        before, after = (number(s.mean, measure.decimals) for s in (result.baseline, result.follow_up))
        return leading.few_words(result.n, f"{measure.label} {before} → {after}")
    if result.choice not in ("t", None):
        return f"{measure.label}: {leading.led_words(measure, result, measure.decimals)}"
    size = number(abs(result.mean_change.value), measure.decimals)
    if float(size) == 0:
        return f"{measure.label} {'did not change' if result.mean_change.value == 0 else 'hardly changed'}"
    return f"{measure.label} {sentences.verb(result)} {size}"


def _of_measure(plan: Plan, measure: Measure) -> Iterator[Item]:
    result, pairs = plan.paired(measure), plan.analysis.pairs(measure.key, plan.time)
    cohort, finding = plan.analysis.cohort, sentences.paired_title(measure, result)
    rule = plan.rules.get(measure.key)
    outcomes = plan.analysis.outcomes(measure.key, plan.time, rule) if rule else None
    axis = score_axis(cohort, measure, plan.time)
    sentence = sentences.result_sentence(measure, result, plan.time_points)
    left_out = sentences.excluded_words(pairs.excluded)
    notes = (*test_notes(plan, measure), *threshold_notes(measure, rule))
    first, then = (beside_norm(plan.analysis, plan.time, measure.key, before=before) for before in (True, False))
    norms = (first, then)
    notes = (*notes, *filter(None, [norm_words(first, then, plan.time_points, measure.decimals)]))

    def item(name: str, what: str, chart: ChartData, figure: str, *, usual: bool) -> Item:
        sentences_shown = (sentence, *((f"{left_out}.",) if left_out else ())) if name == "paired" else ()
        heading = f"{measure.label}: {what}"
        return Item(
            f"{name}:{measure.key}",
            heading,
            chart.finding,
            chart,
            figure,
            None,
            measure.decimals,
            pairs.n,
            sentences_shown,
            notes,
            usual,
        )

    means = mini_data(result, pairs, axis, plan.time_points, finding, norms)
    yield item("paired", "before and after", means, "means", usual=True)
    if not pairs.n:
        return
    lines = lines_data(result, pairs, outcomes, axis, plan.time_points, finding)
    yield item("lines", "every patient", lines, "lines", usual=False)
    threshold = rule.threshold if rule and rule.kind in ("absolute", "reliable") else None
    shared_axis = improvement_axis(cohort, measure, plan.time)
    found = plan.responders(measure)
    sentences_shown = finding if found is None else sentences.responder_title(measure, found)
    if found is None and not plan.outside:  # without a rule: who is better and who is worse
        moved = measure.sign * (pairs.follow_up_counts - pairs.baseline_counts)
        better, worse = int((moved > 0).sum()), int((moved < 0).sum())
        sentences_shown = (
            f"{measure.label}: {count(better)} of {plural(pairs.n, 'patient')} better and {count(worse)} worse"
        )
    dots = improvements_data(result, pairs, outcomes, threshold, shared_axis, sentences_shown)
    yield item("improvements", "individual improvements", dots, "improvements", usual=True)
    if rule is not None and threshold is not None and found is not None:
        curve = plan.analysis.responder_curve(measure.key, plan.time, confidence=plan.confidence)
        rate = found if isinstance(found, NotComputed) else found.rate
        steps = curve_data(curve, measure, threshold_scale(measure).ends, rule, rate, sentences_shown)
        yield item("curve", "share improved by at least …", steps, "curve", usual=False)
    if outcomes is not None and rule is not None:
        change = rule.threshold if rule.kind != "percent" else None
        published_state = next((t.value for t in published(measure, "state")), None)
        state = rule.state or published_state
        dots = scatter_data(pairs, outcomes, axis, plan.time_points, change, state, sentences_shown)
        yield item("scatter", "baseline against follow-up", dots, "scatter", usual=False)
        bars = waterfall_data(pairs, outcomes, change, shared_axis, sentences_shown)
        yield item("waterfall", "every patient’s improvement, sorted", bars, "waterfall", usual=False)


def tables(plan: Plan) -> Iterator[Table]:
    """All outcomes, and one number per cell."""
    rows = [(m, plan.paired(m)) for m in plan.measures]
    if rows:
        yield before_after_table(rows, plan.time_points)
        yield before_after_numbers(rows)
        yield extremes_table(extremes(plan.analysis, confidence=plan.confidence))
