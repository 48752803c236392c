"""The level of an EQ-5D dimension said in words: labelled exports hold the answer, not its number.

Only the words that tell the levels apart are known here, in English, Dutch and German: none, some or moderate, and
extreme or unable. The text of the questionnaire belongs to the EuroQol Research Foundation and is not used.
"""

from __future__ import annotations

import re
from functools import lru_cache

FIVE_LEVEL = 4
"""Stands for an answer that only the five-level questionnaire has; its states cannot be scored with 3L value sets."""

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
_LONGEST = 120


@lru_cache(maxsize=1024)
def level_in_words(text: str) -> int | None:
    """1, 2 or 3; `FIVE_LEVEL` for an answer of the five-level questionnaire; None for other texts."""
    words = " ".join(text.lower().split())
    if len(words) > _LONGEST:
        return None
    return next((level for level, pattern in _PATTERNS if pattern.search(words)), None)
