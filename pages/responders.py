"""Responders: how many improved by enough, for every definition of enough."""

import streamlit as st

from lib.present import sentences
from lib.present.charts.outcome_bars import outcome_data, outcome_figure
from lib.present.charts.responder_curve import curve_data, curve_figure
from lib.present.escape import for_markdown
from lib.present.threshold_scale import published, threshold_scale
from lib.stats.results import NotComputed
from lib.ui import choices
from lib.ui.view import begin, card, heading, muted, not_computed, show_chart

LEFT_TO_RIGHT = [7, 5]


@st.fragment
def show(view):
    """Everything that depends on the threshold; only this is drawn again while the slider moves."""
    measure = choices.chosen_measure(view.measures)
    scale = threshold_scale(measure)
    choices.start_threshold(measure, scale)
    rule = choices.rule(measure)
    found = view.analysis.responders(measure.key, view.time, rule)
    finding = sentences.responder_title(measure, found)
    heading(finding, view)
    choices.choose_measure(view.measures)
    left, right = st.columns(LEFT_TO_RIGHT, gap="small")
    with left, card("curve", "Share improved by at least …"):
        choices.choose_threshold(measure, scale, published(measure))
        st.markdown(for_markdown(sentences.responder_readout(measure, found)))
        curve = view.analysis.responder_curve(measure.key, view.time)
        rate = found if isinstance(found, NotComputed) else found.rate
        data = curve_data(curve, measure, scale.ends, rule.threshold, rate, finding)
        show_chart(data, curve_figure(data), view, key="curve")
    with right, card("outcomes", "Improved, unchanged, worsened"):
        rows = []
        for other in view.measures:
            its_rule = choices.rule(other)
            if its_rule:
                words = f"{other.label}, {sentences.rule_words(its_rule, other)}"
                rows.append((words, view.analysis.responders(other.key, view.time, its_rule)))
        data = outcome_data(tuple(rows), "Improved, unchanged, worsened", finding)
        show_chart(data, outcome_figure(data), view, key="outcomes")
        muted("Dark: improved. Grey: unchanged. Orange: worsened. One notch per patient; the line is the interval.")
    with right, card("missing", "Who is missing"):
        bounds = view.analysis.responder_bounds(measure.key, view.time, rule)
        st.markdown(for_markdown(sentences.bounds_words(bounds)))


view = begin()
if view.measures:
    show(view)
else:
    heading("No score before and after in this file", view)
    not_computed("the file has no measure at both time points", "none")
