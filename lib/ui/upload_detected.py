"""How a file was read, with its first rows, and what the user says instead."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lib.cohort.columns import AT_OCCASION, WORDS, ColumnGuess, Role
from lib.cohort.importing import Import
from lib.cohort.limits import ReadOptions
from lib.cohort.occasions import occasion_of_key
from lib.cohort.sheets import Parsed
from lib.cohort.text_encoding import NAMES
from lib.present.escape import for_markdown
from lib.present.theme import PALETTE
from lib.present.wording import count, plural
from lib.ui.cards import muted

FORMATS = {
    "csv": "text (CSV)",
    "xlsx": "Excel (.xlsx)",
    "xls": "Excel (.xls)",
    "ods": "OpenDocument (.ods)",
    "sav": "SPSS (.sav)",
    "dta": "Stata (.dta)",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_AUTO = ""
_DAY_FIRST = {"day": "Day first (31/12/2024)", "month": "Month first (12/31/2024)"}
_ENCODINGS = ("utf-8", "cp1252", "mac_roman", "cp850", "iso8859_15", "utf-16")
MOST_COLUMNS = 60
_ROWS = 5
_WIDEST = 260
LEFT_OUT = "left out"


def read_options(key: str) -> ReadOptions:
    """What the user said about the bytes; nothing said: everything is detected."""
    said = st.session_state.get
    heading = said(f"{key}.heading")
    return ReadOptions(
        encoding=said(f"{key}.encoding") or "",
        delimiter=said(f"{key}.delimiter") or "",
        header_row=heading,
        header_rows=2 if heading and said(f"{key}.two") else None,
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
    """The popover in which detection is overruled; `parsed` is None for a file that could not be read."""
    is_text = parsed is None or parsed.format == "csv"
    with st.popover("Read it differently", icon=":material/tune:"):
        if is_text:
            _select("Letters (encoding)", {e: NAMES[e] for e in _ENCODINGS}, f"{key}.encoding")
            _select("Columns are separated by", DELIMITERS, f"{key}.delimiter")
            _select("Decimal mark", {".": "point (7.5)", ",": "comma (7,5)"}, f"{key}.decimal")
        if is_text or (parsed is not None and parsed.format in ("xlsx", "xls", "ods")):
            heading: Any = st.number_input(
                "Column names are in row", 1, 1000, value=None, placeholder="as detected", key=f"{key}.heading",
                persist_state="session",
            )  # fmt: skip
            st.checkbox(
                "… and in the row below it",
                key=f"{key}.two",
                disabled=heading is None,
                persist_state="session",
            )
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
    parts = [FORMATS.get(parsed.format, parsed.format)]
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
    rows = [{name: taken[name] for name in names}] + [
        {name: LEFT_OUT if name in hidden else text for name, text in zip(names, row, strict=False)}
        for row in found.sheet.head(_ROWS)
    ]
    table = pd.DataFrame(rows, columns=list(names), dtype=str).style.apply(_first_row, axis=None)
    st.dataframe(
        table,
        hide_index=True,
        row_height=28,
        height=35 + len(rows) * 28 + 3,
        alt="What each column is taken for, and the first rows as read",
        column_config={name: st.column_config.Column(width=_wide(name, taken[name])) for name in names},
        key=f"upload.rows.{found.sheet.name}",
    )
    more = len(found.sheet.columns) - len(names)
    muted(
        "Under each heading: what it is taken for; below that the first rows of the file."
        + (f" … and {count(more)} more columns." if more > 0 else "")
    )


def _wide(*texts: str) -> int:
    """Pixels in which these texts can be read; the table by itself measures by its shorter rows."""
    return min(_WIDEST, 24 + round(7.2 * max(map(len, texts))))


def _taken_for(column: ColumnGuess) -> str:
    """The meaning of a column in a few words: "VAS pain, 12 months", "patient number", "left out"."""
    if column.role in (Role.IDENTIFIER, Role.BIRTH_DATE):
        return LEFT_OUT
    if column.role in AT_OCCASION:
        at = "" if column.occasion in ("", "*", "once") else f", {occasion_of_key(column.occasion).label.lower()}"
        return f"{column.label or column.name}{at}"
    if column.role in (Role.CATEGORY, Role.NUMBER, Role.DATE):
        return f"{WORDS[column.role]}: {column.label or column.name}"
    return WORDS[column.role]


def _first_row(table: pd.DataFrame) -> pd.DataFrame:
    """The row of meanings in the accent colour, so that it is not taken for a patient."""
    styles = pd.DataFrame("", index=table.index, columns=table.columns)
    styles.iloc[0] = f"color: {PALETTE.accent}; background-color: {PALETTE.panel}"
    return styles


def left_out(found: Import) -> None:
    """Names of the columns that identify persons."""
    if found.left_out:
        names = ", ".join(found.left_out)
        st.markdown(f":material/visibility_off: **Left out, because it identifies persons:** {for_markdown(names)}.")
