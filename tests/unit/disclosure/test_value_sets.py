"""Summaries that stand together fit at least ten sets of values, or only n is shown; against full enumeration."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from lib.analysis import Analysis
from lib.disclosure.analysis import Disclosed, disclosed
from lib.disclosure.value_sets import ENOUGH, FEWEST, _shown, different_sets, enough_fit
from lib.stats.paired import PairedResult
from lib.stats.results import NotComputed
from tests.cohorts import cohort


def test_the_five_whole_numbers_of_the_issue_are_the_only_ones() -> None:
    same = [
        values
        for values in combinations_with_replacement(range(11), 5)
        if round(float(np.mean(values)), 2) == 7.8 and round(float(np.std(values, ddof=1)), 2) == 1.48
    ]
    assert same == [(6, 7, 8, 8, 10)]
    five = np.array([6, 7, 8, 8, 10])
    assert different_sets(five, five, 0, 10) == 1
    assert not enough_fit(five, five, 0, 10)


@pytest.mark.parametrize("seed", range(6))
def test_the_search_never_finds_more_than_there_are(seed: int) -> None:
    draw = np.random.default_rng(seed)
    pairs = draw.integers(0, 4, size=(2, 4))
    every = list(combinations_with_replacement(list(product(range(4), range(4))), 4))
    sets = np.array(every).transpose(0, 2, 1)
    there_are = int((_shown(sets) == _shown(pairs[None])[0]).all(axis=1).sum())
    found = different_sets(pairs[0], pairs[1], 0, 3)
    assert 1 <= found <= min(there_are, ENOUGH)


def test_what_is_shown_fits_ten_sets_and_what_does_not_is_only_its_n() -> None:
    shown = hidden = 0
    for n in (6, 12, 20, 40, 60):
        analysis = Analysis(cohort(n))
        for measure in analysis.cohort.measures.values():
            pairs = analysis.pairs(measure.key, "12m")
            seen = Disclosed(analysis.cohort).paired(measure.key, "12m")
            if isinstance(seen, PairedResult):
                shown += 1
                assert seen.n >= FEWEST
                assert different_sets(pairs.baseline_counts, pairs.follow_up_counts, 0, 100) == ENOUGH
                assert seen == analysis.paired(measure.key, "12m")
            else:
                hidden += 1
                assert seen.n == pairs.n
    assert shown
    assert hidden


def test_a_group_keeps_its_patients() -> None:
    analysis = Analysis(cohort(60))
    part = Analysis(analysis.cohort, within=np.arange(60) < 8)
    seen = disclosed(part)
    assert (seen.selected == part.selected).all()
    found = seen.paired("vas_pain", "12m")
    assert isinstance(found, NotComputed)
    assert found.n == part.pairs("vas_pain", "12m").n
