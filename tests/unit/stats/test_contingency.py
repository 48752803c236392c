import numpy as np
import pytest

from lib.stats.contingency import chi_square, compare_shares, cross_table, exact_r_by_c, fisher_exact, simulated
from lib.stats.results import NotComputed, Test

BIG = [[30, 25, 41, 3], [28, 31, 22, 9], [44, 17, 35, 2], [25, 25, 25, 25]]


def test_cross_table_leaves_missing_out() -> None:
    table = cross_table(np.array([0, 1, 1, -1, 0]), np.array([2, 0, 0, 1, -1]), (2, 3))
    assert table.tolist() == [[0, 0, 1], [2, 0, 0]]


@pytest.mark.parametrize("test", [chi_square, fisher_exact, compare_shares])
@pytest.mark.parametrize("table", [[[5, 3]], [[5, 3], [0, 0]], [[0, 0], [0, 0]], [[3], [4]]])
def test_one_group_or_one_answer_is_no_test(test, table) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(test(table), NotComputed)


def test_everybody_or_nobody_is_no_test() -> None:
    reason = "all patients have the same answer, so there is nothing to test"
    assert compare_shares([[5, 0], [7, 0]]) == NotComputed(reason, 12)
    assert compare_shares([[0, 5], [0, 7]]) == NotComputed(reason, 12)


def test_fisher_when_an_expected_count_is_below_five() -> None:
    names = {}
    for table in ([[10, 10], [10, 10]], [[5, 5], [5, 5]], [[4, 6], [5, 5]]):
        result = compare_shares(table)
        assert isinstance(result, Test)
        names[str(table)] = result.name
    assert list(names.values()) == ["chi-square test", "chi-square test", "Fisher's exact test"]


def test_a_level_nobody_chose_does_not_matter() -> None:
    assert compare_shares([[9, 0, 20], [15, 0, 8]]) == compare_shares([[9, 20], [15, 8]])


def test_a_table_too_big_is_simulated_and_says_so() -> None:
    counts = np.array(BIG)
    assert isinstance(exact_r_by_c(counts), NotComputed)
    first, again = fisher_exact(BIG, draws=2000), fisher_exact(BIG, draws=2000)
    assert isinstance(first, Test)
    assert first == again
    assert first.method == "simulated, 2000 draws"
    assert 0 < first.p < 0.01


def test_simulation_agrees_with_the_exact_count() -> None:
    counts = np.array([[3, 1, 2], [0, 5, 4], [2, 2, 6]])
    exact, drawn = exact_r_by_c(counts), simulated(counts, draws=20_000, seed=1)
    assert not isinstance(exact, NotComputed)
    assert drawn.p == pytest.approx(exact.p, abs=4 * np.sqrt(exact.p * (1 - exact.p) / 20_000))
    assert drawn.observed == pytest.approx(exact.observed, rel=1e-9)


def test_simulation_takes_a_million_patients() -> None:
    counts = np.array([[400_000, 3], [300_000, 1], [299_990, 6]])
    result = simulated(counts, draws=500, seed=1)
    assert 0 < result.p <= 1


def test_negative_counts_are_an_error() -> None:
    with pytest.raises(ValueError, match="no negative count"):
        chi_square([[1, -1], [2, 3]])
    with pytest.raises(ValueError, match="two dimensions"):
        chi_square([1, 2])
