"""What if the missing differ: the third view of the page Patients, with its live slider."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.analysis.what_if import Assumptions, reach, shifts, what_if
from lib.analysis.what_if_people import offered, usual
from lib.cohort.measure import Measure
from lib.present.charts.forest import SMALL_ROW, forest_figure
from lib.present.charts.what_if import assumptions_data, shift_data, shift_figure
from lib.present.guide import tip
from lib.present.sentences import what_if as words
from lib.present.tables.what_if import assumptions_table, tips_table
from lib.present.theme import PALETTE, CategoryStyle
from lib.present.wording import for_markdown
from lib.stats.responder_rule import Rule
from lib.stats.results import NotComputed
from lib.ui import choices, saved
from lib.ui.cards import card, choose_view, muted, not_computed, show_table
from lib.ui.page import heading, show_chart
from lib.ui.view import View

OUTCOME, MEAN, SHARE = "what-if-outcome", "Mean", "Share improved"


@st.fragment
def show(view: View, tabs: Sequence[str], key: str, own: str) -> None:
    """The whole view under the page's tabs; only it is drawn again while the slider moves."""
    measure = choices.chosen_measure(view.measures)
    rule = choices.rule(measure)
    keys = _covariates(view, measure)
    value, half = _values(measure)
    found = what_if(
        view.analysis, measure.key, view.time, rule, keys, values=tuple(dict.fromkeys((0.0, value))), share_value=half
    )
    if isinstance(found, NotComputed):
        heading(f"{measure.label}: what if the missing differ?", view)
        _tabs(tabs, key, own)
        choices.choose_measure(view.measures)
        not_computed(found.reason, "what_if")
        return
    share = rule is not None and isinstance(found.share, Assumptions) and _outcome(rule, measure) == SHARE
    end, step = reach(found, measure)
    delta = min(max(float(st.session_state.get(_delta(measure), 0.0)), 0.0), end)
    curve = shifts(view.analysis, measure.key, view.time, rule, keys, _stops(end, step))
    at = min(curve, key=lambda s: abs(s.delta - delta)) if curve else None
    moved = None if at is None else at.share if share else at.mean
    finding = words.title(measure, found, delta, moved)
    if share and rule is not None and isinstance(found.share, Assumptions):
        finding = words.share_title(measure, rule, found, found.share, delta, moved)
    heading(finding, view)
    _tabs(tabs, key, own)
    choices.choose_measure(view.measures)
    with st.container(horizontal=True, key="what-if-controls"):
        _choose_outcome(rule, measure)
        with st.popover("Imputed from"):
            _choose_covariates(view, measure)
            _choose_values(measure, rule)
    pooled = "" if view.comparison is None else " All groups together; for one of them filter on it."
    muted(f"{words.who_words(found, measure)}.{pooled}")
    left, right = st.columns([8, 4], gap="small")
    with left:
        with card("what_if", f"{'Share improved' if share else 'Mean improvement'} under four assumptions"):
            name = f"Missing {words.amount(measure, delta)} less"
            shown = None if moved is None else (name, moved)
            data = assumptions_data(measure, found, finding, share=share, moved=shown)
            styles = {name: CategoryStyle(PALETTE.follow_up, "square")} | {
                label: CategoryStyle(PALETTE.ink, "square") for label in data.categories[:3]
            }
            show_chart(data, forest_figure(data, styles, row=SMALL_ROW), view, key="what_if")
        if at is not None:
            with card("tipping", "Suppose the missing improved by less", tip=tip("tipping_point")):
                _slider(measure, end, step)
                st.markdown(words.summary(measure, found, rule, delta, at.mean, at.share))
                data = shift_data(measure, found, curve, delta, finding, share=share)
                show_chart(data, shift_figure(data), view, key="tipping")
    with right:
        with card("assumes", "What each assumes", tip=tip("missing_assumptions")):
            for label, words_of in words.assumption_lines(found):
                st.markdown(f"**{for_markdown(label)}**  \n:gray[:small[{for_markdown(words_of)}]]")
        with card("tips", "Where the answer would change", tip=tip("tipping_point")):
            show_table(tips_table(measure, found, rule))
    with card("what_if_table", "All in one table", tip=tip("multiple_imputation")):
        table = assumptions_table(measure, found, rule)
        show_table(table)
        saved.offer(table, view, key="what_if_table")
    for line in words.notes(measure, found):
        muted(line)


def _tabs(tabs: Sequence[str], key: str, own: str) -> None:
    """The page's own views; another one is the whole page's business."""
    if choose_view(tabs, key) != own:
        st.rerun()


def _stops(end: float, step: float) -> list[float]:
    return [round(k * step, 10) for k in range(round(end / step) + 1)]


def _delta(measure: Measure) -> str:
    return f"what-if-delta-{measure.key}"


def _slider(measure: Measure, end: float, step: float) -> None:
    """Whole steps of the scale, drawn as whole numbers where they are."""
    key, whole = _delta(measure), float(step).is_integer()
    top, by = (int(end), int(step)) if whole else (end, step)
    now = min(max(float(st.session_state.get(key, 0.0)), 0.0), end)
    st.session_state[key] = int(now) if whole else now
    unit = for_markdown(measure.unit or "points")
    st.slider(f"Suppose the missing improved by … {unit} less", type(top)(0), top, step=by, key=key)


def _covariates(view: View, measure: Measure) -> tuple[str, ...]:
    known = offered(view.cohort, measure.key, view.time)
    comparison = view.comparison
    start = usual(view.cohort, measure.key, None if comparison is None else comparison.grouping)
    chosen = st.session_state.get(f"what-if-from-{measure.key}")
    return tuple(k for k in (start if chosen is None else chosen) if k in known)


def _choose_covariates(view: View, measure: Measure) -> None:
    known = offered(view.cohort, measure.key, view.time)
    key = f"what-if-from-{measure.key}"
    st.session_state[key] = list(_covariates(view, measure))
    st.multiselect(
        f"Beside {for_markdown(measure.label)} before, in this order",
        list(known),
        key=key,
        format_func=lambda k: for_markdown(known[k]),
        placeholder="nothing",
    )


def _values(measure: Measure) -> tuple[float, float]:
    value = st.session_state.get(f"what-if-value-{measure.key}", 0.0)
    return float(value), float(st.session_state.get("what-if-share", 50)) / 100


def _choose_values(measure: Measure, rule: Rule | None) -> None:
    """The values at which the answer changes: of the interval beside 0, and of the share."""
    key = f"what-if-value-{measure.key}"
    st.session_state.setdefault(key, 0.0)
    st.number_input("Also where the interval reaches", key=key, step=float(measure.resolution), format="%g")
    if rule is not None:
        st.session_state.setdefault("what-if-share", 50)
        st.number_input("Where the share falls below, %", 1, 99, key="what-if-share")


def _outcome(rule: Rule | None, measure: Measure) -> str:
    chosen = st.session_state.get(OUTCOME)
    return chosen if chosen in (MEAN, SHARE) and rule is not None else MEAN


def _choose_outcome(rule: Rule | None, measure: Measure) -> None:
    st.session_state[OUTCOME] = _outcome(rule, measure)
    if rule is not None:
        names = {MEAN: MEAN, SHARE: for_markdown(words.did(rule, measure).capitalize())}
        st.segmented_control(
            "Outcome",
            list(names),
            key=OUTCOME,
            format_func=names.__getitem__,
            label_visibility="collapsed",
            required=True,
        )
