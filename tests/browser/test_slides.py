"""One slide from a chart or a table of a page: really saved by the browser and opened with python-pptx."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pptx
import pytest

from tests.browser.driver import Server, settle, visit
from tests.browser.test_upload import choose, explore, open_dialog
from tests.unit.export.test_slides import check_layout

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page

ORIGIN = r"misjf\.csv.*fingerprint [0-9a-f]{12}, CohortLens \S+, \d{4}-\d\d-\d\d"


def ask_slide(page: Page, key: str) -> None:
    chart = page.locator(f"[class*='st-key-{key}']").first
    chart.scroll_into_view_if_needed()
    chart.get_by_role("button", name="Slide (.pptx) of").focus()
    page.keyboard.press("Enter")


def opened(download: Download) -> Any:
    deck = pptx.Presentation(download.path())
    check_layout(deck)
    return deck


def notes(deck: Any) -> str:
    return str(deck.slides[0].notes_slide.notes_text_frame.text)


@pytest.mark.parametrize(
    ("path", "key", "title", "native"),
    [
        ("", "mini_pain", "VAS pain fell from 7.83 to 4.97", True),
        ("eq5d", "dimensions", "EQ-5D: largest net change in pain/discomfort, 15 of 29 patients better", True),
        ("compare?compare=etiology", "forest", "etiology", True),
        ("patients", "distribution", "Age. All: mean (SD) 45.6", False),
        ("safety", "events", "6 of 57", True),
    ],
)
def test_a_chart_of_any_page_is_a_slide_in_one_click(
    app: Server, page: Page, path: str, key: str, title: str, native: bool
) -> None:
    visit(page, f"{app.url}/{path}")
    page.wait_for_selector(f"[class*='st-key-{key}'] .lc:not(.lc-waiting) .main-svg")
    with page.expect_download() as download:
        ask_slide(page, key)
    assert re.fullmatch(rf"{key}.*\.pptx", download.value.suggested_filename)
    deck = opened(download.value)
    assert len(deck.slides) == 1
    slide = deck.slides[0]
    assert title in slide.shapes.title.text
    assert any(shape.has_chart if native else shape.has_table for shape in slide.shapes)
    assert any("29 analysed" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert re.search(ORIGIN, notes(deck))
    settle(page)
    page.wait_for_timeout(500)
    assert page.get_by_test_id("stException").count() == 0


def test_the_same_slide_is_saved_once(app: Server, page: Page) -> None:
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.suggested_filename))
    visit(page, app.url)
    page.wait_for_selector("[class*='st-key-mini_pain'] .lc:not(.lc-waiting) .main-svg")
    with page.expect_download():
        ask_slide(page, "mini_pain")
    page.get_by_role("link", name="Safety").first.click()
    settle(page)
    page.go_back()
    settle(page)
    assert saved == ["mini_pain.pptx"]


def test_an_own_file_asks_first_who_will_see_it(app: Server, page: Page) -> None:
    visit(page, app.url)
    open_dialog(page)
    choose(page, "misjf.csv")
    explore(page)
    settle(page)
    page.wait_for_selector("[class*='st-key-mini_pain'] .lc:not(.lc-waiting) .main-svg")
    ask_slide(page, "mini_pain")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Who will see this?").first.wait_for()
    with page.expect_download():
        dialog.get_by_role("button", name="My department").click()
    with page.expect_download():  # asked once
        ask_slide(page, "top_two")


def test_a_picture_of_an_own_file_asks_too_and_is_not_for_outsiders(app: Server, page: Page) -> None:
    visit(page, app.url)
    open_dialog(page)
    choose(page, "misjf.csv")
    explore(page)
    settle(page)
    chart = page.locator("[class*='st-key-mini_pain']").first
    chart.locator(".lc:not(.lc-waiting) .main-svg").first.wait_for()
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.suggested_filename))
    chart.get_by_role("button", name="PNG picture of").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="A congress or journal").click()
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)
    assert saved == []
    assert chart.get_by_role("button", name="PNG picture of").count() == 0
    assert chart.get_by_role("button", name="SVG picture of").count() == 0
    ask_slide(page, "mini_pain")
    page.get_by_text("For these readers use Export").wait_for()
    assert saved == []
