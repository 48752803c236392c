"""Which time point is which: names such as T1 or "event 2" get their meaning in one place, for all columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from lib.cohort.cohort import BASELINE
from lib.importing.columns.roles import ColumnGuess
from lib.importing.columns.timepoints import in_order, time_point_of_key
from lib.importing.proposal import Import
from lib.present.wording import for_markdown
from lib.ui.upload import columns as columns_editor


def found_keys(columns: Sequence[ColumnGuess]) -> tuple[str, ...]:
    """Keys of the time points that the columns or their rows name, in the order of time."""
    own = {c.time_point for c in columns if c.time_point and c.time_point != columns_editor.OF_THE_ROW}
    own |= {key for c in columns for _, key in c.texts if key}
    return tuple(o.key for o in in_order([time_point_of_key(k) for k in sorted(own)]))


def offer(found: Import, key: str, table: str) -> None:
    """A popover with one choice per time point; nothing when no column has one."""
    keys = found_keys(found.columns)
    if not keys:
        return
    with st.popover("Time points", icon=":material/event:"):
        if BASELINE not in keys:
            st.markdown(":material/warning: No time point is **before surgery** yet. Choose which one is.")
        usual = columns_editor.time_point_words(found.columns)
        for own in keys:
            options = [k for k in usual if k == own or k not in keys]
            widget = f"{key}.{own}"
            st.session_state[widget] = own
            st.selectbox(
                for_markdown(_named(found, own)),
                options,
                key=widget,
                format_func=usual.__getitem__,
                on_change=_rename,
                args=(found.columns, own, widget, table),
            )


def _named(found: Import, own: str) -> str:
    """How the file calls a time point: the text of its rows, or its columns."""
    texts = [text for c in found.columns for text, key in c.texts if key == own]
    names = texts or [c.name for c in found.columns if c.time_point == own]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _rename(columns: Sequence[ColumnGuess], old: str, widget: str, table: str) -> None:
    new = st.session_state[widget]
    columns_editor.say(
        table,
        [
            replace(
                c,
                time_point=new if c.time_point == old else c.time_point,
                texts=tuple((text, new if key == old else key) for text, key in c.texts),
            )
            for c in columns
            if c.time_point == old or any(key == old for _, key in c.texts)
        ],
    )
