"""Responder rules on whole counts: every edge of STATISTICS section 4."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from lib.stats.proportions import Proportion
from lib.stats.responder_rule import Scale
from lib.stats.responders import (
    ResponderBounds,
    ResponderCurve,
    ResponderResult,
    Rule,
    StateCounts,
    bounds,
    classify,
    count_responders,
    curve,
)
from lib.stats.results import NotComputed
from lib.stats.scores import to_counts

ONE, TENTH = Decimal(1), Decimal("0.1")
VAS: dict[str, Any] = {"higher_is_better": False, "low": Decimal(0), "high": Decimal(10)}
EQ_VAS: dict[str, Any] = {"higher_is_better": True, "low": Decimal(0), "high": Decimal(100)}
TWO = Rule("absolute", Decimal("2.0"))
THIRD = Rule("percent", Decimal(30))
PASS = Rule("state", state=Decimal(3))
BOTH = Rule("change and state", Decimal(2), Decimal(3))
NONE = np.array([], dtype=np.int64)


def _counts(*values: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def _result(before: Any, after: Any, step: Decimal, *, rule: Rule, **scale: Any) -> ResponderResult:
    result = count_responders(rule, Scale(step, **scale), before, after)
    assert isinstance(result, ResponderResult)
    return result


def test_all_81_pairs_two_points_apart_are_responders() -> None:
    """STATISTICS 1: in floats 12 of them fail."""
    after = np.arange(81) / 10
    before = np.array([float(Decimal(x) / 10) for x in range(20, 101)])
    result = _result(to_counts(before, TENTH), to_counts(after, TENTH), TENTH, rule=TWO, **VAS)
    assert (result.improved, result.evaluable) == (81, 81)
    assert int(np.count_nonzero(before - after >= 2.0)) == 69


@pytest.mark.parametrize("step", range(1, 101))
def test_a_change_equal_to_the_threshold_responds_at_every_step(step: int) -> None:
    before = np.arange(step, 101)
    rule = Rule("absolute", Decimal(step) / 10)
    assert _result(before, before - step, TENTH, rule=rule, **VAS).improved == 101 - step
    assert _result(before, before - step + 1, TENTH, rule=rule, **VAS).improved == 0
    assert _result(before - step, before, TENTH, rule=rule, **VAS).worsened == 101 - step


def test_a_threshold_between_steps_needs_the_next_step() -> None:
    result = _result(_counts(8, 8), _counts(6, 5), ONE, rule=Rule("absolute", Decimal("2.7")), **VAS)
    assert (result.improved, result.unchanged) == (1, 1)


def test_direction() -> None:
    outcomes = classify(Rule("absolute", Decimal(7)), Scale(ONE, **EQ_VAS), _counts(50, 50, 50), _counts(57, 56, 43))
    assert outcomes.tolist() == [1, 0, -1]
    assert outcomes.dtype == np.int8


def test_percent_of_baseline_in_whole_numbers() -> None:
    before, after = _counts(10, 7, 7, 3, 0, 5), _counts(7, 5, 4, 4, 2, 5)
    result = _result(before, after, ONE, rule=THIRD, **VAS)
    # By hand: 30% of 10 is 3 (equal: yes); of 7 is 2.1 (2 no, 3 yes); 3 → 4 is −33%; 0 cannot be judged; 5 → 5 is 0.
    assert classify(THIRD, Scale(ONE, **VAS), before, after).tolist() == [1, 0, 1, -1, -2, 0]
    assert result.not_evaluable == (4,)
    assert (result.n, result.evaluable, result.improved, result.worsened) == (6, 5, 2, 1)


def test_percent_with_very_many_decimals_stays_exact() -> None:
    rule = Rule("percent", Decimal("33.333333333333333333"))
    outcomes = classify(rule, Scale(ONE, **VAS), _counts(3 * 10**9), _counts(2 * 10**9))
    assert outcomes.tolist() == [1]


def test_percent_when_all_baselines_are_zero() -> None:
    result = _result(_counts(0, 0), _counts(1, 0), ONE, rule=THIRD, **VAS)
    assert result.not_evaluable == (0, 1)
    assert result.rate == NotComputed("nobody to count", 0)


def test_percent_is_not_offered_below_zero() -> None:
    index: dict[str, Any] = {"higher_is_better": True, "low": Decimal("-0.0742"), "high": Decimal(1)}
    args = THIRD, Scale(Decimal("0.0001"), **index), _counts(5000, 4000), _counts(9000, 4000)
    assert isinstance(count_responders(*args), NotComputed)
    assert classify(*args).tolist() == [-2, -2]
    open_end = Scale(ONE, **{**index, "low": None})
    assert isinstance(count_responders(THIRD, open_end, _counts(5), _counts(-1)), NotComputed)


def test_states() -> None:
    before, after = _counts(2, 5, 3, 9), _counts(3, 3, 4, 9)
    result = _result(before, after, ONE, rule=PASS, **VAS)
    assert result.states == StateCounts(maintained=1, reached=1, lost=1, never=1)
    assert (result.improved, result.unchanged, result.worsened) == (1, 2, 1)
    assert (result.responders, result.could_not_reach) == (2, 2)


def test_change_and_state_needs_both() -> None:
    before, after = _counts(5, 4, 9, 2, 3, 1), _counts(3, 3, 5, 5, 1, 0)
    result = _result(before, after, ONE, rule=BOTH, **VAS)
    # 5→3 both; 4→3 state only; 9→5 change only; 2→5 worse by 3; 3→1 both; 1→0 cannot improve by 2
    assert classify(BOTH, Scale(ONE, **VAS), before, after).tolist() == [1, 0, 0, -1, 1, 0]
    assert (result.responders, result.could_not_reach) == (2, 1)


def test_who_could_not_reach_it_stays_in_the_rate() -> None:
    result = _result(_counts(0, 1, 2, 8), _counts(0, 0, 0, 5), ONE, rule=TWO, **VAS)
    assert (result.could_not_reach, result.evaluable, result.improved) == (2, 4, 2)
    everybody = _result(_counts(0, 0), _counts(0, 3), ONE, rule=TWO, **VAS)
    assert (everybody.could_not_reach, everybody.responders) == (2, 0)
    top = _result(_counts(95, 93), _counts(95, 100), ONE, rule=Rule("absolute", Decimal(7)), **EQ_VAS)
    assert (top.could_not_reach, top.improved) == (1, 1)
    open_end = {**VAS, "low": None}
    assert _result(_counts(0), _counts(0), ONE, rule=TWO, **open_end).could_not_reach == 0


def test_nobody() -> None:
    result = _result(NONE, NONE, ONE, rule=TWO, **VAS)
    assert (result.n, result.evaluable, result.improved, result.could_not_reach) == (0, 0, 0, 0)
    assert result.rate == NotComputed("nobody to count", 0)
    assert curve(NONE, ONE) == NotComputed("no complete pairs", 0)


def test_different_patients_are_an_error() -> None:
    for function in (classify, count_responders):
        with pytest.raises(ValueError, match="must be the same patients"):
            function(TWO, Scale(ONE, **VAS), _counts(1), _counts(1, 2))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "threshold", "state"),
    [
        ("absolute", None, None),
        ("absolute", Decimal(2), Decimal(3)),
        ("absolute", Decimal(0), None),
        ("percent", Decimal(-1), None),
        ("state", Decimal(2), Decimal(3)),
        ("state", None, None),
        ("change and state", Decimal(2), None),
        ("state", None, Decimal("NaN")),
    ],
)
def test_an_incomplete_rule_is_an_error(kind: Any, threshold: Decimal | None, state: Decimal | None) -> None:
    with pytest.raises(ValueError, match=r"a rule of kind|a threshold must be|the bound of a state"):
        Rule(kind, threshold, state)


def test_equal_rules_are_one_key() -> None:
    assert {TWO: 1}[Rule("absolute", Decimal(2))] == 1


def test_curve_is_the_rate_at_every_threshold() -> None:
    before, after = _counts(80, 55, 30, 30, 10), _counts(55, 55, 10, 35, 0)
    steps = curve(before - after, TENTH)
    assert isinstance(steps, ResponderCurve)
    assert steps.x.tolist() == [-0.5, 0.0, 1.0, 2.0, 2.5]
    assert steps.at_least.tolist() == [5, 4, 3, 2, 1]
    for tenths in range(1, 30):
        x = Decimal(tenths) / 10
        result = _result(before, after, TENTH, rule=Rule("absolute", x), **VAS)
        assert isinstance(result.rate, Proportion)
        assert steps.rate_at(x) == result.rate
        assert steps.share_at(x) == result.rate.share
    assert steps.share_at(Decimal("-0.5")) == 1
    assert steps.share_at(Decimal("2.51")) == 0
    with pytest.raises(ValueError, match="read-only"):
        steps.share[0] = 0


def test_curve_positions_are_the_floats_people_write() -> None:
    steps = curve(np.arange(-100, 101), TENTH)
    assert isinstance(steps, ResponderCurve)
    assert steps.x.tolist() == [float(Decimal(count) / 10) for count in range(-100, 101)]


def test_a_million_pairs() -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    before, after = generator.integers(0, 101, 1_000_000), generator.integers(0, 101, 1_000_000)
    result = _result(before, after, ONE, rule=THIRD, **EQ_VAS)
    steps = curve(after - before, ONE)
    assert isinstance(steps, ResponderCurve)
    assert result.improved + result.unchanged + result.worsened + len(result.not_evaluable) == 1_000_000
    assert steps.x.size == 201


def _bounds(responders: int, pairs: int, before: Any, after: Any, neither: int, rule: Rule, **scale: Any) -> Any:
    of = Scale(ONE, **scale)
    return bounds(rule, of, responders, pairs, baseline_only=before, follow_up_only=after, neither=neither)


def test_the_sample_cohort_from_worst_to_best() -> None:
    """STATISTICS 4: 20 of 57 to 48 of 57; 9 lack the follow-up, 19 the baseline, none is decided by the known half."""
    result = _bounds(20, 29, np.full(9, 7), np.full(19, 5), 0, TWO, **VAS)
    assert isinstance(result, ResponderBounds)
    assert (result.worst.count, result.best.count, result.n, result.ruled_out) == (20, 48, 57, 0)


@pytest.mark.parametrize(
    ("rule", "before", "after", "possible"),
    [
        (TWO, [2, 1, 0], [8, 9], 2),  # 2 → 0 and 10 → 8 are the last that can
        (Rule("absolute", Decimal("2.5")), [3, 2], [7, 8], 2),
        (PASS, [9, 0], [3, 4], 3),  # any baseline can reach the state; a follow-up of 4 is outside
        (BOTH, [1, 2], [3, 4], 2),
        (THIRD, [0, 1], [7, 8], 2),  # 0 is never judged; 10 → 7 is 30%, nothing → 8 is
        (Rule("percent", Decimal(100)), [5], [0, 1], 2),
        (Rule("percent", Decimal(150)), [5], [0, 1], 0),
    ],
)
def test_a_known_half_can_rule_a_response_out(rule: Rule, before: list[int], after: list[int], possible: int) -> None:
    result = _bounds(0, 0, _counts(*before), _counts(*after), 1, rule, **VAS)
    assert result.best.count == possible + 1
    assert result.ruled_out == len(before) + len(after) - possible
    assert result.worst.count == 0


def test_ruled_out_where_higher_is_better() -> None:
    rule = Rule("absolute", Decimal(7))
    result = _bounds(0, 0, _counts(93, 94), _counts(7, 6), 0, rule, **EQ_VAS)
    assert (result.best.count, result.ruled_out) == (2, 2)
    percent = _bounds(0, 0, _counts(0, 76, 77), _counts(0, 1, 2), 0, THIRD, **EQ_VAS)
    # 76 → 100 is +31.6%, 77 → 100 is +29.9%; 2 is reached from 1, 1 and 0 from no baseline above 0
    assert (percent.best.count, percent.ruled_out) == (2, 4)


def test_open_ends_rule_nobody_out() -> None:
    open_scale = {"higher_is_better": False, "low": None, "high": None}
    assert _bounds(0, 0, _counts(1), _counts(99), 0, TWO, **open_scale).ruled_out == 0
    assert _bounds(0, 0, _counts(1, 0), _counts(99), 0, THIRD, **open_scale).ruled_out == 1
    assert _bounds(0, 0, _counts(1), _counts(99), 0, BOTH, **open_scale).ruled_out == 1


def test_bounds_without_patients_or_below_zero() -> None:
    assert _bounds(0, 0, NONE, NONE, 0, TWO, **VAS) == NotComputed("no patients", 0)
    below = {"higher_is_better": True, "low": Decimal(-1), "high": Decimal(1)}
    assert isinstance(_bounds(0, 1, NONE, NONE, 0, THIRD, **below), NotComputed)
    with pytest.raises(ValueError, match="3 responders of 2 pairs"):
        _bounds(3, 2, NONE, NONE, 0, TWO, **VAS)
