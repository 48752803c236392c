"""From file to result against R and GNU PSPP, and from click to charts against a bare R Shiny app.

    python bench/others.py [--rounds 5] [--file sample_data/misjf.csv]

Each is a process of its own that reads the CSV file and computes n, mean change, paired t test and Wilcoxon's test
of pain and EQ VAS. CohortLens also recognises the columns and checks the file. The n, the
mean change and the p value of the t test of all must agree. A program that is not installed is left out, by name.

The Shiny app (shiny_app.R: Debian's r-cran-shiny and r-cran-plotly) has four plotly charts and one t test of the same
file; our Overview has as many charts and more numbers. Both are open in one browser and the same chips of etiology are
clicked in turn; time runs in the page from pointerdown until the last of the charts is redrawn and two frames more.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COLUMNS = ("vas_pain", "eqvas")
Found = dict[str, tuple[int, float, float]]

OURS = """
import sys
from pathlib import Path
from lib.analysis import Analysis
from lib.importing.proposal import read_trusted
path = Path(sys.argv[1])
analysis = Analysis(read_trusted(path.read_bytes(), path.name, synthetic=True))
for key, name in (("pain", "vas_pain"), ("eq_vas", "eqvas")):
    found = analysis.paired(key, "12m")
    print(name, found.n, repr(found.mean_change.value), repr(found.t_test.p))
"""


def ours(path: Path) -> Found:
    """CohortLens without a screen."""
    return _read(_run([sys.executable, "-c", OURS, str(path)]))


def r(path: Path) -> Found:
    """R's own t.test, shapiro.test, wilcox.test."""
    return _read(_run(["Rscript", str(ROOT / "bench" / "others.R"), str(path)]))


def pspp(path: Path) -> Found:
    """T-TEST and NPAR TESTS of GNU PSPP; it prints three decimals, so p is compared to those."""
    heads = path.read_text("utf-8").splitlines()[0].split(",")
    wanted = {f"{name}_{time}" for name in COLUMNS for time in ("pre", "12m")}
    variables = " ".join(f"{head} {'F8.2' if head in wanted else 'A80'}" for head in heads)
    pairs = "\n".join(
        f"T-TEST PAIRS={n}_pre WITH {n}_12m.\nNPAR TESTS /WILCOXON={n}_pre WITH {n}_12m." for n in COLUMNS
    )
    syntax = (
        f'GET DATA /TYPE=TXT /FILE="{path}" /ARRANGEMENT=DELIMITED /DELIMITERS="," /QUALIFIER=\'"\' /FIRSTCASE=2 '
        f"/VARIABLES={variables}.\n{pairs}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "tests.sps"
        script.write_text(syntax, "utf-8")
        said = _run(["pspp", "-O", "format=csv", str(script)])
    found: Found = {}
    for name in COLUMNS:
        row = re.search(rf"^.*{name}_pre - {name}_12m,(.*)$", said, re.MULTILINE)
        n = re.search(rf"^.*{name}_pre,(\d+),", said, re.MULTILINE)
        if row is None or n is None:
            raise SystemExit(f"PSPP said something else:\n{said[:1500]}")
        numbers = [float(part) for part in re.findall(r"-?\d*\.\d+|-?\d+", row.group(1))]
        found[name] = (int(n.group(1)), -numbers[0], numbers[-1])
    return found


WATCH_SHINY = """
() => new Promise((resolve, reject) => {
  if (!window.benchDrawn) {
    window.benchDrawn = new Set();
    for (const name of ['react', 'newPlot']) {
      const own = Plotly[name];
      Plotly[name] = (where, ...all) => Promise.resolve(own(where, ...all)).then((done) => {
        window.benchDrawn.add(where.id || where);
        return done;
      });
    }
  }
  window.benchDrawn.clear();
  let start;
  const deadline = performance.now() + 15000;
  const look = () => {
    if (window.benchDrawn.size >= 4)
      return requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
    if (performance.now() > deadline) return reject(new Error(`${window.benchDrawn.size} of 4 charts redrawn`));
    requestAnimationFrame(look);
  };
  document.addEventListener('pointerdown', () => { start = performance.now(); requestAnimationFrame(look); },
    { once: true, capture: true });
})
"""


def clicks(rounds: int) -> tuple[list[float], list[float]]:
    """Ms from a click on a chip to the last chart redrawn: (our Overview, a bare R Shiny app), clicks in turn."""
    from bench import live
    from tests.browser.driver import chromium, find_chromium, serve

    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium or Chrome on this machine")
    data = live.prepare(["overview"], rounds)["overview"]
    with serve() as app, shiny() as address, chromium(executable) as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 1800})
        own, other = context.new_page(), context.new_page()
        own.goto(app.url)
        other.goto(address)
        for page in (own, other):
            page.locator(".js-plotly-plot .main-svg").nth(3).wait_for(timeout=60_000, state="attached")
            page.wait_for_timeout(1500)
        own.evaluate(live.HOOK)
        taken: tuple[list[float], list[float]] = ([], [])
        for step in range(1, len(data["texts"])):
            first = live.step_once(own, "overview", data, step)
            other.bring_to_front()
            waiting = other.evaluate_handle(f"() => ({{ done: ({WATCH_SHINY})() }})")
            changed = next(iter(set(data["states"][step]) ^ set(data["states"][step - 1])))
            other.get_by_role("checkbox", name=changed, exact=True).click()
            second = float(waiting.evaluate("(w) => w.done"))
            if step > live.WARM_UP:
                taken[0].append(first)
                taken[1].append(second)
        return taken


@contextlib.contextmanager
def shiny() -> Iterator[str]:
    """The bare R Shiny app on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["Rscript", str(ROOT / "bench" / "shiny_app.R"), str(ROOT / "sample_data" / "misjf.csv"), str(port)]
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            else:
                raise SystemExit("the Shiny app did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr[-1500:] or done.stdout[-1500:]}")
    return done.stdout


def _read(text: str) -> Found:
    rows = [line.split() for line in text.splitlines() if line.startswith(COLUMNS)]
    return {name: (int(n), float(mean), float(p)) for name, n, mean, p in rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, default=ROOT / "sample_data" / "misjf.csv")
    asked = parser.parse_args()
    programs: dict[str, Callable[[Path], Found]] = {"CohortLens": ours}
    for name, command, run in (("R", "Rscript", r), ("GNU PSPP", "pspp", pspp)):
        if shutil.which(command):
            programs[name] = run
        else:
            print(f"{name} is not installed: left out")
    taken: dict[str, list[float]] = {}
    results: dict[str, Found] = {}
    for _ in range(asked.rounds):
        for name in random.sample(sorted(programs), len(programs)):
            started = time.perf_counter()
            results[name] = programs[name](asked.file)
            taken.setdefault(name, []).append(time.perf_counter() - started)
    print("| | seconds | n, mean change, p of the t test |\n|---|---:|---|")
    for name, seconds in taken.items():
        words = "; ".join(f"{column} {n}, {mean:.4g}, {p:.3g}" for column, (n, mean, p) in results[name].items())
        print(f"| {name} | {statistics.median(seconds):.2f} | {words} |")
    for name, found in results.items():
        for column, (n, mean, p) in results["CohortLens"].items():
            close = 0.006 if name == "GNU PSPP" else 1e-9
            other = found[column]
            if other[0] != n or abs(other[1] - mean) > close or abs(other[2] - p) > close:
                raise SystemExit(f"{name} differs in {column}: {other} and {(n, mean, p)}")
    print("All agree.")
    if subprocess.run(
        ["Rscript", "-e", "library(shiny); library(plotly)"], capture_output=True, check=False
    ).returncode:
        print("R Shiny with plotly is not installed: left out")
        return
    ours_taken, shiny_taken = (statistics.median(each) for each in clicks(2))
    print("\n| click to four charts redrawn | ms |\n|---|---:|")
    print(f"| our Overview | {ours_taken:.0f} |\n| a bare R Shiny app | {shiny_taken:.0f} |")
    print(f"Ratio {ours_taken / shiny_taken:.2f}; the target is 0.6.")


if __name__ == "__main__":
    main()
