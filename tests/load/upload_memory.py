"""Many uploads in a row in one process, through the app's own functions: read, checked, built, opened, dropped.

    python -m tests.load.upload_memory 100

Prints one line of JSON: resident MB before the first upload (after one to warm up), the highest and the last, and how
many child processes are left. Linux only: it reads /proc.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from bench.made_up_file import csv
from lib.analysis import Analysis
from lib.cohort.selection import Population, Selection
from lib.ui import memory
from lib.ui.upload.reading import Reading

ROWS = 54_000


def resident(pid: int | None = None) -> float:
    """MB of memory a process holds, this one if none is named."""
    pages = int(Path(f"/proc/{pid or os.getpid()}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def children(pid: int | None = None) -> int:
    """Child processes of any thread of a process, dead ones that nobody asked about among them."""
    tasks = Path(f"/proc/{pid or os.getpid()}/task").iterdir()
    return sum(len((task / "children").read_text("ascii").split()) for task in tasks)


def one(data: bytes) -> int:
    """What one upload does to the server; the cohort is dropped at the end."""
    reading = Reading(data, "big.csv", prepare=True)
    assert reading.wait(60)
    assert reading.cohort is not None, reading.problem
    analysis = Analysis(reading.cohort, Selection(), Population.ALL)
    memory.freeze()
    return int(analysis.selected.sum())


def main(times: int) -> None:
    """Upload so often, then say what memory did."""
    data = csv(ROWS)
    assert one(data) == ROWS
    memory.freeze()
    before = resident()
    highest = before
    for _ in range(times):
        assert one(data) == ROWS
        highest = max(highest, resident())
    memory.freeze()
    print(json.dumps({"file_mb": len(data) / 1e6, "before": before, "highest": highest, "after": resident(),
                      "children": children()}))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
