"""The floor of bench/live.py: a bare app with one control that redraws recorded figures.

It computes nothing, formats nothing and builds nothing: `FLOOR_RECORDING` names a JSON file with the bytes of every
chart for every state of the control. `?page=overview&how=streamlit` draws with st.plotly_chart, else through the
product's component.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import streamlit as st

from lib.ui import chart


@st.cache_resource
def recording() -> dict[str, Any]:
    return json.loads(Path(os.environ["FLOOR_RECORDING"]).read_text("utf-8"))


def redraw(texts: dict[str, str], layout: list[list[Any]]) -> None:
    """Each row of the layout: relative widths, then the charts from left to right."""
    for widths, names in layout:
        places = st.columns(widths, gap="small") if len(widths) > 1 else [st.container()]
        for column, key in zip(places, names, strict=True):
            if key in texts:
                with column:
                    one(key, texts[key])


def one(key: str, text: str) -> None:
    """A recorded chart, through the component or through Streamlit's own call."""
    height = recording()["heights"][key]
    if st.query_params.get("how") == "streamlit":
        sent = figures(text)
        st.plotly_chart(sent["figure"], key=key, theme="streamlit", height=height, alt=sent["alt"])
        return
    renderer = chart._component()
    assert renderer is not None
    calls = {"on_click_change": chart._nothing, "on_failed_change": chart._draw_plainly}
    renderer(key=key, data=text.encode(), height=height, **calls)


@st.cache_resource
def figures(text: str) -> dict[str, Any]:
    return json.loads(text)


st.set_page_config(layout="wide")
which = recording()[st.query_params["page"]]


@st.fragment
def slide() -> None:
    value = st.slider("Step", 0, len(which["texts"]) - 1, key="slider")
    redraw(which["texts"][value], which["layout"])


if which["control"] == "slider":
    slide()
else:
    with st.sidebar:
        chosen = st.pills("Step", which["options"], selection_mode="multi", key="pills")
    step = which["states"].index(sorted(chosen))
    redraw(which["texts"][step], which["layout"])
