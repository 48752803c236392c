"""Step Open: what the pages will show, what cannot be shown and why, and what this cohort is."""

from __future__ import annotations

import streamlit as st

from lib.cohort.cohort import Category, Cohort
from lib.cohort.design import Design, Kind
from lib.importing.columns.roles import columns_to_json
from lib.importing.proposal import Import
from lib.present.sentences.first_result import not_shown, page_lines, ready, so_a_sentence_reads
from lib.present.tables.data_check import open_findings
from lib.present.wording import for_markdown, joined, plural
from lib.ui.cards import card, muted
from lib.ui.upload import detected, extras, pieces
from lib.ui.upload.decisions import Draft, decide, undo

_OTHER = "other word"
_WORDS = ("operated", "treated", _OTHER)
_KINDS = {Kind.SERIES: "one series", Kind.GROUPS: "two or more groups", Kind.RANDOMISED: "randomised"}


def show(draft: Draft, cohort: Cohort, key: str) -> None:
    """Pages with their numbers at the left, the words of the cohort at the right."""
    found = draft.found
    pieces.head(ready(cohort), _done(draft))
    left, right = st.columns([58, 41])
    with left:
        with card("import_pages", "What the pages will show"):
            still = open_findings(cohort.provenance.checked)
            pieces.pairs("What the pages will show", page_lines(cohort, still, len(found.answered)))
        absent = not_shown(cohort)
        if absent:
            with card("import_absent", "What cannot be shown, and why"):
                pieces.pairs("What cannot be shown", absent)
    with right:
        with card("import_design", "What this cohort is"):
            muted("It decides the words on every page. Nothing is called randomised unless you say so.")
            _design(cohort, found.design, key)
            extras.extraction_date(found, key)
            waiting = detected.waiting(cohort)
            if waiting or found.extraction_date:
                muted(f"{extras.windows(cohort, dict(found.windows))} {waiting}".strip())
            muted("So a sentence will read")
            st.markdown(for_markdown(so_a_sentence_reads(cohort)))
        _save(found)
    _changes(draft, key)


_MOST_CHANGES = 20


def _changes(draft: Draft, key: str) -> None:
    """Every change of the file's cells and rows, each with the way back."""
    made = draft.found.repairs
    if not made:
        return
    with card("import_changes", "Changed in the file’s cells and rows"):
        for place, repair in enumerate(made[:_MOST_CHANGES]):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(for_markdown(f"{repair.sentence.rstrip('.')}."), width="stretch")
                st.button(
                    "Undo",
                    key=f"upload.undo.{place}",
                    icon=":material/undo:",
                    type="tertiary",
                    on_click=undo,
                    args=(key, draft, repair),
                )
        if len(made) > _MOST_CHANGES:
            muted(f"… and {plural(len(made) - _MOST_CHANGES, 'more change', 'more changes')}, all in Data check.")


def _done(draft: Draft) -> str:
    """ "3 questions answered, 1 value repaired; all of it is kept in Data check and in every export"."""
    answered = sum(bool(c.answer) and c.repair is None for c in draft.cards)
    parts = [plural(answered, "question") + " answered"] if answered else []
    if draft.found.repairs:
        parts.append(f"{plural(len(draft.found.repairs), 'repair')} made")
    if draft.left:
        parts.append(f"{plural(draft.left, 'question')} open")
    if not parts:
        return "Nothing had to be asked"
    return f"{joined(parts)}; all of it is kept in Data check and in every export"


def _design(cohort: Cohort, now: Design, key: str) -> None:
    own = f"{key}.design"
    st.text_input(
        "Name", value=now.name, placeholder=cohort.provenance.file_name, key=f"{own}.name", max_chars=60,
        on_change=_say, args=(key, now),
    )  # fmt: skip
    usual = now.treatment in _WORDS
    st.segmented_control(
        "Patients were",
        list(_WORDS),
        default=now.treatment if usual else _OTHER,
        key=f"{own}.word",
        required=True,
        on_change=_say,
        args=(key, now),
    )
    if st.session_state[f"{own}.word"] == _OTHER:
        st.text_input(
            "Other word", value="" if usual else now.treatment, key=f"{own}.other", max_chars=30,
            placeholder="injected", on_change=_say, args=(key, now),
        )  # fmt: skip
    st.segmented_control(
        "Design",
        list(_KINDS),
        default=now.kind,
        key=f"{own}.kind",
        required=True,
        format_func=_KINDS.__getitem__,
        on_change=_say,
        args=(key, now),
    )
    if st.session_state[f"{own}.kind"] is not Kind.SERIES:
        columns = {k: c.label for k, c in cohort.columns.items() if isinstance(c, Category) and len(c.labels) > 1}
        options = list(columns)
        st.selectbox(
            "Which column?",
            options,
            index=options.index(now.groups_by) if now.groups_by in options else None,
            key=f"{own}.by",
            format_func=columns.__getitem__,
            placeholder="Choose the column of the groups",
            on_change=_say,
            args=(key, now),
        )


def _say(key: str, before: Design) -> None:
    def value(name: str) -> str:
        return str(st.session_state.get(f"{key}.design.{name}") or "")

    word = value("word") or before.treatment
    word = (value("other").strip().lower() or "treated") if word == _OTHER else word
    kind = Kind(st.session_state.get(f"{key}.design.kind") or before.kind)
    by = "" if kind is Kind.SERIES else value("by") or before.groups_by
    decide(key, "design", "", Design(word, kind, by, value("name").strip()))


def _save(found: Import) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Save columns and answers",
            columns_to_json(found.choice),
            file_name="cohortlens-columns.json",
            mime="application/json",
            on_click="ignore",
            key="upload.save",
            icon=":material/bookmark:",
        )
        if found.repairs:
            st.download_button(
                "Log of repairs", found.repair_log(), file_name="repairs.csv", on_click="ignore", key="upload.log"
            )
