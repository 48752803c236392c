"""Responders of all measures that have a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib.analysis.mcid import by_baseline_third, parse_anchor
from lib.present.chart_data import ChartData
from lib.present.charts.outcome_bars import outcome_data
from lib.present.charts.threshold_axis import thresholds_data
from lib.present.sentences import outcomes
from lib.present.sentences.responders import anchor_words, mic_words, spread_words, worse
from lib.present.table import Cell, Column, Table
from lib.present.tables.responders import Row, responders_table, thirds_table
from lib.present.wording import count, number
from lib.report.plan import Item, Plan, threshold_notes
from lib.stats.proportions import Proportion
from lib.stats.responders import ResponderBounds, ResponderResult
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """Improved, unchanged, worsened per measure."""
    rows = responder_rows(plan)
    if not rows:
        return
    named = tuple((f"{m.label}, {outcomes.rule_words(rule, m)}", found) for m, rule, found, _ in rows)
    # the first measure alone is the title of its own slide
    counted = [
        f"{m.label} {count(r.rate.count)} of {count(r.rate.n)}"
        for m, _, r, _ in rows
        if isinstance(r, ResponderResult) and isinstance(r.rate, Proportion)
    ]
    if plan.choices.over_all:
        counted = [
            f"{m.label} {count(b.worst.count)} of {count(b.n)}" for m, _, _, b in rows if isinstance(b, ResponderBounds)
        ]
    counted_over = ", missing counted as not improved" if plan.choices.over_all and counted else ""
    finding = f"Responders: {'; '.join(counted)}{counted_over}" if counted else "Responders"
    data = outcome_data(named, "Improved, changed by less, worsened", finding)
    notes = tuple(note for m, rule, _, _ in rows for note in threshold_notes(m, rule))
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
    for measure, rule, result, _ in rows:
        thirds = by_baseline_third(plan.analysis, measure.key, plan.time, rule, confidence=plan.confidence)
        table = replace(thirds_table(measure, thirds), title=f"{measure.label} by third of the baseline")
        if isinstance(thirds, NotComputed):
            continue
        words = f"{measure.label}: responders by third of the baseline"
        lines = (*threshold_notes(measure, rule), *table.notes)
        yield Item(f"thirds:{measure.key}", words, words, None, "", table, n=result.n, notes=lines, usual=False)
    yield from _origins(plan)


def _origins(plan: Plan) -> Iterator[Item]:
    """Where the MCID could come from, once an anchor was chosen or a reliability stated."""
    anchor = parse_anchor(plan.choices.anchor, plan.analysis, plan.time)
    anchor_note: tuple[str, ...] = ()
    if anchor is not None:
        statement = plan.analysis.cohort.statements[anchor.statement]
        levels = " or ".join(f"“{statement.levels[k]}”" for k in anchor.just_improved)
        anchor_note = (f"Anchor: “{statement.label}”; just improved: {levels}.",)
    for measure in plan.measures:
        found = plan.origins(measure)
        if found is None:
            continue
        by_anchor = not isinstance(found.anchored, NotComputed)
        if not by_anchor and (measure.key not in plan.choices.reliability or isinstance(found.spread, NotComputed)):
            continue
        spread = spread_words(measure, found.spread)
        lines = (*anchor_words(measure, found.anchored), *mic_words(measure, found.predictive)) if anchor else ()
        finding = (*lines, spread)[0] if by_anchor else spread
        data = thresholds_data(measure, found.anchored, found.spread, finding, found.predictive)
        yield Item(
            f"mcid:{measure.key}",
            f"{measure.label}: {'MCID from this cohort' if by_anchor else 'measurement error'}",
            finding,
            None,
            "",
            _thresholds(data, measure.decimals, (*anchor_note, *lines, spread)),
            n=found.anchored.n if by_anchor else found.spread.n,
            notes=(*anchor_note, *lines, spread),
            usual=by_anchor,
        )


def _thresholds(data: ChartData, decimals: int, notes: tuple[str, ...]) -> Table:
    """Published and estimated thresholds, a row each, as the page prints them."""
    rows = []
    for series in data.series:
        low, high = (values or (None,) * len(series.values) for values in (series.low, series.high))
        for name, value, first, last in zip(data.categories, series.values, low, high, strict=True):
            ends = "" if first is None or last is None else f"{number(first, decimals)} to {number(last, decimals)}"
            rows.append((Cell(name), Cell("" if value is None else number(value, decimals), value), Cell(ends)))
    columns = (Column("Threshold"), Column("Value", "right"), Column("95% CI", "right"))
    return Table(data.title, columns, tuple(rows), notes)


def responder_rows(plan: Plan) -> list[Row]:
    """Measures with a rule: the rule, its result, worst and best case."""
    rows: list[Row] = []
    for measure in plan.measures:
        rule, found = plan.rules.get(measure.key), plan.responders(measure)
        bounds = plan.bounds(measure)
        if rule is not None and found is not None and bounds is not None:
            rows.append((measure, rule, found, bounds))
    return rows


def worse_than_before(plan: Plan) -> list[int]:
    """How many are worse than before by any amount, for each of `responder_rows`."""
    return [worse(plan.analysis.pairs(m.key, plan.time)) for m, *_ in responder_rows(plan)]


def tables(plan: Plan) -> Iterator[Table]:
    """Rates, intervals, worst and best case; thirds of the baseline; where the MCID could come from."""
    yield from (item.table for item in items(plan) if item.table is not None)
