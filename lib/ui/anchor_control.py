"""The anchor question and its "just improved" answers, and the reliability that SEM and MDC need."""

from __future__ import annotations

import streamlit as st

from lib.analysis.mcid import Anchor, default_anchor
from lib.present.escape import for_markdown
from lib.ui.view import View

STATEMENT = "choice.anchor"


def choose(view: View) -> Anchor | None:
    """Draw both controls; None when no statement was asked at this time point."""
    asked = {
        s.key: s
        for s in view.cohort.statements.values()
        if (s.key, view.time) in view.cohort.answers and len(s.levels) >= 3
    }
    start = default_anchor(view.analysis, view.time)
    if not asked or start is None:
        return None
    if st.session_state.get(STATEMENT) not in asked:
        st.session_state[STATEMENT] = start.statement
    st.selectbox(
        "Anchor question",
        list(asked),
        key=STATEMENT,
        format_func=lambda key: for_markdown(asked[key].label),
        persist_state="session",
    )
    statement = asked[st.session_state[STATEMENT]]
    default = next(iter(_default_levels(view, statement.key)))
    key = f"anchor_levels_{statement.key}"
    if not st.session_state.get(key):
        st.session_state[key] = [default]
    st.pills(
        "Answers that mean just improved",
        list(range(len(statement.levels))),
        selection_mode="multi",
        key=key,
        format_func=lambda k: for_markdown(statement.levels[k]),
        persist_state="session",
    )
    chosen = tuple(sorted(st.session_state[key])) or (default,)
    return Anchor(statement.key, chosen)


def _default_levels(view: View, statement: str) -> tuple[int, ...]:
    from lib.analysis.mcid import just_past_neutral

    found = view.cohort.statements[statement]
    return (just_past_neutral(len(found.levels), found.reverse),)


def reliability() -> float:
    """Test–retest reliability r, stated by the user; 0.80 at first."""
    key = "anchor_reliability"
    st.session_state.setdefault(key, 0.8)
    st.slider("Reliability of the measure (test–retest r)", 0.5, 0.99, step=0.01, key=key, persist_state="session")
    value: float = st.session_state[key]
    return value
