"""Who will see what leaves the app: asked once for an uploaded cohort, before the first file of any kind."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.ui import session

DEPARTMENT, OUTSIDE = "department", "outside"
READERS = {DEPARTMENT: "My department", OUTSIDE: "People outside it"}
HELP = "Outside: counts of 1 to 4 and what would give them away are hidden, no single patient is drawn."
_CHOSEN = "_export_readers"
_WIDGET = "export.readers"
_QUESTION = "_export_readers_asked"


def chosen(cohort: Cohort) -> str | None:
    """The answer for this cohort, None before it was given. Invented patients are shown to anybody."""
    given: tuple[str, str] | None = st.session_state.get(_CHOSEN)
    if given is not None and given[0] == cohort.provenance.fingerprint:
        return given[1]
    return DEPARTMENT if cohort.provenance.synthetic else None


def pictures() -> Literal["save", "ask", "none"]:
    """Whether the pictures of charts may be saved as they are on screen: not for outsiders, and not before it is said
    who will see them. They show single patients; what outsiders may see of a chart is its slide."""
    cohort = session.opened()
    known = DEPARTMENT if cohort is None else chosen(cohort)
    return "ask" if known is None else "save" if known == DEPARTMENT else "none"


def choose(cohort: Cohort) -> str | None:
    """The question as a control; what is chosen stays for this cohort, whatever page comes next."""
    if _WIDGET not in st.session_state:
        st.session_state[_WIDGET] = chosen(cohort)
    answer = st.segmented_control(
        "Who will see this?", list(READERS), key=_WIDGET, format_func=READERS.__getitem__, help=HELP
    )
    if answer is not None:
        st.session_state[_CHOSEN] = (cohort.provenance.fingerprint, answer)
    return answer


def ask(then: str = "") -> None:
    """Ask on the next run; `then` is a key of the session state that is set to True once it is answered."""
    st.session_state[_QUESTION] = then


def show_if_asked(cohort: Cohort) -> None:
    """Draw the question when somebody wanted a file before answering it."""
    then = st.session_state.pop(_QUESTION, None)
    if then is not None:
        _dialog(cohort, then)


@st.dialog("Who will see this?", width="small")
def _dialog(cohort: Cohort, then: str) -> None:
    st.markdown(
        "Asked once for this file, for everything you save from it. Outside your department counts of 1 to 4 patients "
        "are hidden, with what would give them away, and no single patient is drawn."
    )
    with st.container(horizontal=True):
        for answer, label in READERS.items():
            if st.button(label, key=f"readers.{answer}"):
                st.session_state[_CHOSEN] = (cohort.provenance.fingerprint, answer)
                st.session_state.pop(_WIDGET, None)
                if then:
                    st.session_state[then] = True
                st.rerun()
