"""The upload: a file goes in, is parsed in a child process, its columns are confirmed, a cohort comes out."""

from __future__ import annotations

import streamlit as st

_ASKED = "_upload_asked"


def ask() -> None:
    """Open the upload dialog on the next run. For use as a callback."""
    st.session_state[_ASKED] = True


def show_if_asked() -> None:
    """Draw the dialog when somebody asked for it."""
    if st.session_state.pop(_ASKED, False):
        _dialog()


@st.dialog("Use my own file", width="large")
def _dialog() -> None:
    st.markdown("Stays on this computer, gone when you close this tab.")
    st.file_uploader("Cohort file", type=["csv", "tsv", "txt", "xlsx", "xls", "sav", "zsav", "dta"], key="upload.file")
