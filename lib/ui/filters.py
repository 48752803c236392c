"""The sidebar's filter: chips with counts, ranges, and the Selection they amount to."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import streamlit as st

from lib.cohort.cohort import Category, Cohort, Number
from lib.cohort.selection import NOT_RECORDED, Range, Selection
from lib.present.wording import count, for_markdown

ALWAYS_SHOWN = ("etiology", "center")
MANY_LABELS = 8
MORE = "choice.more_filters"


def key_of(column: str) -> str:
    """The session key of a column's filter widget."""
    return f"filter.{column}"


def selection(cohort: Cohort) -> Selection:
    """The filter as the widgets of this session stand; choices the cohort does not know are dropped."""
    chosen: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, Range] = {}
    for column in cohort.categories():
        wanted = st.session_state.get(key_of(column.key)) or ()
        chosen[column.key] = tuple(label for label in wanted if label in column.labels or label == NOT_RECORDED)
    for number in cohort.numbers():
        span = st.session_state.get(key_of(number.key))
        if span:
            ranges[number.key] = _moved(span, bounds(number))
    return Selection.of(chosen, ranges)


def _moved(span: tuple[float, float], ends: tuple[float, float, float]) -> Range:
    low, high = span
    return Range(low if low > ends[0] else None, high if high < ends[1] else None)


def bounds(column: Number) -> tuple[float, float, float]:
    """Smallest value, largest value and step of a number column's slider, rounded outwards to the step."""
    known = column.values[~np.isnan(column.values)]
    if not len(known):
        return 0.0, 1.0, 1.0
    low, high = float(known.min()), float(known.max())
    step = float(column.resolution)
    while (high - low) / step > 1000:
        step *= 10
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def show(cohort: Cohort, active: Selection) -> None:
    """Draw the filter: etiology and center always, any other column on request."""
    always = [c for c in cohort.categories() if c.role in ALWAYS_SHOWN]
    if not always:
        always = list(cohort.categories()[:2])
    for column in always:
        _chips(cohort, column, active)
    rest = {
        c.key: c
        for c in cohort.columns.values()
        if isinstance(c, Category | Number) and c not in always and _can_filter(c)
    }
    if not rest:
        return
    started = [key for key in active.columns if key in rest]
    if started and MORE not in st.session_state:
        st.session_state[MORE] = started
    wanted = st.multiselect(
        "More filters",
        list(rest),
        format_func=lambda key: for_markdown(rest[key].label),
        key=MORE,
        placeholder="Choose a column",
        on_change=_drop_unwanted,
        args=(tuple(rest),),
    )
    for key in wanted:
        found = rest[key]
        if isinstance(found, Category):
            _chips(cohort, found, active)
        else:
            _range(cohort, found, active)


def _can_filter(column: Category | Number) -> bool:
    """A column with one value only cannot part anybody."""
    if isinstance(column, Category):
        return len(column.labels) + bool(np.any(column.codes < 0)) > 1
    low, high, _ = bounds(column)
    return high > low


def _drop_unwanted(columns: tuple[str, ...]) -> None:
    """A filter taken off the list must not go on filtering unseen."""
    wanted = st.session_state.get(MORE) or ()
    for key in columns:
        if key not in wanted:
            st.session_state.pop(key_of(key), None)


def _chips(cohort: Cohort, column: Category, active: Selection) -> None:
    counts = active.counts(cohort, column.key)
    options = sorted(counts, key=lambda label: (label == NOT_RECORDED, _place(column, label, cohort)))
    words: Callable[[str], str] = lambda label: f"{for_markdown(_name(label))} :gray[{count(counts[label])}]"  # noqa: E731
    label = for_markdown(column.label)
    key = key_of(column.key)
    st.session_state.setdefault(key, [])
    if len(options) > MANY_LABELS:
        st.multiselect(
            label, options, key=key, format_func=lambda o: f"{_name(o)} ({count(counts[o])})", placeholder="All"
        )
    else:
        st.pills(label, options, selection_mode="multi", key=key, format_func=words)


def _place(column: Category, label: str, cohort: Cohort) -> tuple[int, int]:
    """Ordered columns keep their order; others stand by size in the whole cohort, so that chips keep their places."""
    i = column.labels.index(label) if label in column.labels else len(column.labels)
    if column.ordered:
        return (i, i)
    return (-int(np.count_nonzero(column.codes == i)), i)


def _name(label: str) -> str:
    return "not recorded" if label == NOT_RECORDED else label


def _range(cohort: Cohort, column: Number, active: Selection) -> None:
    low, high, step = bounds(column)
    key = key_of(column.key)
    whole = float(step).is_integer()
    cast: Callable[[float], float] = int if whole else float
    st.session_state.setdefault(key, (cast(low), cast(high)))
    unit = f" ({column.unit})" if column.unit else ""
    st.slider(for_markdown(column.label + unit), cast(low), cast(high), key=key, step=cast(step), format=_format(step))
    if column.key in active.columns:
        dropped = active.dropped_without_value(cohort, column.key)
        if dropped:
            st.markdown(f":gray[:small[{count(dropped)} without a value left out]]")


def _format(step: float) -> str:
    """As many decimals as the column's own step has."""
    return "%d" if step.is_integer() else f"%.{max(1, -math.floor(math.log10(step)))}f"


def reset() -> None:
    """Every filter open again; other choices stay. For use as a callback."""
    for key in [k for k in st.session_state if str(k).startswith("filter.")]:
        st.session_state[key] = [] if isinstance(st.session_state[key], list) else None
        if st.session_state[key] is None:
            del st.session_state[key]
    st.session_state[MORE] = []


def keep() -> None:
    """Hold the filter and the choices through a run that does not draw their widgets (Streamlit would drop them)."""
    for key in [k for k in st.session_state if str(k).startswith(("filter.", "choice."))]:
        st.session_state[key] = st.session_state[key]


def drop(column: str) -> None:
    """Open one column of the filter. For use as a callback."""
    value = st.session_state.get(key_of(column))
    if isinstance(value, list):
        st.session_state[key_of(column)] = []
    else:
        st.session_state.pop(key_of(column), None)
