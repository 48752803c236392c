"""The levels of one EQ-5D dimension in a column: as numbers, or in the words of a labelled export."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.cohort.profiles import Profile
from lib.measures.eq5d_words import level_in_words

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
