"""How a file was read, with its first rows, and what the user says instead."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.cohort.cohort import BASELINE, Cohort
from lib.importing.columns.roles import AT_TIME_POINT, WORDS, ColumnGuess, Role
from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.events import EventTable
from lib.importing.files.encoding import NAMES
from lib.importing.files.formats import KINDS
from lib.importing.files.limits import ReadOptions
from lib.importing.files.table import Parsed
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import
from lib.present.table import Cell, Column, Table
from lib.present.wording import count, for_markdown, joined, plural
from lib.ui import cards
from lib.ui.upload.reading import Reading
from lib.ui.upload.state import READING, keep

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_AUTO = ""
_DAY_FIRST = {"day": "Day first (31/12/2024)", "month": "Month first (12/31/2024)"}
_ENCODINGS = ("utf-8", "cp1252", "mac_roman", "cp850", "iso8859_15", "utf-16")
MOST_COLUMNS = 60
_ROWS = 5
_LONGEST = 40
LEFT_OUT = "left out"


def read_options(key: str) -> ReadOptions:
    """What the user said about the bytes; nothing said: everything is detected."""
    chosen = st.session_state.get
    heading = chosen(f"{key}.heading")
    return ReadOptions(
        encoding=chosen(f"{key}.encoding") or "",
        delimiter=chosen(f"{key}.delimiter") or "",
        header_row=heading,
        header_rows=2 if heading and chosen(f"{key}.two") else None,
    )


def decimal_mark(key: str) -> str:
    """The decimal mark the user chose, '' when it is detected."""
    found: str = st.session_state.get(f"{key}.decimal") or ""
    return found


def day_first(key: str) -> bool | None:
    """How 03/04/2020 is read: True day first, False month first, None: each column decides."""
    found = st.session_state.get(f"{key}.dates")
    return None if not found else found == "day"


def choose(key: str, parsed: Parsed | None) -> None:
    """Controls in which detection is overruled; `parsed` is None for a file that could not be read."""
    is_text = parsed is None or parsed.format == "csv"
    if is_text:
        _select("Letters (encoding)", {e: NAMES[e] for e in _ENCODINGS}, f"{key}.encoding")
        _select("Columns are separated by", DELIMITERS, f"{key}.delimiter")
        _select("Decimal mark", {".": "point (7.5)", ",": "comma (7,5)"}, f"{key}.decimal")
    if is_text or (parsed is not None and parsed.format in ("xlsx", "xls", "ods")):
        heading: Any = st.number_input(
            "Column names are in row", 1, 1000, value=None, placeholder="as detected", key=f"{key}.heading",
            persist_state="session",
        )  # fmt: skip
        st.checkbox("… and in the row below it", key=f"{key}.two", disabled=heading is None, persist_state="session")
    _select("Dates such as 03/04/2020", _DAY_FIRST, f"{key}.dates")


def _select(label: str, options: dict[str, str], key: str) -> None:
    st.selectbox(
        label,
        [_AUTO, *options],
        key=key,
        format_func=lambda o: options.get(o, "as detected"),
        persist_state="session",
    )


def in_words(found: Import) -> str:
    """Format, separator, decimal mark, encoding, heading row and size, in one line."""
    parsed, sheet = found.parsed, found.sheet
    parts = [KINDS.get(parsed.format, parsed.format)]
    if parsed.delimiter:
        parts.append(f"separated by {DELIMITERS.get(parsed.delimiter, parsed.delimiter)}")
    if parsed.format == "csv" or found.decimal == ",":
        parts.append("decimal comma" if found.decimal == "," else "decimal point")
    if parsed.encoding:
        parts.append(NAMES.get(parsed.encoding, parsed.encoding))
    if len(sheet.header_rows) == 1:
        parts.append(f"column names in row {sheet.header_rows[0]}")
    elif sheet.header_rows:
        parts.append(f"column names in rows {sheet.header_rows[0]} and {sheet.header_rows[-1]}")
    parts.append(f"{plural(sheet.n, 'row')}, {plural(len(sheet.columns), 'column')}")
    return " · ".join(parts)


def five_rows(found: Import) -> None:
    """The first rows as read, under what each column is taken for; what identifies a person is not shown."""
    taken = {c.name: _taken_for(c) for c in found.columns}
    hidden = {c.name for c in found.columns if c.role in (Role.IDENTIFIER, Role.BIRTH_DATE)}
    names = found.sheet.names()[:MOST_COLUMNS]
    rows = tuple(
        tuple(Cell(LEFT_OUT if name in hidden else _cut(text)) for name, text in zip(names, row, strict=False))
        for row in found.sheet.head(_ROWS)
    )
    more = len(found.sheet.columns) - len(names)
    note = "Under each heading: what it is taken for; below that the first rows of the file."
    table = Table(
        "What each column is taken for, and the first rows as read",
        tuple(Column(name) for name in names),
        rows,
        (note + (f" … and {count(more)} more columns." if more > 0 else ""),),
    )
    with st.container(key="upload_rows"):
        cards.show(table, under=[taken[name] for name in names])


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _taken_for(column: ColumnGuess) -> str:
    """The meaning of a column in a few words: "VAS pain, 12 months", "patient number", "left out"."""
    if column.role in (Role.IDENTIFIER, Role.BIRTH_DATE):
        return LEFT_OUT
    if column.role in AT_TIME_POINT:
        at = "" if column.time_point in ("", "*", "once") else f", {time_point_of_key(column.time_point).label.lower()}"
        return f"{column.label or column.name}{at}"
    if column.role in (Role.CATEGORY, Role.NUMBER, Role.DATE):
        return f"{WORDS[column.role]}: {column.label or column.name}"
    return WORDS[column.role]


# What the file will be as a cohort, in one sentence, before it is opened.

_MOST = 5


def preview(found: Import, events: EventTable | None) -> Cohort | ImportProblem:
    """The cohort as it would be opened, or why there is none. Kept, so that opening it costs nothing more."""

    def make() -> Cohort | ImportProblem:
        reading: tuple[object, Reading] | None = st.session_state.get(READING)
        ahead = reading[1].built(found) if reading and events is None else None
        if ahead is not None:
            return ahead
        try:
            return found.build(events.events if events else None)
        except ImportProblem as problem:
            return problem

    return keep("preview", (found.fingerprint, id(events)), make)


def summary_in_words(cohort: Cohort) -> str:
    """Patients, scores with their complete pairs, statements, what can be filtered by. Markdown."""
    lines = [plural(cohort.n, "patient"), *_scores(cohort)]
    if cohort.statements:
        lines.append(plural(len(cohort.statements), "statement"))
    if cohort.outcomes:
        lines.append(f"{plural(len(cohort.outcomes), 'yes or no question')}")
    if cohort.events is not None:
        lines.append(plural(len(cohort.events.type), "adverse event"))
    groups = [c.label for c in cohort.categories()]
    if groups:
        lines.append(f"filter by {_named(groups)}")
    return " · ".join(lines)


def _scores(cohort: Cohort) -> list[str]:
    """Scores with a before and an after, how many pairs at most at each follow-up, and scores without."""
    base = cohort.baseline
    most: list[str] = []
    paired: dict[str, str] = {}
    for time in cohort.follow_ups if base is not None else ():
        assert base is not None
        numbers = {m: cohort.pairs(m.key, base.key, time.key).n for m in cohort.measures_at(time.key)}
        paired |= {m.key: m.label for m, n in numbers.items() if n}
        if any(numbers.values()):
            at = "" if time.label.startswith("After") else "at "
            most.append(f"{count(max(numbers.values()))} {at}{for_markdown(time.label.lower())}")
    alone = [m.label for key, m in cohort.measures.items() if key not in paired]
    found = []
    if paired:
        found += [f"before and after: {_named(list(paired.values()))}", f"complete pairs: {joined(most)}"]
    else:
        found.append("nothing to compare before and after yet")
        if len(cohort.time_points) > 1 and base is None:
            found[-1] += " (no time point is before surgery)"
    if alone:
        found.append(f"without before and after: {_named(alone)}")
    return found


def _named(words: list[str]) -> str:
    shown = [for_markdown(w) for w in words[:_MOST]]
    if len(words) > _MOST:
        return ", ".join(shown) + f" and {count(len(words) - _MOST)} more"
    return joined(shown)


def waiting(cohort: Cohort) -> str:
    """Patients whose follow-up is not yet due, and who died before it, per time point; empty when there are none."""
    found = []
    for words, marked in (("Not yet due", cohort.waiting), ("Died before it was due", cohort.died_before)):
        numbers = [(int(marked(o.key).sum()), o.label.lower()) for o in cohort.time_points if o.key != BASELINE]
        parts = [f"{count(n)} at {label}" for n, label in numbers if n]
        found += [f"{words}: {joined(parts)}."] if parts else []
    return " ".join((*found, "They are counted apart from lost.")) if found else ""
