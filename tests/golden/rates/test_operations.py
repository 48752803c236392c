"""Share of operations of which several are of one patient, against R (survey)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lib.stats.proportions import Proportion, clustered_rate
from lib.stats.results import Interval, NotComputed

with (Path(__file__).parent / "operations.csv").open(encoding="utf-8") as file:
    GOLD = list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.mark.parametrize("gold", GOLD, ids=lambda row: f"{row['case']} {row['level']}")
def test_the_interval_is_that_of_r(gold: dict[str, str]) -> None:
    counts, sizes = ([int(v) for v in gold[name].split()] for name in ("e", "m"))
    found = clustered_rate(counts, sizes, confidence=float(gold["level"]))
    assert isinstance(found, Proportion)
    assert isinstance(found.interval, Interval)
    assert (found.count, found.n) == (sum(counts), sum(sizes))
    got = (found.share, found.interval.low, found.interval.high)
    assert got == pytest.approx([float(gold[name]) for name in ("p", "low", "high")], rel=1e-9)


def test_none_and_all_are_of_patients_and_one_patient_has_no_spread() -> None:
    none, every = clustered_rate([0, 0, 0], [2, 1, 2]), clustered_rate([2, 1, 2], [2, 1, 2])
    assert isinstance(none, Proportion)
    assert isinstance(every, Proportion)
    assert isinstance(none.interval, Interval)
    assert isinstance(every.interval, Interval)
    assert none.interval.high == pytest.approx(1 - 0.025 ** (1 / 3))  # over three patients, not five operations
    assert (every.interval.low, every.interval.high) == (pytest.approx(0.025 ** (1 / 3)), 1.0)
    alone = clustered_rate([1], [2])
    assert isinstance(alone, Proportion)
    assert isinstance(alone.interval, NotComputed)
    assert isinstance(clustered_rate([], []), NotComputed)
    with pytest.raises(ValueError, match="not between 0 and its size"):
        clustered_rate([3], [2])
