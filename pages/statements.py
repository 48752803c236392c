"""Statements: what patients say, as Likert bars with n and the best two answers, by group and against each other."""

import streamlit as st

from lib.analysis.cross_table import agreement_matrix, cell_patients, cross_table
from lib.analysis.statements import compare_statements, suspected_reverse
from lib.present.charts.axes import in_order, same_scale, sorted_rows
from lib.present.charts.cross_table import column_words, cross_data, cross_figure, matrix_data, matrix_figure
from lib.present.charts.likert_bars import likert_data, likert_figure, shown_levels
from lib.present.charts.likert_groups import groups_data, groups_figure, statement_blocks
from lib.present.guide import tip
from lib.present.sentences import outcomes
from lib.present.sentences import statements as sentences_statements
from lib.present.sentences.groups import groups_heading, nobody_line
from lib.present.sentences.statements import name_of
from lib.present.tables.statements_between import (
    answers_table,
    between_table,
    cell_table,
    statements_table,
)
from lib.present.theme import likert_ramp
from lib.present.wording import for_markdown, inside
from lib.stats.likert import LikertResult
from lib.stats.results import NotComputed
from lib.ui import choices, heat, session
from lib.ui.cards import card, choose_view, muted, not_computed, show_key, show_table
from lib.ui.compare import control
from lib.ui.page import begin, heading, nobody_has, show_chart

LAYOUTS = {"100%": "100% bars", "diverging": "Around neutral", "aside": "Neutral aside"}
ORDERS = {"agreement": "By agreement", "file": "As in the file", "name": "By name"}
EACH = {"table": "All statements", "one": "One at a time"}
EACH_KEY, ONE = "choice.each.", "choice.one_statement."
"""Both followed by the place of the scale on the page."""
TABS = ["By group", "Two statements together", "Every answer"]
FIRST, SECOND = "choice.first", "choice.second"
MOST_IN_MATRIX = 12


def display():
    """The settings that change the look only."""
    with st.popover("Display"):
        layout = one_of("Bars", LAYOUTS, "choice.bars")
        order = one_of("Order", ORDERS, "choice.order")
    return layout, order


def one_of(label, options, key, *, collapsed=False):
    """A choice that always has a value: the first option before anybody chose, or when an address asks nonsense."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = next(iter(options))
    return st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        required=True,
        persist_state="session",
        label_visibility="collapsed" if collapsed else "visible",
    )


def bars_card(view, place, group, results, layout, order):
    """The bars of the statements that share one scale, with who did not answer."""
    with card(f"likert_{place}", "What patients say", tip=tip("likert_bar")):
        rows = sorted_rows(group, results, order)
        finding = outcomes.statements_title(rows, reverse=group[0].reverse)
        data = likert_data(rows, group[0], "What patients say", finding, with_missing=True)
        levels, fills = shown_levels(group[0]), tuple(color.fill for color in likert_ramp(len(group[0].levels)))
        show_key(levels[::-1] if layout == "100%" else levels, fills[::-1] if layout == "100%" else fills)
        show_chart(data, likert_figure(data, layout=layout), view, key=f"likert_{place}")
        if group[0].reverse:
            muted(sentences_statements.reverse_note(group[0]))
        muted(sentences_statements.bars_note(group[0], data.n, ranked=layout == "100%"))


def test_entry(comparison):
    """The guide's entry on the test that these groups get."""
    return "mann_whitney" if len(comparison.groups) == 2 else "kruskal_wallis"


def groups_tab(view, scales, results, order):
    """Each statement for all and per group, with the tests between groups."""
    comparison = control.comparison_or_default(view.analysis)
    if comparison is None:
        not_computed("the file has no column that puts patients into groups", "no_groups")
        return
    for place, of_scale in enumerate(scales):
        group = in_order(of_scale, results, order)
        keys = [s.key for s in group]
        found = compare_statements(comparison.groups, keys, view.time, within_only=comparison.within_only)
        by = groups_heading(comparison)
        best = f"Best answers b{by[1:]}" if by.startswith("By ") else f"Best answers: {by}"
        with card(f"groups_{place}", best, tip=tip(test_entry(comparison))):
            if one_of("Show", EACH, f"{EACH_KEY}{place}", collapsed=True) == "table":
                heat.show_agreement(statement_blocks(comparison, group, view.time))
                muted(f"Exploratory. Numbers and squares: {inside(outcomes.top_two_words(group[0]))}.")
            else:
                one_statement(view, place, group, found, comparison)
            if nobody_line(comparison):
                muted(nobody_line(comparison))
            with st.expander("Tests between groups"):
                show_table(between_table(found, view.cohort.statements))


def one_statement(view, place, group, found, comparison):
    """Every answer to one statement, for all and per group."""
    names = [name_of(s) for s in group]
    key = f"{ONE}{place}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    chosen = st.selectbox("Statement", names, key=key, format_func=for_markdown, persist_state="session")
    at = names.index(chosen)
    shown = statement_blocks(comparison, (group[at],), view.time)
    title = sentences_statements.groups_finding((found.rows[at],), [chosen], comparison.title)
    by = groups_heading(comparison)
    show_key(shown_levels(group[0]))
    data = groups_data(shown, group[0], by, title)
    show_chart(data, groups_figure(data, shown), view, key=f"groups_{place}")
    muted("Exploratory. Each bar is 100% of its own patients; numbers are patients; right: the best answers.")


def chosen_pair(answered):
    """The two statements to compare; satisfied and the same surgery again where the file has them."""
    keys = [s.key for s in answered]
    satisfied = next((k for k in keys if "satisf" in k), keys[0])
    again = next((k for k in keys if "again" in k and k != satisfied), next(k for k in keys if k != satisfied))
    for key, default in ((FIRST, satisfied), (SECOND, again)):
        if st.session_state.get(key) not in keys:
            st.session_state[key] = default
    return st.session_state[FIRST], st.session_state[SECOND]


def choose_pair(answered):
    """Two lists beside each other."""
    names = {s.key: for_markdown(name_of(s)) for s in answered}
    left, right = st.columns(2, gap="small")
    with left:
        st.selectbox("First statement", list(names), key=FIRST, format_func=names.__getitem__, persist_state="session")
    with right:
        st.selectbox(
            "Second statement", list(names), key=SECOND, format_func=names.__getitem__, persist_state="session"
        )


def matrix_card(view, answered, pair):
    """How many gave the best answers to both of every two statements; a click chooses the pair."""
    keys = [s.key for s in answered[:MOST_IN_MATRIX]]
    with card("matrix", "Patients in the best answers of both", height="stretch"):
        names = [name_of(s) for s in answered[:MOST_IN_MATRIX]]
        finding = f"{names[0]} and others, two at a time"
        data = matrix_data(agreement_matrix(view.analysis, keys, view.time), names, "Best answers of both", finding)
        place = (keys.index(pair[0]), keys.index(pair[1])) if pair[0] in keys and pair[1] in keys else None
        event = show_chart(data, matrix_figure(data, place), view, key="matrix", on_click=True)
        muted("Columns are the statements by their number. Click a number to open the two.")
        if event and event.points[0].customdata:
            row, column = event.points[0].customdata
            if row != column:
                st.session_state["_pair"] = (keys[row], keys[column])
                st.rerun()


def clicked_cell(pair, first, second):
    """The cell of this pair that was clicked last, None when there is none in this table."""
    cell = st.session_state.get("_cell")
    if not cell or cell[:2] != pair:
        return None
    row, column = cell[2]
    return cell[2] if row < len(first.levels) and column < len(second.levels) else None


def pair_card(view, pair):
    """Every answer to the first against every answer to the second; a click lists the patients."""
    first, second = (view.cohort.statements[key] for key in pair)
    found = cross_table(view.analysis, first.key, second.key, view.time)
    with card("cross", f"“{name_of(first)}” against “{name_of(second)}”", height="stretch"):
        if isinstance(found, NotComputed):
            muted(f"Not computed: {found.reason}.")
            return None
        words = sentences_statements.together(found, first, second)
        st.markdown(for_markdown(words + "."))
        data = cross_data(found, first, second, f"“{name_of(first)}” against “{name_of(second)}”", words)
        place = clicked_cell(pair, first, second)
        tops = (len(found.first_top), len(found.second_top))
        figure = cross_figure(data, tops, (name_of(first), name_of(second)), place)
        event = show_chart(data, figure, view, key="cross", on_click=True)
        muted(
            f"Rows: {name_of(first)}. Columns: {name_of(second)}{column_words(second)}. The lines part the best "
            f"answers; click a number to list its patients. {sentences_statements.left_out_words(found)}"
        )
        if event and event.points[0].customdata:
            st.session_state["_cell"] = (*pair, tuple(event.points[0].customdata))
            st.rerun()
        return (found, place) if place else None


def patients_card(view, found, place):
    """Who is behind the clicked number: row in the file and scores."""
    first, second = view.cohort.statements[found.first], view.cohort.statements[found.second]
    levels = (shown_levels(first)[place[0]], shown_levels(second)[place[1]])
    cell = (first.levels.index(levels[0]), second.levels.index(levels[1]))
    with card("cell", f"{name_of(first)}: {levels[0]}; {name_of(second)}: {levels[1]}"):
        measures = view.measures[:3]
        patients = cell_patients(view.analysis, found, cell, [m.key for m in measures], view.time)
        if patients:
            show_table(cell_table(patients, measures, view.time_points))
        else:
            muted("Nobody under this filter.")


def together_tab(view, answered):
    """All pairs, and one of them in full."""
    if len(answered) < 2:
        not_computed("there is only one statement at this time point", "one_statement")
        return
    clicked = st.session_state.pop("_pair", None)
    if clicked:
        st.session_state[FIRST], st.session_state[SECOND] = clicked
    pair = chosen_pair(answered)
    choose_pair(answered)
    left, right = st.columns(2, gap="small")
    with left:
        matrix_card(view, answered, pair)
    with right:
        clicked_one = pair_card(view, pair)
    if clicked_one:
        patients_card(view, *clicked_one)


view = begin()
answered = [s for s in view.cohort.statements.values() if (s.key, view.time) in view.cohort.answers]
if not answered:
    heading("No statements in this file at this time point", view)
    not_computed("the file has no statements with ordered answers here", "none")
    st.stop()
results = {s.key: view.analysis.statement(s.key, view.time) for s in answered}
if not any(isinstance(r, LikertResult) for r in results.values()):
    nobody_has(view, "an answer to a statement")
    st.stop()
# one scale: answers to different questions are not ranked against each other
main = max(same_scale(answered), key=len)
named = tuple((name_of(s), results[s.key]) for s in main)
heading(outcomes.statements_title(named, reverse=main[0].reverse), view)
with st.container(horizontal=True):
    layout, order = display()
    choices.edit(session.cohort(), view.time)
for suspicion in suspected_reverse(view.analysis, view.time):
    muted(sentences_statements.suspicion_words(suspicion, view.cohort.statements[suspicion.statement]))
scales = same_scale(answered)
for place, group in enumerate(scales):
    bars_card(view, place, group, results, layout, order)
opened = choose_view(TABS, "statement_tabs")
if opened == TABS[0]:
    groups_tab(view, scales, results, order)
elif opened == TABS[1]:
    together_tab(view, answered)
else:
    for place, group in enumerate(scales):
        with card(f"table_{place}", "Best answers", tip=tip("top_two")):
            show_table(statements_table([(s, results[s.key]) for s in group]))
        with card(f"answers_{place}", "Every answer, counted"):
            show_table(answers_table([(s, results[s.key]) for s in group]))
