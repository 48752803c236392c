"""Without a mouse: load a file, filter, move a threshold, compare, export, present. Keys only; focus is where Tab left
it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.driver import Server, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import FileChooser, Page

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return '';
  const by = (e.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.innerText);
  return [e.getAttribute('aria-label'), ...by, e.innerText].join(' | ');
}"""


def tab_to(page: Page, wanted: str, most: int = 150) -> None:
    """Press Tab until what has the focus reads like `wanted`."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(str(page.evaluate(FOCUSED)).replace("\n", " "))
        if re.search(wanted, seen[-1]):
            return
    raise AssertionError(f"Tab never came to {wanted!r}, but to: " + "; ".join(s[:60] for s in seen[:40]))


def finding(page: Page) -> str:
    return page.get_by_test_id("stMain").get_by_role("heading", level=1).inner_text()


def test_load_filter_threshold_compare_export_present(app: Server, page: Page) -> None:
    # from the start: the browser begins to hand over choosers some time after it is asked to, and a busy one opens its
    # own meanwhile
    choosers: list[FileChooser] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))
    visit(page, app.url)
    tab_to(page, "Use my own file")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    settle(page)
    tab_to(page, "(?i)upload|browse")
    page.keyboard.press("Enter")
    for _ in range(300):
        if choosers:
            break
        page.wait_for_timeout(100)
    # one score that the catalogue does not know: its question is answered by keys
    asks = (SAMPLES / "misjf.csv").read_bytes().replace(b"eqvas_", b"gripforce_")
    choosers[0].set_files({"name": "grip.csv", "mimeType": "text/csv", "buffer": asks})
    expect(page.get_by_role("button", name="Answer 1 question")).to_be_enabled(timeout=30_000)
    settle(page)
    page.keyboard.press("n")
    settle(page)
    onward = page.get_by_role("button", name="Open", exact=False).last
    expect(onward).to_be_disabled()
    page.keyboard.press("1")
    expect(onward).to_be_enabled()
    settle(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Ready: 57")).to_be_visible()
    settle(page)
    tab_to(page, "Open the cohort")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)
    expect(page.locator(".st-key-cohort")).to_contain_text("grip.csv")

    tab_to(page, "Postpartum")
    page.keyboard.press("Space")
    settle(page)
    assert "of 13 improved" in finding(page)

    tab_to(page, "^[^|]*Responders|\\| Responders")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/responders"))
    settle(page)
    threshold = page.get_by_role("slider").first
    for _ in range(150):
        page.keyboard.press("Tab")
        if threshold.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=1)).to_contain_text("at least 2.1 points")
    settle(page)

    tab_to(page, "Compare by")
    page.keyboard.type("Center")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("compare=center"))
    settle(page)

    tab_to(page, "\\bExport\\b")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    settle(page)
    tab_to(page, "My department")
    page.keyboard.press("Enter")
    settle(page)
    tab_to(page, "Slides|PowerPoint")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".pptx")
    settle(page)
    # Streamlit's button is off while the file is made and loses the focus; the dialog has it back at the next Tab
    tab_to(page, "Close")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)

    tab_to(page, "\\bPresent\\b")
    page.keyboard.press("Enter")
    page.locator(".st-key-present").wait_for()
    settle(page)
    first = finding(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=1)).not_to_have_text(first)
    page.keyboard.press("Escape")
    page.locator(".st-key-present").wait_for(state="detached")
