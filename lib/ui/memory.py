"""Python's memory between clicks: quick to tidy, and nothing of a closed cohort kept.

Streamlit has Python search all objects for garbage at the end of every run of a page, before the last charts are sent:
60 to 170 ms of a click, nearly all of it spent on imported modules that never become garbage. `gc.freeze()` takes
what exists out of that search. What is frozen would not be found once it is garbage, so everything is thawed, tidied
and frozen anew whenever a session starts or puts another cohort in the place of its own: no closed session's data stays
longer than without this (Streamlit, too, tidies only when some page runs).
"""

from __future__ import annotations

import gc

import streamlit as st

_TIDY = "_memory_tidy"


def settle() -> None:
    """Last line of a run: after the first one of a session, and after another cohort was opened, tidy once for all."""
    if st.session_state.get(_TIDY):
        return
    st.session_state[_TIDY] = True
    freeze()


def unsettle() -> None:
    """The open cohort was dropped or replaced: tidy at the end of the next run."""
    st.session_state.pop(_TIDY, None)


def freeze() -> None:
    """Free what nobody refers to, then leave the rest out of later searches."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
