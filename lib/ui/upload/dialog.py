"""The upload: a file goes in, is parsed in a child process, its columns are confirmed, a cohort comes out.

Nothing of the open cohort changes until the last button; whatever is wrong with a file is said in words.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.importing.columns.roles import Choice, columns_to_json
from lib.importing.events import EventTable
from lib.importing.files import worker
from lib.importing.files.limits import Limits
from lib.importing.files.table import Parsed
from lib.importing.findings import ImportProblem, Severity
from lib.importing.proposal import Import, propose
from lib.present.theme import PALETTE
from lib.present.wording import count, for_markdown, joined, plural
from lib.ui import session
from lib.ui.cards import muted
from lib.ui.upload import answers, columns, extras, findings, measures, series, several_files, times
from lib.ui.upload import detected as upload_detected
from lib.ui.upload import detected as upload_summary
from lib.ui.upload.reading import PATIENCE, Reading, in_words
from lib.ui.upload.state import READING, as_last_time, forget, keep, last_confirmed, needs_no_look, remember, repeated

TYPES = ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "sav", "zsav", "dta"]
_FIXED = ("sav", "zsav", "dta")
"""Formats in which nothing about the reading can be chosen."""
FILE = "upload.file"
_OPEN = "_upload_open"
_OPENED = "_upload_opened"
_SEEN = "_upload.seen"
_ANSWERED = "_upload.answered"
_BUTTON = "upload.open"
_STYLE = f"""<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-upload_bar) {{
  position: sticky; top: -2.25rem; z-index: 20; background: {PALETTE.page}; padding: .25rem 0;
}}
[data-testid="stFileUploaderDropzone"] span {{ white-space: normal; overflow: visible; }}
.st-key-upload_rows .ct th, .st-key-upload_rows .ct td {{ white-space: nowrap; padding: .2rem .75rem .2rem 0; }}
[data-testid="stDialog"] > div {{ overflow: clip; }} /* "hidden" would keep the bar from staying in view */
</style>"""


def ask() -> None:
    """Open the upload dialog on the next run. For use as a callback."""
    forget()
    st.session_state[_OPEN] = True


def show_if_asked() -> None:
    """Draw the dialog while it is open, and say once that a cohort was opened."""
    opened = st.session_state.pop(_OPENED, None)
    if opened:
        st.toast(for_markdown(opened), icon=":material/check:")
    if st.session_state.get(_OPEN):
        _dialog()


def _closed() -> None:
    """The dialog was closed without opening anything: nothing of the file stays."""
    st.session_state.pop(_OPEN, None)
    forget()


@st.dialog("Use my own file", width="large", icon=":material/upload_file:", on_dismiss=_closed)
def _dialog() -> None:
    st.html(_STYLE)
    limits = Limits()
    upload = st.file_uploader(
        "Cohort file", type=TYPES, key=FILE, max_upload_size=limits.bytes // 1_000_000, help=limits.in_words()
    )
    if upload is None:
        st.session_state.pop(READING, None)
        _before()
        worker.warm()  # while he looks for his file
        return
    key = f"upload.{upload.file_id}"
    reading = _reading(upload, key)
    if not reading.wait(PATIENCE):
        _please_wait()
    elif reading.problem is not None:
        _refused(reading.problem)
        if not upload.name.lower().endswith(_FIXED):
            upload_detected.choose(key, None)
    elif reading.parsed is not None:
        _confirm(reading.parsed, key)
    else:
        st.markdown("Reading was stopped. Choose another file.")


def _before() -> None:
    """What one should know before choosing a file."""
    muted(Limits().in_words())
    st.markdown(
        "**Stays on this computer, gone when you close this tab.** The file is read in memory; nothing is stored or "
        "sent. Columns that identify persons are left out before anything is kept."
    )
    extras.template()


def _reading(upload: Any, key: str) -> Reading:
    options = upload_detected.read_options(key)
    kept: tuple[object, Reading] | None = st.session_state.get(READING)
    if kept is None or kept[0] != (upload.file_id, options):
        if kept is not None:
            kept[1].stop()
        again = partial(repeated, last=last_confirmed())
        kept = ((upload.file_id, options), Reading(upload.getvalue(), upload.name, options, prepare=True, again=again))
        st.session_state[READING] = kept
    return kept[1]


@st.fragment(run_every=0.5)
def _please_wait() -> None:
    """A word and a way to stop for files that take longer than two seconds."""
    kept: tuple[object, Reading] | None = st.session_state.get(READING)
    if kept is None or kept[1].wait(0):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/hourglass_top: {in_words(kept[1])}")
        st.button("Stop reading", key="upload.stop", on_click=kept[1].stop)


def _refused(problem: ImportProblem) -> None:
    st.markdown("**This file cannot be used.** What was open before is unchanged.")
    for finding in problem.findings:
        st.markdown(f":material/error: {for_markdown(finding.sentence)}")


def _confirm(parsed: Parsed, key: str) -> None:
    """What it will be and the one button; below that how it was read, what was found, and the columns."""
    answered: tuple[object, Import, EventTable | None] | None = st.session_state.get(_ANSWERED)
    if answered is not None and st.session_state.get(_BUTTON) and answered[0] == _said():
        _opened(answered[1], answered[2])  # as it was shown: nothing to draw once more
    summary = st.container()
    bar = st.container(horizontal=True, key="upload_bar", vertical_alignment="center")
    detected = st.container()
    try:
        with detected:
            found, key = _proposed(parsed, key)
    except ImportProblem as problem:
        _refused(problem)
        return
    again = _as_last_time(found)
    if again is not None:
        plain = found.parsed.join is None and not extras.offers_events(again)
        if plain and needs_no_look(again) and _opened(again, None, " Columns as before."):
            return
        found = again
    first_sight = _answer_first(found, key, summary, bar)
    first, new, problems = st.container(), st.container(), st.container()
    told = _columns(found, key)
    with first:
        upload_detected.five_rows(told)
    with new:
        told, missing = measures.edit(told, f"{key}.measures")
        told = answers.edit(told, f"{key}.answers")
    with problems:
        repaired, open_errors = findings.show(told, key)
    repaired, events = _more(repaired, key)
    findings.for_the_record(told, key)
    if not first_sight:
        _answer(repaired, events, missing, open_errors, summary, bar)
    elif events is not None or repaired.fingerprint != found.fingerprint:
        st.rerun()  # a control began with something else than what was answered
    st.session_state[_ANSWERED] = (_said(), repaired, events)


def _said() -> tuple[tuple[str, str], ...]:
    """The state of every control of the dialog but the button: equal ones were answered the same."""
    names = sorted(str(k) for k in st.session_state if str(k).startswith("upload.") and k != _BUTTON)
    return tuple((name, repr(st.session_state[name])) for name in names)


def _answer_first(found: Import, key: str, summary: Any, bar: Any) -> bool:
    """The answer before the controls are drawn, where they begin by changing nothing; True when it was given.

    Only on first sight of a table: from then on the controls may have been touched.
    """
    if st.session_state.get(_SEEN) == key:
        return False
    st.session_state[_SEEN] = key
    asks = any(s.assumed for s in found.specs) or any(
        f.repair is not None for f in found.findings if f.severity is Severity.ERROR
    )
    if asks or extras.offers_events(found) or st.session_state.get(several_files.EVENTS) is not None:
        return False
    _answer(found, None, (), 0, summary, bar)
    return True


def _answer(
    found: Import, events: EventTable | None, missing: tuple[str, ...], open_errors: int, summary: Any, bar: Any
) -> None:
    """What the table will be as a cohort, and the button that opens it."""
    result = upload_summary.preview(found, events)
    with summary:
        if isinstance(result, Cohort):
            st.markdown(upload_summary.summary_in_words(result))
    with bar:
        _bar(found, events, _why_not(result, missing), findings.in_words(found, open_errors))


def _proposed(parsed: Parsed, key: str) -> tuple[Import, str]:
    """The chosen sheet as understood, and a key that changes with everything the columns depend on."""
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        words = st.container(width="stretch")
        chosen = st.container(width=260) if len(parsed.sheets) > 1 else None
        upload_detected.choose(key, parsed)
        saved, which = extras.saved_choice(key)
        more = several_files.ask(key)
    parsed, key = several_files.use(parsed, more, saved.join if saved else None, key)
    names = [s.name for s in parsed.sheets]
    sheet = None
    if len(names) > 1:
        with chosen or words:
            sheet = st.selectbox(
                "Sheet",
                names,
                index=names.index(parsed.sheet().name),
                key=f"{key}.which",
                label_visibility="collapsed",
                format_func=lambda name: f"Sheet: {name}",
                width=260,
            )
    decimal, day_first = upload_detected.decimal_mark(key), upload_detected.day_first(key)
    choice = Choice(
        saved.columns if saved else (),
        saved.measures if saved else (),
        decimal or (saved.decimal if saved else ""),
        day_first if day_first is not None or saved is None else saved.day_first,
        saved.extraction_date if saved else "",
        answers=saved.answers if saved else (),
        windows=saved.windows if saved else (),
    )
    about = (parsed.digest, id(parsed), sheet, which, decimal, day_first)
    found = keep("proposed", about, lambda: _propose(parsed, sheet, choice))
    with words:
        muted(upload_detected.in_words(found))
    return found, f"{key}.{found.sheet.name}.{which}.{decimal}.{day_first}"


def _as_last_time(found: Import) -> Import | None:
    """The columns confirmed last, if they are these; worked out ahead where nothing was chosen about the reading."""
    kept: tuple[object, Reading] | None = st.session_state.get(READING)
    if kept is not None and found is kept[1].proposed:
        return kept[1].told
    return keep("again", (found.fingerprint, id(found.parsed)), lambda: as_last_time(found))


def _propose(parsed: Parsed, sheet: str | None, choice: Choice) -> Import:
    kept: tuple[object, Reading] | None = st.session_state.get(READING)
    ahead = kept[1].understood(parsed, sheet, choice) if kept else None
    if ahead is not None:
        return ahead
    here = set(propose(parsed, sheet).sheet.names()) if choice.columns else set()
    fitting = tuple(c for c in choice.columns if c.name in here)
    return propose(parsed, sheet, replace(choice, columns=fitting))


def _columns(found: Import, key: str) -> Import:
    """The columns table, and beside it what is told of several columns at once."""
    table = f"{key}.table"
    st.markdown("**What each column is taken for.** Correct what is wrong; nothing is used before you say so.")
    line = st.container(horizontal=True, vertical_alignment="center")
    told = columns.edit(found, table, line)
    with line:
        times.offer(told, f"{table}.times", table)
        series.offer(told, f"{table}.series")
    upload_detected.left_out(told)
    return told


def _more(found: Import, key: str) -> tuple[Import, EventTable | None]:
    offered = extras.offers_events(found)
    with st.expander(
        "Date of the data, adverse events of another table", icon=":material/more_horiz:", expanded=offered
    ):
        found = extras.extraction_date(found, key)
        place = st.container()
        events = extras.adverse_events(found, f"{key}.events", st.session_state.get(several_files.EVENTS))
        result = upload_summary.preview(found, events)
        if isinstance(result, Cohort):
            with place:
                if result.not_due or found.extraction_date:
                    muted(f"{extras.windows(result, dict(found.windows))} {upload_summary.waiting(result)}".strip())
            if events is not None:
                extras.joined_events(events, result)
    return found, events


def _why_not(result: Cohort | ImportProblem, missing: tuple[str, ...]) -> str:
    if isinstance(result, ImportProblem):
        return str(result)
    if missing:
        more = [f"{count(len(missing) - 3)} more"] if len(missing) > 3 else []
        return f"Say whether lower or higher is better for {joined([*missing[:3], *more])}."
    return ""


def _bar(found: Import, events: EventTable | None, reason: str, caution: str) -> None:
    """The one button, always in view, and what can be taken away."""
    if st.button(
        "Explore this cohort", key=_BUTTON, icon=":material/arrow_forward:", type="primary", disabled=bool(reason)
    ):
        _opened(found, events)
    st.download_button(
        "Save these columns",
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
    if reason or caution:
        st.markdown(f":material/error: {for_markdown(reason or caution)}")


def _opened(found: Import, events: EventTable | None, more: str = "") -> bool:
    """Put the new cohort in place of the old one, forget the file, close the dialog. False: it cannot be built."""
    cohort = upload_summary.preview(found, events)
    if isinstance(cohort, ImportProblem):
        return False
    remember(found)
    repairs = f" {plural(len(found.repairs), 'repair')} made." if found.repairs else ""
    st.session_state[_OPENED] = f"{found.parsed.file_name}: {plural(cohort.n, 'patient')}.{more}{repairs}"
    st.session_state.pop(_OPEN, None)
    session.open_cohort(cohort)
    forget()
    st.rerun()
