"""What every statistical result is made of: intervals, estimates, tests, and the absence of a number.

Nothing here rounds. A number that cannot be computed is a `NotComputed` with a sentence, never NaN, 0 or None.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np


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


def to_record(value: Any) -> Any:
    """Any result as plain JSON values (dict, list, str, int, float, bool, None), nothing rounded.

    A dataclass becomes a dict with its class name under "kind"; keys of dicts become text;
    arrays become lists; Decimal becomes text. Raises ValueError for NaN or infinity: a result must not hold one.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        record: dict[str, Any] = {"kind": type(value).__name__}
        for field in dataclasses.fields(value):
            record[field.name] = to_record(getattr(value, field.name))
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
