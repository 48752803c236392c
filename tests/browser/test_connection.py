"""The socket is dropped, the server killed: the page says so, and nothing of before stays on screen as if it were now.

5 seconds in a normal run, and a session that is dropped after 2; COHORTLENS_CUTS="60 150" adds longer ones.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import check_server
from tests.browser.driver import Server, serve, settle, visit
from tests.browser.wire import Wire, wire

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
CUTS = [5, *(int(s) for s in os.environ.get("COHORTLENS_CUTS", "").split())]
KEPT_FOR = 60  # seconds, server.disconnectedSessionTTL
GONE = "Your file is no longer here"
COMPLAINTS = re.compile(
    r"ERR_CONNECTION_|WebSocket|_stcore|not responding|reaching server|ERR_EMPTY_RESPONSE|ERR_SOCKET"
)
every_cut = pytest.mark.parametrize("seconds", CUTS)
both_cohorts = pytest.mark.parametrize("own", [True, False], ids=["own file", "sample"])


def begin(page: Page, line: Wire, own: bool) -> str:
    """A filtered view of one's own file or of the sample; returns its finding."""
    visit(page, line.url)
    if own:
        page.get_by_role("button", name="Use my own file").click()
        page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(SAMPLES / "misjf.sav")
        page.get_by_role("button", name="Open the cohort").click(timeout=30_000)
        page.get_by_role("dialog").wait_for(state="detached")
        settle(page)
    page.locator(".st-key-filter-etiology").get_by_role("button", name=re.compile("^Postpartum")).click()
    settle(page)
    assert "of 13 improved" in finding(page)
    return finding(page)


def finding(page: Page) -> str:
    return page.get_by_test_id("stMain").get_by_role("heading", level=1).inner_text()


def away(page: Page, seconds: float) -> None:
    """While the server is away every number stands under words that say so, paler, and no control answers."""
    expect(page.get_by_role("alert").filter(has_text="What you see is from before")).to_be_visible(timeout=5_000)
    for part in ("stMainBlockContainer", "stSidebarContent"):
        assert float(page.get_by_test_id(part).evaluate("e => getComputedStyle(e).opacity")) < 0.6, part
    chip = page.locator(".st-key-filter-center").get_by_role("button").first
    expect(chip).to_be_disabled()
    page.wait_for_timeout(seconds * 1000)
    expect(page.locator(".connection-lost")).to_be_visible()


def back(page: Page) -> None:
    """Connected again, without a click, and the words are gone."""
    page.locator("[data-test-connection-state=CONNECTED]").wait_for(timeout=20_000)
    expect(page.get_by_text("What you see is from before")).to_have_count(0)
    page.wait_for_timeout(1_000)
    settle(page)
    assert float(page.get_by_test_id("stMainBlockContainer").evaluate("e => getComputedStyle(e).opacity")) == 1
    assert page.get_by_role("dialog").count() == 0


def it_is_lost(page: Page, own: bool, before: str) -> None:
    """What was lost and what to do; the filter of the address is kept."""
    if own:
        expect(page.get_by_role("heading", level=1)).to_have_text(GONE)
        expect(page.get_by_role("button", name="Open my file")).to_be_visible()
        expect(page.get_by_text("the filter of this address is kept")).to_be_visible()
        assert page.locator(".st-key-filter-etiology").count() == 0
    else:
        expect(page.get_by_role("alert").filter(has_text="started anew")).to_be_visible()
        assert finding(page) == before
    assert "f.etiology=Postpartum" in page.url


def it_answers(page: Page) -> None:
    """The page is one with its session: the next click counts on from the filter on screen."""
    page.locator(".st-key-filter-center").get_by_role("button", name=re.compile("^Heerlen")).click()
    settle(page)
    assert "of 8 improved" in finding(page)


def only_of_the_connection(page: Page, console: list[str]) -> None:
    page.goto("about:blank")
    console[:] = [line for line in console if not COMPLAINTS.search(line)]


@every_cut
@both_cohorts
def test_the_socket_is_dropped(own: bool, seconds: int, app: Server, page: Page, console: list[str]) -> None:
    with wire(app.url) as line:
        before = begin(page, line, own)
        line.cut()
        away(page, seconds)
        line.join()
        back(page)
        if seconds > KEPT_FOR or finding(page) == GONE:
            assert seconds >= KEPT_FOR, "dropped too soon"
            it_is_lost(page, own, before)
        else:
            assert finding(page) == before
            it_answers(page)
        only_of_the_connection(page, console)


@every_cut
@both_cohorts
def test_the_server_is_killed_and_started_again(
    own: bool, seconds: int, browser: object, page: Page, console: list[str]
) -> None:
    with serve() as first, wire(first.url) as line:
        before = begin(page, line, own)
        assert first.process is not None
        first.process.kill()
        line.cut()
        away(page, seconds)
        with serve() as second:
            line.lead_to(second.url)
            line.join()
            back(page)
            it_is_lost(page, own, before)
            if not own:
                it_answers(page)
            only_of_the_connection(page, console)
            check_server(second)


@both_cohorts
def test_a_session_dropped_meanwhile(
    own: bool, browser: object, page: Page, console: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "2")
    with serve() as server, wire(server.url) as line:
        before = begin(page, line, own)
        line.cut()
        away(page, 3)
        line.join()
        back(page)
        it_is_lost(page, own, before)
        only_of_the_connection(page, console)
