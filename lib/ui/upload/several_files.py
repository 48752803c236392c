"""More than one file or sheet: two time points joined by patient, a data dictionary, a file of adverse events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.files.formats import ENDINGS
from lib.importing.files.limits import Limits
from lib.importing.files.table import JoinPlan, JoinTable, Parsed
from lib.importing.findings import ImportProblem
from lib.importing.join import (
    Arranged,
    Joined,
    arrange,
    fitted,
    join,
    overlap_words,
    propose_plan,
    sheets_of_time_points,
    why_not,
)
from lib.importing.proposal import Import, propose
from lib.present.wording import count, for_markdown, joined
from lib.ui.cards import muted
from lib.ui.upload.columns import COMMON_TIME_POINTS
from lib.ui.upload.reading import Reading
from lib.ui.upload.state import keep, last_choice

EVENTS = "_upload.given_events"
_READ = "_upload.others"
_JOINED = "_upload.joined"
_PROPOSED_TABLES = 8


def ask(key: str) -> list[Any]:
    """A place for further files; the files given."""
    found: list[Any] = st.file_uploader(
        "Add a file",
        type=ENDINGS,
        key=f"{key}.more",
        accept_multiple_files=True,
        max_upload_size=Limits().bytes // 1_000_000,
        help="A second time point of the same patients (pre.csv and post.csv), joined by patient number; a REDCap data "
        "dictionary, which labels the codes; or adverse events, one row per event.",
    )
    return found


def use(
    parsed: Parsed, uploads: Sequence[Any], saved: JoinPlan | None, key: str, *, draw: bool = True
) -> tuple[Parsed, str]:
    """The file with what was added to it, and a key that changes with it. A file of events is kept under `EVENTS`.

    Draws what was done and, for several time points, the join to confirm; without `draw` it is the one confirmed
    before. What cannot be used is said.
    """
    others = [p for p in (_read(u) for u in uploads[:_PROPOSED_TABLES]) if p is not None]
    st.session_state[EVENTS] = None
    digests = tuple(p.digest for p in (parsed, *others))
    try:
        arranged = keep("arranged", digests, lambda: arrange([parsed, *others])) if others else Arranged((parsed,))
    except ImportProblem as problem:
        st.markdown(f":material/error: {for_markdown(str(problem))} The added files are not used.")
        return parsed, key
    st.session_state[EVENTS] = arranged.events
    if draw:
        _summary(arranged)
    try:
        tables = keep("tables", digests, lambda: _tables(arranged))
    except ImportProblem as problem:
        st.markdown(f":material/error: {for_markdown(str(problem))} Only {for_markdown(parsed.file_name)} is used.")
        tables = ()
    done: Joined | None = st.session_state.get(_JOINED) if len(tables) > 1 and not draw else None
    if len(tables) > 1 and draw:
        done = _panel(tables, saved, f"{key}.join.{len(tables)}")
        st.session_state[_JOINED] = done
    used = done.parsed if done else arranged.tables[0]
    if used is parsed:
        return parsed, key
    parts_joined = json.dumps([used.digest, used.join.to_json() if used.join else None])
    return used, f"{key}.{hashlib.sha256(parts_joined.encode()).hexdigest()[:8]}"


def _read(upload: Any) -> Parsed | None:
    """A further file, read once; what is wrong with it is said."""
    readings: dict[str, Reading] = st.session_state.setdefault(_READ, {})
    if upload.file_id not in readings:
        readings[upload.file_id] = Reading(upload.getvalue(), upload.name)
    reading = readings[upload.file_id]
    with st.spinner(f"Reading {for_markdown(upload.name)} …"):
        reading.wait(Limits().seconds + 5)
    if reading.parsed is None:
        why = str(reading.problem) if reading.problem else "It could not be read."
        st.markdown(f":material/error: {for_markdown(upload.name)}: {for_markdown(why)} It is not used.")
    return reading.parsed


def _tables(arranged: Arranged) -> tuple[Import, ...]:
    """The tables of one time point each: the files, or sheets of a workbook; one or none when there is no join."""
    if len(arranged.tables) > 1:
        return tuple(propose(p) for p in arranged.tables)
    only = arranged.tables[0]
    return tuple(propose(only, name) for name in sheets_of_time_points(only))


def _summary(arranged: Arranged) -> None:
    if arranged.dictionary:
        muted(f":material/label: Codes and names from the data dictionary {for_markdown(arranged.dictionary)}.")
    if arranged.events is not None:
        muted(f":material/link: Adverse events from {for_markdown(arranged.events.file_name)}.")
    for name in arranged.unused:
        st.markdown(f":material/warning: {for_markdown(name)} is not used: there is another file of this kind.")


def _panel(tables: Sequence[Import], saved: JoinPlan | None, key: str) -> Joined | None:
    """The join as proposed, to be corrected, with who is in which table; None when nothing is joined."""
    proposed = propose_plan(tables)
    last = last_choice()
    for earlier in (saved, last.join if last else None):
        proposed = (fitted(earlier, tables) if earlier else None) or proposed
        if earlier is saved and saved is not None:
            break
    with st.container(border=True, key=f"{key}.panel".replace(".", "-")):
        names = joined([for_markdown(t.name) for t in proposed.tables])
        if not st.toggle(
            f"Join {names}: the same patients at several time points",
            value=True,
            key=f"{key}.on",
            persist_state="session",
        ):
            return None
        plan = _chosen_plan(tables, proposed, key)
        reason = why_not(tables, plan)
        if reason:
            st.markdown(f":material/error: **Not joined.** {for_markdown(reason)}")
            return None
        return _counted(tables, plan)


def _chosen_plan(tables: Sequence[Import], proposed: JoinPlan, key: str) -> JoinPlan:
    """The plan with what the user says of time points and columns of patient numbers."""
    times = {
        k: time_point_of_key(k).label for k in (*(t.time_point for t in proposed.tables if t.time_point), *_times())
    }
    parts_joined = []
    by_place = _by_place(tables, proposed, key)
    for number, (table, entry) in enumerate(zip(tables, proposed.tables, strict=True)):
        name = for_markdown(entry.name)
        columns = st.columns(2)
        options = list(times)
        when = columns[0].selectbox(
            f"{name} was asked",
            options,
            index=options.index(entry.time_point) if entry.time_point else None,
            key=f"{key}.{number}.when",
            format_func=times.__getitem__,
            placeholder="When?",
            persist_state="session",
        )
        here = list(table.sheet.names())
        own = columns[1].selectbox(
            f"Patient number in {name}",
            here,
            index=here.index(entry.id) if entry.id in here else None,
            key=f"{key}.{number}.id",
            placeholder="Which column?",
            disabled=by_place,
            persist_state="session",
        )
        parts_joined.append(JoinTable(entry.name, "" if by_place else own or "", when or ""))
    return JoinPlan(tuple(parts_joined), proposed.alike, by_place)


def _times() -> tuple[str, ...]:
    return tuple(k for k in COMMON_TIME_POINTS if k != "once")


def _by_place(tables: Sequence[Import], proposed: JoinPlan, key: str) -> bool:
    """Rows matched by their place: offered only where no table has a patient number and all are equally long."""
    if any(t.id for t in proposed.tables) or len({t.sheet.n for t in tables}) > 1:
        return False
    return st.checkbox(
        f"No table has a patient number. All have {count(tables[0].sheet.n)} rows, and I know that each row is the "
        "same patient in all of them",
        key=f"{key}.place",
        value=proposed.by_place,
        persist_state="session",
    )


def _counted(tables: Sequence[Import], plan: JoinPlan) -> Joined | None:
    """Who is in which table, in numbers; numbers that only look alike (001 and 1) have their own question."""
    try:
        done = keep(
            "joined", (plan, tuple((t.parsed.digest, t.sheet.name) for t in tables)), lambda: join(tables, plan)
        )
    except ImportProblem as problem:
        st.markdown(f":material/error: **Not joined.** {for_markdown(str(problem))}")
        return None
    overlap = done.overlap
    st.markdown(f":material/link: **{for_markdown(overlap_words(plan, overlap))}.**")
    twice = [
        f"{count(n)} row{'' if n == 1 else 's'} of {for_markdown(t.name)}"
        for n, t in zip(overlap.repeated, plan.tables, strict=True)
        if n
    ]
    if twice:
        st.markdown(f":material/warning: The same patient again: {joined(twice)} (see below).")
    return done
