"""Outsiders who add and subtract: from no masked table can a group of 1 to 4 patients be worked out.

The attack is written on its own here, by projections, with everything a masked table still shows: its cells, headings,
and what everybody knows (the answers to two questions of one group add up to the same). Empty parts count as known.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lib.analysis import Analysis, default_rule
from lib.analysis.attrition import analysed_against_not, by_category, measure_flow
from lib.analysis.eq5d import change_classes, common_states, dimensions, under_value_sets
from lib.analysis.grouped_patients import groups_of, patients_table, people_of, safety_by_group
from lib.analysis.groups.comparison import Comparison, compare
from lib.analysis.groups.rates import rate_family, responder_rates, top_two_rates
from lib.analysis.groups.scores import score_family
from lib.analysis.mcid import by_baseline_third
from lib.analysis.safety import after_surgery, between_groups, per_procedure, populations, safety_of
from lib.analysis.statements import compare_statements
from lib.analysis.table_one import TableOne, case_mix, who_improved
from lib.analysis.yes_no import yes_no_by_group
from lib.catalog.value_sets import VALUE_SETS
from lib.cohort.cohort import BASELINE, Category
from lib.cohort.grouping import ByColumn, ByQuantile
from lib.cohort.selection import Population, Selection
from lib.present import disclosure
from lib.present.masked_tables import HIDDEN
from lib.present.small_counts import is_small
from lib.present.table import Table
from lib.present.tables import between_groups as between
from lib.present.tables import between_groups as rate_gaps
from lib.present.tables import eq5d, events, responders, statements_between
from lib.present.tables.attrition import completeness_table, flow_table
from lib.present.tables.between_groups import groups_table
from lib.present.tables.table_one import table_one_numbers, table_one_table
from lib.present.tables.yes_no import yes_no_groups_table
from lib.stats.responders import Rule
from lib.stats.results import NotComputed
from tests.sample import sample

FOLLOW_UP = "12m"
TIME_POINTS = ("Before", "After")


def recovered(parts: dict[str, int], seen: list[list[str]], ties: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> str:
    """A union of parts with 1 to 4 patients whose size follows from the sums that are seen, "" when there is none."""
    names = [name for name, n in parts.items() if n > 0]
    place = {name: i for i, name in enumerate(names)}

    def row(some: object) -> np.ndarray:
        found = np.zeros(len(names))
        found[[place[name] for name in some if name in place]] = 1  # type: ignore[attr-defined]
        return found

    if not names:
        return ""
    known = np.array([row(s) for s in seen] + [row(a) - row(b) for a, b in ties]).reshape(-1, len(names))
    beyond = np.eye(len(names)) - np.linalg.pinv(known) @ known  # what no combination of the known can tell
    small = [i for i, name in enumerate(names) if parts[name] < 5]
    for union in unions_near_zero(beyond[:, small].T @ np.random.default_rng(5).standard_normal(len(names))):
        here = [small[i] for i in union]
        few = len(set(here)) == len(here) and is_small(sum(parts[names[i]] for i in here))
        if few and np.abs(beyond[:, here].sum(axis=1)).max() < 1e-7:
            return " + ".join(names[i] for i in here)
    return ""


def unions_near_zero(values: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Every one to four of these numbers that add up to nothing."""
    for i in np.flatnonzero(np.abs(values) < 1e-7):
        yield (int(i),)
    left, right = np.triu_indices(len(values), 1)
    pairs = values[left] + values[right]
    for k in np.flatnonzero(np.abs(pairs) < 1e-7):
        yield (int(left[k]), int(right[k]))
    order = np.argsort(pairs)
    for others, name in ((values, lambda k: (int(k),)), (pairs, lambda k: (int(left[k]), int(right[k])))):
        low = np.searchsorted(pairs[order], -others - 1e-7)
        high = np.searchsorted(pairs[order], -others + 1e-7)
        for k in np.flatnonzero(high > low):
            for at in order[low[k] : high[k]]:
                yield (*name(k), int(left[at]), int(right[at]))


def leak(table: Table) -> str:
    """What an outsider can work out from the masked table; "" when nothing."""
    masked = disclosure.mask_table(table)
    assert not any(disclosure.names_few(note) for note in masked.notes if "hidden" not in note), masked.notes
    if table.public or not masked.rows or not table.people:
        return ""
    shown = [
        [list(s) for cell in row if cell.text != HIDDEN for s in (cell.counts, *cell.also) if s] for row in masked.rows
    ]
    originals = {c.name: c for c in table.columns}
    heads = [list(originals[c.name].counts) for c in masked.columns if c.name in originals and c.counts]
    if table.together:
        parts = {name: n for row in table.people for name, n in row}
        return recovered(parts, [s for row in shown for s in row] + heads, list(table.equal))
    found = (
        recovered(dict(people), sums + [h for h in heads if set(h) <= set(dict(people))], [])
        for people, sums in zip(table.people, shown, strict=True)
    )
    return next((words for words in found if words), "")


def tables(analysis: Analysis, comparison: Comparison) -> Iterator[tuple[str, Table]]:
    """Every table of patients that a report for outsiders can hold."""
    cohort, time = analysis.cohort, FOLLOW_UP
    measures = cohort.measures_at(time)[:2]
    statements = [k for k in cohort.statements if (k, time) in cohort.answers]
    ones: list[TableOne | NotComputed] = [
        patients_table(analysis, None, time),
        patients_table(analysis, comparison, time),
        case_mix(comparison, time),
        analysed_against_not(analysis, measures[0].key, time),
    ]
    for k, one in enumerate(ones):
        if not isinstance(one, NotComputed):
            yield f"table one {k}", table_one_table(one, p=True)
            yield f"table one {k}, numbers", table_one_numbers(one)
    for column in cohort.categories()[:2]:
        rows = by_category(analysis, measures[0].key, time, column)
        if not isinstance(rows, NotComputed):
            yield "completeness", completeness_table(rows, column.label, TIME_POINTS)
    yield "flow", flow_table(measure_flow(analysis, measures[0].key, time), TIME_POINTS)
    names = ["Mobility", "Self-care", "Activities", "Pain", "Mood"]
    found = dimensions(analysis, time)
    yield "moves", eq5d.moves_table(found, names)
    yield "problems", eq5d.problems_table(found, names, TIME_POINTS)
    yield (
        "changes",
        eq5d.changes_table([(label, change_classes(a, time)) for label, a in comparison.rows]),
    )
    yield "states", eq5d.states_table(*common_states(analysis, time), TIME_POINTS)
    threshold = next(t.value for m in cohort.measures.values() if m.value_set for t in m.thresholds)
    yield "sets", eq5d.value_sets_table(under_value_sets(analysis, time, list(VALUE_SETS)[:3], threshold))
    family = score_family(comparison, [m.key for m in measures], time)
    for measure in measures:
        yield "groups", groups_table(comparison, measure, time, TIME_POINTS)
        yield "between", between.between_table(measure, family)
        for more in (between.checks_table(measure, family), between.quartiles_table(measure, family)):
            if isinstance(more, Table):
                yield "model", more
        rule = default_rule(measure)
        assert rule is not None
        yield "thirds", responders.thirds_table(measure, by_baseline_third(analysis, measure.key, time, rule))
        state = analysis.responders(measure.key, time, Rule("state", state=rule.threshold))
        yield "state", responders.state_table(state)
        yield "who", table_one_table(who_improved(analysis, measure.key, time, rule))
        rates = rate_family(comparison, [(measure.key, responder_rates(comparison, measure.key, time, rule))])
        yield "rates", rate_gaps.rate_gaps_table(rates, measure.key, comparison)
    top = rate_family(comparison, [(statements[0], top_two_rates(comparison, statements[0], time))])
    yield "top two", rate_gaps.rate_gaps_table(top, statements[0], comparison)
    compared = compare_statements(comparison.groups, statements, time)
    yield "best answers", statements_between.shares_between(compared, cohort.statements)
    yield "tests of statements", statements_between.between_table(compared, cohort.statements)
    both = [safety_of(analysis, p) for p in populations(analysis, time)]
    yield "events", events.events_table([s for s in both if not isinstance(s, NotComputed)])
    people = people_of(analysis, comparison, time)
    test = between_groups(analysis, people, groups_of(comparison))
    yield "events by group", events.groups_table(safety_by_group(analysis, comparison), test)
    chosen = populations(analysis, time)[0]
    after = after_surgery(analysis, chosen.mask)
    yield "outcomes", events.outcomes_table(both[0], per_procedure(analysis, chosen.mask), after)
    outcome = next(iter(cohort.outcomes.values()))
    rows_of = yes_no_by_group(analysis, outcome.key, BASELINE, time, people, groups_of(comparison))
    yield "yes/no by group", yes_no_groups_table(rows_of, outcome, TIME_POINTS)


masks = st.tuples(st.integers(0, 10_000), st.floats(0.15, 1.0))
groupings = st.sampled_from(["center", "etiology", "sex", "age"])


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(masks, groupings, st.sampled_from(list(Population)))
def test_no_small_group_can_be_worked_out_of_any_table(
    drawn: tuple[int, float], column: str, population: Population
) -> None:
    cohort = sample()
    seed, kept = drawn
    within = np.random.default_rng(seed).random(cohort.n) < kept
    analysis = Analysis(cohort, Selection(), population, within=within)
    if not analysis.people(FOLLOW_UP).any():
        return
    grouping = ByColumn(column) if isinstance(cohort.columns[column], Category) else ByQuantile(column)
    for name, table in tables(analysis, compare(analysis, grouping)):
        assert leak(table) == "", name
