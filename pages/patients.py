"""Patients: who they were (Table 1), and who is missing (the flow, over time, per center, against the analysed)."""

from functools import partial

import streamlit as st

from lib.analysis.attrition import (
    analysed_against_not,
    by_category,
    by_period,
    gap,
    in_category,
    in_period,
    measure_flow,
    occurring,
)
from lib.analysis.extremes import extremes
from lib.analysis.grouped_patients import groups_of, patients_table, people_of
from lib.analysis.table_one import of_sections
from lib.analysis.variables import OF_PROCEDURE, SECTIONS
from lib.present.charts.completeness import bars_figure, completeness_data, periods_data, periods_figure
from lib.present.charts.distribution import distribution_data, distribution_figure
from lib.present.charts.flow import flow_data, flow_figure
from lib.present.guide import tip
from lib.present.sentences import patients
from lib.present.tables.attrition import completeness_table
from lib.present.tables.before_after import extremes_table
from lib.present.tables.table_one import sections_heading, table_one_numbers, table_one_table
from lib.present.theme import group_styles
from lib.present.wording import for_markdown, inside
from lib.stats.results import NotComputed
from lib.ui import choices, picked, saved, what_if
from lib.ui.cards import card, choose_more, choose_view, muted, not_computed, show_table
from lib.ui.page import begin, heading, show_chart

WHAT_IF = "What if the missing differ?"
TABS = ["Who they were", "Who is missing", WHAT_IF]
FORMS = {"auto": "By the data", "mean (SD)": "Mean (SD)", "median [Q1, Q3]": "Median [Q1, Q3]"}
P_VALUES = {"hide": "Without", "show": "With test"}
ROW = "patients-row"
CLICK = "A click on a part lists its patients by their row in the file."


def one_of(label, options, key):
    """A choice that always has a value: the first before anybody chose, or when an address asks nonsense."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = next(iter(options))
    return st.segmented_control(
        label, list(options), key=key, format_func=options.__getitem__, required=True, persist_state="session"
    )


def form():
    """How numbers are shown, as it stands before the control is drawn."""
    chosen = st.session_state.get("choice.form")
    return chosen if chosen in FORMS else "auto"


def display():
    """The settings that change the look of the tables only."""
    with st.popover("Display"):
        one_of("Numbers", FORMS, "choice.form")
        one_of("p values", P_VALUES, "choice.p")


def table_card(view, found, key, number, title):
    """A table of the paper with its files."""
    if not found.rows:
        return
    with card(key, f"{number}: {title[:1].lower()}{title[1:]}", tip=tip("table_one")):
        table = table_one_table(found, title, p=st.session_state["choice.p"] == "show")
        show_table(table)
        saved.offer(table, view, key=key, numbers=table_one_numbers(found))


def distribution_card(view, found, comparison):
    """Every patient behind one row of the table."""
    with card("distribution", "Behind a row", tip=tip("mean_sd")):
        rows = {row.variable.key: row for row in found.rows}
        if st.session_state.get(ROW) not in rows:
            st.session_state[ROW] = next(iter(rows))
        key = st.selectbox(
            "Row of the table", list(rows), key=ROW, format_func=lambda k: for_markdown(rows[k].variable.label)
        )
        row = rows[key]
        styles = group_styles(comparison) if comparison else {}
        finding = patients.row_words(row, found.labels)
        people = people_of(view.analysis, comparison, view.time)
        data = distribution_data(row, people, groups_of(comparison), finding, view.cohort.source_rows)
        colors = [styles[label].color for label in found.labels]
        show_chart(data, distribution_figure(data, colors), view, key="distribution")
        if row.variable.kind == "number":
            muted("A dot is a patient; line and stroke: quartiles and median; diamond: mean.")
        muted(patients.display_words(row))


def who_they_were(view, found, comparison):
    """Table 1, and beside it (below, with groups) what lies behind one of its rows."""
    if not found.rows:
        not_computed("the file has nothing about patients but their scores", "nothing")
        return
    display()
    before = of_sections(found, [name for name in SECTIONS if name not in OF_PROCEDURE])
    procedure = of_sections(found, OF_PROCEDURE)
    when = view.time_points[0]
    named = when if when.startswith("Before ") else view.cohort.design.before
    heading = f"Patients {inside(named)}"
    if comparison:
        table_card(view, before, "table_1", "Table 1", heading)
        more = {
            "Procedure and events": lambda: table_card(
                view, procedure, "table_2", "Table 2", sections_heading(procedure)
            ),
            "Behind a row": lambda: distribution_card(view, found, comparison),
            "Floor and ceiling": lambda: ends_card(view),
        }
        if chosen := choose_more([*more], "patients-more"):
            more[chosen]()
        return
    left, right = st.columns([7, 5], gap="small")
    with left:
        table_card(view, before, "table_1", "Table 1", heading)
    with right:
        distribution_card(view, found, comparison)
        table_card(view, procedure, "table_2", "Table 2", sections_heading(procedure))
    ends_card(view)


def ends_card(view):
    """Floor and ceiling of every measure at every time point."""
    ends = extremes_table(extremes(view.analysis))
    if ends.rows:
        with card("ends", ends.title, tip=tip("floor_ceiling")):
            show_table(ends)
            choices.offer_facts_of(tuple(view.cohort.measures.values()), "ends")


def flow_card(view, measure, flow):
    """The STROBE flow of one measure."""
    with card(
        "flow", f"From {for_markdown(view.cohort.treatment)} to analysed", tip=tip("attrition"), height="stretch"
    ):
        data = flow_data(flow, view.time_points, patients.missing_title(flow))
        show_chart(data, flow_figure(data), view, key="flow")
        muted(patients.completeness_words(flow))


def periods_card(view, measure, states):
    """Completeness over time, so that a loss of questionnaires during one period is seen."""
    found = by_period(view.analysis, measure.key, view.time)
    if isinstance(found, NotComputed):
        with card("periods", "Over time"):
            muted(f"Not computed: {found.reason}.")
        return
    words = patients.gap_words(gap(found), found)
    with card("periods", f"By {found.unit} of treatment", tip=tip("excluded"), height="stretch"):
        data = periods_data(found, states, words or "No period stands out")
        event = show_chart(data, periods_figure(data), view, key="periods", on_click=True)
        picked.from_states(event, view, measure, states, found.rows, partial(in_period, view.cohort))
        muted(f"{words or 'No run of periods has half the complete pairs of the others or fewer.'} {CLICK}")
        if found.undated:
            muted(f"{found.undated} without a date of treatment are not drawn.")


def center_card(view, measure, states):
    """Completeness per center; per etiology or the first other column where the file names no center."""
    columns = view.cohort.categories()
    column = next((c for c in columns if c.role == "center"), columns[0] if columns else None)
    if column is None:
        return
    rows = by_category(view.analysis, measure.key, view.time, column)
    if isinstance(rows, NotComputed):
        return
    with card("centers", f"By {inside(column.label)}", tip=tip("attrition")):
        name = inside(column.label)
        data = completeness_data(rows, states, f"By {name}", f"Complete pairs by {name}")
        event = show_chart(data, bars_figure(data), view, key="centers", on_click=True)
        picked.from_states(event, view, measure, states, rows, partial(in_category, column))
        muted(CLICK)
        show_table(completeness_table(rows, column.label, view.time_points, view.cohort.treatment))


def against_card(view, measure):
    """Those with a complete pair against those without one."""
    with card("against", "Analysed against not analysed", tip=tip("smd")):
        found = analysed_against_not(view.analysis, measure.key, view.time, form=form())
        if isinstance(found, NotComputed):
            muted(f"Not computed: {found.reason}.")
            return
        st.markdown(for_markdown(patients.balance_words(found)))
        table = table_one_table(found, f"Analysed and not analysed, {measure.label}", overall="Due")
        show_table(table)
        saved.offer(table, view, key="analysed_and_not", numbers=table_one_numbers(found, overall="Due"))


def who_is_missing(view, measure, flow):
    """Everything about one measure's missing pairs."""
    choices.choose_measure(view.measures)
    states = occurring(view.analysis, measure.key, view.time)
    left, right = st.columns(2, gap="small")
    with left:
        flow_card(view, measure, flow)
    with right:
        periods_card(view, measure, states)
    center_card(view, measure, states)
    against_card(view, measure)


view = begin()
comparison = view.comparison
found = patients_table(view.analysis, comparison, view.time, form=form())
measure = choices.chosen_measure(view.measures) if view.measures else None
flow = measure_flow(view.analysis, measure.key, view.time) if measure else None
tab = st.session_state.get("patients-tab", TABS[0])
if tab == WHAT_IF and measure:
    what_if.show(view, TABS, "patients-tab", WHAT_IF)
    st.stop()
if tab == TABS[1] and flow:
    heading(f"{measure.label}: {inside(patients.missing_title(flow))}", view)
else:
    heading(patients.patients_title(view.analysis.flow(view.time), found), view)
if choose_view(TABS, "patients-tab") == TABS[0]:
    who_they_were(view, found, comparison)
elif measure:
    who_is_missing(view, measure, flow)
else:
    not_computed("the file has no measure at both time points", "none")
