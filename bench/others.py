"""From file to result against R and GNU PSPP: the paired tests of two measures, same file, same numbers.

    python bench/others.py [--rounds 5] [--file sample_data/misjf.csv]

Each is a process of its own that reads the CSV file and computes n, mean change, paired t test and Wilcoxon's test
of pain and EQ VAS. CohortLens also recognises the columns and checks the file. The n, the
mean change and the p value of the t test of all must agree. A program that is not installed is left out, by name.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ("vas_pain", "eqvas")
Found = dict[str, tuple[int, float, float]]

OURS = """
import sys
from pathlib import Path
from lib.analysis import Analysis
from lib.cohort.importing import read_trusted
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


if __name__ == "__main__":
    main()
