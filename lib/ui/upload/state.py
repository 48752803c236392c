"""What the upload dialog remembers while it is open, and what of it stays when it closes: only the last choice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from lib.importing.columns.roles import Choice
from lib.importing.findings import Repair, Severity
from lib.importing.proposal import Import

T = TypeVar("T")
_PREFIXES = ("_upload.", "upload.")
_LAST = "_last_columns"
READING = "_upload.reading"
"""Where the file being read is kept: (what it was read from and how, its `Reading`)."""


@dataclass(frozen=True, slots=True)
class Last:
    """The columns and repairs that this session confirmed last: names and roles, no values of patients.

    `seen`: code and column of every warning that stood there when they were confirmed.
    """

    choice: Choice
    repairs: tuple[Repair, ...]
    digest: str
    seen: frozenset[tuple[str, str]]
    sheet: str = ""


def keep(slot: str, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives for this key; one answer per slot is kept, so that a click does not repeat the work."""
    name = "_upload.kept." + slot
    slot_value: tuple[Hashable, T] | None = st.session_state.get(name)
    if slot_value is None or slot_value[0] != key:
        slot_value = (key, make())
        st.session_state[name] = slot_value
    return slot_value[1]


def forget() -> None:
    """Drop the file, everything read from it and what was said about it; the bytes the server holds as well."""
    reading = st.session_state.get(READING)
    if reading is not None:
        reading[1].stop()
    for name in [k for k in st.session_state if str(k).startswith(_PREFIXES)]:
        del st.session_state[name]
    _forget_bytes()


def remember(found: Import) -> None:
    """Keep the confirmed columns for a second file with the same ones."""
    seen = frozenset((f.code, f.column) for f in found.findings if f.severity is Severity.WARNING)
    st.session_state[_LAST] = Last(found.choice, found.repairs, found.parsed.digest, seen, found.sheet.name)


def last_choice() -> Choice | None:
    """The columns this session confirmed last, None before the first file."""
    last: Last | None = st.session_state.get(_LAST)
    return last.choice if last is not None else None


def last_confirmed() -> Last | None:
    """What this session confirmed last, None before the first file."""
    last: Last | None = st.session_state.get(_LAST)
    return last


def of_file(digest: str) -> Last | None:
    """What was confirmed for the file with this digest, None for another file or the sample."""
    last: Last | None = st.session_state.get(_LAST)
    return last if last is not None and last.digest == digest else None


def as_last_time(found: Import) -> Import | None:
    """The import with the columns and repairs this session confirmed last; see `repeated`."""
    return repeated(found, last_confirmed())


def repeated(found: Import, last: Last | None) -> Import | None:
    """The import with the columns and repairs confirmed last, when this table has the same columns; else None.

    Repairs of single rows belong to one file and are not repeated in another. Asks no session: for threads.
    """
    if last is None or {c.name for c in last.choice.columns} != set(found.sheet.names()):
        return None
    same = last.digest == found.parsed.digest
    changed = found.with_choice(last.choice if same else replace(last.choice, extraction_date=""))
    offered = [f.repair for f in changed.findings if f.repair is not None]
    wanted = [_what(r) for r in last.repairs if same or r.kind in ("replace", "scale", "fill_down")]
    again = [r for r in offered if _what(r) in wanted]
    return changed.accept(*again) if again else changed


def needs_no_look(found: Import) -> bool:
    """Whether a table that was told as last time can be opened at once.

    It cannot when it has an error that no repair took away, a warning that the last one had not, or when the last one
    was given a date of extraction, which is another for another file.
    """
    last: Last | None = st.session_state.get(_LAST)
    if last is None or (last.choice.extraction_date and last.digest != found.parsed.digest):
        return False
    done = {_what(r) for r in found.repairs}
    left = [f for f in found.findings if f.repair is None or _what(f.repair) not in done]
    return not any(
        f.severity is Severity.ERROR or (f.severity is Severity.WARNING and (f.code, f.column) not in last.seen)
        for f in left
    )


def _what(repair: Repair) -> tuple[object, ...]:
    """What a repair does, without its sentence (which counts cells)."""
    return (repair.kind, repair.columns, repair.values, repair.rows, repair.factor)


def _forget_bytes() -> None:
    """Streamlit keeps uploaded bytes until the session ends; there is no public way to drop them sooner."""
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        context = get_script_run_ctx()
        if context is not None:
            context.uploaded_file_mgr.remove_session_files(context.session_id)
    except Exception:
        return
