"""Thresholds from the spread of the scores alone: half an SD, the standard error of measurement, MDC95."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lib.stats import wald
from lib.stats.results import NotComputed

Z_975 = float(special.ndtri(0.975))
SMALL_SAMPLE = 30


@dataclass(frozen=True, slots=True)
class DistributionBased:
    """Thresholds that say what noise looks like, not what patients notice; in the unit of the scores.

    Attributes:
        n: pairs whose baseline was used.
        baseline_sd: SD of the baseline (ddof 1).
        half_sd: ½ SD (Norman, Sloan & Wyrwich 2003).
        reliability: the r that the caller stated, or why there is none.
        sem: SD·√(1 − r), the standard error of measurement (Wyrwich 1999).
        mdc95: 1.96·√2·SEM, the smallest change beyond measurement error in one patient (Beaton 2000).
        small: fewer than 30 pairs, the SD itself is uncertain.
    """

    n: int
    baseline_sd: float
    half_sd: float
    reliability: float | NotComputed
    sem: float | NotComputed
    mdc95: float | NotComputed
    small: bool


def distribution_based(baseline: npt.ArrayLike, reliability: float | None = None) -> DistributionBased | NotComputed:
    """½ SD, SEM and MDC95 of one measure.

    Args:
        baseline: baseline scores of the complete pairs.
        reliability: test–retest reliability r of the instrument, 0..1; None when none is known.

    Returns:
        The thresholds (SEM and MDC95 are NotComputed without r), or NotComputed with fewer than 2 scores or no spread.

    Raises:
        ValueError: a score is not finite, or r is not in 0..1.

    Source: by formula; R `sd(x) / 2`, `sd(x) * sqrt(1 - r)`, `qnorm(0.975) * sqrt(2) * sd(x) * sqrt(1 - r)`.
    """
    scores = wald.finite(baseline, "baseline")
    if reliability is not None and not 0.0 <= reliability <= 1.0:
        raise ValueError(f"reliability must lie in 0..1, not {reliability}")
    n = int(scores.size)
    if n < 2:
        return NotComputed(f"{n} {'score' if n == 1 else 'scores'}; at least 2 are needed", n)
    spread = float(np.sum((scores - scores.mean()) ** 2))
    if wald.negligible(spread, scores):
        return NotComputed("all baseline values are equal, so they have no spread", n)
    sd = float(np.sqrt(spread / (n - 1)))
    if reliability is None:
        absent = NotComputed("no reliability of the instrument was stated", n)
        return DistributionBased(n, sd, sd / 2.0, absent, absent, absent, n < SMALL_SAMPLE)
    sem = sd * float(np.sqrt(1.0 - reliability))
    return DistributionBased(n, sd, sd / 2.0, float(reliability), sem, Z_975 * 2**0.5 * sem, n < SMALL_SAMPLE)
