"""Uploads of 10 MB one after another: memory comes back, and no child process stays. COHORTLENS_UPLOADS=100 for all."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.app_pages import ROOT

ALLOWED_MB = 150


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads memory from /proc, which only Linux has")
def test_memory_comes_back_after_uploads() -> None:
    times = os.environ.get("COHORTLENS_UPLOADS", "5")
    command = [sys.executable, "-m", "tests.load.upload_memory", times]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60 + 20 * int(times), check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["file_mb"] >= 10
    assert told["after"] <= told["before"] + ALLOWED_MB, told
    assert told["children"] == 0
