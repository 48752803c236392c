"""Measures that are computed from health states: the index under a value set, and the sum of the levels."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lib.catalog import eq5d
from lib.catalog.instruments import INDEX_OF
from lib.catalog.thresholds import thresholds_for
from lib.catalog.value_sets import LEVELS_OF, Version, value_set
from lib.cohort.measure import Measure

LEVEL_SUM = "eq5d_level_sum"
"""Key of the measure that is the sum of the five levels, 5 the best."""


def is_computed(key: str, version: Version) -> bool:
    """Whether the measure is computed from states of this version."""
    return key == LEVEL_SUM or bool(value_set_of(key, version))


def value_set_of(key: str, version: Version) -> str:
    """The value set of an index key, when it values states of this version; '' otherwise. KeyError: no such set."""
    base, _, name = key.partition(":")
    return name if name and base == INDEX_OF[version] == INDEX_OF[value_set(name).version] else ""


def index_label(name: str) -> str:
    """An index on screen: "EQ-5D-5L index, Netherlands 2016"; of 3L without the set, which stands beside it."""
    chosen = value_set(name)
    if chosen.version == "3L":
        return "EQ-5D-3L index"
    way = " (crosswalk to 3L values)" if chosen.method == "crosswalk" else ""
    return f"EQ-5D-{chosen.version} index, {chosen.country} {chosen.year}{way}"


def measure_like(known: Measure, key: str, version: Version) -> Measure:
    """The computed measure of a key, from the index that the cohort has. Raises KeyError for any other key."""
    if key == LEVEL_SUM:
        return replace(
            known,
            key=LEVEL_SUM,
            label=f"EQ-5D-{version} level sum",
            instrument=None,
            low=Decimal(5),
            high=Decimal(5 * LEVELS_OF[version]),
            higher_is_better=False,
            resolution=Decimal(1),
            decimals=1,
            value_set=None,
            thresholds=(),
        )
    name = value_set_of(key, version)
    if not name:
        raise KeyError(key)
    low, high = eq5d.index_range(name)
    return replace(
        known,
        key=key,
        label=index_label(name),
        low=low,
        high=high,
        resolution=eq5d.resolution(name),
        value_set=name,
        thresholds=thresholds_for(key, low, high),
    )


def values(states: NDArray[np.int8], key: str, version: Version) -> NDArray[np.float64]:
    """The computed measure of each patient, NaN without a complete legal state."""
    if key == LEVEL_SUM:
        legal = eq5d.legal_rows(states, LEVELS_OF[version])
        return np.where(legal, states.sum(axis=1, dtype=np.float64), np.nan)
    return eq5d.score(states, value_set_of(key, version))
