"""Predictive MIC against glm in R (tests/golden/models/predictive_mic.R)."""

from __future__ import annotations

import csv
from collections import defaultdict

import numpy as np
import pytest

from lib.stats.predictive_mic import PredictiveMic, predictive_mic
from lib.stats.results import Interval, NotComputed, to_record
from tests.unit.stats.test_anchor import GOLDEN, TENTH, _arrays

with (GOLDEN / "predictive_mic.csv").open(encoding="utf-8") as file:
    next(file)
    R: dict[str, dict[str, float]] = defaultdict(dict)
    for row in csv.DictReader(file):
        R[row["case"]][row["key"]] = float(row["value"])


@pytest.mark.parametrize("case", [c for c in R if R[c]["slope"] > 0])
def test_it_is_that_of_glm(case: str) -> None:
    improvement, anchor = _arrays(case)
    found = predictive_mic(improvement, anchor >= 2, resolution=TENTH, reliability=0.7)
    assert isinstance(found, PredictiveMic)
    gold = R[case]
    got = (found.share, found.correlation, found.unadjusted.value, found.adjusted.value, found.leading.value)
    wanted = tuple(gold[k] for k in ("share", "rho", "mic", "adjusted", "by_reliability"))
    assert got == pytest.approx(wanted, rel=1e-9)
    for estimate in (found.unadjusted, found.adjusted, found.leading):
        assert isinstance(estimate.interval, Interval)
        assert estimate.interval.low < estimate.value < estimate.interval.high
    again = predictive_mic(improvement, anchor >= 2, resolution=TENTH, reliability=0.7)
    assert to_record(again) == to_record(found)


def test_without_a_reliability_the_share_alone_adjusts() -> None:
    improvement, anchor = _arrays("strong")
    found = predictive_mic(improvement, anchor >= 2, resolution=TENTH)
    assert isinstance(found, PredictiveMic)
    assert found.leading == found.adjusted
    assert isinstance(found.by_reliability, NotComputed)


@pytest.mark.parametrize(
    ("improvement", "improved", "words"),
    [
        ([], [], "0 improved and 0 not"),
        ([1], [True], "1 improved and 0 not"),
        (list(range(30)), [k >= 21 for k in range(30)], "9 improved and 21 not"),
        (list(range(30)), [k >= 15 for k in range(30)], "tells exactly who improved"),
        (list(range(30)), [(k < 16 and k != 3) or k == 20 for k in range(30)], "not more often improved"),
    ],
)
def test_what_cannot_be_estimated_is_an_absence(improvement: list[int], improved: list[bool], words: str) -> None:
    found = predictive_mic(improvement, improved)
    assert isinstance(found, NotComputed)
    assert words in found.reason


def test_arguments_are_checked() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        predictive_mic([1], [])
    with pytest.raises(ValueError, match="reliability"):
        predictive_mic(np.arange(40), np.arange(40) % 2 == 0, reliability=1.2)
