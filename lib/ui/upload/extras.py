"""What a file may need besides its columns: the date of the data, events elsewhere, saved columns, a template."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.cohort.due import DAYS_PER_MONTH, window_days
from lib.importing.checks.dates import dated_follow_ups, half_width, operated_on
from lib.importing.columns.roles import MOST_MONTHS, Choice, Role, columns_from_json
from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.events import EventTable, event_sheets, propose_events
from lib.importing.files.formats import ENDINGS
from lib.importing.files.limits import Limits
from lib.importing.files.table import Parsed
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import
from lib.present.wording import compact, for_markdown, joined, plural
from lib.ui.cards import muted
from lib.ui.upload.decisions import decide
from lib.ui.upload.reading import Reading
from lib.ui.upload.state import keep

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOWHERE = ""


def saved_choice(key: str) -> tuple[Choice | None, str]:
    """The columns somebody saved earlier, and a key that changes with the file; None when there are none."""
    saved = st.file_uploader(
        "Saved columns and answers (.json), for a file with the same headings",
        type=["json"],
        key=f"{key}.saved",
        max_upload_size=1,
    )
    if saved is None:
        return None, ""
    try:
        return columns_from_json(saved.getvalue()), str(saved.file_id)
    except ImportProblem as problem:
        st.markdown(f":material/error: {for_markdown(str(problem))}")
        return None, ""


def template() -> None:
    """For a center that starts collecting: an empty file whose columns are all understood."""
    from lib.importing.template import template_xlsx

    st.download_button(
        "Empty cohort file with data dictionary (.xlsx)",
        template_xlsx,
        file_name="cohort-template.xlsx",
        mime=XLSX,
        on_click="ignore",
        key="upload.template",
        type="tertiary",
        icon=":material/table:",
    )


def extraction_date(found: Import, key: str) -> None:
    """When the data were taken from the records: tells follow-up that is not yet due from patients lost."""
    operated = any(c.role is Role.DATE and c.target == "surgery_date" for c in found.columns)
    has_own = any(c.role is Role.DATE and c.target == "extraction_date" for c in found.columns)
    if not operated or has_own:
        return
    st.date_input(
        "Data as of (optional)",
        value=date.fromisoformat(found.extraction_date) if found.extraction_date else None,
        key=f"{key}.extracted",
        format="DD/MM/YYYY",
        min_value=date(1980, 1, 1),
        max_value=date.today(),
        help="With this date and the date of surgery, follow-up that could not have happened yet is counted apart.",
        on_change=_dated,
        args=(key,),
    )


def _dated(key: str) -> None:
    day: Any = st.session_state[f"{key}.extracted"]
    decide(key, "date", "", day.isoformat() if day else "")


def windows(cohort: Cohort, widths: Mapping[str, float]) -> str:
    """The time around each follow-up in which a questionnaire counts (`told`: half widths); empty without one."""
    parts = []
    for time in cohort.follow_ups:
        if time.months:
            low, high = (days / DAYS_PER_MONTH for days in window_days(time.months, widths.get(time.key)))
            parts.append(f"{time.label} ± {compact(float(f'{(high - low) / 2:.2g}'))}")
    return f"A follow-up is due until the end of its window ({joined(parts)} months)." if parts else ""


def adverse_events(found: Import, key: str, given: Parsed | None = None) -> EventTable | None:
    """One row per event, in another sheet or another file, joined by the patient's number; None: none chosen.

    `given`: a file of events that was added to the cohort file.
    """
    if not any(c.role is Role.ID for c in found.columns):
        muted("Adverse events of another table need a patient number in this one.")
        return None
    if given is not None:
        return _read(lambda: propose_events(given), given.digest)
    sheets = _sheets(found)
    if sheets:
        sheet = st.selectbox(
            "Adverse events in another sheet (one row per event)",
            [_NOWHERE, *sheets],
            index=int(offers_events(found)),
            key=f"{key}.sheet",
            format_func=lambda s: s or "not used",
        )
        if sheet:
            return _read(lambda: propose_events(found.parsed, sheet), (found.parsed.digest, sheet))
    upload = st.file_uploader(
        "Adverse events in another file (one row per event)",
        type=ENDINGS,
        key=f"{key}.file",
        max_upload_size=Limits().bytes // 1_000_000,
    )
    return None if upload is None else _read(lambda: _from_file(upload), upload.file_id)


def offers_events(found: Import) -> bool:
    """Whether another sheet holds events and the table itself none: then that sheet is proposed."""
    return bool(_sheets(found)) and not any(c.role is Role.EVENT_TYPE for c in found.columns)


def _sheets(found: Import) -> tuple[str, ...]:
    def look() -> tuple[str, ...]:
        try:
            return event_sheets(found.parsed, found.sheet.name)
        except ImportProblem:
            return ()

    if len(found.parsed.sheets) < 2 or not any(c.role is Role.ID for c in found.columns):
        return ()
    return keep("event_sheets", (found.parsed.digest, found.sheet.name), look)


def _from_file(upload: Any) -> EventTable:
    reading = Reading(upload.getvalue(), upload.name)
    with st.spinner("Reading the events …"):
        reading.wait(Limits().seconds + 5)
    if reading.parsed is None:
        raise reading.problem or ImportProblem()
    return propose_events(reading.parsed)


def _read(make: Callable[[], EventTable], key: Hashable) -> EventTable | None:
    def safely() -> EventTable | ImportProblem:
        try:
            return make()
        except ImportProblem as problem:
            return problem

    result = keep("events", key, safely)
    if isinstance(result, ImportProblem):
        st.markdown(f":material/error: {for_markdown(str(result))} The events are not used.")
        return None
    return result


def joined_events(events: EventTable, cohort: Cohort) -> None:
    """How many events found their patient, and which rows did not."""
    total = events.table.sheet.n
    here = len(cohort.events.type) if cohort.events else 0
    who = len(set(cohort.events.patient.tolist())) if cohort.events else 0
    st.markdown(
        f":material/link: {plural(here, 'event')} of {plural(who, 'patient')} joined, from {plural(total, 'row')}."
    )
    for finding in events.joined(cohort.id_hashes).findings:
        st.markdown(f":material/warning: {for_markdown(finding.sentence)}")


# How wide the window around a follow-up is: a number box per time point of which questionnaires have dates.

_LEAST = 0.25


def boxes(found: Import, key: str) -> None:
    """One box per dated follow-up; nothing where no questionnaire has a date, or nobody a date of surgery."""
    time_points = _time_points(found)
    if not time_points:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}.windows".replace(".", "-")):
        for time_point in time_points:
            st.number_input(
                f"Window of {for_markdown(time_point_of_key(time_point).label)}: ± months",
                min_value=_LEAST,
                max_value=float(MOST_MONTHS),
                value=float(f"{half_width(found, time_point):.2g}"),
                step=0.5,
                format="%g",
                key=_box(key, time_point),
                on_change=_window,
                args=(key, time_point),
                width=230,
                help="A questionnaire counts for a time point within so many months before or after it. "
                "Follow-up is due until then.",
            )


def _time_points(found: Import) -> tuple[str, ...]:
    if operated_on(found) is None:
        return ()
    return tuple(dict.fromkeys(d.time_point for d in dated_follow_ups(found)))


def _window(key: str, time_point: str) -> None:
    decide(key, "windows", time_point, float(st.session_state[_box(key, time_point)]))


def _box(key: str, time_point: str) -> str:
    return f"{key}.window.{time_point}"
