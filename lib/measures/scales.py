"""Carrying a published figure over to the scale of a file. Scores themselves are never rescaled."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

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
