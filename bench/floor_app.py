"""The floor of bench/live.py: a bare app with one control that redraws recorded figures through the same component.

It computes nothing, formats nothing and builds nothing: `FLOOR_RECORDING` names a JSON file with the bytes of every
chart for every state of the control. Same component, same columns, same theme: what is left is Streamlit and the
browser.
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


def redraw(texts: dict[str, str], columns: list[list[Any]]) -> None:
    """Each row of the layout: relative widths, then the charts from left to right."""
    renderer = chart._component()
    assert renderer is not None
    for widths, names in columns:
        places = st.columns(widths, gap="small") if len(widths) > 1 else [st.container()]
        for column, name in zip(places, names, strict=True):
            for key in name if isinstance(name, list) else [name]:
                if key in texts:
                    with column:
                        height = recording()["heights"][key]
                        renderer(
                            key=key,
                            data=texts[key].encode(),
                            height=height,
                            on_click_change=chart._nothing,
                            on_failed_change=chart._draw_plainly,
                        )


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
