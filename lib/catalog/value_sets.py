"""The published EQ-5D value sets: what each level of each dimension takes off full health, country by country.

3L: `data/eq5d3l_value_sets.csv` (one row per printed coefficient, with PubMed number, DOI, ISBN) and
`data/eq5d3l_references.csv`, whose row order is the order of a menu. 5L, its crosswalk to 3L values and Y-3L: one
column per set in `data/eq5d5l_value_sets.csv`, `eq5d5l_crosswalk.csv` (the value of every state) and
`eq5dy3l_value_sets.csv`, from the R package eq5d (fragla/eq5d, MIT); names and references in
`data/eq5d5l_y3l_references.csv`. The key of such a set names version and year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from lib.catalog import data_rows

Method = Literal["TTO", "VAS", "EQ-VT", "cTTO", "DCE", "crosswalk", "Y-3L protocol"]
Model = Literal["additive", "multiplicative", "table"]
Version = Literal["3L", "5L", "Y-3L"]

LEVELS_OF: Mapping[Version, int] = MappingProxyType({"3L": 3, "5L": 5, "Y-3L": 3})
"""How many levels each dimension has."""

DEFAULT_VALUE_SET = "europe_vas"
"""As in the paper the sample cohort reproduces."""

_FIXED_STATE = "STATE_"


@dataclass(frozen=True, slots=True)
class ValueSet:
    """One value set.

    Attributes:
        key: stable identifier ("europe_vas", "netherlands_2006_tto").
        label: for a menu ("Europe · VAS · Greiner 2003"; "Ecuador · TTO · no source").
        country: as shown ("New Zealand").
        method: how the values were elicited: "TTO" (time trade-off), "VAS" (visual analogue scale), "EQ-VT" (the
            protocol of 5L), "cTTO" or "DCE" (a part of it), "crosswalk" (5L answers carried over to 3L values).
        year: of publication; None without a source.
        citation: with DOI, PubMed number or ISBN; None without a source.
        model: "additive", "multiplicative", or "table" (a crosswalk: the value of every state is printed).
        coefficients: parameter → decimal, as published; a parameter the set lacks has no effect.
        fixed_states: state ("33333") → value that replaces the model's.
        caution: what a user of this set must know; empty if nothing.
        version: the questionnaire whose answers it values.
        column: of the data file of 5L, crosswalk or Y-3L; empty for 3L.
    """

    key: str
    label: str
    country: str
    method: Method
    year: int | None
    citation: str | None
    model: Model
    coefficients: Mapping[str, Decimal]
    fixed_states: Mapping[str, Decimal]
    caution: str
    version: Version = "3L"
    column: str = ""

    @property
    def levels(self) -> int:
        """Levels of each dimension: 3 or 5."""
        return LEVELS_OF[self.version]


def _citation(reference: str, row: Mapping[str, str]) -> str | None:
    """The reference with its identifiers; None when neither file gives a source."""
    identifiers = (
        f"doi {row['doi'].rstrip('.')}" if row["doi"] else "",
        f"PubMed {row['pubmed']}" if row["pubmed"] else "",
        f"ISBN {row['isbn']}" if row["isbn"] else "",
    )
    parts = [part for part in (reference, *identifiers) if part]
    return ", ".join(parts) if parts else None


def _value_set(entry: Mapping[str, str], rows: list[dict[str, str]]) -> ValueSet:
    method = cast("Method", entry["type"])
    coefficients = {
        r["parameter"]: Decimal(r["coefficient"]) for r in rows if not r["parameter"].startswith(_FIXED_STATE)
    }
    fixed = {
        r["parameter"].removeprefix(_FIXED_STATE): Decimal(r["coefficient"])
        for r in rows
        if r["parameter"].startswith(_FIXED_STATE)
    }
    if len(coefficients) + len(fixed) != len(rows):
        raise ValueError(f"value set {entry['key']} names a parameter twice")
    citation = _citation(entry["reference"], rows[0])
    source = " ".join(part for part in (entry["author"], entry["year"]) if part) or "no source"
    return ValueSet(
        key=entry["key"],
        label=f"{entry['shown_as']} · {method} · {source}",
        country=entry["shown_as"],
        method=method,
        year=int(entry["year"]) if entry["year"] else None,
        citation=citation,
        model="multiplicative" if rows[0]["model"] == "multiplicative" else "additive",
        coefficients=MappingProxyType(coefficients),
        fixed_states=MappingProxyType(fixed),
        caution=entry["caution"],
    )


def _load() -> Mapping[str, ValueSet]:
    by_set: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in data_rows("eq5d3l_value_sets.csv"):
        by_set.setdefault((row["type"], row["country"]), []).append(row)
    entries = data_rows("eq5d3l_references.csv")
    named = {(entry["type"], entry["country"]) for entry in entries}
    if named != set(by_set) or len(named) != len(entries):
        raise ValueError(f"value sets and references do not match: {sorted(named ^ set(by_set))}")
    sets = {entry["key"]: _value_set(entry, by_set[entry["type"], entry["country"]]) for entry in entries}
    # sorted() is stable: the order of the references file, but a set without a source never stands above one with
    return MappingProxyType(dict(sorted(sets.items(), key=lambda item: item[1].citation is None)))


VALUE_SETS: Mapping[str, ValueSet] = _load()
"""Key → value set, in menu order: Europe VAS first, then by country; sets without a source last."""


def _with_columns() -> Mapping[str, ValueSet]:
    """The sets of 5L and Y-3L: their coefficients, and no value yet of the states of a crosswalk."""
    tables = {version: data_rows(f"eq5d{version}_value_sets.csv") for version in ("5l", "y3l")}
    found = {}
    for entry in data_rows("eq5d5l_y3l_references.csv"):
        version, column = cast("Version", entry["version"]), entry["column"]
        method = cast("Method", entry["method"])
        crosswalk = method == "crosswalk"
        table = [] if crosswalk else tables["5l" if version == "5L" else "y3l"]
        source = " ".join(part for part in (entry["author"], entry["year"]) if part)
        way = {"crosswalk": "crosswalk to 3L", "cTTO": "5L cTTO", "DCE": "5L DCE"}.get(method, version)
        found[entry["key"]] = ValueSet(
            key=entry["key"],
            label=f"{entry['shown_as']} · {way} · {source}",
            country=entry["shown_as"],
            method=method,
            year=int(entry["year"]),
            citation=_citation(entry["reference"], {**entry, "isbn": ""}),
            model="table" if crosswalk else "additive",
            coefficients=MappingProxyType({r["parameter"]: Decimal(r[column]) for r in table if r[column]}),
            fixed_states=MappingProxyType({}),
            caution=entry["caution"],
            version=version,
            column=column,
        )
    return MappingProxyType(found)


SETS_OF_5L_AND_Y: Mapping[str, ValueSet] = _with_columns()
"""Key → value set of 5L (national sets, then crosswalks to 3L values) and of Y-3L, by country."""


def sets_of(version: Version) -> Mapping[str, ValueSet]:
    """Key → value set of one version, in menu order."""
    if version == "3L":
        return VALUE_SETS
    return {key: found for key, found in SETS_OF_5L_AND_Y.items() if found.version == version}


def value_set(key: str) -> ValueSet:
    """The value set of a key, of any version. Raises KeyError, naming the key, for an unknown one."""
    found = VALUE_SETS.get(key) or SETS_OF_5L_AND_Y.get(key)
    if found is None:
        raise KeyError(f"no EQ-5D value set {key!r}")
    return found


# From the coefficients of a value set to the exact index of every state.
#
# Every term is a count over the five levels (Szende, Oppe & Devlin 2007; Shaw 2005, Med Care 43:203-20; Augustovski
# 2009, Value Health 12:587-96; Zarate 2011, Value Health 14:1135-41):
#
# - `MO2` … `AD3`: 1 if that dimension is at that level; two of them joined (`MO3SC3`): 1 if both hold.
# - `FullHealth`: always 1. `AtLeastOne2Or3`: 1 for every state but 11111. `AtLeastOne3`: 1 if any level is 3.
# - `C2square`, `C3square`: square of the number of dimensions at level 2, at level 3.
# - `D1`: dimensions at level 2 or 3 beyond the first. `I2`, `I3`: dimensions at level 2, at level 3, beyond the first;
#   `I2square`, `I3square`: their squares.
# - `O2`: 1 if there is a level 2 and no level 3; `O3`: 1 if there is a level 3 and no level 2.
# - `X5`: 1 if all five dimensions are at level 2 or 3.
# - `Z2`: 1 if levels 2 and 3 both occur. `Z3`: dimensions at level 2, counted only if a level 3 occurs.
#
# 5L and Y-3L (same package): `StartValue` always; `Intercept`: 1 for every state but 11111; `MO45` …: 1 if that
# dimension is at level 4 or 5; `Num45sq`: square of the number of dimensions at level 4 or 5 beyond the first; `N4`: 1
# if any level is 4 or 5; `N5`: 1 if any is 5; `A3`: 1 if all five are 3; `MOAD`, `PDAD`: product of two levels, each
# less 1. `Power`: what is taken off full health is raised to it (to six decimals).
#
# An additive set is the sum of coefficient × term. The multiplicative set (Germany VAS) is the product of the
# coefficients whose term is 1. Same definitions as the R package eq5d (`eq5d3l`), which rounds to three decimals.
# Nothing is rounded here, except that the multiplicative index is kept to six decimals, so that it has a resolution.

State = tuple[int, int, int, int, int]

DIMENSION_KEYS = ("MO", "SC", "UA", "PD", "AD")
MULTIPLICATIVE_STEP = Decimal("0.000001")

_LEVEL_TERM = re.compile(r"(MO|SC|UA|PD|AD)([1-5])")
_LEVEL_TERMS = re.compile(r"(?:(?:MO|SC|UA|PD|AD)[1-5])+")


def _counted_terms(state: State) -> Mapping[str, int]:
    """Every term that is a count over the whole state, by the name the data file uses."""
    twos, threes = state.count(2), state.count(3)
    problems = twos + threes
    i2, i3 = max(0, twos - 1), max(0, threes - 1)
    return {
        "FullHealth": 1,
        "AtLeastOne2Or3": int(problems > 0),
        "AtLeastOne3": int(threes > 0),
        "C2square": twos**2,
        "C3square": threes**2,
        "D1": max(0, problems - 1),
        "I2": i2,
        "I2square": i2**2,
        "I3": i3,
        "I3square": i3**2,
        "O2": int(twos > 0 and threes == 0),
        "O3": int(threes > 0 and twos == 0),
        "X5": int(problems == len(DIMENSION_KEYS)),
        "Z2": int(twos > 0 and threes > 0),
        "Z3": twos if threes > 0 else 0,
        "A3": int(threes == len(DIMENSION_KEYS)),
        "Intercept": int(max(state) > 1),
    }


def _term(name: str, state: State, counted: Mapping[str, int]) -> int:
    """How often a coefficient applies to a state. Raises ValueError for a parameter with no definition."""
    if name in counted:
        return counted[name]
    if not _LEVEL_TERMS.fullmatch(name):
        raise ValueError(f"no definition for the value set parameter {name!r}")
    levels = dict(zip(DIMENSION_KEYS, state, strict=True))
    return int(all(levels[dimension] == int(level) for dimension, level in _LEVEL_TERM.findall(name)))


def exact_index(chosen: ValueSet, state: State) -> Decimal:
    """The index of one legal state, exact (multiplicative sets: to six decimals, half up).

    Raises ValueError when the set holds a parameter without a definition.
    """
    fixed = chosen.fixed_states.get("".join(map(str, state)))
    if fixed is not None:
        return fixed
    counted = _counted_terms(state)
    power = chosen.coefficients.get("Power")
    terms = [(c, _term(name, state, counted)) for name, c in chosen.coefficients.items() if name != "Power"]
    if chosen.model == "additive":
        index = sum((coefficient * times for coefficient, times in terms), start=Decimal(0))
        return index if power is None else (1 - (1 - index) ** power).quantize(MULTIPLICATIVE_STEP, ROUND_HALF_UP)
    with localcontext() as exact:
        exact.prec = 60  # six factors of four decimals: every product is exact
        product = prod((coefficient for coefficient, times in terms if times), start=Decimal(1))
    return product.quantize(MULTIPLICATIVE_STEP, ROUND_HALF_UP)


@cache
def exact_indices(key: str) -> tuple[NDArray[np.int64], int]:
    """Every state of a set in digit order, as whole counts of 10^−decimals, and the decimals of the set: exact.

    Raises KeyError for an unknown value set.
    """
    chosen = value_set(key)
    states = list(product(range(1, chosen.levels + 1), repeat=len(DIMENSION_KEYS)))
    if chosen.version == "5L" and chosen.model == "additive":
        decimals = max(-int(c.as_tuple().exponent) for c in chosen.coefficients.values())
        terms, grid = chosen.coefficients, np.array(states)
        counts = sum(int(c.scaleb(decimals)) * _term_5l(name, grid) for name, c in terms.items())
        return np.asarray(counts, dtype=np.int64), decimals
    values = (
        _crosswalk()[chosen.column]
        if chosen.model == "table"
        else [exact_index(chosen, (mo, sc, ua, pd, ad)) for mo, sc, ua, pd, ad in states]
    )
    decimals = max(-int(value.normalize().as_tuple().exponent) for value in values)
    return np.array([int(value.scaleb(decimals)) for value in values], dtype=np.int64), decimals


@cache
def _crosswalk() -> Mapping[str, list[Decimal]]:
    """Column → the value of all 3,125 states, in the order of the file, which is digit order."""
    rows = data_rows("eq5d5l_crosswalk.csv")
    return {column: [Decimal(row[column]) for row in rows] for column in rows[0] if column != "state"}


def _term_5l(name: str, states: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often a coefficient of a 5L set applies to each of the states. ValueError for one without a definition."""
    level = dict(zip(DIMENSION_KEYS, states.T, strict=True))
    if name[:2] in level and name[2:].isdigit():
        return np.isin(level[name[:2]], [int(digit) for digit in name[2:]]).astype(np.int64)
    severe = np.isin(states, (4, 5)).sum(axis=1)
    whole: dict[str, npt.ArrayLike] = {
        "StartValue": np.ones(len(states), dtype=np.int64),
        "Intercept": states.max(axis=1) > 1,
        "Num45sq": np.maximum(0, severe - 1) ** 2,
        "N4": severe > 0,
        "N5": np.isin(states, 5).any(axis=1),
        "MOAD": (level["MO"] - 1) * (level["AD"] - 1),
        "PDAD": (level["PD"] - 1) * (level["AD"] - 1),
    }
    if name in whole:
        return np.asarray(whole[name], dtype=np.int64)
    raise ValueError(f"no definition for the value set parameter {name!r}")
