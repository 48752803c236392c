"""One number against another: improvement against age, BMI, a baseline, or the improvement of another measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lib.analysis.analysis import Analysis
from lib.cohort.cohort import BASELINE, Number
from lib.cohort.pairs import MISSING, to_values
from lib.settings import DEFAULTS
from lib.stats.results import NotComputed

if TYPE_CHECKING:
    from lib.stats.correlation import CorrelationResult, Smooth

Kind = Literal["column", "baseline", "improvement"]


@dataclass(frozen=True, slots=True)
class Against:
    """What stands on the x axis: a number column, the baseline of a measure, or the improvement of a measure."""

    kind: Kind
    key: str

    @property
    def text(self) -> str:
        """One word for a choice: "column:age"."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """Patients with a pair of the measure and a value of the other number.

    Attributes:
        x, y: the other number and the improvement of the measure (positive is better), one per patient.
        rows: indices into the cohort; `source_rows` as Excel shows them.
        without: patients with a pair but no other value.
        everybody: the other number of every patient of the cohort, NaN where missing: where the axis ends.
        own_baseline: x is the baseline of the same measure: y = ±(follow-up − x), so part of the slope is regression to
            the mean and the ends of the scale.
    """

    against: Against
    label: str
    unit: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    rows: NDArray[np.int64]
    source_rows: NDArray[np.int64]
    without: int
    everybody: NDArray[np.float64]
    own_baseline: bool
    spearman: CorrelationResult | NotComputed
    pearson: CorrelationResult | NotComputed
    smooth: Smooth | NotComputed


def offered(analysis: Analysis, measure: str, follow_up: str) -> tuple[Against, ...]:
    """Every number an improvement can be set against: its own baseline, number columns, other measures."""
    cohort = analysis.cohort
    found = [Against("column", number.key) for number in cohort.numbers()]
    found.append(Against("baseline", measure))
    for other in cohort.measures_at(follow_up):
        if other.key != measure:
            found += [Against("baseline", other.key), Against("improvement", other.key)]
    return tuple(found)


def parse_against(text: str, choices: tuple[Against, ...]) -> Against:
    """The choice with that text, the first one where there is none; `choices` is not empty."""
    return next((choice for choice in choices if choice.text == text), choices[0])


def label_of(analysis: Analysis, against: Against) -> str:
    """ "Age", "VAS pain at baseline", "Improvement of EQ VAS"."""
    cohort = analysis.cohort
    if against.kind == "column":
        return cohort.columns[against.key].label
    label = cohort.measure(against.key).label
    return f"{label} at baseline" if against.kind == "baseline" else f"Improvement of {label}"


def association(
    analysis: Analysis, measure: str, follow_up: str, against: Against, *, confidence: float = DEFAULTS.confidence
) -> Association:
    """Improvement of a measure against another number, with both correlations and a smooth.

    Raises KeyError for a number the cohort does not have.
    """
    return analysis.keep(
        ("association", measure, follow_up, against, confidence),
        lambda: _association(analysis, measure, follow_up, against, confidence),
    )


def _association(analysis: Analysis, measure: str, follow_up: str, against: Against, confidence: float) -> Association:
    from lib.stats.correlation import pearson, smooth, spearman

    pairs = analysis.pairs(measure, follow_up)
    values, unit = _values(analysis, follow_up, against)
    known = ~np.isnan(values[pairs.rows])
    x, y = values[pairs.rows][known], pairs.improvement[known]
    return Association(
        against=against,
        label=label_of(analysis, against),
        unit=unit,
        x=x,
        y=y,
        rows=pairs.rows[known],
        source_rows=pairs.source_rows[known],
        without=int(np.count_nonzero(~known)),
        everybody=values,
        own_baseline=against == Against("baseline", measure),
        spearman=spearman(x, y, confidence),
        pearson=pearson(x, y, confidence),
        smooth=smooth(x, y, confidence=confidence),
    )


def _values(analysis: Analysis, follow_up: str, against: Against) -> tuple[NDArray[np.float64], str]:
    """The other number of every patient of the cohort, NaN where missing, and its unit."""
    cohort = analysis.cohort
    if against.kind == "column":
        column = cohort.columns[against.key]
        if not isinstance(column, Number):
            raise KeyError(against.key)
        return column.values, column.unit
    measure = cohort.measure(against.key)
    before = cohort.counts(against.key, BASELINE)
    known = before != MISSING
    counts = np.where(known, before, 0)
    if against.kind == "improvement":
        after = cohort.counts(against.key, follow_up)
        known = known & (after != MISSING)
        counts = np.where(known, measure.sign * (np.where(known, after, 0) - counts), 0)
    values = to_values(counts, measure.resolution)
    values[~known] = np.nan
    return values, measure.unit
