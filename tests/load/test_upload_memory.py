"""Uploads of 10 MB one after another: memory comes back, and no child process stays. COHORTLENS_UPLOADS=100 for all.

Once through the app's own functions in one process, once through a real browser (3 there unless more are asked for).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.app_pages import ROOT
from tests.browser.driver import find_chromium

ALLOWED_MB = 150


pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads memory from /proc, which only Linux has"
)


def told_by(module: str, times: str, patience: int) -> dict[str, float]:
    command = [sys.executable, "-m", module, times]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told


def test_memory_comes_back_after_uploads() -> None:
    times = os.environ.get("COHORTLENS_UPLOADS", "5")
    told = told_by("tests.load.upload_memory", times, 60 + 20 * int(times))
    assert told["file_mb"] >= 10
    assert told["after"] <= told["before"] + ALLOWED_MB, told
    assert told["children"] == 0


@pytest.mark.xdist_group("browser")
@pytest.mark.skipif(find_chromium() is None and os.environ.get("CI") != "true", reason="no Chromium or Chrome")
def test_memory_comes_back_after_uploads_through_a_browser() -> None:
    times = os.environ.get("COHORTLENS_UPLOADS", "3")
    told = told_by("tests.load.upload_browser", times, 240 + 40 * int(times))
    assert told["uploads"] == int(times)
    assert told["file_mb"] >= 10
    assert told["forgotten"] <= told["before"] + ALLOWED_MB, told
    assert told["after"] <= told["before"] + ALLOWED_MB, told
    assert told["children"] == 0
    assert told["errors"] == 0
