"""The page of bench/redraw.py: n charts of one kind behind one control. `?how=component&n=4`."""

from __future__ import annotations

import random

import streamlit as st

from lib.present import theme
from lib.ui.chart import draw

HOW = st.query_params.get("how", "component")
N = int(st.query_params.get("n", "1"))


def likert(step: int, place: int) -> dict:
    random.seed(step * 100 + place)
    ramp = theme.likert_ramp(5)
    rows = [f"Statement {i}" for i in range(7)]
    data = [
        {"type": "bar", "orientation": "h", "y": rows, "x": [random.randint(1, 9) for _ in rows]}
        | {"marker": {"color": color.fill}}
        for color in ramp
    ]
    return {"data": data, "layout": layout(step, place, barmode="stack")}


def lines(step: int, place: int) -> dict:
    random.seed(step * 100 + place)
    patients = [(random.randint(0, 10), random.randint(0, 10)) for _ in range(29)]
    looks = {1: theme.PALETTE.improved, 0: theme.PALETTE.unchanged, -1: theme.PALETTE.worsened}
    data = []
    for sign, color in looks.items():  # one trace per outcome, a gap after each patient, as the product draws it
        pairs = [(a, b) for a, b in patients if (a > b) - (a < b) == sign]
        data.append(
            {"type": "scatter", "mode": "lines+markers", "line": {"color": color}}
            | {"x": [0, 1, None] * len(pairs), "y": [v for pair in pairs for v in (*pair, None)]}
        )
    return {"data": data, "layout": layout(step, place, yaxis={"range": [-0.5, 10.5]})}


def layout(step: int, place: int, **more: object) -> dict:
    said = {"text": f"step {step}, chart {place}", "x": 0, "y": 1.1, "xref": "paper", "yref": "paper"}
    return theme.layout(height=300, margin={"l": 90, "r": 8, "t": 40, "b": 32}, annotations=[said], **more)


step = st.segmented_control("Step", list(range(30)), default=0, required=True, key="step")
for place in range(N):
    figure = (likert if place % 2 else lines)(step, place)
    alt = f"step {step}, chart {place}"
    if HOW == "component":
        draw(figure, key=f"chart{place}", alt=alt, height=300)
    elif HOW != "none":
        st.plotly_chart(figure, key=f"chart{place}", theme="streamlit" if HOW == "streamlit" else None, height=300)
st.text(f"shown {step}.")
