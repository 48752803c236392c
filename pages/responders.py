"""Responders: how many improved by enough, for every definition of enough."""

import streamlit as st

from lib.analysis.groups.rates import rate_family, responder_rates
from lib.analysis.mcid import (
    anchor_based,
    anchors,
    by_baseline_third,
    by_distribution,
    percent_curve,
    predictive,
    responder_curves,
)
from lib.present.charts.axes import improvement_axis, score_axis
from lib.present.charts.baseline_scatter import scatter_data, scatter_figure
from lib.present.charts.outcome_bars import MANY_NOTCHES, outcome_data, outcome_figure
from lib.present.charts.responder_curve import curve_data, curve_figure
from lib.present.charts.threshold_axis import (
    percent_scale,
    published,
    threshold_scale,
    thresholds_data,
    thresholds_figure,
)
from lib.present.charts.waterfall import waterfall_data, waterfall_figure
from lib.present.guide import tip
from lib.present.sentences import outcomes as sentences
from lib.present.sentences import responders
from lib.present.sentences.groups import groups_heading, nobody_line, title_by, whose_curve
from lib.present.tables.between_groups import rate_gaps_table
from lib.present.tables.responders import state_table, thirds_table
from lib.present.theme import group_styles
from lib.present.wording import for_markdown, joined
from lib.settings import FEWEST_TO_TEST
from lib.stats.results import NotComputed
from lib.ui import choices, responder_rule, url
from lib.ui.cards import card, choose_view, muted, not_computed, show_groups, show_table
from lib.ui.compare import control
from lib.ui.page import begin, heading, nobody_has, show_chart

LEFT_TO_RIGHT = [7, 5]
ORIGIN = "Where does the MCID come from"
METHODS = {"wilson": "Wilson", "clopper-pearson": "Clopper–Pearson"}
DENOMINATORS = {"pairs": "Evaluable pairs", "all": "Missing = not improved"}


def method():
    """The interval of the rates, chosen under Display."""
    chosen = st.session_state.get("choice.interval", "wilson")
    return chosen if chosen in METHODS else "wilson"


def curve_card(view, measure, rule, found, finding):
    """Slider, readout and the curve under it."""
    with card("curve", responders.curve_heading(rule), tip=tip("responder_curve")):
        responder_rule.choose_kind(measure)
        responder_rule.choose_values(measure)
        responder_rule.source_line(measure, rule)
        if found is not None:
            st.markdown(for_markdown(sentences.responder_readout(measure, found)))
        if rule is None or rule.kind in ("absolute", "reliable"):
            curve, scale = view.analysis.responder_curve(measure.key, view.time), threshold_scale(measure)
        elif rule.kind == "percent":
            curve, scale = percent_curve(view.analysis, measure.key, view.time), percent_scale()
        else:
            show_table(state_table(found))
            return
        if rule is not None and view.analysis.pairs(measure.key, view.time).n < FEWEST_TO_TEST:
            muted(f"Fewer than {FEWEST_TO_TEST} pairs: no curve; every patient stands below.")
            return
        rate = getattr(found, "rate", NotComputed("no value was chosen", 0))
        comparison = control.comparison(view.analysis)
        groups = responder_curves(comparison, measure.key, view.time, rule)
        few = [name for name, its in groups if its.n < FEWEST_TO_TEST]
        groups = tuple((name, its) for name, its in groups if its.n >= FEWEST_TO_TEST)
        data = curve_data(curve, measure, scale.ends, rule, rate, finding, groups)
        styles = group_styles(comparison) if comparison else {}
        show_chart(data, curve_figure(data, styles=styles), view, key="curve")
        if few:
            muted(f"Fewer than {FEWEST_TO_TEST} pairs, so no curve: {joined(few)}.")
        if groups:
            whose = whose_curve(comparison, filtered=not view.analysis.selection.is_empty)
            show_groups({name: styles[name] for name, _ in groups}, everybody=whose)


def outcome_card(view, measure, rule):
    """Improved, unchanged, worsened: this measure by the rule above, the others by their published threshold."""
    parts = "Met and not met" if rule.state is not None else "Improved, changed by less, worsened"
    with card("outcomes", parts, tip=tip("improved_unchanged_worsened")):
        rows, named, worse = [], [], []
        for other in view.measures:
            its_rule = rule if other.key == measure.key else choices.rule(other)
            if its_rule:
                words = f"{other.label}: {responders.short_rule(its_rule, other)}"
                found = view.analysis.responders(other.key, view.time, its_rule, method=method())
                rows.append((words, found))
                named.append((other.label, found))
                worse.append(responders.worse(view.analysis.pairs(other.key, view.time)))
        sentence = responders.improved_of(named)
        data = outcome_data(tuple(rows), "Improved, changed by less, worsened", sentence)
        show_chart(data, outcome_figure(data, worse=worse), view, key="outcomes")
        notches = "; one notch per patient" if data.n <= MANY_NOTCHES else ""
        if rule.state is None:
            muted(
                f"Left improved, middle changed by less either way, right worsened{notches}; the line is the interval."
            )
        else:
            muted(f"A rule with a state is met (left) or not{notches}; the line is the interval of the rate.")
        with st.popover("Display"):
            st.segmented_control(
                "Interval of the rates",
                list(METHODS),
                key="choice.interval",
                format_func=METHODS.__getitem__,
                default=None if "choice.interval" in st.session_state else "wilson",
                required=True,
                persist_state="session",
            )


def groups_card(view, measure, rule, comparison):
    """The same rule in every group, and the differences between them."""
    with card("groups", groups_heading(comparison), tip=tip("rates_between")):
        rows = []
        for name, group in comparison.rows:
            rows.append((name, group.responders(measure.key, view.time, rule, method=method())))
        by = title_by(measure, comparison)
        data = outcome_data(tuple(rows), by, responders.improved_of(rows, f"{by}, improved"))
        worse = [responders.worse(group.pairs(measure.key, view.time)) for _, group in comparison.rows]
        show_chart(data, outcome_figure(data, worse=worse), view, key="outcomes_by_group")
        rates = responder_rates(comparison, measure.key, view.time, rule)
        family = rate_family(comparison, [(measure.key, rates)])
        show_table(rate_gaps_table(family, measure.key, comparison))
        if nobody_line(comparison):
            muted(nobody_line(comparison))


def missing_card(view, measure, rule, bounds):
    """Best and worst case, and the switch of the denominator."""
    with card("missing", "Who is missing", tip=tip("worst_best_case")):
        st.segmented_control(
            "Count over",
            list(DENOMINATORS),
            key="choice.over",
            format_func=DENOMINATORS.__getitem__,
            default=None if "choice.over" in st.session_state else "pairs",
            required=True,
            persist_state="session",
        )
        st.markdown(for_markdown(sentences.bounds_words(bounds)))


def patients_tab(view, measure, rule):
    """Baseline against follow-up, the waterfall, and rates by third of the baseline."""
    pairs = view.analysis.pairs(measure.key, view.time)
    outcomes = view.analysis.outcomes(measure.key, view.time, rule)
    left, right = st.columns(2, gap="small")
    with left, card("scatter", "Baseline against follow-up", height="stretch"):
        axis = score_axis(view.cohort, measure, view.time)
        change = rule.threshold if rule.kind != "percent" else None
        published_state = next((t.value for t in published(measure, "state")), None)
        parts = responders.quadrants(pairs, outcomes, measure, rule)
        sentence = f"{measure.label}: {parts}"
        data = scatter_data(pairs, outcomes, axis, view.time_points, change, rule.state or published_state, sentence)
        show_chart(data, scatter_figure(data), view, key="scatter")
        muted(parts)
    with right, card("waterfall", "Every patient's improvement, sorted", height="stretch"):
        change = rule.threshold if rule.kind != "percent" else None
        sentence = responders.each_patient(pairs, outcomes, measure)
        data = waterfall_data(pairs, outcomes, change, improvement_axis(view.cohort, measure, view.time), sentence)
        show_chart(data, waterfall_figure(data, height=420), view, key="waterfall")
    with card("thirds", "By third of the baseline", tip=tip("baseline_thirds")):
        thirds = by_baseline_third(view.analysis, measure.key, view.time, rule)
        show_table(thirds_table(measure, thirds))


def origin_tab(view, measure):
    """Estimates of the MCID from this cohort beside the published ones."""
    anchor = responder_rule.choose(view)
    if responder_rule.kind(measure) != "reliable":  # its control stands above then
        responder_rule.choose_reliability(measure)
    stated = responder_rule.reliability(measure)
    spread = by_distribution(view.analysis, measure.key, view.time, None if stated is None else float(stated))
    of_anchor = responder_rule.anchor_reliability()
    open_question = "choose the anchor question and its just improved answers above"
    offered = anchors(view.analysis, view.time)
    anchored = NotComputed(open_question if offered else "no statement was asked at this time point", 0)
    mic = anchored
    if anchor:
        anchored = anchor_based(view.analysis, measure.key, view.time, anchor)
        mic = predictive(view.analysis, measure.key, view.time, anchor, of_anchor)
    words = (*responders.anchor_words(measure, anchored), *(responders.mic_words(measure, mic) if anchor else ()))
    data = thresholds_data(measure, anchored, spread, words[0], mic)
    with card("origins", "Published and estimated, on one axis", tip=tip("anchor_mcid")):
        show_chart(data, thresholds_figure(data, decimals=measure.decimals), view, key="origins")
        for line in words:
            muted(line)
        muted(responders.spread_words(measure, spread))


@st.fragment
def show(view):
    """Everything that depends on the threshold; only this is drawn again while the slider moves."""
    draw(view)
    url.write(view.cohort, "responders")


def draw(view):
    """The cards under the rule as it stands."""
    measure = choices.chosen_measure(view.measures)
    rule = responder_rule.current(measure, view.analysis, view.time)
    if rule is None:
        heading(f"{measure.label}: how much improvement counts?", view)
        choices.choose_measure(view.measures)
        curve_card(view, measure, None, None, f"Share of patients who improved by at least so much, {measure.label}")
        return
    found = view.analysis.responders(measure.key, view.time, rule, method=method())
    bounds = view.analysis.responder_bounds(measure.key, view.time, rule, method=method())
    over_all = st.session_state.get("choice.over") == "all"
    finding = sentences.responder_title(measure, found)
    if over_all:
        finding = responders.worst_case_title(measure, rule, bounds)
    pairs = view.analysis.pairs(measure.key, view.time)
    heading(f"{finding}; {responders.worse_words(pairs)}", view)
    choices.choose_measure(view.measures)
    left, right = st.columns(LEFT_TO_RIGHT, gap="small")
    with left:
        curve_card(view, measure, rule, found, finding)
    with right:
        outcome_card(view, measure, rule)
        missing_card(view, measure, rule, bounds)
    comparison = control.comparison(view.analysis)
    tabs = {"Patients": lambda: patients_tab(view, measure, rule), ORIGIN: lambda: origin_tab(view, measure)}
    if comparison is not None:  # first, and so open: it is what was asked for
        tabs = {
            for_markdown(groups_heading(comparison)): lambda: groups_card(view, measure, rule, comparison),
            **tabs,
        }
    # only one of them runs: a view has at most four charts
    tabs[choose_view(list(tabs), f"tabs-{len(tabs)}")]()


view = begin()
if view.anybody_paired:
    show(view)
elif view.measures:
    nobody_has(view, "a score both before and after")
else:
    heading("No score before and after in this file", view)
    not_computed("the file has no measure at both time points", "none")
