"""The levels of one EQ-5D dimension in a column: as numbers, or in the words of a labelled export."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lib.catalog import eq5d
from lib.catalog.eq5d import level_in_words
from lib.importing.columns.profile import Profile

MOST_WORDS = 12
"""Different texts in a column of answers; more of them are no answers to one question."""


def dimension_levels(profile: Profile) -> NDArray[np.float64]:
    """Per level of the column: its number, else the level its words say, else NaN."""
    values = profile.numbers.values.copy()
    if 0 < len(profile.numbers.not_numbers) <= MOST_WORDS:
        for index, text in enumerate(profile.column.levels):
            level = worded(profile, text)
            if level is not None:
                values[index] = level
    return values


def worded(profile: Profile, text: str) -> int | None:
    """The level that a text of this column says in words, None where it is a number or something else."""
    if text not in profile.numbers.not_numbers or len(profile.numbers.not_numbers) > MOST_WORDS:
        return None
    return level_in_words(text)


# Is it the five-level EQ-5D? Its states may consist of levels 1 to 3 only, and must not be scored as the 3L either.

MORE_THAN_SLIPS = 0.05
"""Share of the filled cells of a column with level 4 or 5 above which it is a questionnaire and not a slip."""


def is_five_level(states: Iterable[Profile], dimensions: Iterable[Profile]) -> bool:
    """Whether any column of states (five digits) or of one dimension holds levels 4 or 5 in more than 5% of its cells.

    One such column is enough: a cohort is asked with one version of the questionnaire.
    """
    return any(_share(p, _state_texts(p)) for p in states) or any(_share(p, _level_texts(p)) for p in dimensions)


def _share(profile: Profile, texts: list[str]) -> bool:
    return bool(texts) and int(profile.rows_with(texts).sum()) > MORE_THAN_SLIPS * max(1, profile.filled)


def five_level_texts(profile: Profile, *, state: bool) -> list[str]:
    """Texts of a column of states, or of one dimension, that only the five-level questionnaire has."""
    return _state_texts(profile) if state else _level_texts(profile)


def _state_texts(profile: Profile) -> list[str]:
    return [t for t in profile.levels if (s := eq5d.parse_state(t)) and any(level in (4, 5) for level in s)]


def _level_texts(profile: Profile) -> list[str]:
    return [t for t, v in zip(profile.column.levels, dimension_levels(profile).tolist(), strict=True) if v in (4, 5)]
