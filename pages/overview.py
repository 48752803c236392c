"""Overview: what happened to these patients, readable in five seconds."""

from itertools import cycle

import streamlit as st

from lib.present import wording
from lib.present.charts.axes import same_scale, score_axis
from lib.present.charts.likert_bars import likert_data, top_two_figure
from lib.present.charts.mini import mini_data, mini_figure
from lib.present.guide import tip
from lib.present.sentences import leading, outcomes
from lib.present.wording import for_markdown
from lib.stats.results import NotComputed
from lib.ui import choices
from lib.ui.cards import card, muted, quiet_lines
from lib.ui.page import begin, heading, show_chart
from lib.ui.upload import dialog

MOST_MEASURES = 6
LEADS = {"t": "mean_improvement", "wilcoxon": "hodges_lehmann", "counts": "sign_test"}
MOST_STATEMENTS = 8


def measure_card(view, measure):
    """One measure before and after: improvement, interval, every patient, responder rate."""
    result = view.analysis.paired(measure.key, view.time)
    pairs = view.analysis.pairs(measure.key, view.time)
    with card(f"measure_{measure.key}", gap="xxsmall"):
        label = f"**{for_markdown(measure.label)}**"
        if isinstance(result, NotComputed):
            st.metric(f"{label} :gray[improvement]", "Not computed")
            quiet_lines(f"n {wording.count(pairs.n)} · {result.reason}", "")
        else:
            name, value = leading.leading_value(measure, result)
            st.metric(f"{label} :gray[{name}]", value, help=tip(LEADS[result.choice or "t"]))
            interval, test = leading.interval_and_test(measure, result)
            quiet_lines(f"n {wording.count(pairs.n)} · {wording.inside(interval)}", test)
        axis = score_axis(view.cohort, measure, view.time)
        data = mini_data(result, pairs, axis, view.time_points, outcomes.paired_title(measure, result))
        show_chart(data, mini_figure(data, decimals=measure.decimals), view, key=f"mini_{measure.key}")
        rule = choices.rule(measure)
        if rule is None:
            muted("No published threshold for this measure")
        else:
            found = view.analysis.responders(measure.key, view.time, rule)
            st.markdown(f":small[{for_markdown(outcomes.responder_line(measure, found))}]")


def no_pairs_card(view):
    """Once instead of a "Not computed" per measure: no score can be compared, and what would bring one back."""
    with card("no_pairs"):
        selected = wording.plural(view.analysis.flow(view.time).selected, "patient")
        before, after = (for_markdown(name) for name in view.time_points)
        st.markdown(f"{selected} selected, none with a score both at “{before}” and at “{after}”.")
        ways = []
        if not view.analysis.selection.is_empty:
            ways.append("open the filter")
        if len(view.cohort.follow_ups) > 1:
            ways.append("choose another follow-up")
        if ways:
            muted(f"{wording.joined(ways, 'or').capitalize()} at the left.")


def statements_of(view):
    """The statements of one scale and (name, result) of each; nothing where nobody answered."""
    asked = [s for s in view.cohort.statements.values() if (s.key, view.time) in view.cohort.answers]
    # one scale per chart; the others are on the page Statements
    asked = max(same_scale(asked), key=len, default=[])
    rows = tuple((s.short or s.label, view.analysis.statement(s.key, view.time)) for s in asked[:MOST_STATEMENTS])
    return ([], ()) if all(isinstance(found, NotComputed) for _, found in rows) else (asked, rows)


def statements_card(view, asked, rows):
    """Top two answers of each statement as thin bars."""
    with card("statements", "What patients say", tip=tip("top_two"), gap="xxsmall"):
        reverse = asked[0].reverse
        unfavourable = "; agreeing is unfavourable here" if reverse else ""
        muted(f"{outcomes.top_two_words(asked[0])}{unfavourable}")
        finding = outcomes.statements_title(rows, reverse=reverse)
        data = likert_data(rows, asked[0], "What patients say", finding)
        show_chart(data, top_two_figure(data), view, key="top_two")


def yes_no_card(view, outcome):
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
            st.metric(label, change, help=tip("yes_no_change"))
            muted(outcomes.yes_no_line(found))


def safety_card(view):
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
            st.metric(label, f"{wording.count(patients.count)} of {wording.count(patients.n)}", help=tip(key))
            muted(outcomes.safety_line(found))


view = begin()
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
    no_pairs_card(view)
elif view.measures:
    with st.container(key="measures"):
        shown = view.measures[:MOST_MEASURES]
        columns = st.columns([2, 1] if len(shown) == 1 else 2 if len(shown) == 4 else 3, gap="small")
        for column, measure in zip(cycle(columns), shown, strict=False):
            with column:
                measure_card(view, measure)
        # of one, two and five the last column has room: the short cards go there instead of leaving a hole
        room = columns[-1] if len(shown) in (1, 2, 5) else None
elif not view.cohort.provenance.synthetic:
    with card("no_scores"):
        st.markdown("No column was taken for a score at two time points. Open the file again and say which ones are.")
        st.button("Open the file and look at its columns", key="columns-again", on_click=dialog.ask)
asked, rows = statements_of(view)
if room is not None:
    left, right = st.container(), room
elif asked:
    left, right = st.columns([2, 1], gap="small")
else:  # nothing as wide as the statements: the short cards begin at the left
    left, right = None, st.columns(3, gap="small")
if asked:
    with left:
        statements_card(view, asked, rows)
places = cycle(right if isinstance(right, list) else [right])
for outcome in view.cohort.outcomes.values():
    # where no score is computed either, one card has said so
    if not (nobody and isinstance(view.analysis.yes_no(outcome.key, view.time), NotComputed)):
        with next(places):
            yes_no_card(view, outcome)
with next(places):
    safety_card(view)
