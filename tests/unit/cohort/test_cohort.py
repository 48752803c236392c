"""Cohort, pairs and selection: what is counted, what is left out and why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from lib.cohort.cohort import BASELINE, Category, Cohort, Number
from lib.cohort.pairs import MISSING, Excluded, to_values
from lib.cohort.selection import NOT_RECORDED, Range, Selection, SelectionError, analysed
from tests.cohorts import FOLLOW_UP, PAIN, cohort

NAN = np.nan


def small(before: list[float], after: list[float], **more: object) -> Cohort:
    """A cohort of one measure with these scores, rows 2, 3, …"""
    base = cohort(len(before), measures=(PAIN,), statements={}, events=False)
    scores = {("vas_pain", BASELINE): np.array(before, float), ("vas_pain", FOLLOW_UP): np.array(after, float)}
    return replace(base, scores=scores, _counts={}, **more)


def test_pairs_keep_their_rows_and_count_the_excluded_by_reason() -> None:
    found = small([8, NAN, 7, NAN, 6], [5, 4, NAN, NAN, 6]).pairs("vas_pain", BASELINE, FOLLOW_UP)
    assert found.source_rows.tolist() == [2, 6]
    assert found.baseline.tolist() == [8.0, 6.0]
    assert found.change_counts.tolist() == [-3, 0]
    assert found.improvement.tolist() == [3.0, 0.0]
    assert found.excluded == Excluded(no_baseline=1, no_follow_up=1, neither=1)


def test_a_value_outside_the_scale_and_a_time_point_not_reached_are_reasons_of_their_own() -> None:
    found = small(
        [8, NAN, 7],
        [NAN, 5, NAN],
        illegal={("vas_pain", BASELINE): np.array([False, True, False])},
        not_due={FOLLOW_UP: np.array([True, False, False])},
    ).pairs("vas_pain", BASELINE, FOLLOW_UP)
    assert found.excluded == Excluded(no_follow_up=1, illegal=1, not_yet_due=1)
    assert found.excluded.total == 3


def test_arrays_are_read_only_and_must_fit() -> None:
    found = cohort(5)
    with pytest.raises(ValueError, match="read-only"):
        found.scores["vas_pain", BASELINE][0] = 1.0
    with pytest.raises(ValueError, match="an array of 4 rows in a cohort of 5 patients"):
        replace(found, source_rows=np.arange(4))


def test_scores_become_whole_counts_without_float_noise() -> None:
    tenths = replace(PAIN, resolution=Decimal("0.1"))
    values = np.arange(101) / 10
    made = replace(
        cohort(101, measures=(tenths,), statements={}, events=False),
        scores={("vas_pain", BASELINE): values, ("vas_pain", FOLLOW_UP): values},
        _counts={},
    )
    counts = made.counts("vas_pain", BASELINE)
    assert counts.tolist() == list(range(101))
    assert to_values(counts, Decimal("0.1")).tolist() == values.tolist()


def test_a_missing_score_has_no_count() -> None:
    assert small([NAN, 3], [1, 1]).counts("vas_pain", BASELINE).tolist() == [MISSING, 3]


def test_unknown_measure_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        cohort(3).pairs("nothing", BASELINE, FOLLOW_UP)


def labelled() -> Cohort:
    base = cohort(6)
    return replace(
        base,
        columns={
            "etiology": Category(
                "etiology", "Etiology", ("A", "B"), np.array([0, 0, 1, 1, -1, 0], np.int32), "etiology"
            ),
            "center": Category("center", "Center", ("X", "Y"), np.array([0, 1, 0, 1, 0, 0], np.int32), "center"),
            "age": Number("age", "Age", np.array([30, 40, 50, NAN, 60, 70.0])),
        },
    )


def test_and_across_columns_or_within_one() -> None:
    both = Selection.of({"etiology": ["B", "A"], "center": ["X"]})
    assert both.apply(labelled()).tolist() == [True, False, True, False, False, True]


def test_equal_filters_are_equal_objects() -> None:
    assert Selection.of({"b": ["2", "1"], "a": ["x"]}) == Selection.of({"a": ["x"], "b": ["1", "2", "1"]})
    assert Selection.of({"a": []}, {"age": Range()}) == Selection()
    assert hash(Selection()) == hash(Selection.of())


def test_not_recorded_is_a_choice() -> None:
    assert Selection.of({"etiology": [NOT_RECORDED]}).apply(labelled()).tolist() == [False] * 4 + [True, False]


def test_a_moved_range_drops_patients_without_a_value_and_says_how_many() -> None:
    moved = Selection.of(ranges={"age": Range(35, None)})
    assert moved.apply(labelled()).tolist() == [False, True, True, False, True, True]
    assert moved.dropped_without_value(labelled(), "age") == 1
    assert Selection().apply(labelled()).all()


def test_counts_are_under_all_other_filters() -> None:
    chosen = Selection.of({"etiology": ["A"], "center": ["X"]})
    assert chosen.counts(labelled(), "etiology") == {"A": 2, "B": 1, NOT_RECORDED: 1}
    assert chosen.counts(labelled(), "center") == {"X": 2, "Y": 1}


def test_words_name_the_filter() -> None:
    chosen = Selection.of({"etiology": ["B", NOT_RECORDED]}, {"age": Range(None, 50)})
    assert chosen.describe(labelled()) == ("B or Etiology not recorded", "Age up to 50")
    assert chosen.without("etiology").describe(labelled()) == ("Age up to 50",)


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection.of({"nothing": ["x"]}), "no category column “nothing”.*etiology, center"),
        (Selection.of({"etiology": ["C"]}), "“C” does not occur in Etiology. It has: A, B"),
        (Selection.of(ranges={"etiology": Range(1, 2)}), "no number column “etiology”.*age"),
    ],
)
def test_what_the_cohort_does_not_have_is_said_with_what_it_has(selection: Selection, words: str) -> None:
    with pytest.raises(SelectionError, match=words):
        selection.apply(labelled())


def test_analysed_is_a_complete_pair_of_a_primary_measure() -> None:
    made = small([8, NAN, 7], [5, 4, NAN])
    assert analysed(made, FOLLOW_UP).tolist() == [True, False, False]
    assert analysed(made, "24m") is None


def test_a_range_is_decided_in_whole_steps_of_the_column() -> None:
    tenths = Number("score", "Score", np.array([0.2, 0.3, 0.4]), resolution=Decimal("0.1"))
    made = replace(cohort(3), columns={"score": tenths})
    # what a slider or an address may carry: 0.1 * 3 is a little more than 0.3
    assert Selection.of(ranges={"score": Range(0.1 * 3, None)}).apply(made).tolist() == [False, True, True]
