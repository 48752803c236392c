"""The one table in which the user corrects what every column was taken for; what needs a look comes first.

A data editor forgets its changes when its rows change. So what was said is kept beside it, and the rows change only
when a new "round" begins: another view of the table, or columns told elsewhere (`say`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
ALL, CHECK, OUTCOMES, ANSWERS, GROUPS, OUT = (
    "All",
    "Please check",
    "Scores",
    "Answers and yes or no",
    "Groups and numbers",
    "Left out",
)


def edited_columns(key: str) -> dict[str, ColumnGuess]:
    """What the user said so far, by column name."""
    found: dict[str, ColumnGuess] = st.session_state.get(_slot(key, "said"), {})
    return found


def say(key: str, changed: Iterable[ColumnGuess]) -> None:
    """Columns told outside the table. For use in a callback."""
    st.session_state[_slot(key, "said")] = {**edited_columns(key), **{c.name: c for c in changed}}
    _new_round(key)


def edit(found: Import, key: str, line: Any, better: Callable[[Sequence[ColumnGuess], bool], None]) -> Import:
    """Draw the table, in the container `line` its views and what is done with several columns; the import as told.

    `found`: the import before anything was said of its columns. `better`: called with scores and whether higher is
    better, when that is said of several at once.
    """
    at_start: dict[str, ColumnGuess] = st.session_state.setdefault(_slot(key, "start"), dict(edited_columns(key)))
    started = found.with_columns(at_start.values()) if at_start else found
    with line:
        shown = _choose_view(started.columns, key)
        bulk = st.container(horizontal=True, vertical_alignment="center")
    chosen: list[ColumnGuess] = []
    if shown:
        edited, chosen = _edited(started.columns, shown, key)
        changed = {**at_start, **edited}
        if changed != edited_columns(key):
            st.session_state[_slot(key, "said")] = changed
            st.rerun()
    now = found.with_columns(edited_columns(key).values()) if edited_columns(key) else found
    with bulk:
        _several(now, chosen, key, better)
    return now


def _several(
    now: Import, chosen: Sequence[ColumnGuess], key: str, better: Callable[[Sequence[ColumnGuess], bool], None]
) -> None:
    """What can be said of the ticked columns at once: leave out, or what they are, when and which end is better."""
    n = count(len(chosen))
    names = {c.name for c in chosen}
    ticked = [c for c in now.columns if c.name in names]
    st.button(
        f"Leave out {n}" if chosen else "Leave out",
        key=f"{key}.out",
        icon=":material/visibility_off:",
        disabled=not chosen,
        help=None if chosen else "Tick columns in the table first",
        on_click=say,
        args=(key, [c.with_role(Role.IGNORE) for c in ticked]),
    )
    if not chosen:
        return
    with st.popover(f"Change {n} column{'' if len(chosen) == 1 else 's'}", icon=":material/edit:"):
        times = time_point_words(now.columns)
        role = st.selectbox("Taken for", list(_ROLES), index=None, key=f"{key}.all.role", placeholder="as it is")
        at = st.selectbox(
            "Asked", list(times), index=None, key=f"{key}.all.at", format_func=times.__getitem__, placeholder="as it is"
        )
        way = st.segmented_control(
            "Better is", [False, True], key=f"{key}.all.better", format_func=lambda h: "Higher" if h else "Lower"
        )
        st.button(
            "Apply", key=f"{key}.all.apply", on_click=_apply, args=(now, ticked, role, at, way, key, better),
            disabled=role is None and at is None and way is None,
        )  # fmt: skip


def _apply(
    now: Import,
    chosen: Sequence[ColumnGuess],
    words: str | None,
    at: str | None,
    higher: bool | None,
    key: str,
    better: Callable[[Sequence[ColumnGuess], bool], None],
) -> None:
    long = any(c.role is Role.TIME_POINT for c in now.columns)
    changed = [
        with_edit(c, _ROLES[words] if words else c.role, c.label or c.name, at or c.time_point, long) for c in chosen
    ]
    say(key, changed)
    if higher is not None:
        better([c for c in changed if c.role is Role.SCORE], higher)


def _edited(
    everything: Sequence[ColumnGuess], shown: Sequence[ColumnGuess], key: str
) -> tuple[dict[str, ColumnGuess], list[ColumnGuess]]:
    """Columns as changed in the table, and those ticked."""
    time_points = _time_points(everything)
    long = any(c.role is Role.TIME_POINT for c in everything)
    rows = [_row(column, time_points) for column in shown]
    edited: Any = st.data_editor(
        rows,
        key=f"{key}.table.{st.session_state.get(_slot(key, 'round'), 0)}",
        hide_index=True,
        num_rows="fixed",
        height=min(38 + 35 * len(rows), 388),
        alt="What each column of the file is taken for",
        column_config={
            "Column": st.column_config.TextColumn(disabled=True, pinned=True, width=150),
            "Is a": st.column_config.SelectboxColumn(options=list(_ROLES), required=True, width="medium"),
            "At": st.column_config.SelectboxColumn(options=[_NONE, *time_points.values()], required=True),
            "Name": st.column_config.TextColumn(help="Columns with one name and two time points are before and after"),
            "Tick": st.column_config.CheckboxColumn(width="small", help="Ticked columns are changed together"),
            "Sure": st.column_config.TextColumn(disabled=True, width="small"),
            "Values": st.column_config.TextColumn(disabled=True, width="medium"),
            "Why": st.column_config.TextColumn(disabled=True, width="medium"),
        },
    )
    changes = (_changed(*each, time_points, long) for each in zip(shown, rows, edited, strict=True))
    ticked = [c for c, row in zip(shown, edited, strict=True) if row["Tick"]]
    return {c.name: c for c in changes if c is not None}, ticked


def _choose_view(columns: Sequence[ColumnGuess], key: str) -> list[ColumnGuess]:
    """Columns of the chosen kind whose name holds what is searched for, what needs a look first."""
    kinds = {
        ALL: list(columns),
        CHECK: [c for c in columns if c.confidence < LIKELY and c.role is not Role.IGNORE],
        OUTCOMES: [c for c in columns if c.role in AT_TIME_POINT and c.role not in (Role.STATEMENT, Role.YESNO)],
        ANSWERS: [c for c in columns if c.role in (Role.STATEMENT, Role.YESNO)],
        GROUPS: [c for c in columns if c.role in (Role.CATEGORY, Role.NUMBER, Role.DATE)],
        OUT: [c for c in columns if c.role in _OUT],
    }
    offered = [v for v in kinds if kinds[v]]
    widget = f"{key}.view"
    if st.session_state.get(widget) not in offered:
        st.session_state[widget] = offered[0]
    looked_for = st.text_input(
        "Search",
        key=f"{key}.search",
        placeholder="Search",
        label_visibility="collapsed",
        icon=":material/search:",
        width=160,
        on_change=_new_round,
        args=(key,),
        persist_state="session",
    )
    chosen = st.pills(
        "Columns",
        offered,
        key=widget,
        required=True,
        format_func=lambda v: f"{v} {count(len(kinds[v]))}",
        on_change=_new_round,
        args=(key,),
        label_visibility="collapsed",
        persist_state="session",
    )
    wanted = (looked_for or "").casefold()
    shown = [c for c in kinds[chosen or offered[0]] if wanted in c.name.casefold() or wanted in c.label.casefold()]
    if not shown:
        muted("No such column.")
    return sorted(shown, key=lambda c: (_rank(c.confidence), columns.index(c))) if chosen != OUT else shown


def _slot(key: str, what: str) -> str:
    return f"_{key}.{what}"


def _new_round(key: str) -> None:
    """The table is drawn anew from what was said."""
    st.session_state[_slot(key, "start")] = dict(edited_columns(key))
    st.session_state[_slot(key, "round")] = st.session_state.get(_slot(key, "round"), 0) + 1


def time_point_words(columns: Sequence[ColumnGuess]) -> dict[str, str]:
    """Key → words of every time point that the file has or that is usual, in the order of time."""
    return {k: w for k, w in _time_points(columns).items() if k != OF_THE_ROW}


def _time_points(columns: Sequence[ColumnGuess]) -> dict[str, str]:
    own = [c.time_point for c in columns if c.time_point]
    from_texts = [k for c in columns for _, k in c.texts if k]
    keys = dict.fromkeys([*own, *from_texts, *COMMON_TIME_POINTS])
    return {k: _OF_THE_ROW_WORDS if k == OF_THE_ROW else time_point_of_key(k).label for k in keys}


def _row(column: ColumnGuess, time_points: dict[str, str]) -> dict[str, Any]:
    return {
        "Column": no_formula(column.name),
        "Is a": WORDS[column.role],
        "At": time_points[column.time_point] if column.time_point else _NONE,
        "Name": no_formula(column.label or column.name),
        "Sure": ("yes", "likely", "please check")[_rank(column.confidence) * -1 + 2],
        "Tick": False,
        "Values": no_formula(", ".join(column.samples)),
        "Why": no_formula("; ".join(column.evidence[:2])),
    }


def _rank(confidence: float) -> int:
    """0 please check, 1 likely, 2 sure."""
    return (confidence >= LIKELY) + (confidence >= SURE)


def _changed(
    old: ColumnGuess, before: dict[str, Any], now: dict[str, Any], time_points: dict[str, str], long: bool
) -> ColumnGuess | None:
    if all(now.get(k) == before[k] for k in ("Is a", "At", "Name")):
        return None
    role = _ROLES[now["Is a"]]
    label = str(now.get("Name") or old.label)
    if label == before["Name"]:
        label = old.label or old.name  # without the apostrophe that keeps a copied cell from being a formula
    at = next((k for k, words in time_points.items() if words == now.get("At")), "")
    return with_edit(old, role, label, at, long)


def with_edit(old: ColumnGuess, role: Role, label: str, at: str, long: bool) -> ColumnGuess:
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
