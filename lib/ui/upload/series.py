"""Columns such as pk1, pk2, pk5: one score at several time points, told in one place instead of nine cells."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.importing.checks.columns import SERIES
from lib.importing.columns.look import slug
from lib.importing.columns.roles import ColumnGuess, Role
from lib.importing.proposal import Import
from lib.present.wording import for_markdown
from lib.ui.upload import columns as columns_editor

_FROM = (Role.NUMBER, Role.SCORE, Role.CATEGORY, Role.YESNO, Role.IGNORE)


def offer(found: Import, key: str) -> None:
    """A popover in which columns are told to be one score; prefilled with what the names suggest."""
    numbers = [c for c in found.columns if c.role in _FROM and found.profiles[c.name].numeric > 0.5]
    if len(numbers) < 2:
        return
    with st.popover("Same score at several time points", icon=":material/timeline:"):
        st.markdown("Choose the columns of one score, then say when each was asked.")
        names = [c.name for c in numbers]
        chosen = st.multiselect("Columns of the score", names, default=_suggested(numbers), key=f"{key}.columns")
        if len(chosen) < 2:
            return
        label = st.text_input("Name of the score", value=_stem(chosen), key=f"{key}.name.{'|'.join(chosen)}")
        times = columns_editor.time_point_words(found.columns)
        at = [_time(name, place, times, key) for place, name in enumerate(chosen)]
        known = [t for t in at if t is not None]
        ready = len(known) == len(at) == len(set(known)) and bool(label.strip())
        st.button(
            "Use as one score",
            key=f"{key}.use",
            type="primary",
            disabled=not ready,
            help=None if ready else "Each column needs a time point of its own",
            on_click=_use,
            args=([c for c in numbers if c.name in chosen], chosen, label.strip(), known, key.removesuffix(".series")),
        )


def _time(name: str, place: int, times: dict[str, str], key: str) -> str | None:
    widget = f"{key}.at.{name}"
    if widget not in st.session_state:
        st.session_state[widget] = "baseline" if place == 0 else None
    found: str | None = st.selectbox(
        f"{for_markdown(name)} was asked at",
        list(times),
        key=widget,
        format_func=times.__getitem__,
        placeholder="When?",
    )
    return found


def _use(columns: Sequence[ColumnGuess], order: Sequence[str], label: str, times: Sequence[str], key: str) -> None:
    at = dict(zip(order, times, strict=True))
    columns_editor.say(key, [c.with_role(Role.SCORE, slug(label), at[c.name], label) for c in columns])


def _suggested(numbers: Sequence[ColumnGuess]) -> list[str]:
    """The first group of plain numbers whose names differ only in a number at the end."""
    groups: dict[str, list[str]] = {}
    for column in numbers:
        match = SERIES.match(column.name.strip())
        if match and column.role is Role.NUMBER:
            groups.setdefault(match.group(1), []).append(column.name)
    return next((names for names in groups.values() if len(names) > 1), [])


def _stem(names: Sequence[str]) -> str:
    shared = names[0]
    for name in names[1:]:
        shared = shared[: next((i for i, (a, b) in enumerate(zip(shared, name, strict=False)) if a != b), len(shared))]
    return shared.strip(" _.-") or names[0]
