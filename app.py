"""CohortLens: the frame around every page. `streamlit run app.py` opens it, with all that `asgi.py` puts around it."""

import datetime as dt

import streamlit as st

from lib.present.sentences.patients import called
from lib.ui import browser_parts, export_dialog, guide, memory, navigation, session, sidebar, style, url
from lib.ui.page import look
from lib.ui.present import mode
from lib.ui.upload import dialog


def frame() -> None:
    """Everything around the page, and the page: one run of a session."""
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
        url.undo(cohort, page.url_path)
        empty = {} if presenting else look(cohort).nothing_on
        style.frame(f"{called(cohort)} · {dt.date.today().isoformat()}", empty)
    try:
        if cohort is not None and presenting:
            mode.show(cohort)
        else:
            if cohort is not None:
                sidebar.show(cohort)
                export_dialog.show_if_requested(cohort)
            dialog.show_if_requested()
            guide.show_if_requested()
            navigation.framed()
            page.run()
    finally:  # a page may stop early
        if cohort is not None and session.cohort() is cohort:
            url.write(cohort, page.url_path)
    memory.settle()


if __name__ == "__main__":
    frame()
else:  # `streamlit run app.py` reads that there is a server below, and imports this file to serve it
    import asgi

    app = st.App("app.py", lifespan=asgi.prepared, middleware=asgi.AROUND)
