"""Range, direction and threshold of measures that the catalogue does not have."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from lib.importing.columns.roles import MeasureSpec
from lib.importing.proposal import Import
from lib.present.wording import compact, for_markdown

LOWER, HIGHER = "lower", "higher"
_DIRECTIONS = {LOWER: "Lower", HIGHER: "Higher"}
_WIDTHS = (3, 2, 1.4, 1.4, 1.8)
_MANY = 4
_TALLEST = 360


def edit(found: Import, key: str) -> tuple[Import, tuple[str, ...]]:
    """One line per unknown measure; the import as told, and the names of those whose direction nobody said yet.

    Nothing is assumed: a measure whose better end is not known would be drawn upside down as often as not.
    """
    specs = [s for s in found.specs if s.assumed]
    if not specs:
        return found, ()
    st.markdown("**New measures.** Which end is better? The rest may stay empty.")
    if len(specs) >= _MANY:
        with st.container(horizontal=True):
            for way, words in _DIRECTIONS.items():
                st.button(
                    f"{words} is better in all",
                    key=f"{key}.all.{way}",
                    on_click=_all,
                    args=([_widget(key, s, "better") for s in specs], way),
                )
    with st.container(height=_TALLEST if len(specs) > 2 * _MANY else "content", border=False):
        told = [_line(spec, key, first=place == 0) for place, spec in enumerate(specs)]
    missing = tuple(s.label for s in told if s.assumed)
    known = [s for s in told if not s.assumed]
    return (found.with_columns([], known) if known else found), missing


def _all(widgets: list[str], way: str) -> None:
    for name in widgets:
        st.session_state[name] = way


def _line(spec: MeasureSpec, key: str, *, first: bool) -> MeasureSpec:
    shown: Any = "visible" if first else "collapsed"
    columns = st.columns(_WIDTHS, vertical_alignment="top" if first else "center")
    label = columns[0].text_input(
        "Measure", value=spec.label, key=_widget(key, spec, "label"), label_visibility=shown, max_chars=60
    )
    name = for_markdown(spec.label)
    better = columns[1].segmented_control(
        "Better is",
        list(_DIRECTIONS),
        key=_widget(key, spec, "better"),
        format_func=_DIRECTIONS.__getitem__,
        label_visibility=shown,
        help="Which end of the scale is good for the patient" if first else None,
    )
    numbers = [
        column.number_input(
            words if first else f"{words}, {name}",
            value=None,
            key=_widget(key, spec, words),
            label_visibility=shown,
            min_value=least,
            format="%g",
            help=tip if first else None,
        )
        for column, words, least, tip in zip(
            columns[2:],
            ("Lowest", "Highest", "Matters from"),
            (None, None, 0.0),
            ("The lowest score possible", "The highest score possible", "The smallest improvement patients notice"),
            strict=True,
        )
    ]
    low, high, threshold = (None if n is None else Decimal(compact(n).replace("\u2212", "-")) for n in numbers)
    if low is not None and high is not None and low >= high:
        st.markdown(f":material/error: {name}: the lowest score must lie below the highest.")
        low = high = None
    return replace(
        spec,
        label=label.strip() or spec.label,
        low=low,
        high=high,
        higher_is_better=better == HIGHER,
        threshold=threshold or None,
        assumed=better is None,
    )


def _widget(key: str, spec: MeasureSpec, what: str) -> str:
    return f"{key}.{spec.key}.{what}"
