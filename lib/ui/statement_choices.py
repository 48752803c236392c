"""What the user says about the statements, in place: which are worded in reverse, in which order the answers stand.

Kept for the session under "choice." keys (column keys and places of answers, nothing from the file's cells), so that
every page reads the statements the same way and a link says so.
"""

from __future__ import annotations

import streamlit as st

from lib.cohort.cohort import Cohort, Statement
from lib.cohort.statement_order import with_statements_told
from lib.present.escape import for_markdown

TURNED = "choice.turned"
LEVELS = "choice.levels."
_WHICH = "choice.told_statement"
_BETWEEN = ";"


def told(cohort: Cohort) -> Cohort:
    """The cohort as the user reads its statements; the same object while he said nothing."""
    return with_statements_told(cohort, _turned(), _orders(cohort))


def _turned() -> frozenset[str]:
    value = st.session_state.get(TURNED, "")
    return frozenset(part for part in str(value).split(_BETWEEN) if part)


def _orders(cohort: Cohort) -> dict[str, tuple[int, ...]]:
    """Every statement with the same answers has the same order: they are one questionnaire."""
    found: dict[str, tuple[int, ...]] = {}
    for statement in cohort.statements.values():
        order = _order_said(cohort, statement)
        if order is not None:
            found[statement.key] = order
    return found


def _order_said(cohort: Cohort, statement: Statement) -> tuple[int, ...] | None:
    value = st.session_state.get(LEVELS + _first_like(cohort, statement))
    try:
        return tuple(int(part) for part in str(value).split("."))
    except ValueError:
        return None


def _first_like(cohort: Cohort, statement: Statement) -> str:
    return next(s.key for s in cohort.statements.values() if s.levels == statement.levels)


def edit(cohort: Cohort, occasion: str) -> None:
    """A popover in which one statement is turned around, or its answers are put in order.

    `cohort` is the one as imported: order and direction start from there.
    """
    asked = {s.key: s for s in cohort.statements.values() if (s.key, occasion) in cohort.answers}
    with st.popover("Order and direction"):
        key = st.selectbox(
            "Statement",
            list(asked),
            key=_WHICH,
            format_func=lambda k: for_markdown(asked[k].label),
            persist_state="session",
        )
        statement = asked[key]
        turned = f"turned_{key}"
        st.session_state[turned] = statement.reverse != (key in _turned())
        st.toggle(
            "Agreeing is unfavourable (worded in reverse)", key=turned, on_change=_turn, args=(key, statement.reverse)
        )
        ordered = f"ordered_{key}"
        if ordered not in st.session_state:
            order = _order_said(cohort, statement) or tuple(range(len(statement.levels)))
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
