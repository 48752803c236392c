"""Reading an upload beside the page: under two seconds nobody notices, above there is a word and a way to stop.

All the steps from bytes to cohort happen in the thread, so that none of them holds the page up: parsing (in a child
process), recognising the columns, the checks, and the cohort as it would be opened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from lib.cohort.cohort import Cohort
from lib.importing.columns.roles import Choice
from lib.importing.files.limits import ReadOptions
from lib.importing.files.table import Parsed
from lib.importing.files.worker import parse_file
from lib.importing.findings import ImportProblem, ParseCancelled
from lib.importing.proposal import Import, propose
from lib.present.wording import plural

PATIENCE = 2.0
STAGES = ("Reading the file", "Recognising the columns", "Checking the values", "Building the cohort")


class Reading:
    """One file on its way in a thread (which itself waits for the child process).

    Attributes:
        parsed: the sheets, when it is over; None while it runs, when refused and when stopped.
        problem: why it was refused.
        waiting: whether other files are read first (`worker.MOST_AT_ONCE`).
        stage: what is being done, one of `STAGES`.
        proposed: the largest sheet as understood; None unless `prepare` was asked.
        told: the same with what `again` tells of it, None where that is nothing.
        cohort: as it would be opened, with what was told.
    """

    def __init__(
        self,
        data: bytes,
        file_name: str,
        options: ReadOptions | None = None,
        *,
        prepare: bool = False,
        again: Callable[[Import], Import | None] | None = None,
    ) -> None:
        self.file_name = file_name
        self._options = options
        self._prepare = prepare
        self._again = again
        self._began = time.monotonic()
        self.waiting = True
        self.parsed: Parsed | None = None
        self.problem: ImportProblem | None = None
        self.stage = STAGES[0]
        self.proposed: Import | None = None
        self.answered: Import | None = None
        self.cohort: Cohort | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(data,), daemon=True)
        self._thread.start()

    def _run(self, data: bytes) -> None:
        try:
            parsed = parse_file(
                data, self.file_name, options=self._options, cancelled=self._stop.is_set, begun=self._begin
            )
        except ParseCancelled:
            return
        except ImportProblem as problem:
            self.problem = problem
            return
        if self._prepare:
            self._steps(parsed)
        if not self._stop.is_set():
            self.parsed = parsed

    def _begin(self) -> None:
        self.waiting, self._began = False, time.monotonic()

    def _steps(self, parsed: Parsed) -> None:
        """What the dialog asks first, worked out ahead. Whatever goes wrong here, the dialog meets again and says."""
        try:
            self.stage = STAGES[1]
            found = propose(parsed, None, Choice(()))
            if self._stop.is_set():
                return
            self.stage = STAGES[2]
            answered = self._again(found) if self._again is not None else None
            (answered or found).check(self._stop.is_set)
            self.proposed, self.answered = found, answered
            if self._stop.is_set():
                return
            self.stage = STAGES[3]
            self.cohort = (answered or found).build()
        except (ImportProblem, ParseCancelled):
            return

    @property
    def seconds(self) -> float:
        """How long ago the reading began."""
        return time.monotonic() - self._began

    @property
    def step(self) -> int:
        """Which of the `STAGES` it is at, counted from 1."""
        return STAGES.index(self.stage) + 1

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; True when it is over or was stopped."""
        if self._stop.is_set():
            return True
        self._thread.join(seconds)
        return self._stop.is_set() or not self._thread.is_alive()

    def stop(self) -> None:
        """Ask the child process to be stopped, and forget what was found so far."""
        self._stop.set()
        self.parsed = self.proposed = self.answered = self.cohort = None

    def understood(self, parsed: Parsed, sheet: str | None, choice: Choice) -> Import | None:
        """The import worked out ahead, when this sheet of this file with nothing chosen is what is asked for."""
        found = self.proposed
        unchanged = found is not None and parsed is self.parsed and choice == Choice(())
        return found if found is not None and unchanged and sheet in (None, found.sheet.name) else None

    def built(self, found: Import) -> Cohort | None:
        """The cohort built ahead, when it is this import's."""
        ahead = self.answered or self.proposed
        return self.cohort if ahead is not None and ahead.fingerprint == found.fingerprint else None


def in_words(reading: Reading) -> str:
    """What is being done, how far it is, and since when."""
    if reading.waiting:
        return f"Waiting for another file to be read … {plural(int(reading.seconds), 'second')}"
    steps = f" (step {reading.step} of {len(STAGES)})" if reading.step > 1 else ""
    return f"{reading.stage} … {plural(int(reading.seconds), 'second')}{steps}"
