"""A clinician's first minutes in a real browser: look, filter, switch page, move a threshold, open an own file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import Server, settle, visit

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


def finding(page: Page) -> str:
    return page.locator(".st-key-finding h1").inner_text()


def chip(page: Page, name: str):
    return page.locator(".st-key-filter-etiology").get_by_role("button", name=re.compile(f"^{name}"))


def test_filter_page_threshold_upload_reload(app: Server, page: Page) -> None:
    visit(page, app.url)
    assert finding(page).startswith("VAS pain fell from 7.8 to 5.0; 20 of 29 improved by at least 2 points")

    chip(page, "Postpartum").click()
    settle(page)
    assert "of 13 improved" in finding(page)
    assert "f.etiology=Postpartum" in page.url
    expect(page.locator(".st-key-strip")).to_contain_text("24 of 57 operated · 13 of 29 analysed")

    page.get_by_role("link", name="Responders").click()
    settle(page)
    assert re.match(r"VAS pain: \d+ of 13 patients", finding(page))
    assert "f.etiology=Postpartum" in page.url

    page.get_by_role("slider").first.press("ArrowRight")
    settle(page)
    assert "at least 2.1 points" in finding(page)

    page.reload()
    settle(page)
    assert re.match(r"VAS pain: \d+ of 13 patients", finding(page)), "a reload of the sample keeps filter and page"

    page.get_by_role("button", name="Reset filter").click()
    settle(page)
    assert "of 29 patients" in finding(page)

    page.get_by_role("button", name="Use my own file").click()
    settle(page)
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(SAMPLES / "misjf.sav")
    page.get_by_role("button", name="Open the cohort").click(timeout=30_000)
    settle(page)
    expect(page.locator(".st-key-cohort")).to_contain_text("misjf.sav")
    assert "cohort=" in page.url
    chip(page, "Postpartum").click()
    settle(page)

    page.reload()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your file is no longer here")
    page.get_by_role("button", name="Open my file").click()
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(SAMPLES / "misjf.sav")
    page.get_by_role("button", name="Open the cohort").click(timeout=30_000)
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)
    assert re.match(r"VAS pain: \d+ of 13 patients", finding(page)), (
        "the filter of the address comes back with the file"
    )
    assert page.get_by_text("made with another file").count() == 0


def test_nothing_jumps_when_the_filter_changes(app: Server, page: Page) -> None:
    visit(page, app.url)
    cards = "[class*='st-key-card_measure']"
    before = [card.bounding_box() for card in page.locator(cards).all()]
    chip(page, "Ehlers").click()
    settle(page)
    after = [card.bounding_box() for card in page.locator(cards).all()]
    assert [b["height"] for b in before] == [a["height"] for a in after]
