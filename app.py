"""CohortLens: the frame around every page. `streamlit run app.py` opens it."""

import streamlit as st

from lib.ui import (
    connection,
    export_dialog,
    filters,
    guide,
    memory,
    memory_only,
    navigation,
    own_address,
    present_mode,
    session,
    sidebar,
    style,
    upload,
    url,
)

own_address.settle()
st.set_page_config(
    page_title="CohortLens",
    page_icon="static/favicon.png",
    layout="wide",
)
st.logo("static/logo.svg", size="large", icon_image="static/mark.svg")
style.apply()
memory_only.uploads_stay_in_memory()
url.start()
session.restore()
cohort = session.cohort()
connection.watch(sample=cohort is not None and cohort.provenance.synthetic)
presenting = cohort is not None and present_mode.active()
page = navigation.build(hidden=presenting)
if cohort is not None:
    url.write(cohort, filters.selection(cohort), cohort.provenance.synthetic)
if presenting:
    present_mode.show(cohort)
else:
    if cohort is not None:
        sidebar.show(cohort)
        export_dialog.show_if_asked(cohort)
    upload.show_if_asked()
    guide.show_if_asked()
    navigation.framed()
    page.run()
memory.settle()
