"""Ordered answers that a file holds as numbers: from which code to which, what the ends mean, and which end is best.

Statements of one series (A1 … A5) are one questionnaire: a code that nobody chose in one of them is seen in another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.catalog import answers
from lib.cohort.cohort import DONT_KNOW, NO_ANSWER
from lib.importing.columns.profile import Profile

HIGHEST_CODE = 10
ANSWER_CODES, APART = (7, 8), 3
"""No answer, beside answers from 1 to 4 or 5."""
_WIDEST = 101
_NEXT_TO = 2  # a 9 beside 1–5 is a missing-value code more often than an answer: it is not passed on to others


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """What the user says about the numbers of one series of statements.

    Attributes:
        series: see `series_of`.
        low, high: lowest and highest code that could be chosen; None: as observed.
        low_is_best: whether the lowest code is the best answer ("1 is best").
        low_label, high_label: what the ends mean, '' where nobody said.
    """

    series: str
    low: int | None = None
    high: int | None = None
    low_is_best: bool = False
    low_label: str = ""
    high_label: str = ""

    def to_json(self) -> dict[str, Any]:
        """As in the columns file."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> AnswerSpec:
        """Raises ValueError saying what is wrong with the ends; KeyError without a series."""

        def number(name: str) -> int | None:
            value = record.get(name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise ValueError(f'"{name}" is no whole number')
            return value

        low, high = number("low"), number("high")
        best = record.get("low_is_best", False)
        if not isinstance(best, bool):
            raise ValueError('"low_is_best" is not true or false')
        if not ends_fit(low, high):
            raise ValueError("the lowest answer must lie below the highest, at most 100 apart")
        words = (str(record.get(name) or "") for name in ("low_label", "high_label"))
        return cls(str(record["series"]), low, high, best, *words)


@dataclass(frozen=True, slots=True)
class AnswerCodes:
    """The levels of a statement, the least agreeing (or worst) first, and the place of each code among them."""

    levels: tuple[str, ...]
    places: Mapping[int, int]


def ends_fit(low: int | None, high: int | None) -> bool:
    """Whether two ends can be those of one row of answers."""
    return low is None or high is None or 0 < high - low < _WIDEST


def series_of(target: str) -> str:
    """The series of a statement: its key without the number at the end ("a1" and "a5" are of "a")."""
    return re.sub(r"_*\d+$", "", target) or target


def codes_of(profiles: Iterable[Profile]) -> frozenset[int]:
    """Whole numbers 0 to 10 that occur, codes labelled "don't know" and columns that are mostly words aside."""
    found: set[int] = set()
    for p in profiles:
        if p.numeric <= 0.5:
            continue
        unsure = {
            v for text, v in zip(p.column.levels, p.numbers.values.tolist(), strict=True) if _is_non_answer(p, text)
        }
        found |= {int(v) for v in p.values.tolist() if v == int(v) and 0 <= v <= HIGHEST_CODE and v not in unsure}
    highest, *lower = sorted(found, reverse=True) or [0]
    if highest in ANSWER_CODES and len(lower) > 1 and highest - lower[0] >= APART:
        found.discard(highest)
    return frozenset(found)


def _is_non_answer(p: Profile, text: str) -> bool:
    label = p.column.labels.get(text)
    return label is not None and answers.is_non_answer(label)


def by_series(statements: Mapping[str, Sequence[Profile]]) -> Mapping[str, frozenset[int]]:
    """Series → codes observed in any of its statements, what stands apart from the others left out."""
    found: dict[str, set[int]] = defaultdict(set)
    for target, profiles in statements.items():
        found[series_of(target)] |= codes_of(profiles)
    return {series: _together(codes) for series, codes in found.items()}


def _together(codes: Collection[int]) -> frozenset[int]:
    near: list[int] = []
    for code in sorted(codes):
        if near and code - near[-1] > _NEXT_TO:
            break
        near.append(code)
    return frozenset(near)


def ends_of(own: Collection[int], series: Collection[int]) -> tuple[int, int]:
    """Lowest and highest code of a statement when nobody said: 1 (or 0) to the highest of its series.

    A series in which a statement uses fewer than half of the codes is not one questionnaire with it.
    """
    union = set(own) | set(series)
    shared = union if 2 * len(own) >= max(union) - min(union) + 1 else set(own)
    return min(min(shared), 1), max(shared)


def answer_codes(profiles: Sequence[Profile], series: Collection[int], spec: AnswerSpec | None) -> AnswerCodes | None:
    """The levels of a statement answered in numbers; None when it holds no code, or is told nothing that fits."""
    own = codes_of(profiles)
    if not own and (spec is None or spec.low is None or spec.high is None):
        return None
    low, high = ends_of(own, series) if own else (0, 0)
    if spec is not None:
        low = low if spec.low is None else spec.low
        high = high if spec.high is None else spec.high
        if not ends_fit(low, high):
            return None
    codes = list(range(low, high + 1))
    names = _names(codes, profiles, spec)
    if spec is not None and spec.low_is_best:
        codes.reverse()
    return AnswerCodes(tuple(names[c] for c in codes), {c: place for place, c in enumerate(codes)})


def _names(codes: Sequence[int], profiles: Sequence[Profile], spec: AnswerSpec | None) -> dict[int, str]:
    names = {c: str(c) for c in codes}
    for p in profiles:
        for text, value in zip(p.column.levels, p.numbers.values.tolist(), strict=True):
            label = p.column.labels.get(text, "").strip()
            if label and value in names:
                names[int(value)] = label
    if spec is not None:
        for code, words in ((codes[0], spec.low_label), (codes[-1], spec.high_label)):
            if words.strip():
                names[code] = f"{code} = {words.strip()}"
    if len(set(names.values())) < len(names):  # two codes with one label stay two answers
        names = {c: name if name == str(c) else f"{c} = {name.removeprefix(f'{c} = ')}" for c, name in names.items()}
    return names


def coded(profile: Profile, codes: AnswerCodes) -> NDArray[np.int8]:
    """(n,) level index, −1 no answer (blank, or a code that is none of the levels), −2 "don't know"."""
    lookup = np.full(len(profile.column.levels), NO_ANSWER, dtype=np.int8)
    for index, (text, value) in enumerate(zip(profile.column.levels, profile.numbers.values.tolist(), strict=True)):
        if not text.strip():
            continue
        if answers.is_non_answer(profile.column.labels.get(text, text)):
            lookup[index] = DONT_KNOW
        elif value in codes.places:
            lookup[index] = codes.places[int(value)]
    found: NDArray[np.int8] = lookup[profile.column.codes]
    return found


@dataclass(frozen=True, slots=True)
class Series:
    """One series of statements answered in numbers: its key, the names of its statements, the ends as observed."""

    key: str
    names: tuple[str, ...]
    low: int
    high: int


def listed_series(statements: Mapping[str, tuple[str, Sequence[Profile]]]) -> tuple[Series, ...]:
    """The series among some statements (target → name and columns), in their order; those in words left out."""
    read = {target: profiles for target, (_, profiles) in statements.items()}
    shared = by_series(read)
    found: dict[str, Series] = {}
    words = {w for profiles in read.values() for p in profiles for w in p.words}
    common = answers.recognise(words) if words else None
    if common is not None and common.kind != "yes/no":
        return ()
    for target, (name, profiles) in statements.items():
        own = codes_of(profiles)
        if not own or answers.recognise({w for p in profiles for w in p.words}) is not None:
            continue
        key = series_of(target)
        low, high = ends_of(own, shared[key])
        before = found.get(key)
        if before is None:
            found[key] = Series(key, (name,), low, high)
        else:
            names = before.names if name in before.names else (*before.names, name)
            found[key] = Series(key, names, min(low, before.low), max(high, before.high))
    return tuple(found.values())
