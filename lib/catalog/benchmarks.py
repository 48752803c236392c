"""Published results to lay a cohort beside: `data/benchmarks.csv`, one row per printed figure, with its source.

A benchmark is somebody else's mean, not a target: other patients, other indications, often an industry-funded trial.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from lib.catalog import data_rows, decimal_or_none
from lib.catalog.instruments import INSTRUMENTS
from lib.catalog.thresholds import Scale, carried_over

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
        time_point: as printed ("12 months").
        quantity: "mean" or "mean change" (follow-up − baseline, so less pain is negative).
        value, ci_low, ci_high, sd: decimals on the scale asked for; the last three None where not printed.
        scale_low, scale_high: scale of the source; None for an index.
        converted: True when carried over from another scale.
        scale_note: the conversion in words ("printed on 0–100, shown here on 0–10"); empty when not converted.
        source: citation.
    """

    study: str
    design: str
    n: int
    instrument: str
    measure: str
    site: str | None
    value_set: str | None
    time_point: str
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


def _load() -> tuple[Benchmark, ...]:
    return tuple(
        Benchmark(
            study=row["study"],
            design=row["design"],
            n=int(row["n"]),
            instrument=row["instrument"],
            measure=row["measure"],
            site=row["site"] or None,
            value_set=row["value_set"] or None,
            time_point=row["occasion"],
            quantity=cast("Quantity", row["quantity"]),
            value=Decimal(row["value"]),
            ci_low=decimal_or_none(row["ci_low"]),
            ci_high=decimal_or_none(row["ci_high"]),
            sd=decimal_or_none(row["sd"]),
            scale_low=decimal_or_none(row["scale_low"]),
            scale_high=decimal_or_none(row["scale_high"]),
            converted=False,
            scale_note="",
            source=row["source"],
        )
        for row in data_rows("benchmarks.csv")
    )


BENCHMARKS: tuple[Benchmark, ...] = _load()
"""Every row of the data file on the scale of its source."""


def _on_scale(benchmark: Benchmark, target: Scale) -> Benchmark | None:
    """The benchmark on another scale; None when one of its figures has no finite decimal there."""
    if benchmark.scale_low is None or benchmark.scale_high is None:
        return benchmark
    source = (benchmark.scale_low, benchmark.scale_high)
    if source == target:
        return benchmark
    as_: Literal["difference", "score"] = "difference" if benchmark.quantity == "mean change" else "score"
    printed = (benchmark.value, benchmark.ci_low, benchmark.ci_high)
    moved = [None if figure is None else carried_over(figure, source, target, as_) for figure in printed]
    sd = None if benchmark.sd is None else carried_over(benchmark.sd, source, target, "difference")
    before, after = (*printed, benchmark.sd), (*moved, sd)
    value = moved[0]
    if value is None or any(new is None and old is not None for old, new in zip(before, after, strict=True)):
        return None
    return dataclasses.replace(
        benchmark,
        value=value,
        ci_low=moved[1],
        ci_high=moved[2],
        sd=sd,
        converted=True,
        scale_note=f"printed on {source[0]}–{source[1]}, shown here on {target[0]}–{target[1]}",
    )


def benchmarks_for(instrument_key: str, low: Decimal, high: Decimal) -> tuple[Benchmark, ...]:
    """The benchmarks of an instrument on the scale low–high of the file, in the order of the data file.

    An index ("eq5d3l_index:europe_vas") gets only figures of its own value set, an index of unknown set gets none:
    means are never compared across value sets. Raises KeyError for an unknown instrument, ValueError when low ≥ high.
    """
    base, _, own_set = instrument_key.partition(":")
    if base not in INSTRUMENTS:
        raise KeyError(f"no instrument {base!r}")
    if low >= high:
        raise ValueError(f"a scale needs a low end below its high end, not {low} and {high}")
    chosen = [b for b in BENCHMARKS if b.instrument == base and (b.value_set is None or b.value_set == own_set)]
    return tuple(here for here in (_on_scale(b, (low, high)) for b in chosen) if here is not None)
