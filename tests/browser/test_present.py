"""Present mode at 1280 × 720: type of 24 points or more, nothing leaves the screen, keys move, a filter stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Server, settle, visit
from tests.browser.test_upload import choose, explore, open_dialog

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Every visible piece of text that is smaller than 32 px (24 pt) or reaches out of the window.
FAULTS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const owner = walk.currentNode.parentElement, range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    const box = range.getBoundingClientRect(), size = parseFloat(getComputedStyle(owner).fontSize);
    if (!walk.currentNode.textContent.trim() || ['STYLE', 'SCRIPT'].includes(owner.tagName)) continue;
    if (!owner.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (box.width < 2 || box.right < 0 || walk.currentNode.textContent === 'Skip to main content') continue;
    const out = box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
    if (size < 32 || out) found.push([walk.currentNode.textContent, size, Math.round(box.left), Math.round(box.top),
      Math.round(box.right), Math.round(box.bottom)].join(' | '));
  }
  const main = document.querySelector('[data-testid=stMain]');
  if (main.scrollHeight > main.clientHeight) found.push(`the page scrolls: ${main.scrollHeight}`);
  return found;
}"""


def start(page: Page, width: int = 1280, height: int = 720) -> None:
    page.get_by_role("button", name="Present").first.click()
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector(".st-key-present h1")
    settle(page)


def where(page: Page) -> tuple[int, int]:
    here, total = page.locator(".st-key-present_keys p").filter(has_text="/").inner_text().split(" / ")
    return int(here), int(total)


def rest(page: Page) -> None:
    settle(page)
    if page.locator(".st-key-present_chart").count():
        page.wait_for_selector(".st-key-present_chart .lc:not(.lc-waiting) .main-svg")
    page.wait_for_timeout(200)


@pytest.mark.parametrize("file", ["", "registry.csv"])
def test_every_finding_is_read_from_the_back_row(app: Server, page: Page, file: str) -> None:
    visit(page, app.url)
    if file:
        open_dialog(page)
        choose(page, file)
        explore(page)
    start(page)
    _, total = where(page)
    assert total > 10
    faults = []
    for place in range(1, total + 1):
        # a key that does nothing, or moves by two, never comes to this
        expect(page.locator(".st-key-present_keys p").filter(has_text="/")).to_have_text(
            f"{place} / {total}", timeout=30_000
        )
        rest(page)
        assert where(page) == (place, total)
        faults += [f"{place}: {fault}" for fault in page.evaluate(FAULTS)]
        page.keyboard.press("PageDown")
    assert faults == []


def test_keys_move_and_a_filter_keeps_the_finding(app: Server, page: Page) -> None:
    visit(page, app.url)
    start(page)
    for key, place in (("PageDown", 2), ("ArrowRight", 3), ("PageUp", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        expect(page.locator(".st-key-present_keys p").filter(has_text=f"{place} / ")).to_be_visible(timeout=30_000)
        rest(page)
        assert where(page)[0] == place, key
    page.evaluate(
        "window.blank = 0; (function look() { if (!document.querySelector('.st-key-present_chart .main-svg'))"
        " window.blank += 1; requestAnimationFrame(look); })()"
    )
    page.get_by_role("button", name="Only one etiology").click()
    page.get_by_text("Postpartum", exact=True).last.click()
    page.get_by_text("Postpartum · 13 of").wait_for()
    rest(page)
    assert where(page)[0] == 2
    assert page.evaluate("window.blank") == 0
    assert page.evaluate(FAULTS) == []
    page.keyboard.press("a")
    page.get_by_text("All patients · 29 of 57").wait_for()


def test_on_a_phone_keys_stand_below_the_chart(app: Server, page: Page) -> None:
    visit(page, app.url)
    start(page, 390, 844)
    rest(page)
    chart = page.locator(".st-key-present_chart .main-svg").first.bounding_box()
    keys = page.locator(".st-key-present_keys").bounding_box()
    assert chart["y"] + chart["height"] <= keys["y"]
    assert chart["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
