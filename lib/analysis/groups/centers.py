"""Centers side by side: the funnel of their responder rates, as they are and adjusted for baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.groups.comparison import Comparison
from lib.cohort.cohort import BASELINE, Category
from lib.cohort.grouping import ByColumn
from lib.stats.funnel import (
    ALARM_LEVEL,
    MIN_CENTERS,
    WARNING_LEVEL,
    Funnel,
    FunnelLimits,
    Standardised,
    standardised_rates,
)
from lib.stats.responders import NOT_EVALUABLE, Rule
from lib.stats.results import NotComputed

_CURVE_POINTS = 60


@dataclass(frozen=True, slots=True)
class CenterFunnel:
    """Centers with at least one evaluable patient around their pooled rate.

    Attributes:
        labels: their names; `funnel` and `adjusted` (standardised to everybody's baseline) are in this order.
        places: their places in `Comparison.groups`, which has the others too.
        without: names of the groups without an evaluable patient.
        warning, alarm: the limits over a range of n, for their curves.
        outside_warning, outside_alarm: per center −1 below, 1 above, 0 inside, by exact tails (`funnel.beyond`).
        largest: pairs of the largest group in the whole cohort, whatever the filter: where the axis ends.
    """

    labels: tuple[str, ...]
    places: tuple[int, ...]
    funnel: Funnel
    adjusted: Standardised | NotComputed
    without: tuple[str, ...]
    warning: FunnelLimits
    alarm: FunnelLimits
    outside_warning: tuple[int, ...]
    outside_alarm: tuple[int, ...]
    largest: int


def is_by_center(comparison: Comparison) -> bool:
    """Whether the groups are centers."""
    grouping = comparison.grouping
    if not isinstance(grouping, ByColumn):
        return False
    column = comparison.all.cohort.columns[grouping.column]
    return isinstance(column, Category) and column.role == "center"


def center_funnel(comparison: Comparison, measure: str, follow_up: str, rule: Rule) -> CenterFunnel | NotComputed:
    """Exact limits around the pooled rate (Spiegelhalter 2005), and rates standardised to everybody's baseline.

    `NotComputed` below 5 centers with evaluable patients, or when nobody or everybody improved.
    """
    return comparison.keep(
        ("funnel", measure, follow_up, rule), lambda: _center_funnel(comparison, measure, follow_up, rule)
    )


def _center_funnel(comparison: Comparison, measure: str, follow_up: str, rule: Rule) -> CenterFunnel | NotComputed:
    from lib.stats.funnel import beyond, funnel, limits

    labels, places, met, baselines, sizes, without = [], [], [], [], [], []
    for place, (label, group) in enumerate(comparison.groups):
        evaluable = group.outcomes(measure, follow_up, rule) != NOT_EVALUABLE
        if not evaluable.any():
            without.append(label)
            continue
        labels.append(label)
        places.append(place)
        sizes.append(int(np.count_nonzero(evaluable)))
        met.append(group.responds(measure, follow_up, rule)[evaluable])
        baselines.append(group.pairs(measure, follow_up).baseline[evaluable])
    if len(labels) < MIN_CENTERS:
        return NotComputed(
            f"{len(labels)} group{'' if len(labels) == 1 else 's'} with evaluable patients; "
            f"a funnel needs at least {MIN_CENTERS}",
            sum(sizes),
        )
    found = funnel([int(np.count_nonzero(m)) for m in met], sizes)
    if isinstance(found, NotComputed):
        return found
    adjusted = standardised_rates(
        np.concatenate(met),
        np.concatenate(baselines),
        np.repeat(np.arange(len(labels)), sizes),
        centers=len(labels),
    )
    everybody = comparison.all.cohort.pairs(measure, BASELINE, follow_up).rows
    parts = comparison.grouping.split(comparison.all.cohort)
    largest = max(int(np.count_nonzero(part.mask[everybody])) for part in parts)
    ns = np.unique(np.geomspace(1, max(largest, *sizes) * 1.1, _CURVE_POINTS).astype(np.int64))
    warning, alarm = limits(found.pooled, ns, WARNING_LEVEL), limits(found.pooled, ns, ALARM_LEVEL)
    if isinstance(warning, NotComputed):
        return warning
    if isinstance(alarm, NotComputed):
        return alarm
    return CenterFunnel(
        labels=tuple(labels),
        places=tuple(places),
        funnel=found,
        adjusted=adjusted,
        without=tuple(without),
        warning=warning,
        alarm=alarm,
        outside_warning=beyond(found.responders, found.ns, found.pooled, WARNING_LEVEL),
        outside_alarm=beyond(found.responders, found.ns, found.pooled, ALARM_LEVEL),
        largest=largest,
    )
