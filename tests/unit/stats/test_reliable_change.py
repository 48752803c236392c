"""Reliable change: improved beyond measurement error, the reliability always stated."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.analysis.mcid import reliable_rule
from lib.cli.options import CannotUse, reliable_rules
from lib.cohort.selection import Selection
from lib.export.record import analysis_file, plan_from
from lib.present.sentences.responders import rule_source
from lib.report.plan import Plan
from lib.report.report import build_report
from lib.stats.responder_rule import Rule, Scale, reliable_change
from lib.stats.responders import ResponderResult, classify
from lib.stats.results import NotComputed
from tests.sample import sample

LIMIT = 3.09897516152281
"""R 4.2.2: qnorm(0.975) * sqrt(2) * 2.5 * sqrt(1 - 0.8)."""
STATED = "0.8 stated by the user, test–retest"


def test_the_threshold_is_the_first_step_beyond_the_limit() -> None:
    for step, expected in (("1", "4"), ("0.1", "3.1"), ("0.01", "3.10"), ("0.5", "3.5")):
        found = reliable_change(2.5, Decimal(step), Decimal("0.8"), STATED)
        assert found.threshold == Decimal(expected)
        assert found.threshold > Decimal(LIMIT) > found.threshold - Decimal(step)
    assert reliable_change(2.5, Decimal(1), Decimal(1), STATED).threshold == 1, "no error: any improvement"


def test_improvement_on_the_limit_is_not_beyond_it() -> None:
    rule = reliable_change(0.0, Decimal(1), Decimal("0.5"), STATED)
    before, after = np.array([5, 5, 5]), np.array([5, 4, 6])
    scale = Scale(Decimal(1), higher_is_better=False, low=Decimal(0), high=Decimal(10))
    assert classify(rule, scale, before, after).tolist() == [0, 1, -1]


def test_a_reliability_is_stated_and_has_a_source() -> None:
    with pytest.raises(ValueError, match="with reliability None"):
        Rule("reliable", threshold=Decimal(2))
    with pytest.raises(ValueError, match="has a source"):
        Rule("reliable", threshold=Decimal(2), reliability=Decimal("0.8"))
    with pytest.raises(ValueError, match=r"lies in 0\.\.1"):
        Rule("reliable", threshold=Decimal(2), reliability=Decimal("1.2"), source="x")
    with pytest.raises(ValueError, match="'absolute' with reliability"):
        Rule("absolute", threshold=Decimal(2), reliability=Decimal("0.8"), source="x")


def test_a_filter_does_not_reclassify_a_patient() -> None:
    cohort = sample()
    some = Analysis(cohort, Selection.of({"etiology": ["Postpartum"]}))
    time = some.default_follow_up().key
    rule = reliable_rule(some, "pain", time, Decimal("0.8"), STATED)
    assert rule == reliable_rule(Analysis(cohort), "pain", time, Decimal("0.8"), STATED)
    assert isinstance(rule, Rule)


def test_report_and_record_carry_it() -> None:
    cohort = sample()
    analysis = Analysis(cohort)
    follow_up = analysis.default_follow_up()
    rule = reliable_rule(analysis, "pain", follow_up.key, Decimal("0.8"), STATED)
    assert isinstance(rule, Rule)
    plan = Plan(analysis, follow_up, {"pain": rule})
    found = plan.responders(cohort.measure("pain"))
    assert isinstance(found, ResponderResult)
    assert found.improved + found.unchanged + found.worsened == found.evaluable
    report = build_report(analysis, follow_up, rules={"pain": rule})
    words = " ".join(report.methods)
    assert "beyond measurement error, reliability 0.80" in words
    assert STATED in words
    assert "Jacobson & Truax 1991" in words
    record = analysis_file(plan)
    assert plan_from(record, cohort).rules["pain"] == rule
    assert "Reliable change" in record["statistics"]
    assert rule_source(cohort.measure("pain"), rule).endswith(STATED)


def test_in_a_shell() -> None:
    analysis = Analysis(sample())
    rules = reliable_rules(analysis, None, ["pain=0,8"])
    assert rules["pain"].reliability == Decimal("0.8")
    with pytest.raises(CannotUse, match="from 0 to 1"):
        reliable_rules(analysis, None, ["pain=8"])
    with pytest.raises(CannotUse, match="no measure “knee”"):
        reliable_rules(analysis, None, ["knee=0.8"])


def test_without_spread_there_is_no_limit() -> None:
    assert isinstance(reliable_rule(Analysis(sample()), "eq_vas", "none", Decimal("0.8"), STATED), NotComputed)
