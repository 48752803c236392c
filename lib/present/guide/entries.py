"""The entries of the guide: one short text per number, stored by topic in `data/`, read on first use."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lib.present.wording import for_markdown

FILES = (
    "patients",
    "change",
    "responders",
    "mcid",
    "statements",
    "eq5d",
    "yes_no",
    "safety",
    "baseline",
    "groups",
    "files",
)
"""The topics, in the order in which the guide tells them; each is a file in `data/`."""


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """What one number means.

    Attributes:
        key: stable name by which pages ask for it ("mean_improvement").
        title: what the number is called on screen.
        plain: what it is, in at most 45 plain words.
        formula: how it is computed, in words and symbols.
        source: where the formula is from.
        when_not: when not to trust it.
        r: the R call it agrees with; empty when there is none.
    """

    key: str
    title: str
    plain: str
    formula: str
    source: str
    when_not: str
    r: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Entries that belong together, in the order of their file."""

    key: str
    title: str
    entries: tuple[GuideEntry, ...]


def read(name: str) -> dict[str, Any]:
    """One file of `data/` as tomllib gives it."""
    return tomllib.loads(files("lib.present.guide").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


@cache
def topics() -> tuple[Topic, ...]:
    """All topics with their entries; the files are read once a process."""
    found = []
    for name in FILES:
        table = read(name)
        title = table.pop("title")
        found.append(Topic(name, title, tuple(GuideEntry(key=key, **texts) for key, texts in table.items())))
    return tuple(found)


@cache
def _by_key() -> dict[str, GuideEntry]:
    found: dict[str, GuideEntry] = {}
    for topic in topics():
        for one in topic.entries:
            if one.key in found:
                raise ValueError(f"two entries of the guide are called {one.key!r}")
            found[one.key] = one
    return found


class _Entries(Mapping[str, GuideEntry]):
    """All entries by key; nothing is read before somebody asks."""

    def __getitem__(self, key: str) -> GuideEntry:
        return _by_key()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_by_key())

    def __len__(self) -> int:
        return len(_by_key())


class _Topics(Mapping[str, Topic]):
    """All topics by key, in the order of the guide; nothing is read before somebody asks."""

    def __getitem__(self, key: str) -> Topic:
        return {topic.key: topic for topic in topics()}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(FILES)

    def __len__(self) -> int:
        return len(FILES)


ENTRIES: Mapping[str, GuideEntry] = _Entries()
TOPICS: Mapping[str, Topic] = _Topics()


def entry(key: str) -> GuideEntry:
    """The entry of a number. KeyError, with the known keys, for one that the guide does not have."""
    try:
        return ENTRIES[key]
    except KeyError:
        raise KeyError(f"the guide has no entry {key!r}; it has {', '.join(ENTRIES)}") from None


# Entries as Markdown: the tooltip beside a number and the text in the guide. All of it is escaped.

COMPUTED = "How it is computed"
SOURCE = "Source"
R_CALL = "Agrees with R"
WHEN_NOT = "When not to trust it"


def tip(key: str) -> str:
    """The text for Streamlit's `help=`: plain words, formula, source, when not to trust it.

    KeyError for a key that the guide does not have.
    """
    return body(entry(key))


def body(of: GuideEntry, *, r: bool = False) -> str:
    """An entry in short paragraphs, plain words first; with `r` also the R call it agrees with."""
    parts = [
        for_markdown(of.plain),
        _headed(COMPUTED, of.formula),
        _headed(SOURCE, of.source),
    ]
    if r and of.r:
        parts.append(_headed(R_CALL, of.r))
    parts.append(_headed(WHEN_NOT, of.when_not))
    return "\n\n".join(parts)


def _headed(head: str, text: str) -> str:
    return f"**{head}**: {for_markdown(text)}"
