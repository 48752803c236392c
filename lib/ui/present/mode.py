"""Present mode: one finding at a time, for a projector, moved by the arrow keys or a clicker.

The filter stays live: one row of buttons narrows everything to one etiology, one key brings all patients back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.analysis.groups.comparison import compare, with_patients
from lib.cohort.cohort import Category, Cohort
from lib.present.table import chart_table
from lib.present.theme import PROJECTOR
from lib.present.wording import count, for_markdown, plural
from lib.ui import cards, chart, choices, filters, session, style
from lib.ui.compare import control

if TYPE_CHECKING:
    from lib.report.plan import Item
    from lib.report.report import Report
    from lib.ui.present.pages import Page

ON = "choice.present"
_PLACE = "_present_place"
HEIGHT = PROJECTOR.height
KEY = 48
MOST_GROUPS = 40


def active() -> bool:
    """Whether the screen is a projector's."""
    return st.session_state.get(ON) == "on"


def start() -> None:
    """Begin with the first finding. For use as a callback."""
    st.session_state[ON] = "on"
    st.session_state.pop(_PLACE, None)


def stop() -> None:
    """Back to the pages. For use as a callback."""
    st.session_state.pop(ON, None)


def show(cohort: Cohort) -> None:
    """The whole screen: title, strip, one chart or table, and the keys."""
    # here: what only a report needs would delay the first page of every session
    from lib.report.report import build_report
    from lib.ui.present.pages import pages

    filters.keep()
    selection = filters.selection(cohort)
    analysis = session.analysis(cohort, selection, choices.population())
    rules = {m.key: choices.rule(m) for m in cohort.measures.values()}
    grouping = control.grouping(cohort, selection)
    many = control.too_many(grouping, cohort)
    compared = None if grouping is None or many is not None else with_patients(compare(analysis, grouping))
    report = build_report(analysis, choices.follow_up(cohort), rules=rules, comparison=compared, many=many)
    found = pages(report) if analysis.selected.any() else []
    keys = [page.key for page in found]
    place = _place(keys)
    # the pages' sidebar would stay, empty, until the next click
    style.present()
    with st.container(key="present"):
        if found:
            page = found[place]
            st.title(for_markdown(page.title), anchor=False)
            st.markdown(f":gray[{for_markdown(_strip(report, page.item))}]")
            with st.container(height=HEIGHT + 8, border=False, key="present_stage"):
                _stage(page, report)
        else:
            st.title("Nothing to show for this filter", anchor=False)
            st.markdown(f":gray[{for_markdown(' · '.join(selection.describe(cohort)) or 'All patients')}]")
        _keys(cohort, place, keys)


def _place(keys: list[str]) -> int:
    """Where the finding shown last stands now: by its key, or where it stood when there is none such any more."""
    place, key = st.session_state.get(_PLACE) or (0, "")
    place = keys.index(key) if key in keys else min(max(place, 0), max(len(keys) - 1, 0))
    st.session_state[_PLACE] = (place, keys[place] if keys else key)
    return int(place)


def _strip(report: Report, item: Item) -> str:
    """About whom, short enough for one line of a projector; the finding's own n where it is another."""
    analysis = report.plan.analysis
    flow = analysis.flow(report.plan.time)
    known = flow.analysed_selected
    who = (
        f"{count(known)} of {count(flow.selected)} analysed" if known is not None else plural(flow.selected, "patient")
    )
    own = (f"n = {count(item.n)}",) if item.n is not None and item.n not in (known, flow.selected) else ()
    words = (*(analysis.selection.describe(analysis.cohort) or ("All patients",)), who, *own)
    return " · ".join((*(("Invented data",) if report.origin.synthetic else ()), *words))


def _stage(page: Page, report: Report) -> None:
    """The figure at projector size; a table where the item has no figure, in one size on all of its pages."""
    from lib.report.figures import draw
    from lib.ui.present.pages import POINTS, points

    item = page.item
    if item.chart is not None and item.figure:
        levels = tuple(s.name for s in item.chart.series if s.role.startswith("level:"))
        height = HEIGHT - (KEY if levels else 0)
        if levels:
            cards.show_ends(levels)
        figure = _fitted(draw(item.figure, item.chart, item.decimals, PROJECTOR), height)
        chart.draw(
            figure,
            key="present_chart",
            alt=f"{item.heading}. {item.finding}",
            height=height,
            title=item.finding,
            note=report.who,
            table=chart_table(item.chart),
            file_name=item.key.replace(":", "-"),
            least_width=PROJECTOR.width,
        )
    elif item.table is not None:
        cards.show(item.table, size=f"{(POINTS if page.part else points(item.table)) / 12:g}rem")


def _fitted(figure: dict[str, Any], height: int) -> dict[str, Any]:
    """The height of the stage whatever the figure's own; the width is the screen's."""
    layout = {**figure["layout"], "height": height}
    layout.pop("width", None)
    return {"data": figure["data"], "layout": layout}


def _keys(cohort: Cohort, place: int, keys: list[str]) -> None:
    """The filter at the left, the place at the right. Buttons to move with show under the pointer and the focus only;
    the clicker's keys have buttons of their own, out of sight."""
    column = next((c for c in cohort.categories() if c.role == "etiology"), None) or next(
        iter(cohort.categories()), None
    )
    total = len(keys)
    with st.container(horizontal=True, key="present_keys", vertical_alignment="center"):
        if column is not None:
            _filter_buttons(cohort, column)
        with st.container(horizontal=True, key="present_move", vertical_alignment="center", width="content"):
            st.button("Back", key="present_back", shortcut="Left", on_click=_move, args=(-1, keys), disabled=place == 0)
            last = place + 1 >= total
            st.button("Next", key="present_next", shortcut="Right", on_click=_move, args=(1, keys), disabled=last)
            st.button("End", key="present_end", shortcut="Esc", on_click=stop)
        with st.container(horizontal=True, key="present_hint", width="content"):
            if place == 0 and total > 1:
                st.markdown(":gray[→ next, Esc ends]", width="content")
        st.markdown(f":gray[{count(place + 1 if total else 0)} / {count(total)}]", width="content")
    with st.container(key="clicker"):
        st.button("Previous finding", key="present_up", shortcut="PageUp", on_click=_move, args=(-1, keys))
        st.button("Next finding", key="present_down", shortcut="PageDown", on_click=_move, args=(1, keys))


def _filter_buttons(cohort: Cohort, column: Category) -> None:
    key = filters.key_of(column.key)
    chosen = st.session_state.get(key) or []
    # a menu, not a list to choose from: it gives the arrow keys back once it is closed
    st.menu_button(
        for_markdown(" or ".join(chosen) if chosen else f"Only one {column.label.lower()}"),
        list(column.labels)[:MOST_GROUPS],
        key="present_filter",
        format_func=for_markdown,
        on_click=_only,
        args=(key,),
    )
    if chosen:
        st.button("A: all", key="present_all", shortcut="A", on_click=filters.drop, args=(column.key,))


def _only(key: str) -> None:
    chosen = st.session_state.get("present_filter")
    if chosen:
        st.session_state[key] = [chosen]


def _move(by: int, keys: list[str]) -> None:
    place, _ = st.session_state.get(_PLACE) or (0, "")
    place = min(max(place + by, 0), max(len(keys) - 1, 0))
    st.session_state[_PLACE] = (place, keys[place] if keys else "")
