"""Range, direction and threshold of measures that the catalogue does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from lib.importing.columns.roles import ColumnGuess, MeasureSpec
from lib.importing.columns.scores import instrument_of
from lib.importing.proposal import Import
from lib.present.wording import compact, for_markdown
from lib.ui.upload.decisions import decide, decided

LOWER, HIGHER = "lower", "higher"
_DIRECTIONS = {LOWER: "Lower", HIGHER: "Higher"}
_WIDTHS = (3, 2, 1.4, 1.4, 1.8)
_MANY = 4
_TALLEST = 360


def edit(found: Import, key: str) -> None:
    """One line per measure that the catalogue does not have: which end is better, range, and what matters.

    Nothing is assumed: a measure whose better end is not known would be drawn upside down as often as not.
    """
    specs = [s for s in found.specs if s.assumed or s.key in decided(key).measures]
    if not specs:
        return
    st.markdown("**Measures that the catalogue does not have.** Which end is better? The rest may stay empty.")
    if len(specs) >= _MANY:
        with st.container(horizontal=True):
            for way, words in _DIRECTIONS.items():
                st.button(
                    f"{words} is better in all",
                    key=f"{key}.measures.all.{way}",
                    on_click=_all,
                    args=(key, specs, way == HIGHER),
                )
    with st.container(height=_TALLEST if len(specs) > 2 * _MANY else "content", border=False):
        specs_chosen = [_line(spec, f"{key}.measures", first=place == 0) for place, spec in enumerate(specs)]
    known = {s.key: s for s in specs_chosen if not s.assumed}
    if any(decided(key).measures.get(name) != spec for name, spec in known.items()):
        for name, spec in known.items():
            decide(key, "measures", name, spec)
        st.rerun()


def _all(key: str, specs: Sequence[MeasureSpec], higher: bool) -> None:
    for spec in specs:
        decide(key, "measures", spec.key, replace(spec, higher_is_better=higher, assumed=False))


def direction_of_several(found: Import, key: str, columns: Sequence[ColumnGuess], higher: bool) -> None:
    """The better end of all scores of these columns that the catalogue does not have. For use in a callback."""
    targets = {c.target: c.label or c.name for c in columns}
    known = {s.key: s for s in found.specs}
    for target, label in targets.items():
        if instrument_of(target) is None:
            spec = known.get(target) or MeasureSpec(target, label, None, None, higher)
            decide(key, "measures", target, replace(spec, higher_is_better=higher, assumed=False))


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
        default=None if spec.assumed else HIGHER if spec.higher_is_better else LOWER,
        format_func=_DIRECTIONS.__getitem__,
        label_visibility=shown,
        help="Which end of the scale is good for the patient" if first else None,
    )
    numbers = [
        column.number_input(
            words if first else f"{words}, {name}",
            value=None if now is None else float(now),
            key=_widget(key, spec, words),
            label_visibility=shown,
            min_value=least,
            format="%g",
            help=tip if first else None,
        )
        for column, now, words, least, tip in zip(
            columns[2:],
            (spec.low, spec.high, spec.threshold),
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
