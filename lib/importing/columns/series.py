"""Columns that differ in one number only ("pk1", "pk2", "pk5"; "s1", "s5"; "V00…", "V01…"): one score at several times?

The name does not say which number is before the treatment, so it is asked. Items of a questionnaire are numbered too;
they hold few levels and are not taken for a series.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from lib.cohort.cohort import BASELINE
from lib.importing.columns.doubts import without_codes
from lib.importing.columns.look import Look, slug
from lib.importing.columns.roles import AT_TIME_POINT, ColumnGuess, Doubt, Role

AT_END = re.compile(
    r"^(.{1,200}?)[\s_.\-]{0,3}?(?:(?<![a-z])(s|v|t|w|m|d|p|fu|ses|session|visit|visite|week|day|dag|tp|time|moment))?[\s_.\-]{0,3}(\d{1,3})$"
)
AT_START = re.compile(r"^(v|t|s|fu|visit|visite|tp)(\d{1,2})[\s_.\-]*([a-z0-9].*)$")
MOST_IN_SERIES = 8
ITEM = 5
FEW = 6
NUMBERED = re.compile(r"t\d+")


def series(looks: Sequence[Look], guesses: Sequence[ColumnGuess]) -> list[ColumnGuess]:
    """The guesses with a doubt about time on every column of a series."""
    groups: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for index, (look, g) in enumerate(zip(looks, guesses, strict=True)):
        if _plain_numbers(look, g):
            for style, stem, number in _numbered(look.name.strip().lower()):
                groups[style, stem].setdefault(number, index)
    out = list(guesses)
    for (_, stem), members in groups.items():
        if not 2 <= len(members) <= MOST_IN_SERIES or any(_timed(out[i]) for i in members.values()):
            continue
        key = slug(stem)
        for number, index in members.items():
            g = out[index]
            doubt = Doubt("time", group=key, why=str(number), then=g.doubt)
            out[index] = replace(g, doubt=doubt)
    return _numbered_without_a_first(out)


def _numbered_without_a_first(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """T1 and T2 without a T0: nothing says whether T1 is before the treatment."""
    timed = [g for g in guesses if g.role in AT_TIME_POINT and g.time_point]
    keys = {g.time_point for g in timed}
    if BASELINE in keys or len([k for k in keys if NUMBERED.fullmatch(k)]) < 2:
        return guesses
    return [
        replace(g, doubt=Doubt("time", group="t", why=g.time_point[1:], then=g.doubt))
        if g.role in AT_TIME_POINT and NUMBERED.fullmatch(g.time_point)
        else g
        for g in guesses
    ]


def _timed(guess: ColumnGuess) -> bool:
    return guess.doubt is not None and guess.doubt.code == "time"


def _plain_numbers(look: Look, g: ColumnGuess) -> bool:
    """A number or a score without a time point, on more levels than an item of a questionnaire has."""
    values = without_codes(look.profile.values)
    wide = len(values) > 1 and (len(values) > FEW or values[-1] > ITEM)
    own = g.role in (Role.NUMBER, Role.CATEGORY) and g.target == slug(g.name)
    lone = g.role is Role.SCORE and g.time_point == "once"
    return bool(
        wide and (own or lone) and look.profile.numeric > 0.7 and not look.yes_no and not look.profile.column.labels
    )


def _numbered(name: str) -> list[tuple[str, str, int]]:
    """(style, rest, number) of the ways in which the name holds a running number."""
    if "___" in name:
        return []
    found = []
    if match := AT_START.match(name):
        found.append((f"{match.group(1)}-", match.group(3), int(match.group(2))))
    if match := AT_END.match(name):
        found.append((match.group(2) or "", match.group(1), int(match.group(3))))
    return found
