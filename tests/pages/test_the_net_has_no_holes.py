"""The checks of tests/pages must be able to fail: each is shown a small app that does what it forbids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.screen import texts

OpenApp = Callable[..., AppTest]

FRAME = """
import streamlit as st
pages = [st.Page("pages/first.py", url_path="first", default=True), st.Page("pages/second.py", url_path="second")]
page = st.navigation(pages)
st.sidebar.selectbox("Etiology", ["All", "Postpartum"], key="etiology")
page.run()
"""


@pytest.fixture
def framed_app(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "app.py").write_text(FRAME, "utf-8")
    (tmp_path / "pages" / "first.py").write_text("import streamlit as st\nst.title('First')\n", "utf-8")
    second = "import streamlit as st\nst.title('Second ' + st.session_state.etiology)\nst.button('More')\n"
    (tmp_path / "pages" / "second.py").write_text(second, "utf-8")
    return tmp_path / "app.py"


def script(folder: Path, body: str) -> Path:
    path = folder / "app.py"
    path.write_text("import streamlit as st\nimport pandas as pd\n" + body, "utf-8")
    return path


def test_a_second_page_keeps_the_sidebar_and_its_buttons(open_app: OpenApp, framed_app: Path) -> None:
    app = open_app("second", script=framed_app)
    assert app.title[0].value == "Second All"
    app.selectbox(key="etiology").set_value("Postpartum").run()
    assert app.title[0].value == "Second Postpartum"
    app.button[0].click().run()
    assert app.title[0].value == "Second Postpartum"


def test_a_page_nobody_knows_is_said(open_app: OpenApp, framed_app: Path) -> None:
    with pytest.raises(KeyError, match="no page 'third'; the app has"):
        open_app("third", script=framed_app)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("st.write('mean nan')", "nan on screen, Markdown"),
        ("st.metric('Pain', 'None')", "None on screen, Metric"),
        ("st.sidebar.caption('from -inf to 3')", "inf on screen, Markdown"),
        ("st.selectbox('Center', ['Heerlen', 'nan'])", "nan on screen, Selectbox"),
        ("st.table(pd.DataFrame({'mean': [1.0, None]}))", "None on screen, Table"),
        ("st.dataframe(pd.DataFrame({'mean': ['4', None]}))", "None on screen, Dataframe"),
        ("with st.expander('p = nan'):\n    st.write('x')", "nan on screen, "),
        ("st.plotly_chart({'data': [{'type': 'bar', 'y': [1], 'text': ['nan']}]}, alt='x')", "nan on screen, Plotly"),
        ("st.plotly_chart({'data': [{'type': 'bar', 'y': [1]}]}, alt='mean None')", "None on screen, Plotly"),
        ("st.code('Traceback (most recent call last):')", "Traceback"),
        ("raise ValueError('broken')", "exception "),
    ],
)
def test_what_must_not_be_on_screen_is_found(open_app: OpenApp, tmp_path: Path, body: str, word: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=word):
        open_app(script=script(tmp_path, body))


def test_a_later_click_is_read_too(open_app: OpenApp, tmp_path: Path) -> None:
    app = open_app(script=script(tmp_path, "if st.button('Show'):\n    st.write('nan')"))
    with pytest.raises(pytest.fail.Exception, match="nan on screen"):
        app.button[0].click().run()


def test_words_that_only_look_alike_pass(open_app: OpenApp, tmp_path: Path) -> None:
    body = (
        "st.write('None of the 29 patients; financial, infection, Fernando, nonetheless')\n"
        "st.table(pd.DataFrame({'mean': [1.0, None]}).style.format(na_rep='not recorded'))\n"
        "st.selectbox('Center', ['Heerlen'])\n"
    )
    app = open_app(script=script(tmp_path, body))
    assert ("Table", "not recorded") in texts(app)


def test_a_word_that_the_file_contains_can_be_allowed(open_app: OpenApp, tmp_path: Path) -> None:
    app = open_app(script=script(tmp_path, "st.write('Complication: None')"), allow={"None"})
    assert ("Markdown", "Complication: None") in texts(app)
