"""The family of the primary outcome against R (clubSandwich, t.test): contrasts, intervals, p, small groups."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.analysis.groups.contrasts import Contrast, Question
from lib.analysis.groups.scores import BetweenScores, score_family
from lib.cohort.cohort import BASELINE, Category, Cohort
from lib.cohort.grouping import ByColumn
from lib.stats.results import Estimate, Interval, NotComputed
from tests.cohorts import EQ_VAS, FOLLOW_UP, PAIN, cohort

HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


GOLD = _rows("family.csv")


@pytest.fixture(scope="module")
def of() -> Cohort:
    rows = _rows("family_data.csv")
    labels = ("a", "b", "c", "d")
    base = cohort(len(rows), missing=0.0)
    codes = np.array([labels.index(row["group"]) for row in rows], dtype=np.int32)
    scores = {
        ("vas_pain", BASELINE): np.array([float(row["before"]) for row in rows]),
        ("vas_pain", FOLLOW_UP): np.array([float(row["after"]) for row in rows]),
    }
    measures = {"vas_pain": replace(PAIN, resolution=Decimal("0.1")), "eq_vas": EQ_VAS}
    columns = {**base.columns, "group": Category("group", "Group", labels, codes)}
    return replace(base, columns=columns, measures=measures, scores={**base.scores, **scores}, _counts={})


def _found(of: Cohort, question: Question, measure: str = "vas_pain") -> BetweenScores:
    comparison = compare(Analysis(of), ByColumn("group"), question)
    return score_family(comparison, ["vas_pain", "eq_vas"], FOLLOW_UP).of(measure)


def _close(contrast: Contrast, gold: dict[str, str], prefix: str, p: str) -> None:
    found = contrast.difference
    assert isinstance(found, Estimate)
    assert isinstance(found.interval, Interval)
    low, high = (f"{prefix}low", f"{prefix}high")
    value = gold["estimate" if not prefix else "welch"]
    got = (found.value, found.interval.low, found.interval.high)
    assert got == pytest.approx((float(value), float(gold[low]), float(gold[high])), rel=1e-9, abs=1e-12)
    if not isinstance(contrast.p, NotComputed):
        assert contrast.p == pytest.approx(float(gold[p]), rel=1e-9)


@pytest.mark.parametrize(("kind", "question"), [("average", Question()), ("reference d", Question("d"))])
def test_contrasts_intervals_and_p_are_those_of_r(of: Cohort, kind: str, question: Question) -> None:
    found = _found(of, question)
    gold = {row["name"]: row for row in GOLD if row["kind"] == kind}
    assert {found.labels[c.second] for c in found.contrasts} == set(gold)
    assert found.family_size == (3 if kind == "average" else 2)
    for own, plain in zip(found.contrasts, found.gaps, strict=True):
        _close(own, gold[found.labels[own.second]], "", "p")
        _close(plain, gold[found.labels[own.second]], "welch_", "welch_p")
        small = found.labels[own.second] == "c"  # 6 pairs: in the model, no p, outside the family
        assert isinstance(own.p, NotComputed) is small
        assert own.in_family is not small


def test_in_the_family_interval_and_p_agree_and_elsewhere_nothing_is_corrected(of: Cohort) -> None:
    for question in (Question(), Question("d"), Question(pairs=True)):
        for own in _found(of, question).contrasts:
            if own.in_family and isinstance(own.difference, Estimate) and isinstance(own.difference.interval, Interval):
                assert isinstance(own.p, float)
                assert (own.p < 0.05) is not (own.difference.interval.low <= 0 <= own.difference.interval.high)
    other = _found(of, Question(), "eq_vas")
    assert (other.primary, other.family_size) == (False, 0)
    assert not any(c.in_family for c in other.contrasts)
    chosen = _found(of, Question(primary="eq_vas"), "eq_vas")
    assert chosen.primary
    assert _found(of, Question(primary="eq_vas")).primary is False


def test_pairs_on_request_and_a_reference_that_is_too_small() -> None:
    labels = tuple("abcdefg")
    pairs = tuple((a, b) for a in range(6) for b in range(a + 1, 6))
    assert Question(pairs=True).contrasts(labels[:6], labels, 60) == pairs
    assert Question(pairs=True).contrasts(labels, labels, 60) == tuple((None, k) for k in range(7))
    assert Question("b").contrasts(("a", "b"), labels, 60) == ((1, 0),)
    assert Question().contrasts(("a", "b"), labels, 60) == ((0, 1),)
    absent = Question("g").contrasts(("a", "b"), labels, 60)
    assert isinstance(absent, NotComputed)
    assert "reference g" in absent.reason
