"""Norms of the general population by age and sex: what people of the cohort's own mix score on average.

`data/norms.csv`: EQ-5D index of England (3L by the UK time trade-off; 5L answers by the UK crosswalk), from
bitowaqr/shortfall @ 91545ec (MIT), Health Survey for England. There is no norm for a 5L value set; Dutch, German and
Swedish norms by age and sex are published but not stored here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """One norm.

    Attributes:
        key: stable name ("england_crosswalk"). country: where it was found. value_set: key of the set it holds for.
        source: citation. bands: (from, to, sex, mean), ages inclusive.
    """

    key: str
    country: str
    value_set: str
    source: str
    bands: tuple[tuple[int, int, str, float], ...]

    def expected(
        self, age: NDArray[np.float64], female: NDArray[np.bool_], male: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Mean of people of that age and sex; NaN without age, sex or band."""
        years = np.floor(age)
        found = np.full(len(age), np.nan)
        for low, high, sex, mean in self.bands:
            found[(female if sex == "female" else male) & (years >= low) & (years <= high)] = mean
        return found


@cache
def norms() -> tuple[Norm, ...]:
    """Every norm of the catalogue."""
    bands: dict[tuple[str, str, str, str], list[tuple[int, int, str, float]]] = {}
    text = files("lib.catalog").joinpath("data/norms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        place = (row["key"], row["country"], row["value_set"], row["source"])
        bands.setdefault(place, []).append((int(row["age_from"]), int(row["age_to"]), row["sex"], float(row["mean"])))
    return tuple(Norm(*place, tuple(listed)) for place, listed in bands.items())


def norms_for(value_set: str) -> tuple[Norm, ...]:
    """The norms of the same version and value set; empty when none is on file."""
    return tuple(norm for norm in norms() if norm.value_set == value_set)
