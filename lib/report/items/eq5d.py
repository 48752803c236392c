"""EQ-5D: levels of the five dimensions, the health state as a whole, the index under several value sets."""

from __future__ import annotations

from collections.abc import Iterator

from lib.analysis import default_rule
from lib.analysis.eq5d import SetResult, change_classes, dimensions, has_states, index_key, own_set, under_value_sets
from lib.catalog.value_sets import value_set
from lib.present.charts.eq5d_dimensions import changes_data, dimensions_data
from lib.present.sentences import eq5d
from lib.present.tables.eq5d import changes_table, moves_table, problems_table, value_sets_table
from lib.report.plan import Item, Plan
from lib.stats.health_states import PchcResult
from lib.stats.results import NotComputed
from lib.stats.yes_no import DimensionMoves

_TITLE = "EQ-5D: each dimension, before and after"


def items(plan: Plan) -> Iterator[Item]:
    """Dimensions, problems, Paretian classes, value sets; nothing without health states."""
    if not plan.time or not has_states(plan.analysis, plan.time):
        return
    names, found = eq5d.dimension_names(), dimensions(plan.analysis, plan.time, confidence=plan.confidence)
    n = max((r.moves.n for r in found.rows if isinstance(r.moves, DimensionMoves)), default=0)
    classes = classes_of(plan)
    changed = changes_table(classes)
    title_shown = eq5d.change_title(change_classes(plan.analysis, plan.time))
    moves = moves_table(found, names)
    finding = eq5d.moved_title([r.moves for r in found.rows], names) or _TITLE
    data = dimensions_data(found, names, plan.time_points, _TITLE, finding)
    drawn = data if data.series else None
    figure = "eq5d_dimensions" if drawn else ""
    yield Item("eq5d:dimensions", _TITLE, finding, drawn, figure, moves, n=n, notes=moves.notes)
    problems = problems_table(found, names, plan.time_points)
    any_problem = "EQ-5D: any problem, before and after"
    yield Item("eq5d:problems", any_problem, any_problem, None, "", problems, n=n, notes=problems.notes, usual=False)
    whole = "EQ-5D: the health state as a whole"
    chart = changes_data(classes, whole, title_shown)
    yield Item(
        "eq5d:changes",
        whole,
        title_shown or whole,
        chart,
        "eq5d_changes",
        changed,
        n=n,
        notes=(eq5d.CHANGE_NOTE,),
        usual=False,
    )
    sets = value_sets_of(plan)
    table = value_sets_table(sets)
    words = eq5d.sets_title(sets)
    sources = tuple(f"{value_set(f.value_set).label}: {value_set(f.value_set).citation}." for f in sets)
    yield Item("eq5d:sets", "EQ-5D index by value set", words, None, "", table, 3, n, notes=sources, usual=False)


def classes_of(plan: Plan) -> list[tuple[str, PchcResult | NotComputed]]:
    """The Paretian classes of all, and of each group where groups are compared."""
    if plan.comparison is None:
        return [("All", change_classes(plan.analysis, plan.time))]
    return [(label, change_classes(a, plan.time)) for label, a in plan.comparison.rows]


def value_sets_of(plan: Plan) -> tuple[SetResult, ...]:
    """The index under the value set of the report and the usual handful, by one threshold."""
    own = [m.value_set for m in plan.measures if m.value_set] or [own_set(plan.analysis)]
    keys = tuple(dict.fromkeys([*own, *eq5d.HANDFUL_OF[plan.analysis.cohort.eq5d_version]]))
    measure = plan.analysis.cohort.measure(index_key(keys[0]))
    rule = plan.rules.get(measure.key, default_rule(measure))
    threshold = rule.threshold if rule and rule.kind == "absolute" else None
    return under_value_sets(plan.analysis, plan.time, keys, threshold, confidence=plan.confidence)
