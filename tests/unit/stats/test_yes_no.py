import numpy as np
import pytest

from lib.stats.results import NotComputed, Test
from lib.stats.yes_no import YesNoResult, compare_yes_no, from_counts


def test_the_four_counts_from_answers() -> None:
    before = np.array([True] * 13 + [False] * 16)
    after = np.array([True] * 6 + [False] * 7 + [True] + [False] * 15)
    result = compare_yes_no(before, after)
    assert result == from_counts(6, 7, 1, 15)
    assert isinstance(result, YesNoResult)
    assert (result.before.count, result.after.count, result.n) == (13, 7, 29)


def test_nobody() -> None:
    empty = np.array([], dtype=bool)
    assert compare_yes_no(empty, empty) == NotComputed("nobody has an answer at both time points", 0)


@pytest.mark.parametrize("answers", [[True], [False], [True, False]])
def test_nobody_changed(answers: list[bool]) -> None:
    result = compare_yes_no(np.array(answers), np.array(answers))
    assert isinstance(result, YesNoResult)
    assert isinstance(result.exact, NotComputed)
    assert isinstance(result.mid_p, NotComputed)
    assert result.difference.value == 0


def test_everybody_stopped() -> None:
    result = compare_yes_no(np.ones(6, dtype=bool), np.zeros(6, dtype=bool))
    assert isinstance(result, YesNoResult)
    assert isinstance(result.exact, Test)
    assert isinstance(result.mid_p, Test)
    assert result.exact.p == pytest.approx(2 / 2**6)  # by hand: all six coins alike
    assert result.mid_p.p == pytest.approx(1 / 2**6)
    assert isinstance(result.fisher_association, NotComputed)


def test_different_patients_are_an_error() -> None:
    with pytest.raises(ValueError, match="must be the same patients"):
        compare_yes_no(np.ones(2, dtype=bool), np.ones(3, dtype=bool))
