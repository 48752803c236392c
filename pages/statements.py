"""Statements: what patients say, as Likert bars with n and the best two answers."""

import streamlit as st
from lib.present.tables.statements import statements_table

from lib.present import sentences
from lib.present.charts.likert_bars import likert_data, likert_figure
from lib.present.statement_groups import same_scale, sorted_rows
from lib.ui.likert_key import show_key
from lib.ui.view import begin, card, heading, muted, not_computed, show_chart, show_table

LAYOUTS = {"diverging": "Around neutral", "100%": "100% bars"}
ORDERS = {"file": "As in the file", "agreement": "By agreement", "name": "By name"}


def display():
    """The settings that change the look only."""
    with st.popover("Display"):
        layout = st.segmented_control(
            "Bars",
            list(LAYOUTS),
            format_func=LAYOUTS.__getitem__,
            key="choice.bars",
            default="diverging",
            required=True,
        )
        order = st.segmented_control(
            "Order", list(ORDERS), format_func=ORDERS.__getitem__, key="choice.order", default="file", required=True
        )
    return layout, order


view = begin()
occasion = view.time
asked = [s for s in view.cohort.statements.values() if (s.key, occasion) in view.cohort.answers]
if not asked:
    heading("No statements in this file at this time point", view)
    not_computed("the file has no statements with ordered answers here", "none")
    st.stop()
results = {s.key: view.analysis.statement(s.key, occasion) for s in asked}
heading(sentences.statements_title(tuple((s.short or s.label, results[s.key]) for s in asked)), view)
layout, order = display()
for place, group in enumerate(same_scale(asked)):
    rows = sorted_rows(group, results, order)
    title = "What patients say"
    with card(f"likert_{place}", title):
        data = likert_data(rows, group[0], title, sentences.statements_title(rows))
        show_key(group[0].levels)
        show_chart(data, likert_figure(data, layout=layout), view, key=f"likert_{place}")
        muted("Numbers in the bars: percent, or patients where fewer than 20 answered. Right: the best two answers.")
    with card(f"table_{place}", "Best two answers"):
        show_table(statements_table([(s, results[s.key]) for s in group]))
