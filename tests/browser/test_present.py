"""Present mode at 1280 × 720: type of 24 points or more, nothing leaves the screen, keys move, a filter stays."""

from __future__ import annotations

import re
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
  const stage = document.querySelector('.st-key-present_stage');
  for (const box of stage ? [stage, ...document.querySelectorAll('.st-key-present h1, .st-key-present_stage .ct')] : [])
    if (box.scrollHeight > box.clientHeight + 6 || box.scrollWidth > box.clientWidth + 2)
      found.push(`cut off: ${box.innerText.slice(0, 80)} ${box.scrollHeight} in ${box.clientHeight}`);
  return found;
}"""


def start(page: Page, width: int = 1280, height: int = 720) -> None:
    page.get_by_role("button", name="Present").first.click()
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector(".st-key-present h1")
    settle(page)


def where(page: Page) -> tuple[int, int]:
    words = page.locator(".st-key-present_keys p").filter(has_text="/").inner_text()
    here, total = re.findall(r"(\d+) / (\d+)", words)[0]
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
    assert total > 6
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
    keys = (("PageDown", 2), ("ArrowRight", 3), ("PageUp", 2), ("Space", 3), ("ArrowLeft", 2), ("End", 8), ("Home", 1))
    for key, place in (*keys, ("PageDown", 2), ("ArrowRight", 3)):
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
    page.get_by_text("13 of 24 analysed").wait_for()  # of whom stands in the menu beside it
    rest(page)
    assert where(page)[0] == 3
    assert page.evaluate("window.blank") == 0
    assert page.evaluate(FAULTS) == []
    page.keyboard.press("a")
    page.get_by_text("All patients · 29 of 57").wait_for()
    page.mouse.click(640, 300)
    expect(page.locator(".st-key-present_keys p").filter(has_text="4 / ")).to_be_visible(timeout=30_000)
    page.keyboard.press("b")
    page.wait_for_selector(".black")
    page.keyboard.press("b")
    page.wait_for_selector(".black", state="detached")


# Every different state of title, strip and chart that was on the screen, and how much of it could be seen.
STATES = """() => { window.states = []; (function look() {
  const title = document.querySelector('.st-key-present h1');
  const strip = [...document.querySelectorAll('.st-key-present_keys p')].find((p) => p.innerText.includes('analysed'));
  let seen = 1;
  for (let box = title; box; box = box.parentElement) seen *= parseFloat(getComputedStyle(box).opacity);
  const chart = document.querySelector('.st-key-present_chart1 .annotation-text');
  const state = [title && title.innerText, strip && strip.innerText, chart && chart.textContent, seen].join(' | ');
  if (window.states.at(-1) !== state) window.states.push(state);
  requestAnimationFrame(look);
})(); }"""


def test_by_keyboard_alone_the_filter_never_blanks_the_screen_and_page_and_filter_stay(app: Server, page: Page) -> None:
    visit(page, f"{app.url}/responders?f.center=Heerlen")
    start(page)
    for place in (2, 3):
        page.keyboard.press("ArrowRight")
        rest(page)
        assert where(page)[0] == place
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith("Only one etiology"):
            break
    page.evaluate(STATES)
    page.keyboard.press("Enter")
    chosen = page.get_by_role("menuitem", name="Prior spinal fusion")
    chosen.wait_for()
    # the list takes the focus once it has opened; an arrow before that is lost
    page.wait_for_function("() => document.activeElement.closest('[role=menu]') !== null")
    for _ in range(6):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
        if page.evaluate("document.activeElement.innerText").strip() == "Prior spinal fusion":
            break
    assert where(page)[0] == 3, "arrows inside the list do not move the findings"
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"\b1 of \d+ analysed")).wait_for()
    rest(page)
    before = (
        "VAS pain fell from 7.75 to 4.69; 11 of 16 patients (68.8%) improved by at least 2 points",
        "Heerlen · 16 of 31 analysed · Invented data",
        "11 improved",
        "1",
    )
    after = (
        "VAS pain in 1 patient, one by one; 0 of 1 patient improved by at least 2 points",
        "Heerlen · 1 of 2 analysed · Invented data",
        "0 improved",
        "1",
    )
    states = [tuple(state.replace("\u00a0", " ").split(" | ")) for state in page.evaluate("window.states")]
    assert (states[0], states[-1]) == (before, after)
    # On a busy machine the title, the strip and the chart may follow one another by a frame or two. Each of them
    # changes once, from the old words to the new ones; never is one empty, pale or back again.
    for was, part, then in zip(before, zip(*states, strict=True), after, strict=True):
        shown = [text for place, text in enumerate(part) if place == 0 or part[place - 1] != text]
        assert shown == ([was, then] if was != then else [was])
    page.keyboard.press("ArrowRight")
    rest(page)
    assert where(page)[0] == 4
    page.keyboard.press("Escape")
    page.wait_for_selector(".st-key-present", state="detached")
    settle(page)
    assert "/responders?" in page.url
    assert "f.center=Heerlen" in page.url
    assert "f.etiology=Prior" in page.url
    assert "0 of 1" in page.locator("h1").first.inner_text()
    # the filter drawn anew knows what is chosen: the next click, whatever it is, keeps it
    page.get_by_role("button", name="Guide", exact=True).click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    settle(page)
    assert "f.center=Heerlen" in page.url
    assert "f.etiology=Prior" in page.url


def test_only_the_filter_is_seen_until_the_pointer_comes_near(app: Server, page: Page) -> None:
    visit(page, app.url)
    start(page)
    page.mouse.move(600, 200)
    move = page.locator(".st-key-present_move")
    assert move.evaluate("box => getComputedStyle(box).opacity") == "0"
    page.mouse.move(600, 695)
    page.wait_for_timeout(300)
    assert move.evaluate("box => getComputedStyle(box).opacity") == "1"
    move.get_by_role("button", name="Next").click()
    page.get_by_text(re.compile(r"^2 / \d+$")).wait_for()


def test_a_large_projector_has_larger_type(app: Server, page: Page) -> None:
    visit(page, app.url)
    start(page, 1920, 1080)
    rest(page)
    height = page.locator(".st-key-present_keys p").last.evaluate("e => e.getBoundingClientRect().height")
    assert height > 32 * 1.4
    assert page.evaluate(FAULTS) == []


def test_on_a_phone_keys_stand_below_the_chart(app: Server, page: Page) -> None:
    visit(page, app.url)
    start(page, 390, 844)
    for place in (2, 3):
        page.keyboard.press("PageDown")
        expect(page.locator(".st-key-present_keys p").filter(has_text=f"{place} / ")).to_be_visible(timeout=30_000)
    rest(page)
    chart = page.locator(".st-key-present_chart .main-svg").first.bounding_box()
    keys = page.locator(".st-key-present_keys").bounding_box()
    assert chart["y"] + chart["height"] <= keys["y"]
    assert chart["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
