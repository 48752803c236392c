"""A measure: one score of this cohort, with its scale and the direction that is better."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from lib.catalog.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class Measure:
    """One score in this cohort. Back and leg pain are two measures of one instrument.

    Attributes:
        key: unique in the cohort; a derived index names its value set ("eq5d3l_index:europe_vas").
        label: the name on screen ("VAS pain").
        instrument: key of the instrument in the catalogue, None when the user added the measure.
        unit: what one unit is called ("points"), empty when it has no name.
        low, high: ends of the scale as in the file; None where open.
        higher_is_better: the direction, decided here once and nowhere else.
        resolution: the size of one count; scores are whole multiples of it.
        decimals: digits after the point when a mean is shown.
        better_words, worse_words: the ends of an improvement axis in words ("less pain", "more pain").
        thresholds: published thresholds, converted to this scale, the default first.
        value_set: key of the EQ-5D value set of a derived index, else None.
    """

    key: str
    label: str
    instrument: str | None
    unit: str
    low: Decimal | None
    high: Decimal | None
    higher_is_better: bool
    resolution: Decimal
    decimals: int = 2
    better_words: str = "better"
    worse_words: str = "worse"
    thresholds: tuple[Threshold, ...] = field(default=())
    value_set: str | None = None

    @property
    def sign(self) -> int:
        """+1 when higher is better, else −1: improvement = sign · change."""
        return 1 if self.higher_is_better else -1
