"""Present mode: one finding at a time, for a projector, moved by the arrow keys or a clicker.

The filter stays live: one row of buttons narrows everything to one etiology, one key brings all patients back.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.cohort.patient_columns import Category
from lib.present.escape import for_markdown
from lib.present.plan import Item
from lib.present.report import Report, build_report
from lib.present.report_figures import draw
from lib.present.table import chart_table
from lib.present.theme import PROJECTOR
from lib.present.wording import count
from lib.ui import chart, choices, filters, html_table, session

ON = "choice.present"
_PLACE = "_present_place"
HEIGHT = 440
MOST_GROUPS = 40


def active() -> bool:
    """Whether the screen is a projector's."""
    return st.session_state.get(ON) == "on"


def start() -> None:
    """Begin with the first finding. For use as a callback."""
    st.session_state[ON] = "on"
    st.session_state[_PLACE] = 0


def stop() -> None:
    """Back to the pages. For use as a callback."""
    st.session_state.pop(ON, None)


def show(cohort: Cohort) -> None:
    """The whole screen: title, strip, one chart or table, and the keys."""
    filters.keep()
    analysis = session.analysis(cohort, filters.selection(cohort), choices.population())
    rules = {m.key: choices.rule(m) for m in cohort.measures.values()}
    report = build_report(analysis, choices.follow_up(cohort), rules=rules)
    items = [i for i in report.items if i.usual]
    place = min(max(int(st.session_state.get(_PLACE, 0)), 0), max(len(items) - 1, 0))
    st.session_state[_PLACE] = place
    # the pages' sidebar would stay, empty, until the next click
    st.html("<style>section[data-testid='stSidebar'] { display: none; }</style>")
    with st.container(key="present"):
        item = items[place]
        st.title(for_markdown(item.finding), anchor=False)
        st.markdown(f":gray[{for_markdown(report.who)}]")
        with st.container(height=HEIGHT + 8, border=False, key="present_stage"):
            _stage(item, report)
        _keys(cohort, place, len(items))


def _stage(item: Item, report: Report) -> None:
    """The figure at projector size; a table where the item has no figure."""
    if item.chart is not None and item.figure:
        figure = _fitted(draw(item.figure, item.chart, item.decimals, PROJECTOR))
        chart.draw(
            figure,
            key="present_chart",
            alt=f"{item.heading}. {item.finding}",
            height=HEIGHT,
            title=item.finding,
            note=report.who,
            table=chart_table(item.chart),
            file_name=item.key.replace(":", "-"),
        )
    elif item.table is not None:
        html_table.show(item.table, size="1.5rem")


def _fitted(figure: dict[str, Any]) -> dict[str, Any]:
    """The height of the stage whatever the figure's own; the width is the screen's."""
    layout = {**figure["layout"], "height": HEIGHT}
    layout.pop("width", None)
    return {"data": figure["data"], "layout": layout}


def _keys(cohort: Cohort, place: int, total: int) -> None:
    """The filter at the left, moving at the right; the clicker's keys have buttons of their own, out of sight."""
    column = next((c for c in cohort.categories() if c.role == "etiology"), None) or next(
        iter(cohort.categories()), None
    )
    with st.container(horizontal=True, key="present_keys", vertical_alignment="center"):
        if column is not None:
            _filter_buttons(cohort, column)
        st.button("Back", key="present_back", shortcut="Left", on_click=_move, args=(-1, total), disabled=place == 0)
        st.markdown(f"{count(place + 1)} / {count(total)}", width="content")
        st.button(
            "Next", key="present_next", shortcut="Right", on_click=_move, args=(1, total), disabled=place + 1 >= total
        )
        st.button("End", key="present_end", shortcut="Esc", on_click=stop)
    with st.container(key="clicker"):
        st.button("Previous finding", key="present_up", shortcut="PageUp", on_click=_move, args=(-1, total))
        st.button("Next finding", key="present_down", shortcut="PageDown", on_click=_move, args=(1, total))


def _filter_buttons(cohort: Cohort, column: Category) -> None:
    key = filters.key_of(column.key)
    chosen = st.session_state.get(key) or []
    st.button("All", key="present_all", shortcut="A", on_click=filters.drop, args=(column.key,), disabled=not chosen)
    # a menu, not a list to choose from: it gives the arrow keys back once it is closed
    st.menu_button(
        for_markdown(" or ".join(chosen) if chosen else f"Only one {column.label.lower()}"),
        list(column.labels)[:MOST_GROUPS],
        key="present_filter",
        format_func=for_markdown,
        on_click=_only,
        args=(key,),
    )


def _only(key: str) -> None:
    chosen = st.session_state.get("present_filter")
    if chosen:
        st.session_state[key] = [chosen]


def _move(by: int, total: int) -> None:
    st.session_state[_PLACE] = min(max(int(st.session_state.get(_PLACE, 0)) + by, 0), total - 1)
