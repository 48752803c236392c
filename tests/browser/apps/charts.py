"""A page for the tests of the chart: two charts, a filter, a chart in a closed tab, a click, another page."""

import streamlit as st

from lib.present import theme
from lib.present.table import Cell, Column, Table
from lib.ui.chart import draw

VALUES = {"All": [7.83, 4.97], "Postpartum": [7.62, 5.54]}


def figure(group: str) -> dict:
    values = VALUES[group]
    return {
        "data": [{"type": "bar", "x": ["Baseline", "12 months"], "y": values, "customdata": ["first", "second"]}],
        "layout": theme.layout(
            height=300,
            yaxis={"range": [0, 10]},
            margin={"l": 40, "r": 16, "t": 48, "b": 32},
            annotations=[{"x": 0.5, "y": 9, "text": f"{group}: {values[0]} to {values[1]}"}],
        ),
    }


def table(group: str) -> Table:
    rows = tuple(
        (Cell(name), Cell(str(v), v)) for name, v in zip(["Baseline", "12 months"], VALUES[group], strict=True)
    )
    return Table("Means", (Column("Time point"), Column("Mean", "right")), rows, ("Mean of <b>all</b> pairs.",))


def first() -> None:
    st.title("Charts")
    group = st.segmented_control("Etiology", list(VALUES), default="All", required=True, key="group")
    alt = f"{group}: pain fell from {VALUES[group][0]} to {VALUES[group][1]}"
    clicked = draw(
        figure(group),
        key="bars__main",
        alt=alt,
        height=300,
        title=f"Pain before and after, {group}",
        note="29 of 57 patients, 29 of 29 pairs · all etiologies, both centers",
        table=table(group),
        file_name="pain: before/after",
        on_click=True,
    )
    if clicked:
        st.text(f"clicked {clicked.points[0].customdata}")
    open_tab, closed_tab = st.tabs(["One", "Two"])
    open_tab.write("Nothing here")
    with closed_tab:
        draw(figure(group), key="hidden", alt=f"In the tab, {group}", height=200)
    st.text("end of page")


def second() -> None:
    st.title("Second")


st.navigation(
    [
        st.Page(first, title="Charts", url_path="first", default=True),
        st.Page(second, title="Second", url_path="second"),
    ],
    position="top",
).run()
