"""What every statistical result is made of: intervals, estimates, tests, and the absence of a number.

Nothing here rounds. A number that cannot be computed is a `NotComputed` with a sentence, never NaN, 0 or None.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special


@dataclass(frozen=True, slots=True)
class NotComputed:
    """An expected absence.

    Attributes:
        reason: one plain sentence for the screen, without a trailing full stop
            ("2 pairs; at least 3 are needed").
        n: how many patients (or pairs, answers) there were.
    """

    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval in the unit of its estimate; `confidence` is 0.95 for 95%."""

    low: float
    high: float
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A point estimate with its interval, or the reason why it has none."""

    name: str
    value: float
    interval: Interval | NotComputed


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sided test.

    Attributes:
        name: the test as the literature names it ("paired t test").
        statistic_name: "t", "W", "z", "F" …
        statistic: its value.
        df: degrees of freedom (two for an F test), empty when the test has none.
        p: two-sided p value, unrounded.
        method: how p was obtained ("exact, ties included", "normal approximation").
        n: number of observations the test used.
    """

    __test__ = False  # not a pytest class

    name: str
    statistic_name: str
    statistic: float
    df: tuple[float, ...]
    p: float
    method: str
    n: int


_NAMES_OF_FORMAT_1 = {
    "time_point": "occasion",
    "time_points": "occasions",
    "TimePointMean": "OccasionMean",
    "TimePointChange": "OccasionChange",
    "TimePointSummary": "OccasionSummary",
    "ByQuantile": "ByParts",
    "TwoCohorts": "OfTwo",
    "VersusRest": "AgainstRest",
}
"""Records keep the words they were first written with, so that one made before can still be compared."""


def _name(name: str) -> str:
    return _NAMES_OF_FORMAT_1.get(name, name)


def to_record(value: Any) -> Any:
    """Any result as plain JSON values (dict, list, str, int, float, bool, None), nothing rounded.

    A dataclass becomes a dict with its class name under "kind"; keys of dicts become text;
    arrays become lists; Decimal becomes text. Raises ValueError for NaN or infinity: a result must not hold one.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        record: dict[str, Any] = {"kind": _name(type(value).__name__)}
        for field in dataclasses.fields(value):
            if field.metadata.get("later") and getattr(value, field.name) == field.default:
                continue  # records made before this field was there can still be compared
            record[_name(field.name)] = to_record(getattr(value, field.name))
        return record
    if isinstance(value, dict):
        return {str(k): to_record(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_record(v) for v in value]
    if isinstance(value, np.ndarray):
        return [to_record(v) for v in value.tolist()]
    if isinstance(value, np.generic):
        return to_record(value.item())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and not np.isfinite(value):
        raise ValueError(f"a result holds {value}, which no result may")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"no plain form for {type(value).__name__}")


# Holm's correction: p values corrected for how many times we looked.


@dataclass(frozen=True, slots=True)
class Corrected:
    """Corrected p values in the order of the tests given.

    Attributes:
        adjusted: one entry per test; the `NotComputed` of a test that was not done stays where it was.
        size: how many tests the correction counts, those not done left out.
    """

    adjusted: tuple[float | NotComputed, ...]
    size: int


class HolmFamily(Corrected):
    """Corrected by Holm."""


class SidakFamily(Corrected):
    """Corrected by Šidák, single step: intervals at the level of `sidak_confidence` agree with these p."""


def holm_p(p: Sequence[float]) -> tuple[float, ...]:
    """Holm-corrected p values in the order given; R `p.adjust(p, "holm")`.

    Own code: `statsmodels` 0.15 `multipletests` gives the same numbers and collects all garbage of the process on every
    call, 0.27 s with one small cohort open and 13 calls in a report: half of the time of a report.
    Source: Holm, Scand J Stat 1979;6:65. ValueError when a p is not between 0 and 1. No p: an empty tuple.
    """
    if not all(0 <= value <= 1 for value in p):
        raise ValueError("a p value lies outside 0 to 1")
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(np.sort(p) * np.arange(len(p), 0, -1)).clip(max=1.0)
    return tuple(adjusted.tolist())


def holm(tests: Sequence[Test | NotComputed]) -> HolmFamily:
    """Holm over the tests that were done, in their order; tests not done count nowhere and stay `NotComputed`."""
    done = holm_p([test.p for test in tests if isinstance(test, Test)])
    return HolmFamily(_in_place(tests, done), len(done))


def _in_place(tests: Sequence[Test | NotComputed], done: Sequence[float]) -> tuple[float | NotComputed, ...]:
    values = iter(done)
    return tuple(next(values) if isinstance(test, Test) else test for test in tests)


# Šidák's correction, single step: intervals and p values of m comparisons that agree with each other.


def sidak_p(p: float, comparisons: int) -> float:
    """1 − (1 − p)^m; R `1 - (1 - p)^m`, emmeans `adjust = "sidak"`. Source: Šidák, JASA 1967;62:626."""
    return 1.0 if p >= 1 else -math.expm1(comparisons * math.log1p(-p))


def sidak_confidence(confidence: float, comparisons: int) -> float:
    """The level at which each of m intervals stands so that all hold together: confidence^(1/m)."""
    return float(confidence ** (1 / comparisons))


def sidak(tests: Sequence[Test | NotComputed]) -> SidakFamily:
    """Šidák over the tests that were done, in their order; tests not done count nowhere and stay `NotComputed`."""
    p = [test.p for test in tests if isinstance(test, Test)]
    return SidakFamily(_in_place(tests, [sidak_p(value, len(p)) for value in p]), len(p))


def sidak_estimate(found: Estimate, error: float, df: float, comparisons: int) -> Estimate:
    """A t estimate with its interval at the level of `sidak_confidence`; unchanged for one comparison."""
    ends = found.interval
    if comparisons < 2 or isinstance(ends, NotComputed):
        return found
    level = sidak_confidence(ends.confidence, comparisons)
    return t_estimate(found.name, found.value, error, df, level, f"{ends.method}, Šidák over {comparisons}")


# From an estimate, its standard error and degrees of freedom to an interval and a test (Student's t, Fisher's F).
#
# Every linear model of this room ends here, so that they all use one p value and one interval.

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless 0 < confidence < 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")


def finite(values: npt.ArrayLike, name: str) -> Floats:
    """`values` as a one-dimensional float array; ValueError when it is not that, or holds NaN or infinity."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {array.ndim}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers only")
    return array


def codes(values: npt.ArrayLike, name: str, count: int) -> Ints:
    """`values` as integer codes 0..count−1; ValueError for anything else."""
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be a one-dimensional array of integer codes")
    if array.min() < 0 or array.max() >= count:
        raise ValueError(f"{name} codes must lie in 0..{count - 1}")
    return array.astype(np.int64)


def t_quantile(confidence: float, df: float) -> float:
    """The two-sided quantile: R `qt((1 + confidence) / 2, df)`."""
    return float(special.stdtrit(df, (1.0 + confidence) / 2.0))


def t_estimate(name: str, value: float, error: float, df: float, confidence: float, method: str) -> Estimate:
    """value ± t·error, in the unit of `value`."""
    half = t_quantile(confidence, df) * error
    return Estimate(name, float(value), Interval(float(value - half), float(value + half), confidence, method))


def t_test(name: str, value: float, error: float, df: float, n: int, method: str) -> Test:
    """Two-sided t test of value = 0; R `2 * pt(-abs(t), df)`. `error` must be positive."""
    t = float(value / error)
    return Test(name, "t", t, (float(df),), float(2.0 * special.stdtr(df, -abs(t))), method, n)


def f_test(name: str, f: float, numerator: int, denominator: float, n: int, method: str) -> Test:
    """Upper tail of F; R `pf(f, numerator, denominator, lower.tail = FALSE)`."""
    p = float(special.fdtrc(numerator, denominator, f))
    return Test(name, "F", float(f), (float(numerator), float(denominator)), p, method, n)


def negligible(sum_of_squares: float, *scales: Floats) -> bool:
    """Whether a sum of squares is nothing but rounding of the arrays it was made from.

    A constant such as 0.1 leaves 1e-34, not 0, after its mean is taken off; a test on that would be of rounding errors.
    """
    largest = max((float(np.abs(scale).max(initial=0.0)) for scale in scales), default=0.0)
    n = max((scale.size for scale in scales), default=0)
    return bool(sum_of_squares <= n * (32.0 * np.finfo(np.float64).eps * largest) ** 2)
