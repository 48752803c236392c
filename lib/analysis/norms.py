"""The cohort beside the general population: its mean against the norm for its own mix of age and sex.

STATISTICS section 12: E = Σμ(ageᵢ, sexᵢ)/n over exactly the patients in the mean, age at that time point; the
difference is the mean of yᵢ − μᵢ with a one-sample t interval, the norm taken as known. Patients without age, sex or
band are left out of both and counted. An index is compared under the value set of the norm, never another one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.weightstats import DescrStatsW

from lib.analysis.analysis import Analysis
from lib.analysis.eq5d import index_key
from lib.catalog.answers import normalise
from lib.catalog.norms import Norm, norms, norms_for
from lib.catalog.value_sets import value_set
from lib.cohort.cohort import Category, Number
from lib.settings import DEFAULTS, FEWEST_TO_DESCRIBE
from lib.stats.results import Interval, NotComputed

FEMALE = frozenset(("f", "female", "woman", "women", "v", "vrouw", "vrouwelijk", "w", "weiblich", "frau"))
MALE = frozenset(("m", "male", "man", "men", "mannelijk", "mannlich", "maennlich", "mann"))


@dataclass(frozen=True, slots=True)
class BesideNorm:
    """Mean of the cohort, what people of the same age and sex have on average, and the difference.

    `n` patients are in both means; `left_out` have a score and no age, sex or band.
    """

    norm: Norm
    n: int
    left_out: int
    mean: float
    expected: float
    difference: float
    interval: Interval | NotComputed


def norm_of(analysis: Analysis, measure: str = "") -> Norm | None:
    """The norm of a measure, else ("") of the EQ-5D version of this cohort; None when none is on file."""
    if measure:
        found = analysis.cohort.measure(measure)
        if found.value_set is None and (found.instrument or "").startswith("eq5d"):
            return None  # an index of a set that nobody named
        return next(iter(norms_for(found.value_set or "", found.instrument or "")), None)
    version = analysis.cohort.eq5d_version
    sets = (norm for norm in norms() if norm.value_set)
    return next((norm for norm in sets if value_set(norm.value_set).version == version), None)


def beside_norm(
    analysis: Analysis,
    follow_up: str,
    measure: str = "",
    *,
    before: bool = False,
    confidence: float = DEFAULTS.confidence,
) -> BesideNorm | NotComputed:
    """The complete pairs of a measure at follow-up or `before`, beside its norm; without a measure of the EQ-5D index
    under the value set of the norm of its version."""

    def compute() -> BesideNorm | NotComputed:
        norm = norm_of(analysis, measure)
        if norm is None:
            return NotComputed("no norm is on file for this score", 0)
        pairs = analysis.pairs(measure or index_key(norm.value_set), follow_up)
        counts = pairs.baseline_counts if before else pairs.follow_up_counts
        scores = counts * float(pairs.measure.resolution)
        months = 0.0 if before else analysis.cohort.time_point(follow_up).months or 0.0
        expected = _expected(analysis, norm, months)[pairs.rows]
        known = ~np.isnan(expected)
        n = int(known.sum())
        if n == 0:
            return NotComputed("the file has no age and sex for these patients", 0)
        gaps = scores[known] - expected[known]
        return BesideNorm(
            norm=norm,
            n=n,
            left_out=int((~known).sum()),
            mean=float(scores[known].mean()),
            expected=float(expected[known].mean()),
            difference=float(gaps.mean()),
            interval=_interval(gaps, confidence),
        )

    return analysis.keep(("beside norm", follow_up, measure, before, confidence), compute)


def _interval(gaps: NDArray[np.float64], confidence: float) -> Interval | NotComputed:
    if len(gaps) < FEWEST_TO_DESCRIBE or np.ptp(gaps) == 0:
        return NotComputed(f"{len(gaps)} patients; an interval needs at least 3 different values", len(gaps))
    low, high = DescrStatsW(gaps).tconfint_mean(1 - confidence)
    return Interval(float(low), float(high), confidence, "t")


def _expected(analysis: Analysis, norm: Norm, months: float) -> NDArray[np.float64]:
    if norm.constant is not None:
        return np.full(analysis.cohort.n, norm.constant)
    columns = analysis.cohort.columns
    age, sex = columns.get("age"), next((c for c in columns.values() if c.role == "sex"), None)
    nobody = np.zeros(analysis.cohort.n, dtype=bool)
    if not isinstance(age, Number):
        return np.full(analysis.cohort.n, np.nan)
    female = male = nobody
    if isinstance(sex, Category):
        words = [normalise(label) for label in sex.labels]
        female = np.array([*(w in FEMALE for w in words), False])[sex.codes]
        male = np.array([*(w in MALE for w in words), False])[sex.codes]
    return norm.expected(age.values + months / 12, female, male)
