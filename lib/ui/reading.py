"""Reading an upload beside the page: under two seconds nobody notices, above there is a word and a way to stop."""

from __future__ import annotations

import threading
import time

from lib.cohort.findings import ImportProblem, ParseCancelled
from lib.cohort.limits import ReadOptions
from lib.cohort.parse import parse_file
from lib.cohort.sheets import Parsed

PATIENCE = 2.0


class Reading:
    """One file being parsed in a thread (which itself waits for the child process)."""

    def __init__(self, data: bytes, file_name: str, options: ReadOptions | None = None) -> None:
        self.file_name = file_name
        self._options = options
        self._began = time.monotonic()
        self.parsed: Parsed | None = None
        self.problem: ImportProblem | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(data,), daemon=True)
        self._thread.start()

    def _run(self, data: bytes) -> None:
        try:
            self.parsed = parse_file(data, self.file_name, options=self._options, cancelled=self._stop.is_set)
        except ParseCancelled:
            self.problem = None
        except ImportProblem as problem:
            self.problem = problem

    @property
    def seconds(self) -> float:
        """How long ago the reading began."""
        return time.monotonic() - self._began

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; True when it is over."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Ask the child process to be stopped."""
        self._stop.set()
