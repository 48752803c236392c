"""Which numbers stand on which page, how a page is read, and the first steps of a new user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lib.present.guide.entries import read

FRAME_ENTRIES = (
    "operated_analysed",
    "population",
    "complete_pairs",
    "not_computed",
    "too_few",
    "exploratory",
    "fingerprint",
    "readers",
    "joined_files",
    "data_dictionary",
    "follow_up_window",
    "answers_in_numbers",
)
"""Numbers and words of the frame: the sidebar with its upload, the strip under the title, what any page may say."""


@dataclass(frozen=True, slots=True)
class PageGuide:
    """How one page is read.

    Attributes:
        name: the page's name in the registry ("before_after").
        title: its title in the menu.
        question: the one question it answers.
        read: how to read it, for somebody who sees it for the first time.
        keys: the entries of the numbers on it, in reading order.
    """

    name: str
    title: str
    question: str
    read: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a new user, and its answer."""

    title: str
    text: str


@cache
def _guides() -> dict[str, PageGuide]:
    return {
        name: PageGuide(name, table["title"], table["question"], table["read"], tuple(table["keys"]))
        for name, table in read("pages").items()
    }


@cache
def first_steps() -> tuple[Step, ...]:
    """What is this, whose data, where does it stay, how do I use mine, how do I read a page."""
    return tuple(Step(**step) for step in read("first_steps")["step"])


class _PageGuides(Mapping[str, PageGuide]):
    """Page name → how it is read; nothing is read before somebody asks."""

    def __getitem__(self, key: str) -> PageGuide:
        return _guides()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_guides())

    def __len__(self) -> int:
        return len(_guides())


class _PageEntries(Mapping[str, tuple[str, ...]]):
    """Page name → keys of the numbers on it, in reading order."""

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return _guides()[key].keys

    def __iter__(self) -> Iterator[str]:
        return iter(_guides())

    def __len__(self) -> int:
        return len(_guides())


PAGE_GUIDES: Mapping[str, PageGuide] = _PageGuides()
PAGE_ENTRIES: Mapping[str, tuple[str, ...]] = _PageEntries()
