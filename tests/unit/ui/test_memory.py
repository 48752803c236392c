"""What a closed cohort leaves behind is freed, and no run of a page waits for it."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from lib.ui import memory


class Kept:
    """Something only a search for garbage can free: it refers to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    state: dict[str, object] = {}
    monkeypatch.setattr(memory.st, "session_state", state)
    monkeypatch.setattr(memory, "_WAIT", 0.5)
    gc.collect()
    yield state
    gc.unfreeze()


def test_what_was_closed_is_freed_soon_after_the_run(session: dict[str, object]) -> None:
    kept = Kept()
    gone = weakref.ref(kept)
    del kept
    memory.settle()
    gc.collect()
    assert gone() is not None, "the run itself does not search"
    end = time.monotonic() + 10
    while gone() is not None and time.monotonic() < end:
        time.sleep(0.05)
    assert gone() is None


def test_many_sessions_share_one_tidying(session: dict[str, object]) -> None:
    before = threading.active_count()
    for _ in range(20):
        session.clear()
        memory.settle()
    assert threading.active_count() <= before + 1
    end = time.monotonic() + 10
    while memory._waiting.locked() and time.monotonic() < end:
        time.sleep(0.05)
    assert not memory._waiting.locked()


def test_a_session_tidies_once_until_its_cohort_changes(session: dict[str, object]) -> None:
    memory.settle()
    kept = Kept()
    memory.settle()
    assert searched(kept), "a second run leaves everything as it is"
    memory.unsettle()
    memory.settle()
    assert not searched(kept)


def searched(one: object) -> bool:
    """Whether Python's search for garbage looks at it."""
    return any(each is one for each in gc.get_objects())
