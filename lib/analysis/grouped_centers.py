"""Centers side by side: the funnel of their responder rates, as they are and adjusted for baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.analysis.comparison import Comparison
from lib.cohort.grouping import ByColumn
from lib.cohort.patient_columns import Category
from lib.stats.funnel import MIN_CENTERS, Funnel
from lib.stats.responders import NOT_EVALUABLE, Rule
from lib.stats.results import NotComputed
from lib.stats.standardised import Standardised, standardised_rates


@dataclass(frozen=True, slots=True)
class CenterFunnel:
    """Centers with at least one evaluable patient around their pooled rate; `adjusted` in the same order."""

    labels: tuple[str, ...]
    funnel: Funnel
    adjusted: Standardised | NotComputed
    without: tuple[str, ...]


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
    from lib.stats.funnel import funnel

    labels, met, baselines, sizes, without = [], [], [], [], []
    for label, group in comparison.groups:
        evaluable = group.outcomes(measure, follow_up, rule) != NOT_EVALUABLE
        if not evaluable.any():
            without.append(label)
            continue
        labels.append(label)
        sizes.append(int(np.count_nonzero(evaluable)))
        met.append(group.responds(measure, follow_up, rule)[evaluable])
        baselines.append(group.pairs(measure, follow_up).baseline[evaluable])
    if len(labels) < MIN_CENTERS:
        return NotComputed(
            f"{len(labels)} groups with evaluable patients; a funnel needs at least {MIN_CENTERS}", sum(sizes)
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
    return CenterFunnel(tuple(labels), found, adjusted, tuple(without))
