"""An upload's steps in their thread: all of them named, all of them stoppable, the result that of the dialog's own."""

from __future__ import annotations

import threading

import pytest

from lib.importing.columns.roles import Choice, ColumnGuess, Role
from lib.importing.files.limits import ReadOptions
from lib.importing.files.worker import parse_file
from lib.importing.proposal import Import, propose
from lib.ui.upload import reading
from lib.ui.upload.reading import STAGES, Reading, in_words
from tests.app_pages import ROOT

DATA = (ROOT / "sample_data" / "misjf.csv").read_bytes()


def test_what_is_worked_out_ahead_is_what_the_dialog_would_find() -> None:
    read = Reading(DATA, "a.csv", ReadOptions(), prepare=True)
    assert read.wait(30)
    assert read.parsed is not None
    found = propose(parse_file(DATA, "a.csv"), None, Choice(()))
    ahead = read.understood(read.parsed, None, Choice(()))
    assert ahead is not None
    assert (ahead.fingerprint, ahead.findings) == (found.fingerprint, found.findings)
    cohort = read.built(found)
    assert cohort is not None
    assert cohort.n == found.build().n == 57


def test_a_second_file_is_read_with_the_columns_of_the_first() -> None:
    def age_is_no_matter(found: Import) -> Import:
        return found.with_columns([ColumnGuess("age", Role.IGNORE)])

    read = Reading(DATA, "a.csv", prepare=True, again=age_is_no_matter)
    assert read.wait(30)
    assert read.proposed is not None
    assert read.answered is not None
    cohort = read.built(age_is_no_matter(read.proposed))
    assert cohort is not None
    assert "age" not in cohort.columns
    assert read.built(read.proposed) is None


def test_nothing_ahead_for_another_question() -> None:
    read = Reading(DATA, "a.csv", prepare=True)
    assert read.wait(30)
    assert read.parsed is not None
    assert read.understood(read.parsed, None, Choice((), decimal=",")) is None
    assert read.understood(read.parsed, "Sheet 7", Choice(())) is None
    assert read.understood(parse_file(DATA, "a.csv"), None, Choice(())) is None
    plain = Reading(DATA, "a.csv")
    assert plain.wait(30)
    assert (plain.proposed, plain.cohort) == (None, None)


@pytest.mark.parametrize("stage", range(1, len(STAGES)))
def test_every_stage_is_named_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch, stage: int) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def held(*args: object) -> object:
        arrived.set()
        assert go_on.wait(30)
        return real(*args)

    if stage == 1:
        real = propose
        monkeypatch.setattr(reading, "propose", held)
    elif stage == 2:
        from lib.importing import checks

        real = checks.check
        monkeypatch.setattr(checks, "check", held)
    else:
        from lib.importing.proposal import Import

        real = Import.build
        monkeypatch.setattr(Import, "build", held)
    read = Reading(DATA, "a.csv", prepare=True)
    assert arrived.wait(30)
    assert not read.wait(0)
    assert in_words(read).startswith(f"{STAGES[stage]} … ")
    assert in_words(read).endswith(f"(step {stage + 1} of 4)")
    read.stop()
    assert read.wait(0), "who stops does not wait for the step to end"
    go_on.set()
    read._thread.join(30)
    assert read.parsed is None
    assert read.problem is None
    assert read.understood(parse_file(DATA, "a.csv"), None, Choice(())) is None


def test_a_file_with_nothing_to_explore_is_still_parsed() -> None:
    read = Reading(b"first_name,last_name\nAnn,Bee\nCid,Dee\n", "n.csv", prepare=True)
    assert read.wait(30)
    assert read.parsed is not None
    assert read.cohort is None
    assert read.problem is None
