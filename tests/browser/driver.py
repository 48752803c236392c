"""A real server and a real browser: start, find, wait, look. Used by the browser tests and by the screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.app_pages import APP, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# --no-sandbox: CI runs as root; the other three keep Chromium small and quiet.
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]"}
TALLEST = 8000
_UNDRAWN = """() => [...document.querySelectorAll('[data-testid=stBidiComponentRegular]')].filter((e) =>
  !e.closest('.st-key-connection_watch') && e.clientWidth && !e.querySelector('.lc:not(.lc-waiting)')).length"""
"""How many charts with room on the page stand there undrawn: the drawing library loads after the script has run."""


def find_chromium() -> str | None:
    """The browser to drive: COHORTLENS_CHROMIUM if set, else the first one on the PATH."""
    named = os.environ.get("COHORTLENS_CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, CHROMIUM_NAMES) if path), None)


@contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """A headless Chromium, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Server:
    """A running app: its address, what it printed, and the connections it tried to open to elsewhere."""

    url: str
    log: Path
    calls: Path
    process: subprocess.Popen[bytes] | None = None

    def printed(self) -> str:
        """What the server wrote to its console so far."""
        return self.log.read_text("utf-8", errors="replace")

    def calls_out(self) -> list[str]:
        """Every connection the server or a child of it tried to open to another machine."""
        return self.calls.read_text("utf-8").splitlines() if self.calls.exists() else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serve(
    script: Path = APP, patience: float = 60, *, folder: Path = ROOT, more: Sequence[str] = ()
) -> Iterator[Server]:
    """Start `streamlit run script` with the settings of a folder, the project's own if none is named, on a free port;
    stop it, and only it, at the end. `more` goes to the command line."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="cohortlens-server-") as kept:
        server = Server(f"http://127.0.0.1:{port}", Path(kept) / "log.txt", Path(kept) / "calls.txt")
        paths = [str(Path(__file__).parent / "no_calls_out"), os.environ.get("PYTHONPATH", "")]
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            "COHORTLENS_CALLS_LOG": str(server.calls),
        }
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += ["--server.port", str(port), "--server.headless", "true", *more]
        with server.log.open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT)
        server.process = process
        try:
            deadline = time.monotonic() + patience
            while not _healthy(server.url):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the app did not start within {patience:g} s:\n{server.printed()[-4000:]}")
                time.sleep(0.1)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def settle(page: Page, patience: float = 60) -> None:
    """Wait until the script has run and nothing on the page is still being drawn."""
    page.wait_for_selector(FINISHED, state="attached", timeout=patience * 1000)
    # A rerun may begin right after: two looks 300 ms apart must both find it finished, with the same text.
    deadline = time.monotonic() + patience
    before = None
    while time.monotonic() < deadline:
        now = page.evaluate("document.body.innerText") if page.locator(FINISHED).count() else None
        still = page.locator("[data-testid=stSkeleton]").count() == 0 and page.evaluate(_UNDRAWN) == 0
        if now is not None and now == before and still:
            return
        before = now
        page.wait_for_timeout(300)
    raise TimeoutError(f"the page did not come to rest within {patience:g} s: {page.url}")


def visit(page: Page, url: str) -> None:
    """Open an address and wait until the page is at rest; a page that shows an exception is a failure at once."""
    page.goto(url)
    settle(page)
    errors = page.get_by_test_id("stException")
    assert errors.count() == 0, f"{url} shows an exception: {errors.first.inner_text()}"


def is_local(url: str) -> bool:
    """Whether a request stays on this machine (or never leaves the browser: data: and blob:)."""
    scheme, _, rest = url.partition(":")
    if scheme in {"data", "blob", "about", "chrome"}:
        return True
    host = rest.lstrip("/").split("/")[0].split("@")[-1]
    return (host if host.endswith("]") else host.rsplit(":", 1)[0]) in LOCAL_HOSTS


def _content_height(page: Page) -> int:
    return int(
        page.evaluate(
            "Math.max(...[document.documentElement, ...document.querySelectorAll("
            "'[data-testid=stMain], [data-testid=stSidebarContent]')].map(e => e.scrollHeight))"
        )
    )


@contextmanager
def tall(page: Page) -> Iterator[None]:
    """Make the window as high as the page: Streamlit scrolls inside, and axe and pictures see only what is in view."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(TALLEST, max(size["height"], _content_height(page)))})
    settle(page)
    try:
        yield
    finally:
        page.set_viewport_size(size)


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways: nothing, or the page's overflow and the first elements beyond its edge."""
    return list(
        page.evaluate(
            """() => {
              const scrollers = [document.documentElement, document.querySelector('[data-testid=stMain]')];
              const over = scrollers.filter(e => e && e.scrollWidth > e.clientWidth + 1)
                .map(e => `${e.dataset.testid || 'the page'} is ${e.scrollWidth} px wide in ${e.clientWidth} px`);
              if (!over.length) return [];
              const beyond = [...document.querySelectorAll('[data-testid=stMain] *')]
                .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 5)
                .map(e => `<${e.tagName.toLowerCase()} ${e.dataset.testid || e.className}> ` +
                          `ends at ${Math.round(e.getBoundingClientRect().right)} px`);
              return [...over, ...beyond];
            }"""
        )
    )
