"""Five columns of levels that are one EQ-5D: by what their headings share and what tells them apart.

The words that name a dimension are beginnings of words, in seven languages and abbreviated ("dag. act.", "pers stell",
"Discomfort"); only where five columns of one time point name all five of them is it an EQ-5D.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from lib.importing.columns.eq5d_levels import MOST_WORDS, dimension_levels
from lib.importing.columns.look import Look
from lib.importing.columns.roles import ColumnGuess, Role

DIMENSIONS = ("MO", "SC", "UA", "PD", "AD")
LEVELS = (0, 1, 2, 3, 4, 5, 9)
STEMS = {
    "MO": "mob walk lopen gehen gehfahig gange beweglich rorlig rorelse marche cammin deambul",
    "SC": "looking self zelf selbst pers stell hygien autonom selvstell",
    "UA": "usual activ dagelijks dagact bezigheden tatig alltag vanl maal gjoremal huvud aktiv gewohn habituel courant",
    "PD": "pain discomfort pijn ongemak klacht schmerz beschwerd korperlich smert smart besvar ubehag douleur dolor",
    "AD": "worr anx angst depr somber stemming niedergeschl angest nedstam nedstemt ansia",
}
WHOLE = {"MO": "mo gang geh", "SC": "sc cura", "UA": "ua dag act gj", "PD": "pd gene", "AD": "ad oro"}
_PATTERNS = {
    key: re.compile(rf"(?:{'|'.join(stems.split())})[a-z]*|{'|'.join(WHOLE[key].split())}")
    for key, stems in STEMS.items()
}
_NAME = re.compile(r"\b(?:eq ?5 ?d|euroqol|eq)(?: ?(?:3l|5l|y))?(?= |[a-z]|$)")
_FILLER = frozenset(
    ("and", "und", "en", "et", "og", "och", "e", "of", "the", "op", "de", "van", "met", "problems", "probleme")
)


def eq5d_columns(looks: Sequence[Look], guesses: Sequence[ColumnGuess]) -> list[ColumnGuess]:
    """The guesses with every set of five dimensions taken for one."""
    found: dict[tuple[str, frozenset[str]], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, look in enumerate(looks):
        if guesses[index].role in (Role.ID, Role.EQ5D_STATE, Role.DATE):
            continue
        named = _dimension(look)
        if named is not None and _holds_levels(look):
            found[look.time_point, named[1]][named[0]].append(index)
    out = list(guesses)
    for time_point, columns in _complete(found):
        for key, index in columns.items():
            out[index] = looks[index].guess(
                Role.EQ5D_DIMENSION,
                0.93,
                "one of five columns of EQ-5D levels",
                target=key,
                time_point=time_point,
                label=f"EQ-5D {key}",
            )
    return out


def _complete(
    found: Mapping[tuple[str, frozenset[str]], Mapping[str, Sequence[int]]],
) -> list[tuple[str, dict[str, int]]]:
    """Sets of all five: of columns whose other words are the same, else of all columns of one time point."""
    sets: dict[str, dict[str, int]] = {}
    for (time_point, _), columns in found.items():
        if set(columns) == set(DIMENSIONS):
            sets.setdefault(time_point, {key: own[0] for key, own in columns.items()})
    together: dict[str, dict[str, int]] = defaultdict(dict)
    for (time_point, _), columns in found.items():
        for key, own in columns.items():
            together[time_point].setdefault(key, own[0])
    for time_point, alone in together.items():
        if set(alone) == set(DIMENSIONS):
            sets.setdefault(time_point, alone)
    return list(sets.items())


def _dimension(look: Look) -> tuple[str, frozenset[str]] | None:
    """The one dimension a heading names, and the words that are left."""
    for text in look.reads:
        words = [w for w in _NAME.sub("eq5d ", text).split() if w not in _FILLER]
        if numbered := re.fullmatch(r"(?:.* )?eq5d ?([1-5])", " ".join(words)):
            return DIMENSIONS[int(numbered.group(1)) - 1], frozenset({"eq5d"})
        if numbered := re.fullmatch(r"eq ?([1-5])(?: score)?", text):
            return DIMENSIONS[int(numbered.group(1)) - 1], frozenset({"eq"})
        named = {w: _of_word(w) for w in words}
        keys = {key for key in named.values() if key}
        if len(keys) == 1:
            return keys.pop(), frozenset(w for w, key in named.items() if not key)
    return None


def _of_word(word: str) -> str:
    return next((key for key, pattern in _PATTERNS.items() if pattern.fullmatch(word)), "")


def _holds_levels(look: Look) -> bool:
    p = look.profile
    if not p.filled or len(p.values) > len(LEVELS) + 1 or len(p.numbers.not_numbers) > MOST_WORDS:
        return False
    levels = dimension_levels(p)
    readable = int(p.counts[~np.isnan(levels)].sum())
    known = p.counts[np.isin(levels, LEVELS)].sum()
    return bool(readable >= 0.8 * (p.filled - p.missing_word_rows) and known >= 0.9 * readable)
