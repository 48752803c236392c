"""`make proof`: other programs check what leaves the product; writes docs/proof.md, fails where anything is absent.

R computes the reviewer's numbers again, LibreOffice shows the workbook, the NHS registry and published tables are
recomputed from their data, and the coverage of intervals is simulated.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = "COHORTLENS_PUBLIC_DATA"
GOLDEN = ("tests/golden/registry", "tests/golden/scoring")
DRAWS = "300"


def main() -> int:
    """Run every part; returns 1 at the first that fails or has nothing to work with."""
    absent = [name for name in ("Rscript", "soffice") if shutil.which(name) is None]
    folder = os.environ.get(DATA, "")
    if not (folder and (Path(folder).parent / "nhs_knee").is_dir()):
        absent.append(f"the NHS data beside {DATA}")
    if absent:
        print(f"The proof needs {' and '.join(absent)}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        found = Path(place) / "found.md"
        found.touch()
        words = _pytest(["-m", "proof"], {"COHORTLENS_PROOF": str(found)})
        golden = _pytest(list(GOLDEN), {"CI": "true"})
        coverage = _run([sys.executable, "bench/coverage.py", "--draws", DRAWS], {})
        if words is None or golden is None or coverage is None:
            return 1
        lines = sorted(found.read_text("utf-8").splitlines())
    parts = [
        "# Proof",
        "Written by `make proof`: what leaves the product, checked by other programs.",
        f"With {_version('Rscript')}, {_version('soffice')}.",
        "## Other programs",
        "\n".join(lines),
        f"Tests of this part: {words}.",
        "## Data that others published",
        f"The NHS registry (hospitals' knee scores) and published scoring tables, recomputed: {golden}.",
        f"## Coverage of 95% intervals, {DRAWS} draws",
        f"```\n{coverage.strip()}\n```",
    ]
    (ROOT / "docs" / "proof.md").write_text("\n\n".join(parts) + "\n", "utf-8")
    return 0


def _pytest(arguments: list[str], more: dict[str, str]) -> str | None:
    """The last words of pytest, "12 passed"; None where a test failed or was skipped."""
    out = _run([sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", *arguments], more)
    if out is None:
        return None
    last = out.strip().splitlines()[-1].strip("= ")
    if "skipped" in last or "passed" not in last:
        print(out, file=sys.stderr)
        return None
    return last.split(" in ")[0].split(", ")[0]


def _run(order: list[str], more: dict[str, str]) -> str | None:
    done = subprocess.run(order, cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        return None
    return done.stdout


def _version(name: str) -> str:
    done = subprocess.run([name, "--version"], capture_output=True, text=True, check=True)
    return (done.stdout or done.stderr).splitlines()[0].strip()


if __name__ == "__main__":
    sys.exit(main())
