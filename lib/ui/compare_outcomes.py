"""What the page Compare can show between groups: kinds of outcome, which of them a file has, and the choice of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.analysis.comparison import Comparison
from lib.analysis.grouped_rates import Rates, responder_rates, top_two_rates
from lib.cohort.cohort import Statement
from lib.cohort.measure import Measure
from lib.present.chart_data import ChartData
from lib.present.escape import for_markdown
from lib.present.forests import improvement_forest, rate_forest
from lib.stats.results import NotComputed
from lib.ui import choices
from lib.ui.view import View

IMPROVEMENT, RESPONDERS, TOP_TWO = "improvement", "responders", "top_two"
WORDS = {IMPROVEMENT: "Mean improvement", RESPONDERS: "Responders", TOP_TWO: "Best two answers"}
LAYOUTS = {"one": "One at a time", "all": "All at once"}
KIND, LAYOUT, STATEMENT = "choice.what", "choice.forests", "choice.statement"

Offered = Sequence[tuple[str, str]]
"""(key, name) of every outcome of one kind."""


def asked(view: View) -> list[Statement]:
    """Statements answered at this time point."""
    return [s for s in view.cohort.statements.values() if (s.key, view.time) in view.cohort.answers]


def offered(view: View, kind: str) -> Offered:
    """Every outcome of one kind that this file has."""
    if kind == TOP_TWO:
        return [(s.key, s.short or s.label) for s in asked(view)]
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
        return improvement_forest(comparison, view.cohort.measure(key), view.time)
    return rate_forest(comparison, name, rates(view, comparison, kind, key))


def anybody(view: View, comparison: Comparison, kind: str, outcomes: Offered) -> bool:
    """Whether anybody compared has a value of any of these outcomes."""
    if kind != TOP_TWO:
        return any(comparison.all.pairs(key, view.time).n for key, _ in outcomes)
    return any(not isinstance(comparison.all.statement(key, view.time), NotComputed) for key, _ in outcomes)
