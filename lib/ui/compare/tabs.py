"""The tabs of the page Compare, what is looked at less often: one function per tab, one row in `offered` each."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.analysis import association_of
from lib.analysis.groups import literature
from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.time_points import time_points_of, trajectories
from lib.analysis.table_one import case_mix, who_improved
from lib.cohort.measure import Measure
from lib.present.charts.axes import score_axis
from lib.present.charts.forest import SMALL_ROW, forest_figure
from lib.present.charts.forest_rows import literature_forest
from lib.present.charts.outcome_bars import outcome_data, outcome_figure
from lib.present.charts.scatter import association_data, association_figure, gain_axis, number_axis
from lib.present.charts.trajectories import trajectories_data, trajectories_figure
from lib.present.guide import tip
from lib.present.sentences import groups, outcomes, responders
from lib.present.tables.literature import literature_table
from lib.present.tables.table_one import table_one_table
from lib.present.theme import group_styles
from lib.present.wording import for_markdown
from lib.stats.results import NotComputed
from lib.ui import choices, picked
from lib.ui.cards import card, choose_more, muted, not_computed, show_table
from lib.ui.compare.over_time import by_period
from lib.ui.page import show_chart
from lib.ui.view import View

AGAINST = "choice.against"

Tab = Callable[[View, Comparison, Measure], None]


def offered(view: View, measure: Measure) -> dict[str, Tab]:
    """The tabs this file has, by what is written on them."""
    tabs: dict[str, Tab] = {
        "Case mix": mix,
        "One number against another": numbers,
        "Who did not improve?": who,
    }
    if len(time_points_of(view.analysis, measure.key)) > 2:
        tabs["Over time"] = over_time
    if "surgery_date" in view.cohort.columns:
        tabs["By date of treatment"] = by_date
    return tabs | {"Published cohorts": published}


def show(view: View, comparison: Comparison, measure: Measure) -> None:
    """All tabs; only the open one is computed and drawn, none at first."""
    tabs = offered(view, measure)
    if chosen := choose_more(list(tabs), "compare-tabs"):
        tabs[chosen](view, comparison, measure)


def mix(view: View, comparison: Comparison, measure: Measure) -> None:
    """Who is compared with whom."""
    with card("mix", "Case mix", tip=tip("case_mix")):
        words = groups.named_by("Case mix", comparison)
        show_table(table_one_table(case_mix(comparison, view.time), words))


def numbers(view: View, comparison: Comparison, measure: Measure) -> None:
    """Improvement of everybody compared against another number."""
    everybody = comparison.all
    choice = association_of.offered(everybody, measure.key, view.time)
    words = {a.text: for_markdown(association_of.label_of(everybody, a)) for a in choice}
    if st.session_state.get(AGAINST) not in words:
        st.session_state[AGAINST] = choice[0].text
    chosen = st.selectbox("Against", list(words), key=AGAINST, format_func=words.__getitem__, persist_state="session")
    found = association_of.association(everybody, measure.key, view.time, association_of.parse_against(chosen, choice))
    finding = groups.association_finding(measure, found)
    with card("scatter", f"Improvement of {measure.label}", tip=tip("correlation")):
        x, y = number_axis(found.label, found.everybody, found.unit), gain_axis(view.cohort, measure, view.time)
        data = association_data(found, measure, x, y, finding)
        event = show_chart(data, association_figure(data), view, key="against", on_click=True)
        picked.from_dots(event, view, measure)
        for line in groups.association_lines(measure, found):
            muted(line)


def who(view: View, comparison: Comparison, measure: Measure) -> None:
    """Responders against the others, and who is behind a bar or a cell."""
    rule = choices.rule(measure)
    if rule is None:
        muted("No threshold for this measure: set one on Responders.")
        return
    left, right = st.columns(2, gap="small")
    with left, card("who_bars", f"Improved by at least {outcomes.rule_words(rule, measure)}"):
        rows = tuple((label, a.responders(measure.key, view.time, rule)) for label, a in comparison.rows)
        title = groups.title_by(measure, comparison)
        data = outcome_data(rows, title, responders.improved_of(rows, f"{title}, improved"))
        event = show_chart(data, outcome_figure(data), view, key="who_bars", on_click=True)
        picked.from_bars(event, view, comparison, measure, rule)
    with right, card("who_cells", "A click on a cell lists its patients"):
        picked.outcome_cells(view, comparison, measure, rule)
    with card("who", "Who did not improve enough", tip=tip("smd")):
        found = who_improved(comparison.all, measure.key, view.time, rule)
        show_table(table_one_table(found, "Responders against the others"))


def over_time(view: View, comparison: Comparison, measure: Measure) -> None:
    """Every time point, and the mixed model."""
    found = trajectories(comparison.all, comparison, measure.key)
    if isinstance(found, NotComputed):
        not_computed(found.reason, "time")
        return
    finding = groups.trajectories_finding(measure, comparison, found)
    with card("time", f"{measure.label} over time", tip=tip("mixed_model")):
        axis = score_axis(view.cohort, measure, view.time)
        data = trajectories_data(found, axis, f"{measure.label} over time", finding)
        event = show_chart(data, trajectories_figure(data, group_styles(comparison)), view, key="time", on_click=True)
        picked.from_dots(event, view, measure)
        for line in groups.model_lines(found):
            muted(line)


def by_date(view: View, comparison: Comparison, measure: Measure) -> None:
    """The measure by month, quarter or year of treatment, over everybody, with how many answered."""
    by_period(view, None, measure, None, "", None)


def published(view: View, comparison: Comparison, measure: Measure) -> None:
    """Published cohorts as reference rows, with where each figure comes from."""
    studies = literature.published(measure)
    if not studies:
        not_computed(f"no published cohort with a citable change of {measure.label} is in the list", "literature")
        return
    with card("literature", "Beside published cohorts", tip=tip("benchmark")):
        data = literature_forest(comparison, measure, view.time, studies)
        show_chart(data, forest_figure(data, group_styles(comparison), row=SMALL_ROW), view, key="literature")
    with card("sources", "Where each figure comes from"):
        show_table(literature_table(studies, measure))
