"""The app with a made-up cohort instead of an upload, for bench/load.py only: `?mark=…&n=…`, whose and how large."""

import sys

import streamlit as st

sys.path.insert(0, "PROJECT")
from bench.made_up import cohort

if "_cohort" not in st.session_state and "mark" in st.query_params:
    st.session_state["_cohort"] = cohort(
        int(st.query_params.get("n", "2000")),
        seed=len(st.query_params["mark"]),
        name=f"file{st.query_params['mark']}.csv",
        mark=f" {st.query_params['mark']}",
    )
    st.query_params.clear()
