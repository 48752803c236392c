"""Statements patients answer after surgery: the seven of the paper, and how a heading or question is known to be one.

Texts stand in `data/statements.toml`, in our own words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from lib.measures.words import normalise


@dataclass(frozen=True, slots=True)
class Theme:
    """A known statement. For each, agreeing is the favourable answer.

    Attributes:
        key: "complaints_reduced", "would_recommend" …
        labels: short label per language, for a bar.
        statements: the statement in full per language.
        phrases: per language, words that together name it in a heading.
    """

    key: str
    labels: Mapping[str, str]
    statements: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]


def _load() -> tuple[Theme, ...]:
    tables = tomllib.loads(files("lib.measures").joinpath("data/statements.toml").read_text(encoding="utf-8"))
    return tuple(
        Theme(
            key=record["key"],
            labels=MappingProxyType(dict(record["labels"])),
            statements=MappingProxyType(dict(record["statements"])),
            phrases=MappingProxyType({language: tuple(words) for language, words in record["phrases"].items()}),
        )
        for record in tables["theme"]
    )


THEMES: tuple[Theme, ...] = _load()
"""In the order of the paper's figure."""


def _words_matched(phrase: str, words: list[str]) -> int:
    """How many words the phrase has when each begins a word of the text, else 0."""
    wanted = phrase.split()
    return len(wanted) if all(any(word.startswith(want) for word in words) for want in wanted) else 0


def recognise_theme(text: str) -> Theme | None:
    """The known statement a column heading or question text is about, or None.

    The phrase with the most words wins; among equals the theme named first.
    """
    words = normalise(text).split()
    worth = [
        max(_words_matched(phrase, words) for phrases in theme.phrases.values() for phrase in phrases)
        for theme in THEMES
    ]
    best = max(worth)
    return THEMES[worth.index(best)] if best else None
