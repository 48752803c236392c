"""How wide the window around a follow-up is: a number box per time point of which questionnaires have dates."""

from __future__ import annotations

import streamlit as st

from lib.cohort.checks_windows import dated_follow_ups, half_width, operated_on
from lib.cohort.columns import MOST_MONTHS
from lib.cohort.importing import Import
from lib.cohort.occasions import occasion_of_key
from lib.present.escape import for_markdown

_LEAST = 0.25


def told(found: Import, key: str) -> Import:
    """The import with the windows that the boxes hold; they are drawn by `boxes`, further down."""
    changed = []
    for occasion in _occasions(found):
        months = st.session_state.get(_box(key, occasion))
        if months and abs(months - half_width(found, occasion)) > 1e-9:
            changed.append((occasion, float(months)))
    return found.with_windows(changed) if changed else found


def boxes(found: Import, key: str) -> None:
    """One box per dated follow-up; nothing where no questionnaire has a date, or nobody a date of surgery."""
    occasions = _occasions(found)
    if not occasions:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}.windows".replace(".", "-")):
        for occasion in occasions:
            st.number_input(
                f"Window of {for_markdown(occasion_of_key(occasion).label)}: ± months",
                min_value=_LEAST,
                max_value=float(MOST_MONTHS),
                value=float(f"{half_width(found, occasion):.2g}"),
                step=0.5,
                format="%g",
                key=_box(key, occasion),
                width=230,
                help="A questionnaire counts for a time point within so many months before or after it. "
                "Follow-up is due until then.",
            )


def _occasions(found: Import) -> tuple[str, ...]:
    if operated_on(found) is None:
        return ()
    return tuple(dict.fromkeys(d.occasion for d in dated_follow_ups(found)))


def _box(key: str, occasion: str) -> str:
    return f"{key}.window.{occasion}"
