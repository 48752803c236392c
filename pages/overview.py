"""Overview: what happened to these patients, readable in five seconds."""

from itertools import cycle

import streamlit as st

from lib.analysis.norms import beside_norm
from lib.present import wording
from lib.present.charts.axes import in_order, same_scale, score_axis
from lib.present.charts.likert_bars import likert_data, top_two_figure
from lib.present.charts.likert_groups import statement_blocks
from lib.present.charts.mini import mini_data, mini_figure
from lib.present.guide import tip
from lib.present.sentences import leading, outcomes
from lib.present.sentences import responders as sentences_responders
from lib.present.sentences.eq5d import norm_words
from lib.present.tables.on_a_card import events_on_a_card, groups_on_a_card, yes_no_on_a_card
from lib.present.wording import for_markdown
from lib.settings import FEWEST_TO_TEST
from lib.stats.results import NotComputed
from lib.ui import choices, heat, style
from lib.ui.cards import card, muted, quiet_lines, show_small
from lib.ui.page import begin, heading, nobody_card, show_chart
from lib.ui.upload import dialog

MOST_MEASURES = 6


def number(key, n, unit=""):
    """The place of a large number and its unit; the number steps down and turns grey below ten patients."""
    key = f"{'few' if n < FEWEST_TO_TEST else 'number'}_{key}"
    if unit:
        style.unit_beside(key, unit)
    return st.container(key=key)


LEADS = {"t": "mean_improvement", "wilcoxon": "hodges_lehmann", "counts": "sign_test"}
MOST_STATEMENTS = 8


def measure_card(view, measure, comparison):
    """One measure before and after: improvement, interval, every patient, responder rate; compared, each group."""
    result = view.analysis.paired(measure.key, view.time)
    pairs = view.analysis.pairs(measure.key, view.time)
    with card(f"measure_{measure.key}", gap="xxsmall"):
        label = f"**{for_markdown(measure.label)}**"
        if isinstance(result, NotComputed):
            st.metric(f"{label} :gray[improvement]", "Not computed")
            quiet_lines(f"n {wording.count(pairs.n)} · {result.reason}", "")
        else:
            name, value, unit = leading.card_value(measure, result, pairs)
            with number(f"score_{view.measures.index(measure)}", pairs.n, unit):
                st.metric(f"{label} :gray[{name}]", value, help=tip(LEADS[result.choice or "t"]))
            interval, test = leading.interval_and_test(measure, result)
            quiet_lines(f"n {wording.count(pairs.n)} · {wording.inside(interval)}", test)
        axis = score_axis(view.cohort, measure, view.time)
        norms = tuple(beside_norm(view.analysis, view.time, measure.key, before=before) for before in (True, False))
        data = mini_data(result, pairs, axis, view.time_points, outcomes.paired_title(measure, result), norms)
        show_chart(data, mini_figure(data, decimals=measure.decimals), view, key=f"mini_{measure.key}")
        rule = choices.rule(measure)
        if rule is None:
            muted("No published threshold for this measure")
        else:
            found = view.analysis.responders(measure.key, view.time, rule)
            worse = sentences_responders.worse_words(pairs)
            # two lines, whatever they say: a card keeps its height under a filter
            st.markdown(f":small[{for_markdown(outcomes.responder_line(measure, found))}]  \n:small[{worse}]")
        if comparison is not None:
            show_small(groups_on_a_card(comparison, measure, view.time))
        beside = norm_words(*norms, view.time_points, measure.decimals, short=True)
        if beside:
            muted(f"◇ {beside}")
        choices.offer_facts(measure)


def statements_of(view):
    """The statements of one scale and (name, result) of each; nothing where nobody answered."""
    answered = [s for s in view.cohort.statements.values() if (s.key, view.time) in view.cohort.answers]
    # one scale per chart; the others are on the page Statements
    answered = max(same_scale(answered), key=len, default=[])
    answered = in_order(answered, {s.key: view.analysis.statement(s.key, view.time) for s in answered}, "agreement")
    rows = tuple((s.short or s.label, view.analysis.statement(s.key, view.time)) for s in answered[:MOST_STATEMENTS])
    return ([], ()) if all(isinstance(found, NotComputed) for _, found in rows) else (answered, rows)


def statements_card(view, answered, rows, comparison):
    """Top two answers of each statement as thin bars; compared, each group."""
    with card("statements", "What patients say", tip=tip("top_two"), gap="xxsmall"):
        reverse = answered[0].reverse
        unfavourable = "; agreeing is unfavourable here" if reverse else ""
        muted(f"{outcomes.top_two_words(answered[0])}{unfavourable}")
        if comparison is not None:
            heat.show_agreement(statement_blocks(comparison, answered[:MOST_STATEMENTS], view.time))
            return
        finding = outcomes.statements_title(rows, reverse=reverse)
        data = likert_data(rows, answered[0], "What patients say", finding)
        show_chart(data, top_two_figure(data), view, key="top_two")


def yes_no_card(view, outcome, comparison):
    """A yes/no outcome before and after: how many, who stopped, who started."""
    found = view.analysis.yes_no(outcome.key, view.time)
    with card(f"yesno_{outcome.key}", gap="xxsmall"):
        n = "" if isinstance(found, NotComputed) else f"patients of {wording.count(found.n)}"
        label = f"**{for_markdown(outcome.label)}** :gray[{n}]"
        if isinstance(found, NotComputed):
            st.metric(label, "Not computed")
            muted(found.reason)
        else:
            change = f"{wording.count(found.before.count)} → {wording.count(found.after.count)}"
            with number(outcome.key, found.n):
                st.metric(label, change, help=tip("yes_no_change"))
            muted(outcomes.yes_no_line(found))
        if comparison is not None:
            show_small(yes_no_on_a_card(comparison, outcome.key, view.time))


def safety_card(view, comparison):
    """Patients with an adverse event, with an exact interval."""
    found = view.analysis.safety(view.time)
    with card("safety", gap="xxsmall"):
        label = "**Adverse events** :gray[patients]"
        if isinstance(found, NotComputed):
            st.metric(label, "Not recorded")
            muted(found.reason)
        else:
            patients = found.by_type.patients
            key = "adverse_events" if patients.count else "zero_events"
            with number("safety", patients.n):
                st.metric(label, f"{wording.count(patients.count)} of {wording.count(patients.n)}", help=tip(key))
            muted(outcomes.safety_line(found))
        if comparison is not None:
            show_small(events_on_a_card(comparison, view.time))


view = begin()
comparison = view.comparison
primary = view.measures[0] if view.measures else None
rule = choices.rule(primary) if primary else None
satisfied = next((s for s in view.cohort.statements.values() if "satisf" in s.key), None)
safety = view.analysis.safety(view.time)
heading(
    "This file has no score both before and after"
    if primary is None
    else outcomes.overview_sentence(
        primary,
        view.analysis.paired(primary.key, view.time) if primary else None,
        view.analysis.responders(primary.key, view.time, rule) if primary and rule else None,
        view.analysis.statement(satisfied.key, view.time) if satisfied else None,
        None if isinstance(safety, NotComputed) else safety.by_type.patients,
    ),
    view,
)
room = None
nobody = view.measures and all(view.analysis.pairs(m.key, view.time).n == 0 for m in view.measures)
if nobody:
    nobody_card(view, "a score both before and after")
elif view.measures:
    with st.container(key="measures"):
        shown = view.measures[:MOST_MEASURES]
        columns = st.columns([2, 1] if len(shown) == 1 else 2 if len(shown) == 4 else 3, gap="small")
        for column, measure in zip(cycle(columns), shown, strict=False):
            with column:
                measure_card(view, measure, comparison)
        # of one, two and five the last column has room: the short cards go there instead of leaving a hole
        room = columns[-1] if len(shown) in (1, 2, 5) else None
elif not view.cohort.provenance.synthetic:
    with card("no_scores"):
        st.markdown("No column was taken for a score at two time points. Open the file again and say which ones are.")
        st.button("Open the file and look at its columns", key="columns-again", on_click=dialog.ask)
answered, rows = statements_of(view)
if room is not None:
    left, right = st.container(), room
elif answered and comparison is None:
    left, right = st.columns([2, 1], gap="small")
elif answered:  # a column per group needs the width
    left, right = st.container(), st.columns(3, gap="small")
else:  # nothing as wide as the statements: the short cards begin at the left
    left, right = None, st.columns(3, gap="small")
if answered:
    with left:
        statements_card(view, answered, rows, comparison)
places = cycle(right if isinstance(right, list) else [right])
for outcome in view.cohort.outcomes.values():
    # where no score is computed either, one card has said so
    if not (nobody and isinstance(view.analysis.yes_no(outcome.key, view.time), NotComputed)):
        with next(places):
            yes_no_card(view, outcome, comparison)
with next(places):
    safety_card(view, comparison)
