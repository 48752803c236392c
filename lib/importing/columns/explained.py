"""Which words of a heading explain themselves beside the name of an instrument, and which leave it open.

"VAS pain left knee, worst in the last week" is pain and nothing else; "pain self-efficacy", "SF-36 bodily pain" and
"pain (10 = best)" hold a word that could turn scale or direction round. The words are in `data/explained.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from lib.catalog.instruments import INSTRUMENTS
from lib.importing.columns.lexicon import Fit, phrase_words

SHORT_PREFIX = 2
LAST_RUNNING_NUMBER = 99
MM = 10.0
QUESTION_CODE = re.compile(r"(?:g\d+)?q\d+[a-z]?|sq\d+")
"""How survey programs number their questions: g02q03, sq001, q12."""
ENDS = {"0", "1", "10", "100"}


@cache
def _tables() -> dict[str, Any]:
    text = files("lib.importing.columns").joinpath("data/explained.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _pattern(*lists: str) -> re.Pattern[str]:
    words = [w for text in lists for w in text.split()]
    return re.compile("|".join(re.escape(w).replace(r"\*", ".*") for w in words) or r"(?!)")


def _listed(word: str, *names: str) -> bool:
    tables = _tables()
    return _pattern(*(tables.get(name, "") for name in names)).fullmatch(word) is not None


def is_modelled(words: Collection[str]) -> str:
    """The word that says a value was predicted, imputed or remembered and not measured; '' for none."""
    return next((w for w in words if _listed(w, "modelled")), "")


def written_apart(heading: str) -> str:
    """ "rugpijn" → "rug pijn", "ndiscore" → "ndi score": a place or an instrument written together with its ending."""
    return " ".join(_apart(word) for word in heading.split())


def _apart(word: str) -> str:
    numbered = re.fullmatch(r"([a-z]+)(\d{1,2})", word)
    if numbered and _is_instrument(numbered.group(1)):
        return f"{numbered.group(1)} {numbered.group(2)}"
    for names, known in ((_tables()["endings_pain"], _is_place), (_tables()["endings_score"], _is_instrument)):
        for ending in sorted(names.split(), key=len, reverse=True):
            start = word.removesuffix(ending)
            if start and start != word and known(start):
                return f"{start} {ending}"
    return word


def _is_place(word: str) -> bool:
    return _listed(word, "body")


def _is_instrument(word: str) -> bool:
    return (word,) in phrase_words("instruments")


def left_over(heading: str, fit: Fit, tops: Sequence[float], form_words: Collection[str] = ()) -> tuple[str, ...]:
    """Words of the heading that nothing explains.

    Args:
        heading: normalised, without time point. fit: the instrument it names.
        tops: highest value of each column of the measure: "mm" needs values above 10, "cm" none.
        form_words: first words of many columns of the file ("quest", "clinic").
    """
    words = heading.split()
    open_words: list[str] = []
    phrase = fit.phrase.split()
    start = next(i for i in range(len(words)) if words[i : i + len(phrase)] == phrase)
    named = set(range(start, start + len(phrase)))
    base = fit.key
    pain_alone = base == "pain" and all(_listed(w, "rated") for w in phrase)
    for index, word in enumerate(words):
        if pain_alone and index not in named and _listed(word, "rated_open"):
            open_words.append(word)
            continue
        if _listed(word, "none") and "0" in words:
            continue
        if _listed(word, "counted") and not any(w.isdigit() or _listed(w, "recall") for w in words):
            open_words.append(word)  # "pain days per month" is how many days, and not how strong
            continue
        if index in named or _listed(word, "always", "body", base) or word in form_words:
            continue
        if index == 0 and len(word) <= SHORT_PREFIX and len(words) > 1 and not word.isdigit():
            continue  # the name of a form
        if QUESTION_CODE.fullmatch(word) or (index and words[index - 1] == "within" and re.match(r"\d", word)):
            continue
        if word.isdigit() and _number_explains_itself(words, index, named):
            continue
        if word in ("mm", "cm") and tops and (max(tops) > MM) == (word == "mm"):
            continue
        if word in ("percent", "percentage", "procent", "prozent", "pct") and INSTRUMENTS[base].high == 100:
            continue
        open_words.append(word)
    words_of_homonym = _tables()["homonyms"].get(fit.phrase)
    if words_of_homonym and not any(_pattern(words_of_homonym).fullmatch(w) for w in words):
        open_words.append(fit.phrase)
    return tuple(open_words)


def unexplained(heading: str, key: str) -> tuple[str, ...]:
    """Words of a heading that names no instrument which are not explained beside this one."""
    words = heading.split()
    return tuple(
        w for w in words if not (_listed(w, "always", "body", key) or w.isdigit() or QUESTION_CODE.fullmatch(w))
    )


def _number_explains_itself(words: Sequence[str], index: int, named: Collection[int]) -> bool:
    """A scale ("0 10", "0 100", "1 10"), the number of a question in front, a running number at the end."""
    number = int(words[index])
    after = words[index + 1] if index + 1 < len(words) else ""
    if words[index] in ENDS and len(ENDS & {w for i, w in enumerate(words) if i not in named}) == 2:
        return True
    window = {"hours", "hour", "h", "uur", "days", "dagen", "tage", "weeks", "weken", "wochen", "stunden"}
    if after in window:
        return True
    return number <= LAST_RUNNING_NUMBER and index in (0, len(words) - 1)
