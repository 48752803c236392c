"""Published cohorts beside this one: change from baseline as printed, or as the difference of two printed means.

Nothing is pooled and nothing is tested: other patients, other indications. Only printed figures, each with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lib.catalog.benchmarks import Benchmark, benchmarks_for
from lib.cohort.measure import Measure

BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class PublishedCohort:
    """One study at one time point, on the scale of the measure; change = follow-up − baseline.

    Attributes:
        baseline, follow_up: printed means, None where not printed.
        change: printed, or `follow_up − baseline` when `derived`.
        ci: printed 95% interval of the change, None where there is none (and never for a derived change).
        scale_note: the conversion in words, empty when printed on this scale.
    """

    study: str
    design: str
    measure: str
    n: int
    time_point: str
    baseline: Decimal | None
    follow_up: Decimal | None
    change: Decimal
    derived: bool
    ci: tuple[Decimal, Decimal] | None
    scale_note: str
    sources: tuple[str, ...]


def published(measure: Measure) -> tuple[PublishedCohort, ...]:
    """Published cohorts with a change of this measure; empty when none is known or the scale is open.

    Back pain is set beside back pain and pain in general, never beside another site. An index is set only beside
    figures of its own value set.
    """
    if measure.instrument is None or measure.low is None or measure.high is None:
        return ()
    instrument = f"{measure.instrument}:{measure.value_set}" if measure.value_set else measure.instrument
    try:
        rows = benchmarks_for(instrument, measure.low, measure.high)
    except KeyError:
        return ()
    rows = tuple(row for row in rows if _same_site(row.site, measure.key))
    found = []
    for study, name in dict.fromkeys((row.study, row.measure) for row in rows):
        own = [row for row in rows if (row.study, row.measure) == (study, name)]
        before = next((row for row in own if row.time_point == BASELINE and row.quantity == "mean"), None)
        for time_point in dict.fromkeys(row.time_point for row in own if row.time_point != BASELINE):
            cohort = _at(own, before, time_point)
            if cohort is not None:
                found.append(cohort)
    return tuple(found)


def _same_site(site: str | None, key: str) -> bool:
    """Whether a figure may stand beside a measure: leg pain beside leg pain only, "pain" beside back pain."""
    own = key.removeprefix("pain_") if key.startswith("pain_") else None
    if own in (None, "back"):
        return site in (None, "back")
    return site == own


def _at(rows: list[Benchmark], before: Benchmark | None, time_point: str) -> PublishedCohort | None:
    here = {row.quantity: row for row in rows if row.time_point == time_point}
    after, printed = here.get("mean"), here.get("mean change")
    lead = printed or after
    if lead is None or (printed is None and before is None):
        return None
    change = printed.value if printed else lead.value - (before.value if before else Decimal(0))
    ci = (printed.ci_low, printed.ci_high) if printed else (None, None)
    used = [row for row in (before, after, printed) if row is not None]
    return PublishedCohort(
        study=lead.study,
        design=lead.design,
        measure=lead.measure,
        n=lead.n,
        time_point=time_point,
        baseline=before.value if before else None,
        follow_up=after.value if after else None,
        change=change,
        derived=printed is None,
        ci=None if ci[0] is None or ci[1] is None else (ci[0], ci[1]),
        scale_note=lead.scale_note,
        sources=tuple(dict.fromkeys(row.source for row in used)),
    )
