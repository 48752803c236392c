"""Choices beside the filter: time point, population, measure, threshold; they survive page changes and reload."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from lib.analysis import Analysis, default_threshold
from lib.catalog.instruments import INSTRUMENTS
from lib.cohort.cohort import Cohort, Statement, TimePoint
from lib.cohort.measure import Measure
from lib.cohort.selection import Population
from lib.cohort.statement_order import with_statement_orders
from lib.present.guide.instruments import facts
from lib.present.wording import for_markdown
from lib.stats.responders import Rule

FOLLOW_UP = "choice.time"
POPULATION = "choice.people"
MEASURE = "choice.measure"
_MANY = 5


def threshold_key(measure: Measure) -> str:
    """The session key of a measure's threshold slider."""
    return f"choice.t.{measure.key}"


def follow_up(cohort: Cohort) -> TimePoint | None:
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
    """Over whom one-time point results are counted."""
    return Population.ALL if st.session_state.get(POPULATION) == "all" else Population.ANALYSED


def choose_population(cohort: Cohort) -> None:
    """Analysed patients or everybody treated."""
    words = {"analysed": "Analysed", "all": f"All {for_markdown(cohort.treatment)}"}
    if st.session_state.get(POPULATION) not in words:
        st.session_state[POPULATION] = "analysed"
    st.segmented_control(
        "Count over",
        list(words),
        key=POPULATION,
        format_func=words.__getitem__,
        required=True,
        help="Statements and yes/no answers are counted over these patients. Analysed: a complete before-and-after "
        "pair of a primary measure. Before-and-after results always use their own complete pairs, adverse events "
        "everybody treated.",
    )


def chosen_measure(offered: tuple[Measure, ...]) -> Measure:
    """The measure every page shows; the first of those offered (not empty) before anybody chose."""
    wanted = st.session_state.get(MEASURE)
    return next((m for m in offered if m.key == wanted), offered[0])


def choose_measure(offered: tuple[Measure, ...]) -> None:
    """The measure control: buttons for a few, a list for many, nothing for one; beside it what is known of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        _measure_control(offered)
        offer_facts(chosen_measure(offered))


def _measure_control(offered: tuple[Measure, ...]) -> None:
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


# What the user says about the statements, in place: which are worded in reverse, in which order the answers stand.
#
# Kept for the session under "choice." keys (column keys and places of answers, nothing from the file's cells), so that
# every page reads the statements the same way and a link says so.

TURNED = "choice.turned"
LEVELS = "choice.levels."
_WHICH = "choice.told_statement"
_BETWEEN = ";"


def with_choices(cohort: Cohort) -> Cohort:
    """The cohort as the user reads its statements; the same object while he said nothing."""
    return with_statement_orders(cohort, _turned(), _orders(cohort))


def turned() -> tuple[str, ...]:
    """Keys of the statements that were turned around."""
    return tuple(sorted(_turned()))


def orders(cohort: Cohort) -> dict[str, tuple[int, ...]]:
    """Statement key → places of its answers, for those that were put in another order. `cohort`: as imported."""
    return _orders(cohort)


def _turned() -> frozenset[str]:
    value = st.session_state.get(TURNED, "")
    return frozenset(part for part in str(value).split(_BETWEEN) if part)


def _orders(cohort: Cohort) -> dict[str, tuple[int, ...]]:
    """Every statement with the same answers has the same order: they are one questionnaire."""
    found: dict[str, tuple[int, ...]] = {}
    for statement in cohort.statements.values():
        order = _chosen_order(cohort, statement)
        if order is not None:
            found[statement.key] = order
    return found


def _chosen_order(cohort: Cohort, statement: Statement) -> tuple[int, ...] | None:
    value = st.session_state.get(LEVELS + _first_like(cohort, statement))
    try:
        return tuple(int(part) for part in str(value).split("."))
    except ValueError:
        return None


def _first_like(cohort: Cohort, statement: Statement) -> str:
    return next(s.key for s in cohort.statements.values() if s.levels == statement.levels)


def edit(cohort: Cohort, time_point: str) -> None:
    """A popover in which one statement is turned around, or its answers are put in order.

    `cohort` is the one as imported: order and direction start from there.
    """
    answered = {s.key: s for s in cohort.statements.values() if (s.key, time_point) in cohort.answers}
    with st.popover("Order and direction"):
        key = st.selectbox(
            "Statement",
            list(answered),
            key=_WHICH,
            format_func=lambda k: for_markdown(answered[k].label),
            persist_state="session",
        )
        statement = answered[key]
        turned = f"turned_{key}"
        st.session_state[turned] = statement.reverse != (key in _turned())
        st.toggle(
            "Agreeing is unfavourable (worded in reverse)", key=turned, on_change=_turn, args=(key, statement.reverse)
        )
        ordered = f"ordered_{key}"
        if ordered not in st.session_state:
            order = _chosen_order(cohort, statement) or tuple(range(len(statement.levels)))
            st.session_state[ordered] = [k for k in order if k < len(statement.levels)]
        st.multiselect(
            "Answers, the least agreeing first",
            list(range(len(statement.levels))),
            key=ordered,
            format_func=lambda k: for_markdown(statement.levels[k]),
            on_change=_reorder,
            args=(_first_like(cohort, statement), ordered, len(statement.levels)),
            help="Take answers away and add them again in the right order. Applies to every statement with these "
            "answers, once all of them are there.",
        )
        if len(st.session_state[ordered]) < len(statement.levels):
            st.markdown(":gray[:small[Add every answer; until then the order stays as it was.]]")


def _turn(key: str, as_imported: bool) -> None:
    chosen = set(_turned()) - {key}
    if st.session_state[f"turned_{key}"] != as_imported:
        chosen.add(key)
    st.session_state[TURNED] = _BETWEEN.join(sorted(chosen))


def _reorder(first: str, ordered: str, levels: int) -> None:
    order = st.session_state[ordered]
    if len(order) != levels:
        return
    if list(order) == list(range(levels)):
        st.session_state.pop(LEVELS + first, None)
    else:
        st.session_state[LEVELS + first] = ".".join(str(k) for k in order)


# What is known about an instrument, in a dialog from the name of a measure.


def offer_facts(measure: Measure) -> None:
    """A quiet button beside the measure; nothing for a measure that the catalogue does not have."""
    known = INSTRUMENTS.get((measure.instrument or "").partition(":")[0])
    if known is not None and st.button(
        f"About {for_markdown(known.short)}",
        key=f"about_{measure.key}",
        help="Range, direction, thresholds with sources, norms, scoring, licence",
        type="tertiary",
        icon=":material/info:",
    ):
        _show_facts(known.key)


def offer_facts_of(measures: Sequence[Measure], place: str) -> None:
    """One quiet button beside a table that names several measures."""
    known = [k for k in dict.fromkeys((m.instrument or "").partition(":")[0] for m in measures) if k in INSTRUMENTS]
    if known and st.button(
        "About these instruments",
        key=f"about_all_{place}",
        help="Range, direction, thresholds with sources, norms, scoring, licence",
        type="tertiary",
        icon=":material/info:",
    ):
        _show_each(known)


@st.dialog("What is known about these instruments", width="large")
def _show_each(keys: Sequence[str]) -> None:
    key = st.selectbox("Instrument", keys, format_func=lambda k: INSTRUMENTS[k].names["en"])
    _facts_of(key)


@st.dialog("What is known about this instrument", width="large")
def _show_facts(key: str) -> None:
    _facts_of(key)


def _facts_of(key: str) -> None:
    st.markdown(f"**{for_markdown(INSTRUMENTS[key].names['en'])}**")
    st.markdown("\n".join(f"- {for_markdown(line.removeprefix('- '))}" for line in facts(key)))
