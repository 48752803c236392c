import pytest

from lib.stats.results import HolmFamily, NotComputed, SidakFamily, Test, holm, holm_p, sidak


def _test(p: float) -> Test:
    return Test("a test", "t", 1.0, (), p, "by hand", 10)


def test_tests_not_done_count_nowhere_and_keep_their_place() -> None:
    absent = NotComputed("2 pairs; at least 3 are needed", 2)
    # By hand: sorted 0.01, 0.04 of two tests: 2 · 0.01, then 1 · 0.04.
    assert holm([_test(0.04), absent, _test(0.01)]) == HolmFamily((0.04, absent, 0.02), 2)
    assert sidak([_test(0.5), absent, _test(0.25)]) == SidakFamily((0.75, absent, 0.4375), 2)  # 1 − 0.5², 1 − 0.75²


def test_nothing_to_correct() -> None:
    assert holm([]) == HolmFamily((), 0)
    assert holm_p([]) == ()
    assert holm_p([0.3]) == (0.3,)


def test_corrected_p_never_passes_one_and_ties_stay_ties() -> None:
    assert holm_p([0.6, 0.6, 0.9]) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_a_p_value_outside_its_range_is_an_error(p: float) -> None:
    with pytest.raises(ValueError, match="outside 0 to 1"):
        holm_p([0.5, p])
