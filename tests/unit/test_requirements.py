"""What is installed is what is written down: exact versions, the lock file in step with them, a hash for each."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?:\s*\\)?$")
CHOSEN = ("streamlit", "plotly", "pandas", "scipy", "statsmodels")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    """Name and version of every line that names a package; any other kind of line is a failure."""
    found = {}
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if not line.strip() or line.startswith(("#", "-r ", " ")):
            continue
        match = _NAME.match(line)
        assert match, f"{file}: not pinned exactly: {line}"
        found[_canonical(match[1])] = match[2]
    return found


def test_the_lock_names_the_versions_of_the_requirements() -> None:
    assert pins("requirements.lock") == pins("requirements.txt")
    assert set(CHOSEN) <= set(pins("requirements.txt"))


def test_every_line_of_the_lock_has_a_hash() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.MULTILINE)
    packages = [block for block in blocks if _NAME.match(block.splitlines()[0])]
    assert len(packages) == len(pins("requirements.lock"))
    for block in packages:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), block.splitlines()[0]


@pytest.mark.parametrize("name", sorted(pins("requirements.txt")))
def test_what_runs_is_what_is_written(name: str) -> None:
    assert metadata.version(name) == pins("requirements.txt")[name]


def test_nothing_is_needed_that_is_not_written_down() -> None:
    """Every package that a pinned one needs here is pinned too, so that the lock installs with --require-hashes."""
    from packaging.requirements import Requirement

    written = pins("requirements.txt")
    missing = []
    for name in written:
        for line in metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
                continue
            if _canonical(needed.name) not in written:
                missing.append(f"{name} needs {needed.name}")
            elif not needed.specifier.contains(written[_canonical(needed.name)], prereleases=True):
                missing.append(f"{name} needs {needed}, not {written[_canonical(needed.name)]}")
    assert missing == []


def test_the_project_is_for_the_python_of_the_image() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    image = re.search(r"^FROM python:(\d+)\.(\d+)[\w.-]*@sha256:[0-9a-f]{64}$", dockerfile, re.MULTILINE)
    assert image
    assert tuple(map(int, image.groups())) >= tuple(map(int, wanted.removeprefix(">=").split(".")))


def test_the_page_of_licences_is_what_the_packages_say() -> None:
    from docs.licences import page

    assert (ROOT / "docs" / "licences.md").read_text("utf-8") == page(), "run: python docs/licences.py"
    assert [line for line in page().splitlines() if line.endswith("|  |")] == [], "a package without a licence"
