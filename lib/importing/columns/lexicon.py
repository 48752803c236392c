"""The dictionary of column meanings: phrases in English, Dutch, German and French, and how well a heading fits them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lib.catalog.answers import normalise
from lib.catalog.instruments import INSTRUMENTS, PAIN_SITES
from lib.importing.columns.roles import Role

EXACT = 0.97
LEAST = 0.55


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading can mean: role, the key of the column in the cohort, label, unit, whether labels have an order."""

    key: str
    role: Role
    label: str
    phrases: tuple[str, ...]
    unit: str = ""
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a heading fits: which key, by which phrase, how sure (0–1), and the words of the heading left over."""

    key: str
    phrase: str
    score: float
    rest: tuple[str, ...] = ()


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files("lib.importing.columns").joinpath(f"data/{name}").read_text(encoding="utf-8"))


@cache
def meanings() -> dict[str, Meaning]:
    """Every meaning by key."""
    found = {}
    for record in _load("meanings.toml")["meaning"]:
        phrases = tuple(p for listed in record["phrases"].values() for p in listed)
        found[record["key"]] = Meaning(
            key=record["key"],
            role=Role(record["role"]),
            label=record["label"],
            phrases=phrases,
            unit=record.get("unit", ""),
            ordered=record.get("ordered", False),
        )
    return found


@cache
def identifier_words() -> dict[str, str]:
    """Kind of identifier → its words ("email" → "an e-mail address")."""
    return {record["key"]: record["words"] for record in _load("identifiers.toml")["kind"]}


@cache
def _index(which: str) -> dict[tuple[str, ...], str]:
    """Phrase (as words) → key."""
    if which == "identifiers":
        pairs: Iterable[tuple[str, str]] = (
            (p, r["key"]) for r in _load("identifiers.toml")["kind"] for p in r["phrases"]
        )
    elif which == "instruments":
        pairs = ((p, i.key) for i in INSTRUMENTS.values() for listed in i.synonyms.values() for p in listed)
    elif which == "sites":
        pairs = ((p, s.key) for s in PAIN_SITES.values() for listed in s.words.values() for p in listed)
    else:
        pairs = ((p, m.key) for m in meanings().values() for p in m.phrases)
    index: dict[tuple[str, ...], str] = {}
    for phrase, key in pairs:
        index.setdefault(tuple(normalise(phrase).split()), key)
    return index


def phrase_words(which: str) -> Collection[tuple[str, ...]]:
    """Every phrase of one dictionary, as words."""
    return _index(which).keys()


def fit_meaning(heading: str) -> Fit | None:
    """The meaning a heading (normalised, without time point) names, None when none covers most of its words."""
    return _best(heading, _index("meanings"))


def fit_identifier(heading: str) -> Fit | None:
    """The kind of identifier a heading names; only by whole phrases that cover nearly all of it."""
    found = _best(heading, _index("identifiers"))
    return found if found and found.score >= 0.75 else None


def fit_instrument(heading: str) -> Fit | None:
    """The instrument a heading names. Extra words do not count against it: "vas pain back left" is pain."""
    return _best(heading, _index("instruments"), tolerant=True)


def fit_site(words: Iterable[str]) -> str:
    """The place of pain among some words ("back"), '' when there is none."""
    found = _best(" ".join(words), _index("sites"), tolerant=True)
    return found.key if found else ""


def _best(heading: str, index: dict[tuple[str, ...], str], tolerant: bool = False) -> Fit | None:
    words = tuple(heading.split())
    best: Fit | None = None
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            key = index.get(words[start:end])
            if key is None:
                continue
            fit = _fit(words, start, end, key, tolerant)
            if best is None or fit.score > best.score:
                best = fit
    return best if best is not None and best.score >= LEAST else None


def _fit(words: tuple[str, ...], start: int, end: int, key: str, tolerant: bool) -> Fit:
    covered = sum(len(w) for w in words[start:end]) / sum(len(w) for w in words)
    rest = words[:start] + words[end:]
    if not rest:
        score = EXACT
    elif tolerant:
        # a longer phrase is surer than a shorter one, whatever else the heading says
        score = 0.6 + 0.3 * covered + 0.02 * (end - start)
    else:
        score = 0.3 + 0.6 * covered
    return Fit(key, " ".join(words[start:end]), round(min(score, EXACT), 3), rest)
