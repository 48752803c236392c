"""Quantiles and tails against R: qt(0.975, df), 2 * pt(-3, df), pf(4, 2, df, lower.tail = FALSE), by R 4.2.2."""

from __future__ import annotations

import numpy as np
import pytest

from lib.stats import results
from lib.stats.results import Interval

R_VALUES = [
    (1, 12.706204736174694, 0.20483276469913345, 0.33333333333333331),
    (2, 4.3026527297494619, 0.095465966266709126, 0.20000000000000001),
    (9.5, 2.2441374614922949, 0.014098459163801062, 0.054923270970493279),
    (27, 2.051830516480285, 0.0057457126426857545, 0.030094852382393573),
    (400, 1.9659123432294625, 0.0028687090148164516, 0.019053100033413914),
    (1e06, 1.9599663568141066, 0.0026998625414217923, 0.018315931939737861),
]


@pytest.mark.parametrize(("df", "quantile", "t_tail", "f_tail"), R_VALUES)
def test_agrees_with_r(df: float, quantile: float, t_tail: float, f_tail: float) -> None:
    assert results.t_quantile(0.95, df) == pytest.approx(quantile, rel=1e-12)
    assert results.t_test("t", -6.0, 2.0, df, 9, "m").p == pytest.approx(t_tail, rel=1e-12)
    assert results.f_test("F", 4.0, 2, df, 9, "m").p == pytest.approx(f_tail, rel=1e-12)


def test_interval_is_symmetric_about_the_value() -> None:
    estimate = results.t_estimate("d", 5.0, 2.0, 10, 0.95, "t")
    assert isinstance(estimate.interval, Interval)
    assert estimate.interval.high - 5 == pytest.approx(5 - estimate.interval.low)
    assert estimate.interval.high == pytest.approx(5 + 2 * 2.2281388519649385)  # qt(0.975, 10)


def test_rounding_of_a_constant_is_negligible_and_real_spread_is_not() -> None:
    constant = np.full(1000, 0.1)
    assert results.negligible(float(np.sum((constant - constant.mean()) ** 2)), constant)
    real = np.array([0.1] * 999 + [0.1000001])
    assert not results.negligible(float(np.sum((real - real.mean()) ** 2)), real)
    assert results.negligible(0.0, np.array([]))


def test_codes_and_finite_refuse_what_is_not_theirs() -> None:
    assert results.codes([], "group", 2).size == 0
    assert results.codes(np.array([0, 1], dtype=np.int8), "group", 2).tolist() == [0, 1]
    with pytest.raises(ValueError, match="group codes must lie"):
        results.codes([-1], "group", 2)
    with pytest.raises(ValueError, match="integer codes"):
        results.codes([[0]], "group", 2)
    with pytest.raises(ValueError, match="y must hold finite"):
        results.finite([np.inf], "y")
    with pytest.raises(ValueError, match="between 0 and 1"):
        results.check_confidence(95)
