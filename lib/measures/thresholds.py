"""Published thresholds: the smallest improvement patients notice (MCID), and the state they accept (PASS).

The rows stand in `data/thresholds.csv`, each with its population and source. A threshold is offered on the scale of the
file: 2.0 of 10 becomes 20 on 0–100, marked converted. Scores are never rescaled.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["absolute", "percent", "state"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """One published threshold on one scale.

    Attributes:
        key: stable identifier, usable in an address ("pain_kube_2016").
        instrument: key of the instrument, without a value set.
        name: what it is called on screen.
        kind: "absolute" (improvement of at least `value`), "percent" (improvement of at least `value` percent of the
            baseline), "state" (the follow-up score itself is `value` or better, by the instrument's direction).
        value: decimal, in `unit`, on the scale asked for.
        unit: "points" or "%".
        scale_low, scale_high: scale of the source; None where a threshold holds in the unit of the score only.
        population: whom it was found in.
        citation: its source.
        smallest_detectable_change: on the scale asked for, where the source gives one.
        value_set: for an EQ-5D index, the value set it was found with ("uk_tto"), None otherwise or when not known.
        default: the one offered first among the thresholds of this instrument and kind.
        converted: True when `value` was carried over from another scale.
        note: what must stand beside it on screen; empty if nothing.
    """

    key: str
    instrument: str
    name: str
    kind: Kind
    value: Decimal
    unit: str
    scale_low: Decimal | None
    scale_high: Decimal | None
    population: str
    citation: str
    smallest_detectable_change: Decimal | None
    value_set: str | None
    default: bool
    converted: bool
    note: str


def thresholds_for(instrument_key: str, low: Decimal, high: Decimal) -> tuple[Threshold, ...]:
    """Every threshold of an instrument on the scale low–high of the file: absolute, percent, state; default first."""
    raise NotImplementedError


def default_threshold(instrument_key: str, low: Decimal, high: Decimal, kind: Kind = "absolute") -> Threshold | None:
    """The threshold offered first for this instrument and kind on the scale low–high; None if there is none."""
    raise NotImplementedError
