"""What one visitor has open: the cohort, the choices, the last few analyses. Nothing here outlives the session."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

import streamlit as st

from lib.analysis import Analysis
from lib.cohort.cohort import Cohort
from lib.cohort.selection import Population, Selection
from lib.ui import memory

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "misjf.csv"
MOST_ANALYSES = 6

_COHORT = "_cohort"
_ANALYSES = "_analyses"
ADDRESSES = "_addresses"
"""Addresses of this session, and the filter and the choices that each stands for (lib/ui/url.py)."""
_CHOICE_PREFIXES = ("filter.", "choice.")


@lru_cache(maxsize=1)
def sample() -> Cohort:
    """The synthetic sample cohort that every session opens with; shared, because it is nobody's data."""
    from lib.importing.proposal import read_trusted

    return read_trusted(SAMPLE.read_bytes(), SAMPLE.name, synthetic=True)


def cohort() -> Cohort | None:
    """The open cohort: the sample at first; None after an uploaded file was lost with its session."""
    if _COHORT not in st.session_state:
        st.session_state[_COHORT] = sample()
    found: Cohort | None = st.session_state[_COHORT]
    return found


def opened() -> Cohort | None:
    """The open cohort, None before one was asked for."""
    found: Cohort | None = st.session_state.get(_COHORT)
    return found


def lose() -> None:
    """The file of this session is not here any more: no cohort is open until somebody opens one."""
    st.session_state[_COHORT] = None


def open_cohort(new: Cohort | None) -> None:
    """Put another cohort in the place of the open one; filters and analyses of the old one go. Call before widgets."""
    st.session_state.pop(_COHORT, None)  # only set, Streamlit would hold the old one beside it until the next click
    st.session_state[_COHORT] = new
    st.session_state.pop(_ANALYSES, None)
    st.session_state.pop(ADDRESSES, None)
    memory.unsettle()
    clear_choices()


def forget() -> None:
    """Drop the uploaded cohort and everything computed from it, and go back to the sample."""
    open_cohort(sample())


def clear_choices() -> None:
    """Every filter and choice back to its default."""
    for key in [k for k in st.session_state if str(k).startswith(_CHOICE_PREFIXES)]:
        del st.session_state[key]


def analysis(of: Cohort, selection: Selection, population: Population) -> Analysis:
    """The analysis of a selection; the last few are kept, so that going back costs nothing."""
    analyses: OrderedDict[object, Analysis] = st.session_state.setdefault(_ANALYSES, OrderedDict())
    key = (of.provenance.fingerprint, selection, population)
    if key not in analyses:
        analyses[key] = Analysis(of, selection, population)
    analyses.move_to_end(key)
    while len(analyses) > MOST_ANALYSES:
        analyses.popitem(last=False)
    return analyses[key]
