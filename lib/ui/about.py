"""What is known about an instrument, in a dialog from the name of a measure: range, thresholds, scoring, licence."""

from __future__ import annotations

import streamlit as st

from lib.catalog.instruments import INSTRUMENTS
from lib.cohort.measure import Measure
from lib.present.guide.instruments import facts
from lib.present.wording import for_markdown


def offer(measure: Measure) -> None:
    """A quiet button beside the measure; nothing for a measure that the catalogue does not have."""
    known = INSTRUMENTS.get((measure.instrument or "").partition(":")[0])
    if known is not None and st.button(
        f"About {for_markdown(known.short)}",
        key=f"about_{measure.key}",
        help="Range, direction, thresholds with sources, norms, scoring, licence",
        type="tertiary",
        icon=":material/info:",
    ):
        _show(known.key)


@st.dialog("What is known about this instrument", width="large")
def _show(key: str) -> None:
    st.markdown(f"**{for_markdown(INSTRUMENTS[key].names['en'])}**")
    st.markdown("\n".join(f"- {for_markdown(line.removeprefix('- '))}" for line in facts(key)))
