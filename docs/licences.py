"""docs/licences.md: the licence of everything that requirements.txt installs, from the packages' own metadata.

`python docs/licences.py` writes it; tests/unit/test_requirements.py writes it again and compares.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Licences

CohortLens is under the MIT licence (`LICENSE`). What it installs is listed as the packages themselves say;
`python docs/licences.py` writes this page and a test compares. Hanken Grotesk (SIL Open Font License 1.1) and plotly.js
(MIT) lie in `static/`, with their licences beside them.

| Package | Version | Licence |
|---|---|---|
"""


def licence(name: str) -> str:
    """The licence as the package states it: SPDX expression, else classifiers, else the first line of the field."""
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier") or () if c.startswith("License :: ")]
    named = [c for c in classifiers if c != "OSI Approved"]
    if named:
        return ", ".join(named)
    return next(iter((about.get("License") or "").strip().splitlines()), "")


def page() -> str:
    """The page as it stands in docs/."""
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    pinned.sort(key=lambda pin: pin[0].lower())
    lines = [f"| {name} | {version} | {licence(name)} |" for name, version in pinned]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "licences.md").write_text(page(), "utf-8")
