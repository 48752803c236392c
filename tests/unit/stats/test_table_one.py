import numpy as np
import pytest

from lib.stats.results import NotComputed, Test
from lib.stats.table_one import (
    CategoricalSummary,
    NumericSummary,
    choose_display,
    compare_numeric,
    smd_categorical,
    smd_numeric,
    summarise_categorical,
    summarise_numeric,
)

NAN = float("nan")


def _array(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=float)


@pytest.mark.parametrize("values", [[], [NAN, NAN]])
def test_no_values(values: list[float]) -> None:
    assert summarise_numeric(_array(*values)) == NumericSummary(0, len(values), NotComputed("no values", 0))
    assert isinstance(choose_display(_array(*values)).shapiro, NotComputed)


def test_one_value_has_no_sd() -> None:
    result = summarise_numeric(_array(41.5, NAN))
    assert not isinstance(result.values, NotComputed)
    assert (result.n, result.missing, result.values.mean) == (1, 1, 41.5)
    assert isinstance(result.values.sd, NotComputed)


def test_the_form_of_a_row() -> None:
    straight = _array(*range(1, 21))
    skewed = _array(*[1] * 15, 2, 3, 50, 80, 100)
    assert choose_display(straight).shown == "mean (SD)"
    assert choose_display(skewed).shown == "median [Q1, Q3]"
    assert choose_display(skewed, force="mean (SD)").shown == "mean (SD)"
    assert choose_display(skewed, force="mean (SD)").reason == "as chosen"
    for untested in (_array(1, 2), _array(3, 3, 3), np.arange(5001.0)):
        display = choose_display(untested)
        assert display.shown == "mean (SD)"
        assert isinstance(display.shapiro, NotComputed)


def test_categories() -> None:
    assert summarise_categorical(np.array([0, 2, 2, -1]), 4) == CategoricalSummary(3, 1, (1, 0, 2, 0))
    assert summarise_categorical(np.array([], dtype=int), 2) == CategoricalSummary(0, 0, (0, 0))
    with pytest.raises(ValueError, match="only 2 levels"):
        summarise_categorical(np.array([2]), 2)


@pytest.mark.parametrize(
    "groups",
    [[], [_array(1, 2)], [_array(1, 2), _array()], [_array(1, 2), _array(3, NAN)], [_array(0.1, 0.1), _array(5, 5)]],
)
def test_no_standardised_difference(groups) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(smd_numeric(groups), NotComputed)


def test_one_constant_group_still_has_a_difference() -> None:
    # By hand: means 2 and 5, variances 0 and 2: 3 / √1.
    assert smd_numeric([_array(2, 2), _array(4, 6)]) == pytest.approx(3)


@pytest.mark.parametrize(
    "counts",
    [[[1, 2]], [[0, 0], [1, 2]], [[3, 0], [0, 3]], [[3, 0], [4, 0]], [[5, 0, 0], [0, 3, 2]]],
)
def test_no_categorical_difference(counts: list[list[int]]) -> None:
    assert isinstance(smd_categorical(counts), NotComputed)


def test_no_groups_at_all() -> None:
    assert smd_categorical(np.zeros((0, 2))) == NotComputed("fewer than two groups", 0)


def test_levels_nobody_has_do_not_matter() -> None:
    assert smd_categorical([[3, 0, 4], [6, 0, 1]]) == pytest.approx(smd_categorical([[3, 4], [6, 1]]))
    assert smd_categorical([[3, 4], [6, 8]]) == pytest.approx(0, abs=1e-12)


def test_categorical_counts_are_counts() -> None:
    with pytest.raises(ValueError, match="no negative count"):
        smd_categorical([[1, -1], [1, 1]])


def test_tests_between_groups() -> None:
    a, b, c = _array(1, 2, 3, NAN), _array(2, 4, 7), _array(5, 9, 6)
    names = []
    for groups in ([a, b], [a, b, c]):
        for shown in ("mean (SD)", "median [Q1, Q3]"):
            result = compare_numeric(groups, shown=shown)
            assert isinstance(result, Test)
            names.append(result.name)
    assert names == ["Welch t test", "Mann–Whitney test", "Welch ANOVA", "Kruskal–Wallis test"]
    assert compare_numeric([a, _array(NAN), b], shown="mean (SD)") == compare_numeric([a, b], shown="mean (SD)")


@pytest.mark.parametrize("shown", ["mean (SD)", "median [Q1, Q3]"])
@pytest.mark.parametrize("third", [[], [_array(3, 3)]])
def test_no_test_between_groups(shown, third) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(compare_numeric([_array(1, 2), _array(NAN)], shown=shown), NotComputed)
    assert isinstance(compare_numeric([_array(3, 3), _array(3, 3), *third], shown=shown), NotComputed)


def test_one_patient_in_a_group() -> None:
    assert isinstance(compare_numeric([_array(1), _array(2, 3), _array(4, 5)], shown="mean (SD)"), NotComputed)
    assert isinstance(compare_numeric([_array(1), _array(2, 3)], shown="mean (SD)"), NotComputed)
