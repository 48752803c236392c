"""Every page in a real browser: nothing leaves the machine, no error, a link goes where it says. See test_access.py."""

from __future__ import annotations

import os
import re
import time
import tomllib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.app_pages import ROOT, AppPage, app_pages
from tests.browser.conftest import DESKTOP, check_server
from tests.browser.driver import Server, is_local, serve, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = app_pages()
every_page = pytest.mark.parametrize("which", PAGES, ids=str)


def finding(page: Page) -> str:
    """The page's title: the finding in words."""
    title = page.get_by_test_id("stMain").get_by_role("heading", level=1)
    title.first.wait_for(timeout=15_000)
    assert title.count() == 1, "a page has one title"
    return title.inner_text().strip()


def frame(page: Page) -> str:
    """What surrounds every page: the menu and the sidebar, as text."""
    parts = page.locator("[data-testid=stHeader], [data-testid=stSidebar]")
    return "\n".join(part.strip() for part in parts.all_inner_texts())


@every_page
def test_nothing_leaves_this_machine_and_no_error_is_on_screen(
    which: AppPage, app: Server, page: Page, requests: list[str]
) -> None:
    visit(page, f"{app.url}/{which.url_path}")
    assert finding(page)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Page not found").count() == 0
    assert page.get_by_text("Traceback").count() == 0
    assert len(requests) > 5, "the recorder saw the page load"
    assert [url for url in requests if not is_local(url)] == []
    assert app.calls_out() == []


FRESH = [page for page in PAGES if page.url_path]


def test_every_page_begins_with_its_frame() -> None:
    """What the next test sees of three pages in a normal run is one line that all of them share."""
    for which in FRESH:
        assert re.search(r"^view = begin\(\)$", which.file.read_text("utf-8"), re.MULTILINE), which


@pytest.mark.parametrize("which", FRESH if os.environ.get("COHORTLENS_EVERY_SIZE") else FRESH[::3], ids=str)
def test_the_first_link_to_a_fresh_server_shows_the_frame(which: AppPage, browser: Browser, page: Page) -> None:
    # Streamlit runs a file in pages/ alone, without app.py, until st.navigation ran once. A second window that comes by
    # the front door tells what the first should look like.
    with serve() as server:
        visit(page, f"{server.url}/{which.url_path}")
        with browser.new_context(viewport=DESKTOP, locale="en-GB") as context:
            second = context.new_page()
            visit(second, server.url)
            visit(second, f"{server.url}/{which.url_path}")
            expected = finding(second), frame(second)
        assert _becomes(lambda: (finding(page), frame(page)), expected) == expected
        assert page.get_by_role("dialog").count() == 0
        assert page.url.split("?")[0] == f"{server.url}/{which.url_path}"
        check_server(server)
        page.goto("about:blank")  # a page that loses its server complains in the console


def _becomes(look: Callable[[], object], expected: object, patience: float = 15) -> object:
    deadline = time.monotonic() + patience
    while (seen := look()) != expected and time.monotonic() < deadline:
        time.sleep(0.3)
    return seen


def test_a_menu_entry_for_every_page(app: Server, page: Page) -> None:
    visit(page, app.url)
    page.set_viewport_size({"width": 1920, "height": 1080})
    settle(page)
    for which in PAGES:
        assert page.get_by_role("link", name=which.title, exact=True).count() >= 1, which.title


def test_every_file_in_pages_is_a_page() -> None:
    assert {page.file for page in PAGES} == set((ROOT / "pages").glob("*.py"))


def test_settings_keep_the_app_to_this_machine() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["client"]["showErrorLinks"] is False
    # "full" and "stacktrace" print values of patients on the screen.
    assert settings["client"]["showErrorDetails"] in {"type", "none"}
    assert settings["server"].get("enableXsrfProtection", True)
    assert settings["server"].get("enableCORS", True)
