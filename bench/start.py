"""Cold start to the first finished page: app.py and asgi.py against a bare page that imports the same five libraries.

    python bench/start.py [--rounds 5]

One after the other in shuffled order, each with a fresh server and a window without cache: seconds from starting
the server until the page's script has finished and its charts stand there. "visitor" is how long somebody waits who
opens the page when the server already answers, which is what asgi.py shortens. Python's compiled files are there, as on
any machine after its first start: each is started once before the clock runs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BARE = """import pandas as pd
import plotly.graph_objects
import scipy.stats
import statsmodels.api
import streamlit as st

st.title("Bare")
st.table(pd.DataFrame({"a": [1]}))
"""
FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"


def once(browser: Any, script: Path, charts: bool) -> tuple[float, float]:
    """(seconds from start to finished page, seconds from the server's first answer to finished page)."""
    from tests.browser.driver import serve

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    with serve(script) as server:
        answered = time.perf_counter()
        page.goto(server.url)
        page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
        page.wait_for_selector(FINISHED, timeout=60_000)
        if charts:
            page.locator(".lc-figure .main-svg").first.wait_for(timeout=60_000)
        finished = time.perf_counter()
        context.close()
    return finished - started, finished - answered


def main() -> None:
    from tests.browser.driver import chromium, find_chromium

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium or Chrome on this machine")
    taken: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, chromium(executable) as browser:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, "utf-8")
        shutil.copytree(ROOT / "static", Path(folder) / "static")
        scripts = {"bare": bare, "app.py": ROOT / "app.py", "asgi.py": ROOT / "asgi.py"}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")
        for name, script in scripts.items():
            once(browser, script, name != "bare")
        for _ in range(asked.rounds):
            for name in random.sample(sorted(scripts), len(scripts)):
                taken.setdefault(name, []).append(once(browser, scripts[name], name != "bare"))
    base = [statistics.median(t[i] for t in taken["bare"]) for i in (0, 1)]
    print("| | start to page s | × bare | visitor s | × bare |\n|---|---:|---:|---:|---:|")
    for name in ("bare", "app.py", "asgi.py"):
        whole, visitor = (statistics.median(t[i] for t in taken[name]) for i in (0, 1))
        print(f"| {name} | {whole:.2f} | {whole / base[0]:.2f} | {visitor:.2f} | {visitor / base[1]:.2f} |")


if __name__ == "__main__":
    main()
