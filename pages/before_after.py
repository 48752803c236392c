"""Before and after: one measure, every patient, the test and why."""

import streamlit as st

from lib.catalog.spreadsheet import no_formula
from lib.present.charts.axes import improvement_axis, score_axis
from lib.present.charts.forest import SMALL_ROW, forest_figure
from lib.present.charts.forest_rows import improvement_forest
from lib.present.charts.improvements import improvements_data, improvements_figure
from lib.present.charts.lines import lines_data, lines_figure
from lib.present.guide import tip
from lib.present.sentences import groups
from lib.present.sentences import outcomes as sentences
from lib.present.sentences.groups import nobody_line
from lib.present.sentences.responders import each_patient
from lib.present.tables.before_after import NAMES, before_after_table, size_table, why_table, why_title
from lib.present.tables.between_groups import groups_table
from lib.present.theme import group_styles
from lib.present.wording import joined
from lib.stats.results import NotComputed
from lib.ui import choices
from lib.ui.cards import card, muted, not_computed, show_table
from lib.ui.page import begin, heading, nobody_has, show_chart

AUTOMATIC = "auto"
OFFERED = {AUTOMATIC: "By the rule", "t": "Paired t", "wilcoxon": "Wilcoxon", "counts": "Counts"}


def forced():
    """The test the user asked for, None for the rule."""
    chosen = st.session_state.get("choice.test", AUTOMATIC)
    return chosen if chosen in NAMES else None


def show_patients(view, measure, result, pairs, finding):
    """A line per patient, and the individual improvements."""
    rule = choices.rule(measure)
    outcomes = view.analysis.outcomes(measure.key, view.time, rule) if rule else None
    left, right = st.columns(2, gap="small")
    with left, card("lines", "Every patient, before and after"):
        data = lines_data(
            result, pairs, outcomes, score_axis(view.cohort, measure, view.time), view.time_points, finding
        )
        show_chart(data, lines_figure(data, decimals=measure.decimals), view, key="lines")
        bands = [s.name for s in data.series if s.role == "band"]
        if bands:
            muted(f"Bands, from pale to dark: {joined(bands)}; the dot is the mean with its 95% CI.")
    with right, card("improvements", "Individual improvements", tip=tip("mean_improvement_ci")):
        threshold = rule.threshold if rule else None
        axis = improvement_axis(view.cohort, measure, view.time)
        sentence = finding if outcomes is None or not pairs.n else each_patient(pairs, outcomes, measure)
        data = improvements_data(result, pairs, outcomes, threshold, axis, sentence)
        show_chart(data, improvements_figure(data, decimals=measure.decimals), view, key="improvements")


def show_test(view, measure, result):
    """Why this test, a switch to force the other, and the sentence to copy."""
    left, right = st.columns(2, gap="small")
    with left, card("why", why_title(result), tip=tip("test_choice"), height="stretch"):
        show_table(why_table(measure, result))
        st.segmented_control(
            "Test",
            list(OFFERED),
            format_func=OFFERED.__getitem__,
            key="choice.test",
            default=None if "choice.test" in st.session_state else AUTOMATIC,
            required=True,
            persist_state="session",
        )
    with right, card("sentence", "Result sentence", tip=tip("p_value"), height="stretch"):
        st.code(
            no_formula(sentences.result_sentence(measure, result, view.time_points)), language=None, wrap_lines=True
        )
        left_out = sentences.excluded_words(view.analysis.pairs(measure.key, view.time).excluded)
        if left_out:
            muted(left_out)
        muted("Change without a control group contains regression to the mean. Clustering by center is not modelled.")


def show_groups(view, measure):
    """The same measure in each group of "Compare by": forest and table; between the groups only on Compare."""
    comparison = view.comparison
    if comparison is None:
        return
    left, right = st.columns(2, gap="small")
    with left, card("by_group", groups.title_by(measure, comparison), tip=tip("forest")):
        data = improvement_forest(comparison, measure, view.time, forced(), choices.rule(measure))
        show_chart(data, forest_figure(data, group_styles(comparison), row=SMALL_ROW), view, key="by_group")
    with right, card("groups", "Each group on its own"):
        show_table(groups_table(comparison, measure, view.time, view.time_points, short=True))
        muted(f"Exploratory. Differences between groups are on Compare. {nobody_line(comparison)}".strip())


view = begin()
if not view.measures:
    heading("No score before and after in this file", view)
    not_computed("the file has no measure at both time points", "none")
    st.stop()
if not view.anybody_paired:
    nobody_has(view, "a score both before and after")
    st.stop()
measure = choices.chosen_measure(view.measures)
result = view.analysis.paired(measure.key, view.time, force=forced())
finding = sentences.paired_title(measure, result)
heading(finding, view)
choices.choose_measure(view.measures)
pairs = view.analysis.pairs(measure.key, view.time)
show_patients(view, measure, result, pairs, finding)
show_groups(view, measure)
if isinstance(result, NotComputed):
    not_computed(result.reason, "why")
else:
    show_test(view, measure, result)
    with card("sizes", "Size of the improvement", tip=tip("d_z")):
        show_table(size_table(measure, result))
with card("table", "All measures", tip=tip("mean_sd")):
    rows = [(m, view.analysis.paired(m.key, view.time, force=forced())) for m in view.measures]
    show_table(before_after_table(rows, view.time_points))
