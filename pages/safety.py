"""Safety and opioids: what went wrong, in whom, and who stopped or started taking something."""

from dataclasses import replace

import streamlit as st

from lib.analysis.grouped_patients import groups_of, people_of, safety_by_group
from lib.analysis.safety import (
    after_surgery,
    between_groups,
    event_list,
    per_procedure,
    populations,
    safety_of,
    whole_cohort,
)
from lib.analysis.yes_no import later_than, recorded_at, yes_no_between, yes_no_by_group
from lib.catalog.spreadsheet import no_formula
from lib.present.charts.alluvial import alluvial_data, alluvial_figure
from lib.present.charts.event_bars import event_bars_data, event_bars_figure
from lib.present.guide import tip
from lib.present.sentences import safety
from lib.present.tables.events import events_table, groups_table, listing_table, outcomes_table
from lib.present.tables.yes_no import yes_no_groups_table, yes_no_shares, yes_no_table
from lib.present.wording import for_markdown
from lib.stats.results import NotComputed
from lib.ui import choices, saved, time_to_event
from lib.ui.cards import card, choose_more, muted, not_computed, show_table
from lib.ui.page import begin, heading, show_chart

MOST_EVENTS = 30
"""A longer list stands behind a switch."""
OUTCOME, FIRST, SECOND = "choice.outcome", "choice.from", "choice.to"


def chosen_outcome(view):
    """The yes/no outcome on show: those recorded twice come first; None when the file has none."""
    offered = sorted(view.cohort.outcomes.values(), key=lambda o: len(recorded_at(view.cohort, o.key)) < 2)
    if not offered:
        return None
    wanted = st.session_state.get(OUTCOME)
    return next((o for o in offered if o.key == wanted), offered[0])


def time_points(view, outcome):
    """The two time points compared: baseline and the follow-up of the page, unless others were chosen."""
    time_points = {o.key: o for o in recorded_at(view.cohort, outcome.key)}
    if len(time_points) < 2:
        return None
    keys = list(time_points)
    first = st.session_state.get(FIRST)
    first = first if first in keys[:-1] else keys[0]
    later = [o.key for o in later_than(view.cohort, outcome.key, first)]
    second = st.session_state.get(SECOND)
    if second not in later:
        second = view.time if view.time in later else later[-1]
    return time_points, first, second


def choose_outcome(view, outcome):
    """Which outcome, where there are several."""
    offered = {o.key: for_markdown(o.label) for o in view.cohort.outcomes.values()}
    if len(offered) > 1:
        st.session_state[OUTCOME] = outcome.key
        st.segmented_control(
            "Outcome",
            list(offered),
            key=OUTCOME,
            format_func=offered.__getitem__,
            required=True,
            persist_state="session",
        )


def choose_times(view, outcome, points):
    """Which two time points, where there are more than two."""
    time_points, first, second = points
    if len(time_points) < 3:
        return
    keys = list(time_points)
    with st.container(horizontal=True):
        for label, options, key, value in (
            ("From", keys[:-1], FIRST, first),
            ("To", [o.key for o in later_than(view.cohort, outcome.key, first)], SECOND, second),
        ):
            st.session_state[key] = value
            st.selectbox(label, options, key=key, format_func=lambda k: for_markdown(time_points[k].label))


def yes_no_cards(view, outcome, points, people):
    """The alluvial figure, the 2×2 table with both tests, the sentence."""
    time_points, first, second = points
    labels = (time_points[first].label, time_points[second].label)
    row = yes_no_between(view.analysis, outcome.key, first, second, people)
    sentence = safety.yes_no_sentence(outcome, row.result, labels)
    left, right = st.columns(2, gap="small")
    with (
        left,
        card("alluvial", f"{outcome.label}: who stopped, who started", tip=tip("yes_no_change"), height="stretch"),
    ):
        choose_outcome(view, outcome)
        choose_times(view, outcome, points)
        data = alluvial_data(outcome, row.result, labels, sentence)
        show_chart(data, alluvial_figure(data), view, key="alluvial")
        if row.missing:
            muted(f"{row.missing} of {row.people} have no answer at one of the two time points and are not counted.")
    with right, card("two_by_two", f"{outcome.label}: two by two", tip=tip("mcnemar"), height="stretch"):
        show_table(yes_no_table(outcome, row.result, labels))
        for words in (
            safety.test_words(row.result),
            safety.association_words(
                row.result, sample=view.cohort.provenance.synthetic and view.analysis.selection.is_empty
            ),
        ):
            if words:
                muted(words)
    with card("yes_no_result", "Result sentence", tip=tip("newcombe_paired")):
        st.code(no_formula(safety.plain(sentence)), language=None, wrap_lines=True)
        show_table(replace(yes_no_shares(outcome, row.result, labels), title=f"{outcome.label}, shares", notes=()))


def yes_no_groups_card(view, outcome, points, people, comparison):
    """The same for each group."""
    time_points, first, second = points
    with card("yes_no_groups", f"{outcome.label} by group"):
        rows = yes_no_by_group(view.analysis, outcome.key, first, second, people, groups_of(comparison))
        show_table(yes_no_groups_table(rows, outcome, (time_points[first].label, time_points[second].label)))


def safety_cards(view, chosen, counted):
    """Patients with each event, outcomes with their own denominator, and the full table over both populations."""
    events = safety_of(view.analysis, chosen)
    whole = whole_cohort(view.analysis, view.time)
    operations, after = per_procedure(view.analysis, chosen.mask), after_surgery(view.analysis, chosen.mask)
    left, right = st.columns([5, 6], gap="small")
    with left, card("events", "Patients with an adverse event", tip=tip("adverse_events"), height="stretch"):
        words = safety.events_words(events, safety_of(view.analysis, counted[-1]))
        if isinstance(events, NotComputed) or isinstance(whole, NotComputed):
            muted(words)
        else:
            data = event_bars_data(events, whole, words)
            show_chart(data, event_bars_figure(data), view, key="events")
            muted(words)
    with right, card("outcomes", "Each with its own denominator", tip=tip("clopper_pearson"), height="stretch"):
        show_table(outcomes_table(events, operations, after, view.cohort.design.one))


def table_card(view, counted):
    """Patients and events of every kind, in both populations."""
    both = [found for found in (safety_of(view.analysis, p) for p in counted) if not isinstance(found, NotComputed)]
    with card("events_table", "Adverse events: patients and events", tip=tip("zero_events")):
        table = events_table(both)
        show_table(table)
        saved.offer(table, view, key="adverse_events")


def groups_card(view, comparison):
    """Any event by group."""
    with card("safety_groups", "Adverse events by group"):
        rows = safety_by_group(view.analysis, comparison)
        groups = groups_of(comparison)
        test = between_groups(view.analysis, comparison.all.selected, groups, within_only=comparison.within_only)
        show_table(groups_table(rows, test))


def listing_card(view, chosen):
    """Every event with the patient's change."""
    statement = next((s for s in view.cohort.statements.values() if "again" in s.key), None)
    measures = [choices.chosen_measure(view.measures).key] if view.measures else []
    records = event_list(view.analysis, chosen.mask, measures, view.time, statement.key if statement else None)
    with card("listing", "Every event, with the patient's change"):
        if isinstance(records, NotComputed):
            muted(f"Not computed: {records.reason}.")
            return
        if not records:
            muted("No adverse event in this selection.")
            return
        if view.measures:
            choices.choose_measure(view.measures)
        question = statement.short or statement.label if statement else ""
        table = listing_table(records, view.time_points, chosen.label, question)
        if len(records) > MOST_EVENTS:
            with st.expander(f"All {len(records)} events"):
                show_table(table)
        else:
            show_table(table)


view = begin()
if time_to_event.is_open(view):
    time_to_event.show(view)
    st.stop()
comparison = view.comparison
people = view.analysis.people(view.time)
everyone = people_of(view.analysis, comparison, view.time)  # whom a comparison holds, beyond the filter if need be
counted = populations(view.analysis, view.time)
outcome = chosen_outcome(view)
points = time_points(view, outcome) if outcome else None
change = NotComputed("not recorded at two time points", 0)
if points:
    change = yes_no_between(view.analysis, outcome.key, points[1], points[2], people).result
analysed = safety_of(view.analysis, counted[-1])
heading(safety.safety_title(safety_of(view.analysis, counted[0]), outcome, change, analysed), view)
time_to_event.choose(view)
if view.cohort.events is None:
    not_computed("the file does not record adverse events", "no_events")
safety_cards(view, counted[0], counted)
if points:
    yes_no_cards(view, outcome, points, people)
elif outcome:
    not_computed(f"{outcome.label} is recorded at one time point only", "one_time_point")
more = {}
if view.cohort.events:
    more["Every event"] = lambda: listing_card(view, counted[0])
    if any(not isinstance(safety_of(view.analysis, p), NotComputed) for p in counted):
        more["Patients and events"] = lambda: table_card(view, counted)
    if comparison:
        more["Events by group"] = lambda: groups_card(view, comparison)
if points and comparison:
    more[f"{outcome.label} by group"] = lambda: yes_no_groups_card(view, outcome, points, everyone, comparison)
if more and (chosen := choose_more([*more], "safety-more", "Events by group" if "Events by group" in more else "")):
    more[chosen]()
