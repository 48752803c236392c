"""The cards of the page Compare: a forest, what lies between the groups, and each group on its own."""

from __future__ import annotations

from itertools import cycle

import streamlit as st

from lib.analysis.comparison import Comparison
from lib.analysis.grouped_rates import RateFamily
from lib.analysis.grouped_scores import ScoreFamily
from lib.cohort.measure import Measure
from lib.present.charts.forest import ROW, SMALL_ROW, forest_figure
from lib.present.group_styles import group_styles
from lib.present.guide import tip
from lib.present.table import Table
from lib.present.tables.between_groups import MOST_ROWS, between_table, checks_table, quartiles_table
from lib.present.tables.groups import groups_table
from lib.present.tables.rate_gaps import rate_gaps_table
from lib.stats.results import NotComputed
from lib.ui import compare_outcomes, picked
from lib.ui.cards import card, muted, show_table
from lib.ui.compare_outcomes import Offered, title_of
from lib.ui.view import View, show_chart


def show_scores(view: View, comparison: Comparison, key: str, name: str, family: ScoreFamily) -> None:
    """One score: its forest, the model beside it, every pair of groups, and each group on its own."""
    measure = view.cohort.measure(key)
    left, right = st.columns([8, 5], gap="small")
    with left:
        forest_card(view, comparison, compare_outcomes.IMPROVEMENT, key, title_of(compare_outcomes.IMPROVEMENT, name))
    with right:
        _model_card(measure, family)
    _pairs_card(measure, family)
    with card("groups", "Each group on its own", tip=tip("too_few")):
        show_table(groups_table(comparison, measure, view.time, view.occasions))


def show_rates(view: View, comparison: Comparison, kind: str, key: str, name: str, family: RateFamily) -> None:
    """One share: its forest, and every pair of groups."""
    forest_card(view, comparison, kind, key, title_of(kind, name))
    with card("rates", "Between groups", tip=tip("rates_between")):
        _long_table(rate_gaps_table(family, key, comparison, exploratory=False))


def show_all(view: View, comparison: Comparison, kind: str, outcomes: Offered) -> None:
    """Small multiples: every outcome of one kind."""
    for column, (key, name) in zip(cycle(st.columns(2, gap="small")), outcomes, strict=False):
        with column:
            forest_card(view, comparison, kind, key, name, small=True)


def forest_card(view: View, comparison: Comparison, kind: str, key: str, name: str, *, small: bool = False) -> None:
    """One forest; a click lists the patients of a row."""
    measure = compare_outcomes.measure_of(view, kind, key)
    with card(f"forest_{key}", name, tip=None if small else tip("forest")):
        data = compare_outcomes.forest(view, comparison, kind, key, name)
        figure = forest_figure(data, group_styles(comparison), row=SMALL_ROW if small else ROW)
        event = show_chart(data, figure, view, key=f"forest_{key}", on_click=True)
        if measure is not None:
            picked.from_forest(event, view, comparison, measure)
        for note in data.notes:
            muted(note)


def _model_card(measure: Measure, family: ScoreFamily) -> None:
    """The model over all groups and its checks."""
    with card("model", "Between groups", tip=tip("heterogeneity")):
        found = checks_table(measure, family)
        if isinstance(found, NotComputed):
            muted(f"Not computed: {found.reason}.")
        else:
            show_table(found)


def _pairs_card(measure: Measure, family: ScoreFamily) -> None:
    """Every pair of groups; many of them behind a switch."""
    pairs = between_table(measure, family)
    if not pairs.rows:  # the card of the model has said why
        return
    with card("pairs", "Difference between two groups", tip=tip("ancova")):
        _long_table(pairs)
        quartiles = quartiles_table(measure, family)
        if quartiles is not None:
            st.markdown("**Slopes differ: differences by where patients start**")
            _long_table(quartiles)


def _long_table(table: Table) -> None:
    """Many pairs of groups stand behind a switch."""
    if len(table.rows) > MOST_ROWS:
        with st.expander(f"All {len(table.rows)} pairs of groups"):
            show_table(table)
    else:
        show_table(table)
