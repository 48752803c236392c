"""Data check: what is missing, what was found in the file and what was answered; two versions of a file."""

import datetime as dt

import streamlit as st

from lib.analysis.missing import missing_values
from lib.export.xlsx import write_tables
from lib.importing.columns.roles import columns_to_json
from lib.present.tables import data_check
from lib.present.wording import for_markdown
from lib.ui import choices, heat, two_versions
from lib.ui.cards import card, muted, show_table
from lib.ui.page import begin
from lib.ui.upload.extras import XLSX
from lib.ui.upload.state import of_file

SHOWN = {"": "All", data_check.OPEN: "Open", data_check.AGREED: "Answered"}


def downloads(view, missing):
    """For the data manager, and the columns and answers to use again."""
    given = view.cohort.provenance
    with st.container(horizontal=True, key="no_print_downloads"):
        st.download_button(
            "For the data manager (Excel)",
            lambda: write_tables(data_check.workbook_tables(view.cohort, missing), about=given.file_name),
            file_name="data-check.xlsx",
            mime=XLSX,
            on_click="ignore",
            key="check_xlsx",
            icon=":material/download:",
        )
        imported = of_file(given.file_digest)
        if imported is not None:
            st.download_button(
                "Columns and answers",
                columns_to_json(imported.choice),
                file_name="cohortlens-columns.json",
                mime="application/json",
                on_click="ignore",
                key="check_columns",
                icon=":material/bookmark:",
            )


def findings_card(checked):
    """What was found, in three groups, with rows and state."""
    shown = data_check.counts(checked)
    with card("findings", "What was found"):
        with st.container(key="no_print_filter"):
            st.segmented_control(
                "Findings",
                list(SHOWN),
                default="",
                key="check_shown",
                required=True,
                format_func=lambda which: f"{SHOWN[which]} {shown[which]}",
                label_visibility="collapsed",
            )
        show_table(data_check.findings_table(checked, st.session_state["check_shown"]))


view = begin()
checked = view.cohort.provenance.checked
missing = missing_values(view.analysis)
with st.container(key="finding"):
    st.title(for_markdown(data_check.title(view.cohort, missing)), anchor=False)
with st.container(key="strip"):
    st.markdown(f":gray[{for_markdown(data_check.about(view.cohort, dt.date.today()))}]")
downloads(view, missing)
with card("missing", "Where values are missing"):
    if missing.rows:
        heat.show(missing)
        choices.offer_facts_of(tuple(view.cohort.measures.values()), "missing")
    else:
        muted("No column holds a value that could be missing.")
findings_card(checked)
with card("answered", "Questions and answers"):
    show_table(data_check.answers_table(checked))
with card("no_print_versions", "Two versions of a file"):
    two_versions.show()
