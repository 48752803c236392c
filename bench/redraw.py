"""How long from a click to all charts redrawn: our component against st.plotly_chart, in one browser and one run.

    python bench/redraw.py [--clicks 17] [--out bench/redraw.md]

Each variant is an open tab. Every round clicks every variant once, in shuffled order, so that a slow moment of the
machine hits all alike; the first three rounds are not counted. Time runs in the page, from pointerdown until every
chart shows the words of the new step and has new marks, then two animation frames ("painted"). "Blank" counts the
animation frames of a click in which fewer charts were there than should be. Needs Chromium and playwright.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
VARIANTS = {
    "bare rerun, no chart": "none",
    'st.plotly_chart, theme="streamlit"': "streamlit",
    "st.plotly_chart, theme=None": "own",
    "component": "component",
}
COUNTS = (1, 4, 8)
WARM_UP = 3

WATCH = """
([how, n, step]) => new Promise((resolve, reject) => {
  const marks = () => [...document.querySelectorAll('.js-plotly-plot')].map((plot) =>
    [...plot.querySelectorAll('.trace path')].map((p) => p.getAttribute('d')).join());
  const before = marks();
  let start, blank = 0;
  const deadline = performance.now() + 15000;
  const look = () => {
    if (performance.now() > deadline) return reject(new Error('not redrawn'));
    const said = [...document.querySelectorAll('.annotation-text')].map((e) => e.textContent);
    if (start && said.length < n) blank += 1;
    let done = [...document.querySelectorAll('[data-testid=stText]')].some((e) => e.textContent === `shown ${step}.`);
    if (done && how !== 'none') {
      const now = said.filter((text) => text.startsWith(`step ${step},`)).length === n ? marks() : [];
      done = now.length === n && now.every((d, i) => d && d !== before[i]);
    }
    if (!done) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve([performance.now() - start, blank])));
  };
  document.addEventListener('pointerdown', () => { start = performance.now(); requestAnimationFrame(look); },
    { once: true, capture: true });
  window.benchReady = true;
})
"""


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the page on a free port; Streamlit wants static/ beside the script."""
    shutil.copy(ROOT / "bench" / "redraw_app.py", folder / "app.py")
    shutil.copytree(ROOT / "static", folder / "static")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.headless", "true"]
    server = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, f"http://127.0.0.1:{port}"
        time.sleep(0.1)
    server.terminate()
    raise SystemExit("the server did not start")


def click(page: Any, how: str, n: int, step: int) -> tuple[float, int]:
    """Choose a step in one tab; (ms until painted, animation frames with a chart missing)."""
    page.bring_to_front()
    waiting = page.evaluate_handle(f"(args) => ({{ done: ({WATCH})(args) }})", [how, n, step])
    page.get_by_role("radio", name=str(step), exact=True).click()
    milliseconds, blank = waiting.evaluate("(w) => w.done")
    return float(milliseconds), int(blank)


def measure(address: str, clicks: int) -> dict[tuple[str, int], list[tuple[float, int]]]:
    """All variants and counts, paired by round."""
    taken: dict[tuple[str, int], list[tuple[float, int]]] = {}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport={"width": 1440, "height": 3000})
        for n in COUNTS:
            pages = {}
            for how in VARIANTS.values():
                pages[how] = context.new_page()
                pages[how].goto(f"{address}/?how={how}&n={n}")
                pages[how].get_by_role("radio", name="0", exact=True).wait_for()
                if how != "none":
                    pages[how].locator(".annotation-text").nth(n - 1).wait_for()
                pages[how].wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
            for step in range(1, clicks + WARM_UP + 1):
                for how in random.sample(sorted(pages), len(pages)):
                    result = click(pages[how], how, n, step)
                    if step > WARM_UP:
                        taken.setdefault((how, n), []).append(result)
            for page in pages.values():
                page.close()
        browser.close()
    return taken


def table(taken: dict[tuple[str, int], list[tuple[float, int]]], clicks: int) -> str:
    """The figures as a Markdown table: median ms (quartiles), ratio of medians, frames with a chart missing."""
    lines = [
        f"Measured {datetime.date.today():%Y-%m-%d} with bench/redraw.py: median ms from click to painted (quartiles),",
        f'{clicks} clicks, paired; × is the ratio to st.plotly_chart theme="streamlit"; blank = median of animation',
        "frames per click in which a chart was missing.",
        "",
        "| | " + " | ".join(f"{n} chart{'s' if n > 1 else ''}" for n in COUNTS) + " |",
        "|---|" + "---|" * len(COUNTS),
    ]
    for name, how in VARIANTS.items():
        cells = []
        for n in COUNTS:
            times = [ms for ms, _ in taken[how, n]]
            low, middle, high = statistics.quantiles(times, n=4)
            cell = f"{middle:.0f} ({low:.0f} to {high:.0f})"
            if how != "none":
                base = statistics.median(ms for ms, _ in taken["streamlit", n])
                cell += f" ×{middle / base:.2f}, blank {statistics.median(b for _, b in taken[how, n]):.0f}"
            cells.append(cell)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clicks", type=int, default=17, help="measured clicks per variant, at most 26")
    parser.add_argument("--out", type=Path, help="write the table there too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, address = serve(Path(folder))
        try:
            taken = measure(address, asked.clicks)
        finally:
            server.terminate()
            server.wait()
    text = table(taken, asked.clicks)
    print(text)
    if asked.out:
        asked.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
