"""The app with a made-up cohort instead of an upload, for bench/load.py only: `?mark=…&n=…&seed=…`, whose and which.

Who will see files is answered in advance, so that every download is offered.
"""

import sys

import streamlit as st

sys.path.insert(0, "PROJECT")
from bench.made_up import cohort

if "_cohort" not in st.session_state and "mark" in st.query_params:
    made = cohort(
        int(st.query_params["n"]),
        seed=int(st.query_params["seed"]),
        name=f"file{st.query_params['mark']}.csv",
        mark=f" {st.query_params['mark']}",
    )
    st.session_state["_cohort"] = made
    st.session_state["_export_readers"] = (made.provenance.fingerprint, "department")
    st.query_params.clear()
