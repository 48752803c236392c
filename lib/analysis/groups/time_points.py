"""Every time point: means of each group, each patient's line, and the mixed model of STATISTICS section 2.6."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import Mask, TimePoint
from lib.cohort.pairs import MISSING, to_values
from lib.settings import DEFAULTS, FEWEST_COMPARED
from lib.stats.paired_tests import mean_interval
from lib.stats.results import Interval, NotComputed
from lib.stats.scores import Histogram, Summary, summarise

if TYPE_CHECKING:
    from lib.stats.mixed import MixedResult
    from lib.stats.mmrm import RepeatedResult


@dataclass(frozen=True, slots=True)
class TimePointSummary:
    """A group at one time point: who has a value, its mean with a t interval; NotComputed without values."""

    n: int
    summary: Summary | NotComputed
    mean_ci: Interval | NotComputed


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """A group over the time points.

    `values` holds a row per patient with at least one value, NaN where missing. `due`: who should have one, per point.
    """

    label: str
    points: tuple[TimePointSummary, ...]
    values: NDArray[np.float64]
    source_rows: NDArray[np.int64]
    due: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trajectories:
    """Every group over the time points of one measure.

    Attributes:
        time_points: those that have the measure, baseline first.
        lines: all groups; without groups one line named "All".
        model: over the groups in `in_model`: unstructured covariance (MMRM), only where that cannot be fitted a random
            intercept; or why there is none.
        instead: why it is a random intercept, "" where it is not.
    """

    time_points: tuple[TimePoint, ...]
    lines: tuple[Trajectory, ...]
    in_model: tuple[str, ...]
    model: RepeatedResult | MixedResult | NotComputed
    instead: str = ""


def time_points_of(analysis: Analysis, measure: str) -> tuple[TimePoint, ...]:
    """The time points that have this measure."""
    return tuple(o for o in analysis.cohort.time_points if analysis.cohort.has_scores(measure, o.key))


def trajectories(
    analysis: Analysis, comparison: Comparison | None, measure: str, *, confidence: float = DEFAULTS.confidence
) -> Trajectories | NotComputed:
    """All patients with a value at each time point, group by group, and y ~ group × time point.

    The model assumes that values are missing at random. A group with fewer than 3 complete pairs at every follow-up
    stands outside it. `NotComputed` with fewer than two time points.
    """

    def compute() -> Trajectories | NotComputed:
        time_points = time_points_of(analysis, measure)
        if len(time_points) < 2:
            return NotComputed("this measure has fewer than two time points", analysis.cohort.n)
        groups = comparison.groups if comparison is not None else (("All", analysis),)
        counts = np.array([analysis.cohort.counts(measure, o.key) for o in time_points])
        due = [analysis.cohort.due(o.key, row != MISSING) for o, row in zip(time_points, counts, strict=True)]
        lines = tuple(_line(label, group, measure, counts, due, confidence) for label, group in groups)
        usable = [k for k, line in enumerate(lines) if _most_pairs(line) >= FEWEST_COMPARED]
        absent = comparison.between(sum(len(line.source_rows) for line in lines)) if comparison else None
        model, instead = _model([lines[k] for k in usable], len(time_points), confidence)
        if absent:
            model, instead = absent, ""
        return Trajectories(time_points, lines, tuple(lines[k].label for k in usable), model, instead)

    keeper = comparison if comparison is not None else analysis
    return keeper.keep(("trajectories", measure, confidence), compute)


def _line(
    label: str, group: Analysis, measure: str, counts: NDArray[np.int64], due: list[Mask], confidence: float
) -> Trajectory:
    resolution = group.cohort.measure(measure).resolution
    here = group.selected & (counts != MISSING).any(axis=0)
    points = []
    for row in counts:
        known = row[group.selected & (row != MISSING)]
        if not len(known):
            absent = NotComputed("nobody has a value at this time point", 0)
            points.append(TimePointSummary(0, absent, absent))
            continue
        histogram = Histogram.of(known)
        points.append(
            TimePointSummary(
                len(known), summarise(histogram, resolution), mean_interval(histogram, resolution, confidence)
            )
        )
    own = counts[:, here].T
    values = to_values(np.where(own == MISSING, 0, own), resolution)
    values[own == MISSING] = np.nan
    expected = tuple(int(np.count_nonzero(group.selected & mask)) for mask in due)
    return Trajectory(label, tuple(points), values, group.cohort.source_rows[here], expected)


def _most_pairs(line: Trajectory) -> int:
    known = ~np.isnan(line.values)
    return max((int(np.count_nonzero(known[:, 0] & known[:, k])) for k in range(1, known.shape[1])), default=0)


def _model(
    lines: list[Trajectory], time_points: int, confidence: float
) -> tuple[RepeatedResult | MixedResult | NotComputed, str]:
    """The model, and why it is not the one with an unstructured covariance."""
    from lib.stats.mixed import fit_mixed
    from lib.stats.mmrm import fit_repeated

    if not lines:
        return NotComputed(f"no group has at least {FEWEST_COMPARED} complete pairs", 0), ""
    y, when, who, where = [], [], [], []
    start = 0
    for code, line in enumerate(lines):
        patient, time_point = np.nonzero(~np.isnan(line.values))
        y.append(line.values[patient, time_point])
        when.append(time_point)
        who.append(patient + start)
        where.append(np.full(len(patient), code))
        start += len(line.values)
    group = np.concatenate(where) if len(lines) > 1 else None
    values, at, rows = (np.concatenate(each) for each in (y, when, who))
    found = fit_repeated(values, at, rows, group, time_points=time_points, groups=len(lines), confidence=confidence)
    if not isinstance(found, NotComputed):
        return found, ""
    simple = fit_mixed(values, at, rows, group, time_points=time_points, groups=len(lines), confidence=confidence)
    return simple, found.reason
