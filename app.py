"""CohortLens: the frame around every page. `streamlit run app.py` opens it."""

import streamlit as st

from lib.ui import filters, memory, navigation, session, sidebar, style, upload, url

st.set_page_config(
    page_title="CohortLens",
    page_icon="static/favicon.png",
    layout="wide",
    initial_sidebar_state=288,
)
st.logo("static/logo.svg", size="large", icon_image="static/mark.svg")
page = navigation.build()
style.apply()
url.start()
session.restore()
cohort = session.cohort()
if cohort is not None:
    sidebar.show(cohort)
    url.write(cohort, filters.selection(cohort), cohort.provenance.synthetic)
upload.show_if_asked()
navigation.framed()
page.run()
memory.settle()
