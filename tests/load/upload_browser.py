"""Many uploads in a row through a real browser and the server's own upload address; what the server's memory does.

    python -m tests.load.upload_browser 100

A new tab after every tenth file, the old one closed. Prints one line of JSON: resident MB of the server before (after 2
uploads to warm up), the highest after any upload, after the last cohort is forgotten, and when the next visitor comes
after the last tab was closed for longer than the server keeps a session; and how many child processes are left. Linux
only: it reads /proc.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.made_up_file import csv
from tests.browser.driver import Server, chromium, find_chromium, serve, settle
from tests.load.upload_memory import ROWS, children, resident

WARM = 2
TAB = 10
KEPT = 60  # seconds, server.disconnectedSessionTTL


def _open(page: object, file: Path) -> None:
    from playwright.sync_api import Page

    assert isinstance(page, Page)
    own = page.get_by_role("button", name="Open another file")
    button = own if own.count() else page.get_by_role("button", name="Use my own file")
    button.first.click()
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(file)
    # the second file of a session with the same columns opens without a look at them
    confirm = page.get_by_role("button", name="Open the cohort")
    opened = page.locator(".st-key-cohort").get_by_text(file.name)
    confirm.or_(opened).first.wait_for(timeout=120_000)
    if confirm.count():
        confirm.click()
    opened.wait_for(timeout=60_000)
    page.get_by_role("dialog").wait_for(state="detached", timeout=60_000)
    settle(page)


def main(times: int) -> None:
    """Upload so often, then say what memory did."""
    executable = find_chromium()
    assert executable, "no Chromium"
    with tempfile.TemporaryDirectory() as folder, serve() as server, chromium(executable) as browser:
        assert server.process is not None
        pid = server.process.pid
        files = [Path(folder) / f"cohort{i}.csv" for i in range(2)]
        for i, file in enumerate(files):
            file.write_bytes(csv(ROWS + i))  # two different files in turn: the same one twice could be recognised
        page = browser.new_page()
        page.goto(server.url)
        settle(page)
        for i in range(WARM):
            _open(page, files[i % 2])
        before = highest = resident(pid)
        course = []
        for i in range(times):
            if i % TAB == 0:
                page.close()
                page = browser.new_page()
                page.goto(server.url)
                settle(page)
            _open(page, files[i % 2])
            highest = max(highest, resident(pid))
            course.append(round(resident(pid)))
        page.get_by_role("button", name="Forget this cohort").click()
        settle(page)
        forgotten = resident(pid)
        page.close()
        time.sleep(KEPT + 5)
        page = browser.new_page()
        page.goto(server.url)
        settle(page)
        print(json.dumps({"file_mb": files[0].stat().st_size / 1e6, "uploads": times, "before": before,
                          "highest": highest, "forgotten": forgotten, "after": resident(pid),
                          "children": children(pid), "errors": _errors(server), "course": course}))  # fmt: skip


def _errors(server: Server) -> int:
    return server.printed().count("Traceback") + len(server.calls_out())


if __name__ == "__main__":
    main(int(sys.argv[1]))
