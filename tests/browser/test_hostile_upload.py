"""Files that attack a reader, dropped in one window while somebody else works in another, on one server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Server, settle, visit
from tests.browser.test_upload import open_dialog
from tests.hostile.make import FILES

pytestmark = pytest.mark.browser
LONGEST_WAIT = 15.0  # seconds for a click of the other session, on a busy machine
LONGEST_READING = 30_000
EVERYBODY, POSTPARTUM = "20 of 29 improved", "of 13 improved"


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A second window with a session of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


def filtered(page: Page, finding: str) -> float:
    """Press the filter "Postpartum"; seconds until the finding says so."""
    started = time.monotonic()
    page.locator(".st-key-filter-etiology").get_by_role("button", name=re.compile("^Postpartum")).click()
    expect(page.locator(".st-key-finding h1")).to_contain_text(finding, timeout=LONGEST_WAIT * 1000)
    return time.monotonic() - started


def test_hostile_files_are_refused_in_words_while_another_session_works(app: Server, page: Page, other: Page) -> None:
    visit(other, app.url)
    expect(other.locator(".st-key-finding h1")).to_contain_text(EVERYBODY)
    visit(page, app.url)
    slowest = 0.0
    for name, make in FILES.items():
        open_dialog(page)
        page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": make()}
        )
        slowest = max(slowest, filtered(other, POSTPARTUM), filtered(other, EVERYBODY))
        dialog = page.get_by_role("dialog")
        refused = dialog.get_by_text("This file cannot be used")
        expect(refused, name).to_be_visible(timeout=LONGEST_READING)
        said = dialog.inner_text()
        assert "Traceback" not in said, name
        assert len(said.partition("What was open before is unchanged.")[2].split()) >= 5, f"{name}: {said}"
        assert page.get_by_test_id("stException").count() == 0, name
        page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        settle(page)
        expect(page.locator(".st-key-finding h1")).to_contain_text(EVERYBODY)
    assert other.get_by_test_id("stException").count() == 0
    assert app.process is not None
    assert app.process.poll() is None, "the server is still the same"
    assert "Traceback" not in app.printed()
    print(f"{len(FILES)} hostile files; the slowest click of the other session took {slowest:.1f} s")
