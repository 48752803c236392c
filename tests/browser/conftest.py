"""A server and a browser for the whole folder, and for each test a page whose every request is written down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app_pages import APP
from tests.browser.driver import Server, chromium, find_chromium, is_local, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

HERE = Path(__file__).parent
# On a link to a page Streamlit looks for its server below that path first, and is told 404: no error of ours.
PROBES = ("/_stcore/health", "/_stcore/host-config")
DESKTOP = {"width": 1440, "height": 900}
EYES = {"test_access", "test_screens", "test_chart", "test_slides", "test_present", "test_the_browser_net_has_no_holes"}
"""Files whose tests look at what is drawn, about half of the folder's time; tests/load runs with the other half."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests carry the marker and run in two groups, so that each of two workers has half of them.

    Within a group they share one server and one browser; every other test goes to whichever worker is free.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("eyes" if item.path.stem in EYES else "browser"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Without one the tests skip; in CI that is a failure."""
    executable = find_chromium()
    if executable is None:
        reason = "no Chromium or Chrome on this machine (COHORTLENS_CHROMIUM names one elsewhere)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with chromium(executable) as started:
        yield started


def check_server(server: Server) -> None:
    """What must hold of every server at the end: it called nobody, and no error went to its console."""
    assert server.calls_out() == []
    assert "Traceback" not in server.printed(), server.printed()[-4000:]


@pytest.fixture(scope="package")
def app(browser: Browser) -> Iterator[Server]:
    """The app, started once for the folder."""
    if not APP.exists():
        pytest.skip("there is no app.py yet")
    with serve() as server:
        yield server
        check_server(server)


@pytest.fixture
def requests() -> list[str]:
    """Every address the page of this test asked for, WebSockets included."""
    return []


@pytest.fixture
def console() -> list[str]:
    """Errors that the page of this test wrote to the browser's console, and uncaught exceptions."""
    return []


@pytest.fixture
def page(browser: Browser, requests: list[str], console: list[str]) -> Iterator[Page]:
    """An empty browser window of 1440 × 900. At the end: nothing left this machine, and no error in the console."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB", accept_downloads=True)
    opened = context.new_page()
    context.on("request", lambda asked: requests.append(asked.url))
    opened.on("websocket", lambda socket: requests.append(socket.url))

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.location["url"].endswith(PROBES):
            console.append(f"{said.text} ({said.location['url']})")

    opened.on("console", listen)
    opened.on("pageerror", lambda error: console.append(str(error)))
    yield opened
    context.close()
    assert [url for url in requests if not is_local(url)] == [], "a request left this machine"
    assert console == []
