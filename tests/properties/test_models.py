"""What must hold for any data: swapped groups, shuffled rows, shifted scales, brute force."""

from __future__ import annotations

import itertools
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.anchor import AnchorMcid, BestCut, auc_delong, estimate_mcid
from lib.stats.correlation import CorrelationResult, Smooth, pearson, smooth, spearman
from lib.stats.funnel import FunnelLimits, limits
from lib.stats.groups import AncovaResult, WelchResult, adjusted_differences, welch_difference
from lib.stats.health_states import CommonStates, PchcResult, commonest, pchc
from lib.stats.mixed import MixedResult, fit_mixed
from lib.stats.results import Estimate, Interval, NotComputed, Test, to_record
from lib.stats.yes_no import marginal_homogeneity

few = settings(max_examples=60, deadline=None)
score = st.integers(0, 10)
level = st.integers(1, 3)
grouped = st.lists(st.tuples(score, score, st.integers(0, 2)), min_size=0, max_size=40)
states = st.lists(st.lists(level, min_size=10, max_size=10), min_size=0, max_size=30)


def _ancova(rows: list[tuple[int, int, int]], groups: int = 3) -> AncovaResult | NotComputed:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return adjusted_differences(table[:, 0], table[:, 1], table[:, 2].astype(int), groups=groups)


def _limits(estimate: Estimate) -> tuple[float, float]:
    assert isinstance(estimate.interval, Interval)
    return estimate.interval.low, estimate.interval.high


@few
@given(grouped)
def test_ancova_ignores_the_order_of_rows_and_mirrors_with_the_codes(rows: list[tuple[int, int, int]]) -> None:
    result = _ancova(rows)
    mirrored = _ancova([(x, y, 2 - g) for x, y, g in reversed(rows)])
    if isinstance(result, NotComputed) or isinstance(mirrored, NotComputed):
        assert type(result) is type(mirrored)
        return
    to_record(result)
    assert mirrored.heterogeneity.statistic == pytest.approx(result.heterogeneity.statistic, rel=1e-7, abs=1e-9)
    forward = {(d.first, d.second): d for d in result.differences}
    for other in mirrored.differences:
        one = forward[(2 - other.second, 2 - other.first)]
        assert other.difference.value == pytest.approx(-one.difference.value, rel=1e-7, abs=1e-9)
    for first, second in itertools.combinations(range(3), 2):
        gap = result.adjusted_means[second].value - result.adjusted_means[first].value
        assert forward[(first, second)].difference.value == pytest.approx(gap, abs=1e-9)


@few
@given(st.lists(st.tuples(score, score, st.integers(0, 2)), min_size=8, max_size=40))
def test_ancova_equals_ordinary_least_squares(rows: list[tuple[int, int, int]]) -> None:
    result = _ancova(rows)
    if isinstance(result, NotComputed):
        return
    table = np.array(rows, dtype=float)
    x, y, g = table[:, 0], table[:, 1], table[:, 2]
    design = np.column_stack([np.ones(x.size), x, g == 1, g == 2])
    beta, *_ = np.linalg.lstsq(design, y, rcond=None)
    rss = float(np.sum((y - design @ beta) ** 2))
    assert result.slope.value == pytest.approx(beta[1], abs=1e-8)
    assert result.differences[0].difference.value == pytest.approx(beta[2], abs=1e-8)
    assert result.residual_sd == pytest.approx((rss / result.df) ** 0.5, abs=1e-8)


@few
@given(st.lists(score, min_size=0, max_size=20), st.lists(score, min_size=0, max_size=20))
def test_welch_mirrors_when_the_groups_are_swapped(first: list[int], second: list[int]) -> None:
    one, other = welch_difference(first, second), welch_difference(second, first)
    if isinstance(one, NotComputed) or isinstance(other, NotComputed):
        assert one == other or min(len(first), len(second)) < 2
        return
    assert isinstance(one, WelchResult)
    assert one.test.p == pytest.approx(other.test.p, rel=1e-12)
    low, high = _limits(other.difference)
    assert _limits(one.difference) == pytest.approx((-high, -low), rel=1e-9, abs=1e-12)
    to_record(one)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.one_of(st.none(), score), min_size=3, max_size=3), min_size=0, max_size=25),
    st.integers(-50, 50),
)
def test_mixed_ignores_order_and_names_and_follows_a_shift(table: list[list[int | None]], shift: int) -> None:
    rows = [(v, o, p, p % 2) for p, line in enumerate(table) for o, v in enumerate(line) if v is not None]
    turned = [(v + shift, o, 1000 - 7 * p, g) for v, o, p, g in reversed(rows)]

    def fit(found: list[tuple[int, int, int, int]]) -> MixedResult | NotComputed:
        columns = np.array(found, dtype=int).reshape(-1, 4)
        y = columns[:, 0].astype(float)
        return fit_mixed(y, columns[:, 1], columns[:, 2], columns[:, 3], time_points=3, groups=2)

    one, other = fit(rows), fit(turned)
    if isinstance(one, NotComputed) or isinstance(other, NotComputed):
        assert one == other
        return
    to_record(one)
    assert one.patient_variance >= 0
    assert other.residual_variance == pytest.approx(one.residual_variance, rel=1e-6)
    for a, b in zip(one.changes, other.changes, strict=True):
        assert b.change.value == pytest.approx(a.change.value, abs=1e-6)
    for a, b in zip(one.means, other.means, strict=True):
        assert b.mean.value == pytest.approx(a.mean.value + shift, abs=1e-6)


@few
@given(states)
def test_pchc_mirrors_and_adds_up(rows: list[list[int]]) -> None:
    table = np.array(rows, dtype=int).reshape(-1, 10)
    before, after = table[:, :5], table[:, 5:]
    forward, backward = pchc(before, after), pchc(after, before)
    if isinstance(forward, NotComputed) or isinstance(backward, NotComputed):
        assert not rows
        return
    assert backward == PchcResult(
        forward.n, forward.worse, forward.better, forward.mixed, forward.same_with_problems, forward.no_problems
    )
    parts = (forward.better, forward.worse, forward.mixed, forward.same_with_problems, forward.no_problems)
    assert sum(parts) == forward.n == len(rows)
    ups = [any(a < b for a, b in zip(new, old, strict=True)) for old, new in zip(before, after, strict=True)]
    downs = [any(a > b for a, b in zip(new, old, strict=True)) for old, new in zip(before, after, strict=True)]
    kinds = Counter(zip(ups, downs, strict=True))
    assert parts[:3] == (kinds[True, False], kinds[False, True], kinds[True, True])


@few
@given(states, st.integers(1, 12))
def test_commonest_is_a_counter(rows: list[list[int]], k: int) -> None:
    found = commonest(np.array(rows, dtype=int).reshape(-1, 10), k)
    if not rows:
        assert isinstance(found, NotComputed)
        return
    assert isinstance(found, CommonStates)
    counted = Counter("".join(map(str, row)) for row in rows)
    expected = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:k]
    assert [(s.state, s.count) for s in found.states] == expected
    assert found.others + sum(s.count for s in found.states) == len(rows)
    assert found.distinct == len(counted)


@few
@given(st.lists(st.tuples(level, level), min_size=0, max_size=11))
def test_marginal_homogeneity_is_the_enumeration_and_mirrors(rows: list[tuple[int, int]]) -> None:
    before, after = (np.array([row[i] for row in rows], dtype=int) for i in (0, 1))
    one, other = marginal_homogeneity(before, after), marginal_homogeneity(after, before)
    if isinstance(one, NotComputed) or isinstance(other, NotComputed):
        assert one == other
        return
    change = [b - a for a, b in rows if a != b]
    sums = [
        sum(s * abs(d) for s, d in zip(signs, change, strict=True))
        for signs in itertools.product((-1, 1), repeat=len(change))
    ]
    assert one.p == sum(abs(total) >= abs(sum(change)) for total in sums) / len(sums)
    assert (other.p, other.statistic) == (one.p, -one.statistic)


@few
@given(st.lists(st.tuples(score, score), min_size=0, max_size=30))
def test_correlations_are_symmetric_and_turn_with_the_sign(rows: list[tuple[int, int]]) -> None:
    x, y = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    for function in (pearson, spearman):
        one, swapped, turned = function(x, y), function(y, x), function(x, -y)
        if isinstance(one, NotComputed):
            assert isinstance(swapped, NotComputed)
            continue
        assert isinstance(swapped, CorrelationResult)
        assert isinstance(turned, CorrelationResult)
        to_record(one)
        assert -1 <= one.estimate.value <= 1
        assert swapped.estimate.value == pytest.approx(one.estimate.value, abs=1e-12)
        assert turned.estimate.value == pytest.approx(-one.estimate.value, abs=1e-12)
    monotone = spearman(x**3 + 2, y)
    plain = spearman(x, y)
    assert monotone == plain


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(score, score), min_size=10, max_size=60), st.floats(0.1, 1.0))
def test_smooth_always_gives_numbers_and_a_line_stays_a_line(rows: list[tuple[int, int]], span: float) -> None:
    x, y = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    result = smooth(x, y, span=span)
    if isinstance(result, NotComputed):
        return
    assert isinstance(result, Smooth)
    to_record(result)
    assert all(low <= fit <= high for low, fit, high in zip(result.low, result.fit, result.high, strict=True))
    moved = smooth(x, y + 3 * x - 5, span=span)
    assert isinstance(moved, Smooth)
    assert np.array(moved.fit) == pytest.approx(np.array(result.fit) + 3 * np.array(result.x) - 5, abs=1e-6)


@few
@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 3)), min_size=0, max_size=30))
def test_cut_and_area_by_brute_force(rows: list[tuple[int, int]]) -> None:
    steps, answers = (np.array([row[i] for row in rows], dtype=int) for i in (0, 1))
    result = estimate_mcid(steps, answers, just_improved=[2], better=[3], resolution=Decimal("0.1"), draws=50)
    if isinstance(result, NotComputed):
        assert not rows
        return
    assert isinstance(result, AnchorMcid)
    to_record(result)
    cases, rest = steps[answers >= 2].tolist(), steps[answers < 2].tolist()
    if not cases or not rest:
        assert isinstance(result.cut, NotComputed)
        return

    def rank(c: int) -> tuple[int, int, int]:
        hit, spared = sum(v >= c for v in cases) * len(rest), sum(v < c for v in rest) * len(cases)
        return -(hit + spared), abs(hit - spared), c

    assert isinstance(result.cut, BestCut)
    assert result.cut.chosen.count == min(set(cases + rest), key=rank)
    wins = sum((a > b) + (a == b) / 2 for a in cases for b in rest) / (len(cases) * len(rest))
    assert isinstance(result.auc, Estimate)
    assert result.auc.value == pytest.approx(wins, rel=1e-12)
    turned, _ = auc_delong(np.array(rest), np.array(cases))
    assert turned == pytest.approx(1 - wins, abs=1e-12)


@few
@given(st.floats(0.001, 0.999), st.integers(1, 2000))
def test_the_alarm_limits_lie_outside_the_warning_limits(theta: float, n: int) -> None:
    warning, alarm = limits(theta, [n], 0.95), limits(theta, [n], 0.998)
    assert isinstance(warning, FunnelLimits)
    assert isinstance(alarm, FunnelLimits)
    low, less = warning.low[0] or 0.0, alarm.low[0] or 0.0
    high, more = (1.0 if end is None else end for end in (warning.high[0], alarm.high[0]))
    assert 0 <= less <= low <= high <= more <= 1


@few
@given(st.lists(score, min_size=3, max_size=30), st.lists(score, min_size=3, max_size=30))
def test_narrower_confidence_gives_a_narrower_interval(first: list[int], second: list[int]) -> None:
    wide, narrow = welch_difference(first, second, 0.99), welch_difference(first, second, 0.9)
    if isinstance(wide, NotComputed) or isinstance(narrow, NotComputed):
        return
    assert isinstance(wide.test, Test)
    (a, b), (c, d) = _limits(wide.difference), _limits(narrow.difference)
    assert a < c <= d < b
