"""Centers over time: by period of treatment, patient by patient, and who has not answered. Views of Compare."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.analysis.groups.centers import center_codes
from lib.analysis.groups.literature import published
from lib.analysis.groups.surveillance import Surveillance, surveillance
from lib.analysis.trends import MONTHS, Trend, Unit, response, trend
from lib.cohort.grouping import ByColumn
from lib.cohort.measure import Measure
from lib.present.charts.trend import trend_data, trend_figure
from lib.present.charts.watch import watch_data, watch_figure
from lib.present.guide import tip
from lib.present.sentences import over_time as words
from lib.present.tables.over_time import to_contact_table, watched_table
from lib.present.wording import for_markdown
from lib.stats.responders import Rule
from lib.stats.results import NotComputed
from lib.ui.cards import card, muted, show_table
from lib.ui.compare import center_rows
from lib.ui.page import LEAST_WIDTH, heading, show_chart
from lib.ui.view import View

UNIT = "choice.period"
_UNITS: dict[Unit, str] = {"month": "Month", "quarter": "Quarter", "year": "Year"}


def by_period(
    view: View, grouping: ByColumn | None, measure: Measure, rule: Rule | None, mine: str, slot: DeltaGenerator | None
) -> None:
    """My center against all others, or all patients together while none is chosen; completeness under it.

    `slot`: where the finding goes as the title of the page, None: it stays in the card.
    """
    if st.session_state.get(UNIT) not in MONTHS:
        st.session_state[UNIT] = "quarter"
    st.segmented_control(
        "Period",
        list(_UNITS),
        key=UNIT,
        format_func=_UNITS.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    unit: Unit = st.session_state[UNIT]
    beside = _reference(measure, rate=rule is not None)
    codes, names = (None, ()) if grouping is None else center_codes(view.cohort, grouping)
    inside = codes == names.index(mine) if codes is not None and mine in names else None
    own = trend(view.analysis, measure.key, view.time, unit, rule, inside)
    if isinstance(own, NotComputed):
        if slot is not None:
            with slot:
                heading(words.trend_heading(measure, rate=rule is not None), view)
        muted(f"Not computed: {own.reason}.")
        return
    others = None
    if codes is not None and inside is not None:
        found = trend(view.analysis, measure.key, view.time, unit, rule, (codes >= 0) & ~inside)
        others = found if isinstance(found, Trend) else None
    title = words.trend_title(own, others, measure, mine, rate=rule is not None)
    if slot is not None:
        with slot:
            heading(title, view)
    with card("trend", words.trend_heading(measure, rate=rule is not None), tip=tip("trend")):
        ends = words.trend_names(mine, len(names))
        data = trend_data(own, others, ends, measure, title, rate=rule is not None, beside=beside)
        show_chart(data, trend_figure(data), view, key="trend", least_width=LEAST_WIDTH)
    muted(words.trend_words(own, measure, mine, rate=rule is not None))
    if own.undated:
        muted(f"{own.undated} patients have no date of treatment and are in no period.")


def _reference(measure: Measure, *, rate: bool) -> tuple[float, str] | None:
    """A published change or a target of one's own, as a line; None: none chosen."""
    names = {_NONE: "none", _TARGET: "our own target"}
    studies = () if rate else published(measure)
    names |= {str(k): f"{s.study}, {s.time_point} (n = {s.n})" for k, s in enumerate(studies)}
    with st.container(horizontal=True):
        chosen = st.selectbox(
            "Reference", list(names), key=f"trend-reference-{measure.key}", format_func=lambda k: for_markdown(names[k])
        )
        if chosen == _TARGET:
            unit = "%" if rate else measure.unit or "points"
            value = st.number_input(f"Target ({unit})", value=None, key=f"trend-target-{measure.key}-{rate}")
            return words.target_line(value, rate=rate) if value is not None else None
    return None if chosen == _NONE else words.published_line(studies[int(chosen)], measure)


_NONE, _TARGET = "none", "target"


def patient_by_patient(
    view: View,
    grouping: ByColumn,
    measure: Measure,
    rule: Rule | None,
    adjust: tuple[str, ...],
    mine: str,
    slot: DeltaGenerator,
) -> None:
    """VLAD and CUSUM of my center."""
    if rule is None or not mine:
        with slot:
            heading(f"{measure.label}, patient by patient", view)
        muted("Choose an outcome with a threshold and “My center” above." if not mine else "Choose a threshold first.")
        return
    found = surveillance(view.analysis, grouping, measure.key, view.time, rule, adjust, mine)
    with slot:
        if not isinstance(found, Surveillance):
            heading(f"{measure.label}, patient by patient", view)
        else:
            heading(words.watch_title(found), view)
    if isinstance(found, NotComputed):
        muted(f"Not computed: {found.reason}.")
        return
    left, right = st.columns([8, 5], gap="small")
    with left, card("watch", "Observed minus expected, added up", tip=tip("vlad")):
        data = watch_data(found, words.watch_title(found))
        show_chart(data, watch_figure(data), view, key="watch", least_width=LEAST_WIDTH)
    with right, card("watched", "All centers", tip=tip("cusum")):
        show_table(watched_table(found))
    for line in words.watch_words(found):
        muted(line)


def who_to_contact(view: View, grouping: ByColumn, mine: str, slot: DeltaGenerator) -> None:
    """Response per time point, center and month; row numbers of those who have not answered."""
    found = response(view.analysis, grouping)
    with slot:
        heading("Response" if isinstance(found, NotComputed) else words.response_title(found), view)
    if isinstance(found, NotComputed):
        muted(f"Not computed: {found.reason}.")
        return
    for point in found.time_points:
        with card(f"response_{point.time_point}", words.response_heading(point), tip=tip("attrition")):
            center_rows.show_response(found, point, mine)
    for now in (True, False):
        table = to_contact_table(found, mine, now=now)
        with card(f"contact_{now}", table.title):
            show_table(table)
            if table.rows:
                with st.popover("Copy the row numbers", icon=":material/content_copy:"):
                    st.code(words.row_numbers(found, mine, now=now), language=None, wrap_lines=True)
