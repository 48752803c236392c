"""The catalogue of outcome instruments: names, ranges, direction, and the words by which a column is recognised.

The facts stand in `data/instruments.toml`; adding an instrument is adding a record there. Scores of a cohort are never
rescaled: a measure keeps the range of its file, and a threshold is converted to it (`thresholds.py`).
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lib.catalog.value_sets import Version

LANGUAGES = ("en", "nl", "de")

INDEX_OF: Mapping[Version, str] = MappingProxyType(
    {"3L": "eq5d3l_index", "5L": "eq5d5l_index", "Y-3L": "eq5dy3l_index"}
)
"""Version of the EQ-5D → the instrument its index is."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the catalogue knows about one outcome measure.

    Attributes:
        key: stable identifier ("pain", "odi"; with a value set: "eq5d3l_index:europe_vas").
        names: name per language ("en", "nl", "de").
        short: label for narrow places ("ODI").
        kind: "pain scale", "function", "health index", "health rating", "health profile".
        low, high: the ends of the usual scale; decimals, both reachable.
        other_scales: further (low, high) in use for the same instrument (pain 0–10 and 0–100).
        resolution: the step of which every score is a whole count, on each of the scales; None: take it from the
            decimals of the column.
        higher_is_better: False where a lower score is the better one.
        decimals: how many decimals a mean is shown with.
        unit: the word behind a number ("points").
        better_words, worse_words: what stands at the ends of an axis of improvement ("less pain", "more pain").
        synonyms: per language, lower-case phrases that name it in a column heading.
        citation: where range and direction are defined.
        note: what a reader must know ("older versions run 12–60, lower is better"); empty if nothing.
        licence: what the owner of the questionnaire asks of those who use it; empty if nothing is known.
        norm: mean of the reference population where the scale is built on one (T-scores: 50), else None.
    """

    key: str
    names: Mapping[str, str]
    short: str
    kind: str
    low: Decimal
    high: Decimal
    other_scales: tuple[tuple[Decimal, Decimal], ...]
    resolution: Decimal | None
    higher_is_better: bool
    decimals: int
    unit: str
    better_words: str
    worse_words: str
    synonyms: Mapping[str, tuple[str, ...]]
    citation: str
    note: str
    licence: str = ""
    norm: Decimal | None = None

    @property
    def scales(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Every (low, high) in use, the usual one first."""
        return ((self.low, self.high), *self.other_scales)


@dataclass(frozen=True, slots=True)
class PainSite:
    """A place of pain: one instrument, several measures (back pain, leg pain). `words` name it in a heading."""

    key: str
    names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


def _words(table: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    # headings are read in more languages than names are written in
    return MappingProxyType(
        {language: tuple(table.get(language, ())) for language in dict.fromkeys((*LANGUAGES, *table))}
    )


def _instrument(record: Mapping[str, Any]) -> Instrument:
    resolution = record.get("resolution")
    return Instrument(
        key=record["key"],
        names=MappingProxyType(dict(record["names"])),
        short=record["short"],
        kind=record["kind"],
        low=Decimal(record["low"]),
        high=Decimal(record["high"]),
        other_scales=tuple((Decimal(low), Decimal(high)) for low, high in record.get("other_scales", ())),
        resolution=None if resolution is None else Decimal(resolution),
        higher_is_better=record["higher_is_better"],
        decimals=record["decimals"],
        unit=record["unit"],
        better_words=record["better_words"],
        worse_words=record["worse_words"],
        synonyms=_words(record["synonyms"]),
        citation=record["citation"],
        note=record.get("note", ""),
        licence=record.get("licence", ""),
        norm=Decimal(record["norm"]) if "norm" in record else None,
    )


def _load() -> tuple[Mapping[str, Instrument], Mapping[str, PainSite]]:
    text = files("lib.catalog").joinpath("data/instruments.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    instruments = {record["key"]: _instrument(record) for record in tables["instrument"]}
    sites = {
        record["key"]: PainSite(record["key"], MappingProxyType(dict(record["names"])), _words(record["words"]))
        for record in tables["pain_site"]
    }
    return MappingProxyType(instruments), MappingProxyType(sites)


INSTRUMENTS: Mapping[str, Instrument]
PAIN_SITES: Mapping[str, PainSite]
INSTRUMENTS, PAIN_SITES = _load()


def instrument(key: str) -> Instrument:
    """The instrument of a key, `INSTRUMENTS[key]`, or an EQ-5D index of one value set ("eq5d5l_index:5l_uk_2026").

    "eq5d3l_index:netherlands_2006_tto" is the index with the range and resolution of that set.
    Raises KeyError, naming the key, for an unknown instrument or value set.
    """
    base, _, value_set = key.partition(":")
    if base not in INSTRUMENTS or (value_set and base not in INDEX_OF.values()):
        raise KeyError(f"no instrument {key!r}")
    found = INSTRUMENTS[base]
    if not value_set:
        return found
    from lib.catalog import eq5d

    low, high = eq5d.index_range(value_set)
    return dataclasses.replace(found, key=key, low=low, high=high, resolution=eq5d.resolution(value_set))
