"""Complete pairs of one measure: what every before/after result starts from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.cohort.measure import Measure

MISSING = int(np.iinfo(np.int64).min)
"""The count that stands for "no value" in integer score arrays."""


def to_values(counts: NDArray[np.int64], resolution: Decimal) -> NDArray[np.float64]:
    """Counts in the unit of the file. Dividing by 10^k gives the float nearest to the decimal (3 · 0.1 does not)."""
    per_unit = 1 / resolution
    if per_unit == per_unit.to_integral_value():
        return np.asarray(counts / int(per_unit), dtype=np.float64)
    return np.asarray(counts * float(resolution), dtype=np.float64)


def to_counts(values: NDArray[np.float64], resolution: Decimal) -> NDArray[np.int64]:
    """Nearest whole counts, read-only; `MISSING` for NaN. The import keeps no value between two steps, so rounding
    only takes float noise away (`lib.stats.scores.to_counts`, for arrays of anybody, refuses such values)."""
    present = ~np.isnan(values)
    counts = np.full(len(values), MISSING, dtype=np.int64)
    # multiplying by 1/resolution keeps 0.1-steps exact after rint, dividing by a float 0.1 does as well but slower
    counts[present] = np.rint(values[present] * float(1 / resolution)).astype(np.int64)
    counts.setflags(write=False)
    return counts


@dataclass(frozen=True, slots=True)
class Excluded:
    """Selected patients without a complete pair, each counted once, by the first reason that applies.

    `illegal`: a value outside the scale stands at one of the time points; `not_yet_due`: the follow-up lies after
    the extraction of the data; `died`: before it was due; then `neither`, `no_baseline`, `no_follow_up`.
    """

    no_baseline: int = 0
    no_follow_up: int = 0
    neither: int = 0
    illegal: int = 0
    not_yet_due: int = 0
    died: int = 0

    @property
    def total(self) -> int:
        """All selected patients without a complete pair."""
        lost = self.no_baseline + self.no_follow_up + self.neither + self.illegal
        return lost + self.not_yet_due + self.died

    @classmethod
    def count(
        cls,
        selected: NDArray[np.bool_],
        has_before: NDArray[np.bool_],
        has_after: NDArray[np.bool_],
        illegal: NDArray[np.bool_],
        waiting: NDArray[np.bool_],
        died: NDArray[np.bool_],
    ) -> Excluded:
        """Count reasons over boolean arrays of one length (all patients)."""
        left = selected & ~(has_before & has_after)
        bad = left & illegal
        left = left & ~bad
        waiting, died = left & ~has_after & waiting, left & ~has_after & died
        left = left & ~waiting & ~died
        return cls(
            no_baseline=int(np.count_nonzero(left & ~has_before & has_after)),
            no_follow_up=int(np.count_nonzero(left & has_before & ~has_after)),
            neither=int(np.count_nonzero(left & ~has_before & ~has_after)),
            illegal=int(np.count_nonzero(bad)),
            not_yet_due=int(np.count_nonzero(waiting)),
            died=int(np.count_nonzero(died)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Complete pairs as whole counts of the measure's resolution, in the order of the file.

    Attributes:
        rows: index of each patient in the cohort; source_rows: the row number as Excel shows it.
        baseline_counts, follow_up_counts: int64, one per pair.
        excluded: the selected patients that are not here, by reason.
    """

    measure: Measure
    rows: NDArray[np.int64]
    source_rows: NDArray[np.int64]
    baseline_counts: NDArray[np.int64]
    follow_up_counts: NDArray[np.int64]
    excluded: Excluded

    @property
    def n(self) -> int:
        """Number of complete pairs."""
        return len(self.rows)

    @property
    def baseline(self) -> NDArray[np.float64]:
        """Baseline scores in the unit of the file."""
        return to_values(self.baseline_counts, self.measure.resolution)

    @property
    def follow_up(self) -> NDArray[np.float64]:
        """Follow-up scores in the unit of the file."""
        return to_values(self.follow_up_counts, self.measure.resolution)

    @property
    def change_counts(self) -> NDArray[np.int64]:
        """follow-up − baseline in counts."""
        return self.follow_up_counts - self.baseline_counts

    @property
    def improvement_counts(self) -> NDArray[np.int64]:
        """Change oriented so that positive is better, in counts."""
        return self.measure.sign * self.change_counts

    @property
    def improvement(self) -> NDArray[np.float64]:
        """Improvement in the unit of the file; positive is better."""
        return to_values(self.improvement_counts, self.measure.resolution)
