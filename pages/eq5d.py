"""EQ-5D: health states before and after by dimension, as a whole, and as an index under any value set."""

import streamlit as st

from lib.analysis import Analysis, default_threshold
from lib.analysis.eq5d import (
    change_classes,
    common_states,
    dimensions,
    has_states,
    health_profile_grid,
    index_key,
    levels_of,
    own_set,
    state_pairs,
    under_value_sets,
)
from lib.analysis.norms import beside_norm, norm_of
from lib.catalog.value_sets import sets_of, value_set
from lib.cohort.eq5d_index import LEVEL_SUM
from lib.present import wording
from lib.present.charts.axes import score_axis
from lib.present.charts.eq5d_dimensions import (
    CLASSES,
    changes_data,
    changes_figure,
    dimensions_data,
    dimensions_figure,
    level_words,
)
from lib.present.charts.eq5d_value_sets import value_set_axis, value_sets_data, value_sets_figure
from lib.present.charts.mini import mini_data, mini_figure
from lib.present.charts.profile_grid import grid_data, grid_figure, states_data, states_figure
from lib.present.guide import tip
from lib.present.sentences import eq5d, leading, outcomes
from lib.present.tables.eq5d import moves_table, problems_table, states_table, value_sets_table
from lib.present.theme import PALETTE
from lib.present.wording import for_markdown
from lib.stats.results import NotComputed
from lib.ui import choices
from lib.ui.cards import card, choose_more, muted, not_computed, show_key, show_table
from lib.ui.page import begin, heading, nobody_has, show_chart

TABS = ["Value sets", "Tests", "Profile grid", "Commonest states"]
VALUE_SET = "choice.valueset"
COMPARED = "value_sets_compared"


def chosen_set(view):
    """The value set in force: the chosen one, the one of the import before anybody chose."""
    wanted = st.session_state.get(VALUE_SET)
    return wanted if wanted in sets_of(view.cohort.eq5d_version) else own_set(view.analysis)


def choose_set(view):
    """All sets of this version by country, method, year; those without a source last. Typing searches."""
    st.session_state[VALUE_SET] = chosen_set(view)
    st.selectbox(
        "Value set",
        list(sets_of(view.cohort.eq5d_version)),
        key=VALUE_SET,
        format_func=lambda key: for_markdown(eq5d.set_label(key)),
        persist_state="session",
        help="Country, method (TTO: time trade-off, VAS: visual analogue scale), first author, year. Type to search.",
    )
    found = value_set(chosen_set(view))
    muted(f"{eq5d.set_source(found)} {eq5d.set_scale(found)}")
    if found.caution:
        st.markdown(f":material/info: {for_markdown(found.caution)}")


def dimensions_card(view, finding):
    """Levels of the five dimensions before and after, and who moved."""
    names = eq5d.dimension_names()
    found = dimensions(view.analysis, view.time)
    with card("dimensions", "Each dimension, before and after", tip=tip("eq5d_dimensions")):
        show_key(level_words(levels_of(view.analysis)))
        sentence = eq5d.moved_title([row.moves for row in found.rows], names) or finding
        data = dimensions_data(found, names, view.time_points, "Each dimension, before and after", sentence)
        show_chart(data, dimensions_figure(data, names, view.time_points), view, key="dimensions")
        muted("Numbers in the bars: percent, or patients where fewer than 20 are compared. Right: who moved.")


def changes_card(view, finding):
    """Better, worse, mixed, same: all, and each group where groups are compared."""
    rows = [("All", change_classes(view.analysis, view.time))]
    if view.comparison:
        rows = [(name, change_classes(a, view.time)) for name, a in view.comparison.rows]
    with card("changes", "The health state as a whole", tip=tip("pchc")):
        show_key(tuple(name for _, name, _ in CLASSES), tuple(fill for _, _, fill in CLASSES))
        data = changes_data(rows, "The health state as a whole", finding)
        show_chart(data, changes_figure(data), view, key="changes")
        muted(eq5d.CHANGE_NOTE)
        measure = view.cohort.measure(LEVEL_SUM)
        muted(outcomes.paired_title(measure, view.analysis.paired(measure.key, view.time)) + ".")


def index_card(view):
    """The index under the chosen value set: mean improvement, every patient, responders."""
    measure = view.cohort.measure(index_key(chosen_set(view)))
    with card("index", "The index", tip=tip("eq5d_index")):
        choose_set(view)
        measure_block(view, measure)
        threshold = default_threshold(measure)
        if threshold:
            words = eq5d.threshold_note(float(threshold.value), threshold.value_set, chosen_set(view))
            if words:
                muted(words)
        choices.offer_facts(measure)
        if norm_of(view.analysis, measure.key) is None:  # under the set that has one
            beside = eq5d.norm_words(*norms_of(view), view.time_points)
            if beside:
                muted(beside)


def norms_of(view, key=""):
    """Before and after beside the norm of a measure, else of the version."""
    return tuple(beside_norm(view.analysis, view.time, key, before=before) for before in (True, False))


def measure_block(view, measure):
    """One index: the improvement with its interval, every patient before and after, the responder rate."""
    result = view.analysis.paired(measure.key, view.time)
    pairs = view.analysis.pairs(measure.key, view.time)
    label, size = for_markdown(measure.label), f"n {wording.count(pairs.n)}"
    if isinstance(result, NotComputed):
        st.metric(f"{label} :gray[{size}]", "Not computed")
        muted(result.reason)
    else:
        name, value = leading.leading_value(measure, result)
        st.metric(f"{label} :gray[{name}, {size}]", value)
        muted(" · ".join(filter(None, leading.interval_and_test(measure, result))))
    axis = score_axis(view.cohort, measure, view.time)
    norms = norms_of(view, measure.key)
    data = mini_data(result, pairs, axis, view.time_points, outcomes.paired_title(measure, result), norms)
    show_chart(data, mini_figure(data, decimals=measure.decimals), view, key="index")
    beside = eq5d.norm_words(*norms, view.time_points, measure.decimals)
    if beside:
        muted(f"◇ {beside}")
    rule = choices.rule(measure)
    if rule:
        found = view.analysis.responders(measure.key, view.time, rule)
        st.markdown(for_markdown(outcomes.responder_line(measure, found)))


def value_sets_tab(view):
    """Would the answer differ with another country's values: mean improvement and responders side by side."""
    measure = view.cohort.measure(index_key(chosen_set(view)))
    rule = choices.rule(measure)
    threshold = rule.threshold if rule else None
    offered = sets_of(view.cohort.eq5d_version)
    if any(key not in offered for key in st.session_state.get(COMPARED, ("",))):
        st.session_state[COMPARED] = list(eq5d.HANDFUL_OF[view.cohort.eq5d_version])
    st.multiselect(
        "Compare these value sets",
        list(offered),
        key=COMPARED,
        format_func=lambda key: for_markdown(value_set(key).label),
        persist_state="session",
        max_selections=12,
    )
    keys = list(dict.fromkeys([chosen_set(view), *st.session_state[COMPARED]]))
    found = under_value_sets(view.analysis, view.time, keys, threshold)
    whole = view.analysis.keep("whole cohort", lambda: Analysis(view.cohort))
    axis = value_set_axis(under_value_sets(whole, view.time, keys, threshold))
    title = eq5d.sets_title(found)
    with card("sets", "Mean improvement under each value set", tip=tip("value_set")):
        data = value_sets_data(found, axis, float(threshold) if threshold else None, "Value sets", title)
        st.markdown(for_markdown(title + "."))
        show_chart(data, value_sets_figure(data), view, key="sets")
        muted("Right: mean improvement, and responders by the same threshold (dashed). The line is the 95% CI.")
    with card("sets_table", "The same in numbers"):
        show_table(value_sets_table(found))
        for key in keys:
            if value_set(key).caution:
                muted(f"{value_set(key).label}: {value_set(key).caution}")


def tests_tab(view):
    """Tests per dimension, and any problem before and after."""
    names = eq5d.dimension_names()
    found = dimensions(view.analysis, view.time)
    with card("moves", "Did the levels move?", tip=tip("marginal_homogeneity")):
        show_table(moves_table(found, names))
    with card("problems", "Any problem, before and after", tip=tip("mcnemar")):
        show_table(problems_table(found, names, view.time_points))


def grid_tab(view):
    """The health profile grid under the chosen value set."""
    found = health_profile_grid(view.analysis, view.time, chosen_set(view))
    title = eq5d.grid_title(found)
    with card("grid", "Rank of the health state among all states, before and after", tip=tip("profile_grid")):
        if isinstance(found, NotComputed):
            muted(f"{title}.")
            return
        st.markdown(for_markdown(title + "."))
        data = grid_data(found, view.time_points, "Health profile grid", title)
        show_chart(data, grid_figure(data), view, key="grid")
        muted(
            f"Ranks by {value_set(chosen_set(view)).label}, 1 the best. Up: {wording.inside(view.time_points[1])}. "
            "Circle better, grey square mixed, open circle the same, diamond worse."
        )


def states_tab(view):
    """The ten commonest states before and after."""
    found = common_states(view.analysis, view.time)
    known = [f for f in found if not isinstance(f, NotComputed)]
    if not known:
        not_computed(found[0].reason, "no_states")
        return
    five = view.cohort.eq5d_version == "5L"
    widest = max(state.count for f in known for state in f.states)
    colors = (PALETTE.baseline, PALETTE.follow_up)
    sides = st.columns(2, gap="small")
    for side, one, time_point, color in zip(sides, found, view.time_points, colors, strict=True):
        with side, card(f"states_{time_point}", time_point):
            title = f"Commonest states, {wording.inside(time_point)}"
            data = states_data(one, title, title, five)
            show_chart(data, states_figure(data, widest, color), view, key=f"states_{color}")
            for note in data.notes:
                muted(note + ".")
    with card("states_words", "In words", tip=tip("common_states")):
        show_table(states_table(*found, view.time_points, five))


def only_an_index(view):
    """A file without health states: the index as the file has it, and what cannot be shown."""
    found = [m for m in view.measures if (m.instrument or "").startswith("eq5d")]
    if not found:
        heading("No EQ-5D before and after in this file", view)
        not_computed("the file has no health states and no index at both time points", "none")
        return
    result = view.analysis.paired(found[0].key, view.time)
    heading(outcomes.paired_title(found[0], result), view)
    with card("index", "The index as the file has it"):
        measure_block(view, found[0])
        muted(
            "The file holds an index and no health states, so the value set is the file's own, and dimensions, "
            "health states and other value sets cannot be shown."
        )


view = begin()
if not has_states(view.analysis, view.time):
    only_an_index(view)
    st.stop()
pairs = state_pairs(view.analysis, view.time)
if not pairs.n and not pairs.illegal_rows:
    nobody_has(view, "a health state both before and after")
    st.stop()
finding = eq5d.change_title(change_classes(view.analysis, view.time))
heading(finding, view)
left_out = eq5d.pairs_words(pairs)
if left_out:
    muted(left_out)
left, right = st.columns([7, 5], gap="small")
with left:
    dimensions_card(view, finding)
    changes_card(view, finding)
with right:
    index_card(view)
draw = dict(zip(TABS, (value_sets_tab, tests_tab, grid_tab, states_tab), strict=True))
if more := choose_more(TABS, "eq5d_tabs"):
    draw[more](view)
