"""Python's memory between clicks: quick to tidy, and nothing of a closed cohort kept.

Streamlit has Python search all objects for garbage at the end of every run of a page, before the last charts are sent:
60 to 170 ms of a click, nearly all of it spent on imported modules that never become garbage. `gc.freeze()` takes
what exists out of that search. What is frozen would not be found once it is garbage, so everything is thawed, tidied
and frozen anew whenever a session starts or puts another cohort in the place of its own: no closed session's data stays
longer than without this (Streamlit, too, tidies only when some page runs). That takes as long as Streamlit's search
did, so it waits until the page is drawn.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from collections.abc import Callable

import streamlit as st

_TIDY = "_memory_tidy"
_WAIT = 2.0
"""Seconds from the end of a run to the tidying: the page is drawn, and whoever looks at it has not clicked yet."""
_waiting = threading.Lock()  # held while a tidying is on its way: one is enough for all sessions


def settle() -> None:
    """Last line of a run: after the first one of a session, and after another cohort was opened, tidy once for all."""
    if st.session_state.get(_TIDY):
        return
    st.session_state[_TIDY] = True
    gc.freeze()
    if _waiting.acquire(blocking=False):
        later = threading.Timer(_WAIT, _tidy)
        later.daemon = True
        later.start()


def unsettle() -> None:
    """The open cohort was dropped or replaced: tidy after the next run."""
    st.session_state.pop(_TIDY, None)


def _tidy() -> None:
    _waiting.release()
    freeze()


def freeze() -> None:
    """Free what nobody refers to and give it back to the system, then leave the rest out of later searches."""
    gc.unfreeze()
    gc.collect()
    if _trim is not None:
        _trim(0)
    gc.freeze()


def _found_trim() -> Callable[[int], int] | None:
    """glibc keeps what was freed for itself: 200 MB after a hundred files of 10 MB. Other systems have no such call."""
    try:
        found = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    found.argtypes, found.restype = (ctypes.c_size_t,), ctypes.c_int
    return lambda pad: int(found(pad))


_trim = _found_trim()
