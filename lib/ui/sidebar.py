"""The sidebar: whose data this is, the filter, the time point and the population."""

from __future__ import annotations

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.present.escape import for_markdown
from lib.present.wording import count
from lib.ui import choices, filters, session, upload


def show(cohort: Cohort) -> None:
    """Draw the whole sidebar for the open cohort."""
    selection = filters.selection(cohort)
    with st.sidebar:
        _counts(cohort)
        filters.show(cohort, selection)
        choices.choose_follow_up(cohort)
        choices.choose_population()
        st.button(
            "Reset filter",
            icon=":material/restart_alt:",
            on_click=filters.reset,
            disabled=selection.is_empty,
            width="stretch",
            key="reset",
        )
        _cohort_card(cohort)


def _counts(cohort: Cohort) -> None:
    time = choices.follow_up(cohort)
    flow = session.analysis(cohort, filters.selection(cohort), choices.population()).flow(time.key if time else "")
    line = f"**{count(flow.selected)}** of {count(flow.operated)} patients"
    if flow.analysed is not None and flow.analysed_selected is not None:
        line += f", **{count(flow.analysed_selected)}** of {count(flow.analysed)} analysed"
    with st.container(key="counts"):
        st.markdown(line)
        st.progress(flow.selected / flow.operated if flow.operated else 0.0)


def _cohort_card(cohort: Cohort) -> None:
    origin = cohort.provenance
    with st.container(key="cohort"):
        if origin.synthetic:
            st.markdown(f"**Synthetic sample cohort**  \n:gray[{count(cohort.n)} invented patients]")
        else:
            st.markdown(
                f"**{for_markdown(origin.file_name)}**  \n"
                f":gray[{count(cohort.n)} patients. Stays on this computer, gone when you close this tab]"
            )
        label = "Use my own file" if origin.synthetic else "Open another file"
        st.button(label, icon=":material/upload_file:", key="upload-open", on_click=upload.ask, width="stretch")
        if not origin.synthetic:
            st.button(
                "Forget this cohort", icon=":material/delete:", key="forget", on_click=session.forget, width="stretch"
            )
