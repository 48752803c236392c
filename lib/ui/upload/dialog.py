"""The upload: a file goes in, is parsed in a child process, and becomes a cohort in three steps: Read, Answer, Open.

Nothing of the open cohort changes until the last button; whatever is wrong with a file is said in words. A file that
leaves nothing open is opened from the first step.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from lib.cohort.cohort import Cohort
from lib.importing.columns.roles import Choice
from lib.importing.events import EventTable
from lib.importing.files import worker
from lib.importing.files.formats import ENDINGS, WITHOUT_CHOICE, limits_in_words
from lib.importing.files.limits import Limits
from lib.importing.files.table import Parsed
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import, propose
from lib.present.wording import for_markdown, joined, plural
from lib.ui import session
from lib.ui.cards import muted
from lib.ui.upload import answer_step, decisions, detected, extras, open_step, pieces, read_step, reading, several_files
from lib.ui.upload.decisions import Draft
from lib.ui.upload.reading import Reading, in_words
from lib.ui.upload.state import READING, as_last_time, forget, keep, last_confirmed, needs_no_look, remember, repeated

FILE = "upload.file"
STEP = "upload.step"
READ, ANSWER, OPEN = "read", "answer", "open"
_OPEN = "_upload_open"
_OPENED = "_upload_opened"
_GO = "_upload.go"


def ask() -> None:
    """Open the upload dialog on the next run. For use as a callback."""
    forget()
    st.session_state[_OPEN] = True


def show_if_requested() -> None:
    """Draw the dialog while it is open, and say once that a cohort was opened."""
    opened = st.session_state.pop(_OPENED, None)
    if opened:
        st.toast(for_markdown(opened[0]), icon=":material/check:")
        if opened[1]:
            st.switch_page(opened[1])
    if st.session_state.get(_OPEN):
        _dialog()


def _closed() -> None:
    """The dialog was closed without opening anything: nothing of the file stays."""
    st.session_state.pop(_OPEN, None)
    forget()


@st.dialog("Use my own file", width="large", icon=":material/upload_file:", on_dismiss=_closed)
def _dialog() -> None:
    st.html(pieces.STYLE)
    limits = Limits()
    with st.container(key="upload_place"):
        upload = st.file_uploader(
            "Cohort file",
            type=ENDINGS,
            key=FILE,
            max_upload_size=limits.bytes // 1_000_000,
            help=limits_in_words(limits),
        )
    if upload is None:
        st.session_state.pop(READING, None)
        _before()
        worker.warm()  # while a file is looked for
        return
    key = f"upload.{upload.file_id}"
    now = _reading(upload, key)
    if not now.wait(reading.PATIENCE):
        _please_wait()
    elif now.problem is not None:
        _refused(now.problem)
        if not upload.name.lower().endswith(WITHOUT_CHOICE):
            with st.popover("Read it differently", icon=":material/tune:"):
                detected.choose(key, None)
    elif now.parsed is not None:
        _confirm(now.parsed, key)
    else:
        st.markdown("Reading was stopped. Choose another file.")


def _before() -> None:
    """What one should know before choosing a file."""
    muted(limits_in_words(Limits()))
    st.markdown(
        "**Stays on this computer, gone when you close this tab.** The file is read in memory; nothing is stored or "
        "sent. Columns that identify persons are left out before anything is kept."
    )
    extras.template()


def _reading(upload: Any, key: str) -> Reading:
    options = detected.read_options(key)
    reading_slot: tuple[object, Reading] | None = st.session_state.get(READING)
    if reading_slot is None or reading_slot[0] != (upload.file_id, options):
        if reading_slot is not None:
            reading_slot[1].stop()
        again = partial(repeated, last=last_confirmed())
        reading_slot = (
            (upload.file_id, options),
            Reading(upload.getvalue(), upload.name, options, prepare=True, again=again),
        )
        st.session_state[READING] = reading_slot
    return reading_slot[1]


@st.fragment(run_every=0.5)
def _please_wait() -> None:
    """A word and a way to stop for files that take longer than two seconds."""
    reading_slot: tuple[object, Reading] | None = st.session_state.get(READING)
    if reading_slot is None or reading_slot[1].wait(0):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/hourglass_top: {in_words(reading_slot[1])}")
        st.button("Stop reading", key="upload.stop", on_click=reading_slot[1].stop)


def _refused(problem: ImportProblem) -> None:
    pieces.head("This file cannot be used", "What was open before is unchanged.")
    for finding in problem.findings:
        st.markdown(f":material/error: {for_markdown(finding.sentence)}")


def _confirm(parsed: Parsed, key: str) -> None:
    """The bar with the steps and the one filled button; under it the step that is open."""
    st.html(pieces.HIDE_UPLOADER)
    step: str = st.session_state.setdefault(STEP, READ)
    bar = st.container(horizontal=True, key="import_bar", vertical_alignment="center")
    with bar:
        steps = st.container(width="content")
        st.space("stretch")
        file = st.popover(for_markdown(parsed.file_name), type="tertiary", icon=":material/description:")
        buttons = st.container(horizontal=True, width="content", vertical_alignment="center", key="import_foot")
    body = st.container(key="import_body")
    try:
        found, key = _proposed(parsed, key, file, body, step)
    except ImportProblem as problem:
        with body:
            _refused(problem)
        return
    events = _events(found, key, file)
    again = _as_last_time(found)
    if again is not None:
        plain = found.parsed.join is None and not extras.offers_events(again)
        if plain and needs_no_look(again) and not again.questions and _opened(again, None, " Columns as before."):
            return
        with body:
            muted(f"The same {plural(len(again.columns), 'column')} as last time: your answers are used again.")
        found = again
    draft = decisions.draft_of(found, key)
    result = detected.preview(draft.found, events)
    wanted = st.session_state.pop(_GO, None)
    if wanted is not None and not draft.left and not _unknown(draft) and _opened(draft.found, events, page=wanted):
        return
    with steps:
        _steps(draft, step)
    with buttons:
        _buttons(draft, key, result, step)
    with body:
        if _unknown(draft) and not draft.left:
            names = for_markdown(joined(_unknown(draft)[:3]))
            st.markdown(f":material/error: Say whether lower or higher is better for {names}, under “All columns”.")
        if events is not None and isinstance(result, Cohort):
            extras.joined_events(events, result)
        if step == READ or (not isinstance(result, Cohort) and step == OPEN):
            read_step.show(draft, result, key)
        elif step == ANSWER:
            answer_step.show(draft, key)
        elif isinstance(result, Cohort):
            open_step.show(draft, result, key)


def _unknown(draft: Draft) -> list[str]:
    """Measures whose better end nobody said: they would be drawn upside down as often as not."""
    return [s.label for s in draft.found.specs if s.assumed]


def _steps(draft: Draft, step: str) -> None:
    left = f" · {draft.left} left" if draft.left else ""
    tick = ":material/check: "
    read, answered = tick if step != READ else "", tick if draft.cards and not draft.left else ""
    words = {READ: f"{read}1 Read", ANSWER: f"{answered}2 Answer{left}", OPEN: "3 Open"}
    st.segmented_control(
        "Step", list(words), key=STEP, required=True, format_func=words.__getitem__, label_visibility="collapsed"
    )


def _buttons(draft: Draft, key: str, result: Cohort | ImportProblem, step: str) -> None:
    """Skip and the one filled button: the way forward."""
    here = answer_step.current(draft)
    if step == ANSWER and here:
        st.button(
            "Skip", key="upload.skip", shortcut="s", disabled=not answer_step.skippable(draft, here),
            on_click=_skip, args=(draft, key, here),
        )  # fmt: skip
        open_now = {c.question.key for c in draft.cards if not c.answer}
        open_now |= {decisions.CLEAN_UP} if draft.safe and not draft.cleaned else set()
        onward = answer_step.after(draft, here)
        st.button(
            "Next" if onward else "Open",
            key="upload.next",
            icon=":material/arrow_forward:",
            icon_position="right",
            type="primary",
            shortcut="n",
            disabled=here in open_now,
            on_click=_next,
            args=(onward,),
        )
        return
    if draft.left:
        if step == OPEN and all(c.answer or c.question.skip for c in draft.cards):
            st.button(
                f"Skip all {draft.left}", key="upload.skip_all",
                on_click=decisions.skip_all, args=(key, draft),
                help="Each is left out or left as it is, as its card says, and Data check lists it as open.",
            )  # fmt: skip
        st.button(
            f"Answer {plural(draft.left, 'question')}",
            key="upload.answer",
            icon=":material/arrow_forward:",
            icon_position="right",
            type="primary",
            shortcut="n",
            on_click=_next,
            args=(draft.first_open,),
        )
        return
    closed = not isinstance(result, Cohort) or bool(_unknown(draft))
    if step == OPEN:
        st.button(
            "Only check this file", key="upload.check", disabled=closed, on_click=_go, args=("pages/data_check.py",)
        )
    st.button(
        "Open the cohort",
        key="upload.open",
        icon=":material/arrow_forward:",
        icon_position="right",
        type="primary",
        shortcut="n",
        disabled=closed,
        on_click=_go,
        args=("",),
    )


def _go(page: str) -> None:
    st.session_state[_GO] = page


def _next(card: str) -> None:
    st.session_state[STEP] = ANSWER if card else OPEN
    answer_step.go(card)


def _skip(draft: Draft, key: str, here: str) -> None:
    onward = answer_step.after(draft, here)
    answer_step.skip(draft, key, here)
    _next(onward)


def _proposed(parsed: Parsed, key: str, file: Any, body: Any, step: str) -> tuple[Import, str]:
    """The chosen sheet as understood, and a key that changes with everything the columns depend on."""
    with file:
        st.button("Choose another file", key="upload.other", icon=":material/upload_file:", on_click=ask)
        place = st.container()
        detected.choose(key, parsed)
        saved, which = extras.saved_choice(key)
        more = several_files.ask(key)
    with body:
        parsed, key = several_files.use(parsed, more, saved.join if saved else None, key, draw=step == READ)
    names = [s.name for s in parsed.sheets]
    sheet = None
    if len(names) > 1:
        with place:
            sheet = st.selectbox("Sheet", names, index=names.index(parsed.sheet().name), key=f"{key}.which")
    decimal, day_first = detected.decimal_mark(key), detected.day_first(key)
    choice = replace(saved, join=None) if saved else Choice(())
    if decimal:
        choice = replace(choice, decimal=decimal)
    if day_first is not None:
        choice = replace(choice, day_first=day_first)
    about = (parsed.digest, id(parsed), sheet, which, decimal, day_first)
    found = keep("proposed", about, lambda: _propose(parsed, sheet, choice))
    return found, f"{key}.{found.sheet.name}.{which}.{decimal}.{day_first}"


def _events(found: Import, key: str, file: Any) -> EventTable | None:
    with file:
        return extras.adverse_events(found, f"{key}.events", st.session_state.get(several_files.EVENTS))


def _as_last_time(found: Import) -> Import | None:
    """The columns confirmed last, if they are these; worked out ahead where nothing was chosen about the reading."""
    reading_slot: tuple[object, Reading] | None = st.session_state.get(READING)
    if reading_slot is not None and found is reading_slot[1].proposed:
        return reading_slot[1].answered
    return keep("again", (found.fingerprint, id(found.parsed)), lambda: as_last_time(found))


def _propose(parsed: Parsed, sheet: str | None, choice: Choice) -> Import:
    reading_slot: tuple[object, Reading] | None = st.session_state.get(READING)
    ahead = reading_slot[1].understood(parsed, sheet, choice) if reading_slot else None
    if ahead is not None:
        return ahead
    here = set(propose(parsed, sheet).sheet.names()) if choice.columns else set()
    fitting = tuple(c for c in choice.columns if c.name in here)
    return propose(parsed, sheet, replace(choice, columns=fitting))


def _opened(found: Import, events: EventTable | None, more: str = "", page: str = "") -> bool:
    """Put the new cohort in place of the old one, forget the file, close the dialog. False: it cannot be built."""
    cohort = detected.preview(found, events)
    if isinstance(cohort, ImportProblem):
        return False
    remember(found)
    repairs = f" {plural(len(found.repairs), 'repair')} made." if found.repairs else ""
    st.session_state[_OPENED] = (f"{found.parsed.file_name}: {plural(cohort.n, 'patient')}.{more}{repairs}", page)
    st.session_state.pop(_OPEN, None)
    session.open_cohort(cohort)
    forget()
    st.rerun()
