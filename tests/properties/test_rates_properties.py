"""Identities that hold for every table and every cohort."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.contingency import exact_2x2, exact_r_by_c, fisher_exact
from lib.stats.likert import LikertResult, summarise, whole_percents
from lib.stats.proportions import Proportion, difference_of_rates, paired_difference, rate
from lib.stats.ranks import cliffs_delta, mann_whitney
from lib.stats.responder_rule import Scale
from lib.stats.responders import ResponderResult, Rule, bounds, classify, count_responders
from lib.stats.results import Estimate, Interval, NotComputed, Test, holm_p
from lib.stats.yes_no import YesNoResult, from_counts

FEW = settings(max_examples=60, deadline=None)
counts = st.integers(0, 40)
rates = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
answers = st.lists(st.integers(0, 6), min_size=1, max_size=12)
scores = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=30)
rules = st.one_of(
    st.builds(lambda t: Rule("absolute", Decimal(t) / 10), st.integers(1, 100)),
    st.builds(lambda t: Rule("percent", Decimal(t)), st.integers(1, 150)),
    st.builds(lambda s: Rule("state", state=Decimal(s)), st.integers(0, 10)),
    st.builds(
        lambda t, s: Rule("change and state", Decimal(t) / 10, Decimal(s)), st.integers(1, 100), st.integers(0, 10)
    ),
)
TENTH = Decimal("0.1")


def _interval(result: object) -> Interval:
    assert isinstance(result, Proportion | Estimate)
    assert isinstance(result.interval, Interval)
    return result.interval


@FEW
@given(rates, st.sampled_from(["wilson", "clopper-pearson"]), st.floats(0.5, 0.999))
def test_an_interval_holds_its_rate_and_mirrors(pair, method, confidence) -> None:  # type: ignore[no-untyped-def]
    count, n = pair
    interval = _interval(rate(count, n, method=method, confidence=confidence))
    mirrored = _interval(rate(n - count, n, method=method, confidence=confidence))
    assert 0 <= interval.low <= count / n <= interval.high <= 1
    assert (interval.low, interval.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low), abs=1e-12)


@FEW
@given(rates, rates)
def test_swapped_groups_negate_the_difference(first: tuple[int, int], second: tuple[int, int]) -> None:
    there, back = difference_of_rates(first, second), difference_of_rates(second, first)
    assert isinstance(there, Estimate)
    assert isinstance(back, Estimate)
    assert there.value == -back.value
    assert (_interval(there).low, _interval(there).high) == pytest.approx((-_interval(back).high, -_interval(back).low))
    assert -1 <= _interval(there).low <= there.value <= _interval(there).high <= 1


@FEW
@given(counts, counts, counts, counts)
def test_swapped_time_points_negate_the_change(a: int, b: int, c: int, d: int) -> None:
    there, back = from_counts(a, b, c, d), from_counts(a, c, b, d)
    if isinstance(there, NotComputed) or isinstance(back, NotComputed):
        assert a + b + c + d == 0
        return
    assert there.difference.value == -back.difference.value
    assert _interval(there.difference).low == pytest.approx(-_interval(back.difference).high, abs=1e-12)
    assert there.after.share - there.before.share == pytest.approx(there.difference.value, abs=1e-12)
    if isinstance(there.exact, Test) and isinstance(there.mid_p, Test) and isinstance(back.exact, Test):
        assert there.exact.p == pytest.approx(back.exact.p)
        assert 0 < there.mid_p.p <= there.exact.p <= 1


@FEW
@given(counts, counts, counts, counts)
def test_exact_mcnemar_is_the_binomial_sum(a: int, b: int, c: int, d: int) -> None:
    result = from_counts(a, b, c, d)
    if not isinstance(result, YesNoResult) or not isinstance(result.exact, Test) or not isinstance(result.mid_p, Test):
        return
    half = Fraction(1, 2 ** (b + c))
    tail = sum(math.comb(b + c, k) for k in range(min(b, c) + 1)) * half
    at = math.comb(b + c, b) * half
    assert result.exact.p == pytest.approx(float(min(Fraction(1), 2 * tail)), rel=1e-12)
    assert result.mid_p.p == pytest.approx(float(1 - at / 2 if b == c else 2 * tail - at), rel=1e-12)


@FEW
@given(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25), st.integers(0, 25))
def test_the_paired_interval_holds_its_difference(a: int, b: int, c: int, d: int) -> None:
    result = paired_difference(a, b, c, d)
    if isinstance(result, Estimate):
        assert -1 <= _interval(result).low <= result.value <= _interval(result).high <= 1


@FEW
@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=3), min_size=2, max_size=3))
def test_fisher_is_the_sum_over_all_tables(rows: list[list[int]]) -> None:
    width = min(len(row) for row in rows)
    table = np.array([row[:width] for row in rows])
    result = fisher_exact(table)
    if isinstance(result, NotComputed):
        return
    margins, columns = table.sum(axis=1), table.sum(axis=0)
    cost = math.prod(math.factorial(int(x)) for x in table.ravel())
    weights = []
    for cells in product(range(int(table.sum(axis=1).max()) + 1), repeat=(len(rows) - 1) * (width - 1)):
        inner = np.array(cells).reshape(len(rows) - 1, width - 1)
        right = np.column_stack([inner, margins[:-1] - inner.sum(axis=1)])
        whole = np.vstack([right, columns - right.sum(axis=0)])
        if (whole >= 0).all():
            weights.append(Fraction(1, math.prod(math.factorial(int(x)) for x in whole.ravel())))
    expected = sum(w for w in weights if w <= Fraction(1, cost)) / sum(weights)
    assert result.p == pytest.approx(float(expected), rel=1e-9)
    turned = fisher_exact(table.T[::-1])
    assert isinstance(turned, Test)
    assert turned.p == pytest.approx(result.p, rel=1e-12)


@FEW
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_both_ways_to_fisher_agree_on_two_by_two(a: int, b: int, c: int, d: int) -> None:
    table = np.array([[a, b], [c, d]])
    network = exact_r_by_c(table)
    assert not isinstance(network, NotComputed)
    assert exact_2x2(table).p == pytest.approx(network.p, rel=1e-10)
    assert exact_2x2(table).observed == pytest.approx(network.observed, rel=1e-10)


@FEW
@given(answers, answers)
def test_swapped_groups_negate_delta_and_keep_p(first: list[int], second: list[int]) -> None:
    there, back = cliffs_delta(first, second), cliffs_delta(second, first)
    assert isinstance(there, Estimate)
    assert isinstance(back, Estimate)
    assert there.value == pytest.approx(-back.value)
    pairs = [np.sign(y - x) for x in first for y in second]
    assert there.value == pytest.approx(np.mean(pairs), abs=1e-12)
    p, q = mann_whitney(first, second), mann_whitney(second, first)
    if isinstance(p, Test) and isinstance(q, Test):
        assert p.p == q.p
        assert 0 < p.p <= 1
        assert mann_whitney(first[::-1], sorted(second)) == p


@FEW
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_order_and_only_raises(p: list[float]) -> None:
    adjusted = holm_p(p)
    assert all(a >= raw and a <= 1 for a, raw in zip(adjusted, p, strict=True))
    assert [x for _, x in sorted(zip(p, adjusted, strict=True))] == sorted(adjusted)


@FEW
@given(st.lists(st.integers(-2, 4), max_size=40), st.booleans())
def test_statements_add_up(codes: list[int], agree_high: bool) -> None:
    result = summarise(np.array(codes, dtype=int), 5, agree_high=agree_high)
    if isinstance(result, LikertResult):
        assert sum(result.counts) + result.missing + result.dont_know == len(codes)
        assert sum(result.whole_percents) == 100
        middle = sorted(code for code in codes if code >= 0)
        assert result.median[0] == middle[(result.n - 1) // 2]
        assert result.median[-1] == middle[result.n // 2]
        turned = summarise(np.array([4 - c if c >= 0 else c for c in codes]), 5, agree_high=not agree_high)
        assert isinstance(turned, LikertResult)
        assert turned.top_two == result.top_two


@FEW
@given(st.lists(st.integers(0, 500), min_size=1, max_size=11))
def test_whole_percents_are_within_one(tally: list[int]) -> None:
    n = sum(tally)
    for label, count in zip(whole_percents(tally), tally, strict=True):
        assert n == 0 or abs(label - 100 * count / n) < 1


@FEW
@given(scores, rules, st.booleans())
def test_outcomes_add_up_and_ignore_row_order(pairs, rule: Rule, higher: bool) -> None:  # type: ignore[no-untyped-def]
    data = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    before, after = data[:, 0], data[:, 1]
    scale = Scale(TENTH, higher, Decimal(0), Decimal(10))
    result = count_responders(rule, scale, before, after)
    turned = count_responders(rule, scale, before[::-1], after[::-1])
    assert isinstance(result, ResponderResult)
    assert isinstance(turned, ResponderResult)
    assert result.improved + result.unchanged + result.worsened == result.evaluable
    assert result.evaluable + len(result.not_evaluable) == result.n == len(pairs)
    assert (turned.improved, turned.worsened, turned.rate) == (result.improved, result.worsened, result.rate)
    outcomes = classify(rule, scale, before, after)
    assert np.count_nonzero(outcomes == 1) == result.improved
    if rule.kind == "absolute":
        swapped = classify(rule, scale, after, before)
        assert (swapped == -outcomes).all()
    if rule.kind != "state":
        assert result.could_not_reach <= result.evaluable - result.improved
        assert result.responders == result.improved


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10), rules, st.booleans(), st.booleans())
def test_the_best_case_is_what_some_legal_score_would_give(known: int, rule: Rule, higher: bool, first: bool) -> None:
    """Against trying every score of a whole-number scale for the missing half."""
    scale = Scale(Decimal(1), higher, Decimal(0), Decimal(10))
    half, none = np.array([known]), np.array([], dtype=np.int64)
    result = bounds(
        rule, scale, 0, 0,
        baseline_only=half if first else none, follow_up_only=none if first else half, neither=0,
    )  # fmt: skip
    assert not isinstance(result, NotComputed)
    every, same = np.arange(11), np.full(11, known)
    tried = count_responders(rule, scale, *((same, every) if first else (every, same)))
    assert isinstance(tried, ResponderResult)
    assert result.best.count == (tried.responders > 0)
