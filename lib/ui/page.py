"""What every page is made of: its view, its heading, a chart with all it needs, and the calm empty states."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.cohort.selection import Selection
from lib.present.chart_data import ChartData
from lib.present.table import chart_table
from lib.present.wording import for_markdown, joined, plural
from lib.ui import chart, choices, filters, navigation, saved, session
from lib.ui.cards import card
from lib.ui.upload import dialog
from lib.ui.view import View

LEAST_WIDTH = 520
"""In px, of charts with names at their right ends; a telephone shows them smaller."""


def begin() -> View:
    """First line of every page: the frame is there, a cohort is open, somebody is selected; else the page ends here."""
    navigation.guard()
    cohort = session.cohort()
    if cohort is None:
        _file_is_gone()
        st.stop()
        raise AssertionError("st.stop() ends the run")
    view = look(cohort)
    if not view.analysis.selected.any():
        heading("No patient matches this filter", view)
        _nobody(view.cohort, view.analysis.selection)
        st.stop()
    return view


def look(cohort: Cohort) -> View:
    """The open cohort under the filter and the choices of this session."""
    cohort = choices.with_choices(cohort)
    analysis = session.analysis(cohort, filters.selection(cohort), choices.population())
    return View(cohort, analysis, cohort.baseline, choices.follow_up(cohort))


def heading(finding: str, view: View) -> None:
    """The finding as the page's title, and under it about whom."""
    with st.container(key="finding"):
        st.title(for_markdown(finding), anchor=False)
    with st.container(key="strip"):
        st.markdown(f":gray[{for_markdown(view.strip)}]")


def show_chart(
    data: ChartData, figure: dict[str, Any], view: View, *, key: str, on_click: bool = False, least_width: int = 0
) -> chart.ChartEvent | None:
    """Draw a chart with its text alternative, its table, its exported pictures and its slide.

    `least_width`: on a narrower page it is shrunk like a picture.
    """
    return chart.draw(
        figure,
        key=key,
        alt=f"{data.title}. {data.finding}",
        height=int(figure["layout"]["height"]),
        title=data.finding,
        note=view.strip,
        table=chart_table(data),
        file_name=key,
        on_click=on_click,
        slide=saved.chart_slide(data, figure, view),
        least_width=least_width,
    )


def nobody_has(view: View, what: str) -> None:
    """The whole page where the filter leaves patients, but none who has what the page is about: why, and what to do."""
    time = f" at {view.follow_up.label}" if view.follow_up else ""
    heading(f"Nobody under this filter has {what}{time}", view)
    nobody_card(view, what)


def nobody_card(view: View, what: str) -> None:
    """Why nobody has it, and one button per filter that would bring somebody back."""
    time = f" at {view.follow_up.label}" if view.follow_up else ""
    selection = view.analysis.selection
    ways = [] if selection.is_empty else ["open the filter"]
    if len(view.cohort.follow_ups) > 1:
        ways.append("choose another follow-up at the left")
    with card("nobody_has"):
        selected = view.analysis.flow(view.time).selected
        words = f"{plural(selected, 'patient')} selected, none with {what}{time}."
        if ways:
            words += f" {joined(ways, 'or').capitalize()}."
        else:
            words += " Neither a filter nor another follow-up would bring one back: Data check says what is missing."
        st.markdown(for_markdown(words))
        if not selection.is_empty:
            _ways_back(view.cohort, selection)


def _nobody(cohort: Cohort, selection: Selection) -> None:
    with card("nobody"):
        st.markdown(f"Nobody in this cohort fits all of: **{for_markdown(' · '.join(selection.describe(cohort)))}**.")
        _ways_back(cohort, selection)


def _ways_back(cohort: Cohort, selection: Selection) -> None:
    """One button per filter that would bring somebody back, and one for all."""
    with st.container(horizontal=True):
        for key in selection.columns:
            back = int(selection.without(key).apply(cohort).sum())
            if not back:
                continue
            label = f"Drop {for_markdown(cohort.columns[key].label)}: {plural(back, 'patient')}"
            st.button(label, key=f"drop-{key}", on_click=filters.drop, args=(key,))
        st.button("Reset all filters", key="drop-all", on_click=filters.reset)


def _file_is_gone() -> None:
    st.title("Your file is no longer here", anchor=False)
    with card("gone"):
        st.markdown(
            "An uploaded cohort stays in the memory of one open tab and nowhere else. It was dropped when this page "
            "was reloaded or the connection ended. Open the file again: the filter of this address is kept and "
            "applied to it."
        )
        with st.container(horizontal=True):
            st.button("Open my file", key="gone-open", on_click=dialog.ask)
            st.button("Use the sample cohort", key="gone-sample", on_click=session.forget)
