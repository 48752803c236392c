"""The address of a view: page, filter, choices. Column keys, labels, ranges and thresholds, never ids or free text.

An uploaded cohort is named by the first characters of its fingerprint, a hash, so that a link opened without its file
can say so instead of silently showing the sample.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from lib.analysis import Analysis
from lib.cohort.cohort import Category, Cohort, Number
from lib.cohort.selection import Selection
from lib.ui import choices, filters, session
from lib.ui.compare import control

PENDING = "_from_address"
_FILTER = "f."
_CHOICE = "choice."
_SHORT = 10


def start() -> None:
    """On the first run of a session, keep what the address asks for until a cohort is there to apply it to."""
    if PENDING in st.session_state:
        return
    requested = {key: st.query_params.get_all(key) for key in st.query_params}
    st.session_state[PENDING] = requested


def requested_cohort() -> str | None:
    """The cohort the address names, None for the sample or once it was applied."""
    found = st.session_state.get(PENDING, {}).get("cohort")
    return found[0] if found else None


def matches(cohort: Cohort) -> bool:
    """Whether this is the cohort that the address names."""
    return requested_cohort() == cohort.provenance.fingerprint[:_SHORT]


def apply(cohort: Cohort) -> bool:
    """Put the address's filter and choices into the session, before any widget. False: something did not fit."""
    requested: Mapping[str, list[str]] = st.session_state.get(PENDING, {})
    fits = True
    for name, values in requested.items():
        if name.startswith(_FILTER):
            fits = _apply_filter(cohort, name.removeprefix(_FILTER), values) and fits
        elif name != "cohort" and values:
            st.session_state.setdefault(_CHOICE + name, values[0])
    st.session_state[PENDING] = {}
    return fits


def restore() -> None:
    """Once a session: apply what the address asks for, or say that its file is not here (cohort None)."""
    if requested_cohort() is not None and session.opened() is None:
        session.lose()
    found = session.cohort()
    if found is None:
        return
    another = requested_cohort() is not None and not matches(found) and not found.provenance.synthetic
    fits = apply(found)
    if another:
        rest = "Its filter fits and is applied." if fits else "What fits of its filter is applied."
        st.toast(f"The address was made with another file, or with other columns of it. {rest}", duration="long")
    elif not fits:
        st.toast("This cohort does not have all that the address filters by; what fits is applied.", duration="long")


def _apply_filter(cohort: Cohort, key: str, values: list[str]) -> bool:
    """Whether the whole filter of this column fits the cohort."""
    column = cohort.columns.get(key)
    if isinstance(column, Category):
        known = [v for v in values if v in column.labels or v == "(not recorded)"]
        st.session_state[filters.key_of(key)] = known
        return len(known) == len(values)
    if isinstance(column, Number) and values:
        low, high, _ = filters.bounds(column)
        ends = values[0].split("..")
        if len(ends) == 2:
            try:
                span = (float(ends[0]) if ends[0] else low, float(ends[1]) if ends[1] else high)
            except ValueError:
                return False
            if not all(map(math.isfinite, span)) or (all(ends) and span[0] > span[1]):
                return False
            span = (min(max(span[0], low), high), min(max(span[1], low), high))
            whole = float(column.resolution).is_integer()
            st.session_state[filters.key_of(key)] = (int(span[0]), int(span[1])) if whole else span
            return True
    return False


def write(cohort: Cohort | None, selection: Selection, sample: bool) -> None:
    """Make the address say what is on screen; unchanged choices are left out."""
    if cohort is None:
        return
    params: dict[str, list[str]] = {}
    if not sample:
        params["cohort"] = [cohort.provenance.fingerprint[:_SHORT]]
    for key, labels in selection.chosen:
        params[_FILTER + key] = list(labels)
    for key, chosen in selection.ranges:
        low = "" if chosen.low is None else f"{chosen.low:g}"
        high = "" if chosen.high is None else f"{chosen.high:g}"
        params[_FILTER + key] = [f"{low}..{high}"]
    defaults = _DEFAULTS | _defaults_of(cohort)
    for name in sorted(str(k) for k in st.session_state if str(k).startswith(_CHOICE)):
        value = st.session_state[name]
        if name.startswith(_NOT_IN_ADDRESS) or value == defaults.get(name):
            continue
        if isinstance(value, str) and value:
            params[name.removeprefix(_CHOICE)] = [value]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            params[name.removeprefix(_CHOICE)] = [f"{value:g}"]
    if {key: st.query_params.get_all(key) for key in st.query_params} != params:
        st.query_params.from_dict(params)


def link() -> str:
    """The address of what is on screen, whole, for somebody with the same file."""
    requested = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
    return f"{st.context.url or ''}{'?' if requested else ''}{urlencode(requested)}"


def _defaults_of(cohort: Cohort) -> dict[str, str]:
    """What the controls write by themselves: in the address it would be a step back that changes nothing."""
    found = Analysis(cohort).default_follow_up()
    time = choices.follow_up(cohort)
    measures = cohort.measures_at(time.key) if time else ()
    defaults = {choices.FOLLOW_UP: found.key} if found else {}
    first = measures[0].key if measures else ""
    return defaults | ({choices.MEASURE: first, control.PRIMARY: first} if first else {})


_NOT_IN_ADDRESS = (filters.MORE, "choice.told_statement", *control.NOT_IN_ADDRESS)
_DEFAULTS = {
    "choice.people": "analysed",
    "choice.kind": "absolute",
    "choice.over": "pairs",
    "choice.test": "auto",
    "choice.interval": "wilson",
    "choice.bars": "100%",
    "choice.order": "agreement",
    "choice.each.0": "table",
    "choice.valueset": "europe_vas",
    "choice.what": "improvement",
    "choice.forests": "one",
    "choice.form": "auto",
    "choice.p": "hide",
}
