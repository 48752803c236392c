"""CohortLens: the frame around every page. `streamlit run app.py` opens it."""

import streamlit as st

from lib.ui import browser_parts, export_dialog, filters, guide, memory, navigation, session, sidebar, style, url
from lib.ui.present import mode
from lib.ui.upload import dialog

memory.keep_own_address()
st.set_page_config(
    page_title="CohortLens",
    page_icon="static/favicon.png",
    layout="wide",
)
st.logo("static/logo.svg", size="large", icon_image="static/mark.svg")
style.apply()
memory.uploads_stay_in_memory()
memory.log_no_texts()
url.start()
url.restore()
cohort = session.cohort()
browser_parts.watch(sample=cohort is not None and cohort.provenance.synthetic)
presenting = cohort is not None and mode.active()
page = navigation.build(hidden=presenting)
if cohort is not None:
    url.write(cohort, filters.selection(cohort), cohort.provenance.synthetic)
if presenting:
    mode.show(cohort)
else:
    if cohort is not None:
        sidebar.show(cohort)
        export_dialog.show_if_asked(cohort)
    dialog.show_if_asked()
    guide.show_if_asked()
    navigation.framed()
    page.run()
memory.settle()
