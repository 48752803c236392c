"""The chart in a real browser: it changes in place, tells its finding, shows its table and gives its pictures."""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app_pages import ROOT
from tests.browser.conftest import check_server
from tests.browser.driver import serve
from tests.browser.seeing import faults

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCRIPT = Path(__file__).parent / "apps" / "charts.py"


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of apps/charts.py; Streamlit serves the static/ that lies beside a script."""
    folder = tmp_path_factory.mktemp("charts")
    shutil.copy(SCRIPT, folder / "app.py")
    shutil.copytree(ROOT / "static", folder / "static")
    with serve(folder / "app.py") as server:
        yield server.url
        check_server(server)
        assert "WARNING" not in server.printed()


@pytest.fixture
def page(page: Page, address: str) -> Page:
    page.goto(address)
    ready(page)
    return page


def ready(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_selector(".st-key-bars_main .lc:not(.lc-waiting) .main-svg")


def words(page: Page, key: str = "bars_main") -> str:
    return str(page.locator(f".st-key-{key} .annotation-text").first.text_content())


def choose(page: Page, group: str) -> None:
    page.get_by_role("radio", name=group, exact=True).click()
    page.wait_for_selector(f"[role=figure][aria-label^='{group}:']", state="attached")


def test_a_new_figure_changes_the_same_drawing(page: Page) -> None:
    assert words(page) == "All: 7.83 to 4.97"
    page.evaluate("document.querySelector('.st-key-bars_main .lc-plot').dataset.mark = 'kept'")
    page.evaluate("document.querySelector('.st-key-bars_main .main-svg').dataset.mark = 'kept'")
    choose(page, "Postpartum")
    page.wait_for_function("document.querySelector('.st-key-bars_main .annotation-text').textContent.includes('5.54')")
    assert page.locator(".st-key-bars_main .lc-plot").get_attribute("data-mark") == "kept"
    assert page.locator(".st-key-bars_main .main-svg").first.get_attribute("data-mark") == "kept"
    assert page.get_by_role("figure", name="Postpartum: pain fell from 7.62 to 5.54").is_visible()


def test_the_height_is_there_before_and_after(page: Page) -> None:
    box = page.locator(".st-key-bars_main").bounding_box()
    end = page.get_by_text("end of page").bounding_box()
    assert abs(box["height"] - 300) <= 1
    choose(page, "Postpartum")
    page.locator(".st-key-bars_main").hover()
    page.get_by_role("button", name="Table of Pain").click()
    assert page.locator(".st-key-bars_main").bounding_box() == box
    assert page.get_by_text("end of page").bounding_box() == end


def test_the_table_holds_the_same_numbers_and_text_stays_text(page: Page) -> None:
    button = page.get_by_role("button", name="Table of Pain before and after, All")
    table = page.locator(".st-key-bars_main table")
    assert table.count() == 0  # filled when it is asked for: the label of the figure says the finding meanwhile
    button.focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    assert table.locator("th").all_text_contents() == ["Time point", "Mean"]
    assert table.locator("td").all_text_contents() == ["Baseline", "7.83", "12 months", "4.97"]
    assert page.get_by_text("Mean of <b>all</b> pairs.").is_visible()
    assert not page.locator(".st-key-bars_main .lc-figure").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".st-key-bars_main .lc-figure").is_visible()


def test_the_table_follows_the_filter(page: Page) -> None:
    page.get_by_role("button", name="Table of Pain").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Postpartum", exact=True).click()
    page.wait_for_function("document.querySelector('.st-key-bars_main td:last-child').textContent === '7.62'")
    page.get_by_role("button", name="Chart instead of table of Pain").click()
    page.wait_for_function("document.querySelector('.st-key-bars_main .annotation-text').textContent.includes('5.54')")


def test_tools_are_reached_by_keyboard_and_seen_then(page: Page) -> None:
    tools = page.locator(".st-key-bars_main .lc-tools")
    page.mouse.move(2, 2)
    page.wait_for_function("getComputedStyle(document.querySelector('.st-key-bars_main .lc-tools')).opacity === '0'")
    page.get_by_role("radio", name="Postpartum", exact=True).focus()
    page.keyboard.press("Tab")
    names = []
    for _ in range(3):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Tab")
    assert [name.split(" ")[0] for name in names] == ["Table", "PNG", "SVG"]
    page.keyboard.press("Shift+Tab")
    page.wait_for_function("getComputedStyle(document.querySelector('.st-key-bars_main .lc-tools')).opacity === '1'")
    assert tools.get_attribute("aria-label") == "Tools of Pain before and after, All"


def save(page: Page, name: str) -> bytes:
    page.locator(".st-key-bars_main").hover()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"{name} picture of Pain").click()
    assert download.value.suggested_filename == f"pain-before-after.{name.lower()}"
    return Path(download.value.path()).read_bytes()


def test_png_is_a_slide_in_double_resolution(page: Page) -> None:
    picture = save(page, "PNG")
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (3200, 1800)
    if folder := os.environ.get("COHORTLENS_PICTURES"):
        (Path(folder) / "chart.png").write_bytes(picture)


def test_svg_is_a_slide_with_title_note_and_typeface(page: Page) -> None:
    picture = save(page, "SVG").decode()
    assert 'width="1600"' in picture
    assert 'height="900"' in picture
    assert "Pain before and after, All" in picture
    assert "29 of 57 patients, 29 of 29 pairs" in picture
    assert "data:font/woff2;base64,d09GMg" in picture  # "wOF2", the typeface itself
    assert "All: 7.83 to 4.97" in picture
    assert "#FFFFFF" in picture or "rgb(255, 255, 255)" in picture


def test_a_closed_tab_is_drawn_when_it_opens_and_up_to_date(page: Page) -> None:
    choose(page, "Postpartum")
    page.get_by_role("tab", name="Two").click()
    page.wait_for_selector(".st-key-hidden .main-svg")
    assert words(page, "hidden") == "Postpartum: 7.62 to 5.54"
    box = page.locator(".st-key-hidden .lc-plot").bounding_box()
    assert abs(page.locator(".st-key-hidden .main-svg").first.bounding_box()["width"] - box["width"]) <= 1
    page.locator(".st-key-hidden").hover()
    with page.expect_download() as download:  # the tools stand above the chart: no tab may cut them off
        page.locator(".st-key-hidden").get_by_role("button", name="SVG picture").click()
    assert download.value.suggested_filename == "chart.svg"


def test_a_click_runs_the_page_with_the_mark_once(page: Page) -> None:
    box = page.locator(".st-key-bars_main .point").nth(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_text("clicked second").wait_for()
    choose(page, "Postpartum")
    page.get_by_text("clicked second").wait_for(state="detached")


def test_the_width_follows_the_window(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(
        "(() => { const s = document.querySelector('.st-key-bars_main .main-svg').getBoundingClientRect().width;"
        " return s < 390 && Math.abs(s - document.querySelector('.st-key-bars_main .lc').clientWidth) <= 1; })()"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_page_and_back(page: Page, requests: list[str]) -> None:
    page.get_by_role("link", name="Second").first.click()
    page.get_by_role("heading", name="Second").wait_for()
    assert page.locator(".lc").count() == 0
    page.get_by_role("link", name="Charts").first.click()
    ready(page)
    assert words(page) == "All: 7.83 to 4.97"
    assert len([url for url in requests if "plotly-cartesian" in url]) == 1


def test_the_typeface_is_the_one_of_the_app(page: Page, address: str, requests: list[str]) -> None:
    save(page, "PNG")
    fonts = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("Hanken Grotesk" in family for family in fonts)
    assert f"{address}/app/static/HankenGrotesk.woff2" in requests
    family = page.evaluate("getComputedStyle(document.querySelector('.st-key-bars_main .annotation-text')).fontFamily")
    assert family.startswith('"Hanken Grotesk"')


def test_axe_finds_nothing(page: Page) -> None:
    page.get_by_role("tab", name="Two").click()
    page.wait_for_selector(".st-key-hidden .main-svg")
    assert faults(page, picture=False) == []
    page.get_by_role("button", name="Table of Pain").focus()
    page.keyboard.press("Enter")
    assert faults(page, picture=False) == []


def test_without_the_library_streamlit_draws(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/plotly-cartesian.min.js", lambda route: route.abort())
    page.goto(address)
    page.wait_for_selector("[data-testid=stPlotlyChart] .main-svg")
    assert page.locator(".lc").count() == 0
    assert page.get_by_role("figure", name="All: pain fell from 7.83 to 4.97").is_visible()
    assert page.get_by_role("button", name="Table").count() == 1
    page.close()
