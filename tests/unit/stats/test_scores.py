from decimal import Decimal

import numpy as np
import pytest

from lib.stats.scores import off_step, resolution_of, threshold_counts, to_counts

TENTH = Decimal("0.1")


@pytest.mark.parametrize(
    ("values", "resolution"),
    [
        ([], "1"),
        ([np.nan, np.nan], "1"),
        ([3.0, 7.0], "1"),
        ([0.0], "1"),
        ([3.0, 7.5, np.nan], "0.1"),
        ([0.1 + 0.2], "0.1"),
        ([7.0, 10.0 - 0.1 * 3], "0.1"),
        ([-0.0742, 1.0], "0.0001"),
        ([0.125], "0.001"),
        ([1 / 3], "0.000001"),
        ([1.00000001], "1"),
        ([100.0, 2000.0], "1"),
        ([123456789012.5], "0.1"),
    ],
)
def test_resolution_is_the_most_decimals_of_the_column(values: list[float], resolution: str) -> None:
    assert resolution_of(np.array(values, dtype=np.float64)) == Decimal(resolution)


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e16])
def test_no_resolution_beyond_exact_counts(value: float) -> None:
    with pytest.raises(ValueError, match="cannot count in whole steps"):
        resolution_of(np.array([value]))


def test_counts_absorb_float_noise() -> None:
    noisy = np.array([0.1 + 0.2, 0.7 - 0.1, 8.1 - 6.1, 10.0, -0.0])
    assert to_counts(noisy, TENTH).tolist() == [3, 6, 20, 100, 0]
    assert to_counts(np.array([]), TENTH).tolist() == []


def test_every_tenth_and_every_index_step_survives() -> None:
    # 0.1-step VAS and 0.0001-step EQ-5D index, each decimal as its nearest double and as the noisier product.
    for steps, resolution in ((101, TENTH), (10_743, Decimal("0.0001"))):
        counts = np.arange(-742, steps)
        decimals = np.array([float(k * resolution) for k in counts.tolist()])
        assert (to_counts(decimals, resolution) == counts).all()
        assert (to_counts(counts * float(resolution), resolution) == counts).all()


def test_differences_of_exactly_the_threshold_reach_it() -> None:
    # STATISTICS.md section 1: 12 of these 81 float differences fail `>= 2.0`.
    high = np.arange(20, 101) / 10
    low = high - 2.0
    low = np.round(low, 1)
    assert int((high - low < 2.0).sum()) == 12
    assert (to_counts(high, TENTH) - to_counts(low, TENTH) >= threshold_counts(Decimal("2.0"), TENTH)).all()


@pytest.mark.parametrize(
    ("threshold", "resolution", "count"),
    [
        ("2.7", "1", 3),
        ("3", "1", 3),
        ("2.0", "0.1", 20),
        ("0.074", "0.0001", 740),
        ("0.0740", "0.000001", 74_000),
        ("7", "0.5", 14),
        ("7.1", "0.5", 15),
        ("0", "1", 0),
        ("-2.7", "1", -2),
        ("15", "2", 8),
    ],
)
def test_threshold_is_the_smallest_count_that_reaches_it(threshold: str, resolution: str, count: int) -> None:
    assert threshold_counts(Decimal(threshold), Decimal(resolution)) == count


def test_values_between_steps_are_refused_not_rounded() -> None:
    values = np.array([7.2, 7.25, np.nan])
    assert off_step(values, TENTH).tolist() == [False, True, False]
    with pytest.raises(ValueError, match=r"1 values are not a whole number of steps of 0\.1"):
        to_counts(values[:2], TENTH)


def test_six_decimals_are_the_end_and_round() -> None:
    thirds = np.array([1 / 3, 2 / 3])
    assert not off_step(thirds, Decimal("0.000001")).any()
    assert to_counts(thirds, Decimal("0.000001")).tolist() == [333_333, 666_667]


def test_missing_and_infinite_values_are_errors() -> None:
    with pytest.raises(ValueError, match="2 missing or infinite values"):
        to_counts(np.array([1.0, np.nan, np.inf]), TENTH)
    with pytest.raises(ValueError, match="too large"):
        to_counts(np.array([1e15]), Decimal("0.001"))


@pytest.mark.parametrize("resolution", ["0", "-1", "NaN", "Infinity"])
def test_resolution_must_be_positive(resolution: str) -> None:
    with pytest.raises(ValueError, match="a resolution must be positive"):
        threshold_counts(Decimal(1), Decimal(resolution))
    with pytest.raises(ValueError, match="a resolution must be positive"):
        to_counts(np.array([1.0]), Decimal(resolution))


def test_threshold_must_be_a_number() -> None:
    with pytest.raises(ValueError, match="a threshold must be a number"):
        threshold_counts(Decimal("NaN"), TENTH)
