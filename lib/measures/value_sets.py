"""The published EQ-5D-3L value sets: what each level of each dimension takes off full health, country by country.

Coefficients: `data/eq5d3l_value_sets.csv`; references: `data/eq5d3l_references.csv`. How they combine: `eq5d.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

DEFAULT_VALUE_SET = "europe_vas"


@dataclass(frozen=True, slots=True)
class ValueSet:
    """One value set.

    Attributes:
        key: stable identifier ("europe_vas", "netherlands_2006_tto").
        label: for a menu ("Europe · VAS · Greiner 2003").
        country: as shown ("New Zealand").
        method: how the values were elicited: "TTO" (time trade-off) or "VAS" (visual analogue scale).
        year: of publication; None without a source.
        citation: None without a source.
        model: "additive" or "multiplicative".
        coefficients: parameter → decimal, as published.
        fixed_states: state ("33333") → value that replaces the model's.
    """

    key: str
    label: str
    country: str
    method: Literal["TTO", "VAS"]
    year: int | None
    citation: str | None
    model: Literal["additive", "multiplicative"]
    coefficients: Mapping[str, Decimal]
    fixed_states: Mapping[str, Decimal]


VALUE_SETS: Mapping[str, ValueSet] = {}
"""Key → value set, in menu order: Europe VAS first, then by country; sets without a source last."""
