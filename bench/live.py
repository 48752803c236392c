"""From a click on a filter to the last chart redrawn, in a real browser: the app against the floor.

    python bench/live.py [--rounds 2] [--pages overview,responders] [--no-history]

The floor is a bare Streamlit app (floor_app.py) that redraws the very same figures, recorded beforehand, in the same
columns: with st.plotly_chart, and, harder to meet, through our own component. All three are open in one browser; every
step is done once in each, in shuffled order, so that a slow moment of the machine hits all alike. Time runs in the
page, from the pointer (or key) going down until the last chart that changes has been redrawn, and two animation frames
more. Every step is a filter that no kept result can answer. At the end of a step app and floor must show the recorded
figures: their text alternatives are compared. Each run adds its lines to bench/history.csv.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
HISTORY = ROOT / "bench" / "history.csv"
FILTER = "filter.etiology"
WARM_UP = 3
TARGET = 1.25

# Charts of each page as they lie on the page: relative widths of a row, and what stands in each column.
LAYOUT: dict[str, list[list[Any]]] = {
    "overview": [[[1, 1, 1], ["mini_*0", "mini_*1", "mini_*2"]], [[2, 1], ["top_two"]]],
    "before_after": [[[1, 1], ["lines", "improvements"]]],
    "responders": [[[7, 5], ["curve", "outcomes"]], [[1, 1], ["scatter", "waterfall"]]],
    "statements": [[[1], ["likert_0"]], [[1], ["groups_0"]]],
}

# Every finished Plotly.react is written down with its time; the wait ends two frames after the last one expected.
HOOK = """
() => new Promise((resolve) => {
  const hook = () => {
    const plotly = window.cohortLensPlotly;
    if (!plotly) return setTimeout(hook, 50);
    plotly.then((library) => {
      if (!library.benched) {
        const react = library.react;
        library.react = (...all) => Promise.resolve(react.apply(library, all)).then((done) => {
          window.benchDrawn.push(performance.now());
          return done;
        });
        library.benched = true;
      }
      resolve(true);
    });
  };
  window.benchDrawn = [];
  hook();
})
"""
# Streamlit's own chart is mounted anew: the wait ends when as many new drawings with marks stand there.
WATCH_STREAMLIT = """
([expected, down]) => new Promise((resolve, reject) => {
  let start;
  const before = new Set(document.querySelectorAll('.js-plotly-plot .main-svg'));
  const drawn = () => [...document.querySelectorAll('.js-plotly-plot')].filter((plot) =>
    plot.querySelector('.main-svg .trace, .main-svg .point, .main-svg .shape-group path') &&
    ![...plot.querySelectorAll('.main-svg')].some((svg) => before.has(svg))).length;
  const deadline = performance.now() + 15000;
  const look = () => {
    if (drawn() >= expected) {
      const last = performance.now();
      const end = () => resolve([last - start, performance.now() - start]);
      return requestAnimationFrame(() => requestAnimationFrame(end));
    }
    if (performance.now() > deadline) return reject(new Error(`${drawn()} of ${expected} charts redrawn`));
    requestAnimationFrame(look);
  };
  document.addEventListener(down, () => { start = performance.now(); requestAnimationFrame(look); },
    { once: true, capture: true });
})
"""
WATCH = """
([expected, down]) => new Promise((resolve, reject) => {
  let start;
  window.benchDrawn = [];
  const deadline = performance.now() + 15000;
  const look = () => {
    const drawn = window.benchDrawn;
    if (drawn.length >= expected) {
      const last = drawn[expected - 1];
      const end = () => resolve([last - start, performance.now() - start]);
      return requestAnimationFrame(() => requestAnimationFrame(end));
    }
    if (performance.now() > deadline) return reject(new Error(`${drawn.length} of ${expected} charts redrawn`));
    requestAnimationFrame(look);
  };
  document.addEventListener(down, () => { start = performance.now(); requestAnimationFrame(look); },
    { once: true, capture: true });
})
"""


def filters(labels: list[str], rounds: int) -> list[list[str]]:
    """Sets of chips, each one click from the one before, none twice in a row of 31: a Gray code."""
    code = [i ^ (i >> 1) for i in range(1, 2 ** len(labels))]
    steps = [sorted(label for bit, label in enumerate(labels) if number >> bit & 1) for number in code]
    return (steps + steps[-2::-1])[: rounds * 10 + WARM_UP]


def prepare(pages: list[str], rounds: int) -> dict[str, Any]:
    """Record what the app draws for every step, and how the floor lays it out."""
    from bench.recording import charts, open_page, record

    first = open_page("")
    labels = list(first.session_state["_cohort"].columns["etiology"].labels[:5])
    chips = filters(labels, rounds)
    data: dict[str, Any] = {"heights": {}}
    for page in pages:
        name = "responders" if page == "slider" else page
        if page == "slider":
            key = "choice.t." + first.session_state["_cohort"].primary[0]
            app = open_page(name)
            start, step = float(app.session_state[key]), 0.1
            values = [round(start + step * i, 1) for i in range(rounds * 10 + WARM_UP + 1)]  # one key press each
            texts = [charts(app)]
            for value in values[1:]:
                app.session_state[key] = value
                app.run()
                texts.append(charts(app))
            data[page] = {"control": "slider", "texts": texts, "values": values, "key": key}
        else:
            texts = record("" if page == "overview" else page, [{FILTER: chosen} for chosen in chips])
            data[page] = {"control": "pills", "texts": texts, "options": labels, "states": [[], *chips]}
        data[page]["layout"] = _layout(name, list(texts[0]))
        for text in (t for state in texts for t in state.values()):
            payload = json.loads(text)
            data["heights"][payload["file_name"]] = payload["height"]
    return data


def _layout(page: str, names: list[str]) -> list[list[Any]]:
    minis = [name for name in names if name.startswith("mini_")]
    layout = [
        [widths, [minis[int(n[-1])] if n.startswith("mini_*") and int(n[-1]) < len(minis) else n for n in row]]
        for widths, row in LAYOUT[page]
    ]
    unplaced = set(names) - {name for _, row in layout for name in row}
    if unplaced:
        raise SystemExit(f"{page} draws {', '.join(sorted(unplaced))}: say in LAYOUT where it stands")
    return layout


@contextlib.contextmanager
def floor(data: dict[str, Any]) -> Iterator[str]:
    """The bare app on a free port; Streamlit wants static/ beside the script."""
    from tests.browser.driver import serve

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "bench" / "floor_app.py", Path(folder) / "app.py")
        shutil.copytree(ROOT / "static", Path(folder) / "static")
        recording = Path(folder) / "recording.json"
        recording.write_text(json.dumps(data), "utf-8")
        before = dict(os.environ)
        os.environ |= {"FLOOR_RECORDING": str(recording), "PYTHONPATH": str(ROOT)}
        try:
            with serve(Path(folder) / "app.py") as server:
                yield server.url
        finally:
            os.environ.clear()
            os.environ |= before


def alts(page: Any) -> list[str]:
    """Text alternatives of all charts on the page."""
    return sorted(page.locator(".lc-figure").evaluate_all("all => all.map((e) => e.getAttribute('aria-label'))"))


def step_once(page: Any, which: str, data: dict[str, Any], step: int) -> float:
    """Do one step in one tab; ms until painted."""
    page.bring_to_front()
    down = "keydown" if which == "slider" else "pointerdown"
    before, after = data["texts"][step - 1], data["texts"][step]
    own = "how=streamlit" not in page.url
    expected = sum(_drawn(before.get(key), own) != _drawn(text, own) for key, text in after.items())
    watch = WATCH if own else WATCH_STREAMLIT
    waiting = page.evaluate_handle(f"(args) => ({{ done: ({watch})(args) }})", [expected, down])
    act(page, which, data, step)
    _, painted = waiting.evaluate("(w) => w.done")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return float(painted)


def _drawn(text: str | None, own: bool) -> Any:
    """What decides whether a chart is redrawn: all that is sent to the component, figure and words in Streamlit's."""
    if own or text is None:
        return text
    sent = json.loads(text)
    return sent["figure"], sent["alt"]


def measure(
    browser: Any, app_url: str, floor_url: str, which: str, data: dict[str, Any]
) -> list[tuple[float, float, float]]:
    """(app, floor, floor with Streamlit's own charts) in ms, one per step after the warm-up."""
    context = browser.new_context(viewport={"width": 1440, "height": 3000})
    path = {"overview": "", "slider": "responders"}.get(which, which)
    tabs = {name: context.new_page() for name in ("app", "floor", "streamlit")}
    tabs["app"].goto(f"{app_url}/{path}")
    tabs["floor"].goto(f"{floor_url}/?page={which}")
    tabs["streamlit"].goto(f"{floor_url}/?page={which}&how=streamlit")
    texts = data["texts"]
    for name, page in tabs.items():
        page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=60_000)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_timeout(1500)
        if name != "streamlit":
            page.evaluate(HOOK)
    taken = []
    for step in range(1, len(texts)):
        times = {name: step_once(tabs[name], which, data, step) for name in random.sample(sorted(tabs), len(tabs))}
        wanted = sorted(json.loads(text)["alt"] for text in texts[step].values())
        for name in ("app", "floor"):
            tabs[name].wait_for_timeout(120)
            if alts(tabs[name]) != wanted:
                raise SystemExit(f"{which}, step {step}: the {name} shows {alts(tabs[name])}, not {wanted}")
        if step > WARM_UP:
            taken.append((times["app"], times["floor"], times["streamlit"]))
    context.close()
    return taken


def act(page: Any, which: str, data: dict[str, Any], step: int) -> None:
    """Click the chip that differs, or press the arrow on the slider."""
    if which == "slider":
        page.locator(f".st-key-slider input, .st-key-{css(data.get('key', ''))} input").first.focus()
        page.keyboard.press("ArrowRight")
        return
    label = next(iter(set(data["states"][step]) ^ set(data["states"][step - 1])))
    scope = page.locator(".st-key-filter-etiology, .st-key-pills")
    scope.get_by_role("button").filter(has_text=label).first.click()


def css(key: str) -> str:
    """A key as Streamlit writes it into a class."""
    return "".join(c if c.isalnum() or c in "_-" else "-" for c in key)


def lines(found: dict[str, list[tuple[float, float, float]]]) -> list[dict[str, object]]:
    """One row per page: medians, and the medians of the ratios within a step."""
    rows = []
    for which, steps in found.items():
        app, bare, own = (round(statistics.median(s[i] for s in steps)) for i in range(3))
        rows.append(
            {
                "what": which,
                "app ms": app,
                "floor, same component ms": bare,
                "ratio": round(statistics.median(s[0] / s[1] for s in steps), 2),
                "floor, st.plotly_chart ms": own,
                "ratio to that": round(statistics.median(s[0] / s[2] for s in steps), 2),
                "steps": len(steps),
            }
        )
    return rows


def remember(rows: list[dict[str, object]]) -> None:
    """Add this run to the history: day, commit, figures."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    new = not HISTORY.exists()
    with HISTORY.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["day", "commit", *rows[0]])
        if new:
            writer.writeheader()
        for row in rows:
            writer.writerow({"day": f"{datetime.date.today():%Y-%m-%d}", "commit": commit.stdout.strip(), **row})


def main() -> None:
    from tests.browser.driver import chromium, find_chromium, serve

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2, help="ten measured steps a round, at most 5")
    parser.add_argument("--pages", default="overview,before_after,responders,statements,slider")
    parser.add_argument("--no-history", action="store_true")
    asked = parser.parse_args()
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium or Chrome on this machine")
    pages = asked.pages.split(",")
    data = prepare(pages, asked.rounds)
    found = {}
    with serve() as app, floor(data) as floor_url, chromium(executable) as browser:
        for which in pages:
            found[which] = measure(browser, app.url, floor_url, which, data[which])
    rows = lines(found)
    print("| " + " | ".join(rows[0]) + " |\n|---|" + "---:|" * (len(rows[0]) - 1))
    for row in rows:
        print("| " + " | ".join(str(v) for v in row.values()) + " |")
    print(f"\nThe target is {TARGET} times the floor.")
    if not asked.no_history:
        remember(rows)


if __name__ == "__main__":
    main()
