"""Decimals on screen follow the data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lib.importing.columns.scores import _shown
from lib.ui.filters import _format


@pytest.mark.parametrize(
    ("decimals", "span", "step", "shown"),
    [(2, 100, "1", 1), (2, 10, "1", 2), (2, 100, "0.1", 2), (3, 100, "0.25", 2), (3, 1, "0.001", 3), (0, 100, "1", 0)],
)
def test_a_mean_on_a_wide_whole_number_scale_has_one_decimal(decimals: int, span: int, step: str, shown: int) -> None:
    assert _shown(decimals, Decimal(span), Decimal(step)) == shown


@pytest.mark.parametrize(("step", "words"), [(1.0, "%d"), (0.1, "%.1f"), (0.01, "%.2f"), (10.0, "%d"), (0.001, "%.3f")])
def test_a_slider_shows_the_decimals_of_its_step(step: float, words: str) -> None:
    assert _format(step) == words
