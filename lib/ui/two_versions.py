"""Last month's export beside this month's: who is new, who is gone, which cells changed, what it does to the results.

Both files are read for this and forgotten with the tab; numbers of patients stay in its memory only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from lib.export.xlsx import write_tables
from lib.importing.columns.roles import Choice
from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.files.formats import ENDINGS, limits_in_words
from lib.importing.files.limits import Limits
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import, propose
from lib.importing.versions import Versions, compare_versions
from lib.present.tables import data_check
from lib.present.wording import for_markdown
from lib.ui.cards import muted, show_table
from lib.ui.upload.extras import XLSX
from lib.ui.upload.reading import Reading
from lib.ui.upload.state import last_choice

_FOUND = "_versions"


def show() -> None:
    """Two places for files and, once both are there, what differs."""
    muted("The export of last month and the one of this month, matched by the number of the patient.")
    muted(limits_in_words(Limits()))
    left, right = st.columns(2)
    most = Limits().bytes // 1_000_000
    with left:
        old = st.file_uploader("Earlier export", type=ENDINGS, key="versions.old", max_upload_size=most)
    with right:
        new = st.file_uploader("This export", type=ENDINGS, key="versions.new", max_upload_size=most)
    if old is None or new is None:
        return
    found = _compared(old, new)
    if isinstance(found, ImportProblem):
        st.markdown(f":material/error: {for_markdown(str(found))}")
        return
    st.markdown(f"**{for_markdown(data_check.versions_title(found))}**")
    labels = {h.time_point: time_point_of_key(h.time_point).label for h in found.headlines}
    tables = (
        data_check.headlines_table(found, labels),
        data_check.changed_table(found),
        data_check.people_table(found),
    )
    for table in tables:
        if table.rows or table.notes:
            st.markdown(f"**:small[{table.title}]**")
            show_table(replace(table, rows=table.rows[:_MOST]))
            if len(table.rows) > _MOST:
                muted("The others are in the workbook.")
    st.download_button(
        "What changed (Excel)",
        lambda: write_tables(tables),
        file_name="two-versions.xlsx",
        mime=XLSX,
        on_click="ignore",
        key="versions_xlsx",
        icon=":material/download:",
    )


_MOST = 20


def _compared(old: Any, new: Any) -> Versions | ImportProblem:
    key = (old.file_id, new.file_id)
    compared: tuple[object, Versions | ImportProblem] | None = st.session_state.get(_FOUND)
    if compared is None or compared[0] != key:
        try:
            compared = (key, compare_versions(_read(old), _read(new)))
        except ImportProblem as problem:
            compared = (key, problem)
        st.session_state[_FOUND] = compared
    return compared[1]


def _read(upload: Any) -> Import:
    """One version, its columns as confirmed last where they have these names."""
    reading = Reading(upload.getvalue(), upload.name)
    with st.spinner(f"Reading {for_markdown(upload.name)} …"):
        reading.wait(Limits().seconds + 5)
    if reading.parsed is None:
        raise reading.problem or ImportProblem()
    found = propose(reading.parsed)
    last = last_choice() or Choice(())
    here = set(found.sheet.names())
    fitting = tuple(c for c in last.columns if c.name in here)
    return found.with_choice(replace(last, columns=fitting, repairs=(), join=None)) if fitting else found
