"""Compare: groups side by side, and what may be said between them."""

from itertools import cycle

import streamlit as st

from lib.analysis import association_of, literature
from lib.analysis.grouped_case_mix import case_mix, who_improved
from lib.analysis.grouped_centers import center_funnel, is_by_center
from lib.analysis.grouped_occasions import occasions_of, trajectories
from lib.analysis.grouped_rates import rate_family, responder_rates, top_two_rates
from lib.analysis.grouped_scores import score_family
from lib.present import sentences, sentences_compare
from lib.present.charts.axes import score_axis
from lib.present.charts.forest import SMALL_ROW, forest_figure
from lib.present.charts.funnel import funnel_data, funnel_figure
from lib.present.charts.outcome_bars import outcome_data, outcome_figure
from lib.present.charts.scatter import association_data, association_figure, gain_axis, number_axis
from lib.present.charts.trajectories import trajectories_data, trajectories_figure
from lib.present.escape import for_markdown
from lib.present.forests import improvement_forest, literature_forest, rate_forest
from lib.present.group_styles import group_styles
from lib.present.guide import tip
from lib.present.tables.between_groups import MOST_ROWS, between_table, checks_table, quartiles_table
from lib.present.tables.groups import groups_table
from lib.present.tables.literature import literature_table
from lib.present.tables.rate_gaps import rate_gaps_table
from lib.present.tables.table_one import table_one_table
from lib.stats.results import NotComputed
from lib.ui import choices, compare_control, picked
from lib.ui.cards import card, muted, not_computed, show_table
from lib.ui.view import begin, heading, show_chart

IMPROVEMENT, RESPONDERS, TOP_TWO = "improvement", "responders", "top_two"
WORDS = {IMPROVEMENT: "Mean improvement", RESPONDERS: "Responders", TOP_TWO: "Best two answers"}
LAYOUTS = {"one": "One at a time", "all": "All at once"}


def segmented(label, words, key, first):
    """A single choice that is remembered; the first one before anybody chose."""
    if st.session_state.get(key) not in words:
        st.session_state[key] = first
    if len(words) < 2:
        return first
    return st.segmented_control(
        label,
        list(words),
        key=key,
        format_func=words.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )


def outcomes(view, what):
    """(key, name, rates or None) of everything of one kind that this file has."""
    if what == TOP_TWO:
        return [(s.key, s.short or s.label) for s in asked(view)]
    rated = [m for m in view.measures if what == IMPROVEMENT or choices.rule(m)]
    return [(m.key, m.label) for m in rated]


def asked(view):
    """Statements answered at this time point."""
    return [s for s in view.cohort.statements.values() if (s.key, view.time) in view.cohort.answers]


def rates_of(view, comparison, what, key):
    """The share of one outcome in all and in every group."""
    if what == TOP_TWO:
        return top_two_rates(comparison, key, view.time)
    return responder_rates(comparison, key, view.time, choices.rule(view.cohort.measure(key)))


def forest_of(view, comparison, what, key, name):
    """The forest of one outcome as data."""
    if what == IMPROVEMENT:
        return improvement_forest(comparison, view.cohort.measure(key), view.time)
    return rate_forest(comparison, name, rates_of(view, comparison, what, key))


def forest_card(view, comparison, what, key, name, *, small=False):
    """One forest; a click lists the patients of a row."""
    styles = group_styles(comparison)
    measure = view.cohort.measure(key) if what != TOP_TWO else view.measures[0] if view.measures else None
    with card(f"forest_{key}", name, tip=None if small else tip("forest")):
        data = forest_of(view, comparison, what, key, name)
        figure = forest_figure(data, styles, row=SMALL_ROW) if small else forest_figure(data, styles)
        event = show_chart(data, figure, view, key=f"forest_{key}", on_click=True)
        if measure is not None and what != TOP_TWO:
            picked.from_forest(event, view, comparison, measure)
        for note in data.notes:
            muted(note)


def scores_between(comparison, measure, family):
    """The model over all groups and its checks."""
    with card("model", "Between groups", tip=tip("heterogeneity")):
        found = checks_table(measure, family)
        if isinstance(found, NotComputed):
            muted(f"Not computed: {found.reason}.")
        else:
            show_table(found)


def pairs_card(measure, family):
    """Every pair of groups; many of them behind a switch."""
    with card("pairs", "Difference between two groups", tip=tip("ancova")):
        long_table(between_table(measure, family))
        quartiles = quartiles_table(measure, family)
        if quartiles is not None:
            st.markdown("**Slopes differ: differences by where patients start**")
            show_table(quartiles)


def rates_card(comparison, family, key):
    """Every pair of groups in one share."""
    with card("rates", "Between groups", tip=tip("rates_between")):
        long_table(rate_gaps_table(family, key, comparison, exploratory=False))


def long_table(table):
    """Many pairs of groups stand behind a switch."""
    if len(table.rows) > MOST_ROWS:
        with st.expander(f"All {len(table.rows)} pairs of groups"):
            show_table(table)
    else:
        show_table(table)


def show_one(view, comparison, what, key, name, family):
    """One outcome: forest at the left, what lies between the groups at the right and under it."""
    if what != IMPROVEMENT:
        forest_card(view, comparison, what, key, for_title(what, name))
        rates_card(comparison, family, key)
        return
    measure = view.cohort.measure(key)
    left, right = st.columns([8, 5], gap="small")
    with left:
        forest_card(view, comparison, what, key, for_title(what, name))
    with right:
        scores_between(comparison, measure, family)
    pairs_card(measure, family)
    with card("groups", "Each group on its own", tip=tip("too_few")):
        show_table(groups_table(comparison, measure, view.time, view.occasions))


def for_title(what, name):
    """The heading of a forest."""
    return f"{WORDS[what]}, {name}"


def show_all(view, comparison, what, offered):
    """Small multiples: every outcome of one kind."""
    for column, (key, name) in zip(cycle(st.columns(2, gap="small")), offered, strict=False):
        with column:
            forest_card(view, comparison, what, key, name, small=True)


# --- tabs -----------------------------------------------------------------------------------------------------------


def mix_tab(view, comparison, measure):
    """Who is compared with whom, and the funnel where there are enough groups."""
    rule = choices.rule(measure)
    if rule and is_by_center(comparison):
        funnel = center_funnel(comparison, measure.key, view.time, rule)
        with card("funnel", "Groups around the pooled rate", tip=tip("funnel")):
            if isinstance(funnel, NotComputed):
                muted(f"Not computed: {funnel.reason}.")
            else:
                finding = sentences_compare.funnel_finding(funnel)
                data = funnel_data(funnel, finding)
                figure = funnel_figure(data, group_styles(comparison), places=funnel.places)
                event = show_chart(data, figure, view, key="funnel", on_click=True)
                picked.from_forest(event, view, comparison, measure)
                muted(finding + ". " + " ".join(data.notes))
    with card("mix", "Case mix", tip=tip("case_mix")):
        show_table(table_one_table(case_mix(comparison, view.time), f"Case mix by {comparison.title}"))


def number_tab(view, measure):
    """Improvement against another number."""
    choice = association_of.offered(view.analysis, measure.key, view.time)
    words = {a.text: for_markdown(association_of.label_of(view.analysis, a)) for a in choice}
    if st.session_state.get("choice.against") not in words:
        st.session_state["choice.against"] = choice[0].text
    chosen = st.selectbox(
        "Against", list(words), key="choice.against", format_func=words.__getitem__, persist_state="session"
    )
    against = association_of.parse_against(chosen, choice)
    found = association_of.association(view.analysis, measure.key, view.time, against)
    finding = sentences_compare.association_finding(measure, found)
    with card("scatter", f"Improvement of {measure.label}", tip=tip("correlation")):
        x, y = number_axis(found.label, found.everybody, found.unit), gain_axis(view.cohort, measure, view.time)
        data = association_data(found, measure, x, y, finding)
        event = show_chart(data, association_figure(data), view, key="against", on_click=True)
        picked.from_dots(event, view, measure)
        for line in sentences_compare.association_lines(measure, found):
            muted(line)


def who_tab(view, comparison, measure, finding):
    """Responders against the others, and who is behind a bar or a cell."""
    rule = choices.rule(measure)
    if rule is None:
        muted("No threshold for this measure: set one on Responders.")
        return
    left, right = st.columns([7, 5], gap="small")
    with left, card("who_bars", f"Improved by at least {sentences.rule_words(rule, measure)}"):
        rows = [(label, a.responders(measure.key, view.time, rule)) for label, a in comparison.rows]
        data = outcome_data(tuple(rows), f"{measure.label} by {comparison.title}", finding)
        event = show_chart(data, outcome_figure(data), view, key="who_bars", on_click=True)
        picked.from_bars(event, view, comparison, measure, rule)
    with right, card("who_cells", "A click on a cell lists its patients"):
        picked.outcome_cells(view, comparison, measure, rule)
    with card("who", "Who did not improve enough", tip=tip("smd")):
        found = who_improved(comparison.all, measure.key, view.time, rule)
        show_table(table_one_table(found, "Responders against the others"))


def time_tab(view, comparison, measure):
    """Every time point, and the mixed model."""
    found = trajectories(comparison.all, comparison, measure.key)
    if isinstance(found, NotComputed):
        not_computed(found.reason, "time")
        return
    finding = sentences_compare.trajectories_finding(measure, comparison, found)
    with card("time", f"{measure.label} over time", tip=tip("mixed_model")):
        axis = score_axis(view.cohort, measure, view.time)
        data = trajectories_data(found, axis, f"{measure.label} over time", finding)
        event = show_chart(data, trajectories_figure(data, group_styles(comparison)), view, key="time", on_click=True)
        picked.from_dots(event, view, measure)
        for line in sentences_compare.model_lines(found):
            muted(line)


def literature_tab(view, comparison, measure):
    """Published cohorts as reference rows, with where each figure comes from."""
    studies = literature.published(measure)
    if not studies:
        not_computed(f"no published cohort with a citable change of {measure.label} is in the list", "literature")
        return
    with card("literature", "Beside published cohorts", tip=tip("benchmark")):
        data = literature_forest(comparison, measure, view.time, studies)
        show_chart(data, forest_figure(data, group_styles(comparison), row=SMALL_ROW), view, key="literature")
    with card("sources", "Where each figure comes from"):
        show_table(literature_table(studies, measure))


def show_tabs(view, comparison, measure, finding):
    """What is looked at less often, drawn only when opened."""
    names = {"mix": "Case mix", "number": "One number against another", "who": "Who did not improve?"}
    if len(occasions_of(view.analysis, measure.key)) > 2:
        names["time"] = "Over time"
    names["literature"] = "Published cohorts"
    tabs = dict(zip(names, st.tabs(list(names.values()), on_change="rerun", key="compare-tabs"), strict=True))
    for name, tab in tabs.items():
        if not tab.open:
            continue
        with tab:
            if name == "mix":
                mix_tab(view, comparison, measure)
            elif name == "number":
                number_tab(view, measure)
            elif name == "who":
                who_tab(view, comparison, measure, finding)
            elif name == "time":
                time_tab(view, comparison, measure)
            else:
                literature_tab(view, comparison, measure)


def show(view, comparison):
    """The whole page for one comparison."""
    kinds = {kind: word for kind, word in WORDS.items() if outcomes(view, kind)}
    what = st.session_state.get("choice.what")
    what = what if what in kinds else next(iter(kinds))
    offered = outcomes(view, what)
    key, name = chosen_outcome(view, what, offered)
    if what == IMPROVEMENT:
        family = score_family(comparison, [k for k, _ in offered], view.time)
        finding = sentences_compare.scores_title(view.cohort.measure(key), comparison, family)
        looks = family.differences.size
    else:
        family = rate_family(comparison, [(k, rates_of(view, comparison, what, k)) for k, _ in offered])
        finding = sentences_compare.rates_title(for_title(what, name), comparison, family, key)
        looks = family.gaps.size
    heading(finding, view)
    muted(sentences_compare.exploratory(comparison, looks, len(offered)))
    with st.container(horizontal=True, key="compare-controls"):
        segmented("Show", kinds, "choice.what", what)
        layout = segmented("Layout", LAYOUTS, "choice.forests", "one")
    if layout == "all":
        show_all(view, comparison, what, offered)
        return
    choose_outcome(view, what, offered)
    show_one(view, comparison, what, key, name, family)
    if view.measures:
        measure = view.cohort.measure(key) if what != TOP_TWO else choices.chosen_measure(view.measures)
        show_tabs(view, comparison, measure, finding)


def chosen_outcome(view, what, offered):
    """The outcome shown: the measure chosen on any page, or the statement chosen here."""
    if what == TOP_TWO:
        wanted = st.session_state.get("choice.statement")
        return next((o for o in offered if o[0] == wanted), offered[0])
    measure = choices.chosen_measure(view.measures)
    return next((o for o in offered if o[0] == measure.key), offered[0])


def choose_outcome(view, what, offered):
    """The control for it."""
    if what == TOP_TWO:
        words = {key: for_markdown(name) for key, name in offered}
        if st.session_state.get("choice.statement") not in words:
            st.session_state["choice.statement"] = offered[0][0]
        st.selectbox(
            "Statement", list(words), key="choice.statement", format_func=words.__getitem__, persist_state="session"
        )
    else:
        choices.choose_measure(tuple(view.cohort.measure(key) for key, _ in offered))


view = begin()
comparison = compare_control.comparison_or_default(view)
if comparison is None:
    heading("Nothing to compare by in this file", view)
    not_computed("the file has no column with two or more groups", "none")
elif not view.measures and not asked(view):
    heading("Nothing to compare in this file", view)
    not_computed("the file has no score before and after, and no statement", "none")
else:
    show(view, comparison)
