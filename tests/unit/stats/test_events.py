import numpy as np
import pytest

from lib.stats.events import EventSummary, summarise_events
from lib.stats.results import Interval, NotComputed

NONE = np.array([], dtype=np.int64)


def test_patients_and_events_apart() -> None:
    rows, types = np.array([0, 0, 2, 4, 4]), np.array([1, 1, 0, -1, 1])
    result = summarise_events(rows, types, type_count=3, included=np.ones(5, dtype=bool))
    assert isinstance(result, EventSummary)
    assert (result.n, result.events, result.patients.count) == (5, 5, 3)
    assert (result.patients_with_several, result.without_type) == (2, 1)
    assert [(entry.events, entry.patients.count) for entry in result.by_type] == [(1, 1), (3, 2), (0, 0)]
    assert all(entry.patients.n == 5 for entry in result.by_type)


def test_only_the_included_are_counted() -> None:
    included = np.array([True, False, True, True, False])
    result = summarise_events(np.array([0, 1, 1, 4]), np.zeros(4, dtype=int), type_count=1, included=included)
    assert isinstance(result, EventSummary)
    assert (result.n, result.events, result.patients.count) == (3, 1, 1)


def test_no_event_has_an_upper_limit() -> None:
    result = summarise_events(NONE, NONE, type_count=0, included=np.ones(29, dtype=bool))
    assert isinstance(result, EventSummary)
    assert isinstance(result.patients.interval, Interval)
    assert result.patients.interval.high == pytest.approx(0.1194, abs=5e-5)  # R binom.test(0, 29)
    assert result.by_type == ()


def test_nobody_at_risk() -> None:
    included = np.zeros(3, dtype=bool)
    result = summarise_events(np.array([1]), np.array([0]), type_count=1, included=included)
    assert result == NotComputed("no patients", 0)
    assert isinstance(summarise_events(NONE, NONE, type_count=1, included=np.array([], dtype=bool)), NotComputed)


def test_arrays_that_do_not_fit_are_errors() -> None:
    people = np.ones(2, dtype=bool)
    with pytest.raises(ValueError, match="1 events but 2 types"):
        summarise_events(np.array([0]), np.array([0, 0]), type_count=1, included=people)
    for row in (-1, 2):
        with pytest.raises(ValueError, match="outside rows 0 to 1"):
            summarise_events(np.array([row]), np.array([0]), type_count=1, included=people)
    for code in (-2, 1):
        with pytest.raises(ValueError, match="type lies outside"):
            summarise_events(np.array([0]), np.array([code]), type_count=1, included=people)
