"""Time to revision or death: a view of the page Safety, for files that hold the dates."""

from __future__ import annotations

import streamlit as st

from lib.analysis.survival import EVENTS, TimeToEvent, events_of, time_to_event
from lib.present.charts.incidence import incidence_data, incidence_figure
from lib.present.guide import tip
from lib.present.sentences.survival import event_title
from lib.present.tables.survival import rates_table, survival_table
from lib.present.theme import group_styles
from lib.report.items.survival import risk_of
from lib.report.plan import Plan
from lib.stats.results import NotComputed
from lib.ui import saved
from lib.ui.cards import card, choose_view, muted, not_computed, show_table
from lib.ui.page import LEAST_WIDTH, heading, show_chart
from lib.ui.view import View

EVENT, METHOD = "choice.event", "choice.event_method"
ADVERSE, TIME = "Adverse events", "Time to event"
_METHODS = {"competes": "Death competes", "plain": "Kaplan–Meier"}


def choose(view: View) -> str:
    """Which view of Safety is open; the first where the file holds no dates of events."""
    return choose_view([ADVERSE, TIME], "safety-view") if events_of(view.cohort) else ADVERSE


def is_open(view: View) -> bool:
    """Whether the view of time to event is open."""
    return bool(events_of(view.cohort)) and st.session_state.get("safety-view") == TIME


def show(view: View) -> None:
    """The page: title, controls, the curve with numbers at risk, estimates and rates."""
    offered = events_of(view.cohort)
    if st.session_state.get(EVENT) not in offered:
        st.session_state[EVENT] = offered[0]
    event = str(st.session_state[EVENT])
    found = time_to_event(view.analysis, event, view.comparison)
    heading(event_title(found) if isinstance(found, TimeToEvent) else f"Time to {EVENTS[event]}", view)
    with st.container(horizontal=True, key="event-controls"):
        choose(view)
        if len(offered) > 1:
            _pick("Event", {key: EVENTS[key].capitalize() for key in offered}, EVENT)
        competes = isinstance(found, TimeToEvent) and found.competes
        if competes:
            _pick("Method", _METHODS, METHOD)
    if isinstance(found, NotComputed):
        not_computed(found.reason, "event")
        return
    plain = competes and st.session_state.get(METHOD) == "plain"
    plan = Plan(view.analysis, view.follow_up, {}, comparison=view.comparison)
    with card("time_to_event", f"{found.event.capitalize()} so far", tip=tip("time_to_event")):
        data = incidence_data(found, risk_of(plan, event, found), event_title(found), plain=plain)
        styles = group_styles(view.comparison) if view.comparison else None
        show_chart(data, incidence_figure(data, styles=styles), view, key="time_to_event", least_width=LEAST_WIDTH)
        for note in data.notes:
            muted(note)
    with card("event_table", "Estimates", tip=tip("time_to_event")):
        table = survival_table(found)
        show_table(table)
        saved.offer(table, view, key="time_to_event")
    with card("event_rates", "Per 100 patient-years", tip=tip("event_rate")):
        show_table(rates_table(found))


def _pick(label: str, words: dict[str, str], key: str) -> None:
    if st.session_state.get(key) not in words:
        st.session_state[key] = next(iter(words))
    st.segmented_control(
        label,
        list(words),
        key=key,
        format_func=words.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
