"""Usable by everyone: each page, view, dialog and slide at a desk and on a phone.

axe-core finds nothing serious (with the rule that a target is 24 px), every word in a chart has 4.5:1 against what is
painted behind it, no word is cut, nothing scrolls sideways. test_the_browser_net_has_no_holes.py checks the checks.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.app_pages import AppPage, app_pages
from tests.browser.driver import Server, settle, too_wide, visit
from tests.browser.seeing import cut_words, faults, violations, weak_words, words_in_charts
from tests.browser.test_present import rest, start, where
from tests.browser.test_upload import choose

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, PHONE = (1440, 900), (390, 844)
every_size = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
in_full = (
    every_size if os.environ.get("COHORTLENS_EVERY_SIZE") else pytest.mark.parametrize("size", [DESK], ids=["desk"])
)
"""Views, popovers and messages: at a desk in a normal run, on a phone too with COHORTLENS_EVERY_SIZE=1."""
TABLES_ONLY = {"data_check"}
"""Pages without a chart: the map of missing values is a table, whose words axe judges as any other."""
TABS = "[data-testid=stMain] [class*='tabs'] [role=radiogroup]"


def at(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("which", app_pages(), ids=str)
def test_a_page(which: AppPage, app: Server, page: Page) -> None:
    """On a phone, with letters of twice the size (half a window of 1440 × 900 in CSS pixels), and at a desk."""
    at(page, PHONE)
    visit(page, f"{app.url}/{which.url_path}")
    found = [f"phone: {fault}" for fault in faults(page)]
    at(page, (720, 450))
    settle(page)
    found += [f"200%: {fault}" for fault in faults(page, axe=False, picture=False)]
    at(page, DESK)
    visit(page, f"{app.url}/{which.url_path}")
    assert str(which) in TABLES_ONLY or len(words_in_charts(page)) > 4, "there is a chart with words to judge"
    # axe at a desk judges every view of the others in the next test
    found += [f"desk: {fault}" for fault in faults(page, axe=not which.url_path)]
    assert found == []


@in_full
@pytest.mark.parametrize("which", [p for p in app_pages() if p.url_path], ids=str)
def test_a_page_with_groups_and_its_lower_views(which: AppPage, size: tuple[int, int], app: Server, page: Page) -> None:
    at(page, size)
    visit(page, f"{app.url}/{which.url_path}?compare=etiology")
    views = page.locator(TABS).first.get_by_role("radio").all_inner_texts() if page.locator(TABS).count() else []
    found = [] if views else faults(page)
    for view in views:
        page.locator(TABS).first.get_by_role("radio", name=view, exact=True).click()
        settle(page)
        found += [f"{view}: {fault}" for fault in faults(page)]
    assert found == []


def press(page: Page, name: str) -> None:
    """A button of the sidebar, which is a drawer on a phone."""
    drawer = page.get_by_test_id("stExpandSidebarButton")
    if drawer.count() and drawer.is_visible():
        drawer.click()
        page.wait_for_timeout(500)
    page.get_by_test_id("stSidebar").get_by_role("button", name=name, exact=True).click()


def dialog(page: Page, name: str) -> None:
    press(page, name)
    page.get_by_role("dialog").wait_for()
    settle(page)


def file(page: Page, name: str, data: bytes | None = None) -> None:
    choose(page, name, data)
    done = page.get_by_role("button", name="Open the cohort").or_(page.get_by_text("This file cannot be used"))
    done.first.wait_for(timeout=30_000)
    settle(page)


@in_full
def test_the_guide(size: tuple[int, int], app: Server, page: Page) -> None:
    at(page, size)
    visit(page, app.url)
    dialog(page, "Guide")
    assert faults(page) == []
    page.get_by_role("tab", name="What is this number?").click()
    page.get_by_role("dialog").locator("summary").first.click()
    settle(page)
    expect(page.get_by_role("dialog").get_by_text("When not to trust it").first).to_be_visible()
    assert faults(page) == []


@every_size
def test_the_upload_at_each_stage(size: tuple[int, int], app: Server, page: Page) -> None:
    at(page, size)
    visit(page, app.url)
    dialog(page, "Use my own file")
    found = [f"empty: {fault}" for fault in faults(page)]
    file(page, "broken.sav", b"$FL2@(#) SPSS DATA FILE" + b"\xff" * 500)
    found += [f"refused: {fault}" for fault in faults(page)]
    visit(page, app.url)
    dialog(page, "Use my own file")
    file(page, "misjf.csv")
    found += [f"understood: {fault}" for fault in faults(page)]
    for name in ("misjf.csv", "Time points", "Same score at several time points"):
        if name == "Time points":
            page.get_by_role("radio", name="All 39 columns").click()
            settle(page)
            found += [f"columns: {fault}" for fault in faults(page)]
        button = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
        button.click()
        page.get_by_test_id("stPopoverBody").wait_for()
        found += [f"{name}: {fault}" for fault in violations(page)]
        button.click()
        page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    page.get_by_role("radio", name="3 Open").click()
    settle(page)
    found += [f"open: {fault}" for fault in faults(page)]
    assert found == []


@in_full
def test_an_own_file_its_message_and_who_will_see_it(size: tuple[int, int], app: Server, page: Page) -> None:
    at(page, size)
    visit(page, app.url)
    dialog(page, "Use my own file")
    file(page, "registry.csv")
    expect(page.get_by_role("dialog").get_by_role("heading", name="2000 patients")).to_be_visible()
    found = [f"findings: {fault}" for fault in faults(page)]
    page.get_by_text("for Data check").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    expect(page.get_by_role("button", name="Open the cohort")).to_be_in_viewport()
    page.get_by_role("button", name="Open the cohort").click()
    page.get_by_test_id("stToast").wait_for()
    found += [f"message: {fault}" for fault in violations(page)]
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_test_id("stToast").wait_for(state="detached", timeout=20_000)
    found += [f"overview: {fault}" for fault in faults(page)]
    dialog(page, "Export")
    found += [f"who will see it: {fault}" for fault in faults(page)]
    page.get_by_role("dialog").get_by_text("A congress or journal").click()
    page.get_by_role("button", name="Slides (PowerPoint)").wait_for()
    settle(page)
    found += [f"for outside: {fault}" for fault in faults(page)]
    assert found == []


@every_size
def test_the_export_of_the_sample(size: tuple[int, int], app: Server, page: Page) -> None:
    at(page, size)
    visit(page, app.url)
    dialog(page, "Export")
    page.get_by_role("dialog").locator("summary").first.click()
    settle(page)
    assert faults(page) == []


POPOVERS = [
    ("responders", "Display"),
    ("statements", "Display"),
    ("statements", "Order and direction"),
    ("patients", "Display"),
    ("patients", "Copy"),
    ("compare?compare=etiology", "Merge"),
    ("compare?f.center=Heerlen", "Pin"),
]


@in_full
@pytest.mark.parametrize(("path", "name"), POPOVERS, ids=[f"{p.split('?')[0]}-{n}" for p, n in POPOVERS])
def test_a_popover(path: str, name: str, size: tuple[int, int], app: Server, page: Page) -> None:
    at(page, size)
    visit(page, f"{app.url}/{path}")
    if name in ("Merge", "Pin"):
        press(page, name)
    else:
        page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).first.click()
    page.get_by_test_id("stPopoverBody").wait_for()
    page.wait_for_timeout(300)
    assert faults(page) == []


@pytest.mark.parametrize("size", [(1280, 720), PHONE], ids=["projector", "phone"])
def test_present_mode(size: tuple[int, int], app: Server, page: Page) -> None:
    visit(page, app.url)
    start(page, *size)
    _, total = where(page)
    found = []
    for place in range(1, total + 1):
        rest(page)
        assert where(page) == (place, total)
        found += [f"{place}: {fault}" for fault in (*weak_words(page)[1], *cut_words(page), *too_wide(page))]
        if place in (1, 2, total):
            found += [f"{place}: {fault}" for fault in violations(page)]
        page.keyboard.press("PageDown")
    assert found == []


def test_the_page_that_has_lost_its_file(app: Server, page: Page) -> None:
    visit(page, app.url)
    dialog(page, "Use my own file")
    file(page, "misjf.csv")
    page.get_by_role("button", name="Open the cohort").click()
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your file is no longer here")
    settle(page)
    assert faults(page) == []


# --- larger letters, no motion, colours of the system ----------------------------------------------------------------


def test_nothing_moves_for_who_asked_for_no_motion(app: Server, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(page, app.url)
    page.locator(".st-key-filter-etiology").get_by_role("button", name=re.compile("^Postpartum")).click()
    settle(page)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] [class*="lc"]')].filter((e) => {
          const style = getComputedStyle(e);
          return style.transitionDuration.split(', ').some((d) => parseFloat(d) > 0) || style.animationName !== 'none';
        }).map((e) => e.className.toString())"""
    )
    assert moving == []


def test_colours_of_the_system_leave_every_mark(app: Server, page: Page) -> None:
    """Forced colours (high contrast of Windows): charts keep their own, so that a bar does not become its ground."""
    page.emulate_media(forced_colors="active")
    visit(page, f"{app.url}/responders")
    bars = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-finding, .main-svg .bars path')].filter((e) => e.closest('svg'))
          .map((e) => getComputedStyle(e).fill)"""
    )
    assert len(set(bars)) > 1, bars
    # what is chosen, and what has the focus, is seen without a colour of ours
    grounds = page.evaluate(
        """() => ['true', 'false'].map((on) => [...document.querySelectorAll(`[aria-checked=${on}]`)]
          .filter((e) => e.closest('[data-testid=stMain]')).map((e) => getComputedStyle(e).backgroundColor))"""
    )
    assert set(grounds[0])
    assert not set(grounds[0]) & set(grounds[1])
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); "
            "return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 ? 'outline' : s.boxShadow; }"
        )
        assert ring == "outline", ring
