"""Published results to lay a cohort beside: `data/benchmarks.csv`, one row per printed figure, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Quantity = Literal["mean", "mean change"]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One published figure.

    Attributes:
        study, design, n: who published it and how many patients the figure (or the arm) has.
        instrument: catalogue key ("pain", "odi", "eq_vas", "eq5d3l_index").
        measure: as the study calls it ("low back pain VAS").
        site: key of a `PainSite` when the study names one, else None.
        value_set: for an index, else None.
        occasion: as printed ("12 months").
        quantity: "mean" or "mean change" (follow-up − baseline, so less pain is negative).
        value, ci_low, ci_high, sd: decimals on the scale asked for; the last three None where not printed.
        scale_low, scale_high: scale of the source; None for an index.
        converted: True when carried over from another scale.
        scale_note: the conversion in words ("82 of 100 shown as 8.2 of 10"); empty when not converted.
        source: citation.
    """

    study: str
    design: str
    n: int
    instrument: str
    measure: str
    site: str | None
    value_set: str | None
    occasion: str
    quantity: Quantity
    value: Decimal
    ci_low: Decimal | None
    ci_high: Decimal | None
    sd: Decimal | None
    scale_low: Decimal | None
    scale_high: Decimal | None
    converted: bool
    scale_note: str
    source: str


BENCHMARKS: tuple[Benchmark, ...] = ()


def benchmarks_for(instrument_key: str, low: Decimal, high: Decimal) -> tuple[Benchmark, ...]:
    """The benchmarks of an instrument on the scale low–high of the file, in the order of the data file.

    With a value set in the key only figures of that set; means are never compared across value sets.
    """
    raise NotImplementedError
