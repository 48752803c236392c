"""Published thresholds: the smallest improvement patients notice (MCID), and the state they accept (PASS).

The rows stand in `data/thresholds.csv`, each with its population and source. A threshold is offered on the scale of the
file: 2.0 of 10 becomes 20 on 0–100, marked converted. Scores are never rescaled.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal, cast

from lib.catalog import data_rows, decimal_or_none
from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.value_sets import value_set

Kind = Literal["absolute", "percent", "state"]
KINDS: tuple[Kind, ...] = ("absolute", "percent", "state")


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


def _load() -> tuple[Threshold, ...]:
    return tuple(
        Threshold(
            key=row["key"],
            instrument=row["instrument"],
            name=row["name"],
            kind=cast("Kind", row["kind"]),
            value=Decimal(row["value"]),
            unit=row["unit"],
            scale_low=decimal_or_none(row["scale_low"]),
            scale_high=decimal_or_none(row["scale_high"]),
            population=row["population"],
            citation=row["citation"],
            smallest_detectable_change=decimal_or_none(row["smallest_detectable_change"]),
            value_set=row["value_set"] or None,
            default=row["default"] == "yes",
            converted=False,
            note=row["note"],
        )
        for row in data_rows("thresholds.csv")
    )


THRESHOLDS: tuple[Threshold, ...] = _load()
"""Every row of the data file on the scale of its source, in the order of the file."""


def _on_scale(threshold: Threshold, low: Decimal, high: Decimal) -> Threshold | None:
    """The threshold on the scale low–high; None when it has no finite value there."""
    if threshold.scale_low is None or threshold.scale_high is None:
        return threshold
    source, target = (threshold.scale_low, threshold.scale_high), (low, high)
    if source == target:
        return threshold
    value = carried_over(threshold.value, source, target, "score" if threshold.kind == "state" else "difference")
    detectable = threshold.smallest_detectable_change
    if detectable is not None:
        detectable = carried_over(detectable, source, target, "difference")
    if value is None:
        return None
    return dataclasses.replace(threshold, value=value, smallest_detectable_change=detectable, converted=True)


def _with_value_set_note(threshold: Threshold, own: str) -> Threshold:
    """Says so when the threshold was found with another value set than the index in hand."""
    if threshold.value_set is None:
        origin = "The source does not say here with which value set it was found"
    elif threshold.value_set == own:
        return threshold
    else:
        origin = f"Found with the value set {value_set(threshold.value_set).label}"
    here = f"this index uses {value_set(own).label}" if own else "the value set of this index is not known"
    note = f"{origin}; {here}"
    return dataclasses.replace(threshold, note=f"{threshold.note}. {note}" if threshold.note else note)


def _of_another_version(threshold: Threshold, short: str) -> Threshold:
    """A threshold of the 3L beside an index of another version: offered, never first, and it says so."""
    note = f"Found with the EQ-5D-3L; this is an {short}, whose steps have another size"
    return dataclasses.replace(threshold, default=False, note=f"{threshold.note}. {note}" if threshold.note else note)


def thresholds_for(instrument_key: str, low: Decimal, high: Decimal) -> tuple[Threshold, ...]:
    """Every threshold of an instrument on the scale low–high of the file: absolute, percent, state; default first.

    Percent rules are left out where the scale goes below 0. A threshold without a finite decimal on this scale is left
    out. For an index ("eq5d3l_index:europe_vas") a note tells when a threshold comes from another value set.
    Empty when none is published. Raises KeyError for an unknown instrument or value set, ValueError when low ≥ high.
    """
    base, _, own_set = instrument_key.partition(":")
    if base not in INSTRUMENTS:
        raise KeyError(f"no instrument {base!r}")
    if low >= high:
        raise ValueError(f"a scale needs a low end below its high end, not {low} and {high}")
    offered = []
    for threshold in THRESHOLDS:
        if threshold.kind == "percent" and low < 0:
            continue
        if threshold.instrument == "eq5d3l_index" and base in ("eq5d5l_index", "eq5dy3l_index"):
            offered.append(_of_another_version(threshold, INSTRUMENTS[base].short))
            continue
        if threshold.instrument != base:
            continue
        here = _on_scale(threshold, low, high)
        if here is not None:
            offered.append(_with_value_set_note(here, own_set) if base == "eq5d3l_index" else here)
    return tuple(sorted(offered, key=lambda t: (KINDS.index(t.kind), not t.default)))


def default_threshold(instrument_key: str, low: Decimal, high: Decimal, kind: Kind = "absolute") -> Threshold | None:
    """The threshold offered first for this instrument and kind on the scale low–high; None if there is none.

    Raises as `thresholds_for`.
    """
    return next((t for t in thresholds_for(instrument_key, low, high) if t.kind == kind and t.default), None)


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well an instrument repeats itself: a coefficient, its kind, in whom, and who found it."""

    instrument: str
    value: Decimal
    kind: str
    population: str
    citation: str

    @property
    def source(self) -> str:
        """ "0.91, test–retest, knee replacement, Danish version, n 150; Acta Orthop …"."""
        return f"{self.value}, {self.kind}, {self.population}; {self.citation}"


@cache
def reliabilities(instrument: str) -> tuple[Reliability, ...]:
    """Published coefficients of an instrument, test–retest first; none for most. They are offered, never assumed."""
    return tuple(
        Reliability(row["instrument"], Decimal(row["value"]), row["kind"], row["population"], row["citation"])
        for row in data_rows("reliabilities.csv")
        if row["instrument"] == instrument
    )


# Carrying a published figure over to the scale of a file. Scores themselves are never rescaled.

Scale = tuple[Decimal, Decimal]


def carried_over(value: Decimal, source: Scale, target: Scale, as_: Literal["difference", "score"]) -> Decimal | None:
    """`value` of the source scale on the target scale; None when it has no finite decimal there.

    A difference (a threshold, a mean change, an SD) is stretched: value × (target range ÷ source range). A score is
    stretched and moved: target low + (value − source low) × the same. Raises ValueError for a scale without a range.
    """
    (from_low, from_high), (to_low, to_high) = source, target
    if from_high <= from_low or to_high <= to_low:
        raise ValueError(f"a scale needs a low end below its high end, not {source} and {target}")
    stretch = Fraction(to_high - to_low) / Fraction(from_high - from_low)
    if as_ == "difference":
        return _finite(Fraction(value) * stretch)
    return _finite(Fraction(to_low) + Fraction(value - from_low) * stretch)


def _finite(value: Fraction) -> Decimal | None:
    """The decimal equal to a fraction, None for one that never ends (a third)."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(value.numerator) / Decimal(value.denominator) if rest == 1 else None
