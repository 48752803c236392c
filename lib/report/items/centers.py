"""Centers side by side: funnel of means and of rates, centers in order, over time, patient by patient, response."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis.groups.centers import center_codes, center_gains, center_responders
from lib.analysis.groups.surveillance import Surveillance, surveillance
from lib.analysis.trends import Response, Trend, response, trend
from lib.cohort.grouping import ByColumn
from lib.cohort.measure import Measure
from lib.present.charts.funnel import means_funnel, rates_funnel
from lib.present.charts.in_order import in_order_data
from lib.present.charts.trend import trend_data
from lib.present.charts.watch import watch_data
from lib.present.sentences import centers as words
from lib.present.sentences import over_time
from lib.present.table import Table
from lib.present.tables.centers import MOST_ROWS, centers_table
from lib.present.tables.over_time import response_table, to_contact_table, trend_table, watched_table
from lib.report.plan import Item, Plan
from lib.stats.responders import Rule
from lib.stats.results import NotComputed


def items(plan: Plan) -> Iterator[Item]:
    """Per measure both funnels; of the primary ones also the order, the trend and patient by patient; the response."""
    yield from _items(plan, MOST_ROWS)


def tables(plan: Plan) -> Iterator[Table]:
    """The same with a row for every center."""
    for item in _items(plan, None):
        if item.table is not None:
            yield item.table


def _items(plan: Plan, most: int | None) -> Iterator[Item]:
    by = plan.centers
    if by is None:
        return
    primary = set(plan.analysis.cohort.primary)
    for measure in plan.measures:
        usual = measure.key in primary
        yield from _means(plan, by, measure, most, usual=usual)
        yield from _rates(plan, by, measure, most)
        if usual:
            yield from _over_time(plan, by, measure)
            yield from _watched(plan, by, measure)
    found = response(plan.analysis, by)
    if isinstance(found, Response):
        title = over_time.response_title(found)
        for point in found.time_points:
            heading = f"Response by center, {point.label}"
            table = response_table(found, point, plan.choices.center)
            yield Item(f"response:{point.time_point}", heading, title, None, "", table, usual=False)
        for now in (True, False):
            contact = to_contact_table(found, plan.choices.center, now=now)
            key = "to_contact" if now else "closed_without_answer"
            yield Item(key, contact.title, title, None, "", contact, usual=False)


def _means(plan: Plan, by: ByColumn, measure: Measure, most: int | None, *, usual: bool) -> Iterator[Item]:
    found = center_gains(plan.analysis, by, measure.key, plan.time, plan.adjust(measure.key, by))
    if isinstance(found, NotComputed):
        return
    mine, d, unit = plan.choices.center, measure.decimals, measure.unit or "points"
    title, n = words.centers_title(found.found), sum(found.found.ns)
    notes = [words.my_center_words(found, mine, measure), words.not_judged_words(found.found)]
    notes += [words.chance_words(found.found, d, unit), words.adjustment_words(found)]
    shown = len(found.members.labels) if most is None else most
    table = centers_table(found, measure, mine=mine, most=shown)
    yield Item(
        f"centers:{measure.key}",
        f"{measure.label} by center",
        title,
        means_funnel(found, measure, title, mine),
        "funnel",
        table,
        d,
        n,
        notes=tuple(note for note in notes if note),
        usual=usual,
    )
    if isinstance(found.shrunken, NotComputed) or not usual:
        return
    rank = words.rank_words(found.shrunken, found.members.labels, mine)
    spread = words.spread_words(found.shrunken, found.found, d, unit)
    yield Item(
        f"in_order:{measure.key}",
        f"{measure.label}: centers in order",
        title,
        in_order_data(found, found.shrunken, measure, title, mine),
        "in_order",
        None,
        d,
        n,
        notes=tuple(note for note in (rank, spread) if note),
        usual=False,
    )


def _rates(plan: Plan, by: ByColumn, measure: Measure, most: int | None) -> Iterator[Item]:
    rule = plan.rules.get(measure.key)
    if rule is None:
        return
    found = center_responders(plan.analysis, by, measure.key, plan.time, rule, plan.adjust(measure.key, by))
    if isinstance(found, NotComputed):
        return
    mine, title = plan.choices.center, words.centers_title(found.found)
    notes = [words.my_center_words(found, mine, measure), words.not_judged_words(found.found)]
    notes.append(words.chance_words(found.found, measure.decimals, measure.unit or "points"))
    shown = len(found.members.labels) if most is None else most
    yield Item(
        f"center_rates:{measure.key}",
        f"Responders in {measure.label} by center",
        title,
        rates_funnel(found, title, mine),
        "funnel",
        centers_table(found, measure, mine=mine, most=shown),
        measure.decimals,
        sum(found.found.ns),
        notes=tuple(note for note in notes if note),
        usual=False,
    )


def _over_time(plan: Plan, by: ByColumn, measure: Measure) -> Iterator[Item]:
    mine, rules = plan.choices.center, (None, plan.rules.get(measure.key))
    codes, names = center_codes(plan.analysis.cohort, by)
    inside = codes == names.index(mine) if mine in names else None
    for rule in rules if rules[1] is not None else rules[:1]:
        own = trend(plan.analysis, measure.key, plan.time, "quarter", rule, inside, confidence=plan.confidence)
        if isinstance(own, NotComputed):
            return
        beside = None if inside is None else (codes >= 0) & ~inside
        others = None
        if beside is not None:
            of_others = trend(
                plan.analysis, measure.key, plan.time, "quarter", rule, beside, confidence=plan.confidence
            )
            others = of_others if isinstance(of_others, Trend) else None
        yield _trend_item(own, others, measure, rule, mine if inside is not None else "", len(names))


def _trend_item(own: Trend, others: Trend | None, measure: Measure, rule: Rule | None, mine: str, centers: int) -> Item:
    rate = rule is not None
    title = over_time.trend_title(own, others, measure, mine, rate=rate)
    data = trend_data(own, others, over_time.trend_names(mine, centers), measure, title, rate=rate)
    kind, table = "trend_rate" if rate else "trend", trend_table(own, measure, rate=rate)
    return Item(
        f"{kind}:{measure.key}",
        f"{over_time.trend_heading(measure, rate=rate)} by {own.unit}",
        title,
        data,
        "trend",
        table,
        measure.decimals,
        data.n,
        notes=(over_time.trend_words(own, measure, mine, rate=rate),),
        usual=False,
    )


def _watched(plan: Plan, by: ByColumn, measure: Measure) -> Iterator[Item]:
    mine, rule = plan.choices.center, plan.rules.get(measure.key)
    if not mine or rule is None:
        return
    adjust = plan.adjust(measure.key, by)
    found = surveillance(plan.analysis, by, measure.key, plan.time, rule, adjust, mine)
    if not isinstance(found, Surveillance):
        return
    title = over_time.watch_title(found)
    yield Item(
        f"watch:{measure.key}",
        f"{measure.label}, patient by patient",
        title,
        watch_data(found, title),
        "watch",
        watched_table(found),
        measure.decimals,
        len(found.chosen.days),
        notes=over_time.watch_words(found),
        usual=False,
    )
