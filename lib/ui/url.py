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
_UNDO = "undo"
"""Marks an address that Back or Forward went to (lib/ui/connection_watch)."""
_MOST_SEEN = 60


def start() -> None:
    """On the first run of a session, keep what the address asks for until a cohort is there to apply it to."""
    if PENDING in st.session_state:
        return
    requested = {key: st.query_params.get_all(key) for key in st.query_params if key != _UNDO}
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


def write(cohort: Cohort, page: str) -> None:
    """Make the address of this page say what is on screen, and keep what it stands for: `undo` brings it back.

    After the page has run: what a page sets by itself is in the address at once.
    """
    params = _params(cohort, filters.selection(cohort))
    seen = st.session_state.setdefault(session.ADDRESSES, {})
    here = _place(cohort, page, params)
    seen.pop(here, None)
    seen[here] = {key: st.session_state[key] for key in _own_keys()}
    if len(seen) > _MOST_SEEN:
        del seen[next(iter(seen))]
    if {key: st.query_params.get_all(key) for key in st.query_params} != params:
        st.query_params.from_dict(params)


def undo(cohort: Cohort, page: str) -> None:
    """After the browser's Back or Forward: filter and choices as they were at this address. Before any widget."""
    params = {key: st.query_params.get_all(key) for key in st.query_params}
    if not params.pop(_UNDO, None):
        return
    stood = st.session_state.get(session.ADDRESSES, {}).get(_place(cohort, page, params))
    if stood is None:
        return
    defaults = _DEFAULTS | _defaults_of(cohort)
    for key in _own_keys():
        if key in stood or key in defaults:
            st.session_state[key] = stood.get(key, defaults.get(key))
        elif isinstance(st.session_state[key], list):
            st.session_state[key] = []
        else:
            del st.session_state[key]
    for key in stood.keys() - set(_own_keys()):
        st.session_state[key] = stood[key]


def _own_keys() -> list[str]:
    """What an address stands for: filters and choices, without free text and Present."""
    found = [str(key) for key in st.session_state if str(key).startswith((_CHOICE, "filter."))]
    return [key for key in found if not key.startswith((*_NOT_IN_ADDRESS, "choice.present", "choice.talk"))]


def _place(cohort: Cohort, page: str, params: Mapping[str, list[str]]) -> tuple[str, str, str]:
    return (cohort.provenance.fingerprint, page, urlencode(sorted(params.items()), doseq=True))


def _params(cohort: Cohort, selection: Selection) -> dict[str, list[str]]:
    """What the address holds; unchanged choices are left out."""
    params: dict[str, list[str]] = {}
    if not cohort.provenance.synthetic:
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
    return params


def link(cohort: Cohort, selection: Selection) -> str:
    """The address of what is on screen, whole, for somebody with the same file."""
    requested = urlencode(_params(cohort, selection), doseq=True)
    return f"{st.context.url or ''}{'?' if requested else ''}{requested}"


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
