"""One center patient by patient: observed − expected added up (VLAD), and a Bernoulli CUSUM with simulated limits.

Sources: Lovegrove et al., Lancet 1997;350:1128 (VLAD); Steiner, Cook, Farewell & Treasure, Biostatistics 2000;1:441
(risk-adjusted CUSUM). A limit of 4.5 for everybody is crossed by chance by 0.05% of series of 30 patients and by 38%
of 1,000: each series gets its own from draws over its own patients.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.settings import SIGNIFICANCE
from lib.stats import results
from lib.stats.results import Floats, NotComputed

ODDS_RATIO = 2.0
DRAWS = 2000
SEED = 20260601
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Vlad:
    """After each patient in order: Σ(observed − expected), and half the width of the band of 95% by chance.

    The band ±1.96·√Σp(1 − p) is for one look at one patient, not for all of them together.
    """

    sums: tuple[float, ...]
    band: tuple[float, ...]

    @property
    def outside(self) -> bool:
        """Whether the last value lies outside the band."""
        return abs(self.sums[-1]) > self.band[-1]


@dataclass(frozen=True, slots=True)
class Cusum:
    """One side of a Bernoulli CUSUM, without reset.

    Attributes:
        odds_ratio: of the outcome "not improved" that it looks for.
        values: after each patient, from 0 upwards.
        limit: crossed by chance by at most 5% of such series.
        crossed_at: number of the first patient (from 1) at which the value reaches the limit, None: never.
        largest, largest_at: the highest value and its patient.
    """

    odds_ratio: float
    values: tuple[float, ...]
    limit: float
    crossed_at: int | None
    largest: float
    largest_at: int
    draws: int
    seed: int


def vlad(improved: npt.ArrayLike, expected: npt.ArrayLike) -> Vlad | NotComputed:
    """`improved`: True per patient in order of treatment; `expected`: the probability of it, inside 0..1."""
    y, p = _checked(improved, expected)
    if y.size == 0:
        return NotComputed("no patients", 0)
    return Vlad(tuple(np.cumsum(y - p).tolist()), tuple((1.96 * np.sqrt(np.cumsum(p * (1 - p)))).tolist()))


def cusum(
    improved: npt.ArrayLike,
    expected: npt.ArrayLike,
    odds_ratio: float = ODDS_RATIO,
    *,
    limit: float | None = None,
    seed: int = SEED,
) -> Cusum | NotComputed:
    """S = max(0, S + y·ln OR − ln(1 − p + OR·p)), y = not improved and p its probability.

    Args:
        improved: True per patient in order of treatment.
        expected: the probability of improving.
        odds_ratio: above 1 looks for fewer improved, below 1 for more.
        limit: as set before; None: the smallest value that at most 5% of 2,000 seeded series of these patients reach.
        seed: of those draws (PCG64).

    Raises:
        ValueError: an odds ratio of 1 or not above 0, a limit not above 0, a probability outside 0..1.
    """
    y, p = _checked(improved, expected)
    if not odds_ratio > 0 or odds_ratio == 1.0:
        raise ValueError(f"an odds ratio must be above 0 and not 1, not {odds_ratio}")
    if limit is not None and not limit > 0:
        raise ValueError(f"a limit must be above 0, not {limit}")
    if y.size == 0:
        return NotComputed("no patients", 0)
    failure = 1.0 - p
    off = np.log1p((odds_ratio - 1.0) * failure)
    steps = (1.0 - y) * np.log(odds_ratio) - off
    values = _path(steps[None, :])[0]
    found = _limit(failure, off, odds_ratio, seed) if limit is None else float(limit)
    crossed = np.flatnonzero(values >= found)
    top = int(values.argmax())
    return Cusum(
        odds_ratio=odds_ratio,
        values=tuple(values.tolist()),
        limit=found,
        crossed_at=int(crossed[0]) + 1 if crossed.size else None,
        largest=float(values[top]),
        largest_at=top + 1,
        draws=DRAWS if limit is None else 0,
        seed=seed,
    )


def _path(steps: Floats) -> Floats:
    """max(0, S + step) along the last axis: the sum so far less its smallest value so far (0 included)."""
    total = np.cumsum(steps, axis=-1)
    lowest = np.minimum(np.minimum.accumulate(total, axis=-1), 0.0)
    found: Floats = total - lowest
    return found


def _limit(failure: Floats, off: Floats, odds_ratio: float, seed: int) -> float:
    rng = np.random.Generator(np.random.PCG64(seed))
    tops = np.empty(DRAWS)
    rows = max(1, _AT_ONCE // failure.size)
    for start in range(0, DRAWS, rows):
        stop = min(start + rows, DRAWS)
        failed = rng.random((stop - start, failure.size)) < failure
        tops[start:stop] = _path(failed * np.log(odds_ratio) - off).max(axis=1)
    tops.sort()
    # the smallest value that no more than 5% of the draws reach: among equal tops the next higher one
    most = int(SIGNIFICANCE * DRAWS)
    at = DRAWS - most
    if tops[at] == tops[at - 1]:
        at = int(np.searchsorted(tops, tops[at], side="right"))
    return float(tops[at] if at < DRAWS else np.nextafter(tops[-1], np.inf))


def _checked(improved: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[Floats, Floats]:
    y = np.asarray(improved, dtype=np.float64)
    p = results.finite(expected, "expected")
    if y.shape != p.shape:
        raise ValueError(f"outcomes and expectations differ in length ({y.size}, {p.size})")
    if p.size and not (p.min() > 0.0 and p.max() < 1.0):
        raise ValueError("a probability lies outside 0 to 1")
    return y, p
