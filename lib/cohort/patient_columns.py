"""What is known of each patient besides scores: categories, numbers and dates, aligned to the cohort's patients."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """A column with labels ("etiology"). `codes[i]` indexes `labels`; −1 means not recorded.

    `role` names a meaning the product knows ("etiology", "center", "sex", "asa", "side" …), else None.
    `ordered` says that the order of the labels carries meaning (ASA I < II < III).
    """

    key: str
    label: str
    labels: tuple[str, ...]
    codes: NDArray[np.int32]
    role: str | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of numbers ("age"); NaN means not recorded."""

    key: str
    label: str
    values: NDArray[np.float64]
    unit: str = ""
    resolution: Decimal = Decimal(1)
    role: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """A column of days ("surgery_date"); NaT means not recorded."""

    key: str
    label: str
    days: NDArray[np.datetime64]
    role: str | None = None


PatientColumn = Category | Number | Dates
