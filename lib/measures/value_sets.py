"""The published EQ-5D-3L value sets: what each level of each dimension takes off full health, country by country.

Coefficients: `data/eq5d3l_value_sets.csv` (one row per printed coefficient, with PubMed number, DOI, ISBN).
Names and references: `data/eq5d3l_references.csv`, whose row order is the order of a menu. How the coefficients combine
into an index: `eq5d_terms.py`. To add a set: rows in the first file, one row in the second.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

Method = Literal["TTO", "VAS"]
Model = Literal["additive", "multiplicative"]

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
        method: how the values were elicited: "TTO" (time trade-off) or "VAS" (visual analogue scale).
        year: of publication; None without a source.
        citation: with DOI, PubMed number or ISBN; None without a source.
        model: "additive" or "multiplicative".
        coefficients: parameter → decimal, as published; a parameter the set lacks has no effect.
        fixed_states: state ("33333") → value that replaces the model's.
        caution: what a user of this set must know; empty if nothing.
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


def _rows(name: str) -> list[dict[str, str]]:
    text = files("lib.measures").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


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
    for row in _rows("eq5d3l_value_sets.csv"):
        by_set.setdefault((row["type"], row["country"]), []).append(row)
    entries = _rows("eq5d3l_references.csv")
    named = {(entry["type"], entry["country"]) for entry in entries}
    if named != set(by_set) or len(named) != len(entries):
        raise ValueError(f"value sets and references do not match: {sorted(named ^ set(by_set))}")
    sets = {entry["key"]: _value_set(entry, by_set[entry["type"], entry["country"]]) for entry in entries}
    # sorted() is stable: the order of the references file, but a set without a source never stands above one with
    return MappingProxyType(dict(sorted(sets.items(), key=lambda item: item[1].citation is None)))


VALUE_SETS: Mapping[str, ValueSet] = _load()
"""Key → value set, in menu order: Europe VAS first, then by country; sets without a source last."""


def value_set(key: str) -> ValueSet:
    """The value set of a key. Raises KeyError, naming the key, for an unknown one."""
    if key not in VALUE_SETS:
        raise KeyError(f"no EQ-5D-3L value set {key!r}")
    return VALUE_SETS[key]
