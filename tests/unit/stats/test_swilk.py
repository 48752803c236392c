"""Shapiro–Wilk written out, against SciPy (whose normal quantiles hold eight digits); R is in the paired goldens."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import shapiro

from lib.stats.swilk import swilk


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7, 11, 12, 13, 29, 50, 57, 200, 999, 5000])
def test_agrees_with_scipy(n: int) -> None:
    rng = np.random.default_rng(n)
    for draw in (rng.normal(0, 3, n), np.round(rng.normal(-3, 3, n)), rng.exponential(2, n), rng.integers(0, 2, n)):
        ordered = np.sort(np.asarray(draw, dtype=float))
        if ordered[0] == ordered[-1]:
            continue
        w, p = swilk(ordered)
        expected = shapiro(ordered)
        assert w == pytest.approx(float(expected.statistic), abs=2e-8)
        assert p == pytest.approx(float(expected.pvalue), abs=2e-6)


def test_nearly_all_equal() -> None:
    ordered = np.array([0.0] * 9 + [1.0])
    w, p = swilk(ordered)
    assert 0 < w < 1
    assert 0 <= p < 1e-4
