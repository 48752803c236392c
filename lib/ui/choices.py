"""Choices beside the filter: time point, population, measure, threshold; they survive page changes and reload."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from lib.analysis import Analysis, default_threshold
from lib.cohort.cohort import Cohort, Occasion
from lib.cohort.measure import Measure
from lib.cohort.selection import Population
from lib.present.escape import for_markdown
from lib.stats.responders import Rule

FOLLOW_UP = "choice.time"
POPULATION = "choice.people"
MEASURE = "choice.measure"
_MANY = 5


def threshold_key(measure: Measure) -> str:
    """The session key of a measure's threshold slider."""
    return f"choice.t.{measure.key}"


def follow_up(cohort: Cohort) -> Occasion | None:
    """The chosen time point, the default one before anybody chose."""
    wanted = st.session_state.get(FOLLOW_UP)
    found = next((o for o in cohort.follow_ups if o.key == wanted), None)
    return found or Analysis(cohort).default_follow_up()


def choose_follow_up(cohort: Cohort) -> None:
    """The time point control; nothing to choose, nothing shown."""
    current = follow_up(cohort)
    if current is None or len(cohort.follow_ups) < 2:
        return
    labels = {o.key: for_markdown(o.label) for o in cohort.follow_ups}
    if st.session_state.get(FOLLOW_UP) not in labels:
        st.session_state[FOLLOW_UP] = current.key
    st.selectbox("Follow-up", list(labels), key=FOLLOW_UP, format_func=labels.__getitem__)


def population() -> Population:
    """Over whom one-occasion results are counted."""
    return Population.ALL if st.session_state.get(POPULATION) == "all" else Population.ANALYSED


def choose_population() -> None:
    """Analysed patients or all operated ones."""
    words = {"analysed": "Analysed", "all": "All operated"}
    if st.session_state.get(POPULATION) not in words:
        st.session_state[POPULATION] = "analysed"
    st.segmented_control(
        "Count over",
        list(words),
        key=POPULATION,
        format_func=words.__getitem__,
        required=True,
        help="Statements, yes/no answers and safety are counted over these patients. Analysed: a complete "
        "before-and-after pair of a primary measure. Before-and-after results always use their own complete pairs.",
    )


def chosen_measure(offered: tuple[Measure, ...]) -> Measure:
    """The measure every page shows; the first of those offered (not empty) before anybody chose."""
    wanted = st.session_state.get(MEASURE)
    return next((m for m in offered if m.key == wanted), offered[0])


def choose_measure(offered: tuple[Measure, ...]) -> None:
    """The measure control: buttons for a few, a list for many, nothing for one."""
    labels = {m.key: for_markdown(m.label) for m in offered}
    st.session_state[MEASURE] = chosen_measure(offered).key
    if len(offered) == 1:
        return
    if len(offered) > _MANY:
        st.selectbox("Measure", list(labels), key=MEASURE, format_func=labels.__getitem__, persist_state="session")
    else:
        st.segmented_control(
            "Measure",
            list(labels),
            key=MEASURE,
            format_func=labels.__getitem__,
            label_visibility="collapsed",
            required=True,
            persist_state="session",
        )


def rule(measure: Measure) -> Rule | None:
    """The absolute rule in force for a measure: the slider's value, else the published default, else none."""
    value = st.session_state.get(threshold_key(measure))
    if isinstance(value, int | float | str):
        try:
            chosen = Decimal(str(value))
        except ArithmeticError:
            chosen = Decimal(0)
        if chosen > 0:
            return Rule("absolute", threshold=chosen)
    threshold = default_threshold(measure)
    return None if threshold is None else Rule("absolute", threshold=threshold.value)
