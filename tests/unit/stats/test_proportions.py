"""Rates at their edges; the numbers themselves are in tests/golden/rates."""

import numpy as np
import pytest

from lib.stats.proportions import (
    NumberNeeded,
    Proportion,
    difference_of_rates,
    number_needed_to_treat,
    paired_difference,
    rate,
    wilson_limits,
)
from lib.stats.results import Estimate, Interval, NotComputed


def test_nobody_is_not_a_rate() -> None:
    assert rate(0, 0) == NotComputed("nobody to count", 0)
    assert rate(0, 0, method="clopper-pearson") == NotComputed("nobody to count", 0)
    assert isinstance(difference_of_rates((0, 0), (1, 2)), NotComputed)
    assert isinstance(paired_difference(0, 0, 0, 0), NotComputed)


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson"])
@pytest.mark.parametrize(("count", "n"), [(0, 1), (1, 1), (0, 29), (29, 29)])
def test_nobody_and_everybody_touch_the_end_exactly(method: str, count: int, n: int) -> None:
    result = rate(count, n, method=method)  # type: ignore[arg-type]
    assert isinstance(result, Proportion)
    assert isinstance(result.interval, Interval)
    assert (result.interval.low == 0.0) == (count == 0)
    assert (result.interval.high == 1.0) == (count == n)


def test_zero_of_29_excludes_no_less_than_11_9_percent() -> None:
    result = rate(0, 29, method="clopper-pearson")  # STATISTICS: "0 of 29: up to 11.9%"; by hand 1 − 0.025^(1/29)
    assert isinstance(result, Proportion)
    assert isinstance(result.interval, Interval)
    assert result.interval.high == pytest.approx(1 - 0.025 ** (1 / 29), rel=1e-12)


@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_errors(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a rate"):
        rate(count, n)
    with pytest.raises(ValueError, match="is not a rate"):
        difference_of_rates((count, n), (1, 2))
    with pytest.raises(ValueError, match="negative"):
        paired_difference(-1, 1, 1, 1)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
@pytest.mark.parametrize("method", ["wilson", "clopper-pearson"])
def test_confidence_must_be_a_share(confidence: float, method: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rate(1, 2, confidence=confidence, method=method)  # type: ignore[arg-type]


def test_wilson_limits_take_arrays() -> None:
    low, high = wilson_limits(np.array([0, 5, 10]), 10, 0.95)
    single = rate(5, 10)
    assert isinstance(single, Proportion)
    assert isinstance(single.interval, Interval)
    assert (low[1], high[1]) == (single.interval.low, single.interval.high)
    assert (low[0], high[2]) == (0.0, 1.0)


def test_number_needed_only_when_the_interval_excludes_zero() -> None:
    unclear = difference_of_rates((5, 10), (6, 10))
    assert number_needed_to_treat(unclear) == NotComputed("the interval of the difference includes 0", 0)
    fewer = number_needed_to_treat(difference_of_rates((9, 10), (1, 10)))
    assert isinstance(fewer, NumberNeeded)
    assert fewer.higher == "first"
    absent = NotComputed("a group has nobody to count", 3)
    assert number_needed_to_treat(absent) is absent
    assert number_needed_to_treat(Estimate("difference of rates", 0.5, absent)) is absent


def test_paired_difference_with_empty_margins() -> None:
    result = paired_difference(0, 0, 0, 12)
    assert isinstance(result, Estimate)
    assert isinstance(result.interval, Interval)
    assert result.value == 0
    assert result.interval.low == pytest.approx(-result.interval.high)
