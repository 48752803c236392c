"""The upload: a file goes in, is parsed in a child process, its columns are confirmed, a cohort comes out.

Nothing of the open cohort changes until the last button; whatever is wrong with a file is said in words.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.cohort.columns import Choice, columns_from_json, columns_to_json
from lib.cohort.findings import Finding, ImportProblem, Severity, rows_in_words
from lib.cohort.importing import Import, propose
from lib.cohort.limits import Limits
from lib.cohort.sheets import Parsed
from lib.present.escape import for_markdown
from lib.present.wording import count, plural
from lib.ui import columns_editor, session
from lib.ui.reading import PATIENCE, Reading

TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "sav", "zsav", "dta"]
_ASKED = "_upload_asked"
_READING = "_upload_reading"
_FILE = "upload.file"
_LAST_CHOICE = "_upload_last_choice"
_OPENED = "_upload_opened"
_LOOKS = {
    Severity.ERROR: (":material/error:", "Wrong or missing numbers"),
    Severity.WARNING: (":material/warning:", "Please look at"),
    Severity.NOTE: (":material/info:", "For the record"),
}


def ask() -> None:
    """Open the upload dialog on the next run. For use as a callback."""
    st.session_state[_ASKED] = True
    st.session_state.pop(_READING, None)


def show_if_asked() -> None:
    """Draw the dialog when somebody asked for it, and say once that a cohort was opened."""
    opened = st.session_state.pop(_OPENED, None)
    if opened:
        st.toast(for_markdown(opened), icon=":material/check:")
    if st.session_state.pop(_ASKED, False):
        _dialog()


@st.dialog("Use my own file", width="large", icon=":material/upload_file:")
def _dialog() -> None:
    st.markdown(
        "**Stays on this computer, gone when you close this tab.** The file is read in memory; nothing is stored or "
        "sent. Columns that identify persons are left out before anything is kept."
    )
    limits = Limits()
    upload = st.file_uploader(
        "Cohort file", type=TYPES, key=_FILE, max_upload_size=limits.bytes // 1_000_000, help=limits.in_words()
    )
    st.markdown(f":gray[:small[{for_markdown(limits.in_words())}]]")
    if upload is None:
        st.session_state.pop(_READING, None)
        return
    reading = _reading(upload)
    if not reading.wait(PATIENCE):
        _please_wait()
        return
    if reading.problem is not None:
        _refused(reading.problem)
    elif reading.parsed is not None:
        _confirm(reading.parsed)
    else:
        st.markdown("Reading was stopped. Choose another file.")


def _reading(upload: Any) -> Reading:
    kept: tuple[str, Reading] | None = st.session_state.get(_READING)
    if kept is None or kept[0] != upload.file_id:
        kept = (upload.file_id, Reading(upload.getvalue(), upload.name))
        st.session_state[_READING] = kept
    return kept[1]


@st.fragment(run_every=0.5)
def _please_wait() -> None:
    """A word and a way to stop for files that take longer than two seconds."""
    kept: tuple[str, Reading] | None = st.session_state.get(_READING)
    if kept is None or kept[1].wait(0):
        st.session_state[_ASKED] = True
        st.rerun()
    with st.container(horizontal=True):
        st.markdown(":material/hourglass_top: Reading the file …")
        st.button("Stop reading", key="upload.stop", on_click=kept[1].stop if kept else None)


def _refused(problem: ImportProblem) -> None:
    st.markdown("**This file cannot be used.** What was open before is unchanged.")
    for finding in problem.findings:
        st.markdown(f":material/error: {for_markdown(finding.sentence)}")


def _confirm(parsed: Parsed) -> None:
    """Sheet, what was detected, columns, findings with their repairs, and the one button."""
    try:
        found = _proposed(parsed)
    except ImportProblem as problem:
        _refused(problem)
        return
    again = st.session_state.get(_LAST_CHOICE)
    if again is not None and {c.name for c in again.columns} == set(found.sheet.names()):
        _open(found.with_choice(again))
        return
    _detected(found)
    st.markdown("**What each column is taken for.** Correct what is wrong; nothing is used before you say so.")
    token = f"upload.columns.{parsed.digest[:12]}.{found.sheet.name}"
    found = columns_editor.edit(found, token)
    found = columns_editor.edit_measures(found, token + ".measures")
    found = _findings(found, token)
    with st.container(horizontal=True):
        if st.button("Explore this cohort", key="upload.open", icon=":material/arrow_forward:"):
            _open(found)
        st.download_button(
            "Save this choice of columns",
            columns_to_json(found.choice),
            file_name="cohortlens-columns.json",
            mime="application/json",
            on_click="ignore",
            key="upload.save",
        )
        if found.repairs:
            st.download_button(
                "Log of repairs", found.repair_log(), file_name="repairs.csv", on_click="ignore", key="upload.log"
            )


def _proposed(parsed: Parsed) -> Import:
    names = [s.name for s in parsed.sheets]
    sheet = None
    if len(names) > 1:
        sheet = st.selectbox("Sheet", names, index=names.index(parsed.sheet().name), key="upload.sheet")
    saved = st.session_state.get("upload.choice")
    with st.popover("Use a saved choice of columns"):
        st.file_uploader("Saved choice (.json)", type=["json"], key="upload.choice", max_upload_size=1)
    choice: Choice | None = None
    if saved is not None:
        try:
            choice = columns_from_json(saved.getvalue())
        except ImportProblem as problem:
            st.markdown(f":material/error: {for_markdown(str(problem))}")
    return propose(parsed, sheet, choice)


def _detected(found: Import) -> None:
    parsed, sheet = found.parsed, found.sheet
    parts = [parsed.format, plural(sheet.n, "row"), plural(len(sheet.columns), "column")]
    parts += [p for p in (parsed.encoding, _DELIMITERS.get(parsed.delimiter, parsed.delimiter)) if p]
    if found.decimal == ",":
        parts.append("decimal comma")
    st.markdown(f":gray[{for_markdown(', '.join(parts))}]")
    with st.expander("The first five rows, as read"):
        st.dataframe([dict(zip(sheet.names(), row, strict=True)) for row in sheet.head(5)], hide_index=True)
    if found.left_out:
        names = ", ".join(found.left_out)
        st.markdown(f":material/visibility_off: Left out, because it identifies persons: {for_markdown(names)}.")


_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def _findings(found: Import, token: str) -> Import:
    """All findings at once, grouped by how much they matter; a repair is made only when ticked."""
    all_found = found.findings
    for severity in Severity:
        of_this = [f for f in all_found if f.severity is severity]
        if not of_this:
            continue
        icon, words = _LOOKS[severity]
        with st.expander(f"{words} ({count(len(of_this))})", icon=icon, expanded=severity is Severity.ERROR):
            for place, finding in enumerate(of_this):
                st.markdown(for_markdown(_with_rows(finding)))
                if finding.repair is not None and st.checkbox(
                    for_markdown(finding.repair.sentence), key=f"{token}.{severity}.{place}.{finding.code}"
                ):
                    found = found.accept(finding.repair)
    return found


def _with_rows(finding: Finding) -> str:
    where = f" ({rows_in_words(finding.rows, finding.count)})" if finding.rows and "row" not in finding.sentence else ""
    return finding.sentence + where


def _open(found: Import) -> None:
    """Build, put the new cohort in place of the old one, forget the bytes, close the dialog."""
    try:
        cohort = found.build()
    except ImportProblem as problem:
        _refused(problem)
        return
    st.session_state[_LAST_CHOICE] = found.choice
    st.session_state.pop(_READING, None)
    session.open_cohort(cohort)
    _forget_bytes()
    st.session_state[_OPENED] = f"{found.parsed.file_name}: {plural(cohort.n, 'patient')}"
    st.rerun()


def _forget_bytes() -> None:
    """Streamlit keeps uploaded bytes until the session ends; there is no public way to drop them sooner."""
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        context = get_script_run_ctx()
        if context is not None:
            context.uploaded_file_mgr.remove_session_files(context.session_id)
    except Exception:
        return
