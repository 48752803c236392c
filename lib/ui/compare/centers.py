"""Centers of any number: funnel, in order, table; one "my center" for all of them. Drawn by the page Compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.analysis.groups import centers
from lib.analysis.groups.centers import MeansOf, RatesOf
from lib.analysis.groups.comparison import Comparison
from lib.analysis.trends import center_trends
from lib.cohort.grouping import ByColumn
from lib.cohort.measure import Measure
from lib.present.charts.cells import Picture, strips, trend_cells, trend_note
from lib.present.charts.funnel import funnel_figure, means_funnel, rates_funnel
from lib.present.charts.in_order import in_order_data, in_order_figure
from lib.present.guide import tip
from lib.present.sentences import centers as words
from lib.present.sentences import outcomes
from lib.present.tables.centers import MOST_ROWS, SORTS, centers_table, shown_centers
from lib.present.wording import for_markdown
from lib.stats.responders import Rule
from lib.stats.results import NotComputed
from lib.ui import choices, picked, saved
from lib.ui.cards import card, choose_view, muted
from lib.ui.compare import center_rows, over_time
from lib.ui.page import LEAST_WIDTH, heading, show_chart
from lib.ui.view import View

MINE = "choice.center"
OUTCOME = "choice.center_outcome"
ADJUST = "choice.adjust"
_ADJUST_LIST = "center-adjust"
GROUPS = "Groups"
_VIEW = "center-view"
MEANS, RATES = "means", "rates"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the controls above the views say."""

    view: View
    grouping: ByColumn
    comparison: Comparison | None
    measure: Measure
    kind: str
    adjust: tuple[str, ...]
    mine: str

    @property
    def found(self) -> MeansOf | RatesOf | NotComputed:
        """The centers by the outcome chosen."""
        analysis, key, time = self.view.analysis, self.measure.key, self.view.time
        rule = choices.rule(self.measure)
        if self.kind == RATES and rule is not None:
            return centers.center_responders(analysis, self.grouping, key, time, rule, self.adjust)
        return centers.center_gains(analysis, self.grouping, key, time, self.adjust)


def is_open() -> bool:
    """Whether a view of centers is open where the groups could be shown as well; at first they are."""
    return bool(st.session_state.get(_VIEW, GROUPS) != GROUPS)


def choose(*, groups: bool) -> str:
    """Which view is open; "Groups" (forest and model) only where there are few enough groups for it."""
    names = [*VIEWS, *OVER_TIME]
    return choose_view([GROUPS, *names] if groups else names, _VIEW)


def show(view: View, grouping: ByColumn, comparison: Comparison | None = None) -> None:
    """The page for centers; `comparison` where there are few enough for one: a click then lists patients."""
    slot = st.container()
    name = choose(groups=comparison is not None)
    chosen = _controls(view, grouping, comparison, adjusted=name not in PLAIN)
    if name in OVER_TIME:
        OVER_TIME[name](chosen, slot)
        return
    found = chosen.found
    with slot:
        if isinstance(found, NotComputed):
            heading(f"{chosen.measure.label} by {view.cohort.columns[grouping.column].label}", view)
        else:
            heading(words.centers_title(found.found), view)
    if isinstance(found, NotComputed):
        muted(f"Not computed: {found.reason}.")
        return
    VIEWS[name](chosen, found)


def _controls(view: View, grouping: ByColumn, comparison: Comparison | None, *, adjusted: bool) -> Chosen:
    choices.choose_measure(view.measures)
    measure = choices.chosen_measure(view.measures)
    with st.container(horizontal=True, key="center-controls"):
        kinds = {MEANS: "Mean improvement"}
        rule = choices.rule(measure)
        if rule is not None:
            kinds[RATES] = f"Improved by at least {outcomes.rule_words(rule, measure)}"
        if st.session_state.get(OUTCOME) not in kinds:
            st.session_state[OUTCOME] = MEANS
        if len(kinds) > 1:
            st.selectbox(
                "Outcome",
                list(kinds),
                key=OUTCOME,
                format_func=lambda k: for_markdown(kinds[k]),
                persist_state="session",
            )
        adjust = _adjust(view, measure, grouping) if adjusted else ()
        names = sorted(centers.members_of(view.analysis, grouping, measure.key, view.time).labels, key=str.casefold)
        if st.session_state.get(MINE) not in names:
            st.session_state[MINE] = None
        mine = st.selectbox(
            "My center",
            names,
            key=MINE,
            index=None,
            format_func=for_markdown,
            placeholder="none chosen",
            persist_state="session",
        )
    kind = str(st.session_state[OUTCOME])
    return Chosen(view, grouping, comparison, measure, kind, adjust, mine or "")


def _adjust(view: View, measure: Measure, grouping: ByColumn) -> tuple[str, ...]:
    """What is adjusted for; the choice is one text for all measures, so that exports and other pages know it."""
    offered = centers.adjustments(view.cohort, measure.key, grouping)
    stored = st.session_state.get(ADJUST)
    usual = centers.usual_adjustment(view.cohort, measure.key, grouping)
    wanted = stored.split(",") if isinstance(stored, str) else usual
    st.session_state[_ADJUST_LIST] = [key for key in wanted if key in offered]
    chosen = st.multiselect(
        "Adjusted for",
        list(offered),
        key=_ADJUST_LIST,
        format_func=lambda k: for_markdown(offered[k]),
        placeholder="nothing",
        on_change=_keep_adjust,
    )
    return tuple(chosen)


def _keep_adjust() -> None:
    st.session_state[ADJUST] = ",".join(st.session_state.get(_ADJUST_LIST) or ())


def _unit(measure: Measure) -> str:
    return measure.unit or "points"


def funnel(chosen: Chosen, found: MeansOf | RatesOf) -> None:
    """Every center against its number of patients."""
    view, measure = chosen.view, chosen.measure
    title = words.centers_title(found.found)
    if isinstance(found, MeansOf):
        data = means_funnel(found, measure, title, chosen.mine)
    else:
        data = rates_funnel(found, title, chosen.mine)
    assert data.y is not None
    with card("funnel", f"{measure.label}: {data.y.title}", tip=tip("funnel")):
        looked_for = st.selectbox(
            "Find a center",
            sorted(found.members.labels, key=str.casefold),
            index=None,
            key="center-find",
            format_func=for_markdown,
            placeholder="Find a center",
            label_visibility="collapsed",
        )
        rows = chosen.comparison.labels if chosen.comparison else ()
        places = {label: k for k, label in enumerate(rows)}
        figure = funnel_figure(data, looked_for=looked_for or "", places=places)
        event = show_chart(data, figure, view, key="funnel", least_width=LEAST_WIDTH, on_click=bool(rows))
        if chosen.comparison is not None:
            picked.from_forest(event, view, chosen.comparison, measure)
    for line in (
        words.my_center_words(found, chosen.mine, measure),
        words.not_judged_words(found.found),
        words.chance_words(found.found, measure.decimals, _unit(measure)),
        words.adjustment_words(found) if isinstance(found, MeansOf) else "",
        _left_out(found),
    ):
        if line:
            muted(line)


def _left_out(found: MeansOf | RatesOf) -> str:
    lines = []
    if found.left_out:
        lines.append(f"Say nothing here and are left out: {', '.join(found.left_out)}.")
    if found.members.without:
        lines.append(f"{found.members.without} pairs have no center and are in no average.")
    return " ".join(lines)


def in_order(chosen: Chosen, found: MeansOf | RatesOf) -> None:
    """Caterpillar: as measured and shrunken, of the mean improvement."""
    if isinstance(found, RatesOf):
        muted("Centers in order are shown for the mean improvement: choose it above.")
        return
    if isinstance(found.shrunken, NotComputed):
        muted(f"Not computed: {found.shrunken.reason}.")
        return
    measure = chosen.measure
    with card("in_order", f"{measure.label}: centers in order", tip=tip("shrunken_means")):
        data = in_order_data(found, found.shrunken, measure, words.centers_title(found.found), chosen.mine)
        show_chart(data, in_order_figure(data), chosen.view, key="in_order", least_width=LEAST_WIDTH)
    for line in (
        words.rank_words(found.shrunken, found.members.labels, chosen.mine),
        words.spread_words(found.shrunken, found.found, measure.decimals, _unit(measure)),
    ):
        if line:
            muted(line)


def table(chosen: Chosen, found: MeansOf | RatesOf) -> None:
    """At most 50 rows at once, with search and sort; my center stands first, each row with its own funnel and trend."""
    with st.container(horizontal=True):
        search = st.text_input("Find a center", key="center-search", placeholder="Find a center", max_chars=60).strip()
        sort = st.selectbox("Order", list(SORTS), key="center-sort", format_func=SORTS.__getitem__)
        pages = max(1, -(-len(found.members.labels) // MOST_ROWS))
        page = 0
        if pages > 1 and not search:
            page = int(st.number_input("Page", 1, pages, key="center-page")) - 1
    measure, mine = chosen.measure, chosen.mine
    shown, _, _ = shown_centers(found, mine=mine, search=search, sort=sort, page=page)
    made = centers_table(found, measure, mine=mine, search=search, sort=sort, page=page)
    pictures: dict[str, tuple[Picture | str, ...]] = {"Between the limits": strips(found, shown, mine)}
    trends = center_trends(chosen.view.analysis, chosen.grouping, measure.key, chosen.view.time)
    if isinstance(trends, NotComputed):
        made = replace(made, notes=(*made.notes, f"No trend: {trends.reason}."))
    elif isinstance(found, MeansOf):
        pictures[f"By {trends.unit}"] = trend_cells(trends, shown, mine, measure)
        made = replace(made, notes=(*made.notes, trend_note(trends, measure)))
    with card("centers", f"{measure.label} by center", tip=tip("funnel")):
        center_rows.show(made, pictures, before="Place", mine=bool(shown) and found.members.labels[shown[0]] == mine)
        saved.offer(made, chosen.view, key="centers_table")


def _rule(chosen: Chosen) -> Rule | None:
    return choices.rule(chosen.measure) if chosen.kind == RATES else None


def _trend(chosen: Chosen, slot: DeltaGenerator) -> None:
    over_time.by_period(chosen.view, chosen.grouping, chosen.measure, _rule(chosen), chosen.mine, slot)


def _watch(chosen: Chosen, slot: DeltaGenerator) -> None:
    rule = choices.rule(chosen.measure)
    view, grouping, measure = chosen.view, chosen.grouping, chosen.measure
    over_time.patient_by_patient(view, grouping, measure, rule, chosen.adjust, chosen.mine, slot)


def _response(chosen: Chosen, slot: DeltaGenerator) -> None:
    over_time.who_to_contact(chosen.view, chosen.grouping, chosen.mine, slot)


Draw = Callable[[Chosen, MeansOf | RatesOf], None]
VIEWS: dict[str, Draw] = {"Funnel": funnel, "In order": in_order, "Table": table}
OVER_TIME: dict[str, Callable[[Chosen, DeltaGenerator], None]] = {
    "Over time": _trend,
    "Patient by patient": _watch,
    "Response": _response,
}
PLAIN = ("Over time", "Response")
"""Views of what was measured: nothing is adjusted for there, and no control offers it."""
