"""Long files: one row per patient and time point. Finds the column that says which time point a row is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lib.cohort.cohort import BASELINE
from lib.importing.columns.identifiers import likeness
from lib.importing.columns.look import Look, slug
from lib.importing.columns.redcap import TIME_POINT, is_structure
from lib.importing.columns.roles import ColumnGuess, Doubt, Role
from lib.importing.columns.timepoints import (
    DAY,
    PLAUSIBLE_MONTHS,
    WEEK,
    counted_follow_ups,
    time_point_of_text,
    timed,
)
from lib.importing.files.table import TIME

MOST_TIME_POINTS = 30
TOO_MANY = f"more than {MOST_TIME_POINTS} time points"
"""Evidence of a column that would be the time of the row, had it fewer of them; a finding names it."""
NEVER_TIME = frozenset({"center", "etiology", "sex", "asa", "side", "surgeon"})
SIDES = frozenset(("left", "right", "l", "r", "links", "rechts", "li", "re", "both", "beide", "bilateral", "gauche",
                   "droite", "droit", "g", "d", "links l", "rechts r"))  # fmt: skip
NEVER_TIME_WORDS = frozenset(
    (
        "arm", "allocation", "treatment", "behandeling", "behandlung", "traitement", "side", "zijde", "seite", "cote",
        "knee", "knie", "hip", "heup", "hufte", "genou", "hanche", "eye", "oog", "auge", "limb", "hand", "foot", "ear",
        "implant", "procedure", "operation", "operatie", "operatienummer", "condition", "revision", "revisie",
    )
)  # fmt: skip
MADE = (TIME, TIME_POINT)
"""Columns of time points that the import itself made."""
MOSTLY = 0.9
OFTEN = 0.5
FEW = 8
OFTEN_ALL = 0.8
MOST_GROUPS = 400


def find_time_point_column(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Keeps the one column that tells a patient's rows apart as OCCASION, with its texts; all others are categories."""
    id_index = next((i for i, g in enumerate(guesses) if g.role is Role.ID), None)
    named = [i for i, g in enumerate(guesses) if g.role is Role.TIME_POINT]
    chosen: int | None = None
    numbers = looks[id_index].profile.column if id_index is not None else None
    if numbers is not None and numbers.once_per_block():
        numbers = numbers.filled_down()  # the number stands in a patient's first row only
    several = numbers is not None and len(numbers.filled_levels()) < int((~numbers.blank()).sum())
    joined = any(looks[i].name in MADE for i in named)  # even where no number stands in two tables: 001 and 1
    if numbers is not None and named and not several:  # 001 at one visit and 1 at the next
        several = 2 * len(set(map(likeness, numbers.filled_levels()))) <= int((~numbers.blank()).sum())
    if numbers is not None and (several or joined):
        ids = numbers.codes
        named.sort(key=lambda i: looks[i].name not in MADE)
        wide = len({look.time_point for look in looks if look.stem and look.time_point}) > 1
        others = [
            i
            for i, g in enumerate(guesses)
            if _only_a_time(looks[i])
            or (g.role is Role.CATEGORY and g.target not in NEVER_TIME and not _another_thing(looks[i]))
        ]
        for index in [*named, *others]:
            of_time = index in named or _speaks_of_time(looks[index]) or _only_a_time(looks[index])
            if not of_time and (wide or looks[index].yes_no or not _complete(ids, looks[index])):
                continue  # it merely tells repeated numbers apart: another side, another center, an operation again
            if looks[index].name in MADE or _separates(ids, looks[index], OFTEN if of_time else MOSTLY):
                chosen = index
                break
            if of_time and any(_separates(own, looks[index], MOSTLY) for own in _of_centers(ids, looks, guesses)):
                chosen = index
                break
    out = list(guesses)
    for index in named:
        if index != chosen:
            target = slug(guesses[index].name)
            role = Role.IGNORE if is_structure(guesses[index].name) else Role.CATEGORY
            if looks[index].profile.numeric > OFTEN and looks[index].profile.distinct > FEW:
                role = Role.NUMBER
            many = several and looks[index].profile.distinct > MOST_TIME_POINTS
            evidence = TOO_MANY if many and chosen is None else "it does not tell a patient's rows apart"
            out[index] = looks[index].guess(role, 0.7, evidence, target=target)
    if chosen is not None:
        texts = time_point_texts(looks[chosen])
        evidence = "a patient has several rows, and this column tells them apart"
        found = looks[chosen].guess(Role.TIME_POINT, 0.95, evidence, target="occasion", texts=texts)
        out[chosen] = replace(found, doubt=_which_is_first(looks[chosen], texts))
    return out


def _another_thing(look: Look) -> bool:
    """Another side, another operation, another arm: it tells repeated numbers apart and is no time."""
    words = {t.strip().casefold() for t in look.profile.words}
    return words <= SIDES or bool(NEVER_TIME_WORDS & set(look.stem.split()))


def _only_a_time(look: Look) -> bool:
    """ "post" or "pre" over 0 and 1: the heading is a time point and nothing else."""
    return not look.stem and bool(look.time_point) and look.yes_no


def _of_centers(
    ids: NDArray[np.int32], looks: Sequence[Look], guesses: Sequence[ColumnGuess]
) -> Iterator[NDArray[np.int64]]:
    """Numbers of the patient within a group of the file: two hospitals may both have a patient 1."""
    for look, guess in zip(looks, guesses, strict=True):
        few = 2 <= look.profile.distinct <= MOST_GROUPS and look.profile.filled == len(ids)
        if few and guess.role in (Role.CATEGORY, Role.NUMBER, Role.IDENTIFIER):
            codes = look.profile.column.codes.astype(np.int64)
            yield ids.astype(np.int64) * (len(look.profile.column.levels) + 1) + codes


def _which_is_first(look: Look, texts: Sequence[tuple[str, str]]) -> Doubt | None:
    """Nothing but the order says which rows are before the treatment: V1, V2; visit 1, 2, 3; −1, 1.5 and 12 months."""
    if look.name == TIME or not texts:
        return None
    of_time = [text for text, key in texts if key == BASELINE]
    if _only_a_time(look) and look.time_point == BASELINE:
        return Doubt("visits")  # "pre": 1 is before, and 0 is after
    numbers = look.profile.values
    guessed = look.profile.numeric == 1.0 and not look.profile.column.labels and len(numbers) and numbers[0] != 0
    return Doubt("visits") if not of_time or guessed else None


def _separates(ids: NDArray[np.integer], look: Look, share: float) -> bool:
    """Whether this share of the (patient, value) pairs, at least, occurs once."""
    if not 2 <= look.profile.distinct <= MOST_TIME_POINTS:
        return False
    pairs = ids.astype(np.int64) * (len(look.profile.column.levels) + 1) + look.profile.column.codes
    filled = ~look.profile.column.blank()
    if not filled.any():
        return False
    return len(np.unique(pairs[filled])) >= share * int(filled.sum())


def _complete(ids: NDArray[np.int32], look: Look) -> bool:
    """Whether nearly every patient has a row for every value, as at planned visits."""
    filled = ~look.profile.column.blank()
    return int(filled.sum()) >= OFTEN_ALL * len(np.unique(ids[filled])) * look.profile.distinct


def _speaks_of_time(look: Look) -> bool:
    levels = look.profile.words
    return sum(time_point_of_text(t) is not None for t in levels) >= 0.5 * len(levels)


def time_point_texts(look: Look) -> tuple[tuple[str, str], ...]:
    """Which text of the column is which time point, by key. What is not understood gets its own key, in file order."""
    profile = look.profile
    labels = profile.column.labels
    if profile.numeric == 1.0 and not labels:
        return _numbered_texts(look)
    words = [labels.get(text, text) for text in profile.levels]
    found: list[tuple[str, str]] = []
    for text, word, counted in zip(profile.levels, words, counted_follow_ups(words), strict=True):
        time_point = time_point_of_text(counted)
        found.append((text, time_point.key if time_point else slug(word)))
    return tuple(found)


UNITS = (
    (r"\b(?:month|maand|monat|mnd|mois|maned|manad)", 1.0),
    (r"\b(?:week|woche|uke|vecka)", WEEK),
    (r"\b(?:day|dag|tag)", DAY),
)


def _numbered_texts(look: Look) -> tuple[tuple[str, str], ...]:
    """0, 3, 12 are months (weeks, days where the heading says so); else 1, 2, 3 count the time points, 1 first."""
    values = look.profile.values
    of_time = next((unit for words, unit in UNITS if re.search(words, look.stem or look.name.lower())), None)
    in_months = set(values.tolist()) <= PLAUSIBLE_MONTHS and values[0] == 0 and values[-1] >= 3
    unit = of_time or (1.0 if in_months else None)
    found = []
    for text in look.profile.levels:
        value = float(look.profile.numbers.values[look.profile.column.levels.index(text)])
        if unit is not None and (value > 0 or (value < 0 and values[0] < value)):
            key = timed(value, unit).key if value > 0 else slug(text)
        elif value == values[0]:
            key = BASELINE
        elif len(values) == 2:
            key = "follow_up"
        else:
            key = f"t{int(np.searchsorted(values, value))}"
        found.append((text, key))
    return tuple(found)


def what_varies(looks: Sequence[Look], guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """In a long file, numbers and yes/no answers that differ between a patient's rows are scores and outcomes."""
    id_index = next((i for i, g in enumerate(guesses) if g.role is Role.ID), None)
    if id_index is None or not any(g.role is Role.TIME_POINT for g in guesses):
        return guesses
    ids = looks[id_index].profile.column.codes
    out = list(guesses)
    for index, (look, guess) in enumerate(zip(looks, guesses, strict=True)):
        if guess.confidence > 0.9 or not _varies(ids, look):
            continue
        evidence = "differs between the rows of a patient"
        if guess.role is Role.NUMBER:
            out[index] = look.guess(Role.SCORE, 0.5, evidence, target=guess.target, time_point="*", label=guess.label)
        elif guess.role is Role.CATEGORY and look.yes_no:
            out[index] = look.guess(Role.YESNO, 0.6, evidence, target=guess.target, time_point="*", label=guess.label)
    return out


def _varies(ids: NDArray[np.int32], look: Look) -> bool:
    """Whether any patient has two different filled values."""
    filled = ~look.profile.column.blank()
    who, codes = ids[filled], look.profile.column.codes[filled]
    first = np.empty(int(who.max(initial=-1)) + 1, dtype=codes.dtype)
    first[who] = codes  # one of those of the patient
    return bool((codes != first[who]).any())
