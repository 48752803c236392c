"""The cards of the page Compare: a forest, what lies between the groups, and each group on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import streamlit as st

from lib.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.analysis.groups.rates import RateFamily, Rates, responder_rates, top_two_rates
from lib.analysis.groups.scores import ScoreFamily
from lib.cohort.cohort import Statement
from lib.cohort.grouping import VersusRest
from lib.cohort.measure import Measure
from lib.present.chart_data import ChartData
from lib.present.charts.forest import ROW, SMALL_ROW, forest_figure
from lib.present.charts.forest_rows import improvement_forest, rate_forest
from lib.present.guide import tip
from lib.present.sentences.outcomes import rule_words
from lib.present.sentences.responders import rule_source
from lib.present.table import Table
from lib.present.tables.between_groups import (
    MOST_ROWS,
    between_table,
    checks_table,
    groups_table,
    quartiles_table,
    rate_gaps_table,
)
from lib.present.theme import group_styles
from lib.present.wording import for_markdown
from lib.stats.results import NotComputed
from lib.ui import choices, picked
from lib.ui.cards import card, muted, show_table
from lib.ui.page import show_chart
from lib.ui.view import View


def show_scores(view: View, comparison: Comparison, key: str, name: str, family: ScoreFamily) -> None:
    """One score: its forest, the model beside it, every pair of groups, and each group on its own."""
    measure = view.cohort.measure(key)
    left, right = st.columns([2, 1], gap="small")
    with left:
        forest_card(view, comparison, IMPROVEMENT, key, title_of(IMPROVEMENT, name))
    with right:
        _model_card(measure, family)
    _pairs_card(measure, family, comparison.randomised)
    with card("groups", "Each group on its own", tip=tip("too_few")):
        show_table(groups_table(comparison, measure, view.time, view.time_points))


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
    measure = measure_of(view, kind, key)
    with card(f"forest_{key}", name, tip=None if small else tip("forest")):
        data = forest(view, comparison, kind, key, name)
        figure = forest_figure(data, group_styles(comparison), row=SMALL_ROW if small else ROW)
        event = show_chart(data, figure, view, key=f"forest_{key}", on_click=True)
        if measure is not None:
            picked.from_forest(event, view, comparison, measure)
        for note in data.notes:
            muted(note)
        rule = choices.rule(measure) if kind == RESPONDERS and measure is not None else None
        if rule is not None and measure is not None:
            muted(f"Responder: improved by at least {rule_words(rule, measure)}; {rule_source(measure, rule)}.")
        if small and measure is not None:
            choices.offer_facts(measure)


def _model_card(measure: Measure, family: ScoreFamily) -> None:
    """The model over all groups and its checks."""
    with card("model", "Between groups", tip=tip("heterogeneity")):
        found = checks_table(measure, family)
        if isinstance(found, NotComputed):
            muted(f"Not computed: {found.reason}.")
        else:
            show_table(found)


def _pairs_card(measure: Measure, family: ScoreFamily, randomised: bool) -> None:
    """Every pair of groups; many of them behind a switch."""
    pairs = between_table(measure, family, randomised=randomised)
    if not pairs.rows:  # the card of the model has said why
        return
    with card("pairs", "Differences between groups", tip=tip("sidak")):
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


# What the page Compare can show between groups: kinds of outcome, which of them a file has, and the choice of one.

IMPROVEMENT, RESPONDERS, TOP_TWO = "improvement", "responders", "top_two"
WORDS = {IMPROVEMENT: "Mean improvement", RESPONDERS: "Responders", TOP_TWO: "Best two answers"}
LAYOUTS = {"one": "One at a time", "all": "All at once"}
KIND, LAYOUT, STATEMENT = "choice.what", "choice.forests", "choice.statement"

Offered = Sequence[tuple[str, str]]
"""(key, name) of every outcome of one kind."""


def answered_statements(view: View) -> list[Statement]:
    """Statements answered at this time point."""
    return [s for s in view.cohort.statements.values() if (s.key, view.time) in view.cohort.answers]


def offered(view: View, kind: str) -> Offered:
    """Every outcome of one kind that this file has."""
    if kind == TOP_TWO:
        return [(s.key, s.short or s.label) for s in answered_statements(view)]
    return [(m.key, m.label) for m in view.measures if kind == IMPROVEMENT or choices.rule(m)]


def kinds_of(view: View) -> dict[str, str]:
    """The kinds of outcome this file has, with their words."""
    return {kind: words for kind, words in WORDS.items() if offered(view, kind)}


def chosen_kind(kinds: Mapping[str, str]) -> str:
    """The kind chosen, the first of those offered (not empty) before anybody chose."""
    wanted = st.session_state.get(KIND)
    return wanted if isinstance(wanted, str) and wanted in kinds else next(iter(kinds))


def chosen(view: View, kind: str, outcomes: Offered) -> tuple[str, str]:
    """The outcome shown: the measure chosen on any page, or the statement chosen here."""
    wanted = st.session_state.get(STATEMENT) if kind == TOP_TWO else choices.chosen_measure(view.measures).key
    return next((o for o in outcomes if o[0] == wanted), outcomes[0])


def choose(view: View, kind: str, outcomes: Offered) -> None:
    """The control for it."""
    if kind == TOP_TWO:
        words = {key: for_markdown(name) for key, name in outcomes}
        if st.session_state.get(STATEMENT) not in words:
            st.session_state[STATEMENT] = outcomes[0][0]
        st.selectbox("Statement", list(words), key=STATEMENT, format_func=words.__getitem__, persist_state="session")
    else:
        choices.choose_measure(tuple(view.cohort.measure(key) for key, _ in outcomes))


def all_at_once() -> bool:
    """Whether every outcome of the kind is drawn, as it stands before the control is."""
    return st.session_state.get(LAYOUT) == "all"


def measure_of(view: View, kind: str, key: str) -> Measure | None:
    """The measure an outcome is of; None for a statement."""
    return None if kind == TOP_TWO else view.cohort.measure(key)


def title_of(kind: str, name: str) -> str:
    """The heading of a forest."""
    return f"{WORDS[kind]}, {name}"


def rates(view: View, comparison: Comparison, kind: str, key: str) -> Rates:
    """The share of one outcome in all and in every group."""
    if kind == TOP_TWO:
        return top_two_rates(comparison, key, view.time)
    rule = choices.rule(view.cohort.measure(key))
    assert rule is not None  # only measures with a rule are offered as responders
    return responder_rates(comparison, key, view.time, rule)


def forest(view: View, comparison: Comparison, kind: str, key: str, name: str) -> ChartData:
    """The forest of one outcome as data."""
    if kind == IMPROVEMENT:
        measure = view.cohort.measure(key)
        return improvement_forest(comparison, measure, view.time, rule=choices.rule(measure))
    return rate_forest(comparison, name, rates(view, comparison, kind, key))


def anybody(view: View, comparison: Comparison, kind: str, outcomes: Offered) -> bool:
    """Whether anybody compared has a value of any of these outcomes; of a filter and its rest, somebody in both.

    Without anybody in the filter the rest would be all, shown twice.
    """
    sides = [g for _, g in comparison.groups] if isinstance(comparison.grouping, VersusRest) else [comparison.all]
    return all(_has(view, side, kind, outcomes) for side in sides)


def _has(view: View, side: Analysis, kind: str, outcomes: Offered) -> bool:
    if kind != TOP_TWO:
        return any(side.pairs(key, view.time).n for key, _ in outcomes)
    return any(not isinstance(side.statement(key, view.time), NotComputed) for key, _ in outcomes)
