"""A 100,000-row, 40-column CSV from drop to first page, and `pandas.read_csv` of the same file in the same round.

    python bench/importing.py [--rounds 5] [--rows 100000]

First the steps by themselves (wall seconds and processor seconds, the child's among them), then in Chromium: from
choosing the file to the dialog's button, and from the click on it to the finished first page with all its charts. Last
another file with these columns in the same session, which needs no click: from choosing it to the finished first page.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# Looked at in the page at every frame: a wait from outside looks at most every 0.1 to 0.5 s, and works meanwhile.
OFFERED = "() => document.querySelector('.st-key-import_bar [data-testid=stBaseButton-primary]')?.offsetWidth > 0"
OPENED = "before => document.querySelector('.st-key-cohort')?.innerText !== before"
# The page is finished with the last change of anything in it, charts among them.
WATCHED = """() => { new MutationObserver(() => { window.changed = Date.now(); })
  .observe(document.querySelector('[data-testid=stMain]'), {subtree: true, childList: true, characterData: true}); }"""
Taken = dict[str, list[float]]


def _processor() -> float:
    both = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in both)


def steps(path: Path, taken: Taken) -> None:
    """One round without a browser."""
    import pandas as pd

    from lib.importing.files.worker import parse_file
    from lib.importing.proposal import propose

    data = path.read_bytes()

    def timed(name: str, make: Callable[[], Any]) -> Any:
        wall, used = time.perf_counter(), _processor()
        made = make()
        taken.setdefault(name, []).append(time.perf_counter() - wall)
        taken.setdefault(f"{name} (processor)", []).append(_processor() - used)
        return made

    timed("pandas.read_csv", lambda: pd.read_csv(path))
    parsed = timed("parse", lambda: parse_file(data, path.name))
    found = timed("columns", lambda: propose(parsed))
    timed("checks", lambda: found.findings)
    timed("build", found.build)


def in_browser(browser: Any, url: str, path: Path, rows: int, taken: Taken) -> None:
    """One round in a window of its own."""
    import pandas as pd

    from bench.made_up_file import csv

    started = time.perf_counter()
    pd.read_csv(path)
    taken.setdefault("pandas.read_csv, beside the browser", []).append(time.perf_counter() - started)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(url)
    page.locator(".lc-figure .main-svg").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Use my own file").first.click()
    chooser = page.locator("[data-testid=stDialog] input[type=file]").first
    chooser.wait_for(state="attached")
    page.wait_for_timeout(1000)
    button = page.get_by_role("button", name="Open the cohort")
    started = time.perf_counter()
    chooser.set_input_files(path)
    page.wait_for_function(OFFERED, timeout=60_000)
    taken.setdefault("file chosen to confirmation", []).append(time.perf_counter() - started)
    page.wait_for_timeout(1000)
    taken.setdefault("click to first page", []).append(_until_finished(page, button.click))
    page.get_by_role("button", name="Open another file").first.click()
    chooser = page.locator("[data-testid=stDialog] input[type=file]").first
    chooser.wait_for(state="attached")
    page.wait_for_timeout(1000)
    second = path.with_name("second.csv")
    second.write_bytes(csv(rows, seed=41))
    found = _until_finished(page, lambda: chooser.set_input_files(second))
    taken.setdefault("file chosen to first page, columns as before", []).append(found)
    context.close()


def _until_finished(page: Any, act: Callable[[], Any]) -> float:
    """Seconds from an act that opens another cohort until nothing of the page changes any more."""
    before = page.locator(".st-key-cohort").inner_text()
    page.evaluate(WATCHED)
    started = time.time()
    act()
    page.wait_for_function(OPENED, arg=before, timeout=60_000)
    page.wait_for_timeout(3000)
    return float(page.evaluate("window.changed")) / 1000 - started


def main() -> None:
    from bench.made_up_file import csv
    from tests.browser.driver import chromium, find_chromium, serve

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    asked = parser.parse_args()
    taken: Taken = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cohort.csv"
        path.write_bytes(csv(asked.rows))
        for _ in range(asked.rounds):
            steps(path, taken)
        executable = find_chromium()
        if executable is None:
            print("no Chromium or Chrome on this machine: the steps only")
        else:
            with chromium(executable) as browser, serve() as server:
                for _ in range(asked.rounds):
                    in_browser(browser, server.url, path, asked.rows, taken)
    print("| | median s | fastest s |\n|---|---:|---:|")
    for name, found in taken.items():
        print(f"| {name} | {statistics.median(found):.2f} | {min(found):.2f} |")
    alone = zip(*(taken[n] for n in ("pandas.read_csv", "parse", "columns", "checks", "build")), strict=True)
    _verdict("steps", [(p, sum(rest)) for p, *rest in alone])
    if "click to first page" in taken:
        names = ("pandas.read_csv, beside the browser", "file chosen to confirmation", "click to first page")
        _verdict("browser", [(p, a + b) for p, a, b in zip(*(taken[n] for n in names), strict=True)])
        names = ("pandas.read_csv, beside the browser", "file chosen to first page, columns as before")
        _verdict("browser, columns as before", list(zip(*(taken[n] for n in names), strict=True)))


def _verdict(name: str, rounds: list[tuple[float, float]]) -> None:
    """Each round against three times pandas in the same round plus a second."""
    shares = [whole / (3 * pandas + 1) for pandas, whole in rounds]
    middle = statistics.median(shares)
    print(f"{name}: {middle:.2f} of what is allowed (median; 1 or less is met), {len(shares)} rounds")


if __name__ == "__main__":
    main()
