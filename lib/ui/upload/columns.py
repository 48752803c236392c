"""The one table in which the user corrects what every column was taken for; what needs a look comes first.

A data editor forgets its changes when its rows change. So what was said is kept beside it, and the rows change only
when a new "round" begins: another view of the table, or columns told elsewhere (`say`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from lib.catalog.answers import normalise
from lib.catalog.eq5d import DIMENSIONS
from lib.catalog.spreadsheet import no_formula
from lib.importing.columns.look import slug
from lib.importing.columns.roles import AT_TIME_POINT, WORDS, ColumnGuess, Role
from lib.importing.columns.timepoints import time_point_of_key
from lib.importing.proposal import Import
from lib.present.wording import count
from lib.ui.cards import muted

_ROLES = {words: role for role, words in WORDS.items()}
_NONE = "–"
OF_THE_ROW = "*"
_OF_THE_ROW_WORDS = "as its row says"
COMMON_TIME_POINTS = ("baseline", "follow_up", "6w", "3m", "6m", "12m", "18m", "24m", "36m", "60m", "once")
SURE, LIKELY = 0.9, 0.6
_OUT = (Role.IDENTIFIER, Role.BIRTH_DATE, Role.IGNORE)
CHECK, USED, OUT = "check", "used", "out"


def said(key: str) -> dict[str, ColumnGuess]:
    """What the user said so far, by column name."""
    found: dict[str, ColumnGuess] = st.session_state.get(_slot(key, "said"), {})
    return found


def say(key: str, changed: Iterable[ColumnGuess]) -> None:
    """Columns told outside the table. For use in a callback."""
    st.session_state[_slot(key, "said")] = {**said(key), **{c.name: c for c in changed}}
    _new_round(key)


def edit(found: Import, key: str, line: Any) -> Import:
    """Draw the table, and in the container `line` the choice of its view; the import after the user's changes."""
    at_start: dict[str, ColumnGuess] = st.session_state.setdefault(_slot(key, "start"), dict(said(key)))
    started = found.with_columns(at_start.values()) if at_start else found
    with line:
        shown = _choose_view(started.columns, key)
    if shown:
        st.session_state[_slot(key, "said")] = {**at_start, **_edited(started.columns, shown, key)}
    now = said(key)
    return found.with_columns(now.values()) if now else found


def _edited(everything: Sequence[ColumnGuess], shown: Sequence[ColumnGuess], key: str) -> dict[str, ColumnGuess]:
    time_points = _time_points(everything)
    long = any(c.role is Role.TIME_POINT for c in everything)
    rows = [_row(column, time_points) for column in shown]
    edited: Any = st.data_editor(
        rows,
        key=f"{key}.table.{st.session_state.get(_slot(key, 'round'), 0)}",
        hide_index=True,
        num_rows="fixed",
        height=min(38 + 35 * len(rows), 318),
        alt="What each column of the file is taken for",
        column_config={
            "Column": st.column_config.TextColumn(disabled=True, pinned=True, width=150),
            "Is a": st.column_config.SelectboxColumn(options=list(_ROLES), required=True, width="medium"),
            "At": st.column_config.SelectboxColumn(options=[_NONE, *time_points.values()], required=True),
            "Name": st.column_config.TextColumn(help="Columns with one name and two time points are before and after"),
            "Sure": st.column_config.TextColumn(disabled=True, width="small"),
            "Values": st.column_config.TextColumn(disabled=True, width="large"),
        },
    )
    changes = (_changed(*each, time_points, long) for each in zip(shown, rows, edited, strict=True))
    return {c.name: c for c in changes if c is not None}


def _choose_view(columns: Sequence[ColumnGuess], key: str) -> list[ColumnGuess]:
    """Columns of the chosen view, what needs a look first; nothing (and a word) when there is nothing to check."""
    views = {
        CHECK: [c for c in columns if c.confidence < LIKELY and c.role is not Role.IGNORE],
        USED: [c for c in columns if c.role not in _OUT],
        OUT: [c for c in columns if c.role in _OUT],
    }
    words = {CHECK: "Please check", USED: "Used", OUT: "Left out"}
    offered = [v for v in views if views[v] or v == USED]
    widget = f"{key}.view"
    if st.session_state.get(widget) not in offered:
        st.session_state[widget] = offered[0]
    chosen: str | None = offered[0]
    if len(offered) > 1:
        chosen = st.segmented_control(
            "Columns",
            offered,
            key=widget,
            required=True,
            format_func=lambda v: f"{words[v]} ({count(len(views[v]))})",
            on_change=_new_round,
            args=(key,),
            label_visibility="collapsed",
        )
    shown = views[chosen or USED]
    if not shown:
        muted("No column is used yet.")
    return sorted(shown, key=lambda c: (_rank(c.confidence), columns.index(c))) if chosen != OUT else shown


def _slot(key: str, what: str) -> str:
    return f"_{key}.{what}"


def _new_round(key: str) -> None:
    """The table is drawn anew from what was said."""
    st.session_state[_slot(key, "start")] = dict(said(key))
    st.session_state[_slot(key, "round")] = st.session_state.get(_slot(key, "round"), 0) + 1


def time_point_words(columns: Sequence[ColumnGuess]) -> dict[str, str]:
    """Key → words of every time point that the file has or that is usual, in the order of time."""
    return {k: w for k, w in _time_points(columns).items() if k != OF_THE_ROW}


def _time_points(columns: Sequence[ColumnGuess]) -> dict[str, str]:
    own = [c.time_point for c in columns if c.time_point]
    from_texts = [k for c in columns for _, k in c.texts if k]
    keys = dict.fromkeys([*own, *from_texts, *COMMON_TIME_POINTS])
    return {k: _OF_THE_ROW_WORDS if k == OF_THE_ROW else time_point_of_key(k).label for k in keys}


def _row(column: ColumnGuess, time_points: dict[str, str]) -> dict[str, str]:
    return {
        "Column": no_formula(column.name),
        "Is a": WORDS[column.role],
        "At": time_points[column.time_point] if column.time_point else _NONE,
        "Name": no_formula(column.label or column.name),
        "Sure": ("yes", "likely", "please check")[_rank(column.confidence) * -1 + 2],
        "Values": no_formula(", ".join(column.samples)),
    }


def _rank(confidence: float) -> int:
    """0 please check, 1 likely, 2 sure."""
    return (confidence >= LIKELY) + (confidence >= SURE)


def _changed(
    old: ColumnGuess, before: dict[str, str], now: dict[str, Any], time_points: dict[str, str], long: bool
) -> ColumnGuess | None:
    if all(now.get(k) == before[k] for k in ("Is a", "At", "Name")):
        return None
    role = _ROLES[now["Is a"]]
    label = str(now.get("Name") or old.label)
    if label == before["Name"]:
        label = old.label or old.name  # without the apostrophe that keeps a copied cell from being a formula
    at = next((k for k, words in time_points.items() if words == now.get("At")), "")
    return told(old, role, label, at, long)


def told(old: ColumnGuess, role: Role, label: str, at: str, long: bool) -> ColumnGuess:
    """A column as the user says: its target follows from role and name, its time point only where the role has one.

    A score without a time point was asked once; in a table with several rows per patient, its row says when.
    """
    at = at or (OF_THE_ROW if long else "once") if role in AT_TIME_POINT else ""
    same = role is old.role and label == (old.label or old.name)
    return old.with_role(role, old.target if same else _target(role, label), at, label)


def _target(role: Role, label: str) -> str:
    """Empty where the import knows better than a name (the state, the number, the first event)."""
    if role is Role.EQ5D_DIMENSION:
        return _dimension(label)
    named = AT_TIME_POINT - {Role.EQ5D_STATE} | {Role.CATEGORY, Role.NUMBER, Role.DATE}
    return slug(label) if role in named else ""


def _dimension(label: str) -> str:
    """The key of the EQ-5D dimension that a name speaks of; the name itself where it speaks of none."""
    words = set(normalise(label).split())
    for dimension in DIMENSIONS:
        known = {w for listed in dimension.words.values() for text in listed for w in normalise(text).split()}
        if dimension.key.lower() in words or words & known:
            return dimension.key
    return slug(label)
