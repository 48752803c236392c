"""Who will see what leaves the app: asked once for an uploaded cohort, before the first file of any kind."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.disclosure.readers import NAMES, Reader
from lib.present.guide import entry, tip
from lib.ui import session

_CHOSEN = "_export_readers"
_WIDGET = "export.readers"
_QUESTION = "_export_readers_asked"


def chosen(cohort: Cohort) -> Reader | None:
    """The answer for this cohort, None before it was given. Invented patients are shown to anybody."""
    given: tuple[str, Reader] | None = st.session_state.get(_CHOSEN)
    if given is not None and given[0] == cohort.provenance.fingerprint:
        return given[1]
    return Reader.DEPARTMENT if cohort.provenance.synthetic else None


def pictures() -> Literal["save", "ask", "none"]:
    """Whether pictures of charts may be saved as they are on screen: for the department, once it is said who sees them.

    They show single patients; what others may see is in the export.
    """
    cohort = session.opened()
    known = Reader.DEPARTMENT if cohort is None else chosen(cohort)
    return "ask" if known is None else "save" if known is Reader.DEPARTMENT else "none"


def choose(cohort: Cohort, key: str = _WIDGET) -> Reader | None:
    """The question as a control; what is chosen stays for this cohort, whatever page comes next."""
    if key not in st.session_state:
        st.session_state[key] = chosen(cohort)
    answer = st.segmented_control(
        "Who will see this?", list(NAMES), key=key, format_func=NAMES.__getitem__, help=tip("readers")
    )
    if answer is None:
        return None
    st.session_state[_CHOSEN] = (cohort.provenance.fingerprint, Reader(answer))
    return Reader(answer)


def ask(then: str = "") -> None:
    """Ask on the next run; `then` is a key of the session state that is set to True once it is answered."""
    st.session_state[_QUESTION] = then


def show_if_requested(cohort: Cohort) -> None:
    """Draw the question when somebody wanted a file before answering it."""
    then = st.session_state.pop(_QUESTION, None)
    if then is not None:
        _dialog(cohort, then)


@st.dialog("Who will see this?", width="small")
def _dialog(cohort: Cohort, then: str) -> None:
    st.markdown(f"Asked once for this file, for everything you save from it. {entry('readers').plain}")
    with st.container(horizontal=True):
        for answer, label in NAMES.items():
            if st.button(label, key=f"readers.{answer.value}"):
                st.session_state[_CHOSEN] = (cohort.provenance.fingerprint, answer)
                st.session_state.pop(_WIDGET, None)
                if then:
                    st.session_state[then] = True
                st.rerun()
