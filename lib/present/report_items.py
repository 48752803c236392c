"""The figures and tables of a report, in the order of the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lib.analysis import Flow
from lib.cohort.measure import Measure
from lib.cohort.selection import Population
from lib.measures.value_sets import value_set
from lib.present import disclosure, orient, sentences
from lib.present.chart_data import ChartData
from lib.present.charts.axes import improvement_axis, score_axis
from lib.present.charts.improvements import improvements_data
from lib.present.charts.likert_bars import likert_data
from lib.present.charts.lines import lines_data
from lib.present.charts.mini import mini_data
from lib.present.charts.outcome_bars import outcome_data
from lib.present.charts.responder_curve import curve_data
from lib.present.disclosure import Result
from lib.present.report import Item, Plan
from lib.present.small_counts import is_small
from lib.present.statement_groups import same_scale
from lib.present.table import Table
from lib.present.tables.before_after import before_after_numbers, before_after_table
from lib.present.tables.responders import Row, responders_table
from lib.present.tables.safety import safety_table
from lib.present.tables.statements import answers_table, statements_table
from lib.present.tables.why_this_test import NAMES
from lib.present.tables.yes_no import yes_no_notes, yes_no_shares, yes_no_table
from lib.present.threshold_scale import threshold_scale
from lib.present.wording import compact, p_value, plural, result_of_test
from lib.stats.paired import PairedResult
from lib.stats.responders import Rule
from lib.stats.results import NotComputed

_FEWEST_STEPS = 3


def report_items(plan: Plan) -> tuple[Item, ...]:
    """Each measure, then all measures, responders, statements, yes/no and safety; masked when the plan says so."""
    if not plan.outside:
        return tuple(_items(plan))
    masked = ((item, _masked(item)) for item in _items(plan))
    # a chart of single patients is nothing without them, nor is a curve of one step
    return tuple(safe for item, safe in masked if _worth_showing(item) <= _worth_showing(safe))


def _worth_showing(item: Item) -> bool:
    series = item.chart.series if item.chart else ()
    if item.figure in ("lines", "improvements"):
        return any(s.rows or s.role == "band" or s.x for s in series)
    return item.figure != "curve" or any(len(s.values) > _FEWEST_STEPS for s in series)


def workbook_tables(plan: Plan) -> tuple[Table, ...]:
    """Every table of the report, and one number per cell where a printed table has two; masked when asked."""
    rows = [(m, plan.paired(m)) for m in plan.measures]
    tables = [before_after_table(rows, plan.occasions), before_after_numbers(rows)] if rows else []
    ruled = responder_rows(plan)
    tables += [responders_table(ruled)] if ruled else []
    for group in same_scale(plan.statements):
        answered = [(s, plan.statement(s)) for s in group]
        tables += [statements_table(answered), answers_table(answered)]
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        tables += [
            yes_no_table(outcome, found, plan.occasions),
            replace(yes_no_shares(outcome, found, plan.occasions), title=f"{outcome.label}, shares"),
        ]
    tables.append(safety_table(plan.safety(), population_words(plan)))
    return tuple(disclosure.mask_table(t) for t in tables) if plan.outside else tuple(tables)


def population_words(plan: Plan) -> str:
    """Over whom one-occasion results are counted: "29 analysed patients", "57 operated patients"."""
    flow: Flow = plan.analysis.flow(plan.time)
    analysed = plan.analysis.population is Population.ANALYSED and flow.analysed_selected is not None
    n = (flow.analysed_selected or 0) if analysed else flow.selected
    what = "analysed patient" if analysed else "operated patient"
    return f"{what}s" if plan.outside and is_small(n) else plural(n, what)


def responder_rows(plan: Plan) -> list[Row]:
    """Measures with a rule: the rule, its result, worst and best case."""
    rows: list[Row] = []
    for measure in plan.measures:
        rule, found = plan.rules.get(measure.key), plan.responders(measure)
        if rule is not None and found is not None:
            bounds = plan.analysis.responder_bounds(measure.key, plan.time, rule, confidence=plan.confidence)
            rows.append((measure, rule, found, bounds))
    return rows


def _items(plan: Plan) -> Iterator[Item]:
    for measure in plan.measures:
        yield from _of_measure(plan, measure)
    if plan.measures:
        table = before_after_table([(m, plan.paired(m)) for m in plan.measures], plan.occasions)
        finding = f"All outcomes at {plan.occasions[1].lower()}"
        notes = tuple(note for m in plan.measures for note in _test_notes(plan, m))
        yield Item("before_after", "All outcomes", finding, None, "", table, notes=notes)
    yield from _responders(plan)
    yield from _statements(plan)
    yield from _yes_no(plan)
    yield _safety(plan)


def _of_measure(plan: Plan, measure: Measure) -> Iterator[Item]:
    result, pairs = _sayable(plan, plan.paired(measure)), plan.analysis.pairs(measure.key, plan.time)
    cohort, finding = plan.analysis.cohort, sentences.paired_title(measure, result)
    rule = plan.rules.get(measure.key)
    outcomes = plan.analysis.outcomes(measure.key, plan.time, rule) if rule else None
    axis = score_axis(cohort, measure, plan.time)
    sentence = sentences.result_sentence(measure, result, plan.occasions)
    left_out = sentences.excluded_words(pairs.excluded)
    notes = (*_test_notes(plan, measure), *_threshold_notes(measure, rule))

    def item(name: str, what: str, chart: ChartData, figure: str, *, usual: bool) -> Item:
        said = (sentence, *((f"{left_out}.",) if left_out and not plan.outside else ())) if name == "paired" else ()
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
            said,
            notes,
            usual,
        )

    means = mini_data(result, pairs, axis, plan.occasions, finding)
    yield item("paired", "before and after", means, "means", usual=True)
    if not pairs.n:
        return
    lines = lines_data(result, pairs, outcomes, axis, plan.occasions, finding)
    yield item("lines", "every patient", lines, "lines", usual=False)
    threshold = rule.threshold if rule and rule.kind == "absolute" else None
    along = improvement_axis(cohort, measure, plan.time)
    found = plan.responders(measure)
    said = finding if found is None else sentences.responder_title(measure, _sayable(plan, found))
    dots = improvements_data(result, pairs, outcomes, threshold, along, said)
    yield item("improvements", "individual improvements", dots, "improvements", usual=True)
    if rule is not None and threshold is not None and found is not None:
        curve = plan.analysis.responder_curve(measure.key, plan.time, confidence=plan.confidence)
        rate = found if isinstance(found, NotComputed) else found.rate
        steps = curve_data(curve, measure, threshold_scale(measure).ends, rule, rate, said)
        yield item("curve", "share improved by at least …", steps, "curve", usual=False)


def _responders(plan: Plan) -> Iterator[Item]:
    rows = responder_rows(plan)
    if not rows:
        return
    named = tuple((f"{m.label}, {sentences.rule_words(rule, m)}", found) for m, rule, found, _ in rows)
    finding = sentences.responder_title(rows[0][0], _sayable(plan, rows[0][2]))
    data = outcome_data(named, "Improved, unchanged, worsened", finding)
    notes = tuple(note for m, rule, _, _ in rows for note in _threshold_notes(m, rule))
    yield Item(
        "responders",
        "Responders",
        finding,
        data,
        "outcomes",
        responders_table(rows),
        n=data.n,
        notes=notes,
    )


def _sayable(plan: Plan, result: Result | NotComputed) -> Result | NotComputed:
    """The result as a sentence of this report may tell it."""
    return disclosure.protected(result) if plan.outside else result


def _statements(plan: Plan) -> Iterator[Item]:
    for place, group in enumerate(same_scale(plan.statements)):
        answered = [(s, plan.statement(s)) for s in group]
        rows = tuple((s.short or s.label, found) for s, found in answered)
        told = tuple((name, _sayable(plan, found)) for name, found in rows)
        # with a row hidden, "most agreed" could be the wrong one
        hidden = any(
            isinstance(t, NotComputed) and not isinstance(f, NotComputed)
            for (_, t), (_, f) in zip(told, rows, strict=True)
        )
        finding = "What patients say" if hidden else sentences.statements_title(told)
        data = likert_data(rows, group[0], "What patients say", finding)
        asked = (f"{sentences.top_two_words(group[0])} are the best two.",) if len(group[0].levels) > 3 else ()
        notes = ("Shares are of those who answered; Wilson intervals.", *asked)
        yield Item(
            f"statements:{place}",
            "What patients say",
            finding,
            data,
            "statements",
            statements_table(answered),
            n=data.n,
            notes=notes,
        )


def _yes_no(plan: Plan) -> Iterator[Item]:
    for outcome in plan.outcomes:
        found = plan.yes_no(outcome)
        told = _sayable(plan, found)
        finding = f"{outcome.label} before and after"
        if not isinstance(told, NotComputed):
            finding = f"{outcome.label}: {told.before.count} of {told.n} before, {told.after.count} of {told.n} after"
        table = yes_no_table(outcome, found, plan.occasions)
        notes = () if isinstance(told, NotComputed) else yes_no_notes(told)
        n = None if isinstance(found, NotComputed) else found.n
        yield Item(f"yes_no:{outcome.key}", outcome.label, finding, None, "", table, n=n, notes=notes)


def _safety(plan: Plan) -> Item:
    found = plan.safety()
    table = safety_table(found, population_words(plan))
    told = _sayable(plan, found)
    finding = "Adverse events"
    if not isinstance(told, NotComputed):
        patients = told.by_type.patients
        finding = f"{patients.count or 'None'} of {plural(patients.n, 'patient')} had an adverse event"
    elif isinstance(found, NotComputed):
        finding = f"Adverse events: {found.reason}"
    n = None if isinstance(found, NotComputed) else found.by_type.n
    return Item(
        "safety", "Adverse events", finding, None, "", table, n=n, notes=("Exact (Clopper–Pearson) intervals.",)
    )


def _test_notes(plan: Plan, measure: Measure) -> tuple[str, ...]:
    """Test and why, both p values, the value set of an index."""
    result = _sayable(plan, plan.paired(measure))
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


def _threshold_notes(measure: Measure, rule: Rule | None) -> tuple[str, ...]:
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


def _masked(item: Item) -> Item:
    mask: Callable[[Table], Table] = disclosure.mask_table
    table = None if item.table is None else mask(item.table)
    n = None if item.n is None or is_small(item.n) else item.n
    if item.chart is None:
        return replace(item, table=table, n=n)
    chart = disclosure.mask_chart(item.chart, item.finding)
    return replace(item, chart=chart, finding=chart.finding, table=table, n=n)
