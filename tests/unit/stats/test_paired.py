"""compare_paired at its edges: few pairs, no variance, the choice of the test, a million pairs."""

import json
from decimal import Decimal

import numpy as np
import pytest

from lib.stats.paired import PairedResult, compare_paired
from lib.stats.paired_tests import SignResult
from lib.stats.results import Interval, NotComputed, Test, to_record

ONE = Decimal(1)


def _compare(before: list[int], after: list[int], resolution: Decimal = ONE, **options: object) -> PairedResult:
    result = compare_paired(np.array(before), np.array(after), resolution, **options)  # type: ignore[arg-type]
    assert isinstance(result, PairedResult)
    return result


def _changes(changes: list[int] | np.ndarray, **options: object) -> PairedResult:
    before = [100] * len(changes)
    return _compare(before, [100 + int(d) for d in changes], **options)


def test_no_pairs() -> None:
    assert compare_paired(np.array([]), np.array([]), ONE) == NotComputed("no complete pairs", 0)


@pytest.mark.parametrize(
    ("before", "after"), [([5], [3]), ([5, 9], [3, 8]), ([5, 6, 7, 8], [3, 4, 5, 6]), ([4] * 30, [4] * 30)]
)
def test_no_inference_on_fewer_than_three_or_equal_changes(before: list[int], after: list[int]) -> None:
    result = _compare(before, after, force="t")
    n = len(before)
    assert (result.quality, result.choice, result.chosen_by, result.testable) == (
        "no inference",
        None,
        "no inference",
        False,
    )
    for absent in (
        result.shapiro,
        result.t_test,
        result.wilcoxon,
        result.mean_change.interval,
        result.hodges_lehmann.interval,
    ):
        assert isinstance(absent, NotComputed)
        assert absent.n == n
    assert result.effects == ()
    assert [name for name, _ in result.effects_absent] == ["d_z", "d_av", "Glass", "g_z"]
    assert result.mean_change.value == result.hodges_lehmann.value == float(np.mean(np.subtract(after, before)))


def test_one_pair_has_no_sd_and_equal_changes_have_none_to_speak_of() -> None:
    assert isinstance(_compare([5], [3]).change.sd, NotComputed)
    assert isinstance(_compare([5], [3]).baseline_mean_ci, NotComputed)
    equal = _compare([5, 6, 7], [3, 4, 5])
    assert equal.change.sd == 0.0
    assert equal.reason == "No test: all 3 differences are equal"
    assert isinstance(equal.baseline_mean_ci, Interval)


def test_reasons_read_as_sentences() -> None:
    assert _compare([5], [3]).reason == "No test: 1 pair; at least 3 are needed"
    assert _compare([5, 6], [3, 8]).reason == "No test: 2 pairs; at least 3 are needed"
    assert _changes([1, 2, 4]).reason == "3 pairs are too few to test reliably"


@pytest.mark.parametrize("n", [3, 9])
def test_three_to_nine_pairs_are_estimated_but_not_judged(n: int) -> None:
    result = _changes(list(range(n)))
    assert (result.quality, result.choice, result.chosen_by) == ("too few to test reliably", None, "too few")
    assert isinstance(result.mean_change.interval, Interval)
    assert isinstance(result.t_test, Test)
    assert isinstance(result.shapiro, Test)
    assert len(result.effects) == 3  # baseline is constant: no Glass
    assert result.effects_absent == (("Glass", NotComputed("all baseline values are equal", n)),)


def test_user_choice_stands_but_keeps_the_warning() -> None:
    result = _changes([1, 2, 4, 7], force="wilcoxon")
    assert (result.choice, result.chosen_by, result.quality) == ("wilcoxon", "user", "too few to test reliably")
    skewed = _changes([0, 0, 0, 0, 1, 1, 1, 2, 2, 60])
    assert (skewed.choice, skewed.chosen_by) == ("wilcoxon", "rule")
    assert skewed.reason == "Shapiro–Wilk on the 10 differences rejects normality"
    assert _changes([0, 0, 0, 0, 1, 1, 1, 2, 2, 60], force="t").choice == "t"


def test_ordinary_pairs_take_the_t_test_unless_few_changed() -> None:
    result = _changes([-4, -2, -1, 1, 1, 2, 3, 4, 5, 6])
    assert (result.choice, result.chosen_by, result.quality, result.testable) == ("t", "rule", "ok", True)
    assert result.reason == "Shapiro–Wilk on the 10 differences does not reject normality"
    few = _changes([-4, -2, -1, 0, 0, 1, 1, 2, 3, 5])
    assert (few.choice, few.chosen_by) == ("wilcoxon", "few changed")
    assert few.reason == "fewer than 20 changed, too few for a t interval"
    assert (few.zeros, few.ties) == (2, True)
    assert not _changes([1, 2, -3]).ties


def test_where_most_did_not_change_the_counts_lead() -> None:
    result = _changes([0] * 30 + [2] * 9 + [-1] * 3)
    assert (result.choice, result.chosen_by) == ("counts", "mostly unchanged")
    assert isinstance(result.counts, SignResult)
    assert (result.counts.rose, result.counts.unchanged, result.counts.fell) == (9, 30, 3)
    estimate, test = result.leading
    assert isinstance(test, Test)
    # R binom.test(9, 12): p 0.1459961, 0.4281415 to 0.9451394
    assert test.p == pytest.approx(0.14599609375, rel=1e-12)
    assert isinstance(estimate.interval, Interval)
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx((0.4281415, 0.9451394), abs=5e-8)


def test_the_leader_brings_its_own_estimate_interval_and_p() -> None:
    for force in ("t", "wilcoxon", "counts"):
        result = _changes([-4, -2, -1, 1, 1, 2, 3, 4, 5, 60], force=force)
        estimate, test = result.leading
        expected = {
            "t": (result.mean_change, result.t_test),
            "wilcoxon": (result.hodges_lehmann, result.wilcoxon.test),
            "counts": (estimate, result.counts.test),
        }[force]
        assert (estimate, test) == expected
        assert isinstance(estimate.interval, Interval)


def test_from_a_hundred_pairs_the_t_test_leads() -> None:
    skewed = np.arange(1, 101) ** 2
    assert (_changes(skewed).choice, _changes(skewed).chosen_by) == ("t", "large n")
    assert _changes(skewed[:99]).choice == "wilcoxon"


def test_above_five_thousand_pairs_shapiro_is_not_computed() -> None:
    skewed = np.arange(5_001) ** 2
    result = _changes(skewed)
    assert (result.choice, result.chosen_by) == ("t", "large n")
    assert result.shapiro == NotComputed("5001 differences; the p value of Shapiro–Wilk is not valid above 5000", 5_001)
    assert result.reason == "From 100 pairs the paired t test leads"
    assert _changes(skewed, force="wilcoxon").choice == "wilcoxon"


def test_confidence_moves_intervals_but_not_p() -> None:
    changes = [-4, -2, -1, 0, 0, 1, 1, 2, 3, 5, 9]
    narrow, wide = _changes(changes, confidence=0.8), _changes(changes, confidence=0.99)
    assert narrow.t_test == wide.t_test
    for get in (
        lambda r: r.mean_change,
        lambda r: r.hodges_lehmann,
        lambda r: r.effects[0],
        lambda r: r.wilcoxon.rank_biserial,
    ):
        inner, outer = get(narrow).interval, get(wide).interval
        assert outer.low < inner.low < get(narrow).value < inner.high < outer.high
        assert (inner.confidence, outer.confidence) == (0.8, 0.99)


def test_resolution_only_scales() -> None:
    before, after = [30, 41, 52, 66, 70, 11], [22, 41, 30, 60, 75, 9]
    whole, tenths = _compare(before, after), _compare(before, after, Decimal("0.1"))
    assert tenths.mean_change.value == pytest.approx(whole.mean_change.value / 10, rel=1e-15)
    assert tenths.hodges_lehmann.value == whole.hodges_lehmann.value / 10
    assert (tenths.t_test, tenths.wilcoxon, tenths.effects) == (whole.t_test, whole.wilcoxon, whole.effects)


def test_far_from_zero_nothing_is_lost() -> None:
    # Sums of squares of such counts overflow 64 bits; shifting both occasions must not change the comparison.
    before, after = np.array([30, 41, 52, 66, 70, 11]), np.array([22, 41, 30, 60, 75, 9])
    near, far = compare_paired(before, after, ONE), compare_paired(before + 2**49, after + 2**49, ONE)
    assert isinstance(near, PairedResult)
    assert isinstance(far, PairedResult)
    assert (far.t_test, far.wilcoxon, far.hodges_lehmann, far.effects) == (
        near.t_test,
        near.wilcoxon,
        near.hodges_lehmann,
        near.effects,
    )
    assert far.baseline.sd == near.baseline.sd
    wide = _changes([0, 2**48, -(2**48), 2**47, 5])
    assert wide.change.sd == pytest.approx(float(np.std([0.0, 2.0**48, -(2.0**48), 2.0**47, 5.0], ddof=1)), rel=1e-14)


def test_every_result_is_plain_json() -> None:
    for result in (_compare([5], [3]), _changes([1, 1, 1]), _changes([-4, -2, -1, 0, 0, 1, 1, 2, 3, 5])):
        record = json.loads(json.dumps(to_record(result), allow_nan=False))
        assert record["kind"] == "PairedResult"
        assert record["n"] == result.n


def test_a_million_pairs_are_counted_not_paired_up() -> None:
    rng = np.random.default_rng(7)
    before = rng.integers(0, 101, 1_000_000)
    after = np.clip(before - rng.integers(-20, 41, before.size), 0, 100)
    result = compare_paired(before, after, Decimal("0.1"))
    assert isinstance(result, PairedResult)
    changes = after - before
    assert result.mean_change.value == pytest.approx(changes.mean() / 10, rel=1e-12)
    assert result.change.sd == pytest.approx(changes.std(ddof=1) / 10, rel=1e-12)
    assert isinstance(result.hodges_lehmann.interval, Interval)
    assert result.hodges_lehmann.interval.low <= result.hodges_lehmann.value <= result.hodges_lehmann.interval.high
    assert not isinstance(result.wilcoxon, NotComputed)
    assert result.wilcoxon.test.statistic_name == "z"


def test_wrong_arguments_are_errors() -> None:
    two, three = np.array([1, 2]), np.array([1, 2, 3])
    with pytest.raises(ValueError, match="two columns of equal length"):
        compare_paired(two, three, ONE)
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        compare_paired(two, two, ONE, confidence=95)
    with pytest.raises(ValueError, match="a resolution must be positive"):
        compare_paired(two, two, Decimal(0))
    with pytest.raises(TypeError, match="baseline: whole counts are needed"):
        compare_paired(two.astype(float), two, ONE)  # type: ignore[arg-type]
