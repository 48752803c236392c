"""Norms of the general population: what people of the cohort's own mix of age and sex score on average.

`data/norms.csv` holds the means by age and sex, `data/norm_sources.csv` where each norm comes from: England (EQ-5D-3L
by the UK time trade-off, 5L answers by the UK crosswalk; bitowaqr/shortfall @ 91545ec, MIT) and the United States (5L
by the US set, from 45 years; printed in the abstract). A T-score is its own norm: 50 by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lib.catalog import data_rows
from lib.catalog.instruments import INSTRUMENTS

MISSING_NORMS = (
    "EQ-5D-3L norms of 20 countries by their own and the European VAS sets, EQ VAS among them (Janssen 2018, Eur J "
    "Health Econ, doi 10.1007/s10198-018-0955-5), EQ-5D-5L norms of Belgium (Van Wilder 2022, doi "
    "10.1007/s11136-021-02971-6), Norway (Garratt 2022, doi 10.1007/s11136-021-02938-7), the Netherlands (women only; "
    "Clarijs 2022, doi 10.1007/s11136-022-03271-3) and Danish EQ-5D-3L norms (Sørensen 2009, Scand J Public Health "
    "37:467-74) are published; their tables could not be read when this catalogue was made, so none of their numbers "
    "is here. So two countries have norms by age, and the EQ VAS has none. The US norm of the 5L is here from 45 years "
    "on only, both sexes together. SF-36 sub-scales by age and sex: none is stored."
)
"""What is published and not on file, and why."""
_UNREAD = "are published; their tables could not be read and are not here"
_NOT_HERE = {
    "eq5d3l_index": f"Norms of 20 countries (Janssen 2018) and of Denmark (Sørensen 2009) {_UNREAD}",
    "eq5d5l_index": f"Norms of Belgium, Norway and the Netherlands (2022) {_UNREAD}",
    "eq_vas": f"No norm: those of 20 countries (Janssen 2018) {_UNREAD}",
    "eq5dy3l_index": "No norm by age and sex is here",
}


def norms_not_here(instrument: str) -> str:
    """What is missing of the norms of one instrument, '' where nothing is known to be."""
    scales = instrument.startswith(("sf36_", "rand36_")) and INSTRUMENTS[instrument].norm is None
    return _NOT_HERE.get(instrument, "No norm by age and sex is here" if scales else "")


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """One norm.

    Attributes:
        key: stable name ("england_crosswalk"). country: where it was found.
        instrument: key of what it is a norm of. value_set: key of the EQ-5D set it holds for, "" for anything else.
        source: citation. bands: (from, to, sex, mean), ages inclusive, sex "female", "male" or "both".
        constant: the one value of a T-score, whatever age and sex; then there are no bands.
    """

    key: str
    country: str
    instrument: str
    value_set: str
    source: str
    bands: tuple[tuple[int, int, str, float], ...]
    constant: float | None = None

    def expected(
        self, age: NDArray[np.float64], female: NDArray[np.bool_], male: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Mean of people of that age and sex; NaN without age, sex or band."""
        if self.constant is not None:
            return np.full(len(age), self.constant)
        years = np.floor(age)
        found = np.full(len(age), np.nan)
        people = {"female": female, "male": male, "both": np.ones(len(age), dtype=bool)}
        for low, high, sex, mean in self.bands:
            found[people[sex] & (years >= low) & (years <= high)] = mean
        return found


@cache
def norms() -> tuple[Norm, ...]:
    """Every norm by age and sex of the catalogue."""
    bands: dict[str, list[tuple[int, int, str, float]]] = {}
    for row in data_rows("norms.csv"):
        found = (int(row["age_from"]), int(row["age_to"]), row["sex"], float(row["mean"]))
        bands.setdefault(row["key"], []).append(found)
    return tuple(
        Norm(row["key"], row["country"], row["instrument"], row["value_set"], row["source"], tuple(bands[row["key"]]))
        for row in data_rows("norm_sources.csv")
    )


def norms_for(value_set: str, instrument: str = "") -> tuple[Norm, ...]:
    """The norms of the same value set, or of an instrument without one; empty when none is on file."""
    if value_set:
        return tuple(norm for norm in norms() if norm.value_set == value_set)
    known = INSTRUMENTS.get(instrument)
    if known is not None and known.norm is not None:
        source = f"by construction: {known.norm} is the mean and 10 the SD; {known.citation}"
        return (Norm(f"t_{instrument}", "the reference population", instrument, "", source, (), float(known.norm)),)
    return tuple(norm for norm in norms() if norm.instrument == instrument and not norm.value_set)
