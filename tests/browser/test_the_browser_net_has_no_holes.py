"""The instruments of tests/browser, tried on a tiny app: each finds what it should and passes what is fine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.app_pages import ROOT
from tests.browser.driver import Server, is_local, serve, settle, too_wide, visit
from tests.browser.seeing import contrast, cut_words, faults, violations, weak_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

TINY = """
import streamlit as st
st.set_page_config(page_title="Tiny")
st.title("A tiny app")
kind = st.query_params.get("kind", "fine")
if kind == "wide":
    st.html('<div style="width: 900px">wide</div>')
if kind == "pale":
    for row in range(80):
        st.write(f"row {row}")
    st.html('<p style="color: #DDDDDD; background: #FFFFFF">far down and hard to read</p>')
if kind == "call":
    import socket
    with socket.socket() as out:
        out.settimeout(0.2)
        out.connect_ex(("192.0.2.1", 9))
    st.write("called")
if st.button("More"):
    st.write("Here is more")
"""

CHART = """<div><svg width="300" height="80"><rect width="300" height="80" fill="#888888"/>
<text x="10" y="20" fill="#999999">pale</text><text x="10" y="50" fill="#000000">dark</text>
<text x="250" y="70" fill="#000000">over the edge</text></svg>
<p style="width: 60px; overflow: hidden; white-space: nowrap">cut in the middle</p>
<button style="width: 10px; height: 10px; padding: 0" aria-label="a">.</button>
<button style="width: 10px; height: 10px; padding: 0" aria-label="b">.</button></div>"""


@pytest.fixture(scope="module")
def tiny(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    script = tmp_path_factory.mktemp("tiny") / "tiny.py"
    script.write_text(TINY, "utf-8")
    # The typeface of the theme is served from static/ beside the script.
    (script.parent / "static").symlink_to(ROOT / "static")
    with serve(script) as server:
        yield server


def test_a_page_opens_and_answers(tiny: Server, page: Page, requests: list[str]) -> None:
    visit(page, tiny.url)
    page.get_by_role("button", name="More", exact=True).click()
    settle(page)
    assert page.get_by_text("Here is more").is_visible()
    assert any(url.startswith("ws://127.0.0.1") for url in requests)
    assert faults(page, picture=False) == []


def test_a_chart_that_is_not_drawn_yet_is_waited_for(tiny: Server, page: Page) -> None:
    """Its library loads after the script has run: on a busy machine seconds later."""
    visit(page, tiny.url)
    page.evaluate(
        """() => {
          const chart = document.createElement("div");
          chart.dataset.testid = "stBidiComponentRegular";
          chart.innerHTML = '<div class="lc lc-waiting">.</div>';
          document.body.append(chart);
          setTimeout(() => { chart.firstChild.className = "lc"; window.drawn = true; }, 1500);
        }"""
    )
    settle(page)
    assert page.evaluate("window.drawn") is True


def test_pale_text_is_found_even_far_down(tiny: Server, page: Page) -> None:
    visit(page, f"{tiny.url}/?kind=pale")
    assert any("color-contrast" in found for found in faults(page, picture=False))


def test_a_page_too_wide_for_a_phone_is_found(tiny: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, tiny.url)
    assert too_wide(page) == []
    visit(page, f"{tiny.url}/?kind=wide")
    assert too_wide(page)


def test_words_in_a_chart_that_are_pale_or_cut_and_small_targets_are_found(tiny: Server, page: Page) -> None:
    visit(page, tiny.url)
    assert faults(page) == []
    page.get_by_test_id("stMainBlockContainer").evaluate("(e, html) => e.insertAdjacentHTML('beforeend', html)", CHART)
    judged, weak = weak_words(page)
    assert judged == 3
    assert [found.split(":")[0] for found in weak] == ["pale"]
    cut = cut_words(page)
    assert len(cut) == 2
    assert cut[0].startswith("beyond its chart: over the edge")
    assert cut[1].startswith("cut: cut in the middle")
    assert any("target-size" in found for found in violations(page))
    assert len(faults(page)) >= 4


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)


def test_a_server_that_calls_out_is_found(tiny: Server, page: Page) -> None:
    assert tiny.calls_out() == []
    visit(page, f"{tiny.url}/?kind=call")
    assert page.get_by_text("called").is_visible()
    assert "192.0.2.1" in tiny.calls_out()[0]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8501/x", True),
        ("ws://localhost:8501/_stcore/stream", True),
        ("http://[::1]:8501/", True),
        ("data:font/woff2;base64,AA", True),
        ("blob:http://127.0.0.1:8501/1", True),
        ("https://fonts.example.org/a.woff2", False),
        ("http://127.0.0.1.example.org/", False),
        ("http://localhost@example.org/", False),
    ],
)
def test_what_counts_as_local(url: str, local: bool) -> None:
    assert is_local(url) is local
