"""EQ-5D of every version: states, their description in our own words, and the index by a table of all exact values.

Levels run from 1 (none) to 3 (worst; 3L, Y-3L) or to 5 (5L), in the order mobility, self-care, usual activities,
pain/discomfort, anxiety/depression. The text of the questionnaire belongs to the EuroQol Research Foundation and is
not used here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lib.catalog.value_sets import DIMENSION_KEYS, State, exact_indices, value_set

LEVELS = (1, 2, 3)


@cache
def states_with(levels: int) -> tuple[State, ...]:
    """Every state of that many levels, 11111 first, the last dimension running fastest."""
    return tuple((mo, sc, ua, pd, ad) for mo, sc, ua, pd, ad in product(range(1, levels + 1), repeat=5))


STATES: tuple[State, ...] = states_with(3)
"""All 243 states of three levels, 11111 first, 33333 last."""

_MISSING = 9  # EuroQol's own user guide codes an unanswered dimension as 9


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the five dimensions: key "MO", plain name per language, words that name it in a column heading."""

    key: str
    names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


def _dimension(key: str, names: tuple[str, str, str], en: str, nl: str, de: str) -> Dimension:
    languages = ("en", "nl", "de")
    words = {language: tuple(text.split(", ")) for language, text in zip(languages, (en, nl, de), strict=True)}
    return Dimension(key, MappingProxyType(dict(zip(languages, names, strict=True))), MappingProxyType(words))


DIMENSIONS: tuple[Dimension, ...] = (
    _dimension(
        "MO",
        ("mobility", "mobiliteit", "Beweglichkeit/Mobilität"),
        "mo, mobility, walking, eq5d1, eq5d 1",
        "mobiliteit, lopen",
        "mobilitat, mobilitaet, beweglichkeit",
    ),
    _dimension(
        "SC",
        ("self-care", "zelfzorg", "Selbstversorgung"),
        "sc, self care, selfcare, eq5d2, eq5d 2",
        "zelfzorg",
        "selbstversorgung, fur sich selbst sorgen",
    ),
    _dimension(
        "UA",
        ("usual activities", "dagelijkse activiteiten", "alltägliche Tätigkeiten"),
        "ua, usual activities, usual activity, activities, eq5d3, eq5d 3",
        "dagelijkse activiteiten, activiteiten, gebruikelijke activiteiten, dagelijkse bezigheden",
        "alltagliche tatigkeiten, alltaegliche taetigkeiten, tatigkeiten",
    ),
    _dimension(
        "PD",
        ("pain/discomfort", "pijn/ongemak", "Schmerzen/Beschwerden"),
        "pd, pain discomfort, discomfort, eq5d4, eq5d 4",
        "pijn ongemak, pijn klachten",
        "schmerzen beschwerden, schmerz beschwerden, schmerzen korperliche beschwerden",
    ),
    _dimension(
        "AD",
        ("anxiety/depression", "angst/depressie", "Angst/Niedergeschlagenheit"),
        "ad, anxiety depression, anxiety, depression, eq5d5, eq5d 5",
        "angst depressie, angst somberheid, stemming",
        "angst niedergeschlagenheit, angst depression",
    ),
)
"""MO, SC, UA, PD, AD in this order, the order of the digits of a state."""

_LEVEL_WORDS: Mapping[int, Mapping[int, str]] = {
    3: {3: "serious trouble", 2: "some trouble", 1: "no trouble", 0: "not answered"},
    5: {
        5: "the worst trouble",
        4: "serious trouble",
        3: "moderate trouble",
        2: "slight trouble",
        1: "no trouble",
        0: "not answered",
    },
}


def parse_state(text: object) -> State | None:
    """Five levels from "21232", 21232, 21232.0, "2-1-2-3-2", "2 1 2 3 2"; None if it is not five digits.

    A 9 means not answered (EuroQol's coding) and becomes 0, as does a 0. Other digits are kept as they are, so that the
    caller can list an illegal state.
    """
    if isinstance(text, bool) or text is None:
        return None
    digits = re.sub(r"\.0+$", "", str(text).strip().strip("'’‘`\""))
    if re.fullmatch(r"\d([-/;,. ]\s*\d){4}", digits):
        digits = re.sub(r"\D", "", digits)
    if not re.fullmatch(r"[0-9]{5}", digits):
        return None
    a, b, c, d, e = (0 if int(digit) == _MISSING else int(digit) for digit in digits)
    return a, b, c, d, e


def describe(state: Sequence[int], levels: int = 3) -> str:
    """A state in plain words of our own: "serious trouble with mobility; some trouble with …".

    11111 is "no trouble on any dimension"; a 0 is "not answered". Raises ValueError for any other level.
    """
    words = _LEVEL_WORDS[levels]
    if len(state) != len(DIMENSION_KEYS) or any(level not in words for level in state):
        raise ValueError(f"{tuple(state)} is no EQ-5D state of {levels} levels")
    if all(level == 1 for level in state):
        return "no trouble on any dimension"
    parts = []
    for level in words:
        names = [d.names["en"] for d, own in zip(DIMENSIONS, state, strict=True) if own == level]
        if names:
            joint = ": " if level == 0 else " with "
            parts.append(f"{words[level]}{joint}{', '.join(names)}")
    return "; ".join(parts)


def legal_rows(states: NDArray[np.int8], levels: int = 3) -> NDArray[np.bool_]:
    """Which rows of an (n, 5) array are complete and legal (1 to `levels`). Raises ValueError for another shape."""
    if states.ndim != 2 or states.shape[1] != len(DIMENSION_KEYS):
        raise ValueError(f"EQ-5D levels need the shape (n, 5), not {states.shape}")
    legal = np.ones(len(states), dtype=np.bool_)
    for column in states.T:  # column by column: ten times faster than all(axis=1) on a million rows
        legal &= (column >= 1) & (column <= levels)
    return legal


@cache
def index_table(value_set_key: str) -> Mapping[State, Decimal]:
    """All states of the set's version with their exact index. Raises KeyError for an unknown value set."""
    counts, decimals = exact_indices(value_set_key)
    states = states_with(value_set(value_set_key).levels)
    return MappingProxyType({s: Decimal(c).scaleb(-decimals) for s, c in zip(states, counts.tolist(), strict=True)})


@cache
def _float_table(value_set_key: str) -> NDArray[np.float64]:
    """The indices as doubles, in digit order, and a last entry NaN for what is no state."""
    counts, decimals = exact_indices(value_set_key)
    table = np.append(counts / 10**decimals, np.nan)  # both exact, so the quotient is the nearest double
    table.flags.writeable = False
    return table


def score(states: NDArray[np.int8], value_set_key: str) -> NDArray[np.float64]:
    """Index of each row of levels: (n, 5) int8, 0 = missing → (n,) float64, NaN where incomplete or illegal.

    The levels must be answers to the version of the value set: 3L answers under a 5L set look legal and are not.
    Never rounded: each value is the double nearest to the exact decimal of `index_table`; whole counts are
    `np.rint(index / float(resolution(key)))`. Raises ValueError for another shape, KeyError for an unknown value set.
    """
    levels = value_set(value_set_key).levels
    legal = legal_rows(states, levels)
    place = np.zeros(len(states), dtype=np.int16)
    for column in states.T:
        place = place * np.int16(levels) + (column - np.int16(1))
    return _float_table(value_set_key)[np.where(legal, place, -1)]


@cache
def resolution(value_set_key: str) -> Decimal:
    """The step of which every index of this set is a whole count: 0.0001 for Europe VAS, 0.0000001 for the USA."""
    counts, decimals = exact_indices(value_set_key)
    while decimals and not (counts % 10).any():
        counts, decimals = counts // 10, decimals - 1
    return Decimal(1).scaleb(-decimals)


@cache
def index_range(value_set_key: str) -> tuple[Decimal, Decimal]:
    """Lowest and highest index of this set."""
    values = index_table(value_set_key).values()
    return min(values), max(values)


# The level of an EQ-5D dimension said in words: labelled exports hold the answer, not its number.
#
# Only the words that tell the levels apart are known here, in English, Dutch and German: none, some or moderate, and
# extreme or unable; of five levels none, slight, moderate, severe, and extreme or unable. The text of the
# questionnaire belongs to the EuroQol Research Foundation and is not used.

FIVE_LEVEL = 4
"""Stands for an answer that only the five-level questionnaire has, as long as nobody said that it is that one."""

# in this order: "not able" holds "not", "very serious" holds "serious"
_WORDS = (
    (
        3,
        r"unable|not able|cannot|confined|bedridden|extreme(?:ly)?"
        r"|niet in staat|bedlegerig|(?:zeer|heel|erg) (?:ernstig|angstig|somber)\w*|extreem|extreme"
        r"|nicht in der lage|nicht f(?:ä|ae)hig|ans bett|extrem\w*",
    ),
    (
        FIVE_LEVEL,
        r"slight(?:ly)?|severe(?:ly)?|een beetje|lichte?|ernstige?|leichte?|gro(?:ss|ß)e?|sehr (?:ä|ae)ngstlich",
    ),
    (2, r"some|moderate(?:ly)?|enige|matige?|einige|m(?:ä|ae)(?:ss|ß)ige?"),
    (1, r"no|not|none|geen|niet|keine?|nicht"),
)
_PATTERNS = tuple((level, re.compile(rf"\b(?:{words})\b")) for level, words in _WORDS)
_WORDS_OF_FIVE = (
    (
        5,
        r"unable|not able|cannot|extreme(?:ly)?|niet in staat|extreem|extreme"
        r"|nicht in der lage|nicht f(?:ä|ae)hig|extrem\w*",
    ),
    (
        4,
        r"severe(?:ly)?|ernstige?|(?:zeer|heel|erg) (?:ernstig|angstig|somber)\w*"
        r"|gro(?:ss|ß)e?|starke?|sehr (?:ä|ae)ngstlich",
    ),
    (3, r"moderate(?:ly)?|matige?|m(?:ä|ae)(?:ss|ß)ige?"),
    (2, r"slight(?:ly)?|een beetje|lichte?|leichte?|ein wenig"),
    (1, r"no|not|none|geen|niet|keine?|nicht"),
)
_PATTERNS_OF_FIVE = tuple((level, re.compile(rf"\b(?:{words})\b")) for level, words in _WORDS_OF_FIVE)
_LONGEST = 120


def level_in_words(text: str, levels: int = 3) -> int | None:
    """1, 2 or 3, `FIVE_LEVEL` for an answer of the five-level questionnaire; of five levels 1 to 5. None: neither."""
    words = " ".join(text.lower().split())
    if len(words) > _LONGEST:
        return None
    patterns = _PATTERNS if levels == len(LEVELS) else _PATTERNS_OF_FIVE
    return next((level for level, pattern in patterns if pattern.search(words)), None)
