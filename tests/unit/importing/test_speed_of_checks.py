"""Checks and questions are linear in the rows of a file, can be stopped between two, and cap the time points."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from lib.importing import checks
from lib.importing.columns.recognise_time import MOST_TIME_POINTS
from lib.importing.columns.roles import Role
from lib.importing.findings import ParseCancelled
from lib.importing.proposal import Import
from lib.importing.questions import ask
from tests.unit.importing.read_here import propose_columns

FEW, MANY = 3_000, 12_000
SLACK = 2.5
"""So many times the linear growth: a quadratic check grows four times as fast."""


def numbers(n: int, high: int, seed: int) -> list[str]:
    return np.random.default_rng(seed).integers(0, high + 1, n).astype(str).tolist()


def wide(n: int) -> Import:
    """A patient a row: scores, statements, states, dates, an event, a second number."""
    words = ("disagree", "neutral", "agree")
    columns = {
        "id": [f"{i:06}" for i in range(n)], "case": [str(i) for i in range(n)],
        "center": ["ABCD"[i % 4] for i in range(n)],
        "surgery date": [f"20{20 + i % 4}-0{1 + i % 9}-1{i % 9}" for i in range(n)],
        "complication": ["none" if i % 5 else "infection; hematoma" for i in range(n)],
        "I am satisfied with the result": [words[i % 3] for i in range(n)],
    }  # fmt: skip
    for place, (name, high) in enumerate((("vas", 10), ("odi", 100), ("eq vas", 100), ("score", 60))):
        for at, key in enumerate(("pre", "3m", "12m")):
            columns[f"{name} {key}"] = numbers(n, high, 10 * place + at)
    return propose_columns(columns)


def long(n: int) -> Import:
    """As REDCap writes it: as many time points as are read."""
    when = ["baseline_arm_1" if i % MOST_TIME_POINTS == 0 else f"month_{i % MOST_TIME_POINTS}_arm_1" for i in range(n)]
    columns = {"record_id": [f"{i // MOST_TIME_POINTS:05}" for i in range(n)], "redcap_event_name": when}
    columns |= {f"scale {k}" if k else "vas": numbers(n, 10 if k == 0 else 70, k) for k in range(8)}
    return propose_columns(columns)


def seconds(make: Callable[[int], Import], n: int) -> float:
    """Of the processor, for every check and every question; the best of three."""
    found = make(n)
    assert found.sheet.n == n
    assert found.profiles
    best = []
    for _ in range(3):
        fresh = replace(found, _profiles=dict(found.profiles))
        _ = fresh.profiles, fresh.score_measures
        began = time.process_time()
        checks.check(fresh)
        ask(fresh)
        best.append(time.process_time() - began)
    return min(best)


@pytest.mark.parametrize("make", [wide, long])
def test_four_times_the_rows_take_four_times_as_long_at_most(make: Callable[[int], Import]) -> None:
    assert seconds(make, MANY) < SLACK * (MANY / FEW) * max(0.01, seconds(make, FEW))


def test_checks_end_when_they_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    found, done = long(60), []
    monkeypatch.setattr(checks, "CHECKS", (*[lambda _: done.append(1) or ()] * 3, *checks.CHECKS))
    with pytest.raises(ParseCancelled, match="stopped"):
        found.check(lambda: len(done) == 2)
    assert len(done) == 2
    found.check(lambda: False)
    assert {f.code for f in found.findings}


def test_more_time_points_than_are_read_are_named() -> None:
    n = 45
    columns = {
        "record_id": [str(i // n) for i in range(4 * n)],
        "redcap_event_name": [f"week_{i % n}_arm_1" for i in range(4 * n)],
        "vas": numbers(4 * n, 10, 1),
    }
    found = propose_columns(columns)
    (named,) = [f for f in found.findings if f.code == "too_many_time_points"]
    assert "45 different texts, and at most 30 time points are read" in named.sentence
    assert named.severity.value == "error"
    assert Role.TIME_POINT not in {c.role for c in found.columns}
    fewer = propose_columns({name: [*cells[:30], *cells[45:75]] for name, cells in columns.items()})
    assert "too_many_time_points" not in {f.code for f in fewer.findings}
    assert Role.TIME_POINT in {c.role for c in fewer.columns}
    diary = {"id": columns["record_id"], "week": [str(i % n) for i in range(4 * n)], "vas": columns["vas"]}
    assert "too_many_time_points" in {f.code for f in propose_columns(diary).findings}
