"""The sidebar: whose data this is, the filter, the time point and the population."""

from __future__ import annotations

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.cohort.selection import Selection
from lib.present.sentences.patients import called
from lib.present.wording import count, for_markdown, plural
from lib.ui import choices, export_dialog, filters, guide, session, url
from lib.ui.compare import control
from lib.ui.present import mode
from lib.ui.upload import dialog


def show(cohort: Cohort) -> None:
    """Draw the whole sidebar for the open cohort."""
    selection = filters.selection(cohort)
    with st.sidebar:
        _cohort_card(cohort)
        _tools()
        with st.container(horizontal=True, key="ends", gap="small"):
            st.button("Reset filter", on_click=filters.reset, disabled=selection.is_empty, width="stretch", key="reset")
            guide.guide_button()
        _counts(cohort)
        filters.show(cohort, selection)
        # under the filter: above it the chips would move away from under the pointer that clicked one
        _active(cohort, selection)
        control.choose(cohort, selection)
        choices.choose_follow_up(cohort)
        choices.choose_population(cohort)
        with st.popover("Copy link", icon=":material/link:", width="stretch"):
            st.markdown("The address of this page with its filter and choices. No value of a patient is in it.")
            st.code(url.link(cohort, selection), language=None, wrap_lines=True)


def _tools() -> None:
    """To the wall and into a file: above the filter, so that no screen is too low to show them."""
    with st.container(horizontal=True, key="tools", gap="small"):
        st.button("Present", icon=":material/slideshow:", key="present-open", on_click=mode.start, width="stretch")
        st.button("Export", icon=":material/download:", key="export-open", on_click=export_dialog.ask, width="stretch")


def _active(cohort: Cohort, selection: Selection) -> None:
    """What filters, as chips that take themselves away; nothing when nothing filters."""
    if selection.is_empty:
        return
    with st.container(horizontal=True, key="active", gap="xsmall"):
        for column, words in zip(selection.columns, selection.describe(cohort), strict=True):
            st.button(
                for_markdown(words),
                icon=":material/close:",
                icon_position="right",
                key=f"active-{column}",
                on_click=filters.drop,
                args=(column,),
                help="Take this filter away",
            )


def _counts(cohort: Cohort) -> None:
    time = choices.follow_up(cohort)
    flow = session.analysis(cohort, filters.selection(cohort), choices.population()).flow(time.key if time else "")
    line = f"{_part(flow.selected, flow.operated)} {for_markdown(flow.treated)}"
    if flow.analysed is not None and flow.analysed_selected is not None:
        # a line of its own: words that wrap under a filter would move the chips from under the pointer
        line += f"  \n{_part(flow.analysed_selected, flow.analysed)} analysed"
    with st.container(key="counts"):
        st.markdown(line)
        st.progress(flow.selected / flow.operated if flow.operated else 0.0)


def _part(some: int, of: int) -> str:
    return f"**{count(some)}**" if some == of else f"**{count(some)}** of {count(of)}"


def _cohort_card(cohort: Cohort) -> None:
    origin = cohort.provenance
    with st.container(key="cohort"):
        if origin.synthetic:
            st.markdown(f"**{called(cohort)}**  \n:gray[{count(cohort.n)} invented patients]")
        else:
            named = for_markdown(called(cohort))
            file = f"{for_markdown(origin.file_name)}: " if cohort.design.name else ""
            st.markdown(
                f"**{named}**  \n"
                f":gray[{file}{count(cohort.n)} patients. Stays on this computer, gone when you close this tab]"
            )
            errors = origin.checked.open_errors
            if errors:
                words = f"{plural(errors, 'error')} of this file open"
                st.page_link("pages/data_check.py", label=words, icon=":material/error:")
        label = "Use my own file" if origin.synthetic else "Open another file"
        st.button(label, icon=":material/upload_file:", key="upload-open", on_click=dialog.ask, width="stretch")
        if not origin.synthetic:
            st.button(
                "Forget this cohort", icon=":material/delete:", key="forget", on_click=session.forget, width="stretch"
            )
