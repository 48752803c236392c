"""EQ-5D-3L: states, their description in our own words, and the index by a table of all 243 exact values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

State = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the five dimensions: key "MO", plain name per language, words that name it in a column heading."""

    key: str
    names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


DIMENSIONS: tuple[Dimension, ...] = ()
"""MO, SC, UA, PD, AD in this order, the order of the digits of a state."""


def parse_state(text: object) -> State | None:
    """Five levels from "21232", 21232, "2-1-2-3-2" …; a 9 or 0 means missing and becomes 0; None if unreadable.

    Digits outside 0–3 are kept, so that the caller can list them (`is_legal`).
    """
    raise NotImplementedError


def is_legal(state: Sequence[int]) -> bool:
    """True for five levels, each 1, 2 or 3."""
    raise NotImplementedError


def describe(state: Sequence[int]) -> str:
    """A state in plain words of our own (the questionnaire's text belongs to EuroQol). Missing is "not answered"."""
    raise NotImplementedError


def looks_like_5l(states: NDArray[np.int8]) -> bool:
    """True when any level is 4 or 5: the five-level questionnaire, which these value sets cannot score."""
    raise NotImplementedError


def score(states: NDArray[np.int8], value_set_key: str) -> NDArray[np.float64]:
    """Index of each row of levels: (n, 5) int8, 0 = missing → (n,) float64, NaN where incomplete or illegal."""
    raise NotImplementedError


def index_table(value_set_key: str) -> Mapping[State, Decimal]:
    """All 243 states with their exact index."""
    raise NotImplementedError


def resolution(value_set_key: str) -> Decimal:
    """The step of which every index of this set is a whole count (0.0001 for Europe VAS)."""
    raise NotImplementedError


def index_range(value_set_key: str) -> tuple[Decimal, Decimal]:
    """Lowest and highest index of this set."""
    raise NotImplementedError
