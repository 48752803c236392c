"""What readers outside the department are shown fits ten sets of values, and no difference of two filters is a count.

Every set is made anew here, and printed by NumPy and `wording.number`, without the functions that found it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analysis import Analysis
from lib.analysis.groups.comparison import compare
from lib.cohort.cohort import Category
from lib.cohort.grouping import ByColumn
from lib.cohort.pairs import Pairs
from lib.disclosure.public import coarse_pairs, rounded
from lib.disclosure.released import (
    ReleasedAnalysis,
    beside_a_smaller,
    possible_changes,
    possible_scores,
    released_comparison,
    shown_beside,
    too_few,
)
from lib.disclosure.value_sets import Shown, sets_that_fit
from lib.present.wording import number
from lib.settings import FEWEST_RELEASED, FEWEST_SETS, MOST_HIDDEN
from lib.stats.paired import PairedResult
from lib.stats.results import NotComputed
from lib.stats.scores import Histogram
from tests.cohorts import FOLLOW_UP, cohort
from tests.sample import sample


def analysis_of(seed: int) -> tuple[Analysis, str]:
    """The sample, then 50 random cohorts of 5 to 90 patients."""
    if seed == 0:
        return Analysis(sample()), "12m"
    rng = np.random.default_rng(seed)
    return Analysis(cohort(int(rng.integers(5, 90)), seed=seed, missing=float(rng.choice([0, 0.1])))), FOLLOW_UP


def columns(pairs: Pairs) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    scores = possible_scores(pairs.measure, np.concatenate([pairs.baseline_counts, pairs.follow_up_counts]))
    changes = possible_changes(scores)
    return (
        (pairs.baseline_counts, scores),
        (pairs.follow_up_counts, scores),
        (pairs.change_counts, changes),
    )


def printed(counts: np.ndarray, pairs: Pairs, decimals: int, *, quartiles: bool) -> tuple[str, ...]:
    """Mean, SD and quartiles as tables print them."""
    values = counts * float(pairs.measure.resolution)
    found = [float(values.mean()), float(values.std(ddof=1))]
    found += list(np.quantile(values, [0.25, 0.5, 0.75])) if quartiles else []
    return tuple(number(round(float(value), 9), decimals) for value in found)


@pytest.mark.parametrize("seed", range(51))
def test_ten_sets_fit_what_is_shown_or_only_n_is(seed: int) -> None:
    analysis, time = analysis_of(seed)
    released = ReleasedAnalysis(analysis)
    for key in analysis.cohort.measures:
        found, pairs = released.paired(key, time), analysis.pairs(key, time)
        assert found.n == pairs.n
        if isinstance(found, NotComputed):
            continue
        assert found.n >= FEWEST_RELEASED
        measure = pairs.measure
        shown = Shown(measure.resolution, measure.decimals, confidence=0.95)
        for summary, (counts, possible) in zip(
            (found.baseline, found.follow_up, found.change), columns(pairs), strict=True
        ):
            assert isinstance(summary.minimum, NotComputed)
            assert isinstance(summary.maximum, NotComputed)
            target = tuple(
                number(v, measure.decimals)
                for v in (summary.mean, summary.sd, summary.q1, summary.median, summary.q3)
                if not isinstance(v, NotComputed)
            )
            ranks = replace(shown, pseudomedian=summary is found.change and found.choice == "wilcoxon")
            sets = {tuple(s.expand().tolist()) for s in sets_that_fit(Histogram.of(counts), ranks, possible)}
            assert len(sets) >= FEWEST_SETS
            for one in sets:
                assert len(one) == pairs.n
                assert set(one) <= set(possible.tolist())
                assert printed(np.array(one), pairs, measure.decimals, quartiles=True) == target


@pytest.mark.parametrize("seed", range(51))
def test_the_public_sees_means_that_fit_ten_sets(seed: int) -> None:
    analysis, time = analysis_of(seed)
    for key in analysis.cohort.measures:
        pairs = analysis.pairs(key, time)
        first, second, _ = coarse_pairs(pairs)
        assert first.n == rounded(pairs.n)
        for column, (counts, possible) in zip((first, second), columns(pairs), strict=False):
            if isinstance(column.mean, NotComputed) or isinstance(column.sd, NotComputed):
                continue
            target = (number(column.mean, column.decimals), number(column.sd, column.decimals))
            shown = Shown(pairs.measure.resolution, column.decimals, quartiles=False)
            sets = sets_that_fit(Histogram.of(counts), shown, possible)
            assert len({tuple(s.expand().tolist()) for s in sets}) >= FEWEST_SETS
            assert {printed(s.expand(), pairs, column.decimals, quartiles=False) for s in sets} == {target}


def test_most_of_what_is_worth_showing_is_shown() -> None:
    found = [
        (ReleasedAnalysis(a).paired(key, time), coarse_pairs(a.pairs(key, time))[0].mean)
        for a, time in map(analysis_of, range(8))
        for key in a.cohort.measures
        if a.pairs(key, time).n >= 30
    ]
    assert len(found) >= 8
    assert sum(isinstance(result, PairedResult) for result, _ in found) > 0.8 * len(found)
    assert sum(isinstance(mean, float) for _, mean in found) > 0.8 * len(found)


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 40), max_size=6), st.integers(0, 30))
def test_nothing_between_groups_tells_of_a_small_one(sizes: dict[str, int], in_none: int) -> None:
    """From the means of all and of the groups shown follows that of all others: nobody, or 10 and more."""
    whole = sum(sizes.values()) + in_none
    shown = shown_beside(sizes, whole)
    rest = whole - sum(sizes[name] for name in shown)
    assert all(sizes[name] >= FEWEST_RELEASED for name in shown)
    assert not shown or rest == 0 or rest >= FEWEST_RELEASED


def test_a_group_hides_a_smaller_one() -> None:
    whole = sample()
    center = whole.columns["center"]
    assert isinstance(center, Category)
    places = [np.flatnonzero(center.codes == code) for code in (0, 1)]
    within = np.zeros(whole.n, dtype=bool)
    within[[*places[0], *places[1][:6]]] = True
    comparison = released_comparison(compare(Analysis(whole, within=within), ByColumn("center")))
    found = [group.paired("pain", "12m") for _, group in comparison.groups]
    assert [getattr(one, "reason", "") for one in found] == [
        beside_a_smaller(found[0].n).reason if found[0].n >= FEWEST_RELEASED else too_few(found[0].n).reason,
        too_few(found[1].n).reason if found[1].n < FEWEST_RELEASED else beside_a_smaller(found[1].n).reason,
    ]
    assert min(one.n for one in found) < FEWEST_RELEASED <= max(one.n for one in found)


def alike(count: int) -> list[int]:
    """Every count that the public sees as it sees this one."""
    return [k for k in range(200) if rounded(k) == rounded(count)]


def test_no_difference_of_two_filters_is_a_count_below_eight() -> None:
    """The second filter selects some of the first: whatever is shown of both, more than one difference is possible."""
    for whole, part in product(range(80), repeat=2):
        if not 0 < whole - part <= MOST_HIDDEN:
            continue
        differences = {a - b for a in alike(whole) for b in alike(part) if a >= b}
        assert len(differences) > 1, (whole, part)


def test_no_share_of_the_public_is_exact() -> None:
    for n in range(80):
        assert (isinstance(rounded(n), NotComputed)) == (n <= MOST_HIDDEN)
        assert len(alike(n)) >= 5
