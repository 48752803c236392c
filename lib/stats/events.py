"""Adverse events: patients with at least one, events, and what zero events can exclude."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.stats.proportions import Proportion, rate
from lib.stats.results import NotComputed

NO_TYPE = -1


@dataclass(frozen=True, slots=True)
class EventTypeSummary:
    """One type of event (or timing, or severity): events, and patients with at least one, of the same n."""

    code: int
    events: int
    patients: Proportion


@dataclass(frozen=True, slots=True)
class EventSummary:
    """Events and patients apart; every share has a Clopper–Pearson interval.

    Attributes:
        n: patients at risk (all in the population, with an event or without).
        events: events among them; a patient can have several.
        patients: patients with at least one event, of n. With none, the upper limit of the interval is what cannot
            be excluded ("0 of 29: up to 11.9% cannot be excluded").
        patients_with_several: patients with more than one event.
        by_type: one entry per type code 0 …, types without an event included.
        without_type: events whose type is not recorded; they count in `events` and `patients`.
    """

    n: int
    events: int
    patients: Proportion
    patients_with_several: int
    by_type: tuple[EventTypeSummary, ...]
    without_type: int


def summarise_events(
    patient_rows: NDArray[Any],
    types: NDArray[Any],
    *,
    type_count: int,
    included: NDArray[np.bool_],
    confidence: float = 0.95,
) -> EventSummary | NotComputed:
    """Summarise events given one per entry.

    Args:
        patient_rows: for each event the row of its patient (index into `included`).
        types: for each event a code 0 … type_count − 1, or −1 when not recorded. Timing or severity work alike.
        type_count: how many types there are.
        included: one boolean per patient of the cohort; the True ones are the n at risk.
        confidence: of the intervals.

    `NotComputed` when nobody is included. Events that were not recorded at all are the caller's `NotComputed`.
    ValueError when the arrays do not fit. R: `binom.test(patients, n)`.
    """
    rows, codes, at_risk = np.asarray(patient_rows, dtype=np.int64), np.asarray(types), np.asarray(included, dtype=bool)
    _check(rows, codes, type_count, at_risk.size)
    inside = at_risk[rows]
    rows, codes = rows[inside], codes[inside].astype(np.int64)
    n = int(np.count_nonzero(at_risk))
    per_patient = np.bincount(rows, minlength=at_risk.size)
    patients = _exact(int(np.count_nonzero(per_patient)), n, confidence)
    if isinstance(patients, NotComputed):
        return NotComputed("no patients", 0)
    by_type = tuple(
        summary
        for code in range(type_count)
        if not isinstance(summary := _one_type(code, rows[codes == code], n, confidence), NotComputed)
    )
    return EventSummary(
        n=n,
        events=int(rows.size),
        patients=patients,
        patients_with_several=int(np.count_nonzero(per_patient > 1)),
        by_type=by_type,
        without_type=int(np.count_nonzero(codes == NO_TYPE)),
    )


def _one_type(code: int, rows: NDArray[np.int64], n: int, confidence: float) -> EventTypeSummary | NotComputed:
    patients = _exact(int(np.unique(rows).size), n, confidence)
    return patients if isinstance(patients, NotComputed) else EventTypeSummary(code, int(rows.size), patients)


def _exact(count: int, n: int, confidence: float) -> Proportion | NotComputed:
    return rate(count, n, confidence=confidence, method="clopper-pearson")


def _check(rows: NDArray[np.int64], codes: NDArray[Any], type_count: int, patients: int) -> None:
    if rows.shape != codes.shape:
        raise ValueError(f"{rows.size} events but {codes.size} types")
    if rows.size and (rows.min() < 0 or rows.max() >= patients):
        raise ValueError(f"an event belongs to a patient outside rows 0 to {patients - 1}")
    if codes.size and (codes.min() < NO_TYPE or codes.max() >= type_count):
        raise ValueError(f"an event type lies outside {NO_TYPE} to {type_count - 1}")


# The run of consecutive periods whose rate is lowest against the rest: a scan that describes and does not test.


@dataclass(frozen=True, slots=True)
class Run:
    """Periods `first` to `last` (places, both inside): counts in them, and in all the others."""

    first: int
    last: int
    count: int
    n: int
    count_elsewhere: int
    n_elsewhere: int


def lowest_run(counts: Sequence[int], sizes: Sequence[int], *, fewest: int = 1) -> Run | NotComputed:
    """The run with the largest Bernoulli likelihood ratio among those with a lower rate than the other periods.

    Args:
        counts: patients counted in each period, in order; sizes: patients at risk in each.
        fewest: a run needs at least so many at risk, inside and outside.

    The first of equal ones is taken. Time grows with the square of the number of periods. `NotComputed` when no run
    has a lower rate; ValueError when a count is not between 0 and its size, or the lengths differ. No p value: the
    run was found by looking (Kulldorff 1997 would simulate one).
    Source: Kulldorff, Commun Stat Theory Methods 1997;26:1481, Bernoulli model in one dimension.
    """
    if len(counts) != len(sizes):
        raise ValueError(f"{len(counts)} counts for {len(sizes)} periods")
    if any(not 0 <= k <= n for k, n in zip(counts, sizes, strict=True)):
        raise ValueError("a count is not between 0 and its size")
    total, everyone = sum(counts), sum(sizes)
    best: Run | None = None
    best_likelihood = -math.inf
    for first in range(len(sizes)):
        k = n = 0
        for last in range(first, len(sizes)):
            k, n = k + counts[last], n + sizes[last]
            rest, others = total - k, everyone - n
            if n < fewest or others < fewest or k * others >= rest * n:
                continue
            # an empty period at an end adds nothing: the shorter run, met first or later, says the same
            if not sizes[first] or not sizes[last]:
                continue
            likelihood = _log_likelihood(k, n) + _log_likelihood(rest, others)
            if likelihood > best_likelihood + 1e-12:
                best, best_likelihood = Run(first, last, k, n, rest, others), likelihood
    return best or NotComputed("no run of periods has a lower rate than the others", everyone)


def _log_likelihood(k: int, n: int) -> float:
    """k·ln(k/n) + (n − k)·ln(1 − k/n), 0 where a term is empty."""
    inside = k * math.log(k / n) if k else 0.0
    return inside + ((n - k) * math.log((n - k) / n) if n > k else 0.0)
